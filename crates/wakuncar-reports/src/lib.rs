//! Households to counts, counts to the PKK books, as cells and XLSX bytes.
//!
//! A count that nobody asked for is `None` and prints blank; it is never a zero. Nothing here reads a
//! database or knows the words of a screen.
#![forbid(unsafe_code)]

mod aturan;
mod buku;
mod hitung;
mod keanggotaan;
mod metrik;
mod pasangan;
mod rekap;
mod tabel;
mod urut;
mod xlsx;

pub use aturan::AturanHitung;
pub use buku::{Kolom, Lampiran};
pub use hitung::{HitunganKrt, hitung_rumah};
pub use keanggotaan::Keanggotaan;
pub use metrik::{Hitungan, Metrik};
pub use rekap::{BarisRekap, Cakupan, Kepala, Rekap};
pub use xlsx::Error;
