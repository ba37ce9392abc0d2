//! A kelurahan on one machine: the office, two cadres, a relay that dies and comes back. Nothing recorded is lost, and
//! all who may see a house see the same.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use wakuncar_document::Document;
use wakuncar_domain::Koleksi;
use wakuncar_tests::{Desa, Hp};

/// 24 houses of Melati 1, 5 of Mawar 2, 4 of Anggrek 3, two people each.
fn register(berkas: &Path) {
    let mut isi = String::from("rw,rt,dasawisma,no_rumah,nama_krt,no_kk,nik,nama_lengkap,jenis_kelamin,hubungan_kk\n");
    let mut nomor = 9000;
    for (dasawisma, rt, banyak) in [("Melati 1", 2, 24), ("Mawar 2", 3, 5), ("Anggrek 3", 4, 4)] {
        for rumah in 1..=banyak {
            let kk = format!("187205010121{}", nomor + 1);
            for (siapa, jk, tanggal, hubungan) in [("AYAH", "L", 1, "KEPALA_KELUARGA"), ("IBU", "P", 41, "ISTRI")] {
                nomor += 1;
                let nama = format!("CONTOH {siapa} {dasawisma} {rumah}").to_uppercase();
                let nik = format!("187205{tanggal:02}0590{nomor}");
                isi.push_str(&format!("1,{rt},{dasawisma},{rumah},K {rumah},{kk},{nik},{nama},{jk},{hubungan}\n"));
            }
        }
    }
    std::fs::write(berkas, isi).unwrap();
}

/// A kelurahan whose office has that register and has brought it to the relay.
fn desa_with_register() -> Desa {
    let desa = Desa::new();
    let berkas = desa.path("warga.csv");
    register(&berkas);
    assert_eq!(desa.kantor.json(&["impor", berkas.to_str().unwrap()])["rumah_baru"], 33);
    let _ = desa.kantor.json(&["sinkron"]);
    desa
}

/// The houses on a device: dasawisma and number to id.
fn houses(hp: &Hp) -> BTreeMap<(String, String), String> {
    let daftar = hp.json(&["rumah", "daftar"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let semua = daftar["rumah"].as_array().unwrap().iter();
    semua.map(|satu| ((text(&satu["dasawisma"]), text(&satu["no_rumah"])), text(&satu["id"]))).collect()
}

/// What stands in the documents of a device: heads by file, and the record as JSON by file.
fn exported(hp: &Hp, keluar: &Path) -> BTreeMap<String, String> {
    if keluar.exists() {
        std::fs::remove_dir_all(keluar).unwrap();
    }
    let _ = hp.json(&["ekspor", "--keluar", keluar.to_str().unwrap()]);
    let mut files = BTreeMap::new();
    for file in std::fs::read_dir(keluar).unwrap() {
        let path = file.unwrap().path();
        let nama = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let isi = match nama.split('.').nth(1).and_then(Koleksi::parse) {
            Some(koleksi) => format!("{:?}", Document::load(koleksi, &bytes).unwrap().heads()),
            None => String::from_utf8(bytes).unwrap(),
        };
        files.insert(nama, isi);
    }
    files
}

fn edit(hp: &Hp, rumah: &str, isi: &Value) {
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi.to_string()])["berubah"], true);
}

#[test]
fn edits_made_while_the_relay_was_dead_reach_everybody_and_nothing_is_lost() {
    let mut desa = desa_with_register();
    let ani = desa.kader("Ani", &["Melati 1", "Mawar 2"]);
    let wati = desa.kader("Wati", &["Melati 1", "Anggrek 3"]);
    let semua = houses(&desa.kantor);
    let of = |dasawisma: &str| semua.keys().filter(|(milik, _)| milik == dasawisma).count();
    assert_eq!((of("Melati 1"), of("Mawar 2"), of("Anggrek 3")), (24, 5, 4));

    // Each has the houses of her dasawisma and none of another's.
    let milik = |boleh: &[&str]| {
        let boleh: BTreeSet<&str> = boleh.iter().copied().collect();
        semua.iter().filter(|((dasawisma, _), _)| boleh.contains(dasawisma.as_str())).map(clone).collect()
    };
    assert_eq!(houses(&ani), milik(&["Melati 1", "Mawar 2"]));
    assert_eq!(houses(&wati), milik(&["Melati 1", "Anggrek 3"]));
    let _ = desa.kantor.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    assert!(ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA"), "{:?}", ani.keadaan());

    desa.relay.kill();
    let rumah = |dasawisma: &str, nomor: i32| semua[&(dasawisma.to_owned(), nomor.to_string())].as_str();
    for nomor in 1..=24 {
        let melati = rumah("Melati 1", nomor);
        edit(&ani, melati, &json!({"alamat": format!("Gang Contoh {nomor}")}));
        let _ = wati.json(&["rumah", "setuju", melati, "--pemberi", "Contoh"]);
        edit(&wati, melati, &json!({"kriteria_rumah": "SEHAT"}));
    }
    for nomor in 1..=4 {
        edit(&ani, rumah("Mawar 2", nomor), &json!({"alamat": "Gang Mawar"}));
        edit(&wati, rumah("Anggrek 3", nomor), &json!({"alamat": "Gang Anggrek"}));
    }
    let sama = rumah("Melati 1", 7);
    edit(&ani, sama, &json!({"no_rumah": "7A"}));
    edit(&wati, sama, &json!({"no_rumah": "7B"}));

    for hp in [&ani, &wati] {
        assert_eq!(hp.refused(3, &["sinkron"]), "tidak_terjangkau");
        let keadaan = hp.keadaan();
        assert_eq!(keadaan[sama], "TERSIMPAN");
        assert_eq!(keadaan[rumah("Melati 1", 1)], "TERSIMPAN");
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
    }
    assert_eq!(ani.keadaan()[rumah("Mawar 2", 5)], "DITERIMA", "nobody touched it");
    assert_eq!(ani.json(&["rumah", "lihat", sama])["no_rumah"], "7A");

    // The relay is back; the office is still off.
    desa.relay.restart();
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.keadaan()[sama], "DITITIPKAN");
    let _ = wati.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    for hp in [&ani, &wati] {
        assert_eq!(hp.keadaan()[sama], "DITITIPKAN", "the office has applied nothing yet");
        assert_eq!(hp.keadaan()[rumah("Melati 1", 1)], "DITITIPKAN");
    }
    // The office has applied; before its word has come back the cadres know nothing of it.
    let kantor = desa.kantor.json(&["sinkron"]);
    assert_eq!((&kantor["diparkir"], &kantor["rusak"], &kantor["ditolak"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!(ani.keadaan()[sama], "DITITIPKAN");
    for hp in [&ani, &wati] {
        let _ = hp.json(&["sinkron"]);
        assert!(hp.keadaan().values().all(|keadaan| keadaan == "DITERIMA"), "{:?}", hp.keadaan());
    }

    // No edit is lost.
    let di_kantor = exported(&desa.kantor, &desa.path("ekspor-kantor"));
    for nomor in 1..=24 {
        let record: Value = serde_json::from_str(&di_kantor[&format!("{}.json", rumah("Melati 1", nomor))]).unwrap();
        assert_eq!(record["alamat"], format!("Gang Contoh {nomor}"));
        assert_eq!(record["kriteria_rumah"], "SEHAT");
    }
    // Everybody has the same, by the heads of the documents and by what is read from them.
    for (hp, banyak) in [(&ani, 29), (&wati, 28)] {
        let di_hp = exported(hp, &desa.path("ekspor-hp"));
        // Hers and no other's, also now.
        assert_eq!(di_hp.keys().filter(|nama| nama.ends_with(".json")).count(), banyak);
        for (nama, isi) in &di_hp {
            assert_eq!(Some(isi), di_kantor.get(nama), "{nama}");
        }
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
    }

    // Both answers to one question are listed everywhere, with who gave them, until somebody settles it.
    for hp in [&desa.kantor, &ani, &wati] {
        let berbeda = hp.json(&["berbeda", "daftar"]);
        let satu = berbeda["berbeda"].as_array().unwrap();
        assert_eq!(satu.len(), 1, "{berbeda}");
        assert_eq!((&satu[0]["rumah"], &satu[0]["tempat"]), (&json!(sama), &json!("rumah/no_rumah")));
        let calon = satu[0]["calon"].as_array().unwrap().iter();
        let calon: BTreeSet<_> = calon.map(|c| (c["isi"].as_str().unwrap(), c["nama"].as_str().unwrap())).collect();
        assert_eq!(calon, BTreeSet::from([("7A", "Ani"), ("7B", "Wati")]));
    }
}

fn clone(((dasawisma, nomor), id): (&(String, String), &String)) -> ((String, String), String) {
    ((dasawisma.clone(), nomor.clone()), id.clone())
}

#[test]
fn what_one_has_settled_is_settled_for_all() {
    let desa = desa_with_register();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let wati = desa.kader("Wati", &["Melati 1"]);
    let rumah = houses(&ani)[&("Melati 1".to_owned(), "7".to_owned())].clone();
    edit(&ani, &rumah, &json!({"no_rumah": "7A"}));
    edit(&wati, &rumah, &json!({"no_rumah": "7B"}));
    let semua = [&desa.kantor, &ani, &wati];
    for hp in semua.iter().chain(&semua) {
        let _ = hp.json(&["sinkron"]);
    }
    // Of two answers either may be the one that is shown until somebody has settled it.
    for pilihan in ["7A", "7B"] {
        let putuskan = ["berbeda", "putuskan", "--rumah", &rumah, "--tempat", "rumah/no_rumah", "--isi", pilihan];
        let _ = desa.kantor.json(&putuskan);
        for hp in semua {
            let _ = hp.json(&["sinkron"]);
            assert_eq!(hp.json(&["rumah", "lihat", &rumah])["no_rumah"], pilihan);
            assert_eq!(hp.json(&["berbeda", "daftar"])["berbeda"], json!([]), "the office has settled it");
            assert_eq!(hp.json(&["periksa"])["bersih"], true);
        }
    }
}

#[test]
fn a_decision_that_meets_an_answer_given_apart_is_asked_again() {
    let desa = desa_with_register();
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    let rumah = houses(&ani)[&("Melati 1".to_owned(), "7".to_owned())].clone();
    edit(&ani, &rumah, &json!({"no_rumah": "7A"}));
    edit(&wati, &rumah, &json!({"no_rumah": "7B"}));
    let semua = [&desa.kantor, &ani, &wati];
    for hp in semua.iter().chain(&semua) {
        let _ = hp.json(&["sinkron"]);
    }
    let putuskan = ["berbeda", "putuskan", "--rumah", &rumah, "--tempat", "rumah/no_rumah", "--isi", "7A"];
    let _ = desa.kantor.json(&putuskan);
    edit(&wati, &rumah, &json!({"no_rumah": "7C"}));
    for hp in semua.iter().chain(&semua) {
        let _ = hp.json(&["sinkron"]);
    }
    for hp in semua {
        let berbeda = hp.json(&["berbeda", "daftar"]);
        let calon = berbeda["berbeda"][0]["calon"].as_array().unwrap().iter();
        let calon: BTreeSet<_> = calon.map(|c| (c["isi"].as_str().unwrap(), c["nama"].as_str().unwrap())).collect();
        assert_eq!(calon, BTreeSet::from([("7A", "Kantor kelurahan"), ("7C", "Wati")]), "{}", hp.dir().display());
    }
}

#[test]
fn an_answer_given_after_the_other_was_seen_is_no_difference() {
    let desa = desa_with_register();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let rumah = houses(&ani)[&("Melati 1".to_owned(), "3".to_owned())].clone();
    edit(&desa.kantor, &rumah, &json!({"no_rumah": "3A"}));
    let _ = desa.kantor.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    edit(&ani, &rumah, &json!({"no_rumah": "3B"}));
    let _ = ani.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    for hp in [&desa.kantor, &ani] {
        assert_eq!(hp.json(&["berbeda", "daftar"])["berbeda"], json!([]));
        assert_eq!(hp.json(&["rumah", "lihat", &rumah])["no_rumah"], "3B");
    }
}

#[test]
fn every_device_of_a_practice_kelurahan_prints_latihan() {
    let desa = desa_with_register();
    let ani = desa.kader("Ani", &["Melati 1"]);
    for hp in [&desa.kantor, &ani] {
        for buku in ["4.16a", "4.16b"] {
            let cetak = String::from_utf8(hp.run(&["rekap", buku]).stdout).unwrap();
            assert!(cetak.contains("LATIHAN"), "{cetak}");
        }
        assert_eq!(hp.json(&["kelurahan", "lihat"])["latihan"], true);
    }
}

#[test]
fn a_house_recorded_for_another_dasawisma_stays_safe_and_reaches_nobody() {
    let desa = desa_with_register();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let asing = json!({"rw": "001", "rt": "004", "dasawisma": "Anggrek 3", "no_rumah": "99"}).to_string();
    let rumah = ani.json(&["rumah", "tambah", "--isi", &asing])["rumah"].as_str().unwrap().to_owned();

    let done = ani.run(&["sinkron", "--json"]);
    assert_eq!(done.status.code(), Some(1), "not everything is durable elsewhere");
    let hasil: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&hasil["menunggu"], &hasil["ditolak"]), (&json!(1), &json!(0)));
    assert_eq!(ani.keadaan()[&rumah], "TERSIMPAN");

    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(desa.kantor.refused(1, &["rumah", "lihat", &rumah]), "rumah_tidak_ada");
    assert_eq!(ani.json(&["rumah", "lihat", &rumah])["no_rumah"], "99");
}

#[test]
fn a_new_house_of_a_cadre_is_received_by_the_office_and_by_her_neighbour() {
    let desa = desa_with_register();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let wati = desa.kader("Wati", &["Melati 1"]);
    let baru = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "25"}).to_string();
    let rumah = ani.json(&["rumah", "tambah", "--isi", &baru])["rumah"].as_str().unwrap().to_owned();
    let _ = ani.json(&["rumah", "setuju", &rumah, "--pemberi", "CONTOH SARI", "--kesehatan"]);
    let sari = json!({"krt": "1", "nama_lengkap": "CONTOH SARI", "jenis_kelamin": "P", "tanggal_lahir": "1991-05-01"});
    let warga = ani.json(&["warga", "tambah", "--rumah", &rumah, "--isi", &sari.to_string()]);
    let hamil = json!({"ibu_hamil": true}).to_string();
    let _ = ani.json(&["warga", "ubah", warga["warga"].as_str().unwrap(), "--isi", &hamil]);
    let _ = ani.json(&["sinkron"]);
    for hp in [&desa.kantor, &wati] {
        let _ = hp.json(&["sinkron"]);
        let there = hp.json(&["rumah", "lihat", &rumah]);
        assert_eq!(there["anggota"], ani.json(&["rumah", "lihat", &rumah])["anggota"]);
        assert!(there["anggota"].to_string().contains("\"ibu_hamil\":true"), "{there}");
    }
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.keadaan()[&rumah], "DITERIMA");
}
