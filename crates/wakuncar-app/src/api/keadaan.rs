//! Where this device stands, and what it looks after.

use std::sync::Mutex;

use serde::Serialize;

use super::Kosong;
use crate::sinkron::lock;
use crate::{App, Error, Lingkup};

/// This device at a glance.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Keadaan {
    /// This device's id; `null` until it has one.
    perangkat: Option<String>,
    /// The kelurahan; `null` before one was founded or joined here.
    kelurahan: Option<Kelurahan>,
    /// What this device may do there.
    peran: Option<Peran>,
    /// Who works with it.
    nama: Option<String>,
    /// Where joining stands, if it has begun and is not over.
    gabung: Option<Gabung>,
    /// When a relay was last met, in Unix seconds.
    bertemu: Option<i64>,
    /// Answers given apart that nobody has settled.
    berbeda: u32,
    /// Changes saved here that have not left this device.
    antrean: u32,
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

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Peran {
    /// Kader dasawisma.
    Kader,
    /// Pendamping, e.g. of Karang Taruna.
    Pendamping,
    /// PKK of an RT.
    PkkRt,
    /// Ketua RT.
    KetuaRt,
    /// Koordinator.
    Koordinator,
    /// The office's unattended device.
    Hub,
    /// Lurah.
    Lurah,
    /// A named officer.
    Petugas,
}

/// Where joining a kelurahan stands.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Gabung {
    /// This device's id.
    perangkat: String,
    /// Name of the kelurahan, where it is known already.
    kelurahan: Option<String>,
    /// What both people compare; `null` until both devices know each other.
    gambar: Option<Vec<Gambar>>,
    keadaan: KeadaanGabung,
}

/// One of the pictures that two people compare.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Gambar {
    gambar: String,
    /// Its word, read aloud.
    nama: String,
}

/// A step of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeadaanGabung {
    /// The coordinator has not been reached.
    Menunggu,
    /// Pictures are to be compared.
    Bandingkan,
    /// Confirmed.
    Sah,
    /// Refused.
    Ditolak,
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
    let antrean = lock(app).status()?.antrean;
    Ok(Keadaan {
        perangkat: None,
        kelurahan: None,
        peran: None,
        nama: None,
        gabung: None,
        bertemu: None,
        berbeda: 0,
        antrean,
    })
}

pub(super) fn wilayah(app: &Mutex<App>, _: Kosong) -> Result<Vec<Wilayah>, Error> {
    let semua = lock(app).wilayah()?.into_iter();
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
