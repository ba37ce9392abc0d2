//! What could not be taken, for the person who can correct it.

use wakuncar_domain::{JawabanSalah, NikSalah};

/// Why a row was refused, or a note about a row that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KodeTolakan {
    /// A cell that every row needs is empty.
    WajibKosong,
    /// The cell does not fit its item.
    Jawaban(JawabanSalah),
    /// The NIK or KK number cannot be one.
    Nomor(NikSalah),
    /// A spreadsheet kept the number as a number and threw its last digits away.
    Dibulatkan,
    /// The same person stands on an earlier row.
    Ganda {
        /// That row.
        baris: usize,
    },
    /// The person is known here as one who died or moved away; the row is passed over.
    SudahKeluar,
    /// An earlier row of the same house or rumah tangga says something else; that one was taken.
    Berbeda {
        /// What the earlier row says.
        dipakai: String,
    },
}

impl KodeTolakan {
    /// The code in JSON.
    pub fn kode(&self) -> &'static str {
        match self {
            KodeTolakan::WajibKosong => "wajib_kosong",
            KodeTolakan::Jawaban(_) => "jawaban_salah",
            KodeTolakan::Nomor(NikSalah::Sementara) => "nomor_sementara",
            KodeTolakan::Nomor(_) => "nomor_mustahil",
            KodeTolakan::Dibulatkan => "angka_dibulatkan",
            KodeTolakan::Ganda { .. } => "ganda",
            KodeTolakan::SudahKeluar => "sudah_keluar",
            KodeTolakan::Berbeda { .. } => "berbeda",
        }
    }

    /// The reason and the remedy in the words of the file that goes back to the office.
    pub fn alasan(&self) -> String {
        match self {
            KodeTolakan::WajibKosong => "Kolom ini harus diisi.".into(),
            KodeTolakan::Jawaban(salah) => match salah {
                JawabanSalah::BukanPilihan => "Isi ini tidak ada dalam daftar pilihan.".into(),
                JawabanSalah::BukanYaTidak => "Tulis ya atau tidak.".into(),
                JawabanSalah::BukanTanggal => "Tanggal tidak ada. Tulis seperti 1990-08-17 atau 17/08/1990.".into(),
                JawabanSalah::BukanAngka => "Tulis angka saja.".into(),
                JawabanSalah::DiLuarBatas { min, maks } => format!("Tulis angka dari {min} sampai {maks}."),
                JawabanSalah::TerlaluPanjang { maks } => format!("Terlalu panjang, paling banyak {maks} huruf."),
                JawabanSalah::JenisLain => "Isi ini tidak cocok dengan kolomnya.".into(),
            },
            KodeTolakan::Nomor(salah) => match salah {
                NikSalah::Panjang(ada) => format!("Nomor ini {ada} angka, seharusnya 16."),
                NikSalah::BukanAngka => "Nomor ini berisi huruf. Tulis 16 angka.".into(),
                NikSalah::SemuaSama | NikSalah::SeriNol => "Nomor ini bukan nomor sebenarnya. Kosongkan saja.".into(),
                NikSalah::TanggalMustahil => "Tanggal di dalam nomor ini tidak ada. Periksa lagi nomornya.".into(),
                NikSalah::Sementara => "Nomor sementara (diawali 0) dianggap belum ada.".into(),
            },
            KodeTolakan::Dibulatkan => {
                "Angka terakhir hilang karena disimpan sebagai angka. Ubah kolom ini menjadi teks, lalu tulis lagi."
                    .into()
            }
            KodeTolakan::Ganda { baris } => format!("Orang yang sama sudah ada di baris {baris}."),
            KodeTolakan::SudahKeluar => "Orang ini sudah dicatat pindah atau meninggal. Barisnya dilewati.".into(),
            KodeTolakan::Berbeda { dipakai } => {
                format!("Baris lain dari rumah ini berisi \"{dipakai}\"; itu yang dipakai.")
            }
        }
    }
}

/// A refused row, or a note, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolakan {
    /// Row in the file; the headings are row 1.
    pub baris: usize,
    /// Heading of the column.
    pub kolom: String,
    /// Why.
    pub kode: KodeTolakan,
    /// What stands there.
    pub isi: String,
}

/// The refusals as CSV (UTF-8 with a mark, for spreadsheets): row, column, reason, content. Contents that a
/// spreadsheet would take for a formula are quoted with an apostrophe.
///
/// # Errors
/// None in practice: the bytes are in memory.
pub fn tolakan_csv(tolakan: &[Tolakan]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(["baris", "kolom", "kode", "alasan", "isi"])?;
    for satu in tolakan {
        let baris = satu.baris.to_string();
        let isi = if satu.isi.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{}", satu.isi)
        } else {
            satu.isi.clone()
        };
        writer.write_record([&baris, &satu.kolom, satu.kode.kode(), &satu.kode.alasan(), &isi])?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
