//! *Perlu ditinjau*: what a revoked phone wrote beyond its end and stays all the same, because honest people had built
//! upon it (PROTOCOL §2.6). The office looks at each answer and keeps it or takes it back; taking back is an edit like
//! any other, so that everybody sees it and nothing is torn out.

use serde_json::Value;
use wakuncar_domain::{Edit, Isian, Nilai, RumahId, Tempat};
use wakuncar_store::Applied;
use wakuncar_wire::{DeviceId, Entry, EntryId};

use crate::perangkat::described;
use crate::{App, Error, Izin, json::isian_json};

/// An answer that a revoked phone wrote too late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerluDitinjau {
    /// The phone.
    pub perangkat: DeviceId,
    /// Whose it was, as far as somebody wrote it down.
    pub nama: String,
    /// The house.
    pub rumah: RumahId,
    /// Its number.
    pub no_rumah: String,
    /// The place.
    pub tempat: String,
    /// As the form prints the item.
    pub label: &'static str,
    /// What stood there before, as JSON.
    pub sebelum: Value,
    /// What the phone wrote.
    pub sesudah: Value,
    /// Whether it still stands there; what somebody has replaced since needs no word.
    pub masih: bool,
}

/// One of them inside the program.
struct Terlambat {
    perangkat: DeviceId,
    rumah: RumahId,
    tempat: Tempat,
    sebelum: Isian<Nilai>,
    sesudah: Isian<Nilai>,
}

impl App {
    /// The answers that revoked phones wrote beyond their ends and that stay.
    ///
    /// # Errors
    /// [`Error::BukanKoordinator`], [`Error::Store`].
    pub fn perlu_ditinjau(&mut self) -> Result<Vec<PerluDitinjau>, Error> {
        self.kursi()?;
        let (known, tim) = (self.known()?, self.tim()?);
        let mut semua = Vec::new();
        for satu in self.terlambat()? {
            let record = self.store.rumah(satu.rumah)?;
            let no_rumah = record.as_ref().and_then(|record| record.sifat.no_rumah.terisi().cloned());
            semua.push(PerluDitinjau {
                perangkat: satu.perangkat,
                nama: described(&known.roster, &tim, satu.perangkat).0,
                rumah: satu.rumah,
                no_rumah: no_rumah.unwrap_or_default(),
                label: satu.tempat.butir().label,
                tempat: satu.tempat.to_string(),
                sebelum: isian_json(&satu.sebelum),
                sesudah: isian_json(&satu.sesudah),
                masih: record.is_some_and(|record| record.isi(&satu.tempat) == satu.sesudah),
            });
        }
        Ok(semua)
    }

    /// Puts back what stood at a place before a revoked phone wrote there. `false`: somebody has replaced it since.
    ///
    /// # Errors
    /// [`Error::BukanKoordinator`], [`Error::Isian`] for a place that is not to be looked at, [`Error::Store`].
    pub fn kembalikan(&mut self, rumah: RumahId, tempat: &str) -> Result<bool, Error> {
        self.kursi()?;
        let late: Vec<Terlambat> = self.terlambat()?;
        let mut here = late.into_iter().filter(|satu| satu.rumah == rumah && satu.tempat.to_string() == tempat);
        let asing = || Error::Isian { jalur: tempat.to_owned(), sebab: "no revoked phone wrote here".into() };
        let first = here.next().ok_or_else(asing)?;
        // Of several by that phone the first says what stood there before it.
        let last = here.next_back().map_or_else(|| first.sesudah.clone(), |last| last.sesudah);
        if self.rumah(rumah)?.isi(&first.tempat) != last {
            return Ok(false);
        }
        let edit = Edit { tempat: first.tempat, isi: first.sebelum };
        Ok(self.edit(rumah, &[edit], Izin::Register)?.berubah)
    }

    /// In the order in which they came.
    fn terlambat(&mut self) -> Result<Vec<Terlambat>, Error> {
        let known = self.known()?;
        let revoked = known.identities.all().filter(|device| known.roster.is_revoked(*device));
        let mut late = Vec::new();
        for perangkat in revoked.collect::<Vec<_>>() {
            let Some(ends) = known.roster.ends_of(perangkat) else { continue };
            for coll in self.store.colls_of(perangkat)? {
                for held in self.store.counted_entries(coll)?.iter().filter(|held| held.applied != Applied::No) {
                    let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
                    let header = entry.header();
                    if header.author == perangkat && header.seq > ends.end(coll) {
                        self.written_in(perangkat, held.id, &mut late)?;
                    }
                }
            }
        }
        Ok(late)
    }

    fn written_in(&mut self, perangkat: DeviceId, entry: EntryId, late: &mut Vec<Terlambat>) -> Result<(), Error> {
        for (rumah, koleksi) in self.store.documents_of_entry(entry)? {
            if koleksi == wakuncar_domain::Koleksi::AnggotaTim {
                continue;
            }
            self.trim_documents();
            for change in self.store.changes(rumah, koleksi)?.iter().filter(|change| change.entry == Some(entry)) {
                let written = self.document(rumah, koleksi)?.written_by(&change.hash)?;
                late.extend(written.into_iter().map(|answer| Terlambat {
                    perangkat,
                    rumah,
                    tempat: answer.tempat,
                    sebelum: answer.sebelum,
                    sesudah: answer.sesudah,
                }));
            }
        }
        Ok(())
    }
}
