//! Who belongs, as this device sees it at a glance: what it waits for, what the office should put in order.

use crate::{Akhir, App, Error, Sewa};

/// Seats that should be held at least, so that one lost phone is no lost office (PROTOCOL §2.17).
const MIN_SEATS: usize = 2;

/// The state of belonging.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keanggotaan {
    /// Entries that are kept here and wait for a key that this device may have.
    pub menunggu_kunci: usize,
    /// New keys are due: somebody who may not read any more has the present one.
    pub menunggu_kunci_baru: bool,
    /// How this device's time in the kelurahan ended.
    pub akhir: Option<Akhir>,
    /// The lease.
    pub sewa: Option<Sewa>,
    /// Seats that were given and that nobody holds now.
    pub kursi_kosong: Vec<u8>,
    /// A coordinator's device, and fewer than two seats are held.
    pub kursi_kurang: bool,
    /// A coordinator's device, and the recovery code was not proven for a year.
    pub uji_pemulihan: bool,
    /// A coordinator's device: files of phones that were shut out, which wait to be looked at.
    pub titipan: usize,
    /// A log of this device forked: it was copied, and both run. It sends nothing until it is registered anew.
    pub terbelah: bool,
    /// This folder once belonged to a kelurahan that had its data destroyed.
    pub pernah_dihapus: bool,
}

impl App {
    /// Who belongs, as this device sees it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn keanggotaan(&mut self) -> Result<Keanggotaan, Error> {
        let pernah_dihapus = crate::hapus::is_noted(self.dir());
        if self.diri.known.is_none() {
            return Ok(Keanggotaan { pernah_dihapus, ..Keanggotaan::default() });
        }
        let seat = self.kursi().is_ok();
        let kursi = self.jabatan()?;
        let held = kursi.iter().filter(|kursi| kursi.pemegang.is_some()).count();
        let kosong = kursi.iter().filter(|kursi| kursi.pemegang.is_none()).map(|kursi| kursi.nomor);
        Ok(Keanggotaan {
            menunggu_kunci: self.waiting_for_keys()?,
            menunggu_kunci_baru: self.waits_for_new_keys(),
            akhir: self.akhir(),
            sewa: self.sewa()?,
            kursi_kosong: kosong.collect(),
            kursi_kurang: seat && held < MIN_SEATS,
            uji_pemulihan: seat && self.is_drill_due()?,
            titipan: if seat { self.titipan()?.len() } else { 0 },
            terbelah: self.is_split()?,
            pernah_dihapus,
        })
    }
}
