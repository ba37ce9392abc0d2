//! `tinjau`: what revoked phones wrote too late and that stays.

use serde_json::{Value, json};
use wakuncar_app::{App, PerluDitinjau};

use crate::jalan::{Cetak, Galat, rumah_id};
use crate::perintah::Tinjau;
use crate::pesan::Bahasa;

pub(crate) fn tinjau(app: &mut App, perintah: &Tinjau, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Tinjau::Daftar => {
            let semua = app.perlu_ditinjau()?;
            let satu = |satu: &PerluDitinjau| {
                json!({"perangkat": satu.perangkat.to_string(), "nama": satu.nama, "rumah": satu.rumah.to_string(),
                       "no_rumah": satu.no_rumah, "tempat": satu.tempat, "label": satu.label,
                       "sebelum": satu.sebelum, "sesudah": satu.sesudah, "masih": satu.masih})
            };
            cetak.print(
                || json!({"tinjau": semua.iter().map(satu).collect::<Vec<_>>()}),
                || semua.iter().map(|satu| line(bahasa, satu)).collect::<Vec<_>>().join("\n"),
            );
            Ok(0)
        }
        Tinjau::Kembalikan { rumah, tempat } => {
            let kembali = app.kembalikan(rumah_id(rumah)?, tempat)?;
            cetak.print(|| json!({"kembali": kembali}), || said(bahasa, kembali).to_owned());
            // Not put back: somebody has answered anew, and that stays.
            Ok(u8::from(!kembali))
        }
    }
}

fn line(bahasa: Bahasa, satu: &PerluDitinjau) -> String {
    let isi = |isi: &Value| match (isi, bahasa) {
        (Value::Null, Bahasa::Indonesia) => "(kosong)".to_owned(),
        (Value::Null, Bahasa::Inggris) => "(empty)".to_owned(),
        (Value::String(teks), _) => teks.clone(),
        (lain, _) => lain.to_string(),
    };
    let (lama, baru) = (isi(&satu.sebelum), isi(&satu.sesudah));
    let PerluDitinjau { no_rumah, label, nama, tempat, rumah, masih, .. } = satu;
    match bahasa {
        Bahasa::Indonesia => {
            let catatan = if *masih { "" } else { " (sudah diganti orang lain)" };
            format!("Rumah {no_rumah}, {label}: {lama} menjadi {baru}, dari HP {nama}{catatan}\n  {rumah} {tempat}")
        }
        Bahasa::Inggris => {
            let catatan = if *masih { "" } else { " (replaced since)" };
            format!("House {no_rumah}, {label}: {lama} became {baru}, from {nama}'s phone{catatan}\n  {rumah} {tempat}")
        }
    }
}

fn said(bahasa: Bahasa, kembali: bool) -> &'static str {
    match (bahasa, kembali) {
        (Bahasa::Indonesia, true) => "Jawaban semula sudah kembali.",
        (Bahasa::Indonesia, false) => "Tidak diubah: sudah ada jawaban baru dari orang lain. Periksa rumahnya.",
        (Bahasa::Inggris, true) => "The former answer stands again.",
        (Bahasa::Inggris, false) => "Nothing was changed: somebody has answered anew. Look at the house.",
    }
}
