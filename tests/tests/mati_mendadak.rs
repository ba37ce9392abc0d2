//! The battery dies: the program is killed at any moment, and what it had acknowledged is there.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::io::Read;
use std::process::Stdio;

use serde_json::json;
use wakuncar_tests::{Hp, moments};

#[test]
fn two_hundred_deaths_while_editing_lose_no_acknowledged_answer() {
    let dir = tempfile::tempdir().unwrap();
    let hp = Hp::new(&dir.path().join("hp"));
    let alamat = json!({"rw": "001", "rt": "002", "dasawisma": "Melati", "no_rumah": "7"}).to_string();
    let rumah = hp.json(&["rumah", "tambah", "--isi", &alamat])["rumah"].as_str().unwrap().to_owned();
    let _ = hp.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);

    let mut acknowledged = Vec::new();
    let (mut killed, mut i) = (0, 0);
    let mut moments = moments(60_000);
    while killed < 200 && i < 2_000 {
        i += 1;
        let isi = json!({"pekarangan": [{"komoditi": format!("komoditi {i}")}]}).to_string();
        let mut command = hp.command(&["rumah", "ubah", &rumah, "--isi", &isi, "--json"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moments.next().unwrap());
        child.kill().unwrap();
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        // Acknowledged is what was printed, even if death came right after.
        if said.contains("\"berubah\":true") {
            acknowledged.push(format!("komoditi {i}"));
        }
        if i % 40 == 0 {
            assert_eq!(hp.json(&["periksa"])["bersih"], true, "after {i} commands");
        }
    }

    assert_eq!(killed, 200, "the moments must hit the program while it runs");
    assert!(!acknowledged.is_empty(), "some commands must come to their end");
    let there = hp.json(&["rumah", "lihat", &rumah])["pekarangan"].to_string();
    for komoditi in &acknowledged {
        assert!(there.contains(&format!("\"{komoditi}\"")), "{komoditi} was acknowledged and is gone");
    }
    assert_eq!(hp.json(&["periksa"])["bersih"], true);
}

#[test]
fn an_import_killed_at_any_moment_is_finished_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let berkas = dir.path().join("warga.csv");
    let mut isi = String::from("rw,rt,dasawisma,no_rumah,nama_lengkap,jenis_kelamin,tanggal_lahir,hubungan_kk\n");
    for rumah in 1..=250 {
        for (nama, jk) in [("AYAH", "L"), ("IBU", "P")] {
            isi.push_str(&format!("1,2,Melati,{rumah},{nama} CONTOH {rumah},{jk},1990-01-01,Lainnya\n"));
        }
    }
    std::fs::write(&berkas, isi).unwrap();
    let berkas = berkas.to_str().unwrap();
    let hp = Hp::new(&dir.path().join("hp"));

    let mut killed = 0;
    for moment in moments(500_000).take(12) {
        let mut child = hp.command(&["impor", berkas]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moment);
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
    }
    assert!(killed > 0, "the moments must hit the import while it runs");

    let _ = hp.json(&["impor", berkas]);
    assert_eq!(hp.json(&["rumah", "daftar"])["rumah"].as_array().unwrap().len(), 250);
    let rekap = hp.json(&["rekap", "4.16a", "--tgl-acuan", "2021-12-31"]);
    assert_eq!((&rekap["jumlah"]["T_L"], &rekap["jumlah"]["T_P"]), (&json!(250), &json!(250)));
    let lagi = hp.json(&["impor", berkas]);
    assert_eq!((&lagi["rumah_sama"], &lagi["warga_baru"]), (&json!(250), &json!(0)));
}
