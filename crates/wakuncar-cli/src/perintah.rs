//! What can be typed.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

/// Wakuncar: data rumah tangga kelurahan, tanpa internet.
#[derive(Debug, Parser)]
#[command(name = "wakuncar", version, disable_help_subcommand = false)]
pub(crate) struct Wakuncar {
    /// Folder data. Folder baru yang disebut di sini menyimpan kuncinya sebagai berkas (untuk uji dan latihan).
    #[arg(long, global = true)]
    pub(crate) data: Option<PathBuf>,
    /// Cetak JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Bahasa pesan: id atau en.
    #[arg(long, global = true, default_value = "id", value_parser = ["id", "en"])]
    pub(crate) lang: String,
    #[command(subcommand)]
    pub(crate) perintah: Perintah,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Perintah {
    /// Masukkan daftar warga dari CSV atau XLSX.
    Impor {
        /// Berkas.
        berkas: PathBuf,
        /// Tempat menulis baris yang ditolak (biasanya di samping berkas).
        #[arg(long)]
        tolakan: Option<PathBuf>,
    },
    /// Rumah: daftar, lihat, tambah, ubah, setuju.
    #[command(subcommand)]
    Rumah(Rumah),
    /// Warga: cari, lihat, tambah, ubah, pindah, meninggal.
    #[command(subcommand)]
    Warga(Warga),
    /// Rekap PKK.
    Rekap {
        /// Lampiran: 4.16a atau 4.16b.
        lampiran: String,
        #[command(flatten)]
        wilayah: Wilayah,
        /// Tanggal acuan (YYYY-MM-DD); tanpa ini: hari ini.
        #[arg(long)]
        tgl_acuan: Option<NaiveDate>,
        /// Tulis sebagai XLSX.
        #[arg(long)]
        xlsx: Option<PathBuf>,
    },
    /// Tulis kelurahan buatan untuk latihan dan uji: warga.csv, pengukuran.csv, kunci.json.
    Simulasi {
        /// Folder tujuan; yang sudah ada di sana tidak ditimpa.
        #[arg(long)]
        keluar: PathBuf,
        /// Benih: benih yang sama menulis berkas yang sama.
        #[arg(long, default_value_t = 1)]
        benih: u64,
        /// Jumlah rumah.
        #[arg(long, default_value_t = 2200)]
        rumah: usize,
        /// Hari pendataan (YYYY-MM-DD).
        #[arg(long, default_value = "2021-11-09")]
        hari: NaiveDate,
    },
    /// Di mana data setiap rumah berada.
    Status,
    /// Periksa keutuhan data.
    Periksa {
        /// Tulis ulang yang tidak cocok dari catatan perubahan.
        #[arg(long)]
        perbaiki: bool,
    },
    /// Tulis setiap rumah sebagai berkas Automerge dan JSON.
    Ekspor {
        /// Folder tujuan.
        #[arg(long)]
        keluar: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Wilayah {
    /// RW, tiga angka.
    #[arg(long)]
    pub(crate) rw: Option<String>,
    /// RT, tiga angka.
    #[arg(long)]
    pub(crate) rt: Option<String>,
    /// Dasawisma.
    #[arg(long)]
    pub(crate) dasawisma: Option<String>,
}

/// Isi sebagai objek JSON; tanpa ini dibaca dari masukan baku.
#[derive(Debug, Args)]
pub(crate) struct Isi {
    /// Objek JSON.
    #[arg(long)]
    pub(crate) isi: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rumah {
    /// Daftar rumah.
    Daftar {
        #[command(flatten)]
        wilayah: Wilayah,
    },
    /// Satu rumah dengan semua isinya.
    Lihat {
        /// Nomor tetap rumah.
        id: String,
    },
    /// Rumah baru.
    Tambah {
        #[command(flatten)]
        isi: Isi,
    },
    /// Ubah jawaban.
    Ubah {
        /// Nomor tetap rumah.
        id: String,
        #[command(flatten)]
        isi: Isi,
    },
    /// Catat persetujuan keluarga.
    Setuju {
        /// Nomor tetap rumah.
        id: String,
        /// Siapa yang menyetujui.
        #[arg(long)]
        pemberi: String,
        /// Siapa yang mendengar.
        #[arg(long, default_value = "")]
        saksi: String,
        /// Termasuk data kesehatan.
        #[arg(long)]
        kesehatan: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Warga {
    /// Cari menurut bagian nama, NIK atau nomor rumah.
    Cari {
        /// Bagian nama, NIK atau nomor rumah.
        teks: String,
    },
    /// Satu orang.
    Lihat {
        /// Nomor tetap warga.
        id: String,
    },
    /// Orang baru di sebuah rumah; `krt` dan `no_kk` menentukan tempatnya.
    Tambah {
        /// Nomor tetap rumah.
        #[arg(long)]
        rumah: String,
        #[command(flatten)]
        isi: Isi,
    },
    /// Ubah jawaban.
    Ubah {
        /// Nomor tetap warga.
        id: String,
        #[command(flatten)]
        isi: Isi,
    },
    /// Catat pindah.
    Pindah {
        /// Nomor tetap warga.
        id: String,
        /// Tanggal kejadian.
        #[arg(long)]
        tgl: NaiveDate,
        /// Rumah tujuan di kelurahan ini, bila diketahui.
        #[arg(long)]
        ke: Option<String>,
        /// Keterangan.
        #[arg(long, default_value = "")]
        keterangan: String,
    },
    /// Catat meninggal.
    Meninggal {
        /// Nomor tetap warga.
        id: String,
        /// Tanggal kejadian.
        #[arg(long)]
        tgl: NaiveDate,
        /// Keterangan.
        #[arg(long, default_value = "")]
        keterangan: String,
    },
}
