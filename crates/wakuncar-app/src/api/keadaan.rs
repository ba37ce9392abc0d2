//! Where this device stands, and what it looks after.

use std::sync::Mutex;

use serde::Serialize;

use super::Kosong;
use super::perangkat::{Gabung, Peran};
use crate::sinkron::lock;
use crate::{App, Error, Lingkup};

/// This device at a glance.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Keadaan {
    /// This device's id.
    perangkat: String,
    /// The kelurahan; `null` before one was founded here, or this device was confirmed in one.
    kelurahan: Option<Kelurahan>,
    /// Made for practice: every screen says so, also before this device is confirmed.
    latihan: bool,
    /// What this device may do there.
    peran: Option<Peran>,
    /// Who works with it.
    nama: Option<String>,
    /// Where joining stands, if it has begun and is not over.
    gabung: Option<Gabung>,
    /// When a relay was last met, in Unix seconds by its clock.
    bertemu: Option<u64>,
    /// Answers given apart that nobody has settled.
    berbeda: usize,
    /// Changes saved here that have not left this device.
    antrean: u32,
    /// Who belongs, as this device sees it.
    keanggotaan: super::jabatan::Keanggotaan,
}

/// The kelurahan that this device belongs to.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Kelurahan {
    nama: String,
    /// Kode wilayah, `NN.NN.NN.NNNN`.
    kode: String,
    /// For practice: every screen and print says so.
    latihan: bool,
}

/// A dasawisma with the number of its houses.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Wilayah {
    /// RW, three digits; empty where none was recorded.
    pub rw: String,
    /// RT, three digits; empty where none was recorded.
    pub rt: String,
    /// Its name; empty where none was recorded.
    pub dasawisma: String,
    /// Houses recorded.
    pub rumah: u32,
}

pub(super) fn keadaan(app: &Mutex<App>, _: Kosong) -> Result<Keadaan, Error> {
    let mut app = lock(app);
    let known = app.kelurahan();
    let gabung = match &known {
        Some(kelurahan) if kelurahan.peran.is_none() && app.akhir().is_none() => Some(app.gabung_state()?.into()),
        Some(_) | None => None,
    };
    let peran = known.as_ref().and_then(|kelurahan| kelurahan.peran).map(Peran::of);
    let latihan = known.as_ref().is_some_and(|kelurahan| kelurahan.latihan);
    let kelurahan = known.filter(|kelurahan| kelurahan.peran.is_some());
    Ok(Keadaan {
        perangkat: app.diri.id.to_string(),
        kelurahan: kelurahan.map(|k| Kelurahan { nama: k.nama, kode: k.kode, latihan: k.latihan }),
        latihan,
        peran,
        nama: app.nama_saya()?,
        gabung,
        bertemu: app.bertemu()?,
        berbeda: app.store.konflik()?.len(),
        antrean: app.status()?.antrean,
        keanggotaan: app.keanggotaan()?.into(),
    })
}

pub(super) fn wilayah(app: &Mutex<App>, _: Kosong) -> Result<Vec<Wilayah>, Error> {
    let semua = lock(app).wilayah_sendiri()?.into_iter();
    Ok(semua.map(|(a, rumah)| Wilayah { rw: a.rw, rt: a.rt, dasawisma: a.nama, rumah }).collect())
}

/// RW and RT as they are recorded: three digits.
pub(super) fn tiga_angka(nomor: &str) -> String {
    let nomor = nomor.trim();
    if nomor.is_empty() { String::new() } else { format!("{nomor:0>3}") }
}

/// An area from what a screen says; an empty text is no wish.
pub(super) fn lingkup(rw: Option<&String>, rt: Option<&String>, dasawisma: Option<String>) -> Lingkup {
    let nomor = |isi: Option<&String>| isi.map(|isi| tiga_angka(isi)).filter(|isi| !isi.is_empty());
    Lingkup { rw: nomor(rw), rt: nomor(rt), dasawisma: dasawisma.filter(|isi| !isi.is_empty()) }
}
