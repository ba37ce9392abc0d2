//! Bundle files: written beside the books, read in pieces as a page gets them from the person's hand.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::Kosong;
use super::rekap::KELUARAN;
use crate::sinkron::lock;
use crate::{App, DeviceId, Error, IsiPaket};

/// The file that comes in pieces.
const MASUK: &str = "masuk.wkb";
/// Most bytes of it: a kelurahan's log of ten years.
const MAX_MASUK: u64 = 4 << 30;

/// Which entries go into the file.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuatPaket {
    /// Everything: the backup.
    semua: bool,
    /// For one device only; `null` for the kelurahan, or for everybody.
    untuk: Option<String>,
    /// A folder to write to, such as a stick; `null` for the folder where books are written, too.
    folder: Option<String>,
}

/// A file that was written.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PaketDibuat {
    path: String,
    catatan: usize,
    #[cfg_attr(test, ts(type = "number"))]
    bita: u64,
    /// Own changes that are not in it.
    tertinggal: usize,
}

/// A piece of a file that a person has chosen.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PotonganPaket {
    /// Where it belongs; 0 begins a file anew.
    #[cfg_attr(test, ts(type = "number"))]
    pada: u64,
    /// Its bytes as hexadecimal digits.
    isi: String,
}

/// How much of the file is here.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Sampai {
    #[cfg_attr(test, ts(type = "number"))]
    bita: u64,
}

/// What came out of a file, in entries of the log.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HasilPaket {
    /// Whose device made it; empty if it has no name here.
    dari: String,
    masuk: usize,
    sudah: usize,
    /// Not for this device.
    dilewati: usize,
    /// Not kept, since those before them are missing.
    kurang: usize,
    rusak: usize,
    /// Why it was not read to its end.
    #[cfg_attr(test, ts(type = "\"terpotong\" | \"rusak\" | \"tanpa_kunci\" | \"tidak_terbaca\" | null"))]
    putus: Option<&'static str>,
}

pub(super) fn buat_paket(app: &Mutex<App>, buat: BuatPaket) -> Result<PaketDibuat, Error> {
    let isi = match (buat.untuk, buat.semua) {
        (Some(teks), _) => IsiPaket::Untuk(DeviceId::parse(&teks).map_err(|_| Error::PerangkatTidakAda)?),
        (None, true) => IsiPaket::Semua,
        (None, false) => IsiPaket::Biasa,
    };
    let folder = match buat.folder {
        Some(folder) => {
            let folder = PathBuf::from(folder);
            if !folder.is_dir() {
                return Err(Error::file(&folder)(std::io::ErrorKind::NotADirectory.into()));
            }
            folder
        }
        None => {
            let folder = lock(app).dir().join(KELUARAN);
            std::fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
            folder
        }
    };
    let dibuat = crate::buat_paket(app, &folder, isi)?;
    let crate::PaketDibuat { berkas, catatan, bita, tertinggal, .. } = dibuat;
    Ok(PaketDibuat { path: berkas.display().to_string(), catatan, bita, tertinggal })
}

pub(super) fn potongan_paket(app: &Mutex<App>, potongan: PotonganPaket) -> Result<Sampai, Error> {
    let salah = |sebab: &str| Error::Permintaan(sebab.to_owned());
    let path = lock(app).dir().join(MASUK);
    let bytes = from_hex(&potongan.isi).ok_or_else(|| salah("not hexadecimal digits"))?;
    let mut file = File::options().create(true).write(true).truncate(false).open(&path).map_err(Error::file(&path))?;
    if potongan.pada == 0 {
        file.set_len(0).map_err(Error::file(&path))?;
    }
    let here = file.seek(SeekFrom::End(0)).map_err(Error::file(&path))?;
    if here != potongan.pada || here > MAX_MASUK {
        return Err(salah("a piece that does not follow"));
    }
    file.write_all(&bytes).map_err(Error::file(&path))?;
    Ok(Sampai { bita: file.stream_position().map_err(Error::file(&path))? })
}

pub(super) fn buka_paket(app: &Mutex<App>, _: Kosong) -> Result<HasilPaket, Error> {
    let path = lock(app).dir().join(MASUK);
    let hasil = crate::buka_paket(app, &path);
    // It is a copy; the person has the file.
    let _ = std::fs::remove_file(&path);
    let crate::HasilPaket { dari, masuk, sudah, dilewati, kurang, rusak, putus, .. } = hasil?;
    Ok(HasilPaket { dari, masuk, sudah, dilewati, kurang, rusak, putus: putus.map(|putus| putus.sebab.kode()) })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)).collect()
}
