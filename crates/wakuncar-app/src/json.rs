//! Records as JSON: the keys of the forms, `"?"` for *tidak tahu*, nothing for an empty box.

use serde_json::{Map, Value};
use wakuncar_domain::{Bagian, BarisId, Catatan, Edit, Isian, Nilai, Rumah, Tempat, WargaId};

use crate::Error;

/// A house with everything in it.
pub fn rumah_json(rumah: &Rumah) -> Value {
    let mut isi = Map::new();
    isi.insert("id".into(), rumah.id.to_string().into());
    put_all(&mut isi, &rumah.sifat);
    isi.insert("rumah_tangga".into(), rows(&rumah.rumah_tangga));
    isi.insert("keluarga".into(), rows(&rumah.keluarga));
    let anggota: Vec<Value> = rumah.anggota.keys().filter_map(|id| warga_json(rumah, *id)).collect();
    isi.insert("anggota".into(), anggota.into());
    isi.insert("pekarangan".into(), rows(&rumah.pekarangan));
    isi.insert("industri".into(), rows(&rumah.industri));
    isi.insert("kehamilan".into(), rows(&rumah.kehamilan));
    isi.insert("mutasi".into(), rows(&rumah.mutasi));
    isi.insert("persetujuan".into(), rows(&rumah.persetujuan));
    if !rumah.asing.is_empty() {
        let asing = rumah.asing.iter().map(|asing| (asing.jalur.clone(), Value::from(asing.isi.clone())));
        isi.insert("tidak_terbaca".into(), Value::Object(asing.collect()));
    }
    Value::Object(isi)
}

/// A person with her health answers, where they are known here.
pub fn warga_json(rumah: &Rumah, id: WargaId) -> Option<Value> {
    let mut isi = Map::new();
    isi.insert("id".into(), id.to_string().into());
    put_all(&mut isi, rumah.anggota.get(&id)?);
    if let Some(kesehatan) = rumah.kesehatan.get(&id) {
        put_all(&mut isi, kesehatan);
    }
    Some(Value::Object(isi))
}

/// The edits that a JSON object of one row asks for: an absent key is left alone, `null` and `""` take the answer
/// away, `"?"` is *tidak tahu*. Keys of a person's health answers go to their own part.
///
/// # Errors
/// [`Error::Isian`] and [`Error::Jawaban`] name the key and the reason; no edit is made then.
pub fn edits_from_json(bagian: Bagian, baris: Option<&BarisId>, isi: &Map<String, Value>) -> Result<Vec<Edit>, Error> {
    let mut edits = Vec::with_capacity(isi.len());
    for (kunci, nilai) in isi.iter().filter(|(kunci, _)| *kunci != "id") {
        let jalur = format!("{}/{kunci}", bagian.nama());
        let salah = |sebab: String| Error::Isian { jalur: jalur.clone(), sebab };
        let tempat = Tempat::new(bagian, baris.cloned(), kunci)
            .or_else(|salah| match bagian {
                Bagian::Anggota => Tempat::new(Bagian::KesehatanWarga, baris.cloned(), kunci),
                _ => Err(salah),
            })
            .map_err(|_| salah("no such item".into()))?;
        let teks = match nilai {
            Value::Null => String::new(),
            Value::String(teks) => teks.clone(),
            Value::Bool(ya) => if *ya { "ya" } else { "tidak" }.into(),
            Value::Number(angka) => angka.to_string(),
            Value::Array(_) | Value::Object(_) => return Err(salah("one answer is wanted, not a list".into())),
        };
        let isi = tempat.butir().parse(&teks).map_err(|salah| Error::Jawaban { jalur: jalur.clone(), salah })?;
        edits.push(Edit { tempat, isi });
    }
    Ok(edits)
}

/// An answer: numbers and truth values as themselves, the rest as text.
pub(crate) fn nilai_json(nilai: &Nilai) -> Value {
    match nilai {
        Nilai::Bulat(angka) => (*angka).into(),
        Nilai::YaTidak(ya) => (*ya).into(),
        Nilai::Teks(_) | Nilai::Pilihan(_) | Nilai::Tanggal(_) | Nilai::Desimal(_) => nilai.to_string().into(),
    }
}

fn rows<K: ToString, C: Catatan>(rows: &std::collections::BTreeMap<K, C>) -> Value {
    let row = |(id, catatan): (&K, &C)| {
        let mut isi = Map::new();
        isi.insert("id".into(), id.to_string().into());
        put_all(&mut isi, catatan);
        Value::Object(isi)
    };
    rows.iter().map(row).collect::<Vec<_>>().into()
}

fn put_all<C: Catatan>(isi: &mut Map<String, Value>, catatan: &C) {
    for butir in C::BUTIR {
        let satu = catatan.isi(butir.kunci).unwrap_or_default();
        if !satu.is_kosong() {
            isi.insert(butir.kunci.into(), isian_json(&satu));
        }
    }
}

/// One answer.
pub(crate) fn isian_json(isi: &Isian<Nilai>) -> Value {
    match isi {
        Isian::Kosong => Value::Null,
        Isian::TidakTahu => "?".into(),
        Isian::Terisi(nilai) => nilai_json(nilai),
    }
}
