//! A house's record as text of one column: `[[path, answer], …]`, so that a recap of a kelurahan reads one table.

use serde_json::Value;
use wakuncar_domain::{ButirAsing, ButirTerisi, Desimal, Isian, Jenis, Nilai, Rumah, RumahId, Tempat};

use crate::Error;

pub(crate) fn to_text(rumah: &Rumah) -> String {
    let mut rows: Vec<Value> =
        rumah.butir().into_iter().map(|butir| row(butir.tempat.to_string(), &butir.isi)).collect();
    rows.extend(
        rumah.asing.iter().map(|asing| Value::from(vec![asing.jalur.clone(), asing.isi.clone(), String::new()])),
    );
    Value::from(rows).to_string()
}

pub(crate) fn from_text(id: RumahId, text: &str) -> Result<Rumah, Error> {
    let damaged = || Error::Row(id.to_string());
    let rows: Vec<Vec<Value>> = serde_json::from_str(text).map_err(|_| damaged())?;
    let mut butir = Vec::with_capacity(rows.len());
    let mut asing = Vec::new();
    for row in rows {
        match row.as_slice() {
            [Value::String(jalur), Value::String(isi), _] => {
                asing.push(ButirAsing { jalur: jalur.clone(), isi: isi.clone() });
            }
            [Value::String(jalur), isi] => {
                let tempat = Tempat::parse(jalur).map_err(|_| damaged())?;
                let isi = answer(&tempat, isi).ok_or_else(damaged)?;
                butir.push(ButirTerisi { tempat, isi });
            }
            _ => return Err(damaged()),
        }
    }
    let mut rumah = Rumah::from_butir(id, butir);
    rumah.asing.extend(asing);
    Ok(rumah)
}

fn row(jalur: String, isi: &Isian<Nilai>) -> Value {
    let isi = match isi {
        Isian::Kosong | Isian::TidakTahu => Value::Null,
        Isian::Terisi(Nilai::Bulat(angka)) => (*angka).into(),
        Isian::Terisi(Nilai::Desimal(angka)) => angka.ribuan().into(),
        Isian::Terisi(Nilai::YaTidak(ya)) => (*ya).into(),
        Isian::Terisi(nilai @ (Nilai::Teks(_) | Nilai::Tanggal(_) | Nilai::Pilihan(_))) => nilai.to_string().into(),
    };
    Value::from(vec![jalur.into(), isi])
}

fn answer(tempat: &Tempat, isi: &Value) -> Option<Isian<Nilai>> {
    let nilai = match (tempat.butir().jenis, isi) {
        (_, Value::Null) => return Some(Isian::TidakTahu),
        (Jenis::Teks { .. }, Value::String(teks)) => Nilai::Teks(teks.clone()),
        (Jenis::Pilihan(opsi), Value::String(kode)) => Nilai::Pilihan(opsi.iter().find(|satu| satu.kode == kode)?.kode),
        (Jenis::Tanggal, Value::String(hari)) => Nilai::Tanggal(hari.parse().ok()?),
        (Jenis::Bulat { .. }, Value::Number(angka)) => Nilai::Bulat(angka.as_i64()?),
        (Jenis::Desimal, Value::Number(angka)) => Nilai::Desimal(Desimal::from_ribuan(angka.as_i64()?)),
        (Jenis::YaTidak, Value::Bool(ya)) => Nilai::YaTidak(*ya),
        _ => return None,
    };
    Some(Isian::Terisi(nilai))
}
