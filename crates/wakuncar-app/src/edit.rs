//! The one way in which a house changes on this device.

use chrono::NaiveDate;
use wakuncar_document::Change;
use wakuncar_domain::{Bagian, Edit, Koleksi, Rumah, RumahId, Temuan};
use wakuncar_wire::DeviceId;

use crate::{App, Error, clock};

/// On what ground answers are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Izin {
    /// A visit: the family's consent comes before the first answer.
    Kunjungan,
    /// Taking over a register that the office already has. The missing consent stays a finding.
    Register,
    /// Settling answers that people gave apart, one for each edit.
    Putusan,
    /// Taking over what a phone that was shut out has handed over.
    Titipan(DeviceId),
}

/// A house after a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimpanRumah {
    /// The record.
    pub rumah: Rumah,
    /// What is odd or impossible in it.
    pub temuan: Vec<Temuan>,
    /// Whether anything changed.
    pub berubah: bool,
}

/// Items of the house that tell where it is; they may be recorded before consent.
const ALAMAT: [&str; 5] = ["rw", "rt", "dasawisma", "no_rumah", "alamat"];

/// Items of the house that decide in which collection it lives.
const WILAYAH: [&str; 3] = ["rw", "rt", "dasawisma"];

impl App {
    /// Saves edits of one house: when this returns, they are on the disk, or nothing is changed.
    ///
    /// # Errors
    /// [`Error::PersetujuanPerlu`], [`Error::Document`], [`Error::Store`].
    pub fn edit(&mut self, rumah: RumahId, edits: &[Edit], izin: Izin) -> Result<SimpanRumah, Error> {
        let simpan = self.edit_many(&[(rumah, edits.to_vec())], izin)?;
        simpan.into_iter().next().ok_or(Error::NoSuchRumah)
    }

    /// Saves edits of several houses in one transaction.
    ///
    /// # Errors
    /// As [`App::edit`]; then no house is changed.
    pub fn edit_many(&mut self, semua: &[(RumahId, Vec<Edit>)], izin: Izin) -> Result<Vec<SimpanRumah>, Error> {
        crate::ruang::for_save(self.dir())?;
        let done = self.try_edit_many(semua, izin);
        if done.is_err() {
            // The loaded documents may hold edits that are not on the disk; they must not be built upon.
            self.documents.clear();
        }
        done
    }

    fn try_edit_many(&mut self, semua: &[(RumahId, Vec<Edit>)], izin: Izin) -> Result<Vec<SimpanRumah>, Error> {
        self.check_recording()?;
        self.trim_documents();
        let (unix_ms, hari) = (clock::unix_ms(), clock::today());
        let mut saved = Vec::with_capacity(semua.len());
        for (id, edits) in semua {
            self.check_alamat(*id, edits)?;
            if izin == Izin::Kunjungan {
                self.check_persetujuan(*id, edits, hari)?;
            }
            let mut written = Vec::new();
            for koleksi in Koleksi::MILIK_RUMAH {
                let milik: Vec<Edit> =
                    edits.iter().filter(|edit| edit.tempat.bagian.koleksi() == koleksi).cloned().collect();
                if milik.is_empty() {
                    continue;
                }
                let actor = self.actor;
                let document = self.document(*id, koleksi)?;
                let changes = match izin {
                    Izin::Kunjungan | Izin::Register => vec![document.apply_edits(&actor, &milik, unix_ms)?],
                    Izin::Titipan(device) => vec![document.salvage(&actor, &milik, unix_ms, &device.to_string())?],
                    Izin::Putusan => {
                        let each = milik.iter().map(|edit| document.settle(&actor, edit, unix_ms));
                        each.collect::<Result<Vec<_>, _>>()?
                    }
                };
                for change in changes.into_iter().flatten() {
                    written.push(Written { koleksi, change, body: document.save(), heads: document.heads() });
                }
            }
            let rumah = self.read_rumah(*id)?;
            let temuan = rumah.temuan(hari);
            saved.push((written, SimpanRumah { berubah: false, rumah, temuan }));
        }
        self.store.write::<_, Error>(|tx| {
            for (written, simpan) in &mut saved {
                let id = simpan.rumah.id;
                for Written { koleksi, change, body, heads } in written.iter() {
                    tx.put_change(id, *koleksi, &change.hash, &change.bytes, true, unix_ms)?;
                    tx.put_document(id, *koleksi, body, heads)?;
                }
                simpan.berubah = !written.is_empty();
                if izin == Izin::Putusan {
                    let edits = semua.iter().filter(|(rumah, _)| *rumah == id).flat_map(|(_, edits)| edits);
                    for edit in edits {
                        tx.delete_konflik(id, &edit.tempat.to_string())?;
                    }
                }
                if simpan.berubah {
                    tx.put_rumah(&simpan.rumah, &simpan.temuan)?;
                }
            }
            Ok(())
        })?;
        Ok(saved.into_iter().map(|(_, simpan)| simpan).collect())
    }

    /// The record of a house as its documents say it.
    pub(crate) fn read_rumah(&mut self, id: RumahId) -> Result<Rumah, Error> {
        let dasar = self.document(id, Koleksi::Dasar)?.read();
        let kesehatan = self.document(id, Koleksi::Kesehatan)?.read();
        let mut rumah = Rumah::from_butir(id, dasar.butir.into_iter().chain(kesehatan.butir));
        rumah.asing.extend(dasar.asing.into_iter().chain(kesehatan.asing));
        Ok(rumah)
    }

    /// Where a house lies decides who may read it: once it is in a collection, another address is another document.
    pub(crate) fn check_alamat(&mut self, id: RumahId, edits: &[Edit]) -> Result<(), Error> {
        let wilayah = |edit: &&Edit| edit.tempat.bagian == Bagian::Rumah && WILAYAH.contains(&edit.tempat.kunci);
        if edits.iter().any(|edit| wilayah(&edit)) && self.store.document_coll(id, Koleksi::Dasar)?.is_some() {
            let rumah = self.read_rumah(id)?;
            if edits.iter().filter(wilayah).any(|edit| rumah.isi(&edit.tempat) != edit.isi) {
                return Err(Error::PindahRumah);
            }
        }
        Ok(())
    }

    /// Consent that stands, or comes with these very edits, for each collection that they touch.
    fn check_persetujuan(&mut self, id: RumahId, edits: &[Edit], hari: NaiveDate) -> Result<(), Error> {
        let mut rumah = self.read_rumah(id)?;
        for edit in edits.iter().filter(|edit| edit.tempat.bagian == Bagian::Persetujuan) {
            rumah.tulis(&edit.tempat, edit.isi.clone());
        }
        // A word that stands in the record has been said, even if its day is still to come here: some clock is wrong, and
        // she cannot wait for years.
        let words = rumah.persetujuan.values().filter_map(|setuju| setuju.tgl.terisi().copied());
        let hari = words.chain([hari]).max().unwrap_or(hari);
        let bebas = |edit: &Edit| {
            let alamat = edit.tempat.bagian == Bagian::Rumah && ALAMAT.contains(&edit.tempat.kunci);
            alamat || edit.tempat.bagian == Bagian::Persetujuan
        };
        for edit in edits.iter().filter(|edit| !bebas(edit)) {
            let koleksi = edit.tempat.bagian.koleksi();
            if !rumah.persetujuan_berlaku(koleksi, hari) {
                return Err(Error::PersetujuanPerlu(koleksi.nama()));
            }
        }
        Ok(())
    }
}

struct Written {
    koleksi: Koleksi,
    change: Change,
    body: Vec<u8>,
    heads: Vec<[u8; 32]>,
}
