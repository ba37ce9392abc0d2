//! Bundle files: what a sync would carry, on a stick or a memory card, and the backup (PROTOCOL §2.12).
//!
//! A file holds entries as they travel: sealed, signed, in no way more believed than what a relay gives. It holds no
//! private key: who restores one joins again first. A file alone makes nothing *dititipkan*: it may be lost on the way.
//! What was received is told by the office's beat, which comes back in a file like any entry.

mod buat;
mod buka;

use std::path::PathBuf;

use wakuncar_wire::DeviceId;

pub use buat::buat_paket;
pub use buka::buka_paket;

/// What goes into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsiPaket {
    /// From a phone, what the office is not known to have; from the office, what came in the last 90 days.
    Biasa,
    /// What this device is not known to have, as far as it may have it.
    Untuk(DeviceId),
    /// Everything: the backup.
    Semua,
    /// What came in the last days.
    Hari(u32),
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaketDibuat {
    /// Where it is.
    pub berkas: PathBuf,
    /// How many entries are in it.
    pub catatan: usize,
    /// How many bytes it has.
    pub bita: u64,
    /// Whether it holds everything that is held here: a backup.
    pub lengkap: bool,
    /// Own changes that are not in it: their house has no dasawisma yet, or this device has to ask a relay or the hub
    /// first whether it is an old copy of itself.
    pub tertinggal: usize,
}

/// What came out of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HasilPaket {
    /// Whose device made it, as far as it has a name.
    pub dari: String,
    /// Entries that were new and are kept now.
    pub masuk: usize,
    /// Entries whose changes were applied.
    pub diterapkan: usize,
    /// Entries that were here already.
    pub sudah: usize,
    /// Entries that this device may not have.
    pub dilewati: usize,
    /// Entries that are not kept, since those before them are missing: a fuller file brings both.
    pub kurang: usize,
    /// What was no entry, came with a wrong signature, or stands where another one stands.
    pub rusak: usize,
    /// Entries that are held here and not applied: no key, no authority, or not of their form.
    pub diparkir: usize,
    /// Where the file could be read no further, if not to its end.
    pub putus: Option<Putus>,
}

/// Where reading ended early. What came before stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Putus {
    /// After how many bytes.
    pub pada: u64,
    /// Why.
    pub sebab: SebabPutus,
}

/// Why reading ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SebabPutus {
    /// The file is shorter than it was written.
    Terpotong,
    /// A byte of it is another one than was written.
    Rusak,
    /// The key of its sealed part is not here; the kelurahan's list of devices was read.
    TanpaKunci,
    /// The disk or the stick failed.
    TidakTerbaca,
}

impl SebabPutus {
    /// The word of the command line and of screens.
    pub const fn kode(self) -> &'static str {
        match self {
            Self::Terpotong => "terpotong",
            Self::Rusak => "rusak",
            Self::TanpaKunci => "tanpa_kunci",
            Self::TidakTerbaca => "tidak_terbaca",
        }
    }
}

#[cfg(test)]
mod tests;
