//! The recap books as tables of columns, copied from the printed ones (Rakernas IX 2021 and X, DOMAIN §2.8.2).

use crate::Metrik;

/// A recap book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lampiran {
    /// Kelompok dasawisma; a row is a rumah tangga.
    L416a,
    /// Kelompok PKK RT; a row is a dasawisma.
    L416b,
}

/// Columns that share a heading within their group: the heading and what parts them.
pub(crate) const fn belahan(metrik: Metrik) -> Option<(&'static str, &'static str)> {
    match metrik {
        Metrik::TL => Some(("TOTAL", "L")),
        Metrik::TP => Some(("TOTAL", "P")),
        Metrik::BalL => Some(("BALITA", "L")),
        Metrik::BalP => Some(("BALITA", "P")),
        _ => None,
    }
}

/// A counted column with the headings above it, as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kolom {
    /// The headings that it shares with its neighbours, from the outermost in.
    pub grup: Vec<&'static str>,
    /// Its own heading.
    pub judul: &'static str,
    /// What is counted.
    pub metrik: Metrik,
}

/// Columns under one heading of the book.
pub(crate) struct Kelompok {
    pub(crate) judul: &'static str,
    pub(crate) metrik: &'static [Metrik],
}

const ANGGOTA: &[Metrik] = &[
    Metrik::TL,
    Metrik::TP,
    Metrik::BalL,
    Metrik::BalP,
    Metrik::Pus,
    Metrik::Wus,
    Metrik::Hamil,
    Metrik::Susu,
    Metrik::Lans,
    Metrik::Buta3,
    Metrik::Abk,
];
const RUMAH: &[Metrik] = &[Metrik::Rsh, Metrik::Rtsh, Metrik::Smp, Metrik::Spal, Metrik::MckB];
const AIR: &[Metrik] = &[Metrik::AirPdam, Metrik::AirSumur, Metrik::AirDll];
const MAKANAN: &[Metrik] = &[Metrik::Beras, Metrik::Nonb];
const KEGIATAN: &[Metrik] = &[Metrik::Up2k, Metrik::Pkr, Metrik::Irt, Metrik::Ksl];

impl Lampiran {
    /// The number printed on it, as the command line takes it.
    pub const fn nomor(self) -> &'static str {
        match self {
            Lampiran::L416a => "4.16a",
            Lampiran::L416b => "4.16b",
        }
    }

    /// The book of that number.
    pub fn parse(nomor: &str) -> Option<Self> {
        [Lampiran::L416a, Lampiran::L416b].into_iter().find(|lampiran| lampiran.nomor() == nomor)
    }

    /// Its title.
    pub const fn judul(self) -> &'static str {
        match self {
            Lampiran::L416a => "REKAPITULASI CATATAN DATA DAN KEGIATAN WARGA KELOMPOK DASA WISMA",
            Lampiran::L416b => "REKAPITULASI CATATAN DATA DAN KEGIATAN WARGA KELOMPOK PKK RT",
        }
    }

    /// Heading of the second column: whom a row is about.
    pub const fn judul_baris(self) -> &'static str {
        match self {
            Lampiran::L416a => "NAMA KEPALA RUMAH TANGGA",
            Lampiran::L416b => "NAMA DASA WISMA",
        }
    }

    /// The leading counts that stand alone, then the groups.
    pub(crate) const fn kolom(self) -> (&'static [Metrik], [Kelompok; 5]) {
        let (depan, judul_rumah): (&[Metrik], _) = match self {
            Lampiran::L416a => (&[Metrik::JmlKk], "KRITERIA RUMAH"),
            Lampiran::L416b => (&[Metrik::JmlKrt, Metrik::JmlKk], "JUMLAH RUMAH"),
        };
        let judul_air = match self {
            Lampiran::L416a => "SUMBER AIR KELUARGA",
            Lampiran::L416b => "SUMBER AIR",
        };
        let kelompok = [
            Kelompok { judul: "JUMLAH ANGGOTA KELUARGA", metrik: ANGGOTA },
            Kelompok { judul: judul_rumah, metrik: RUMAH },
            Kelompok { judul: judul_air, metrik: AIR },
            Kelompok { judul: "MAKANAN", metrik: MAKANAN },
            Kelompok { judul: "WARGA MENGIKUTI KEGIATAN", metrik: KEGIATAN },
        ];
        (depan, kelompok)
    }

    /// The counted columns with their headings in the order of the print, after NO and the row's name.
    pub fn kolom_cetak(self) -> Vec<Kolom> {
        let (depan, kelompok) = self.kolom();
        let satu = |judul: Option<&'static str>, metrik: Metrik| {
            let (belah, sendiri) = belahan(metrik).map_or((None, metrik.judul()), |(grup, belah)| (Some(grup), belah));
            Kolom { grup: judul.into_iter().chain(belah).collect(), judul: sendiri, metrik }
        };
        let depan = depan.iter().map(|metrik| satu(None, *metrik));
        let lain = kelompok.iter().flat_map(|grup| grup.metrik.iter().map(|metrik| satu(Some(grup.judul), *metrik)));
        depan.chain(lain).collect()
    }

    /// The counted columns in the order of the print, after NO and the row's name.
    pub fn metrik(self) -> Vec<Metrik> {
        let (depan, kelompok) = self.kolom();
        depan.iter().chain(kelompok.iter().flat_map(|kelompok| kelompok.metrik)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_stands_under_the_headings_of_the_print() {
        let kolom = Lampiran::L416b.kolom_cetak();
        assert_eq!(kolom.iter().map(|kolom| kolom.metrik).collect::<Vec<_>>(), Lampiran::L416b.metrik());
        let (krt, total_l) = (&kolom[0], &kolom[2]);
        assert_eq!((krt.grup.as_slice(), krt.judul), (&[][..], "JML KRT"));
        assert_eq!((total_l.grup.as_slice(), total_l.judul), (&["JUMLAH ANGGOTA KELUARGA", "TOTAL"][..], "L"));
    }

    #[test]
    fn the_books_have_the_columns_of_the_print() {
        // NO, name, counts, KET.
        assert_eq!(Lampiran::L416a.metrik().len() + 3, 29);
        assert_eq!(Lampiran::L416b.metrik().len() + 3, 30);
        let kode: Vec<_> = Lampiran::L416a.metrik().into_iter().map(Metrik::kode).collect();
        assert_eq!(
            kode.join(" "),
            "JML_KK T_L T_P BAL_L BAL_P PUS WUS HAMIL SUSU LANS BUTA3 ABK RSH RTSH SMP SPAL MCK_B AIR_PDAM AIR_SUMUR \
             AIR_DLL BERAS NONB UP2K PKR IRT KSL"
        );
    }
}
