//! Every sentence of the prompt, in Indonesian and English.

use std::path::Path;

use wakuncar_app::{
    Error, Gabung, HasilAutomerge, HasilImpor, HasilPaket, HasilSinkron, HubTampil, Jawaban, Keadaan, KeadaanGabung,
    KeadaanPerangkat, Kelurahan, KelurahanBaru, PaketDibuat, Pemakaian, Perangkat, Periksa, Picture, Putus, SebabPutus,
    Status, Undangan, nama_alasan, nama_peran,
};

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

    pub(crate) fn pilih<'a>(self, indonesia: &'a str, inggris: &'a str) -> &'a str {
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

pub(crate) fn impor_automerge(bahasa: Bahasa, hasil: &HasilAutomerge) -> String {
    let (diambil, benturan, ditolak) = (hasil.diambil.len(), hasil.benturan.len(), hasil.ditolak.len());
    let mut teks = match bahasa {
        Bahasa::Indonesia => format!(
            "✓ Tersimpan di perangkat ini: {diambil} jawaban dari berkas. Berbeda dengan yang diubah di sini: \
             {benturan}. Ditolak: {ditolak}."
        ),
        Bahasa::Inggris => format!(
            "✓ Saved on this device: {diambil} answers of the file. Different from what was changed here: \
             {benturan}. Refused: {ditolak}."
        ),
    };
    for satu in &hasil.benturan {
        let calon: Vec<_> = satu.calon.iter().map(ToString::to_string).collect();
        teks.push_str(&format!("\n≠ {}: {}", satu.tempat, calon.join(" / ")));
    }
    for satu in &hasil.ditolak {
        teks.push_str(&format!("\n✗ {}: {} ({})", satu.tempat, satu.alasan(), satu.isi));
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

pub(crate) fn status(bahasa: Bahasa, status: &Status) -> String {
    let jumlah = |keadaan| status.rumah.iter().filter(|rumah| rumah.keadaan == keadaan).count();
    let (tersimpan, dititipkan, diterima) =
        (jumlah(Keadaan::Tersimpan), jumlah(Keadaan::Dititipkan), jumlah(Keadaan::Diterima));
    let (semua, antrean) = (status.rumah.len(), status.antrean);
    match bahasa {
        Bahasa::Indonesia => format!(
            "{semua} rumah: {tersimpan} tersimpan di perangkat ini, {dititipkan} dititipkan, {diterima} sudah diterima \
             kelurahan. {antrean} perubahan belum terkirim."
        ),
        Bahasa::Inggris => format!(
            "{semua} houses: {tersimpan} saved on this device, {dititipkan} entrusted, {diterima} received by the \
             kelurahan. {antrean} changes not sent yet."
        ),
    }
}

pub(crate) fn kelurahan_baru(bahasa: Bahasa, baru: &KelurahanBaru) -> String {
    let KelurahanBaru { space, kode_pemulihan, terkirim } = baru;
    match bahasa {
        Bahasa::Indonesia => format!(
            "Kelurahan {space} dibuat. {}\nKode pemulihan, tulis dua kali dan simpan dalam dua amplop:\n{kode_pemulihan}",
            if *terkirim { "Relay sudah menerimanya." } else { "Relay belum terjangkau; nanti: wakuncar sinkron" }
        ),
        Bahasa::Inggris => format!(
            "Kelurahan {space} is made. {}\nRecovery code, to be written twice and kept in two envelopes:\n{kode_pemulihan}",
            if *terkirim { "The relay has it." } else { "The relay was not reached; later: wakuncar sinkron" }
        ),
    }
}

pub(crate) fn kelurahan(bahasa: Bahasa, ini: &Kelurahan) -> String {
    let latihan = if ini.latihan { " LATIHAN" } else { "" };
    let peran = ini.peran.map_or(bahasa.pilih("menunggu disahkan", "waits to be confirmed"), nama_peran);
    format!("{} {}{latihan} ({peran})", ini.kode, ini.nama)
}

pub(crate) fn undangan(bahasa: Bahasa, undangan: &Undangan) -> String {
    let Undangan { kode, kode_ketik, .. } = undangan;
    match bahasa {
        Bahasa::Indonesia => format!("Kode QR: {kode}\nKode ketik: {kode_ketik}\nBerlaku sepuluh menit, sekali pakai."),
        Bahasa::Inggris => format!("QR code: {kode}\nTyped code: {kode_ketik}\nGood for ten minutes, once."),
    }
}

fn gambar(gambar: Option<&[Picture; 3]>) -> String {
    let satu = gambar.into_iter().flatten().map(|satu| format!("{} {}", satu.gambar, satu.nama));
    satu.collect::<Vec<_>>().join(" – ")
}

pub(crate) fn gabung(bahasa: Bahasa, gabung: &Gabung) -> String {
    let nama = &gabung.kelurahan;
    let ketiga = self::gambar(gabung.gambar.as_ref());
    match (bahasa, gabung.keadaan) {
        (Bahasa::Indonesia, KeadaanGabung::Menunggu) => format!("{nama}: menunggu kelurahan melihat perangkat ini."),
        (Bahasa::Inggris, KeadaanGabung::Menunggu) => format!("{nama}: waiting for the office to see this device."),
        (Bahasa::Indonesia, KeadaanGabung::Bandingkan) => {
            format!("{nama}: bandingkan dengan layar kelurahan: {ketiga}. Sesudah disahkan: wakuncar sinkron")
        }
        (Bahasa::Inggris, KeadaanGabung::Bandingkan) => {
            format!("{nama}: compare with the office's screen: {ketiga}. Once confirmed: wakuncar sinkron")
        }
        (Bahasa::Indonesia, KeadaanGabung::Sah) => format!("{nama}: perangkat ini sudah sah."),
        (Bahasa::Inggris, KeadaanGabung::Sah) => format!("{nama}: this device is confirmed."),
        (Bahasa::Indonesia, KeadaanGabung::Ditolak) => format!("{nama}: perangkat ini ditolak. Minta kode baru."),
        (Bahasa::Inggris, KeadaanGabung::Ditolak) => {
            format!("{nama}: this device was turned away. Ask for a new code.")
        }
    }
}

pub(crate) fn perangkat(bahasa: Bahasa, perangkat: &Perangkat) -> String {
    let keadaan = match perangkat.keadaan {
        KeadaanPerangkat::Sah => bahasa.pilih("sah", "confirmed"),
        KeadaanPerangkat::Menunggu => bahasa.pilih("menunggu", "waits"),
        KeadaanPerangkat::Dicabut => bahasa.pilih("dicabut", "ended"),
    };
    let (peran, dasawisma) = (nama_peran(perangkat.peran), perangkat.dasawisma.join(", "));
    let ketiga = gambar(perangkat.gambar.as_ref());
    let kursi =
        perangkat.kursi.map(|nomor| format!(" ({} {nomor})", bahasa.pilih("kursi", "seat"))).unwrap_or_default();
    let alasan = perangkat.alasan.map(|alasan| format!(" ({})", nama_alasan(alasan))).unwrap_or_default();
    format!("{}  {keadaan}{alasan}  {peran}{kursi}  {}  {dasawisma}  {ketiga}", perangkat.id, perangkat.nama)
        .trim_end()
        .to_owned()
}

pub(crate) fn sinkron(bahasa: Bahasa, hasil: &HasilSinkron) -> String {
    let HasilSinkron { keluar, masuk, menunggu, .. } = hasil;
    match (bahasa, menunggu) {
        (Bahasa::Indonesia, 0) => format!("Selesai. {keluar} paket dititipkan, {masuk} paket diterima."),
        (Bahasa::Inggris, 0) => format!("Done. {keluar} packets entrusted, {masuk} packets received."),
        (Bahasa::Indonesia, n) => {
            format!("{keluar} paket dititipkan, {masuk} diterima. {n} belum terkirim; data tetap aman di sini.")
        }
        (Bahasa::Inggris, n) => {
            format!("{keluar} packets entrusted, {masuk} received. {n} not sent yet; the data are safe here.")
        }
    }
}

/// What a sync took of the quota, and what the month has taken.
pub(crate) fn kuota(bahasa: Bahasa, bita: u64, bulan_ini: u64) -> String {
    let (kb, bulan_kb) = (bita.div_ceil(1000), bulan_ini.div_ceil(1000));
    let (rp, bulan_rp) = (Pemakaian::rupiah(bita), Pemakaian::rupiah(bulan_ini));
    match bahasa {
        Bahasa::Indonesia => format!("Kuota: {kb} kB (kira-kira Rp {rp}). Bulan ini: {bulan_kb} kB (Rp {bulan_rp})."),
        Bahasa::Inggris => format!("Data: {kb} kB (about Rp {rp}). This month: {bulan_kb} kB (Rp {bulan_rp})."),
    }
}

pub(crate) fn hub(bahasa: Bahasa, tampil: &HubTampil) -> String {
    let HubTampil { alamat, kode, .. } = tampil;
    match bahasa {
        Bahasa::Indonesia => format!(
            "Hub berjalan di {alamat}. HP di jaringan ini mengirim sendiri; kalau tidak ketemu, pindai kode ini: {kode}"
        ),
        Bahasa::Inggris => format!(
            "The hub runs at {alamat}. Phones on this network send by themselves; if they do not find it, let them scan \
             this code: {kode}"
        ),
    }
}

/// A copy is not a delivery, and the sentence says so.
pub(crate) fn paket_dibuat(bahasa: Bahasa, dibuat: &PaketDibuat) -> String {
    let (berkas, catatan, kib) = (dibuat.berkas.display(), dibuat.catatan, dibuat.bita.div_ceil(1024));
    let mut teks = match bahasa {
        Bahasa::Indonesia => format!(
            "{catatan} catatan disalin ke {berkas} ({kib} KiB), tersegel. Disalin, belum diterima: data tetap di sini \
             sampai kelurahan membalas."
        ),
        Bahasa::Inggris => format!(
            "{catatan} entries copied to {berkas} ({kib} KiB), sealed. Copied, not received yet: the data stay here \
             until the office answers."
        ),
    };
    if dibuat.tertinggal > 0 {
        let tertinggal = dibuat.tertinggal;
        teks.push_str(&match bahasa {
            Bahasa::Indonesia => format!(
                " {tertinggal} perubahan belum ikut, tetap aman di sini: beri rumahnya dasawisma, atau jalankan dulu \
                 wakuncar sinkron."
            ),
            Bahasa::Inggris => format!(
                " {tertinggal} changes are not in it and stay safe here: give their houses a dasawisma, or run wakuncar \
                 sinkron first."
            ),
        });
    }
    teks
}

pub(crate) fn paket_dibuka(bahasa: Bahasa, hasil: &HasilPaket) -> String {
    let HasilPaket { dari, masuk, sudah, dilewati, kurang, rusak, .. } = hasil;
    let dari = if dari.is_empty() { bahasa.pilih("paket", "the file") } else { dari };
    let mut teks = match bahasa {
        Bahasa::Indonesia => format!("Data di sini aman. Dari {dari}: {masuk} catatan baru masuk, {sudah} sudah ada."),
        Bahasa::Inggris => format!("The data here are safe. From {dari}: {masuk} new entries, {sudah} were here."),
    };
    let mut tambah = |n: usize, indonesia: &str, inggris: &str| {
        if n > 0 {
            teks.push_str(&format!(" {n} {}", bahasa.pilih(indonesia, inggris)));
        }
    };
    tambah(*dilewati, "bukan untuk perangkat ini.", "are not for this device.");
    tambah(
        *kurang,
        "belum dapat masuk karena yang sebelumnya tidak ada: minta paket yang lebih lengkap (--semua).",
        "could not come in since those before them are missing: ask for a fuller file (--semua).",
    );
    tambah(*rusak, "rusak dan tidak diambil.", "are damaged and were not taken.");
    if let Some(Putus { pada, sebab }) = hasil.putus {
        let sebab = match sebab {
            SebabPutus::Terpotong => bahasa.pilih("berkasnya terpotong", "the file is cut off"),
            SebabPutus::Rusak => bahasa.pilih("berkasnya rusak", "the file is damaged"),
            SebabPutus::TanpaKunci => {
                bahasa.pilih("kuncinya belum ada di perangkat ini", "its key is not on this device yet")
            }
            SebabPutus::TidakTerbaca => bahasa.pilih("berkasnya tidak terbaca", "the file cannot be read"),
        };
        teks.push_str(&match bahasa {
            Bahasa::Indonesia => {
                format!(" Berhenti sesudah {pada} bita: {sebab}. Yang sudah masuk tetap. Minta paketnya sekali lagi.")
            }
            Bahasa::Inggris => {
                format!(" Stopped after {pada} bytes: {sebab}. What came in stays. Ask for the file once more.")
            }
        });
    }
    teks
}

pub(crate) fn berbeda(bahasa: Bahasa, satu: &Jawaban) -> String {
    let mut teks = format!("{} {} – {} ({})", bahasa.pilih("Rumah", "House"), satu.no_rumah, satu.label, satu.tempat);
    for calon in &satu.calon {
        teks.push_str(&format!("\n  {} ({})", calon.isi, calon.nama));
    }
    teks
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
        Error::Jawaban { jalur, salah } => format!("{jalur}: {salah}. Tidak ada yang diubah."),
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
        Error::Foreign(salah) => format!(
            "Berkas ini bukan hasil ekspor rumah itu ({salah}). Ekspor lagi, ubah, lalu ulangi. Tidak ada yang diubah."
        ),
        Error::NamaBerkas(nama) => format!(
            "Nama berkas {nama} harus seperti hasil ekspor: ID.dasar.automerge atau ID.kesehatan.automerge. Tidak \
             ada yang diubah."
        ),
        Error::File { path, error } => format!("Berkas {path}: {error}. Tidak ada yang diubah."),
        Error::Kode(_) => {
            "Kode atau nama tidak terbaca. Kode wilayah: 18.72.05.1001. Kode ketik: alamat:port, spasi, 20 \
                           huruf. Periksa tiap huruf, lalu ulangi. Tidak ada yang diubah."
                .into()
        }
        Error::DasawismaAsing(nama) => {
            format!("Dasawisma {nama} belum dikenal. Untuk memulainya sebutkan --rw dan --rt. Tidak ada yang diubah.")
        }
        Error::DasawismaBanyak { nama, di } => {
            format!("Ada beberapa dasawisma {nama}: {di}. Sebutkan --rw dan --rt. Tidak ada yang diubah.")
        }
        Error::AlamatRelay(_) => {
            "Alamat relay atau pinnya tidak terbaca. Contoh: --relay https://host:port --pin (32 angka heksadesimal)"
                .into()
        }
        Error::RelaySibuk { detik } => {
            format!("Data aman di perangkat ini. Relay sedang ramai. Coba lagi {detik} detik lagi.")
        }
        Error::RuangKurang { mb } => {
            format!("Yang sudah tersimpan aman. Kosongkan {mb} MB di perangkat ini, lalu ulangi.")
        }
        Error::TidakTerjangkau(apa) => {
            format!("Relay tidak terjangkau ({apa}). Data aman di perangkat ini. Coba lagi nanti.")
        }
        Error::RelaySampah(apa) => {
            format!("Yang menjawab bukan relay Wakuncar ({apa}). Data aman di perangkat ini. Beri tahu kelurahan.")
        }
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
            "relay_penuh" => "Data aman di perangkat ini. Relay penuh. Beri tahu pengelolanya.".into(),
            "penyimpanan_penuh" => {
                "Penyimpanan penuh. Yang sudah tersimpan aman. Kosongkan tempat, lalu ulangi.".into()
            }
            "perbarui_aplikasi" => "Data ini dari Wakuncar yang lebih baru. Perbarui aplikasi. Data aman.".into(),
            "pindah_rumah" => {
                "Rumah ini sudah dikirim dalam dasawismanya. Pindahkan: wakuncar rumah pindah ID --dasawisma NAMA"
                    .into()
            }
            "tanpa_kelurahan" => "Perangkat ini belum punya kelurahan. Bergabung dulu: wakuncar gabung --kode …".into(),
            "bukan_koordinator" => "Hanya perangkat koordinator yang boleh. Minta koordinator melakukannya.".into(),
            "sudah_terdaftar" => "Perangkat ini sudah terdaftar. Untuk kelurahan lain pakai --data folder lain.".into(),
            "kelurahan_lain" => "Kode ini dari kelurahan lain. Tidak ada yang diubah. Minta kode yang benar.".into(),
            "undangan_tidak_berlaku" => {
                "Kode sudah dipakai, ditarik, atau lewat sepuluh menit. Minta kode baru ke kelurahan.".into()
            }
            "daftar_lama" => "Relay memberi daftar lama. Tidak ada yang diubah. Minta kode baru ke kelurahan.".into(),
            "peran_salah" => "Koordinator tidak diangkat lewat undangan. Pilih peran lain.".into(),
            "perangkat_tidak_ada" => {
                "Tidak ada perangkat dengan nomor itu yang menunggu. Lihat: wakuncar perangkat daftar".into()
            }
            "dicabut" => {
                "Perangkat ini dicabut oleh kelurahan. Yang belum terkirim aman, tersegel dalam berkas titipan di \
                 folder data. Bawa berkas itu ke kantor, lalu gabung dengan folder baru."
                    .into()
            }
            "berhenti" => {
                "Perangkat ini tidak lagi di kelurahan. Datanya masih bisa dilihat; yang belum terkirim tersegel dalam \
                 berkas titipan untuk kantor. Untuk mencatat lagi: gabung dengan folder baru."
                    .into()
            }
            "dihapus" => {
                "Data di perangkat ini dihapus atas perintah kelurahan. Yang belum terkirim sudah disegel untuk kantor \
                 (berkas titipan di folder data). Tanya koordinator."
                    .into()
            }
            "sewa_habis" => {
                "Data aman. Sudah terlalu lama tanpa kontak dengan kelurahan, jadi terkunci. Buka dengan: wakuncar \
                 sinkron"
                    .into()
            }
            "bukan_anggota" => "Perangkat ini bukan anggota kelurahan. Tidak ada yang diubah.".into(),
            "perangkat_asing" => {
                "Tidak ada perangkat dengan nomor itu di kelurahan. Tidak ada yang diubah. Lihat: wakuncar perangkat \
                 daftar"
                    .into()
            }
            "perangkat_sendiri" => {
                "Itu perangkat ini sendiri. Tidak ada yang diubah. Untuk keluar: wakuncar perangkat berhenti".into()
            }
            "tidak_di_atas" => {
                "Perangkat itu setingkat atau lebih tinggi. Tidak ada yang diubah. Hanya kursi bernomor lebih kecil, \
                 atau kode pemulihan, yang bisa."
                    .into()
            }
            "sudah_dicabut" => "Perangkat itu sudah dicabut. Tidak ada yang diubah.".into(),
            "kursi_salah" => {
                "Kursi atau penerimanya tidak cocok. Tidak ada yang diubah. Kursi harus di bawah kursi sendiri, \
                 penerimanya perangkat yang sah. Lihat: wakuncar jabatan daftar"
                    .into()
            }
            "kursi_terakhir" => {
                "Belum ada pemegang kursi lain. Tidak ada yang diubah. Serahkan dulu: wakuncar jabatan serahkan --ke ID"
                    .into()
            }
            "kode_pemulihan_lain" => {
                "Kode ini dari kelurahan lain, atau sudah diganti. Tidak ada yang diubah. Lihat amplop yang lain."
                    .into()
            }
            "pemulihan_gagal" => {
                "Perangkat ini sudah keluar dari kelurahan. Tidak ada yang diubah, kode masih berlaku. Pakai \
                 perangkat lain."
                    .into()
            }
            "titipan_salah" => {
                "Berkas titipan ini tidak bisa diambil di sini. Tidak ada yang diubah. Buka di perangkat koordinator \
                 yang memegang kursi saat itu."
                    .into()
            }
            "tanpa_kunci" => "Kuncinya belum sampai di perangkat ini. Jalankan: wakuncar sinkron".into(),
            "perlu_tanya" => {
                "Data aman. Ini mungkin salinan lama dari perangkat ini. Jalankan 'wakuncar sinkron' dulu.".into()
            }
            "sedang_kirim" => "Kirim & terima sedang berjalan. Tunggu sebentar.".into(),
            "relay_lain" => {
                "Yang menjawab bukan relay kelurahan ini: kuncinya lain. Tidak ada yang dikirim. Data aman di \
                 perangkat ini. Beri tahu kelurahan."
                    .into()
            }
            "hub_tidak_bisa" => {
                "Data aman. Hub tidak dapat berjalan di sini. Tutup program lain yang memakainya, atau pakai komputer \
                 lain."
                    .into()
            }
            "hub_asing" => {
                "Data aman di sini. Perangkat ini belum mengenal hub itu: pindai kode QR di layarnya.".into()
            }
            "bukan_paket" => {
                "Data di sini aman. Berkas ini bukan paket Wakuncar (.wkb), atau rusak sejak awal. Tidak ada yang \
                 diubah. Pilih berkas lain."
                    .into()
            }
            "paket_lain" => "Data di sini aman. Paket ini dari kelurahan lain. Tidak ada yang diubah.".into(),
            "tidak_dikenal" => {
                "Relay belum mengenal perangkat ini. Data aman. Tunggu disahkan, atau hubungi kelurahan.".into()
            }
            "rusak" => "Data rusak atau kuncinya bukan ini. Jalankan: wakuncar periksa --perbaiki".into(),
            _ => format!("{lain}. Yang sudah tersimpan aman."),
        },
    }
}
