//! What the first edition left opens with the program of today, and goes on (`tests/data/edisi-1`).

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wakuncar_tests::{Hp, Relay};

/// Where the relay of the first edition was.
const ALAMAT: &str = "127.88.1.1:48118";

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/edisi-1")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let path = file.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn printed(nama: &str) -> Value {
    serde_json::from_slice(&std::fs::read(data().join(nama)).unwrap()).unwrap()
}

/// Every answer that the first edition printed is printed today; there may be more.
fn holds(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            then.iter().all(|(key, then)| now.get(key).is_some_and(|now| holds(now, then)))
        }
        (Value::Array(now), Value::Array(then)) => {
            now.len() == then.len() && now.iter().zip(then).all(|(now, then)| holds(now, then))
        }
        _ => now == then,
    }
}

#[test]
fn folders_and_relay_of_the_first_edition_open_agree_and_go_on() {
    let dir = tempfile::tempdir().unwrap();
    for (from, to) in [("kantor", "kantor"), ("ani", "ani"), ("relay", "relay/data")] {
        copy(&data().join(from), &dir.path().join(to));
    }
    let (kantor, ani) = (Hp::new(&dir.path().join("kantor")), Hp::new(&dir.path().join("ani")));
    let rumah = printed("ani.rumah.json")["id"].as_str().unwrap().to_owned();
    for (hp, nama) in [(&ani, "ani"), (&kantor, "kantor")] {
        let now = hp.json(&["rumah", "lihat", &rumah]);
        assert!(holds(&now, &printed(&format!("{nama}.rumah.json"))), "{nama}: {now}");
        let now = hp.json(&["status"]);
        assert!(holds(&now, &printed(&format!("{nama}.status.json"))), "{nama}: {now}");
        assert_eq!(hp.json(&["periksa"])["bersih"], true, "{nama}");
        assert_eq!(hp.json(&["berbeda", "daftar"])["berbeda"].as_array().unwrap().len(), 1, "{nama}");
    }

    let mut relay = Relay::start_at(&dir.path().join("relay"), ALAMAT.parse().unwrap()).unwrap();
    for hp in [&ani, &kantor, &ani] {
        let _ = hp.json(&["sinkron"]);
    }
    assert!(ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA"), "{:?}", ani.keadaan());
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "9"}).to_string();
    let baru = ani.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    for hp in [&ani, &kantor] {
        let _ = hp.json(&["sinkron"]);
        assert_eq!(hp.json(&["rumah", "lihat", &baru])["id"], *baru);
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
    }
    // A device of today joins them.
    let undangan = kantor.json(&["undang", "--nama", "Wati", "--dasawisma", "Melati 1"]);
    let wati = Hp::new(&dir.path().join("wati"));
    let _ = wati.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    kantor.sahkan();
    let _ = wati.json(&["sinkron"]);
    assert_eq!(wati.json(&["rumah", "lihat", &rumah])["id"], *rumah);
    assert_eq!(wati.json(&["periksa"])["bersih"], true);
    relay.kill();
}
