//! The whole application without a window: the database key, the lock, and what joins the crates.
//!
//! Here are the only clock ([`clock`]) and the only source of randomness ([`acak`]). What is true of a household
//! is decided in `wakuncar-domain`; what a document or a file is, in the crates that own them.
#![forbid(unsafe_code)]

pub mod acak;
mod akhir;
pub mod api;
mod app;
mod cabut;
mod carry;
mod catat;
pub mod clock;
mod edit;
mod ekspor;
mod error;
mod galat;
mod hapus;
mod hub;
mod impor;
mod impor_automerge;
mod jabatan;
mod jalur;
mod json;
mod keanggotaan;
mod kelurahan;
mod kunci;
mod latar;
mod log;
#[cfg(feature = "loopback")]
pub mod loopback;
mod meter;
mod paket;
mod pemulihan;
mod perangkat;
mod periksa;
mod rekap;
mod ruang;
mod sewa;
#[cfg(feature = "simulasi")]
pub mod simulasi;
mod sinkron;
mod suar;
mod tinjau;
mod titipan;
mod titipan_masuk;
#[cfg(test)]
mod uji;
mod undangan;

pub use akhir::{Akhir, nama_alasan, parse_alasan};
pub use app::App;
pub use cabut::{Cabut, HasilCabut, berhenti, cabut};
pub use catat::{NASKAH_PERSETUJUAN, Peristiwa, Setuju};
pub use edit::{Izin, SimpanRumah};
pub use error::Error;
pub use galat::{Galat, KodeGalat};
pub use hub::{
    FOLDER_HUB, HubJalan, HubSiap, HubTampil, MulaiHub, Penjaga, jaga, matikan_hub, nyalakan_hub, sinkron_hub,
};
pub use impor::HasilImpor;
pub use impor_automerge::{Benturan, Ditolak, HasilAutomerge};
pub use jabatan::{Kursi, beri_kursi, serahkan};
pub use json::{edits_from_json, rumah_json, warga_json};
pub use keanggotaan::Keanggotaan;
pub use kelurahan::{AlamatDasawisma, BuatKelurahan, Kelurahan, KelurahanBaru, buat_kelurahan, parse_pin};
pub use kunci::KeySource;
pub use latar::Latar;
pub use log::{Calon, Jawaban, Keadaan, Status, StatusRumah};
pub use meter::Pemakaian;
pub use paket::{HasilPaket, IsiPaket, PaketDibuat, Putus, SebabPutus, buat_paket, buka_paket};
pub use pemulihan::{HasilPemulihan, HasilUji, kode_pemulihan_baru, pakai_pemulihan};
pub use perangkat::{KeadaanPerangkat, Perangkat, nama_peran, parse_peran};
pub use periksa::{Periksa, TemuanPeriksa};
pub use rekap::rekap_json;
pub use sewa::Sewa;
pub use sinkron::{HasilSinkron, sinkron};
pub use suar::Suar;
pub use tinjau::PerluDitinjau;
pub use titipan_masuk::{IsiTitipan, JawabanTitipan, NasibJawaban, RumahTitipan, ambil_titipan, read_titipan};
pub use undangan::{
    Gabung, KeadaanGabung, Undang, Undangan, gabung, lanjut_gabung, sahkan, segarkan_perangkat, tolak, undang,
};
pub use wakuncar_domain as domain;
pub use wakuncar_exchange as exchange;
pub use wakuncar_reports as reports;
pub use wakuncar_seal::Picture;
pub use wakuncar_store::{HasilCari, Lingkup, RingkasanRumah};
pub use wakuncar_wire::{DeviceId, Reason, Role};
