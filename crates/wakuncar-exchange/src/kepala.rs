//! Headings to items: keys, printed labels and what other offices call them.

use wakuncar_domain::{Bagian, Butir, fold};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kolom {
    /// Item of a part.
    Butir(Bagian, &'static Butir),
    /// A column that this program has no place for.
    Asing,
}

/// Keys that a table of residents may carry, by part.
const BAGIAN: [Bagian; 5] =
    [Bagian::Anggota, Bagian::KesehatanWarga, Bagian::Rumah, Bagian::RumahTangga, Bagian::Keluarga];

/// Keys of the record itself, which no table may set.
const DALAM: [&str; 11] = [
    "keluarga",
    "rumah_tangga",
    "asal",
    "masuk_tgl",
    "keluar_tgl",
    "keluar_alasan",
    "keluar_ke",
    "pengganti",
    "pendahulu",
    "dipakai_tgl",
    "volume",
];

/// Headings seen elsewhere, folded.
const LAIN: [(&str, &str); 34] = [
    ("nomor rw", "rw"),
    ("nomor rt", "rt"),
    ("dasa wisma", "dasawisma"),
    ("kelompok dasawisma", "dasawisma"),
    ("kelompok dasa wisma", "dasawisma"),
    ("no rumah", "no_rumah"),
    ("nomor rumah", "no_rumah"),
    ("nomor kk", "no_kk"),
    ("no kartu keluarga", "no_kk"),
    ("nomor kartu keluarga", "no_kk"),
    ("kk", "no_kk"),
    ("no ktp", "nik"),
    ("no nik", "nik"),
    ("nomor ktp", "nik"),
    ("nomor induk kependudukan", "nik"),
    ("nama lengkap", "nama_lengkap"),
    ("nama warga", "nama_lengkap"),
    ("nama anggota keluarga", "nama_lengkap"),
    ("l p", "jenis_kelamin"),
    ("lp", "jenis_kelamin"),
    ("jk", "jenis_kelamin"),
    ("kelamin", "jenis_kelamin"),
    ("tgl lahir", "tanggal_lahir"),
    ("tanggal lahir", "tanggal_lahir"),
    ("tgl lahir umur", "tanggal_lahir"),
    ("hubungan", "hubungan_kk"),
    ("hubungan dalam keluarga", "hubungan_kk"),
    ("shdk", "hubungan_kk"),
    ("status hubungan dalam keluarga", "hubungan_kk"),
    ("status kawin", "status_perkawinan"),
    ("status dalam perkawinan", "status_perkawinan"),
    ("pendidikan terakhir", "pendidikan"),
    ("kepala rumah tangga", "nama_krt"),
    ("nama krt", "nama_krt"),
];

fn lipat(judul: &str) -> String {
    let bersih: String = judul.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    fold(&bersih)
}

/// The item that a heading names.
pub(crate) fn kolom(judul: &str) -> Kolom {
    let judul = lipat(judul);
    let kunci = LAIN.iter().find(|(lain, _)| *lain == judul).map(|(_, kunci)| *kunci);
    let cocok = |butir: &Butir| match kunci {
        Some(kunci) => butir.kunci == kunci,
        None => lipat(butir.kunci) == judul || lipat(butir.label) == judul,
    };
    for bagian in BAGIAN {
        let butir = bagian.butir().iter().filter(|butir| !DALAM.contains(&butir.kunci));
        // An exact key wins over a label that another item happens to share.
        if let Some(butir) = butir.clone().find(|butir| lipat(butir.kunci) == judul) {
            return Kolom::Butir(bagian, butir);
        }
        if let Some(butir) = butir.clone().find(|butir| cocok(butir)) {
            return Kolom::Butir(bagian, butir);
        }
    }
    Kolom::Asing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_every_printed_label_is_recognised() {
        for bagian in BAGIAN {
            for butir in bagian.butir().iter().filter(|butir| !DALAM.contains(&butir.kunci)) {
                for judul in [butir.kunci.to_owned(), butir.kunci.to_uppercase(), butir.kunci.replace('_', " ")] {
                    assert_eq!(kolom(&judul), Kolom::Butir(bagian, butir), "{judul}");
                }
                let Kolom::Butir(_, found) = kolom(butir.label) else { panic!("{}", butir.label) };
                assert_eq!(found.label, butir.label);
            }
        }
    }

    #[test]
    fn what_other_offices_write_is_recognised() {
        for (judul, kunci) in [
            ("Nomor KK", "no_kk"),
            ("NO. KK", "no_kk"),
            ("L/P", "jenis_kelamin"),
            ("  Tgl. Lahir ", "tanggal_lahir"),
            ("Tgl. Lahir / Umur", "tanggal_lahir"),
            ("Hubungan", "hubungan_kk"),
            ("No. Rumah", "no_rumah"),
            ("Nama", "nama_lengkap"),
        ] {
            let Kolom::Butir(_, butir) = kolom(judul) else { panic!("{judul}") };
            assert_eq!(butir.kunci, kunci, "{judul}");
        }
        assert_eq!(kolom("Hobi"), Kolom::Asing);
        assert_eq!(kolom("keluar_tgl"), Kolom::Asing, "a table may not end a membership");
    }
}
