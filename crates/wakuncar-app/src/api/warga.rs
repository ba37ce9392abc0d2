//! People: a new one, and what happens to them.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wakuncar_domain::{JawabanSalah, WargaId};

use super::jawaban::Simpan;
use super::rumah::rumah_id;
use crate::sinkron::lock;
use crate::{App, Error};

/// A new person of a house; `krt` and `no_kk` in `isi` place her, the other keys are those of 4.14.1a.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TambahWarga {
    rumah: String,
    #[cfg_attr(test, ts(type = "Record<string, string | number | boolean | null>"))]
    isi: Map<String, Value>,
}

/// A new person, and her house after the save.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct WargaBaru {
    warga: String,
    #[serde(flatten)]
    simpan: Simpan,
}

/// What happened to a person, and when.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Peristiwa {
    rumah: String,
    warga: String,
    apa: Apa,
    /// `YYYY-MM-DD`.
    tgl: String,
    /// The house she moved to, where it is one of this kelurahan and known.
    ke: Option<String>,
    /// In words; may be empty.
    keterangan: String,
}

/// The events that have a screen.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Apa {
    /// She died.
    Meninggal,
    /// She moved.
    Pindah,
}

pub(super) fn tambah_warga(app: &Mutex<App>, baru: TambahWarga) -> Result<WargaBaru, Error> {
    let mut app = lock(app);
    let (warga, simpan) = app.tambah_warga(rumah_id(&baru.rumah)?, &baru.isi)?;
    Ok(WargaBaru { warga: warga.to_string(), simpan: Simpan::after(&mut app, &simpan)? })
}

/// The answer is about the house that was left.
pub(super) fn peristiwa(app: &Mutex<App>, isi: Peristiwa) -> Result<Simpan, Error> {
    let rumah = rumah_id(&isi.rumah)?;
    let warga = WargaId::parse(&isi.warga).map_err(|_| Error::NoSuchWarga)?;
    let salah = |_| Error::Jawaban { jalur: "tgl".into(), salah: JawabanSalah::BukanTanggal };
    let tgl = isi.tgl.parse().map_err(salah)?;
    let apa = match isi.apa {
        Apa::Meninggal => crate::Peristiwa::Meninggal,
        Apa::Pindah => crate::Peristiwa::Pindah(isi.ke.as_deref().map(rumah_id).transpose()?),
    };
    let mut app = lock(app);
    let semua = app.peristiwa(rumah, warga, &apa, tgl, &isi.keterangan)?;
    let simpan = semua.iter().find(|simpan| simpan.rumah.id == rumah).ok_or(Error::NoSuchRumah)?;
    Simpan::after(&mut app, simpan)
}
