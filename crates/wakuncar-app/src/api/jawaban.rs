//! Answers: the items that a screen may ask for, and saving one of them.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wakuncar_domain::{Bagian, BarisId, Butir, Jenis, Keparahan, Koleksi, RumahId, WargaId};

use super::Kosong;
use super::rumah::rumah_id;
use crate::sinkron::lock;
use crate::{App, Error, Izin, Keadaan, SimpanRumah, acak, edits_from_json};

/// A part of a house with its items.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BagianButir {
    /// Its name in [`SimpanJawaban`].
    bagian: &'static str,
    /// Whether its answers are data of health, with a consent of their own.
    kesehatan: bool,
    butir: Vec<ButirLayar>,
}

/// One item as a field of a screen.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Butir", optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ButirLayar {
    kunci: &'static str,
    /// As the form prints it.
    label: &'static str,
    jenis: JenisButir,
    /// Form and item, e.g. `4.14.1a butir 3`.
    sumber: &'static str,
    /// The choices, in the order of the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    opsi: Option<Vec<OpsiLayar>>,
    /// Least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    /// Greatest number, or most characters of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    maks: Option<i64>,
}

/// The kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum JenisButir {
    /// Text.
    Teks,
    /// A whole number.
    Bulat,
    /// A number with decimals.
    Desimal,
    /// Yes or no.
    YaTidak,
    /// A day, `YYYY-MM-DD`.
    Tanggal,
    /// One of the choices, by its code.
    Pilihan,
}

/// One choice.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Opsi"))]
#[serde(rename_all = "camelCase")]
pub struct OpsiLayar {
    kode: &'static str,
    /// As the form prints it.
    label: &'static str,
}

/// One answer to one item of a house.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SimpanJawaban {
    rumah: String,
    bagian: String,
    /// The row; for people their id; `null` for the house itself.
    baris: Option<String>,
    kunci: String,
    /// `null` and `""` take the answer away, `"?"` is *tidak tahu*.
    #[cfg_attr(test, ts(type = "string | number | boolean | null"))]
    isi: Value,
}

/// How far the own changes of a house have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "UPPERCASE")]
pub enum StatusRumah {
    /// On this device; not all of it has a relay sworn to.
    Tersimpan,
    /// A relay has sworn to all of it; the office has not applied all.
    Dititipkan,
    /// The office has applied all of it.
    Diterima,
}

/// Something odd or impossible in a record.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Temuan {
    #[cfg_attr(test, ts(type = "KodeTemuan"))]
    kode: &'static str,
    /// Path of the answer or of the row.
    tempat: String,
    /// What stands there, or what it was compared with.
    nilai: String,
    /// Cannot be true; else it is odd.
    galat: bool,
}

/// A house after a save: what is answered with this is on the disk.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Simpan {
    /// Whether anything changed.
    pub(super) berubah: bool,
    /// All findings of the house.
    pub(super) temuan: Vec<Temuan>,
    pub(super) status: StatusRumah,
    /// Own changes that have not left this device.
    pub(super) menunggu: u32,
}

/// The id for a new row of a house; nothing is saved under it yet.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct BarisBaru {
    baris: String,
}

pub(super) fn butir(_: &Mutex<App>, _: Kosong) -> Result<Vec<BagianButir>, Error> {
    let bagian = Bagian::MILIK_RUMAH.into_iter().filter(|bagian| is_answered(*bagian));
    let bagian = bagian.map(|bagian| BagianButir {
        bagian: bagian.nama(),
        kesehatan: bagian.koleksi() == Koleksi::Kesehatan,
        butir: bagian.butir().iter().map(layar).collect(),
    });
    Ok(bagian.collect())
}

pub(super) fn simpan_jawaban(app: &Mutex<App>, jawaban: SimpanJawaban) -> Result<Simpan, Error> {
    let id = rumah_id(&jawaban.rumah)?;
    let salah = |jalur: String| Error::Isian { jalur, sebab: "no such place".into() };
    let bagian = Bagian::parse(&jawaban.bagian).filter(|bagian| is_answered(*bagian));
    let bagian = bagian.ok_or_else(|| salah(jawaban.bagian.clone()))?;
    let baris = jawaban.baris.as_deref().map(BarisId::parse).transpose();
    let baris = baris.map_err(|_| salah(format!("{}/{}", jawaban.bagian, jawaban.baris.unwrap_or_default())))?;
    let mut app = lock(app);
    let rumah = app.rumah(id)?;
    let isi: Map<String, Value> = [(jawaban.kunci, jawaban.isi)].into_iter().collect();
    let edits = edits_from_json(bagian, baris.as_ref(), &isi)?;
    let simpan = if matches!(bagian, Bagian::Anggota | Bagian::KesehatanWarga) {
        let warga = baris.as_ref().and_then(|baris| WargaId::parse(baris.as_str()).ok());
        let warga = warga.filter(|warga| rumah.anggota.contains_key(warga)).ok_or(Error::NoSuchWarga)?;
        app.edit_warga(id, warga, edits)?
    } else {
        app.edit(id, &edits, Izin::Kunjungan)?
    };
    Simpan::after(&mut app, &simpan)
}

pub(super) fn baris_baru(_: &Mutex<App>, _: Kosong) -> Result<BarisBaru, Error> {
    Ok(BarisBaru { baris: BarisId::new(acak::bytes()?).to_string() })
}

impl StatusRumah {
    pub(super) fn of(keadaan: Keadaan) -> Self {
        match keadaan {
            Keadaan::Tersimpan => StatusRumah::Tersimpan,
            Keadaan::Dititipkan => StatusRumah::Dititipkan,
            Keadaan::Diterima => StatusRumah::Diterima,
        }
    }
}

impl Simpan {
    /// What a screen is told after a save.
    pub(super) fn after(app: &mut App, simpan: &SimpanRumah) -> Result<Self, Error> {
        Self::of(app, simpan.rumah.id, simpan.berubah, &simpan.temuan)
    }

    pub(super) fn of(
        app: &mut App,
        id: RumahId,
        berubah: bool,
        temuan: &[wakuncar_domain::Temuan],
    ) -> Result<Self, Error> {
        let status = app.status_rumah(id)?;
        let temuan = temuan.iter().map(Temuan::of).collect();
        Ok(Self { berubah, temuan, status: StatusRumah::of(status.keadaan), menunggu: status.menunggu })
    }
}

impl Temuan {
    fn of(temuan: &wakuncar_domain::Temuan) -> Self {
        Self {
            kode: temuan.kode.kode(),
            tempat: temuan.jalur.clone(),
            nilai: temuan.nilai.clone(),
            galat: temuan.kode.keparahan() == Keparahan::Galat,
        }
    }
}

/// Whether answers of this part are saved one by one. Life events and consents are recorded whole, by commands of
/// their own; the team has its own screens.
fn is_answered(bagian: Bagian) -> bool {
    match bagian {
        Bagian::Rumah
        | Bagian::RumahTangga
        | Bagian::Pekarangan
        | Bagian::Industri
        | Bagian::Keluarga
        | Bagian::Anggota
        | Bagian::KesehatanWarga
        | Bagian::Kehamilan => true,
        Bagian::Mutasi | Bagian::Persetujuan | Bagian::Dasawisma | Bagian::Perangkat => false,
    }
}

fn layar(butir: &Butir) -> ButirLayar {
    let (jenis, min, maks, opsi) = match butir.jenis {
        Jenis::Teks { maks } => (JenisButir::Teks, None, i64::try_from(maks).ok(), None),
        Jenis::Bulat { min, maks } => (JenisButir::Bulat, Some(min), Some(maks), None),
        Jenis::Desimal => (JenisButir::Desimal, Some(0), None, None),
        Jenis::YaTidak => (JenisButir::YaTidak, None, None, None),
        Jenis::Tanggal => (JenisButir::Tanggal, None, None, None),
        Jenis::Pilihan(opsi) => {
            let opsi = opsi.iter().map(|satu| OpsiLayar { kode: satu.kode, label: satu.label });
            (JenisButir::Pilihan, None, None, Some(opsi.collect()))
        }
    };
    ButirLayar { kunci: butir.kunci, label: butir.label, jenis, sumber: butir.sumber, opsi, min, maks }
}
