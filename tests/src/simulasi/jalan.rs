//! One run: from a seed to events, from events to what became of them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::acak::Acak;
use super::dunia::Dunia;
use super::invarian::{Pelanggaran, saat_diam, setelah_langkah};
use super::peristiwa::{self, Kejadian};

/// A run that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gagal {
    /// After which event, by its place in the list; its length: at rest.
    pub langkah: usize,
    /// What does not hold.
    pub pelanggaran: Pelanggaran,
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Laporan {
    /// Events.
    pub peristiwa: usize,
    /// Devices at the end.
    pub gawai: usize,
    /// Entries that were ever seen.
    pub entri: usize,
    /// Changes that screens called saved.
    pub diakui: usize,
    /// A number that is the same only if everything was.
    pub sidik: u64,
}

/// The events of a seed.
pub fn susun(benih: u64, banyak: usize) -> Vec<Kejadian> {
    let mut acak = Acak::new(benih);
    (1..=banyak).map(|bulir| Kejadian(u32::try_from(bulir).unwrap(), peristiwa::tarik(&mut acak))).collect()
}

/// Runs the events of a seed.
///
/// # Errors
/// [`Gagal`].
pub fn jalankan_benih(benih: u64, banyak: usize) -> Result<Laporan, Gagal> {
    jalankan(benih, &susun(benih, banyak))
}

/// Runs events, then lets everything come to rest.
///
/// # Errors
/// [`Gagal`].
pub fn jalankan(benih: u64, kejadian: &[Kejadian]) -> Result<Laporan, Gagal> {
    let mut langkah = 0;
    let done = catch_unwind(AssertUnwindSafe(|| lakukan(benih, kejadian, &mut langkah)));
    match done {
        Ok(Ok(laporan)) => Ok(laporan),
        Ok(Err(pelanggaran)) => Err(Gagal { langkah, pelanggaran }),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let apa = format!("panic: {}", text.unwrap_or_default());
            Err(Gagal { langkah, pelanggaran: Pelanggaran::new(0, apa) })
        }
    }
}

fn lakukan(benih: u64, kejadian: &[Kejadian], langkah: &mut usize) -> Result<Laporan, Pelanggaran> {
    let mut dunia = Dunia::new(benih);
    setelah_langkah(&mut dunia)?;
    for (nomor, satu) in kejadian.iter().enumerate() {
        *langkah = nomor;
        peristiwa::jadi(&mut dunia, *satu);
        setelah_langkah(&mut dunia)?;
    }
    *langkah = kejadian.len();
    dunia.tenang()?;
    saat_diam(&mut dunia)?;
    Ok(Laporan {
        peristiwa: kejadian.len(),
        gawai: dunia.gawai.len(),
        entri: dunia.arsip.len(),
        diakui: dunia.diakui.len(),
        sidik: dunia.sidik(),
    })
}
