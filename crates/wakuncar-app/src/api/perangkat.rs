//! Devices: inviting one, coming in with one, and the list of all.

use std::sync::Mutex;

use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};
use wakuncar_seal::Picture;
use wakuncar_wire::{DeviceId, Reason, Role};

use super::Kosong;
use super::keadaan::tiga_angka;
use crate::sinkron::lock;
use crate::{AlamatDasawisma, App, Error};

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Stores and forwards, reads nothing.
    Arsip,
}

/// Whom to invite.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Undang {
    nama: String,
    peran: Peran,
    /// Her dasawisma; one that does not exist yet is made.
    dasawisma: Vec<Dasawisma>,
    /// The id of the phone whose place it takes.
    gantikan: Option<String>,
}

/// Where a dasawisma is.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dasawisma {
    rw: String,
    rt: String,
    nama: String,
}

/// An invitation for one device.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Undangan {
    undangan: String,
    /// The text of the QR.
    kode: String,
    /// What is typed where there is no camera.
    kode_ketik: String,
    /// Until when, in Unix seconds by the relay's clock.
    sampai: u64,
    /// The QR by rows, `1` is dark; without the quiet zone of four modules around it.
    qr: Vec<String>,
}

/// The code of an invitation: the text of its QR, or what was typed.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KodeUndangan {
    kode: String,
}

/// Where joining a kelurahan stands.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Gabung {
    /// This device's id.
    perangkat: String,
    /// Name of the kelurahan.
    kelurahan: String,
    /// What both people compare; `null` until the office has drawn its number.
    gambar: Option<Vec<Gambar>>,
    keadaan: KeadaanGabung,
}

/// One of the three pictures that two people compare.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Gambar {
    gambar: &'static str,
    /// Its word, read aloud.
    nama: &'static str,
}

/// A step of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeadaanGabung {
    /// It has asked; nobody at the office has seen it yet.
    Menunggu,
    /// The pictures are to be compared.
    Bandingkan,
    /// Confirmed.
    Sah,
    /// Turned away.
    Ditolak,
}

/// The list of devices; with `segarkan` after asking the relay for news.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DaftarPerangkat {
    segarkan: Option<bool>,
}

/// A device of the kelurahan.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Perangkat {
    id: String,
    /// Whose it is; empty where nobody has written it down.
    nama: String,
    peran: Peran,
    /// Names of its dasawisma.
    dasawisma: Vec<String>,
    keadaan: KeadaanPerangkat,
    /// The pictures of one that waits.
    gambar: Option<Vec<Gambar>>,
    /// Whether it is this one.
    ini: bool,
    /// The seat that it holds.
    kursi: Option<u8>,
    /// Why it was shut out.
    alasan: Option<Alasan>,
}

/// Why a device is shut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Alasan {
    /// Mislaid.
    Hilang,
    /// Stolen: somebody may write with it.
    Dicuri,
    /// Its owner left.
    Berhenti,
    /// It behaves oddly.
    Dicurigai,
}

/// Whom to shut out.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cabut {
    id: String,
    alasan: Alasan,
    /// Whether it is to destroy what it holds.
    hapus: bool,
    /// The device that gets its seat.
    pengganti: Option<String>,
}

/// A device that was just shut out.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HasilCabut {
    /// Seats that nobody holds now.
    kursi_kosong: Vec<u8>,
    /// Whether a relay has the word; if not, the next sync brings it.
    terkirim: bool,
}

/// A word that counts here.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Berlaku {
    /// Whether a relay has it; if not, the next sync brings it.
    pub(super) terkirim: bool,
}

/// Where a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum KeadaanPerangkat {
    /// It belongs to the kelurahan.
    Sah,
    /// It waits for the coordinator's word.
    Menunggu,
    /// Its access has ended.
    Dicabut,
}

/// Which device.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PilihPerangkat {
    id: String,
}

pub(super) fn undang(app: &Mutex<App>, undang: Undang) -> Result<Undangan, Error> {
    let alamat = |d: Dasawisma| AlamatDasawisma { rw: tiga_angka(&d.rw), rt: tiga_angka(&d.rt), nama: d.nama };
    let dasawisma = undang.dasawisma.into_iter().map(alamat).collect();
    let gantikan = undang.gantikan.as_deref().map(device_id).transpose()?;
    let undang = crate::Undang { nama: undang.nama, peran: undang.peran.role(), dasawisma, gantikan };
    let baru = crate::undang(app, &undang)?;
    let qr = qr(&baru.kode)?;
    Ok(Undangan { undangan: baru.id, kode: baru.kode, kode_ketik: baru.kode_ketik, sampai: baru.sampai, qr })
}

pub(super) fn gabung(app: &Mutex<App>, kode: KodeUndangan) -> Result<Gabung, Error> {
    crate::gabung(app, &kode.kode).map(Gabung::from)
}

pub(super) fn lanjut_gabung(app: &Mutex<App>, _: Kosong) -> Result<Gabung, Error> {
    crate::lanjut_gabung(app).map(Gabung::from)
}

pub(super) fn daftar_perangkat(app: &Mutex<App>, minta: DaftarPerangkat) -> Result<Vec<Perangkat>, Error> {
    if minta.segarkan == Some(true) {
        crate::segarkan_perangkat(app)?;
    }
    Ok(lock(app).perangkat()?.into_iter().map(Perangkat::from).collect())
}

pub(super) fn sahkan_perangkat(app: &Mutex<App>, pilih: PilihPerangkat) -> Result<super::Selesai, Error> {
    crate::sahkan(app, device_id(&pilih.id)?).map(|()| super::Selesai {})
}

pub(super) fn tolak_perangkat(app: &Mutex<App>, pilih: PilihPerangkat) -> Result<super::Selesai, Error> {
    crate::tolak(app, device_id(&pilih.id)?).map(|()| super::Selesai {})
}

pub(super) fn cabut_perangkat(app: &Mutex<App>, cabut: Cabut) -> Result<HasilCabut, Error> {
    let pengganti = cabut.pengganti.as_deref().map(device_id).transpose()?;
    let (perangkat, alasan) = (device_id(&cabut.id)?, cabut.alasan.reason());
    let hasil = crate::cabut(app, &crate::Cabut { perangkat, alasan, hapus: cabut.hapus, pengganti })?;
    Ok(HasilCabut { kursi_kosong: hasil.kursi_kosong, terkirim: hasil.terkirim })
}

pub(super) fn berhenti(app: &Mutex<App>, _: Kosong) -> Result<Berlaku, Error> {
    Ok(Berlaku { terkirim: crate::berhenti(app)? })
}

impl Alasan {
    pub(super) fn of(alasan: Reason) -> Self {
        match alasan {
            Reason::Lost => Alasan::Hilang,
            Reason::Stolen => Alasan::Dicuri,
            Reason::Left => Alasan::Berhenti,
            Reason::Suspect => Alasan::Dicurigai,
        }
    }

    fn reason(self) -> Reason {
        match self {
            Alasan::Hilang => Reason::Lost,
            Alasan::Dicuri => Reason::Stolen,
            Alasan::Berhenti => Reason::Left,
            Alasan::Dicurigai => Reason::Suspect,
        }
    }
}

pub(super) fn device_id(teks: &str) -> Result<DeviceId, Error> {
    DeviceId::parse(teks).map_err(|_| Error::PerangkatTidakAda)
}

/// Medium: a screen has no creases, but a cheap camera and a scratched glass.
fn qr(kode: &str) -> Result<Vec<String>, Error> {
    let qr = QrCode::encode_text(kode, QrCodeEcc::Medium).map_err(|e| Error::Kode(e.to_string()))?;
    let row = |y| (0..qr.size()).map(|x| if qr.get_module(x, y) { '1' } else { '0' }).collect();
    Ok((0..qr.size()).map(row).collect())
}

impl Peran {
    pub(super) fn of(role: Role) -> Self {
        match role {
            Role::Kader => Peran::Kader,
            Role::Pendamping => Peran::Pendamping,
            Role::PkkRt => Peran::PkkRt,
            Role::KetuaRt => Peran::KetuaRt,
            Role::Koordinator => Peran::Koordinator,
            Role::Hub => Peran::Hub,
            Role::Lurah => Peran::Lurah,
            Role::Petugas => Peran::Petugas,
            Role::Arsip => Peran::Arsip,
        }
    }

    fn role(self) -> Role {
        match self {
            Peran::Kader => Role::Kader,
            Peran::Pendamping => Role::Pendamping,
            Peran::PkkRt => Role::PkkRt,
            Peran::KetuaRt => Role::KetuaRt,
            Peran::Koordinator => Role::Koordinator,
            Peran::Hub => Role::Hub,
            Peran::Lurah => Role::Lurah,
            Peran::Petugas => Role::Petugas,
            Peran::Arsip => Role::Arsip,
        }
    }
}

impl From<crate::Gabung> for Gabung {
    fn from(gabung: crate::Gabung) -> Self {
        let keadaan = match gabung.keadaan {
            crate::KeadaanGabung::Menunggu => KeadaanGabung::Menunggu,
            crate::KeadaanGabung::Bandingkan => KeadaanGabung::Bandingkan,
            crate::KeadaanGabung::Sah => KeadaanGabung::Sah,
            crate::KeadaanGabung::Ditolak => KeadaanGabung::Ditolak,
        };
        let gambar = gabung.gambar.map(shown);
        Self { perangkat: gabung.perangkat, kelurahan: gabung.kelurahan, gambar, keadaan }
    }
}

impl From<crate::Perangkat> for Perangkat {
    fn from(satu: crate::Perangkat) -> Self {
        let keadaan = match satu.keadaan {
            crate::KeadaanPerangkat::Sah => KeadaanPerangkat::Sah,
            crate::KeadaanPerangkat::Menunggu => KeadaanPerangkat::Menunggu,
            crate::KeadaanPerangkat::Dicabut => KeadaanPerangkat::Dicabut,
        };
        Self {
            id: satu.id.to_string(),
            nama: satu.nama,
            peran: Peran::of(satu.peran),
            dasawisma: satu.dasawisma,
            keadaan,
            gambar: satu.gambar.map(shown),
            ini: satu.ini,
            kursi: satu.kursi,
            alasan: satu.alasan.map(Alasan::of),
        }
    }
}

fn shown(gambar: [Picture; 3]) -> Vec<Gambar> {
    gambar.iter().map(|satu| Gambar { gambar: satu.gambar, nama: satu.nama }).collect()
}
