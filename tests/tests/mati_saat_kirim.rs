//! The battery of a phone dies while it sends or writes, the power of the relay while it takes: what was acknowledged
//! arrives at the office, once.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use wakuncar_document::Document;
use wakuncar_domain::Koleksi;
use wakuncar_tests::{Desa, Hp, moments};

/// Runs a command and kills it at that moment of its life; what it had printed, and whether it was still running.
fn killed(hp: &Hp, args: &[&str], moment: Duration) -> (String, bool) {
    let mut command = hp.command(&[args, &["--json"]].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(moment);
    child.kill().unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    (said, child.wait().unwrap().code().is_none())
}

fn heads(hp: &Hp, keluar: &std::path::Path, rumah: &str) -> Vec<[u8; 32]> {
    let _ = hp.json(&["ekspor", "--keluar", keluar.to_str().unwrap()]);
    let bytes = std::fs::read(keluar.join(format!("{rumah}.dasar.automerge"))).unwrap();
    Document::load(Koleksi::Dasar, &bytes).unwrap().heads()
}

#[test]
fn two_hundred_deaths_while_sending_lose_no_acknowledged_answer() {
    const DEATHS: usize = 200;
    let mut desa = Desa::new();
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let kader = [desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"])];

    let mut acknowledged = Vec::new();
    let (mut of_edits, mut of_syncs, mut of_relay, mut finished) = (0, 0, 0, 0);
    let (mut moments, mut i) = (moments(70_000), 0);
    while (of_edits + of_syncs + of_relay < DEATHS || of_edits < 20 || of_syncs < 20) && i < 2_000 {
        i += 1;
        let hp = &kader[i % 2];
        let nama = format!("komoditi {i}");
        let isi = json!({"pekarangan": [{"komoditi": nama}]}).to_string();
        let edit = ["rumah", "ubah", &rumah, "--isi", &isi];
        match i % 3 {
            0 => {
                // The phone dies while it writes, which takes less long than sending.
                let (said, died) = killed(hp, &edit, moments.next().unwrap() / 3);
                of_edits += usize::from(died);
                acknowledged.extend(said.contains("\"berubah\":true").then_some(nama));
            }
            1 => {
                // The phone dies while it sends.
                assert_eq!(hp.json(&edit)["berubah"], true);
                acknowledged.push(nama);
                let (said, died) = killed(hp, &["sinkron"], moments.next().unwrap());
                of_syncs += usize::from(died);
                finished += usize::from(said.contains("\"menunggu\":0"));
            }
            _ => {
                // The relay dies while the phone sends.
                assert_eq!(hp.json(&edit)["berubah"], true);
                acknowledged.push(nama);
                let mut sending = hp.command(&["sinkron", "--json"]);
                let mut sending = sending.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
                std::thread::sleep(moments.next().unwrap());
                desa.relay.kill();
                of_relay += 1;
                let mut said = String::new();
                sending.stdout.take().unwrap().read_to_string(&mut said).unwrap();
                let exit = sending.wait().unwrap().code();
                assert!(matches!(exit, Some(0 | 3)), "{exit:?} {said}");
                finished += usize::from(exit == Some(0));
                desa.relay.restart();
            }
        }
        if i % 50 == 0 {
            let _ = desa.kantor.json(&["sinkron"]);
            assert_eq!(hp.json(&["periksa"])["bersih"], true, "after {i} rounds");
        }
    }
    assert!(of_edits >= 20 && of_syncs >= 20 && of_relay >= 20, "{of_edits} + {of_syncs} + {of_relay}");
    assert!(of_edits + of_syncs + of_relay >= DEATHS && finished > 0, "some syncs come to their end: {finished}");

    // Everybody sends and fetches until there is nothing more to say.
    let [ani, wati] = &kader;
    for hp in [ani, wati, &desa.kantor, ani, wati] {
        let hasil = hp.json(&["sinkron"]);
        for nothing in ["menunggu", "ditolak", "rusak", "diparkir"] {
            assert_eq!(hasil[nothing], 0, "{nothing}: {hasil}");
        }
    }
    let rows =
        |hp: &Hp| -> Vec<Value> { hp.json(&["rumah", "lihat", &rumah])["pekarangan"].as_array().unwrap().clone() };
    let di_kantor = rows(&desa.kantor);
    for nama in &acknowledged {
        let there = di_kantor.iter().filter(|row| row["komoditi"] == nama.as_str()).count();
        assert_eq!(there, 1, "{nama} was acknowledged");
    }
    let heads_of = |hp: &Hp| heads(hp, &desa.path("ekspor"), &rumah);
    for hp in [&desa.kantor, ani, wati] {
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
        assert_eq!(rows(hp), di_kantor);
        assert_eq!(heads_of(hp), heads_of(&desa.kantor));
        assert_eq!(hp.keadaan()[&rumah], "DITERIMA");
    }
}
