//! The relay loses what it had: its operator puts back last week's copy, and the phones fill it again.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::path::Path;

use serde_json::json;
use wakuncar_tests::{Desa, Hp};

fn copy(from: &Path, to: &Path) {
    if to.exists() {
        std::fs::remove_dir_all(to).unwrap();
    }
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let path = file.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn plant(hp: &Hp, rumah: &str, nama: &str) {
    let isi = json!({"pekarangan": [{"komoditi": nama}]}).to_string();
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi])["berubah"], true);
}

/// A kelurahan of one house with two cadres, who have everything.
fn desa() -> (Desa, Hp, Hp, String) {
    let desa = Desa::new();
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    (desa, ani, wati, rumah)
}

#[test]
fn a_relay_put_back_from_its_backup_is_filled_again_by_the_phones() {
    let (mut desa, ani, wati, rumah) = desa();
    let cadangan = desa.path("cadangan");
    desa.relay.kill();
    copy(&desa.relay.data(), &cadangan);
    desa.relay.restart();
    for at in 0..3 {
        plant(&ani, &rumah, &format!("ani {at}"));
        let _ = ani.json(&["sinkron"]);
    }
    // Nobody but Ani and the relay has it. Then the relay is put back.
    desa.relay.kill();
    copy(&cadangan, &desa.relay.data());
    desa.relay.restart();

    // Others go on before Ani comes again, so that the relay counts beyond where she was.
    for at in 0..8 {
        plant(&wati, &rumah, &format!("wati {at}"));
        let _ = wati.json(&["sinkron"]);
    }
    let semua = [&ani, &desa.kantor, &wati];
    for hp in semua.iter().chain(&semua).chain(&semua) {
        let _ = hp.json(&["sinkron"]);
    }
    for hp in semua {
        let rows = hp.json(&["rumah", "lihat", &rumah])["pekarangan"].as_array().unwrap().len();
        assert_eq!(rows, 11, "{}", hp.dir().display());
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
        assert!(hp.keadaan().values().all(|keadaan| keadaan == "DITERIMA"));
    }
    // Who comes later gets all of it from the relay.
    let sari = desa.kader("Sari", &["Melati 1"]);
    assert_eq!(sari.json(&["rumah", "lihat", &rumah])["pekarangan"].as_array().unwrap().len(), 11);
}

#[test]
fn a_phone_that_has_nothing_new_to_say_fills_the_relay_as_well() {
    let (mut desa, ani, wati, rumah) = desa();
    let cadangan = desa.path("cadangan");
    desa.relay.kill();
    copy(&desa.relay.data(), &cadangan);
    desa.relay.restart();
    for at in 0..3 {
        plant(&ani, &rumah, &format!("ani {at}"));
        let _ = ani.json(&["sinkron"]);
    }
    desa.relay.kill();
    copy(&cadangan, &desa.relay.data());
    desa.relay.restart();

    // What the relay now has at the numbers that Ani has read is all of Wati; whoever comes after her follows in a log of
    // which Ani holds the end.
    for at in 0..3 {
        plant(&wati, &rumah, &format!("wati {at}"));
        let _ = wati.json(&["sinkron"]);
    }
    for at in 0..5 {
        plant(&desa.kantor, &rumah, &format!("kantor {at}"));
        let _ = desa.kantor.json(&["sinkron"]);
    }
    let semua = [&ani, &desa.kantor, &wati];
    for hp in semua.iter().chain(&semua).chain(&semua) {
        let _ = hp.json(&["sinkron"]);
    }
    for hp in semua {
        let rows = hp.json(&["rumah", "lihat", &rumah])["pekarangan"].as_array().unwrap().len();
        assert_eq!(rows, 11, "{}", hp.dir().display());
        assert!(hp.keadaan().values().all(|keadaan| keadaan == "DITERIMA"));
    }
}
