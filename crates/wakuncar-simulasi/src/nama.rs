//! Names put together from parts, so that nobody is meant: Javanese and Lampung, one to three words.

use chrono::{Datelike, NaiveDate};
use wakuncar_domain::JenisKelamin;

use crate::acak::Acak;

const AWAL_TUA: [&str; 18] = [
    "SU", "NGA", "WA", "KAR", "MAR", "SA", "PAI", "TU", "JU", "MUL", "RAS", "KAS", "DAR", "SLA", "TRI", "YA", "HAR",
    "WI",
];
const AKHIR_LAKI: [&str; 14] = [
    "MINTO", "DIRAN", "KIRNO", "YADI", "TONO", "GIMIN", "PARJO", "WANDI", "RIYANTO", "JAN", "SIDI", "NARDI", "TIMIN",
    "RONO",
];
const AKHIR_PEREMPUAN: [&str; 14] = [
    "MINI", "PARMI", "KIRAH", "YATI", "TINI", "GINEM", "JIYEM", "WARNI", "RIYANTI", "SIYAH", "NARTI", "TIMAH", "RATMI",
    "LASTRI",
];
const MUDA_LAKI: [&str; 12] =
    ["RAFKA", "ALDEN", "FARREL", "GHANI", "ZAIDAN", "KENZI", "RIDHO", "BAGAS", "DIMAS", "YUSRIL", "ILHAM", "REZA"];
const MUDA_PEREMPUAN: [&str; 12] =
    ["ZAHWA", "KEYSHA", "NAURA", "ALMIRA", "SALWA", "HASNA", "NAYLA", "FITRIA", "DEWI", "INTAN", "AULIA", "RANIA"];
const KEDUA: [&str; 16] = [
    "WIJAYA",
    "PRATAMA",
    "LESTARI",
    "UTAMI",
    "SAPUTRA",
    "RAHAYU",
    "NINGSIH",
    "SANTOSO",
    "PERMATA",
    "KUSUMA",
    "WIBOWO",
    "ANGGRAINI",
    "FAUZAN",
    "MAULANA",
    "AZZAHRA",
    "SAFITRI",
];
const LAMPUNG: [&str; 6] = ["PUTRA NEGARA", "RATU MARGA", "MINAK SANGAJI", "TANJUNG RAYA", "SURA DILAGA", "PAGAR ALAM"];

/// A name for a person of that sex and birth date: older people mostly have one word.
pub(crate) fn nama(acak: &mut Acak, jk: JenisKelamin, lahir: NaiveDate) -> String {
    let tua = lahir.year() < 1995;
    let depan = match (tua, jk) {
        (true, JenisKelamin::Laki) => format!("{}{}", acak.pilih(&AWAL_TUA), acak.pilih(&AKHIR_LAKI)),
        (true, JenisKelamin::Perempuan) => format!("{}{}", acak.pilih(&AWAL_TUA), acak.pilih(&AKHIR_PEREMPUAN)),
        (false, JenisKelamin::Laki) => (*acak.pilih(&MUDA_LAKI)).to_owned(),
        (false, JenisKelamin::Perempuan) => (*acak.pilih(&MUDA_PEREMPUAN)).to_owned(),
    };
    let kata = if tua { acak.antara(0, 99) } else { acak.antara(45, 114) };
    match kata {
        ..=44 => depan,
        45..=84 => format!("{depan} {}", acak.pilih(&KEDUA)),
        85..=92 => format!("{depan} {}", acak.pilih(&LAMPUNG)),
        _ => format!("{depan} {} {}", acak.pilih(&KEDUA), acak.pilih(&KEDUA)),
    }
}

/// Groups of ten houses are named after flowers and fruits.
pub(crate) const DASAWISMA: [&str; 12] = [
    "Melati",
    "Mawar",
    "Anggrek",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Flamboyan",
    "Jambu",
    "Rambutan",
    "Salak",
    "Sawo",
    "Srikaya",
];
