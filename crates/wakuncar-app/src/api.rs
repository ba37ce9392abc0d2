//! What a screen may ask for: one list of commands, and the way in that every host uses.
//!
//! The window passes a call on by its own IPC, the loopback host by HTTP, a test by calling [`dispatch`]. Each command
//! has a request and an answer of its own; `ui/src/lib/api/commands.gen.ts` is written from this list by a test. What
//! a command does to a household is not decided here.

pub mod berbeda;
pub mod jabatan;
pub mod jawaban;
pub mod keadaan;
pub mod kelurahan;
pub mod paket;
pub mod perangkat;
pub mod rekap;
pub mod rumah;
pub mod tinjau;
pub mod warga;

use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{App, Error, Galat};

/// A request that says nothing but its name.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "Record<string, never>"))]
#[serde(deny_unknown_fields)]
pub struct Kosong {}

/// An answer that says nothing but that it is done.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "Record<string, never>"))]
pub struct Selesai {}

/// The list: `name (request) -> answer`, each a function of that name below the module named first.
macro_rules! commands {
    ($($module:ident::$name:ident($request:ty) -> $answer:ty;)*) => {
        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        fn run(app: &Mutex<App>, perintah: &str, isi: Value) -> Result<Value, Error> {
            match perintah {
                $(stringify!($name) => answer(&$module::$name(app, request::<$request>(isi)?)?),)*
                _ => Err(Error::Permintaan(format!("no such command: {perintah}"))),
            }
        }

        /// Every command with what it takes and gives, for TypeScript.
        #[cfg(test)]
        #[derive(ts_rs::TS)]
        #[expect(dead_code, reason = "read by ts-rs only")]
        struct Commands { $($name: ($request, $answer),)* }
    };
}
commands! {
    keadaan::keadaan(Kosong) -> keadaan::Keadaan;
    kelurahan::buat_kelurahan(kelurahan::BuatKelurahan) -> kelurahan::KelurahanBaru;
    perangkat::undang(perangkat::Undang) -> perangkat::Undangan;
    perangkat::gabung(perangkat::KodeUndangan) -> perangkat::Gabung;
    perangkat::lanjut_gabung(Kosong) -> perangkat::Gabung;
    perangkat::daftar_perangkat(perangkat::DaftarPerangkat) -> Vec<perangkat::Perangkat>;
    perangkat::sahkan_perangkat(perangkat::PilihPerangkat) -> Selesai;
    perangkat::tolak_perangkat(perangkat::PilihPerangkat) -> Selesai;
    perangkat::cabut_perangkat(perangkat::Cabut) -> perangkat::HasilCabut;
    perangkat::berhenti(Kosong) -> perangkat::Berlaku;
    jabatan::jabatan(Kosong) -> Vec<jabatan::Kursi>;
    jabatan::beri_kursi(jabatan::BeriKursi) -> perangkat::Berlaku;
    jabatan::serahkan(jabatan::Serahkan) -> perangkat::Berlaku;
    jabatan::uji_pemulihan(jabatan::KodePemulihan) -> jabatan::HasilUji;
    jabatan::kode_pemulihan(Kosong) -> jabatan::KodePemulihan;
    jabatan::pakai_pemulihan(jabatan::PakaiPemulihan) -> jabatan::HasilPemulihan;
    jabatan::daftar_titipan(Kosong) -> Vec<jabatan::BerkasTitipan>;
    jabatan::baca_titipan(jabatan::PilihTitipan) -> jabatan::Titipan;
    jabatan::terima_titipan(jabatan::PilihTitipan) -> jabatan::Titipan;
    keadaan::wilayah(Kosong) -> Vec<keadaan::Wilayah>;
    rumah::daftar_rumah(rumah::DaftarRumah) -> Vec<rumah::RumahDiDaftar>;
    rumah::cari(rumah::Cari) -> Vec<rumah::Hasil>;
    rumah::lihat_rumah(rumah::LihatRumah) -> rumah::RumahLengkap;
    rumah::tambah_rumah(rumah::TambahRumah) -> rumah::RumahBaru;
    rumah::setuju(rumah::Setuju) -> jawaban::Simpan;
    jawaban::butir(Kosong) -> Vec<jawaban::BagianButir>;
    jawaban::simpan_jawaban(jawaban::SimpanJawaban) -> jawaban::Simpan;
    jawaban::baris_baru(Kosong) -> jawaban::BarisBaru;
    warga::tambah_warga(warga::TambahWarga) -> warga::WargaBaru;
    warga::peristiwa(warga::Peristiwa) -> jawaban::Simpan;
    rekap::rekap(rekap::MintaRekap) -> rekap::IsiRekap;
    rekap::rekap_xlsx(rekap::MintaRekap) -> rekap::Berkas;
    berbeda::berbeda(Kosong) -> Vec<berbeda::Berbeda>;
    berbeda::putuskan(berbeda::Putuskan) -> jawaban::Simpan;
    tinjau::perlu_ditinjau(Kosong) -> Vec<tinjau::Tinjau>;
    tinjau::kembalikan(tinjau::Kembalikan) -> Vec<tinjau::Tinjau>;
    kelurahan::sinkron(Kosong) -> kelurahan::HasilSinkron;
    paket::buat_paket(paket::BuatPaket) -> paket::PaketDibuat;
    paket::potongan_paket(paket::PotonganPaket) -> paket::Sampai;
    paket::buka_paket(Kosong) -> paket::HasilPaket;
}

/// Carries a command out. It may wait for the disk or the network: hosts call it from a thread that may wait.
///
/// # Errors
/// [`Galat`] with the code that the screen has a sentence for, also when the command panics.
pub fn dispatch(app: &Mutex<App>, perintah: &str, isi: Value) -> Result<Value, Galat> {
    // What a panic leaves half done is in memory only, and `lock` throws that away.
    let done = std::panic::catch_unwind(AssertUnwindSafe(|| run(app, perintah, isi)));
    done.map_or_else(|_| Err(Galat::program()), |done| done.map_err(|error| Galat::from(&error)))
}

fn request<T: DeserializeOwned>(isi: Value) -> Result<T, Error> {
    serde_json::from_value(isi).map_err(|e| Error::Permintaan(e.to_string()))
}

fn answer<T: Serialize>(jawaban: &T) -> Result<Value, Error> {
    serde_json::to_value(jawaban).map_err(|e| Error::Permintaan(e.to_string()))
}

#[cfg(test)]
mod tests;
