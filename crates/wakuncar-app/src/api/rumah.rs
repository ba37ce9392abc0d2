//! Houses: lists, search, one house with everything in it, a new one, and the family's consent.

use std::collections::HashMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wakuncar_domain::RumahId;

use super::berbeda::Berbeda;
use super::jawaban::{Simpan, StatusRumah, Temuan};
use super::keadaan::{lingkup, tiga_angka};
use crate::sinkron::lock;
use crate::{App, Error, Keadaan, clock, rumah_json};

/// Most houses and people that a search gives.
const HASIL: u32 = 100;

/// Which houses; what is absent sets no bound.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DaftarRumah {
    rw: Option<String>,
    rt: Option<String>,
    dasawisma: Option<String>,
}

/// A house as a list shows it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RumahDiDaftar {
    id: String,
    rw: String,
    rt: String,
    dasawisma: String,
    no_rumah: String,
    /// Names of the heads of its rumah tangga.
    nama_krt: String,
    /// People recorded and not gone.
    jumlah_warga: u32,
    /// Findings, errors among them.
    temuan: u32,
    /// Findings that are errors.
    galat: u32,
    status: StatusRumah,
    /// Own changes that have not left this device.
    menunggu: u32,
}

/// What to look for: a part of a name, NIK or house number.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cari {
    teks: String,
}

/// A house or a person that was found.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Hasil {
    rumah: String,
    /// The person; `null` when the house itself was found.
    warga: Option<String>,
    /// The person's name, or the heads of the house's rumah tangga.
    nama: String,
    rt: String,
    no_rumah: String,
}

/// Which house.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LihatRumah {
    id: String,
}

/// A house with everything in it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RumahLengkap {
    rumah: CatatanRumah,
    temuan: Vec<Temuan>,
    status: StatusRumah,
    menunggu: u32,
    /// Answers of this house that were given apart.
    berbeda: Vec<Berbeda>,
}

/// The record of a house: the items of the forms that are filled, each under its key, `"?"` for *tidak tahu*; the rows
/// of its parts as lists.
#[derive(Debug, Serialize)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(
        type = "{ id: string, rumah_tangga: Catatan[], keluarga: Catatan[], anggota: Catatan[], pekarangan: Catatan[], \
               industri: Catatan[], kehamilan: Catatan[], mutasi: Catatan[], persetujuan: Catatan[], \
               tidak_terbaca?: Record<string, string>, \
               [kunci: string]: string | number | boolean | Catatan[] | Record<string, string> | undefined }"
    )
)]
#[serde(transparent)]
pub struct CatatanRumah(Value);

/// A row of a house, e.g. a person: the items of the form that are filled, each under its key, `"?"` for *tidak tahu*.
#[cfg(test)]
#[derive(ts_rs::TS)]
#[ts(type = "{ id: string, [kunci: string]: string | number | boolean | undefined }")]
pub(super) struct Catatan;

/// Where a new house is.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TambahRumah {
    rw: String,
    rt: String,
    dasawisma: String,
    no_rumah: String,
    alamat: String,
}

/// A new house.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RumahBaru {
    rumah: String,
}

/// Who agreed to what, as of today.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Setuju {
    rumah: String,
    pemberi: String,
    saksi: String,
    /// Whether data of health may be recorded too.
    kesehatan: bool,
}

pub(super) fn daftar_rumah(app: &Mutex<App>, minta: DaftarRumah) -> Result<Vec<RumahDiDaftar>, Error> {
    let mut app = lock(app);
    let status: HashMap<RumahId, crate::StatusRumah> =
        app.status()?.rumah.into_iter().map(|satu| (satu.id, satu)).collect();
    let semua = app.daftar(&lingkup(minta.rw.as_ref(), minta.rt.as_ref(), minta.dasawisma), u32::MAX, 0)?;
    let satu = |rumah: crate::RingkasanRumah| {
        let (keadaan, menunggu) =
            status.get(&rumah.id).map_or((Keadaan::Tersimpan, 0), |satu| (satu.keadaan, satu.menunggu));
        RumahDiDaftar {
            id: rumah.id.to_string(),
            rw: rumah.rw,
            rt: rumah.rt,
            dasawisma: rumah.dasawisma,
            no_rumah: rumah.no_rumah,
            nama_krt: rumah.nama_krt,
            jumlah_warga: rumah.jumlah_warga,
            temuan: rumah.temuan.0,
            galat: rumah.temuan.1,
            status: StatusRumah::of(keadaan),
            menunggu,
        }
    };
    Ok(semua.into_iter().map(satu).collect())
}

pub(super) fn cari(app: &Mutex<App>, cari: Cari) -> Result<Vec<Hasil>, Error> {
    let satu = |hasil: crate::HasilCari| Hasil {
        rumah: hasil.rumah.to_string(),
        warga: Some(hasil.warga).filter(|warga| !warga.is_empty()),
        nama: hasil.nama,
        rt: hasil.rt,
        no_rumah: hasil.no_rumah,
    };
    Ok(lock(app).cari(&cari.teks, HASIL)?.into_iter().map(satu).collect())
}

pub(super) fn lihat_rumah(app: &Mutex<App>, minta: LihatRumah) -> Result<RumahLengkap, Error> {
    let mut app = lock(app);
    let rumah = app.rumah(rumah_id(&minta.id)?)?;
    let simpan = Simpan::of(&mut app, rumah.id, false, &rumah.temuan(clock::today()))?;
    let Simpan { temuan, status, menunggu, .. } = simpan;
    let mut berbeda = super::berbeda::listed(&mut app)?;
    berbeda.retain(|satu| satu.rumah == rumah.id.to_string());
    Ok(RumahLengkap { rumah: CatatanRumah(rumah_json(&rumah)), temuan, status, menunggu, berbeda })
}

pub(super) fn tambah_rumah(app: &Mutex<App>, baru: TambahRumah) -> Result<RumahBaru, Error> {
    let isi: Map<String, Value> = [
        ("rw", tiga_angka(&baru.rw)),
        ("rt", tiga_angka(&baru.rt)),
        ("dasawisma", baru.dasawisma),
        ("no_rumah", baru.no_rumah),
        ("alamat", baru.alamat),
    ]
    .into_iter()
    .map(|(kunci, isi)| (kunci.to_owned(), isi.into()))
    .collect();
    let simpan = lock(app).tambah_rumah(&isi)?;
    Ok(RumahBaru { rumah: simpan.rumah.id.to_string() })
}

pub(super) fn setuju(app: &Mutex<App>, setuju: Setuju) -> Result<Simpan, Error> {
    let id = rumah_id(&setuju.rumah)?;
    let Setuju { pemberi, saksi, kesehatan, .. } = setuju;
    let mut app = lock(app);
    let simpan = app.setuju(id, &crate::Setuju { pemberi, saksi, kesehatan })?;
    Simpan::after(&mut app, &simpan)
}

/// An id that names no house is a house that is not there.
pub(super) fn rumah_id(teks: &str) -> Result<RumahId, Error> {
    RumahId::parse(teks).map_err(|_| Error::NoSuchRumah)
}
