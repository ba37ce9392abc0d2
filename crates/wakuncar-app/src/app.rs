//! A data folder opened by one process.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use wakuncar_document::{Actor, Document};
use wakuncar_domain::{Koleksi, Rumah, RumahId};
use wakuncar_store::{HasilCari, Lingkup, RingkasanRumah, Store};

use crate::hub::{HubNyala, MulaiHub};
use crate::log::{Diri, Marker, Ragu, check_database};
use crate::{Error, KeySource};

/// The database file of a data folder.
pub(crate) const DATABASE: &str = "wakuncar.db";
const LOCK: &str = "kunci-proses";
/// Documents kept loaded; opening one house loads one or two.
const CACHED: usize = 20;

/// The application on one data folder.
pub struct App {
    pub(crate) store: Store,
    pub(crate) actor: Actor,
    pub(crate) documents: HashMap<(RumahId, Koleksi), Document>,
    pub(crate) diri: Diri,
    /// A sync is under way.
    pub(crate) menyinkron: bool,
    /// What was being applied when the application last went down.
    pub(crate) hati_hati: Marker,
    /// Whether the own logs may be longer than is known here, and whether that is being asked.
    pub(crate) ragu: Ragu,
    pub(crate) bertanya: bool,
    /// Key and data were destroyed on the kelurahan's order; this process has nothing left.
    pub(crate) dihapus: bool,
    /// The hub of a window while it is on, and how its host starts one.
    pub(crate) hub: Option<HubNyala>,
    pub(crate) mulai_hub: Option<MulaiHub>,
    pub(crate) dir: PathBuf,
    /// Held as long as the application lives: one process owns the folder.
    _lock: File,
}

impl App {
    /// Opens a data folder, or makes it.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::KeyMissing`], [`Error::Store`]; [`Error::Dihapus`] when the kelurahan's order to
    /// destroy everything was carried out just now.
    pub fn open(dir: &Path, source: &KeySource) -> Result<Self, Error> {
        std::fs::create_dir_all(dir).map_err(Error::file(dir))?;
        let path = dir.join(LOCK);
        let lock = File::create(&path).map_err(Error::file(&path))?;
        lock.try_lock().map_err(|_| Error::InUse)?;
        crate::hapus::finish(dir)?;
        check_database(dir)?;
        let key = source.key(dir)?;
        let mut store = Store::open(&dir.join(DATABASE), &key)?;
        let diri = Diri::open(&mut store)?;
        let actor = diri.actor()?;
        let documents = HashMap::new();
        let ragu = Ragu::at_start(&mut store, dir)?;
        let hati_hati = Marker::default();
        let mut app = Self {
            store,
            actor,
            documents,
            diri,
            menyinkron: false,
            hati_hati,
            ragu,
            bertanya: false,
            dihapus: false,
            hub: None,
            mulai_hub: None,
            dir: dir.to_owned(),
            _lock: lock,
        };
        app.read_marker()?;
        app.note_time()?;
        app.settle_end_at_start()?;
        Ok(app)
    }

    /// How a hub is started, for hosts that can.
    pub fn set_hub_starter(&mut self, mulai: MulaiHub) {
        self.mulai_hub = Some(mulai);
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A house as it is recorded.
    ///
    /// # Errors
    /// [`Error::NoSuchRumah`].
    pub fn rumah(&self, id: RumahId) -> Result<Rumah, Error> {
        self.check_reading()?;
        self.store.rumah(id)?.ok_or(Error::NoSuchRumah)
    }

    /// The houses of an area, by address.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn daftar(&self, lingkup: &Lingkup, batas: u32, mulai: u32) -> Result<Vec<RingkasanRumah>, Error> {
        self.check_reading()?;
        Ok(self.store.daftar(lingkup, batas, mulai)?)
    }

    /// The records of an area, by address.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn rumah_dalam(&self, lingkup: &Lingkup) -> Result<Vec<Rumah>, Error> {
        self.check_reading()?;
        Ok(self.store.rumah_dalam(lingkup)?)
    }

    /// Houses and people by a part of a name, NIK or house number.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn cari(&self, teks: &str, batas: u32) -> Result<Vec<HasilCari>, Error> {
        self.check_reading()?;
        Ok(self.store.cari(teks, batas)?)
    }

    /// Lets loaded documents go when there are many. Only between pieces of work: until then a loaded document may hold
    /// what is not on the disk yet.
    pub(crate) fn trim_documents(&mut self) {
        if self.documents.len() >= CACHED {
            self.documents.clear();
        }
    }

    /// The document of a house in a collection: the loaded one, the stored one, or a new one.
    pub(crate) fn document(&mut self, rumah: RumahId, koleksi: Koleksi) -> Result<&mut Document, Error> {
        match self.documents.entry((rumah, koleksi)) {
            std::collections::hash_map::Entry::Occupied(entry) => Ok(entry.into_mut()),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let document = match self.store.document(rumah, koleksi)? {
                    Some(bytes) => Document::load(koleksi, &bytes)?,
                    None => Document::new(koleksi)?,
                };
                Ok(entry.insert(document))
            }
        }
    }
}
