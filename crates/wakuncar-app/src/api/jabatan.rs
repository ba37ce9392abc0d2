//! The office: its seats, its recovery code, what phones that were shut out have handed over; and who belongs.

use std::path::PathBuf;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Kosong;
use super::perangkat::{Alasan, Berlaku, device_id};
use crate::sinkron::lock;
use crate::{Akhir, App, Error, kode_pemulihan_baru};

/// Who belongs, as this device sees it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Keanggotaan {
    /// What came and waits for a key that this device may have.
    menunggu_kunci: usize,
    /// New keys are due, since somebody may not read any more.
    menunggu_kunci_baru: bool,
    /// Why this device was shut out, if it was.
    dicabut: Option<Alasan>,
    /// Its time in the kelurahan has ended otherwise.
    berhenti: bool,
    /// Whole days since it last met somebody of the kelurahan.
    hari_tanpa_kontak: u64,
    /// It should meet somebody soon.
    sewa_hampir_habis: bool,
    /// It is closed until it does.
    sewa_habis: bool,
    /// Seats that nobody holds now.
    kursi_kosong: Vec<u8>,
    /// A coordinator's device, and fewer than two seats are held.
    kursi_kurang: bool,
    /// A coordinator's device, and the recovery code was not proven for a year.
    uji_pemulihan: bool,
    /// Files of phones that were shut out, which wait to be looked at.
    titipan: usize,
    /// A copy of this device is in use too: it sends nothing until it is registered anew.
    terbelah: bool,
    /// The data in this folder were destroyed by order of the kelurahan.
    pernah_dihapus: bool,
}

/// A seat of the office.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Kursi {
    /// Number, from 1: the lower stands above the higher.
    nomor: u8,
    /// The device that holds it; `null`: it is vacant.
    pemegang: Option<String>,
    /// Whose it is; empty where nobody has written it down.
    nama: String,
    /// The last seat: the office's unattended device.
    hub: bool,
    /// Held by this device.
    ini: bool,
}

/// A seat and its next holder.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BeriKursi {
    /// Without a number the last one: the office's unattended device.
    nomor: Option<u8>,
    ke: String,
}

/// Who gets this device's seat.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Serahkan {
    ke: String,
}

/// A recovery code.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KodePemulihan {
    kode: String,
}

/// The code that is used up, and the one that serves from now on.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PakaiPemulihan {
    kode: String,
    /// As [`kode_pemulihan_baru`] gave it, written down by the coordinator before.
    kode_baru: String,
}

/// What a drill has shown.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HasilUji {
    /// Whether the code opens everything; if not, the next sync of a coordinator mends it.
    membuka: bool,
}

/// An office that was just taken back.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HasilPemulihan {
    kursi: u8,
    /// Collections whose key could not be opened.
    tanpa_kunci: usize,
    /// The old office's devices are to be shut out after the next sync.
    belum_ditutup: bool,
    terkirim: bool,
}

/// A file that a phone has handed over, in the data folder.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BerkasTitipan {
    path: String,
}

/// A file that a phone has handed over.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PilihTitipan {
    path: String,
}

/// What was handed over.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Titipan {
    /// By which device.
    oleh: String,
    /// Whose it is.
    nama: String,
    /// When it was sealed, by the phone's clock, in Unix seconds.
    dibuat: u64,
    /// Taken over here before.
    sudah: bool,
    rumah: Vec<RumahTitipan>,
}

/// A house of it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RumahTitipan {
    rumah: String,
    koleksi: &'static str,
    /// Dasawisma and number, as the phone knew them.
    sebutan: String,
    /// When its last answer was given, by the phone's clock, in Unix seconds.
    waktu: u64,
    jawaban: Vec<JawabanTitipan>,
}

/// An answer of it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct JawabanTitipan {
    tempat: String,
    /// What stands here.
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    kini: Value,
    /// What the phone had.
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    titipan: Value,
    /// What becomes of it.
    #[cfg_attr(test, ts(type = "\"diambil\" | \"sama\" | \"berbeda\" | \"tinggal\""))]
    nasib: &'static str,
}

pub(super) fn jabatan(app: &Mutex<App>, _: Kosong) -> Result<Vec<Kursi>, Error> {
    let satu = |kursi: crate::Kursi| Kursi {
        nomor: kursi.nomor,
        pemegang: kursi.pemegang.map(|id| id.to_string()),
        nama: kursi.nama,
        hub: kursi.hub,
        ini: kursi.ini,
    };
    Ok(lock(app).jabatan()?.into_iter().map(satu).collect())
}

pub(super) fn beri_kursi(app: &Mutex<App>, beri: BeriKursi) -> Result<Berlaku, Error> {
    Ok(Berlaku { terkirim: crate::beri_kursi(app, beri.nomor, device_id(&beri.ke)?)? })
}

pub(super) fn serahkan(app: &Mutex<App>, serahkan: Serahkan) -> Result<Berlaku, Error> {
    Ok(Berlaku { terkirim: crate::serahkan(app, device_id(&serahkan.ke)?)? })
}

pub(super) fn uji_pemulihan(app: &Mutex<App>, uji: KodePemulihan) -> Result<HasilUji, Error> {
    Ok(HasilUji { membuka: lock(app).uji_pemulihan(&uji.kode)?.membuka })
}

pub(super) fn kode_pemulihan(_: &Mutex<App>, _: Kosong) -> Result<KodePemulihan, Error> {
    Ok(KodePemulihan { kode: kode_pemulihan_baru()? })
}

pub(super) fn pakai_pemulihan(app: &Mutex<App>, pakai: PakaiPemulihan) -> Result<HasilPemulihan, Error> {
    let hasil = crate::pakai_pemulihan(app, &pakai.kode, &pakai.kode_baru)?;
    let crate::HasilPemulihan { kursi, tanpa_kunci, belum_ditutup, terkirim, .. } = hasil;
    Ok(HasilPemulihan { kursi, tanpa_kunci, belum_ditutup, terkirim })
}

pub(super) fn daftar_titipan(app: &Mutex<App>, _: Kosong) -> Result<Vec<BerkasTitipan>, Error> {
    match crate::ambil_titipan(app) {
        Err(error) if !error.is_unreachable() => return Err(error),
        Ok(_) | Err(_) => {}
    }
    let satu = |path: PathBuf| BerkasTitipan { path: path.display().to_string() };
    Ok(lock(app).titipan()?.into_iter().map(satu).collect())
}

pub(super) fn baca_titipan(app: &Mutex<App>, pilih: PilihTitipan) -> Result<Titipan, Error> {
    Ok(lock(app).baca_titipan(&bytes(pilih)?)?.into())
}

pub(super) fn terima_titipan(app: &Mutex<App>, pilih: PilihTitipan) -> Result<Titipan, Error> {
    Ok(lock(app).terima_titipan(&bytes(pilih)?)?.into())
}

fn bytes(pilih: PilihTitipan) -> Result<Vec<u8>, Error> {
    crate::read_titipan(&PathBuf::from(pilih.path))
}

impl From<crate::IsiTitipan> for Titipan {
    fn from(isi: crate::IsiTitipan) -> Self {
        let jawaban = |satu: crate::JawabanTitipan| JawabanTitipan {
            tempat: satu.tempat,
            kini: satu.kini,
            titipan: satu.titipan,
            nasib: satu.nasib.kode(),
        };
        let rumah = |satu: crate::RumahTitipan| RumahTitipan {
            rumah: satu.id.to_string(),
            koleksi: satu.koleksi.nama(),
            sebutan: satu.sebutan,
            waktu: satu.waktu,
            jawaban: satu.jawaban.into_iter().map(jawaban).collect(),
        };
        Self {
            oleh: isi.oleh.to_string(),
            nama: isi.nama,
            dibuat: isi.dibuat,
            sudah: isi.sudah,
            rumah: isi.rumah.into_iter().map(rumah).collect(),
        }
    }
}

impl From<crate::Keanggotaan> for Keanggotaan {
    fn from(satu: crate::Keanggotaan) -> Self {
        let dicabut = match satu.akhir {
            Some(Akhir::Dicabut { alasan, .. }) => Some(Alasan::of(alasan)),
            Some(Akhir::Berhenti) | None => None,
        };
        Self {
            menunggu_kunci: satu.menunggu_kunci,
            menunggu_kunci_baru: satu.menunggu_kunci_baru,
            dicabut,
            berhenti: satu.akhir == Some(Akhir::Berhenti),
            hari_tanpa_kontak: satu.sewa.map_or(0, |sewa| sewa.hari),
            sewa_hampir_habis: satu.sewa.is_some_and(|sewa| sewa.is_warning()),
            sewa_habis: satu.sewa.is_some_and(|sewa| sewa.is_closed()),
            kursi_kosong: satu.kursi_kosong,
            kursi_kurang: satu.kursi_kurang,
            uji_pemulihan: satu.uji_pemulihan,
            titipan: satu.titipan,
            terbelah: satu.terbelah,
            pernah_dihapus: satu.pernah_dihapus,
        }
    }
}
