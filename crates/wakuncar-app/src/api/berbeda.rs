//! Answers to one question that two people gave apart: both stay until somebody settles them.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Kosong;
use super::jawaban::Simpan;
use super::rumah::rumah_id;
use crate::sinkron::lock;
use crate::{App, Error};

/// A place with its answers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Berbeda {
    pub(super) rumah: String,
    no_rumah: String,
    /// Path of the answer.
    tempat: String,
    /// As the form prints the item.
    label: &'static str,
    /// The last one is shown until somebody settles it.
    calon: Vec<Calon>,
}

/// One of the answers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Calon {
    /// `null` is an empty box, `"?"` is *tidak tahu*.
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    isi: Value,
    /// Who gave it, as far as her device has a name.
    nama: String,
    /// When, by her clock, in Unix seconds.
    waktu: i64,
}

/// The answer that counts from now on, at a place where several were given.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Putuskan {
    rumah: String,
    tempat: String,
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    isi: Value,
}

pub(super) fn berbeda(app: &Mutex<App>, _: Kosong) -> Result<Vec<Berbeda>, Error> {
    listed(&mut lock(app))
}

pub(super) fn putuskan(app: &Mutex<App>, putus: Putuskan) -> Result<Simpan, Error> {
    let rumah = rumah_id(&putus.rumah)?;
    let mut app = lock(app);
    // Only what was asked for already, with consent, can be settled.
    if !app.store.konflik()?.iter().any(|row| row.rumah == rumah && row.path == putus.tempat) {
        return Err(Error::Isian { jalur: putus.tempat, sebab: "no answers were given apart here".into() });
    }
    let simpan = app.putuskan(rumah, &putus.tempat, &putus.isi)?;
    Simpan::after(&mut app, &simpan)
}

pub(super) fn listed(app: &mut App) -> Result<Vec<Berbeda>, Error> {
    let satu = |jawaban: crate::Jawaban| Berbeda {
        rumah: jawaban.rumah.to_string(),
        no_rumah: jawaban.no_rumah,
        tempat: jawaban.tempat,
        label: jawaban.label,
        calon: jawaban.calon.into_iter().map(|c| Calon { isi: c.isi, nama: c.nama, waktu: c.unix_s }).collect(),
    };
    Ok(app.berbeda()?.into_iter().map(satu).collect())
}
