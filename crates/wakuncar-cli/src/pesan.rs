//! Every sentence of the prompt, in Indonesian and English.

use std::path::Path;

use wakuncar_app::{Error, HasilImpor, Periksa};

use crate::jalan::Galat;

/// The language of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bahasa {
    Indonesia,
    Inggris,
}

impl Bahasa {
    pub(crate) fn of(kode: &str) -> Self {
        if kode == "en" { Bahasa::Inggris } else { Bahasa::Indonesia }
    }

    fn pilih<'a>(self, indonesia: &'a str, inggris: &'a str) -> &'a str {
        match self {
            Bahasa::Indonesia => indonesia,
            Bahasa::Inggris => inggris,
        }
    }
}

pub(crate) fn kunci_berkas(bahasa: Bahasa, dir: &Path) -> String {
    let dir = dir.display();
    match bahasa {
        Bahasa::Indonesia => {
            format!("Perhatian: kunci data disimpan sebagai berkas di {dir}. Hanya untuk uji dan latihan.")
        }
        Bahasa::Inggris => format!("Note: the key of these data is a file in {dir}. For tests and practice only."),
    }
}

pub(crate) fn tidak_ditimpa(bahasa: Bahasa, berkas: &Path) -> String {
    let berkas = berkas.display();
    match bahasa {
        Bahasa::Indonesia => format!("{berkas} sudah ada dengan isi lain dan tidak ditimpa; pilih folder lain"),
        Bahasa::Inggris => format!("{berkas} is there with other content and is left as it is; choose another folder"),
    }
}

pub(crate) fn impor(bahasa: Bahasa, hasil: &HasilImpor) -> String {
    let HasilImpor { baris, rumah_baru, rumah_berubah, rumah_sama, warga_baru, .. } = hasil;
    let ditolak = hasil.tolakan.len();
    let mut teks = match bahasa {
        Bahasa::Indonesia => format!(
            "{baris} baris dibaca ({}). Rumah: {rumah_baru} baru, {rumah_berubah} berubah, {rumah_sama} tetap. \
             Warga baru: {warga_baru}. Ditolak: {ditolak}.",
            hasil.pengodean
        ),
        Bahasa::Inggris => format!(
            "{baris} rows read ({}). Houses: {rumah_baru} new, {rumah_berubah} changed, {rumah_sama} unchanged. \
             New people: {warga_baru}. Refused: {ditolak}.",
            hasil.pengodean
        ),
    };
    for (satu, awal) in
        hasil.tolakan.iter().take(10).map(|t| (t, "✗")).chain(hasil.catatan.iter().take(10).map(|t| (t, "·")))
    {
        let baris = bahasa.pilih("baris", "row");
        teks.push_str(&format!(
            "\n{awal} {baris} {}, {}: {} ({})",
            satu.baris,
            satu.kolom,
            satu.kode.alasan(),
            satu.isi
        ));
    }
    if let Some(berkas) = &hasil.berkas_tolakan {
        let semua = bahasa.pilih("Semua yang ditolak ada di", "All refused rows are in");
        teks.push_str(&format!("\n{semua} {}", berkas.display()));
    }
    if !hasil.kolom_asing.is_empty() {
        let asing = bahasa.pilih("Kolom yang tidak dikenal", "Columns not known");
        teks.push_str(&format!("\n{asing}: {}", hasil.kolom_asing.join(", ")));
    }
    teks
}

pub(crate) fn periksa(bahasa: Bahasa, hasil: &Periksa) -> String {
    if hasil.temuan.is_empty() {
        return match bahasa {
            Bahasa::Indonesia => format!("Bersih: {} rumah utuh.", hasil.rumah),
            Bahasa::Inggris => format!("Clean: {} houses are whole.", hasil.rumah),
        };
    }
    let mut teks: String = hasil.temuan.iter().map(|t| format!("{} {}\n", t.kode, t.tempat)).collect();
    teks.push_str(&match bahasa {
        Bahasa::Indonesia => format!("{} diperbaiki. Jalankan: wakuncar periksa --perbaiki", hasil.diperbaiki),
        Bahasa::Inggris => format!("{} repaired. Run: wakuncar periksa --perbaiki", hasil.diperbaiki),
    });
    teks
}

pub(crate) fn tersimpan(bahasa: Bahasa) -> &'static str {
    bahasa.pilih("✓ Tersimpan di perangkat ini", "✓ Saved on this device")
}

pub(crate) fn ditulis(bahasa: Bahasa, path: &Path) -> String {
    format!("{} {}", bahasa.pilih("Ditulis:", "Written:"), path.display())
}

pub(crate) fn status(bahasa: Bahasa, rumah: usize, antrean: u32) -> String {
    match bahasa {
        Bahasa::Indonesia => format!("{rumah} rumah. {antrean} perubahan tersimpan di perangkat ini, belum terkirim."),
        Bahasa::Inggris => format!("{rumah} houses. {antrean} changes saved on this device, not sent yet."),
    }
}

/// What happened, whether the data are safe, what to do.
pub(crate) fn galat(bahasa: Bahasa, galat: &Galat) -> String {
    if bahasa == Bahasa::Inggris {
        return format!("Error: {galat}");
    }
    let Galat::App(error) = galat else {
        return format!("Perintah tidak jelas: {galat}. Lihat: wakuncar help");
    };
    match error.as_ref() {
        Error::PersetujuanPerlu(modul) => format!(
            "Belum ada persetujuan keluarga untuk data {modul}. Catat dulu: wakuncar rumah setuju ID --pemberi NAMA{}",
            if *modul == "kesehatan" { " --kesehatan" } else { "" }
        ),
        Error::NoSuchRumah => "Rumah itu tidak ada. Lihat: wakuncar rumah daftar".into(),
        Error::NoSuchWarga => "Orang itu tidak ada. Lihat: wakuncar warga cari NAMA".into(),
        Error::Isian { jalur, sebab } => format!("{jalur}: {sebab}. Tidak ada yang diubah."),
        Error::Table(wakuncar_app::exchange::Error::KolomHilang(kolom)) => {
            format!(
                "Kolom ini tidak ada dalam berkas: {}. Tambahkan, lalu ulangi. Tidak ada yang diubah.",
                kolom.join(", ")
            )
        }
        Error::Table(salah) => {
            format!("Berkas tidak terbaca ({salah}). Simpan sebagai CSV atau XLSX. Tidak ada yang diubah.")
        }
        Error::File { path, error } => format!("Berkas {path}: {error}. Tidak ada yang diubah."),
        lain => match lain.code() {
            "sedang_dipakai" => "Folder data sedang dipakai program lain. Tutup dulu. Data aman.".into(),
            "kunci_hilang" => {
                "Kunci folder data ini tidak ada. Tidak ada yang diubah. Kembalikan berkas kuncinya.".into()
            }
            "sandi_salah" => "Kata sandi salah. Data aman.".into(),
            "sandi_perlu" => "Folder ini dibuka dengan kata sandi: isi WAKUNCAR_SANDI.".into(),
            "penyimpan_rahasia" => {
                "Penyimpan rahasia komputer ini tidak menjawab. Isi WAKUNCAR_SANDI dengan kata sandi.".into()
            }
            "penyimpanan_penuh" => {
                "Penyimpanan penuh. Yang sudah tersimpan aman. Kosongkan tempat, lalu ulangi.".into()
            }
            "perbarui_aplikasi" => "Data ini dari Wakuncar yang lebih baru. Perbarui aplikasi. Data aman.".into(),
            "rusak" => "Data rusak atau kuncinya bukan ini. Jalankan: wakuncar periksa --perbaiki".into(),
            _ => format!("{lain}. Yang sudah tersimpan aman."),
        },
    }
}
