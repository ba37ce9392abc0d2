//! NIK and KK numbers: `PP KK CC DD MM YY SSSS` (DOMAIN §4.1–4.2, evidence \[M\]: PP 37/2007).
//!
//! Hard errors only for what cannot be a number of that kind at all. Real NIKs contain mistakes, so that a
//! NIK which disagrees with sex or birth date is a finding, never a refusal.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::{JenisKelamin, umur_tahun};

/// Why a text cannot be a NIK or a KK number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NikSalah {
    /// Not 16 characters.
    #[error("{0} digits instead of 16")]
    Panjang(usize),
    /// Something else than digits.
    #[error("not only digits")]
    BukanAngka,
    /// All digits alike.
    #[error("all digits alike")]
    SemuaSama,
    /// The serial is 0000.
    #[error("serial 0000")]
    SeriNol,
    /// The digits of the birth day (of the issue day in a KK number) name no day.
    #[error("its date does not exist")]
    TanggalMustahil,
    /// Begins with 0: a temporary number of another register (OpenSID), to be treated as none.
    #[error("temporary number")]
    Sementara,
}

/// Provinces as NIKs begin with them: Kemendagri's 38, and 54 for Timor Timur until 1999 (evidence \[M\]).
const PROVINSI: [u8; 39] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 72, 73, 74,
    75, 76, 81, 82, 91, 92, 93, 94, 95, 96,
];

/// A NIK that can exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nik([u8; 16]);

/// A KK number that can exist; its date is that of the first issue, not of a birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoKk([u8; 16]);

impl Nik {
    /// Reads 16 digits; spaces, dots and dashes between them are passed over.
    ///
    /// # Errors
    /// [`NikSalah`].
    pub fn parse(teks: &str) -> Result<Self, NikSalah> {
        let angka = digits(teks)?;
        let hari = two(&angka, 6);
        let hari = if hari > 40 { hari - 40 } else { hari };
        check_date(hari, two(&angka, 8), two(&angka, 10))?;
        Ok(Self(angka))
    }

    /// Sex as the number says: the day of birth of a woman is written plus 40.
    pub fn jenis_kelamin(&self) -> JenisKelamin {
        if two(&self.0, 6) > 40 { JenisKelamin::Perempuan } else { JenisKelamin::Laki }
    }

    /// Birth date as the number says, in the century that is nearest to `dekat` and gives an age of 0–110
    /// years at `hari`. `None` where only an impossible century has that day (29 February).
    pub fn tanggal_lahir(&self, dekat: Option<NaiveDate>, hari: NaiveDate) -> Option<NaiveDate> {
        let tgl = two(&self.0, 6);
        let tgl = if tgl > 40 { tgl - 40 } else { tgl };
        let calon = [1800, 1900, 2000, 2100].into_iter().filter_map(|abad| {
            NaiveDate::from_ymd_opt(abad + i32::try_from(two(&self.0, 10)).ok()?, two(&self.0, 8), tgl)
        });
        let calon = calon.filter(|lahir| umur_tahun(*lahir, hari).is_some_and(|umur| umur <= 110));
        let dekat = dekat.unwrap_or(hari);
        calon.min_by_key(|lahir| (*lahir - dekat).num_days().abs())
    }

    /// Whether there is, or was, a province of that code. Most adults were first registered elsewhere, so that
    /// nothing else can be said of the place.
    pub fn is_provinsi_known(&self) -> bool {
        PROVINSI.iter().any(|kode| u32::from(*kode) == two(&self.0, 0))
    }

    /// Kecamatan of first registration, `PPKKCC`.
    pub fn kode_kecamatan(&self) -> &str {
        std::str::from_utf8(&self.0[..6]).unwrap_or_default()
    }
}

impl NoKk {
    /// Reads 16 digits; spaces, dots and dashes between them are passed over.
    ///
    /// # Errors
    /// [`NikSalah`].
    pub fn parse(teks: &str) -> Result<Self, NikSalah> {
        let angka = digits(teks)?;
        check_date(two(&angka, 6), two(&angka, 8), two(&angka, 10))?;
        Ok(Self(angka))
    }
}

impl fmt::Display for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

impl fmt::Display for NoKk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

fn digits(teks: &str) -> Result<[u8; 16], NikSalah> {
    let bersih: String = teks.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}')).collect();
    if !bersih.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NikSalah::BukanAngka);
    }
    let angka: [u8; 16] = bersih.as_bytes().try_into().map_err(|_| NikSalah::Panjang(bersih.len()))?;
    if angka.iter().all(|b| *b == angka[0]) {
        return Err(NikSalah::SemuaSama);
    }
    if angka[0] == b'0' {
        return Err(NikSalah::Sementara);
    }
    if angka[12..] == *b"0000" {
        return Err(NikSalah::SeriNol);
    }
    Ok(angka)
}

fn two(angka: &[u8; 16], dari: usize) -> u32 {
    u32::from(angka[dari] - b'0') * 10 + u32::from(angka[dari + 1] - b'0')
}

/// A day that exists in the year 19YY or 20YY.
fn check_date(hari: u32, bulan: u32, tahun: u32) -> Result<(), NikSalah> {
    let ada = |abad: u32| {
        i32::try_from(abad + tahun).ok().and_then(|tahun| NaiveDate::from_ymd_opt(tahun, bulan, hari)).is_some()
    };
    if ada(1900) || ada(2000) { Ok(()) } else { Err(NikSalah::TanggalMustahil) }
}

/// The NIK that a person of that sex and birth date gets in a kecamatan; for simulated people (serials from 9000).
pub fn susun_nik(kecamatan: &str, jk: JenisKelamin, lahir: NaiveDate, seri: u32) -> String {
    let hari = lahir.day() + if jk == JenisKelamin::Perempuan { 40 } else { 0 };
    format!("{kecamatan}{hari:02}{:02}{:02}{seri:04}", lahir.month(), lahir.year().rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HARI: fn() -> NaiveDate = || NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();

    #[test]
    fn vectors_of_the_domain_text_hold() {
        use JenisKelamin::{Laki, Perempuan};
        for (nik, hasil) in [
            ("1872054509900001", Ok((Perempuan, "1990-09-05"))),
            ("1872051503210002", Ok((Laki, "2021-03-15"))),
            ("1872056902000001", Ok((Perempuan, "2000-02-29"))),
            ("1872053113990001", Err(NikSalah::TanggalMustahil)),
            ("1872057109900001", Err(NikSalah::TanggalMustahil)),
            ("1872052902010001", Err(NikSalah::TanggalMustahil)),
            ("187205450990000", Err(NikSalah::Panjang(15))),
            ("18720545099O0001", Err(NikSalah::BukanAngka)),
            ("1111111111111111", Err(NikSalah::SemuaSama)),
            ("1872054509900000", Err(NikSalah::SeriNol)),
            ("0872054509900001", Err(NikSalah::Sementara)),
        ] {
            let baca = Nik::parse(nik).map(|nik| (nik.jenis_kelamin(), nik.tanggal_lahir(None, HARI()).unwrap()));
            assert_eq!(baca, hasil.map(|(jk, lahir)| (jk, lahir.parse().unwrap())), "{nik}");
        }
    }

    #[test]
    fn the_century_is_the_one_nearest_to_the_stated_birth_date() {
        let nik = Nik::parse("1872050101209001").unwrap();
        let lahir = |teks: &str| teks.parse::<NaiveDate>().unwrap();
        assert_eq!(nik.tanggal_lahir(Some(lahir("1921-01-01")), HARI()), Some(lahir("1920-01-01")));
        assert_eq!(nik.tanggal_lahir(Some(lahir("2019-01-01")), HARI()), Some(lahir("2020-01-01")));
    }

    proptest! {
        #[test]
        fn a_composed_nik_reads_back(hari in 0i64..36_000, perempuan: bool, seri in 9000u32..=9999) {
            let lahir = HARI() - chrono::Duration::days(hari);
            let jk = if perempuan { JenisKelamin::Perempuan } else { JenisKelamin::Laki };
            let nik = Nik::parse(&susun_nik("187205", jk, lahir, seri)).unwrap();
            prop_assert_eq!(nik.jenis_kelamin(), jk);
            prop_assert_eq!(nik.tanggal_lahir(Some(lahir), HARI()), Some(lahir));
            prop_assert_eq!(nik.kode_kecamatan(), "187205");
        }

        #[test]
        fn no_text_makes_it_panic(teks in "\\PC{0,20}") {
            let _ = (Nik::parse(&teks), NoKk::parse(&teks));
        }
    }
}
