//! Answers as scalars of the document, and back.

use automerge::{ScalarValue, ScalarValueRef};
use wakuncar_domain::{Butir, Desimal, Isian, Jenis, Nilai};

/// How *tidak tahu* is stored, for every kind of item.
const TIDAK_TAHU: &str = "?";

pub(crate) fn to_scalar(isi: &Isian<Nilai>) -> ScalarValue {
    match isi {
        Isian::Kosong => ScalarValue::Null,
        Isian::TidakTahu => ScalarValue::Str(TIDAK_TAHU.into()),
        Isian::Terisi(Nilai::Bulat(angka)) => ScalarValue::Int(*angka),
        Isian::Terisi(Nilai::YaTidak(ya)) => ScalarValue::Boolean(*ya),
        // Thousandths of a number below one billion are exact in a float's 53 bits.
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        Isian::Terisi(Nilai::Desimal(angka)) => ScalarValue::F64(angka.ribuan() as f64 / 1000.0),
        Isian::Terisi(nilai @ (Nilai::Teks(_) | Nilai::Tanggal(_) | Nilai::Pilihan(_))) => {
            ScalarValue::Str(nilai.to_string().into())
        }
    }
}

/// The answer that a scalar is for an item; `None` if it is none.
pub(crate) fn from_scalar(butir: &Butir, scalar: &ScalarValueRef<'_>) -> Option<Isian<Nilai>> {
    let nilai = match (butir.jenis, scalar) {
        (_, ScalarValueRef::Null) => return Some(Isian::Kosong),
        (_, ScalarValueRef::Str(teks)) if teks == TIDAK_TAHU => return Some(Isian::TidakTahu),
        (Jenis::Teks { .. }, ScalarValueRef::Str(teks)) => Nilai::Teks(teks.to_string()),
        (Jenis::Pilihan(opsi), ScalarValueRef::Str(teks)) => {
            Nilai::Pilihan(opsi.iter().find(|satu| satu.kode == teks.as_ref() as &str)?.kode)
        }
        (Jenis::Tanggal, ScalarValueRef::Str(teks)) => Nilai::Tanggal(teks.parse().ok()?),
        (Jenis::Bulat { .. }, ScalarValueRef::Int(angka)) => Nilai::Bulat(*angka),
        (Jenis::Bulat { .. }, ScalarValueRef::Uint(angka)) => Nilai::Bulat(i64::try_from(*angka).ok()?),
        (Jenis::YaTidak, ScalarValueRef::Boolean(ya)) => Nilai::YaTidak(*ya),
        (Jenis::Desimal, ScalarValueRef::Int(angka)) => Nilai::Desimal(Desimal::from_ribuan(angka.checked_mul(1000)?)),
        (Jenis::Desimal, ScalarValueRef::F64(angka)) if angka.abs() < 1e9 => {
            #[expect(clippy::cast_possible_truncation, reason = "below one billion, rounded")]
            let ribuan = (angka * 1000.0).round() as i64;
            Nilai::Desimal(Desimal::from_ribuan(ribuan))
        }
        _ => return None,
    };
    Some(Isian::Terisi(nilai))
}
