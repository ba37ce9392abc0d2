//! Answers to one question that two people gave apart: both stay until somebody settles them.

use serde::Serialize;

/// A place with its answers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Berbeda {
    rumah: String,
    no_rumah: String,
    /// Path of the answer.
    tempat: String,
    /// As the form prints the item.
    label: String,
    calon: Vec<Calon>,
}

/// One of the answers.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Calon {
    isi: String,
    /// Who gave it.
    nama: String,
    /// When, in Unix seconds.
    waktu: i64,
}
