//! The office and a cadre's new device, each with its own data folder, and a relay between them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use wakuncar_app::domain::{Bagian, Edit, Isian, Nilai, Tempat};
use wakuncar_app::{
    App, BuatKelurahan, HasilSinkron, Izin, KeadaanPerangkat, KeySource, Lingkup, Role, Undang, buat_kelurahan, gabung,
    lanjut_gabung, parse_pin, sahkan, segarkan_perangkat, sinkron, undang,
};
use wakuncar_simulasi::{KOLOM, Kelurahan};

use crate::angka::{Times, figure};
use crate::lokal::RUMAH;
use crate::perantara::Perantara;

/// A device's dasawisma are named in one item of 200 characters: the houses stand in so many.
const DASAWISMA: usize = 20;

/// Every figure of sending and fetching.
pub(crate) fn measure(dir: &Path) {
    std::fs::create_dir(dir).unwrap();
    let perantara = Perantara::new(&dir.join("relay"));
    let kantor = device(&dir.join("kantor"));
    let buat = BuatKelurahan {
        kode: Kelurahan::KODE.into(),
        nama: "CONTOH".into(),
        relay: perantara.url.clone(),
        pin: parse_pin(&perantara.pin).unwrap(),
        latihan: true,
    };
    assert!(buat_kelurahan(&kantor, &buat).unwrap().terkirim);
    let csv = dir.join("warga.csv");
    std::fs::write(&csv, table()).unwrap();
    kantor.lock().unwrap().impor_warga(&csv, None).unwrap();
    let dasawisma = kantor.lock().unwrap().wilayah().unwrap().into_iter().map(|(alamat, _)| alamat).collect();

    perantara.http.take();
    let ajakan = Undang { nama: "KADER CONTOH".into(), peran: Role::Kader, dasawisma, gantikan: None };
    let mut times = Times::default();
    let undangan = times.take(|| undang(&kantor, &ajakan).unwrap());
    sync(&kantor);
    let (bytes, requests) = perantara.http.take();
    eprintln!("ukuran: the office sent {bytes:.0} B in {requests} requests, {:.0} ms", times.median_ms());

    let hp = device(&dir.join("hp"));
    let id = gabung(&hp, &undangan.kode).unwrap().perangkat;
    segarkan_perangkat(&kantor).unwrap();
    let waits = kantor.lock().unwrap().perangkat().unwrap();
    let waits = waits.iter().find(|device| device.keadaan == KeadaanPerangkat::Menunggu).unwrap();
    assert_eq!(waits.id.to_string(), id);
    lanjut_gabung(&hp).unwrap();
    sahkan(&kantor, waits.id).unwrap();

    perantara.http.take();
    let mut times = Times::default();
    let hasil = times.take(|| sync(&hp));
    let (bytes, requests) = perantara.http.take();
    let semua = |app: &Mutex<App>| app.lock().unwrap().daftar(&Lingkup::default(), u32::MAX, 0).unwrap();
    let there = semua(&hp).len();
    assert_eq!(there, semua(&kantor).len(), "{hasil:?}");
    figure("sinkron.pertama", bytes);
    figure("sinkron.pertama.rumah", bytes / there as f64);
    figure("sinkron.pertama.putaran", requests);
    figure("sinkron.pertama.waktu", times.median_ms());

    // What the first one left to say, e.g. that it was received.
    for app in [&kantor, &hp, &kantor, &hp] {
        sync(app);
    }
    perantara.http.take();
    perantara.line.take();
    sync(&hp);
    let ((bytes, requests), (line, _)) = (perantara.http.take(), perantara.line.take());
    figure("sinkron.tetap", bytes);
    figure("sinkron.tetap.putaran", requests);
    figure("sinkron.tetap.kabel", line);

    for rumah in semua(&hp).iter().step_by(there / 20).take(20) {
        let tempat = Tempat::new(Bagian::Rumah, None, "alamat").unwrap();
        let edit = Edit { tempat, isi: Isian::Terisi(Nilai::Teks("Jl. Contoh 20".into())) };
        hp.lock().unwrap().edit(rumah.id, &[edit], Izin::Register).unwrap();
    }
    perantara.http.take();
    sync(&hp);
    let (bytes, requests) = perantara.http.take();
    figure("sinkron.20", bytes);
    figure("sinkron.20.putaran", requests);
}

fn device(dir: &Path) -> Mutex<App> {
    Mutex::new(App::open(dir, &KeySource::TestFile).unwrap())
}

fn sync(app: &Mutex<App>) -> HasilSinkron {
    let hasil = sinkron(app).unwrap();
    assert_eq!((hasil.ditolak, hasil.rusak), (0, 0), "{hasil:?}");
    hasil
}

/// The simulated houses with other addresses: in [`DASAWISMA`] dasawisma, numbered through.
fn table() -> Vec<u8> {
    let kelurahan = Kelurahan::new(1, RUMAH, "2021-11-09".parse().unwrap());
    let mut numbers = HashMap::new();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(KOLOM).unwrap();
    for baris in kelurahan.baris() {
        let alamat = ["rw", "rt", "dasawisma", "no_rumah"].map(|kolom| baris.get(kolom).to_owned());
        let next = numbers.len();
        let number = *numbers.entry(alamat).or_insert(next);
        let cell = |kolom: &str| match kolom {
            "rw" => "001".to_owned(),
            "rt" => format!("{:03}", number % DASAWISMA + 1),
            "dasawisma" => "Melati".to_owned(),
            "no_rumah" => (number / DASAWISMA + 1).to_string(),
            kolom => baris.get(kolom).to_owned(),
        };
        writer.write_record(KOLOM.map(cell)).unwrap();
    }
    writer.into_inner().unwrap()
}
