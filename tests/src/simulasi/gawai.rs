//! A device of the simulated kelurahan: the application on its file, its clock, and what the simulation saw of it last.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use wakuncar_app::simulasi::set_boot;
use wakuncar_app::{App, KeySource};
use wakuncar_wire::{CollId, DeviceId, EntryId};

use super::berkas;

/// What a device held when it was last looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pandangan {
    /// Its entries: applied, and sworn to by a relay.
    pub(crate) entri: BTreeMap<EntryId, (bool, bool)>,
    /// The highest number of each log.
    pub(crate) kepala: BTreeMap<(CollId, DeviceId, bool), u64>,
    /// Its control entries.
    pub(crate) kontrol: BTreeSet<EntryId>,
    /// Its changes, and the number of the newest.
    pub(crate) perubahan: BTreeSet<[u8; 32]>,
    /// The number of the newest change.
    pub(crate) perubahan_no: i64,
}

/// A device.
pub(crate) struct Gawai {
    /// Whose it is.
    pub(crate) nama: String,
    /// Its application, while it runs.
    pub(crate) app: Option<Mutex<App>>,
    /// Milliseconds by which its clock is wrong.
    pub(crate) selisih: i64,
    /// It does what the program does and nothing else.
    pub(crate) jujur: bool,
    /// An image of its disk was put back, or it has a twin: its log may have two branches.
    pub(crate) bercabang: bool,
    /// Nobody has it any more.
    pub(crate) hilang: bool,
    /// An image of its disk.
    pub(crate) citra: Option<PathBuf>,
    /// What the inviter knew with whose code it asked to join.
    pub(crate) diundang: Option<BTreeSet<EntryId>>,
    /// What was seen of it last.
    pub(crate) pandangan: Pandangan,
    dir: PathBuf,
    /// How often its folder moved, and how often the machine was started.
    pindah: u32,
    nyala: u32,
}

impl Gawai {
    /// A device with an empty disk.
    pub(crate) fn new(nama: &str, dir: &Path) -> Self {
        let mut gawai = Self {
            nama: nama.to_owned(),
            app: None,
            selisih: 0,
            jujur: true,
            bercabang: false,
            hilang: false,
            citra: None,
            diundang: None,
            pandangan: Pandangan::default(),
            dir: dir.to_owned(),
            pindah: 0,
            nyala: 0,
        };
        gawai.buka();
        gawai
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.dir.join(self.pindah.to_string())
    }

    /// Starts the application.
    pub(crate) fn buka(&mut self) {
        set_boot(Some(self.nyala));
        let app = App::open(&self.folder(), &KeySource::TestFile);
        self.app = Some(Mutex::new(app.unwrap_or_else(|error| panic!("{} does not open: {error}", self.nama))));
    }

    /// The program dies, and with `daya` the power goes: what is on the disk at this moment is what there is. Every file
    /// stays the file that it was.
    pub(crate) fn mati(&mut self, app: Mutex<App>, daya: bool) {
        let disk: Vec<(PathBuf, Vec<u8>)> =
            berkas::isi(&self.folder()).into_iter().map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect();
        // Closing tidies up, which a death does not: it is undone.
        drop(app);
        for path in berkas::isi(&self.folder()) {
            if !disk.iter().any(|(known, _)| *known == path) {
                std::fs::remove_file(path).unwrap();
            }
        }
        for (path, bytes) in disk {
            if !path.to_string_lossy().ends_with("-shm") {
                std::fs::write(path, bytes).unwrap();
            }
        }
        self.nyala += u32::from(daya);
        self.buka();
    }

    /// Keeps an image of the disk.
    pub(crate) fn simpan_citra(&mut self) {
        let citra = self.dir.join("citra");
        if citra.exists() {
            berkas::kosongkan(&citra);
        }
        berkas::salin(&self.folder(), &citra);
        self.citra = Some(citra);
    }

    /// Puts an image onto the disk and starts from it: the whole disk, whose files stay what they were, or a copy of the
    /// folder.
    pub(crate) fn pulihkan(&mut self, citra: &Path, cakram: bool) {
        self.app = None;
        let disk = self.folder();
        if cakram {
            for path in berkas::isi(&disk) {
                if !citra.join(path.file_name().unwrap()).exists() {
                    std::fs::remove_file(path).unwrap();
                }
            }
            self.nyala += 1;
            berkas::salin(citra, &disk);
        } else {
            self.pindah += 1;
            berkas::salin(citra, &self.folder());
            std::fs::remove_dir_all(disk).unwrap();
        }
        // It was another past: nothing that was seen of it holds.
        self.pandangan = Pandangan::default();
        self.buka();
    }

    /// The application for a look.
    pub(crate) fn lihat<T>(&self, lihat: impl FnOnce(&mut App) -> T) -> Option<T> {
        let app = self.app.as_ref()?;
        Some(lihat(&mut app.lock().unwrap_or_else(std::sync::PoisonError::into_inner)))
    }
}
