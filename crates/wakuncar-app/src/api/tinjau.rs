//! What a revoked phone wrote too late and that stays: looked at by the office, answer by answer.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Kosong;
use super::rumah::rumah_id;
use crate::sinkron::lock;
use crate::{App, Error, PerluDitinjau};

/// An answer to be looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Tinjau {
    rumah: String,
    no_rumah: String,
    /// Path of the answer.
    tempat: String,
    /// As the form prints the item.
    label: &'static str,
    /// Whose phone it was.
    nama: String,
    /// `null` is an empty box, `"?"` is *tidak tahu*.
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    sebelum: Value,
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    sesudah: Value,
    /// Whether it still stands there.
    masih: bool,
}

/// A place to which what stood there before is to come back.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kembalikan {
    rumah: String,
    tempat: String,
}

pub(super) fn perlu_ditinjau(app: &Mutex<App>, _: Kosong) -> Result<Vec<Tinjau>, Error> {
    listed(&mut lock(app))
}

pub(super) fn kembalikan(app: &Mutex<App>, satu: Kembalikan) -> Result<Vec<Tinjau>, Error> {
    let mut app = lock(app);
    app.kembalikan(rumah_id(&satu.rumah)?, &satu.tempat)?;
    listed(&mut app)
}

fn listed(app: &mut App) -> Result<Vec<Tinjau>, Error> {
    let satu = |satu: PerluDitinjau| Tinjau {
        rumah: satu.rumah.to_string(),
        no_rumah: satu.no_rumah,
        tempat: satu.tempat,
        label: satu.label,
        nama: satu.nama,
        sebelum: satu.sebelum,
        sesudah: satu.sesudah,
        masih: satu.masih,
    };
    Ok(app.perlu_ditinjau()?.into_iter().map(satu).collect())
}
