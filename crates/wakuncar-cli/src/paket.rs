//! Bundle files at the prompt.

use std::sync::Mutex;

use serde_json::json;
use wakuncar_app::{App, DeviceId, HasilPaket, IsiPaket, PaketDibuat, Putus, buat_paket, buka_paket};

use crate::jalan::{Cetak, Galat};
use crate::perintah::Paket;
use crate::pesan::{self, Bahasa};

/// Exit code 1 when a file could not be read to its end, or held what is none.
pub(crate) fn paket(app: &Mutex<App>, perintah: &Paket, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Paket::Buat { ke, untuk, semua, hari } => {
            let isi = match (untuk, semua, hari) {
                (Some(teks), ..) => {
                    let device = DeviceId::parse(teks).map_err(|_| Galat::Usage(format!("perangkat {teks}")))?;
                    IsiPaket::Untuk(device)
                }
                (None, true, _) => IsiPaket::Semua,
                (None, false, Some(hari)) => IsiPaket::Hari(*hari),
                (None, false, None) => IsiPaket::Biasa,
            };
            let dibuat = buat_paket(app, ke, isi)?;
            let PaketDibuat { berkas, catatan, bita, lengkap, tertinggal } = &dibuat;
            cetak.print(
                || {
                    json!({"berkas": berkas, "catatan": catatan, "bita": bita, "lengkap": lengkap,
                          "tertinggal": tertinggal})
                },
                || pesan::paket_dibuat(bahasa, &dibuat),
            );
            Ok(0)
        }
        Paket::Buka { berkas } => {
            let hasil = buka_paket(app, berkas)?;
            let HasilPaket { dari, masuk, diterapkan, sudah, dilewati, kurang, rusak, diparkir, putus } = &hasil;
            let putus = putus.map(|Putus { pada, sebab }| json!({"pada": pada, "sebab": sebab.kode()}));
            cetak.print(
                || {
                    json!({"dari": dari, "masuk": masuk, "diterapkan": diterapkan, "sudah": sudah,
                           "dilewati": dilewati, "kurang": kurang, "rusak": rusak, "diparkir": diparkir,
                           "putus": putus})
                },
                || pesan::paket_dibuka(bahasa, &hasil),
            );
            Ok(u8::from(hasil.putus.is_some() || hasil.kurang > 0 || hasil.rusak > 0))
        }
    }
}
