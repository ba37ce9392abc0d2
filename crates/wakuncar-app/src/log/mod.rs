//! The log on this device: who we are, what we write, what we take over, how far it has come.

mod cap;
mod diri;
mod hitung;
mod kunci_isi;
mod pena;
mod penitipan;
mod sisih;
mod susun;
mod terap;
mod terima;
#[cfg(test)]
mod tests;

pub(crate) use cap::Ragu;
pub(crate) use diri::{Diri, Known, keep_space};
pub(crate) use kunci_isi::{announce, keep as keep_keys};
pub(crate) use pena::{Oleh, Pena, keep as keep_entries};
pub(crate) use penitipan::candidates_text;
pub use penitipan::{Calon, Jawaban, Keadaan, Status, StatusRumah};
pub(crate) use sisih::Marker;
