//! Somebody else at the relay's address, a relay that answers nonsense, a line that breaks after any byte: the device
//! says so in its own words, keeps what it has, and goes on where it was.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a scene fails where it stands")]

mod perantara;

use std::process::Stdio;

use perantara::{Arah, Jalur, Jawab, Kunci, Penyamar};
use serde_json::{Value, json};
use wakuncar_tests::{Desa, Hp, Relay};

fn rumah(hp: &Hp, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": nomor}).to_string();
    hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned()
}

fn edit(hp: &Hp, rumah: &str, isi: &Value) {
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi.to_string()])["berubah"], true);
}

/// A kelurahan with one house and one cadre, who has changed it and not sent it yet.
fn desa_with_waiting_edit() -> (Desa, Hp, String) {
    let desa = Desa::new();
    let id = rumah(&desa.kantor, "1");
    let _ = desa.kantor.json(&["sinkron"]);
    let ani = desa.kader("Ani", &["Melati 1"]);
    edit(&ani, &id, &json!({"alamat": "Gang Contoh"}));
    (desa, ani, id)
}

fn nothing_lost(hp: &Hp, rumah: &str) {
    assert_eq!(hp.json(&["periksa"])["bersih"], true);
    assert_eq!(hp.json(&["rumah", "lihat", rumah])["alamat"], "Gang Contoh");
    assert_eq!(hp.keadaan()[rumah], "TERSIMPAN");
}

/// The true relay is back: everything arrives.
fn arrives(mut desa: Desa, ani: &Hp, rumah: &str) {
    desa.relay.restart();
    let _ = ani.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(desa.kantor.json(&["rumah", "lihat", rumah])["alamat"], "Gang Contoh");
}

/// Bytes that nobody has chosen.
fn noise(banyak: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as u8
    };
    std::iter::repeat_with(next).take(banyak).collect()
}

fn http(status: &str, body: &[u8]) -> Jawab {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    Jawab::Bytes([head.as_bytes(), body].concat())
}

/// Runs a command to its end: exit code, what it printed, and the most memory that it ever had, in KiB.
fn measured(hp: &Hp, args: &[&str]) -> (Option<i32>, Value, u64) {
    let mut command = hp.command(&[args, &["--json"]].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let high =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(high.unwrap_or(0));
        std::thread::yield_now();
    }
    let done = child.wait_with_output().unwrap();
    (done.status.code(), serde_json::from_slice(&done.stdout).unwrap(), most)
}

#[test]
fn another_relay_at_the_same_address_gets_nothing() {
    let (mut desa, ani, id) = desa_with_waiting_edit();
    desa.relay.kill();
    let lain = Relay::start_at(&desa.path("lain"), desa.relay.address()).expect("the port is free");
    assert_ne!(lain.pin(), desa.relay.pin());

    assert_eq!(ani.refused(3, &["sinkron"]), "relay_lain");
    let (indonesia, inggris) = (ani.told("id", &["sinkron"]), ani.told("en", &["sinkron"]));
    assert!(indonesia.contains("Data aman") && indonesia.contains("Beri tahu kelurahan"), "{indonesia}");
    assert!(inggris.contains("the data are safe") && inggris.contains("tell the office"), "{inggris}");
    assert_eq!(desa.kantor.refused(3, &["undang", "--nama", "Wati"]), "relay_lain");
    nothing_lost(&ani, &id);

    drop(lain);
    // The same with one who listens to what is said to him.
    let penyamar = Penyamar::at(desa.relay.address(), &Kunci::baru(), &http("200 OK", &[]));
    assert_eq!(ani.refused(3, &["sinkron"]), "relay_lain");
    assert_eq!(penyamar.didengar(), Vec::<u8>::new(), "nothing was sent");
    nothing_lost(&ani, &id);

    drop(penyamar);
    arrives(desa, &ani, &id);
}

#[test]
fn whatever_answers_without_the_relays_key_gets_nothing() {
    let (mut desa, ani, id) = desa_with_waiting_edit();
    desa.relay.kill();
    let page = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n<h1>Wi-Fi gratis</h1>\r\n";
    for bytes in [Vec::new(), page.to_vec(), noise(20_000), b"SSH-2.0-contoh\r\n".to_vec(), vec![0; 300_000]] {
        let penyamar = Penyamar::at(desa.relay.address(), &Kunci::TanpaTls, &Jawab::Bytes(bytes));
        assert_eq!(ani.refused(3, &["sinkron"]), "tidak_terjangkau");
        drop(penyamar);
        nothing_lost(&ani, &id);
    }
    arrives(desa, &ani, &id);
}

#[test]
fn garbage_from_one_who_has_the_relays_key_is_refused() {
    let (mut desa, ani, id) = desa_with_waiting_edit();
    let kunci = Kunci::dicuri(&desa.relay.data());
    desa.relay.kill();
    let kode = desa.hp_baru("Wati");
    let ketik = format!("{} 0000-0000-0000-0000-0000", desa.relay.address());
    let short: Vec<u8> = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nxxxx".to_vec();
    let cases: Vec<(&str, Jawab)> = vec![
        ("relay_sampah", http("200 OK", &[])),
        ("relay_sampah", http("200 OK", &noise(5_000))),
        ("relay_sampah", http("200 OK", &[0x9f; 4_000])),
        // Lists in lists in lists, and a list of four thousand million things.
        ("relay_sampah", http("200 OK", &[0x81; 900_000])),
        ("relay_sampah", http("200 OK", &[0x9a, 0xff, 0xff, 0xff, 0xff, 0x00])),
        ("relay_sampah", http("404 Not Found", b"tidak ada")),
        ("relay_sampah", http("302 Found\r\nLocation: https://contoh.invalid/", &[])),
        ("tidak_terjangkau", http("500 Internal Server Error", b"rusak")),
        ("tidak_terjangkau", Jawab::Bytes(short)),
        ("tidak_terjangkau", Jawab::Bytes(noise(50_000))),
        ("tidak_terjangkau", Jawab::Bytes(Vec::new())),
    ];
    for (galat, jawab) in cases {
        let penyamar = Penyamar::at(desa.relay.address(), &kunci, &jawab);
        let (exit, said, most) = measured(&ani, &["sinkron"]);
        assert_eq!((exit, &said["galat"]), (Some(3), &json!(galat)), "{said}");
        assert!(most < 200 * 1024, "{most} KiB");
        assert!(!penyamar.didengar().is_empty(), "he has the key and was spoken to");
        drop(penyamar);
        nothing_lost(&ani, &id);
    }
    // He hears sealed entries only, and a newcomer learns nothing false from him.
    let penyamar = Penyamar::at(desa.relay.address(), &kunci, &http("200 OK", &noise(300)));
    assert_eq!(kode.run(&["gabung", "--kode", &ketik]).status.code(), Some(1), "no code that anybody was given");
    let _ = ani.refused(3, &["sinkron"]);
    let heard = penyamar.didengar();
    assert!(!heard.windows(11).any(|window| window == b"Gang Contoh"));
    drop(penyamar);
    arrives(desa, &ani, &id);
}

#[test]
fn an_endless_answer_fills_no_memory() {
    let (mut desa, ani, id) = desa_with_waiting_edit();
    let kunci = Kunci::dicuri(&desa.relay.data());
    desa.relay.kill();
    let gigabyte = b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".to_vec();
    // Zeros are no length of a chunk; one chunk of a size without end is.
    let chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n".to_vec();
    let head = b"HTTP/1.1 200 OK\r\nX-Contoh: ".to_vec();
    for (galat, begin) in [("relay_sampah", gigabyte), ("relay_sampah", chunk), ("tidak_terjangkau", head)] {
        let penyamar = Penyamar::at(desa.relay.address(), &kunci, &Jawab::TanpaAkhir(begin));
        let (exit, said, most) = measured(&ani, &["sinkron"]);
        assert_eq!((exit, &said["galat"]), (Some(3), &json!(galat)), "{said}");
        assert!(most > 0 && most < 200 * 1024, "{most} KiB");
        assert!(penyamar.terkirim() < 64 << 20, "{} bytes were taken", penyamar.terkirim());
        drop(penyamar);
        nothing_lost(&ani, &id);
    }
    arrives(desa, &ani, &id);
}

#[test]
fn a_pin_that_is_not_the_relays_makes_no_kelurahan() {
    let desa = Desa::new();
    let hp = desa.hp_baru("kantor lain");
    let buat =
        ["kelurahan", "buat", "--kode", "18.72.05.1002", "--nama", "Lain", "--relay", &desa.relay.url(), "--pin"];
    let salah = "00112233445566778899aabbccddeeff";
    assert_eq!(hp.refused(3, &[&buat[..], &[salah]].concat()), "relay_lain");
    // Nothing is made: the right pin still makes it, and shows the recovery code.
    let baru = hp.json(&[&buat[..], &[desa.relay.pin()]].concat());
    assert_eq!(baru["terkirim"], true);
    assert!(!baru["kode_pemulihan"].as_str().unwrap().is_empty());
}

#[test]
fn a_kelurahan_made_without_the_relay_is_brought_there_later() {
    let mut desa = Desa::new();
    desa.relay.kill();
    let hp = desa.hp_baru("kantor lain");
    let buat =
        ["kelurahan", "buat", "--kode", "18.72.05.1002", "--nama", "Lain", "--relay", &desa.relay.url(), "--pin"];
    let made = hp.run(&[&buat[..], &[desa.relay.pin(), "--json"]].concat());
    assert_eq!(made.status.code(), Some(3));
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(made["terkirim"], false);
    assert!(!made["kode_pemulihan"].as_str().unwrap().is_empty(), "it is shown this once");
    desa.relay.restart();
    assert_eq!(hp.json(&["sinkron"])["menunggu"], 0);
}

#[test]
fn a_line_cut_after_any_byte_loses_nothing_and_doubles_nothing() {
    const POINTS: usize = 36;
    let mut desa = Desa::new();
    let jalur = Jalur::to(desa.relay.address());
    // The cadre's device knows the relay by the address of the line.
    desa.kantor = desa.hp_baru("kantor di ujung jalur");
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1003", "--nama", "Jalur", "--latihan", "--relay"];
    let _ = desa.kantor.json(&[&buat[..], &[&jalur.url(), "--pin", desa.relay.pin()]].concat());
    let id = rumah(&desa.kantor, "1");
    let _ = desa.kantor.json(&["rumah", "setuju", &id, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let ani = desa.kader("Ani", &["Melati 1"]);
    let tulis = |hp: &Hp, nama: String| edit(hp, &id, &json!({"pekarangan": [{"komoditi": nama}]}));
    let both = |at: usize| {
        tulis(&ani, format!("ani {at}"));
        tulis(&desa.kantor, format!("kantor {at}"));
        let _ = desa.kantor.json(&["sinkron"]);
    };

    // How many bytes go each way when nothing breaks.
    both(0);
    jalur.lay(None);
    let _ = ani.json(&["sinkron"]);
    let whole = [Arah::KeRelay, Arah::KeHp].map(|arah| (arah, jalur.lewat(arah)));

    let (mut broken, mut at) = (0, 0);
    for (arah, bytes) in whole {
        assert!(bytes > 1_000, "{bytes} bytes {arah:?}");
        for point in 0..POINTS {
            at += 1;
            jalur.lay(None);
            both(at);
            jalur.lay(Some((arah, point * bytes / POINTS)));
            let done = ani.run(&["sinkron", "--json"]);
            let said = String::from_utf8_lossy(&done.stdout).into_owned();
            if jalur.putus() {
                broken += 1;
                // The last bytes of a line that nobody needs any more may break unseen.
                assert!(matches!(done.status.code(), Some(0 | 3)), "{said}");
            }
            if done.status.code() == Some(3) {
                assert!(said.contains("\"tidak_terjangkau\""), "{said}");
            }
            jalur.lay(None);
            let hasil = ani.json(&["sinkron"]);
            assert_eq!((&hasil["menunggu"], &hasil["ditolak"], &hasil["rusak"]), (&json!(0), &json!(0), &json!(0)));
        }
    }
    assert!(broken >= 60, "the line must break: {broken}");

    let _ = desa.kantor.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    let expected: std::collections::BTreeSet<String> =
        (0..=at).flat_map(|at| [format!("ani {at}"), format!("kantor {at}")]).collect();
    let records = [&ani, &desa.kantor].map(|hp| {
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
        hp.json(&["rumah", "lihat", &id])
    });
    assert_eq!(records[0], records[1]);
    let rows = records[0]["pekarangan"].as_array().unwrap();
    assert_eq!(rows.len(), expected.len(), "each once");
    let there = rows.iter().map(|row| row["komoditi"].as_str().unwrap().to_owned()).collect();
    assert_eq!(expected, there);
    assert_eq!(ani.keadaan()[&id], "DITERIMA");
}
