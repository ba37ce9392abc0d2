//! A phone's folder is copied and both live on for a week: the fork is found, frozen and told; nothing that either of
//! them acknowledged is gone from where it was written, and the office loses nothing.
//!
//! Without `WAKUNCAR_CELAKA=semua` a few seeds are tried.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "how much was tried is said")]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use wakuncar_tests::celaka::{Undi, whole};
use wakuncar_tests::{Desa, Hp};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for path in std::fs::read_dir(from).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

fn sync(hp: &Hp) -> (Option<i32>, Value) {
    let done = hp.run(&["sinkron", "--json"]);
    (done.status.code(), serde_json::from_slice(&done.stdout).unwrap_or_default())
}

fn kata(hp: &Hp, rumah: &str) -> String {
    hp.json(&["rumah", "lihat", rumah])["pekarangan"].to_string()
}

#[test]
fn two_clones_of_one_phone_lose_nothing_in_a_week() {
    let minggu = if whole() { 40 } else { 4 };
    let (mut perintah, mut bercabang) = (0, 0);
    let mut ujung: BTreeMap<String, usize> = BTreeMap::new();
    for benih in 0..minggu {
        let mut undi = Undi::new(benih);
        let desa = Desa::new();
        let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "7"}).to_string();
        let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
        let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
        let _ = desa.kantor.json(&["sinkron"]);
        let [ani, wati] = ["Ani", "Wati"].map(|nama| desa.kader(nama, &["Melati 1"]));
        let klon = desa.hp_baru("klon");
        copy(ani.dir(), klon.dir());
        let semua = [&ani, &klon, &wati, &desa.kantor];
        let mut ditulis: [Vec<String>; 4] = Default::default();
        for hari in 0..7 {
            for _ in 0..8 {
                perintah += 1;
                let siapa = undi.below(4);
                if undi.below(3) == 0 {
                    let (exit, said) = sync(semua[siapa]);
                    assert!(matches!(exit, Some(0 | 1 | 3)), "seed {benih} day {hari}: {said}");
                    continue;
                }
                let nama = format!("hari {hari} {} {}", ["ani", "klon", "wati", "kantor"][siapa], ditulis[siapa].len());
                let isi = json!({"pekarangan": [{"komoditi": nama}]}).to_string();
                let done = semua[siapa].run(&["rumah", "ubah", &rumah, "--isi", &isi, "--json"]);
                // A phone that was shut out may refuse; what it took is kept.
                if String::from_utf8_lossy(&done.stdout).contains("\"berubah\":true") {
                    ditulis[siapa].push(nama);
                }
            }
        }
        for _ in 0..2 {
            for hp in semua {
                let (exit, said) = sync(hp);
                assert!(matches!(exit, Some(0 | 1 | 3)), "seed {benih}: {said}");
                assert_ne!(said["galat"], "program", "seed {benih}: {said}");
            }
        }
        let kantor = kata(&desa.kantor, &rumah);
        for (siapa, hp) in semua.iter().enumerate() {
            assert_eq!(hp.json(&["periksa"])["bersih"], true, "seed {benih}: {siapa}");
            let di_hp = kata(hp, &rumah);
            for nama in &ditulis[siapa] {
                let kali = di_hp.matches(&format!("\"{nama}\"")).count();
                assert_eq!(kali, 1, "seed {benih}: {nama} was acknowledged there");
                let sampai = kantor.contains(&format!("\"{nama}\""));
                if siapa >= 2 {
                    assert!(sampai, "seed {benih}: {nama} of an honest device did not arrive");
                } else if !sampai {
                    // What waits is never shown as received.
                    assert_ne!(hp.keadaan()[&rumah], "DITERIMA", "seed {benih}: {nama} is green and not there");
                }
            }
        }
        let db = rusqlite::Connection::open(desa.relay.data().join("relay.sqlite")).unwrap();
        let cabang: i64 = db.query_row("SELECT COUNT(*) FROM entry WHERE branch > 0", [], |row| row.get(0)).unwrap();
        let dua = ditulis[0].len().min(ditulis[1].len()) > 0;
        bercabang += usize::from(cabang > 0);
        for hp in [&ani, &klon] {
            let (exit, said) = sync(hp);
            let kode = said["galat"].as_str().map_or_else(|| format!("ditolak {}", said["ditolak"]), str::to_owned);
            *ujung.entry(format!("{exit:?} {}", if dua { kode } else { "satu menulis".into() })).or_default() += 1;
        }
    }
    println!("dua klon: {minggu} minggu, {perintah} perintah, {bercabang} bercabang, 0 hilang; akhirnya {ujung:?}");
}
