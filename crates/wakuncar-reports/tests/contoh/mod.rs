//! Invented houses for the tests of the books.

#![allow(clippy::unwrap_used, dead_code, reason = "a case fails where it stands; each test uses a part")]

use chrono::NaiveDate;
use wakuncar_domain::{BarisId, Rumah, RumahId, Tempat, WargaId};

/// The day of the books.
pub(crate) fn hari() -> NaiveDate {
    "2021-12-31".parse().unwrap()
}

/// Id of person n.
pub(crate) fn warga(nomor: u8) -> WargaId {
    WargaId::new(1_636_416_000_000, [nomor; 10])
}

/// A house from paths and answers; `@n` stands for the id of person n.
pub(crate) fn rumah(nomor: u8, isian: &[(&str, &str)]) -> Rumah {
    let mut rumah = Rumah::new(RumahId::from_bytes([nomor; 16]));
    let dasar = [
        ("rumah/rw", "001"),
        ("rumah/rt", "002"),
        ("rumah/dasawisma", "Melati"),
        ("rumah_tangga/krt1/krt", "1"),
        ("keluarga/kk1/rumah_tangga", "krt1"),
    ];
    for (jalur, teks) in dasar.iter().chain(isian) {
        put(&mut rumah, jalur, teks);
    }
    rumah
}

/// Writes one answer.
pub(crate) fn put(rumah: &mut Rumah, jalur: &str, teks: &str) {
    let jalur = (0..20)
        .fold(jalur.to_owned(), |jalur, n| jalur.replace(&format!("@{n}/"), &format!("{}/", BarisId::from(warga(n)))));
    let teks = teks.strip_prefix('@').map_or(teks.to_owned(), |n| warga(n.parse().unwrap()).to_string());
    let tempat = Tempat::parse(&jalur).unwrap();
    rumah.tulis(&tempat, tempat.butir().parse(&teks).unwrap());
}

/// A person of family `kk1`: sex, birth date, relation, marital status.
pub(crate) fn orang(rumah: &mut Rumah, nomor: u8, jk: &str, lahir: &str, hubungan: &str, status: &str) {
    for (kunci, teks) in [
        ("keluarga", "kk1"),
        ("jenis_kelamin", jk),
        ("tanggal_lahir", lahir),
        ("hubungan_kk", hubungan),
        ("status_perkawinan", status),
    ] {
        put(rumah, &format!("anggota/@{nomor}/{kunci}"), teks);
    }
}
