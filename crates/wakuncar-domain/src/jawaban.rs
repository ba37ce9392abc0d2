//! From the text of a file, a prompt or a screen to an answer, and the bounds of an answer.

use chrono::NaiveDate;

use crate::{Butir, Desimal, Isian, Jenis, Nilai};

/// Why a text is not an answer to an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JawabanSalah {
    /// Not one of the choices.
    #[error("not one of the choices")]
    BukanPilihan,
    /// Neither yes nor no.
    #[error("neither yes nor no")]
    BukanYaTidak,
    /// Not a day that exists.
    #[error("not a day that exists; write YYYY-MM-DD or DD/MM/YYYY")]
    BukanTanggal,
    /// Not a number.
    #[error("not a number")]
    BukanAngka,
    /// Outside the bounds.
    #[error("outside {min} to {maks}")]
    DiLuarBatas {
        /// Least value.
        min: i64,
        /// Greatest value.
        maks: i64,
    },
    /// Too long.
    #[error("longer than {maks} characters")]
    TerlaluPanjang {
        /// Longest text.
        maks: usize,
    },
    /// Another kind of value than the item takes.
    #[error("another kind of value than the item takes")]
    JenisLain,
}

const TIDAK_TAHU: [&str; 3] = ["?", "tidak tahu", "tdk tahu"];
const YA: [&str; 9] = ["ya", "y", "iya", "1", "v", "x", "sudah", "ada", "benar"];
const TIDAK: [&str; 9] = ["tidak", "t", "tdk", "0", "-", "belum", "tidak ada", "bukan", "n"];
const BULAN: [&str; 12] = [
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
];

/// Lower case, single spaces, with `_`, `-` between words read as a space.
pub fn fold(teks: &str) -> String {
    let sisip = |c: char| if c == '_' { ' ' } else { c };
    let teks: String = teks.trim().chars().map(sisip).flat_map(char::to_lowercase).collect();
    teks.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Butir {
    /// Reads an answer as files, prompts and screens write it. Empty is `Kosong`; `?` and *tidak tahu* are
    /// `TidakTahu`. Choices are taken by code, printed label or known spelling in any case; days as
    /// `YYYY-MM-DD`, `DD/MM/YYYY`, `DD-MM-YYYY` or `17 Agustus 1990`.
    ///
    /// # Errors
    /// [`JawabanSalah`] says what is wrong; never guesses.
    pub fn parse(&self, teks: &str) -> Result<Isian<Nilai>, JawabanSalah> {
        let rapi = teks.trim();
        let lipat = fold(rapi);
        if rapi.is_empty() {
            return Ok(Isian::Kosong);
        }
        if TIDAK_TAHU.contains(&lipat.as_str()) {
            return Ok(Isian::TidakTahu);
        }
        let nilai = match self.jenis {
            Jenis::Teks { .. } => Nilai::Teks(rapi.to_owned()),
            Jenis::Bulat { .. } => {
                Nilai::Bulat(rapi.strip_suffix(".0").unwrap_or(rapi).parse().map_err(|_| JawabanSalah::BukanAngka)?)
            }
            Jenis::Desimal => Nilai::Desimal(Desimal::parse(rapi).ok_or(JawabanSalah::BukanAngka)?),
            Jenis::YaTidak if YA.contains(&lipat.as_str()) => Nilai::YaTidak(true),
            Jenis::YaTidak if TIDAK.contains(&lipat.as_str()) => Nilai::YaTidak(false),
            Jenis::YaTidak => return Err(JawabanSalah::BukanYaTidak),
            Jenis::Tanggal => Nilai::Tanggal(parse_tanggal(rapi).ok_or(JawabanSalah::BukanTanggal)?),
            Jenis::Pilihan(opsi) => {
                let cocok =
                    |sebut: &str| fold(sebut) == lipat || fold(sebut).replace('-', " ") == lipat.replace('-', " ");
                let satu = opsi
                    .iter()
                    .find(|satu| cocok(satu.kode) || cocok(satu.label) || satu.ejaan.iter().any(|sebut| cocok(sebut)));
                Nilai::Pilihan(satu.ok_or(JawabanSalah::BukanPilihan)?.kode)
            }
        };
        self.check(&nilai)?;
        Ok(Isian::Terisi(nilai))
    }

    /// Whether a value is of the item's kind and within its bounds.
    ///
    /// # Errors
    /// [`JawabanSalah`] names the bound.
    pub fn check(&self, nilai: &Nilai) -> Result<(), JawabanSalah> {
        match (self.jenis, nilai) {
            (Jenis::Teks { maks }, Nilai::Teks(teks)) if teks.chars().count() > maks => {
                Err(JawabanSalah::TerlaluPanjang { maks })
            }
            (Jenis::Bulat { min, maks }, Nilai::Bulat(angka)) if !(min..=maks).contains(angka) => {
                Err(JawabanSalah::DiLuarBatas { min, maks })
            }
            (Jenis::Desimal, Nilai::Desimal(angka)) if angka.ribuan() < 0 => {
                Err(JawabanSalah::DiLuarBatas { min: 0, maks: 999_999_999 })
            }
            (Jenis::Pilihan(opsi), Nilai::Pilihan(kode)) if !opsi.iter().any(|satu| satu.kode == *kode) => {
                Err(JawabanSalah::BukanPilihan)
            }
            (Jenis::Teks { .. }, Nilai::Teks(_))
            | (Jenis::Bulat { .. }, Nilai::Bulat(_))
            | (Jenis::Desimal, Nilai::Desimal(_))
            | (Jenis::YaTidak, Nilai::YaTidak(_))
            | (Jenis::Tanggal, Nilai::Tanggal(_))
            | (Jenis::Pilihan(_), Nilai::Pilihan(_)) => Ok(()),
            _ => Err(JawabanSalah::JenisLain),
        }
    }
}

fn parse_tanggal(teks: &str) -> Option<NaiveDate> {
    let teks = teks.split_once(['T']).filter(|(hari, _)| hari.len() == 10).map_or(teks, |(hari, _)| hari);
    let teks = teks.strip_suffix(" 00:00:00").unwrap_or(teks);
    let ruas: Vec<&str> = teks.split(['-', '/', '.', ' ']).filter(|ruas| !ruas.is_empty()).collect();
    let [a, b, c] = ruas[..] else { return None };
    let angka = |ruas: &str| ruas.bytes().all(|b| b.is_ascii_digit()).then(|| ruas.parse::<u32>().ok()).flatten();
    let bulan = |ruas: &str| {
        angka(ruas).or_else(|| {
            let kecil = ruas.to_lowercase();
            let ke = BULAN.iter().position(|nama| *nama == kecil || (kecil.len() == 3 && nama.starts_with(&kecil)))?;
            u32::try_from(ke + 1).ok()
        })
    };
    let (tahun, bulan, hari) =
        if a.len() == 4 { (angka(a)?, bulan(b)?, angka(c)?) } else { (angka(c)?, bulan(b)?, angka(a)?) };
    // Two-digit years would have to be guessed; four digits are asked for.
    if !(1000..=9999).contains(&tahun) {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(tahun).ok()?, bulan, hari)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catatan::semua_butir;

    fn butir(kunci: &str) -> &'static Butir {
        semua_butir().map(|(_, butir)| butir).find(|butir| butir.kunci == kunci).unwrap()
    }

    fn hari(teks: &str) -> Isian<Nilai> {
        Isian::Terisi(Nilai::Tanggal(teks.parse().unwrap()))
    }

    #[test]
    fn every_code_label_and_spelling_gives_its_own_choice() {
        for (bagian, butir) in semua_butir() {
            let Jenis::Pilihan(opsi) = butir.jenis else { continue };
            for satu in opsi {
                for sebut in [satu.kode, satu.label].into_iter().chain(satu.ejaan.iter().copied()) {
                    for tulis in [sebut.to_owned(), sebut.to_uppercase(), format!("  {sebut} ")] {
                        assert_eq!(
                            butir.parse(&tulis),
                            Ok(Isian::Terisi(Nilai::Pilihan(satu.kode))),
                            "{bagian:?} {} {tulis}",
                            butir.kunci
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn keys_are_unique_in_each_part() {
        for bagian in crate::Bagian::SEMUA {
            let mut kunci: Vec<_> = bagian.butir().iter().map(|butir| butir.kunci).collect();
            kunci.sort_unstable();
            kunci.dedup();
            assert_eq!(kunci.len(), bagian.butir().len(), "{bagian:?}");
        }
    }

    #[test]
    fn an_empty_cell_a_question_mark_and_an_answer_are_three_things() {
        for (teks, isi) in [
            ("", Isian::Kosong),
            ("  ", Isian::Kosong),
            ("?", Isian::TidakTahu),
            ("Tidak Tahu", Isian::TidakTahu),
            ("Ya", Isian::Terisi(Nilai::YaTidak(true))),
            ("tidak ada", Isian::Terisi(Nilai::YaTidak(false))),
        ] {
            assert_eq!(butir("punya_spal").parse(teks), Ok(isi), "{teks}");
        }
    }

    #[test]
    fn days_are_read_in_four_forms_and_never_guessed() {
        for teks in ["1990-08-17", "17/08/1990", "17-8-1990", "17 Agustus 1990", "17 Agu 1990", "1990-08-17 00:00:00"] {
            assert_eq!(butir("tanggal_lahir").parse(teks), Ok(hari("1990-08-17")), "{teks}");
        }
        for teks in ["31/02/1990", "17/08/90", "1990", "kemarin", "17/13/1990", "0017-08-1990"] {
            assert_eq!(butir("tanggal_lahir").parse(teks), Err(JawabanSalah::BukanTanggal), "{teks}");
        }
    }

    #[test]
    fn bounds_are_named() {
        assert_eq!(butir("jumlah_jamban").parse("21"), Err(JawabanSalah::DiLuarBatas { min: 0, maks: 20 }));
        assert_eq!(butir("nama_lengkap").parse(&"A".repeat(61)), Err(JawabanSalah::TerlaluPanjang { maks: 60 }));
        assert_eq!(butir("jumlah_jamban").parse("dua"), Err(JawabanSalah::BukanAngka));
        assert_eq!(butir("jenis_kelamin").parse("Sukarno"), Err(JawabanSalah::BukanPilihan));
    }
}
