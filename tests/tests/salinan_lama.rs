//! A phone or an office PC put back from an old copy heals by itself: it takes its own newer entries over from the relay
//! and writes on under its old name (PROTOCOL §2.15, §5.2 number 51).

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::path::Path;

use serde_json::json;
use wakuncar_tests::{Desa, Hp};

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for path in std::fs::read_dir(from).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn rumah_baru(hp: &Hp, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": nomor}).to_string();
    hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned()
}

/// A kelurahan with one cadre of Melati 1.
fn desa() -> (Desa, Hp) {
    let desa = Desa::new();
    let _ = rumah_baru(&desa.kantor, "0");
    let _ = desa.kantor.json(&["sinkron"]);
    let ani = desa.kader("Ani", &["Melati 1"]);
    (desa, ani)
}

#[test]
fn attack_51_an_old_copy_of_a_device_takes_over_what_it_wrote_since_and_forks_nothing() {
    let (desa, ani) = desa();
    let satu = rumah_baru(&ani, "1");
    let _ = ani.json(&["sinkron"]);
    copy(ani.dir(), &desa.path("cadangan"));
    let dua = rumah_baru(&ani, "2");
    let _ = ani.json(&["sinkron"]);

    // The disk dies; an old image is put back, and she records on before she knows.
    copy(&desa.path("cadangan"), ani.dir());
    let tiga = rumah_baru(&ani, "3");
    let _ = ani.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    for rumah in [&satu, &dua, &tiga] {
        for hp in [&ani, &desa.kantor] {
            assert_eq!(hp.json(&["rumah", "lihat", rumah])["id"], **rumah, "{}", hp.dir().display());
        }
    }
    assert!(ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA"), "{:?}", ani.keadaan());
    assert_eq!(ani.json(&["periksa"])["bersih"], true);
}

#[test]
fn an_old_copy_of_the_office_decides_nothing_before_it_has_asked() {
    let (mut desa, _) = desa();
    copy(desa.kantor.dir(), &desa.path("cadangan"));
    let wati = desa.kader("Wati", &["Melati 1"]);
    let daftar = desa.kantor.json(&["perangkat", "daftar"]);
    copy(&desa.path("cadangan"), desa.kantor.dir());
    // What is written without asking would fork the control log.
    let baru = json!({"rw": "001", "rt": "002", "dasawisma": "Mawar", "no_rumah": "9"}).to_string();
    let _ = desa.kantor.json(&["rumah", "tambah", "--isi", &baru]);
    desa.relay.kill();
    assert_eq!(desa.kantor.run(&["sinkron"]).status.code(), Some(3));
    desa.relay.restart();
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(desa.kantor.json(&["perangkat", "daftar"]), daftar, "it knows again whom it has let in");
    let rumah = rumah_baru(&wati, "1");
    let _ = wati.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let _ = wati.json(&["sinkron"]);
    assert_eq!(wati.keadaan()[&rumah], "DITERIMA");
}
