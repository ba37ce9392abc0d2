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
    /// Masukkan daftar warga dari CSV atau XLSX, atau rumah hasil ekspor yang diubah dengan program Automerge lain.
    Impor {
        /// Berkas.
        #[arg(required_unless_present = "automerge")]
        berkas: Option<PathBuf>,
        /// Tempat menulis baris yang ditolak (biasanya di samping berkas).
        #[arg(long)]
        tolakan: Option<PathBuf>,
        /// Berkas ID.dasar.automerge atau ID.kesehatan.automerge hasil ekspor; perubahannya dicatat sebagai
        /// perubahan perangkat ini.
        #[arg(long, conflicts_with_all = ["berkas", "tolakan"])]
        automerge: Option<PathBuf>,
    },
    /// Rumah: daftar, lihat, tambah, ubah, setuju, pindah.
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
    /// Kelurahan: buat, lihat.
    #[command(subcommand)]
    Kelurahan(Kelurahan),
    /// Relay: menyimpan dan meneruskan data tersegel.
    #[command(subcommand)]
    Relay(Relay),
    /// Undang satu HP: kode QR dan kode ketik, berlaku sepuluh menit, sekali pakai.
    Undang(Undang),
    /// Minta bergabung dengan kode dari kelurahan.
    Gabung {
        /// Isi QR, atau kode ketik: "alamat:port XXXX-XXXX-XXXX-XXXX-XXXX".
        #[arg(long)]
        kode: String,
        /// Berapa detik menunggu tiga gambar.
        #[arg(long, default_value_t = 0)]
        tunggu: u64,
    },
    /// Perangkat kelurahan: daftar, sahkan, tolak, cabut, berhenti.
    #[command(subcommand)]
    Perangkat(Perangkat),
    /// Kursi koordinator: daftar, beri, serahkan.
    #[command(subcommand)]
    Jabatan(Jabatan),
    /// Kode pemulihan: uji, pakai.
    #[command(subcommand)]
    Pemulihan(Pemulihan),
    /// Titipan HP yang dicabut: daftar, terima.
    #[command(subcommand)]
    Titipan(Titipan),
    /// Kirim dan terima data sekarang, lewat setiap jalan yang ada: hub di jaringan ini, lalu relay di internet. Selesai
    /// dengan kode 0 hanya bila semua sudah tersimpan di relay atau hub.
    Sinkron {
        /// Hub: isi QR di layarnya, atau alamat:port.
        #[arg(long)]
        hub: Option<String>,
    },
    /// Hub: relay di jaringan kantor, tanpa internet. Berjalan sampai dihentikan; perintah lain boleh berjalan di
    /// sampingnya. Baris pertama: {"url","pin","kode","suar"}.
    Hub {
        /// Alamat; port 0 memakai porta yang lalu, atau yang bebas.
        #[arg(long, default_value = "0.0.0.0:0")]
        listen: std::net::SocketAddr,
        /// Berapa detik sekali relay di internet dicoba.
        #[arg(long, default_value_t = 60)]
        jeda: u64,
        /// Jangan umumkan di jaringan (mDNS): HP memakai QR atau alamat.
        #[arg(long)]
        tanpa_suar: bool,
    },
    /// Paket: berkas .wkb untuk stik, kartu memori, dan cadangan. Isinya tersegel.
    #[command(subcommand)]
    Paket(Paket),
    /// Jawaban berbeda dari dua orang: daftar, putuskan.
    #[command(subcommand)]
    Berbeda(Berbeda),
    /// Tulisan HP yang dicabut, yang tetap ada karena dipakai orang lain: daftar, kembalikan.
    #[command(subcommand)]
    Tinjau(Tinjau),
    /// Layar di peramban komputer ini.
    #[command(subcommand)]
    Layar(Layar),
    /// Di mana data setiap rumah berada: TERSIMPAN, DITITIPKAN, DITERIMA.
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

#[derive(Debug, Subcommand)]
pub(crate) enum Kelurahan {
    /// Kelurahan baru; perangkat ini menjadi koordinatornya.
    Buat {
        /// Kode wilayah, mis. 18.72.05.1001.
        #[arg(long)]
        kode: String,
        /// Nama kelurahan.
        #[arg(long)]
        nama: String,
        /// Alamat relay: https://host:port.
        #[arg(long)]
        relay: String,
        /// Pin relay: 32 angka heksadesimal.
        #[arg(long)]
        pin: String,
        /// Untuk latihan: selamanya bertanda LATIHAN.
        #[arg(long)]
        latihan: bool,
    },
    /// Kelurahan perangkat ini.
    Lihat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Relay {
    /// Jalankan relay dengan data di --data. Baris pertama: {"url","pin"}.
    Serve {
        /// Alamat; port 0 mengambil yang bebas.
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
        #[command(flatten)]
        batas: wakuncar_sync_server::Limits,
    },
    /// Sesudah berkas relay di --data diperbaiki dengan tangan: semua HP diminta mengisinya lagi. Relay harus berhenti dulu.
    /// Berkas yang dikembalikan dari cadangan tidak memerlukannya.
    Pulih,
}

#[derive(Debug, Args)]
pub(crate) struct Undang {
    /// Nama orangnya.
    #[arg(long)]
    pub(crate) nama: String,
    /// Peran: kader (bila tidak disebut), pendamping, pkk_rt, ketua_rt, lurah, petugas, arsip.
    #[arg(long)]
    pub(crate) peran: Option<String>,
    /// Dasawisma; boleh beberapa kali.
    #[arg(long)]
    pub(crate) dasawisma: Vec<String>,
    /// RW dasawisma, bila namanya ada di beberapa tempat atau belum ada.
    #[arg(long)]
    pub(crate) rw: Option<String>,
    /// RT dasawisma.
    #[arg(long)]
    pub(crate) rt: Option<String>,
    /// Nomor tetap HP lama yang digantikan; dicabut saat HP baru disahkan. Dasawisma dan peran ikut HP lama.
    #[arg(long)]
    pub(crate) gantikan: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Perangkat {
    /// Daftar perangkat; yang baru minta bergabung mendapat tiga gambar.
    Daftar,
    /// Sahkan perangkat setelah ketiga gambar dibandingkan.
    Sahkan {
        /// Nomor tetap perangkat.
        id: String,
    },
    /// Tolak perangkat.
    Tolak {
        /// Nomor tetap perangkat.
        id: String,
    },
    /// Cabut perangkat yang hilang, dicuri, atau pemiliknya berhenti. Berlaku di sini seketika, juga tanpa jaringan.
    Cabut(CabutPerangkat),
    /// Satukan tulisan perangkat yang berjalan bersama salinannya; sesudahnya ia didaftarkan ulang.
    Satukan {
        /// Nomor tetap perangkat.
        id: String,
    },
    /// Perangkat ini keluar dari kelurahan, untuk selamanya. Yang sudah dicatat tetap terkirim.
    Berhenti,
}

#[derive(Debug, Args)]
pub(crate) struct CabutPerangkat {
    /// Nomor tetap perangkat.
    pub(crate) id: String,
    /// hilang, dicuri, berhenti, atau dicurigai. Sesudah pencurian yang dihitung hanya yang sudah sampai di sini.
    #[arg(long)]
    pub(crate) alasan: String,
    /// Perangkat itu menghapus datanya, setelah menitipkan yang belum terkirim.
    #[arg(long)]
    pub(crate) hapus: bool,
    /// Perangkat yang mendapat kursinya.
    #[arg(long)]
    pub(crate) pengganti: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Jabatan {
    /// Daftar kursi: siapa memegang apa.
    Daftar,
    /// Beri kursi di bawah kursi sendiri.
    Beri {
        /// Nomor kursi; yang lebih kecil lebih tinggi.
        #[arg(long, required_unless_present = "hub")]
        kursi: Option<u8>,
        /// Kursi terakhir: komputer kantor yang menyala terus.
        #[arg(long, conflicts_with = "kursi")]
        hub: bool,
        /// Nomor tetap perangkat yang sudah sah.
        #[arg(long)]
        ke: String,
    },
    /// Serahkan kursi perangkat ini.
    Serahkan {
        /// Nomor tetap perangkat yang sudah sah.
        #[arg(long)]
        ke: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pemulihan {
    /// Uji kode tanpa memakainya, setahun sekali.
    Uji {
        /// Kode dari amplop.
        #[arg(long)]
        kode: String,
    },
    /// Ambil alih kantor dengan kode; perangkat ini memegang kursi 1 dan kode diganti.
    Pakai {
        /// Kode dari amplop.
        #[arg(long)]
        kode: String,
        /// Kode baru, bila sudah ditulis sebelumnya; tanpa ini dibuat dan ditampilkan dulu.
        #[arg(long)]
        baru: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Titipan {
    /// Lihat isi titipan: siapa, rumah mana, kapan.
    Daftar {
        /// Berkas .wkt; tanpa ini: yang dititipkan di relay dan yang ada di folder data, kecuali yang sudah diambil.
        berkas: Vec<PathBuf>,
    },
    /// Ambil jawaban titipan atas nama koordinator.
    Terima {
        /// Berkas .wkt.
        berkas: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tinjau {
    /// Daftar jawaban yang perlu dilihat.
    Daftar,
    /// Pakai lagi jawaban sebelum HP itu menulis.
    Kembalikan {
        /// Nomor tetap rumah.
        #[arg(long)]
        rumah: String,
        /// Tempat jawaban, seperti dalam daftar.
        #[arg(long)]
        tempat: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Berbeda {
    /// Daftar jawaban yang berbeda, dengan siapa dan kapan.
    Daftar,
    /// Pakai satu jawaban.
    Putuskan {
        /// Nomor tetap rumah.
        #[arg(long)]
        rumah: String,
        /// Tempat jawaban, seperti dalam daftar.
        #[arg(long)]
        tempat: String,
        /// Jawaban, sebagai JSON atau kata.
        #[arg(long)]
        isi: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Paket {
    /// Tulis paket. Tanpa pilihan: dari HP, yang belum diketahui ada di kelurahan; dari kelurahan, 90 hari terakhir.
    Buat {
        /// Berkas tujuan, atau folder (misalnya stik): namanya lalu menurut hari.
        #[arg(long)]
        ke: PathBuf,
        /// Yang belum dimiliki perangkat ini (nomor tetapnya).
        #[arg(long, conflicts_with_all = ["semua", "hari"])]
        untuk: Option<String>,
        /// Semuanya: cadangan. Tidak berisi kunci rahasia; untuk memulihkan, bergabung lagi lalu buka paketnya.
        #[arg(long, conflicts_with = "hari")]
        semua: bool,
        /// Yang masuk dalam hari-hari terakhir.
        #[arg(long)]
        hari: Option<u32>,
    },
    /// Masukkan isi paket. Boleh diulang; yang terpotong masuk sampai bagian yang rusak.
    Buka {
        /// Berkas .wkb.
        berkas: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Layar {
    /// Layani layar di 127.0.0.1; baris pertama: {"url"}.
    Serve {
        /// Porta; 0: yang bebas.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Folder layar yang sudah dibangun.
        #[arg(long, default_value = "ui/build")]
        ui: PathBuf,
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
    /// Pindahkan rumah ke dasawisma lain; riwayatnya tetap.
    Pindah {
        /// Nomor tetap rumah.
        id: String,
        /// Dasawisma tujuan.
        #[arg(long)]
        dasawisma: String,
        /// RW tujuan, bila namanya ada di beberapa tempat atau belum ada.
        #[arg(long)]
        rw: Option<String>,
        /// RT tujuan.
        #[arg(long)]
        rt: Option<String>,
        /// Sejak kapan (YYYY-MM-DD); tanpa ini: hari ini.
        #[arg(long)]
        tgl: Option<NaiveDate>,
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
