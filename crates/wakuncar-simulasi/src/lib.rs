//! A seeded, plausible kelurahan with planted faults and their answer key.
//!
//! [`Kelurahan`] is Rejomulyo (18.72.05.1001) with invented people: the same seed gives the same bytes. Its
//! rows are plain cells, so that a test can count over them without any code of the product. What is wrong on
//! purpose stands in the answer key with row and column.
#![forbid(unsafe_code)]

mod acak;
mod baris;
mod berkas;
mod keluarga;
mod kelurahan;
mod nama;
mod salah;
mod ukur;

pub use baris::{Baris, KOLOM};
pub use kelurahan::{Alamat, Kelurahan};
pub use salah::{Kunci, Mutasi};
pub use ukur::Pengukuran;
