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
// `benar` and `salah` are what a spreadsheet in Indonesian writes for TRUE and FALSE.
const YA: [&str; 12] = ["ya", "y", "iya", "1", "v", "x", "sudah", "ada", "benar", "true", "✓", "√"];
const TIDAK: [&str; 11] = ["tidak", "t", "tdk", "0", "-", "belum", "tidak ada", "bukan", "n", "salah", "false"];
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
/// Names of months besides the first three letters, with their number; *Pebruari* and *Nopember* are older spellings.
const BULAN_LAIN: [(&str, u32); 7] =
    [("pebruari", 2), ("peb", 2), ("agt", 8), ("ags", 8), ("sept", 9), ("nopember", 11), ("nop", 11)];

/// Lower case, trimmed, with single spaces; `_` is read as a space.
pub fn fold(teks: &str) -> String {
    let sisip = |c: char| if c == '_' { ' ' } else { c };
    let teks: String = teks.trim().chars().map(sisip).flat_map(char::to_lowercase).collect();
    teks.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A spelling of a choice without what stands between its words: `Orang tua`, `ORANG_TUA` and `orangtua` are one.
fn sebutan(teks: &str) -> String {
    let huruf: String = teks.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if huruf.is_empty() { fold(teks) } else { huruf }
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
                let dicari = sebutan(rapi);
                let cocok = |sebut: &str| sebutan(sebut) == dicari;
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
            // These are how documents and files write `Kosong` and `TidakTahu`.
            (Jenis::Teks { .. }, Nilai::Teks(teks)) if matches!(teks.as_str(), "" | "?") => {
                Err(JawabanSalah::JenisLain)
            }
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
            if let Some((_, ke)) = BULAN_LAIN.iter().find(|(nama, _)| *nama == kecil) {
                return Some(*ke);
            }
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
    use proptest::prelude::*;

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
        for bagian in crate::Bagian::MILIK_RUMAH {
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

    #[test]
    fn a_choice_is_known_whatever_stands_between_its_words() {
        for (kunci, teks, kode) in [
            ("hubungan_kk", "ORANGTUA", "ORANG_TUA"),
            ("hubungan_kk", "Lain - lain", "LAINNYA"),
            ("jenis_kelamin", "Laki - laki", "L"),
            ("pendidikan", "S-1", "S1"),
            ("pendidikan", "D-III", "DIPLOMA"),
            ("pendidikan", "SD / MI", "SD"),
            ("pendidikan", "Akademi/Diploma III/S. Muda", "DIPLOMA"),
            ("pekerjaan", "PETANI/PEKEBUN", "PETANI"),
            ("pekerjaan", "Pegawai Negeri Sipil (PNS)", "PNS"),
            ("makanan_pokok", "nonberas", "NON_BERAS"),
        ] {
            assert_eq!(butir(kunci).parse(teks), Ok(Isian::Terisi(Nilai::Pilihan(kode))), "{kunci} {teks}");
        }
        for teks in ["", "-", "--", "?"] {
            assert!(!matches!(butir("agama").parse(teks), Ok(Isian::Terisi(_))), "{teks}");
        }
    }

    #[test]
    fn a_disability_of_no_named_kind_is_not_made_a_physical_one() {
        let kode = |teks| butir("berkebutuhan_khusus").parse(teks).map(|isi| isi.map(|nilai| nilai.to_string()));
        assert_eq!(kode("ya"), Ok(Isian::Terisi("LAINNYA".into())));
        assert_eq!(kode("-"), Ok(Isian::Terisi("TIDAK".into())));
    }

    #[test]
    fn older_and_shorter_names_of_months_are_read() {
        for (teks, hari_itu) in [
            ("1 Nopember 1970", "1970-11-01"),
            ("28 Pebruari 1970", "1970-02-28"),
            ("5 Agt 1970", "1970-08-05"),
            ("5 Sept. 1970", "1970-09-05"),
        ] {
            assert_eq!(butir("tanggal_lahir").parse(teks), Ok(hari(hari_itu)), "{teks}");
        }
    }

    #[test]
    fn a_thousand_is_not_read_as_one() {
        for teks in ["1.000", "12.500", "1,500,000", "1.000,5"] {
            assert_eq!(butir("volume").parse(teks), Err(JawabanSalah::BukanAngka), "{teks}");
        }
        for (teks, ribuan) in [("1000", 1_000_000), ("8.5", 8500), ("8,125", 8125), ("0.500", 500), ("10,500", 10_500)]
        {
            let nilai = Nilai::Desimal(Desimal::from_ribuan(ribuan));
            assert_eq!(butir("volume").parse(teks), Ok(Isian::Terisi(nilai)), "{teks}");
        }
    }

    #[test]
    fn a_spreadsheets_truth_values_are_yes_and_no() {
        for (teks, ya) in [("TRUE", true), ("BENAR", true), ("✓", true), ("FALSE", false), ("SALAH", false)] {
            assert_eq!(butir("punya_spal").parse(teks), Ok(Isian::Terisi(Nilai::YaTidak(ya))), "{teks}");
        }
    }

    #[test]
    fn a_text_that_would_be_stored_as_something_else_is_refused() {
        for teks in ["", "?"] {
            let nilai = Nilai::Teks(teks.into());
            assert_eq!(butir("nama_lengkap").check(&nilai), Err(JawabanSalah::JenisLain), "{teks}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(n in 0i64..999_999_999_999, ya: bool, teks in "[A-Za-z0-9][A-Za-z0-9 ]{0,8}[A-Z]") {
            for (_, butir) in semua_butir() {
                let nilai = match butir.jenis {
                    Jenis::Teks { .. } => Nilai::Teks(teks.clone()),
                    Jenis::Bulat { maks, .. } => Nilai::Bulat(n % (maks + 1)),
                    Jenis::Desimal => Nilai::Desimal(Desimal::from_ribuan(n)),
                    Jenis::YaTidak => Nilai::YaTidak(ya),
                    Jenis::Tanggal => Nilai::Tanggal(NaiveDate::default() + chrono::Duration::days(n % 99_999)),
                    Jenis::Pilihan(opsi) => {
                        Nilai::Pilihan(opsi[usize::try_from(n).unwrap() % opsi.len()].kode)
                    }
                };
                if butir.check(&nilai).is_ok() {
                    prop_assert_eq!(butir.parse(&nilai.to_string()), Ok(Isian::Terisi(nilai)), "{}", butir.kunci);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(teks in "\\PC{0,20}") {
            for (_, butir) in semua_butir() {
                if let Ok(Isian::Terisi(nilai)) = butir.parse(&teks) {
                    prop_assert_eq!(butir.check(&nilai), Ok(()));
                }
            }
        }
    }
}
