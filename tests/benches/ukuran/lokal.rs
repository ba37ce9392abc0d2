//! One device without a network.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use wakuncar_app::domain::{Bagian, BarisId, Edit, Isian, Jenis, Nilai, Rumah, Tempat};
use wakuncar_app::reports::Lampiran;
use wakuncar_app::{App, Izin, KeySource, Lingkup, Setuju, clock};
use wakuncar_simulasi::Kelurahan;

use crate::angka::{Chance, Times, figure};

/// About 2,000 houses: a few families refuse.
pub(crate) const RUMAH: usize = 2_030;

/// A data folder into which a kelurahan's table was imported, and how long that took.
fn kelurahan(dir: &Path) -> (App, f64) {
    let csv = dir.join("warga.csv");
    let kelurahan = Kelurahan::new(1, RUMAH, "2021-11-09".parse().unwrap());
    std::fs::write(&csv, kelurahan.warga_csv().unwrap()).unwrap();
    let mut app = App::open(&dir.join("hp"), &KeySource::TestFile).unwrap();
    let mut times = Times::default();
    let hasil = times.take(|| app.impor_warga(&csv, None).unwrap());
    eprintln!("ukuran: {} houses, {} people", hasil.rumah_baru, hasil.warga_baru);
    (app, times.median_ms())
}

/// Every local figure.
pub(crate) fn measure(dir: &Path) {
    let (app, impor) = kelurahan(dir);
    figure("impor.warga", impor);
    drop(app);
    let mut times = Times::default();
    let mut app = times.take(|| App::open(&dir.join("hp"), &KeySource::TestFile).unwrap());
    figure("folder.buka", times.median_ms());
    answers(&mut app, dir);
    houses(&app);
    search(&app);
    let mut times = Times::default();
    for _ in 0..15 {
        times.take(|| app.rekap(Lampiran::L416b, &Lingkup::default(), clock::today()).unwrap());
    }
    figure("rekap.kelurahan", times.median_ms());
}

/// A cadre's visits: in each house a handful of answers, one at a time, each durable before the next. Between them
/// the disk is asked how long one fsync takes.
fn answers(app: &mut App, dir: &Path) {
    let mut chance = Chance(1);
    let all = app.daftar(&Lingkup::default(), u32::MAX, 0).unwrap();
    let mut log = File::create(dir.join("fsync")).unwrap();
    let (mut saves, mut fsyncs) = (Times::default(), Times::default());
    let (mut written, mut count) = (0, 0);
    for _ in 0..60 {
        let id = all[chance.below(all.len())].id;
        let setuju = Setuju { pemberi: "CONTOH".into(), saksi: String::new(), kesehatan: true };
        let rumah = app.setuju(id, &setuju).unwrap().rumah;
        for edit in edits(&rumah) {
            fsyncs.take(|| log.write_all(&[7; 4096]).and_then(|()| log.sync_data()).unwrap());
            let before = bytes_written();
            let simpan = saves.take(|| app.edit(id, std::slice::from_ref(&edit), Izin::Kunjungan).unwrap());
            assert!(simpan.berubah, "{edit:?}");
            written += bytes_written() - before;
            count += 1;
        }
    }
    figure("fsync.median", fsyncs.median_ms());
    figure("jawaban.median", saves.median_ms());
    figure("jawaban.p99", saves.permille_ms(990));
    figure("jawaban.lebih", saves.median_ms() - fsyncs.median_ms());
    figure("jawaban.tertulis", written as f64 / f64::from(count));
}

/// Another answer at some places of a house.
fn edits(rumah: &Rumah) -> Vec<Edit> {
    let krt = rumah.rumah_tangga.keys().next();
    let warga = rumah.anggota.keys().next().map(|id| BarisId::from(*id));
    let mut places = vec![(Bagian::Rumah, None, "alamat"), (Bagian::Rumah, None, "punya_spal")];
    places.extend(["jumlah_jamban", "makanan_pokok"].map(|kunci| (Bagian::RumahTangga, krt.cloned(), kunci)));
    let kunci = ["agama", "pekerjaan", "pendidikan", "memiliki_tabungan", "frekuensi_posyandu", "tempat_lahir"];
    places.extend(kunci.map(|kunci| (Bagian::Anggota, warga.clone(), kunci)));
    places.push((Bagian::KesehatanWarga, warga, "ibu_menyusui"));
    let edit = |(bagian, baris, kunci)| {
        let tempat = Tempat::new(bagian, baris, kunci).ok()?;
        let old = rumah.isi(&tempat);
        let choices: Vec<Nilai> = match tempat.butir().jenis {
            Jenis::YaTidak => [true, false].map(Nilai::YaTidak).to_vec(),
            Jenis::Bulat { min, .. } => [min, min + 1].map(Nilai::Bulat).to_vec(),
            Jenis::Pilihan(opsi) => opsi.iter().map(|satu| Nilai::Pilihan(satu.kode)).collect(),
            Jenis::Teks { .. } => ["Contoh", "Contoh yang lain"].map(|teks| Nilai::Teks(teks.into())).to_vec(),
            Jenis::Desimal | Jenis::Tanggal => Vec::new(),
        };
        let isi = choices.into_iter().map(Isian::Terisi).find(|isi| *isi != old)?;
        Some(Edit { tempat, isi })
    };
    places.into_iter().filter_map(edit).collect()
}

/// What this process has handed to the disk; zero where the system does not tell.
fn bytes_written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

fn houses(app: &App) {
    let mut chance = Chance(2);
    let mut lists = Times::default();
    for _ in 0..50 {
        lists.take(|| app.daftar(&Lingkup::default(), u32::MAX, 0).unwrap());
    }
    figure("rumah.daftar", lists.median_ms());
    let all = app.daftar(&Lingkup::default(), u32::MAX, 0).unwrap();
    let mut opens = Times::default();
    for _ in 0..500 {
        let id = all[chance.below(all.len())].id;
        opens.take(|| app.rumah(id).unwrap().temuan(clock::today()));
    }
    figure("rumah.buka", opens.median_ms());
}

/// Parts of names that are there, two to six letters from any place in them.
fn search(app: &App) {
    let mut chance = Chance(3);
    let semua = app.rumah_dalam(&Lingkup::default()).unwrap();
    let orang = semua.iter().flat_map(|rumah| rumah.anggota.values());
    let names: Vec<&String> = orang.filter_map(|warga| warga.nama_lengkap.terisi()).collect();
    let mut times = Times::default();
    for _ in 0..1_000 {
        let name: Vec<char> = names[chance.below(names.len())].chars().collect();
        let length = (2 + chance.below(5)).min(name.len());
        let start = if length < 3 { 0 } else { chance.below(name.len() - length + 1) };
        let part: String = name[start..start + length].iter().collect();
        // Once each: she types it once, and the second time its pages are deciphered already.
        times.take(|| app.cari(&part, 50).unwrap());
    }
    figure("cari.median", times.median_ms());
    figure("cari.p99", times.permille_ms(990));
}
