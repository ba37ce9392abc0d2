//! The simulated kelurahan: its devices, its relay, its time, and the book of what was acknowledged.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Mutex;

use chrono::DateTime;
use tempfile::TempDir;
use wakuncar_app::simulasi as kaitan;
use wakuncar_app::{AlamatDasawisma, App, BuatKelurahan, Error, buat_kelurahan};
use wakuncar_domain::RumahId;
use wakuncar_roster::Roster;
use wakuncar_sync_server::simulasi as relay;
use wakuncar_wire::{Batch, DeviceId, Entry, EntryId, RecoveryCode, Scope, SpaceId};

use super::acak::dadu;
use super::gawai::{Gawai, Pandangan};
use super::invarian::Pelanggaran;
use super::jaringan::{Jaringan, PIN, URL};
use super::{berkas, peristiwa};

/// When every run begins: 1 November 2026, 08:00 in Jakarta.
const MULAI: i64 = 1_793_494_800_000;

/// The dasawisma of the kelurahan.
pub(crate) const DASAWISMA: [(&str, &str, &str); 2] = [("001", "002", "Melati 1"), ("001", "003", "Mawar 2")];

/// A change of which a screen has said that it is saved.
#[derive(Debug, Clone)]
pub(crate) struct Diakui {
    /// The device.
    pub(crate) gawai: usize,
    /// Its house.
    pub(crate) rumah: RumahId,
    /// The change.
    pub(crate) hash: [u8; 32],
    /// The disk that had it was put back to an older image.
    pub(crate) hangus: bool,
}

/// What became of a piece of work on a device.
#[derive(Debug)]
pub(crate) enum Hasil<T> {
    /// It is done.
    Jadi(T),
    /// The application said no.
    Ditolak(Error),
    /// The power went; the device runs again from its disk.
    Mati,
    /// There is no such device any more.
    TidakAda,
}

impl<T> Hasil<T> {
    /// What it gave.
    pub(crate) fn jadi(self) -> Option<T> {
        match self {
            Hasil::Jadi(isi) => Some(isi),
            Hasil::Ditolak(_) | Hasil::Mati | Hasil::TidakAda => None,
        }
    }
}

/// Everything there is.
pub(crate) struct Dunia {
    /// What decides.
    pub(crate) benih: u64,
    /// Devices; the first is the office.
    pub(crate) gawai: Vec<Gawai>,
    /// Relays and lines.
    pub(crate) jaringan: Rc<RefCell<Jaringan>>,
    /// The kelurahan.
    pub(crate) space: SpaceId,
    /// What its founders keep in an envelope.
    pub(crate) kode_pemulihan: RecoveryCode,
    /// Codes that were given out, each with the control entries that its inviter had then.
    pub(crate) undangan: Vec<(String, BTreeSet<EntryId>)>,
    /// Changes that screens have called saved.
    pub(crate) diakui: Vec<Diakui>,
    /// Every entry that was ever seen.
    pub(crate) arsip: BTreeMap<EntryId, Entry>,
    /// Who wrote what at which place of a log, as the writers' own disks had it.
    pub(crate) ditulis: BTreeMap<(wakuncar_wire::CollId, DeviceId, bool, u64), EntryId>,
    /// What sets of control entries say.
    pub(crate) daftar: BTreeMap<BTreeSet<EntryId>, Roster>,
    /// Entries whose signature was found to be good.
    pub(crate) terbukti: BTreeSet<EntryId>,
    /// What is in entries that somebody opened.
    pub(crate) isi: BTreeMap<EntryId, Batch>,
    /// Who was ever allowed to read what, as an honest device saw it.
    pub(crate) pernah_boleh: BTreeSet<(DeviceId, Scope)>,
    /// Authors whose logs may have two branches: put back, cloned, or without scruples.
    pub(crate) mendua: BTreeSet<DeviceId>,
    /// Devices touched since the last look.
    pub(crate) tersentuh: BTreeSet<usize>,
    /// Copies of the relay's file.
    pub(crate) cadangan: Vec<PathBuf>,
    waktu: Rc<Cell<i64>>,
    dir: TempDir,
}

impl Drop for Dunia {
    fn drop(&mut self) {
        kaitan::set_line(None);
        kaitan::set_clock(None);
        kaitan::set_dice(None);
        kaitan::set_boot(None);
        kaitan::arm(None);
        relay::set_clock(None);
        relay::set_dice(None);
    }
}

impl Dunia {
    /// A kelurahan with its office, three cadres and a few houses.
    pub(crate) fn new(benih: u64) -> Self {
        let dir = berkas::tempat();
        let waktu = Rc::new(Cell::new(MULAI));
        kaitan::set_clock(DateTime::from_timestamp_millis(MULAI));
        kaitan::set_dice(Some(dadu(benih, 0, 0)));
        relay::set_dice(Some(dadu(benih, 0, 1)));
        let jaringan = Rc::new(RefCell::new(Jaringan::new(&dir.path().join("relay"), Rc::clone(&waktu), benih)));
        let line = Rc::clone(&jaringan);
        kaitan::set_line(Some(Box::new(move |call| line.borrow_mut().panggil(call))));
        let mut dunia = Self {
            benih,
            gawai: Vec::new(),
            jaringan,
            space: SpaceId::ZERO,
            kode_pemulihan: RecoveryCode::from_secret([0; 16]),
            undangan: Vec::new(),
            diakui: Vec::new(),
            arsip: BTreeMap::new(),
            ditulis: BTreeMap::new(),
            daftar: BTreeMap::new(),
            terbukti: BTreeSet::new(),
            isi: BTreeMap::new(),
            pernah_boleh: BTreeSet::new(),
            mendua: BTreeSet::new(),
            tersentuh: BTreeSet::new(),
            cadangan: Vec::new(),
            waktu,
            dir,
        };
        dunia.mulai();
        dunia
    }

    fn mulai(&mut self) {
        let kantor = self.gawai_baru("Kantor");
        let buat = BuatKelurahan {
            kode: "18.72.05.1001".into(),
            nama: "Contoh".into(),
            relay: URL.into(),
            pin: PIN,
            latihan: true,
        };
        let baru = self.pada(kantor, |app| buat_kelurahan(app, &buat)).jadi().unwrap();
        self.space = SpaceId::parse(&baru.space).unwrap();
        self.kode_pemulihan = RecoveryCode::parse(&baru.kode_pemulihan).unwrap();
        for (at, dasawisma) in [0, 0, 1].into_iter().enumerate() {
            peristiwa::rumah_baru(self, kantor, &Self::dasawisma(dasawisma), u8::try_from(at).unwrap());
        }
        let _ = self.pada(kantor, wakuncar_app::sinkron);
        for (nama, dasawisma) in [("Ani", 0), ("Wati", 0), ("Sari", 1), ("Musuh", 0)] {
            peristiwa::undang(self, kantor, nama, dasawisma);
            let kode = self.undangan.len() - 1;
            peristiwa::gabung(self, kode);
            peristiwa::sahkan(self, kantor, 0, true);
            let siapa = self.gawai.len() - 1;
            self.gawai[siapa].nama = nama.into();
            let _ = self.pada(siapa, wakuncar_app::sinkron).jadi().unwrap();
        }
        let musuh = self.gawai.len() - 1;
        self.gawai[musuh].jujur = false;
        self.mendua(musuh);
        for siapa in 0..self.gawai.len() {
            let _ = self.pada(siapa, wakuncar_app::sinkron).jadi().unwrap();
        }
    }

    /// A device out of the box.
    pub(crate) fn gawai_baru(&mut self, nama: &str) -> usize {
        let siapa = self.gawai.len();
        let dir = self.dir.path().join(siapa.to_string());
        self.gawai.push(Gawai::new(nama, &dir));
        siapa
    }

    /// From now on a log of this device may have two branches.
    pub(crate) fn mendua(&mut self, siapa: usize) {
        let id = self.gawai[siapa].lihat(|app| app.simulasi_id());
        self.mendua.extend(id);
        self.gawai[siapa].bercabang = true;
    }

    /// A folder of this run.
    pub(crate) fn folder(&self, nama: &str) -> PathBuf {
        self.dir.path().join(nama)
    }

    /// A dasawisma.
    pub(crate) fn dasawisma(yang: usize) -> AlamatDasawisma {
        let (rw, rt, nama) = DASAWISMA[yang % DASAWISMA.len()];
        AlamatDasawisma { rw: rw.into(), rt: rt.into(), nama: nama.into() }
    }

    /// The dice of an event.
    pub(crate) fn lempar(&self, bulir: u32) {
        kaitan::set_dice(Some(dadu(self.benih, bulir, 0)));
        relay::set_dice(Some(dadu(self.benih, bulir, 1)));
    }

    /// Time goes by.
    pub(crate) fn berlalu(&self, ms: i64) {
        self.waktu.set(self.waktu.get() + ms);
    }

    /// Does a piece of work on a device, by its clock. What it has recorded when this returns is in the book.
    pub(crate) fn pada<T>(&mut self, siapa: usize, kerja: impl FnOnce(&Mutex<App>) -> Result<T, Error>) -> Hasil<T> {
        let waktu = self.waktu.get();
        let Some(gawai) = self.gawai.get_mut(siapa) else { return Hasil::TidakAda };
        let Some(app) = gawai.app.take() else { return Hasil::TidakAda };
        self.tersentuh.insert(siapa);
        kaitan::set_clock(DateTime::from_timestamp_millis(waktu + gawai.selisih));
        self.jaringan.borrow_mut().siapa = siapa;
        let done = catch_unwind(AssertUnwindSafe(|| kerja(&app)));
        kaitan::arm(None);
        match done {
            Ok(done) => {
                gawai.app = Some(app);
                match done {
                    Ok(isi) => {
                        self.catat(siapa);
                        Hasil::Jadi(isi)
                    }
                    Err(error) => Hasil::Ditolak(error),
                }
            }
            Err(payload) if payload.is::<kaitan::PowerCut>() => {
                gawai.mati(app, false);
                Hasil::Mati
            }
            Err(payload) => resume_unwind(payload),
        }
    }

    /// Writes down what a screen may now call saved.
    fn catat(&mut self, siapa: usize) {
        let Gawai { pandangan, jujur, .. } = &self.gawai[siapa];
        if !jujur {
            return;
        }
        let (no, known) = (pandangan.perubahan_no, &pandangan.perubahan);
        let rows = self.gawai[siapa].lihat(|app| app.simulasi_store().change_rows(no)).unwrap().unwrap();
        let made = rows.iter().filter(|row| row.made_here && !known.contains(&row.hash));
        let made = made.map(|row| Diakui { gawai: siapa, rumah: row.rumah, hash: row.hash, hangus: false });
        self.diakui.extend(made.collect::<Vec<_>>());
    }

    /// Looks at a device: what it holds now, and what it held before.
    ///
    /// # Errors
    /// What is wrong with an entry in itself.
    pub(crate) fn tengok(&mut self, siapa: usize) -> Result<(Pandangan, Pandangan), Pelanggaran> {
        let before = std::mem::take(&mut self.gawai[siapa].pandangan);
        let mut now = Pandangan::default();
        let rows = self.gawai[siapa].lihat(|app| app.simulasi_store().entry_rows()).unwrap().unwrap();
        for row in &rows {
            if !self.arsip.contains_key(&row.id) {
                let bytes = self.gawai[siapa].lihat(|app| app.simulasi_store().entry(row.id)).unwrap().unwrap();
                let entry = Entry::decode(&bytes.unwrap()).map_err(|error| {
                    Pelanggaran::new(1, format!("{}: {} is held and no entry: {error}", self.gawai[siapa].nama, row.id))
                })?;
                self.arsip.insert(row.id, entry);
            }
            let header = self.arsip[&row.id].header();
            let beat = header.kind == wakuncar_wire::Kind::Beat;
            let head = now.kepala.entry((header.coll, header.author, beat)).or_default();
            *head = header.seq.max(*head);
            if header.kind == wakuncar_wire::Kind::Control {
                now.kontrol.insert(row.id);
            }
            now.entri.insert(row.id, (row.applied, row.stored));
        }
        let rows = self.gawai[siapa].lihat(|app| app.simulasi_store().change_hashes()).unwrap().unwrap();
        now.perubahan_no = rows.iter().map(|(no, _)| *no).max().unwrap_or(0);
        now.perubahan = rows.into_iter().map(|(_, hash)| hash).collect();
        self.gawai[siapa].pandangan = now.clone();
        Ok((before, now))
    }
}

impl Dunia {
    /// An honest device that runs.
    pub(crate) fn pilih(&self, angka: u8) -> usize {
        let semua: Vec<usize> = self.honest().collect();
        peristiwa::ke(&semua, angka).copied().unwrap_or(0)
    }

    /// Honest devices that run.
    pub(crate) fn honest(&self) -> impl Iterator<Item = usize> {
        self.gawai.iter().enumerate().filter(|(_, gawai)| gawai.jujur && gawai.app.is_some()).map(|(at, _)| at)
    }

    /// Everybody sends and fetches until nothing moves any more: lines hold, and one true relay answers all.
    ///
    /// # Errors
    /// Whoever cannot, though it belongs to the kelurahan; or it never ends.
    pub(crate) fn tenang(&mut self) -> Result<(), Pelanggaran> {
        const PUTARAN: u32 = 12;
        self.jaringan.borrow_mut().rute.clear();
        for putaran in 0..PUTARAN {
            self.lempar(u32::MAX - putaran);
            self.berlalu(60_000);
            let mut bergerak = false;
            let mut salah = None;
            for siapa in self.honest().collect::<Vec<_>>() {
                let before = self.gawai[siapa].pandangan.entri.clone();
                let member = self.gawai[siapa].lihat(|app| app.kelurahan().and_then(|kelurahan| kelurahan.peran));
                let member = member.flatten().is_some();
                match self.pada(siapa, wakuncar_app::sinkron) {
                    Hasil::Ditolak(error) if member => {
                        let apa = format!("{} cannot sync at rest: {error}", self.gawai[siapa].nama);
                        salah = Some(Pelanggaran::new(9, apa));
                    }
                    Hasil::Jadi(_) | Hasil::Ditolak(_) | Hasil::Mati | Hasil::TidakAda => {}
                }
                super::invarian::setelah_langkah(self)?;
                bergerak |= before != self.gawai[siapa].pandangan.entri;
            }
            match salah {
                None if !bergerak => return Ok(()),
                // A relay with another key, or one that was told to wait for, is known better next time.
                Some(salah) if putaran + 1 == PUTARAN => return Err(salah),
                Some(_) | None => {}
            }
        }
        Err(Pelanggaran::new(9, format!("not at rest after {PUTARAN} rounds")))
    }

    /// A number that is the same only if all devices hold the same as in another run.
    pub(crate) fn sidik(&self) -> u64 {
        use std::hash::{Hash, Hasher};
        let mut hasher = std::hash::DefaultHasher::new();
        for gawai in &self.gawai {
            gawai.pandangan.entri.hash(&mut hasher);
            gawai.pandangan.perubahan.hash(&mut hasher);
        }
        self.waktu.get().hash(&mut hasher);
        hasher.finish()
    }
}
