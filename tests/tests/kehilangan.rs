//! A phone is lost or stolen, or its owner leaves: it is shut out, reads nothing new, and what she had typed is not lost.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod penyusup;

use std::path::PathBuf;

use penyusup::{Penyusup, at_relay};
use serde_json::{Value, json};
use wakuncar_tests::{Desa, Hp};

/// A kelurahan with one house in Melati 1, and its id.
fn desa() -> (Desa, String) {
    let desa = Desa::new();
    let rumah = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let id = desa.kantor.json(&["rumah", "tambah", "--isi", &rumah])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["rumah", "setuju", &id, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["sinkron"]);
    (desa, id)
}

fn edit(hp: &Hp, rumah: &str, isi: &Value) {
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi.to_string()])["berubah"], true);
}

fn isi(hp: &Hp, rumah: &str, kunci: &str) -> Value {
    hp.json(&["rumah", "lihat", rumah])[kunci].clone()
}

fn titipan(hp: &Hp) -> Vec<PathBuf> {
    let files = std::fs::read_dir(hp.dir()).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "wkt")).collect()
}

fn keadaan(hp: &Hp, id: &str) -> Value {
    let daftar: Value = serde_json::from_slice(&hp.run(&["perangkat", "daftar", "--json"]).stdout).unwrap();
    daftar["perangkat"].as_array().unwrap().iter().find(|satu| satu["id"] == id).cloned().unwrap()
}

#[test]
fn what_a_lost_phone_had_not_sent_reaches_the_office_with_the_name_of_its_owner() {
    let (desa, rumah) = desa();
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    edit(&ani, &rumah, &json!({"alamat": "Gang Terkirim"}));
    let id = ani.id();
    let _ = desa.kantor.json(&["sinkron"]);
    // Not sent any more: an answer, another answer in place of the one that was sent, a house of her own.
    edit(&ani, &rumah, &json!({"kriteria_rumah": "SEHAT", "punya_spal": true}));
    edit(&ani, &rumah, &json!({"alamat": "Gang Belum Terkirim"}));
    let baru = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "2"}).to_string();
    let baru = ani.json(&["rumah", "tambah", "--isi", &baru])["rumah"].as_str().unwrap().to_owned();

    let hasil = desa.kantor.json(&["perangkat", "cabut", &id, "--alasan", "hilang"]);
    assert_eq!((&hasil["terkirim"], &hasil["kursi_kosong"]), (&json!(true), &json!([])));
    assert!(hasil["kunci_baru"].as_u64().unwrap() >= 4, "{hasil}");
    assert_eq!(ani.refused(1, &["sinkron"]), "dicabut");
    let berkas = titipan(&ani);
    assert_eq!(berkas.len(), 1);
    let berkas = berkas[0].to_str().unwrap();

    // It shows what it has, says why, and takes nothing more.
    assert_eq!(isi(&ani, &rumah, "kriteria_rumah"), "SEHAT");
    let ubah = ["rumah", "ubah", rumah.as_str(), "--isi", "{\"punya_spal\": false}"];
    assert_eq!(ani.refused(1, &ubah), "dicabut");
    let (indonesia, inggris) = (ani.told("id", &ubah), ani.told("en", &ubah));
    assert!(indonesia.contains("Yang belum terkirim aman"), "{indonesia}");
    assert!(inggris.contains("bring that file to the office"), "{inggris}");
    assert_eq!(ani.json(&["status"])["akhir"]["dicabut"], "hilang");

    // Only the office opens it.
    assert_eq!(wati.refused(1, &["titipan", "daftar", berkas]), "bukan_koordinator");
    let bytes = std::fs::read(berkas).unwrap();
    assert!(!penyusup::contains(&bytes, b"Belum Terkirim"));
    // Meanwhile somebody else has answered one of the questions.
    edit(&wati, &rumah, &json!({"punya_spal": false}));
    let _ = wati.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    // It lies at the relay as well.
    let daftar = desa.kantor.json(&["titipan", "daftar"]);
    assert_eq!(desa.kantor.json(&["status"])["titipan"], 1);
    let satu = &daftar["titipan"][0];
    let dari_relay = satu["berkas"].as_str().unwrap().to_owned();
    assert_eq!(std::fs::read(&dari_relay).unwrap(), bytes);
    assert_eq!((&satu["nama"], &satu["sudah"]), (&json!("Ani"), &json!(false)));
    assert_eq!(isi(&desa.kantor, &rumah, "alamat"), "Gang Terkirim", "looking takes nothing");

    let _ = desa.kantor.json(&["titipan", "terima", &dari_relay]);
    assert_eq!(desa.kantor.json(&["status"])["titipan"], 0);
    assert_eq!(desa.kantor.json(&["titipan", "daftar"])["titipan"], json!([]));
    std::fs::remove_file(&dari_relay).unwrap();
    assert_eq!(desa.kantor.json(&["titipan", "daftar"])["titipan"], json!([]), "the relay keeps it no more");
    assert_eq!(isi(&desa.kantor, &rumah, "alamat"), "Gang Belum Terkirim");
    assert_eq!(isi(&desa.kantor, &rumah, "kriteria_rumah"), "SEHAT");
    assert_eq!(isi(&desa.kantor, &baru, "no_rumah"), "2");
    assert_eq!(isi(&desa.kantor, &rumah, "punya_spal"), json!(false), "two answers stay two");
    let berbeda = desa.kantor.json(&["berbeda", "daftar"]);
    assert_eq!(berbeda["berbeda"][0]["tempat"], "rumah/punya_spal");
    assert_eq!(berbeda["berbeda"][0]["calon"][0]["nama"], "Ani");
    let lagi = desa.kantor.json(&["titipan", "terima", berkas]);
    assert_eq!(lagi["sudah"], true);
    let antrean = desa.kantor.json(&["status"])["antrean"].clone();
    let _ = desa.kantor.json(&["titipan", "terima", berkas]);
    assert_eq!(desa.kantor.json(&["status"])["antrean"], antrean, "twice changes nothing");

    let _ = desa.kantor.json(&["sinkron"]);
    let _ = wati.json(&["sinkron"]);
    assert_eq!(isi(&wati, &rumah, "alamat"), "Gang Belum Terkirim");
    assert_eq!(isi(&wati, &baru, "no_rumah"), "2");
    assert_eq!(desa.kantor.json(&["periksa"])["bersih"], true);
    assert_eq!(keadaan(&desa.kantor, &id)["alasan"], "hilang");
}

#[test]
fn a_stolen_phone_destroys_key_and_data_after_it_has_handed_over_what_it_had() {
    let (desa, rumah) = desa();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let id = ani.id();
    edit(&ani, &rumah, &json!({"alamat": "Gang Belum Terkirim"}));
    let _ = desa.kantor.json(&["perangkat", "cabut", &id, "--alasan", "dicuri", "--hapus"]);
    let key = std::fs::read(ani.dir().join("kunci-uji")).unwrap();
    std::fs::create_dir_all(ani.dir().join("keluaran")).unwrap();
    std::fs::write(ani.dir().join("keluaran/rekap.xlsx"), "a book that the screens wrote").unwrap();
    assert_eq!(ani.refused(1, &["sinkron"]), "dihapus");
    for gone in ["wakuncar.db", "wakuncar.db-wal", "kunci-uji", "kunci.json", "keluaran"] {
        assert!(!ani.dir().join(gone).exists(), "{gone}");
    }
    let berkas = titipan(&ani);
    assert_eq!(berkas.len(), 1);
    let _ = desa.kantor.json(&["titipan", "terima", berkas[0].to_str().unwrap()]);
    assert_eq!(isi(&desa.kantor, &rumah, "alamat"), "Gang Belum Terkirim");
    // Whoever is asked to unlock it says why there is nothing.
    let told = String::from_utf8(ani.run(&["status"]).stdout).unwrap();
    assert!(told.contains("dihapus atas perintah kelurahan"), "{told}");
    assert_ne!(std::fs::read(ani.dir().join("kunci-uji")).unwrap(), key, "a new folder with a new key");

    // The owner got it back: it is a new device.
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let _ = ani.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    desa.sahkan();
    let _ = ani.json(&["sinkron"]);
    assert_ne!(ani.id(), id);
    assert_eq!(isi(&ani, &rumah, "no_rumah"), "1");
    assert!(!String::from_utf8(ani.run(&["status"]).stdout).unwrap().contains("dihapus"));
}

#[test]
fn a_destruction_that_was_cut_off_goes_on_at_the_next_start() {
    let (desa, rumah) = desa();
    for nth in 0..4 {
        let nama = format!("Ani {nth}");
        let ani = desa.kader(&nama, &["Melati 1"]);
        edit(&ani, &rumah, &json!({"alamat": format!("Gang {nth}")}));
        let _ = desa.kantor.json(&["perangkat", "cabut", &ani.id(), "--alasan", "dicuri", "--hapus"]);
        let before: Vec<(PathBuf, Vec<u8>)> = ["wakuncar.db", "kunci-uji", "kunci.json"]
            .iter()
            .map(|nama| ani.dir().join(nama))
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect();
        assert_eq!(ani.refused(1, &["sinkron"]), "dihapus");
        // As if the power had failed after so many of its steps.
        let note = ani.dir().join("dihapus.json");
        let text = std::fs::read_to_string(&note).unwrap().replace("true", "false");
        std::fs::write(&note, text).unwrap();
        let left: &[usize] = match nth {
            0 => &[0, 1, 2],
            1 => &[0, 2],
            2 => &[2],
            _ => &[],
        };
        for at in left {
            std::fs::write(&before[*at].0, &before[*at].1).unwrap();
        }
        assert_eq!(ani.json(&["rumah", "daftar"])["rumah"], json!([]), "{nth}: a new folder");
        assert_ne!(std::fs::read(ani.dir().join("kunci-uji")).unwrap(), before[1].1, "{nth}");
        assert_eq!(titipan(&ani).len(), 1);
    }
}

#[test]
fn a_phone_is_shut_out_without_a_network_and_what_a_thief_writes_counts_nowhere() {
    let (mut desa, rumah) = desa();
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    let id = ani.id();
    desa.relay.kill();
    let hasil = desa.kantor.json(&["perangkat", "cabut", &id, "--alasan", "dicuri"]);
    assert_eq!(hasil["terkirim"], false);
    assert_eq!(
        (&keadaan(&desa.kantor, &id)["keadaan"], hasil["kursi_kosong"].as_array().unwrap().len()),
        (&json!("dicabut"), 0)
    );
    edit(&desa.kantor, &rumah, &json!({"alamat": "Gang Rahasia"}));

    // The thief is at the relay first.
    desa.relay.restart();
    edit(&ani, &rumah, &json!({"alamat": "Gang Pencuri"}));
    let _ = ani.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(isi(&desa.kantor, &rumah, "alamat"), "Gang Rahasia");
    let _ = wati.json(&["sinkron"]);
    assert_eq!(isi(&wati, &rumah, "alamat"), "Gang Rahasia");
    assert_eq!(ani.refused(1, &["sinkron"]), "dicabut");
    assert_ne!(isi(&ani, &rumah, "alamat"), "Gang Rahasia");
    assert_eq!(wati.json(&["status"])["menunggu_kunci_baru"], false);

    // Not even with everything that lies at the relay.
    let entries = at_relay(&desa.relay);
    let mut pencuri = Penyusup::with(ani.dir());
    pencuri.learn(&entries);
    let opened = pencuri.opened(&entries);
    assert!(!opened.is_empty(), "she had read before");
    assert!(opened.iter().all(|(_, payload)| !penyusup::contains(payload, b"Gang Rahasia")));
    let mut wati = Penyusup::with(wati.dir());
    wati.learn(&entries);
    assert!(wati.opened(&entries).iter().any(|(_, payload)| penyusup::contains(payload, b"Gang Rahasia")));
}

#[test]
fn who_may_not_shut_a_device_out_is_told_why_and_nothing_happens() {
    let (desa, _) = desa();
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    let kantor = desa.kantor.id();
    let cabut = |hp: &Hp, id: &str| hp.refused(1, &["perangkat", "cabut", id, "--alasan", "hilang"]);
    assert_eq!(cabut(&ani, &wati.id()), "bukan_koordinator");
    assert_eq!(cabut(&desa.kantor, &kantor), "perangkat_sendiri");
    assert_eq!(cabut(&desa.kantor, &"0".repeat(32)), "perangkat_asing");
    let _ = desa.kantor.json(&["jabatan", "beri", "--kursi", "2", "--ke", &wati.id()]);
    let _ = wati.json(&["sinkron"]);
    assert_eq!(cabut(&wati, &kantor), "tidak_di_atas");
    let (id, en) = (
        wati.told("id", &["perangkat", "cabut", &kantor, "--alasan", "hilang"]),
        wati.told("en", &["perangkat", "cabut", &kantor, "--alasan", "hilang"]),
    );
    assert!(id.contains("Tidak ada yang diubah") && en.contains("nothing was changed"), "{id} {en}");
    let _ = desa.kantor.json(&["perangkat", "cabut", &ani.id(), "--alasan", "berhenti"]);
    assert_eq!(cabut(&desa.kantor, &ani.id()), "sudah_dicabut");
    assert_eq!(keadaan(&desa.kantor, &wati.id())["keadaan"], "sah");
    // A theft that is learned of later still counts.
    let _ = desa.kantor.json(&["perangkat", "cabut", &ani.id(), "--alasan", "dicuri", "--hapus"]);
}

#[test]
fn a_new_phone_takes_the_place_of_the_lost_one_in_one_step() {
    let (desa, rumah) = desa();
    let ani = desa.kader("Ani", &["Melati 1"]);
    edit(&ani, &rumah, &json!({"alamat": "Gang Lama"}));
    let _ = ani.json(&["sinkron"]);
    let lama = ani.id();
    let undangan = desa.kantor.json(&["undang", "--nama", "Ani", "--gantikan", &lama]);
    assert_eq!(keadaan(&desa.kantor, &lama)["keadaan"], "sah", "until the new one is confirmed");
    let baru = desa.hp_baru("Ani baru");
    let _ = baru.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    desa.sahkan();
    assert_eq!(keadaan(&desa.kantor, &lama)["alasan"], "hilang");
    let _ = baru.json(&["sinkron"]);
    assert_eq!(isi(&baru, &rumah, "alamat"), "Gang Lama");
    edit(&baru, &rumah, &json!({"alamat": "Gang Baru"}));
    let _ = baru.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(isi(&desa.kantor, &rumah, "alamat"), "Gang Baru");
    assert_eq!(ani.refused(1, &["sinkron"]), "dicabut");
    assert!(titipan(&ani).is_empty(), "everything of hers had been sent");
}

#[test]
fn who_leaves_by_herself_has_sent_everything_and_reads_nothing_new() {
    let (mut desa, rumah) = desa();
    let ani = desa.kader("Ani", &["Melati 1"]);
    edit(&ani, &rumah, &json!({"alamat": "Gang Terakhir"}));
    desa.relay.kill();
    assert_eq!(ani.json(&["perangkat", "berhenti"])["terkirim"], false);
    assert_eq!(ani.refused(1, &["rumah", "ubah", &rumah, "--isi", "{\"punya_spal\": true}"]), "berhenti");
    assert_eq!(ani.refused(1, &["perangkat", "berhenti"]), "bukan_anggota");
    desa.relay.restart();
    let _ = ani.run(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(isi(&desa.kantor, &rumah, "alamat"), "Gang Terakhir");
    edit(&desa.kantor, &rumah, &json!({"alamat": "Gang Rahasia"}));
    let _ = desa.kantor.json(&["sinkron"]);
    let entries = at_relay(&desa.relay);
    let mut ani = Penyusup::with(ani.dir());
    ani.learn(&entries);
    assert!(ani.opened(&entries).iter().all(|(_, payload)| !penyusup::contains(payload, b"Gang Rahasia")));
    assert_eq!(desa.kantor.refused(1, &["perangkat", "berhenti"]), "kursi_terakhir");
}
