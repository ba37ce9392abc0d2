//! The log on this device: who we are, what we write, what we take over, how far it has come.

mod cabang;
mod cap;
mod diri;
mod hitung;
mod kunci_isi;
mod pena;
mod penitipan;
mod permintaan;
mod rawat;
mod rotasi;
mod sisih;
mod susun;
mod terap;
mod terima;
#[cfg(test)]
mod tests;

pub(crate) use cap::{Ragu, STAMP, check_database};
pub(crate) use diri::{Diri, Known, keep_space};
pub(crate) use kunci_isi::{Asal, announce, keep as keep_keys, wraps_entries};
pub(crate) use pena::{Oleh, Pena, keep as keep_entries};
pub(crate) use penitipan::candidates_text;
pub use penitipan::{Calon, Jawaban, Keadaan, Status, StatusRumah};
pub(crate) use rawat::in_their_rt;
pub(crate) use rotasi::wraps_of_seats;
pub(crate) use sisih::Marker;
pub(crate) use susun::APP_VERSION;
