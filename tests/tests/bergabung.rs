//! Coming into a kelurahan: who is let in, and what the others are told.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use wakuncar_tests::{Desa, Hp, moments};

fn desa() -> Desa {
    let desa = Desa::new();
    for (rt, dasawisma) in [("002", "Melati 1"), ("003", "Mawar 2")] {
        let rumah = json!({"rw": "001", "rt": rt, "dasawisma": dasawisma, "no_rumah": "1"}).to_string();
        let _ = desa.kantor.json(&["rumah", "tambah", "--isi", &rumah]);
    }
    let _ = desa.kantor.json(&["sinkron"]);
    desa
}

fn kode(undangan: &Value) -> &str {
    undangan["kode"].as_str().unwrap()
}

fn kode_ketik(undangan: &Value) -> &str {
    undangan["kode_ketik"].as_str().unwrap()
}

/// A refusal says in both languages what to do.
fn told(hp: &Hp, args: &[&str], indonesia: &str, inggris: &str) {
    let (id, en) = (hp.told("id", args), hp.told("en", args));
    assert!(id.contains(indonesia), "{id}");
    assert!(en.contains(inggris), "{en}");
}

#[test]
fn the_same_three_pictures_stand_on_both_sides_before_a_device_is_confirmed() {
    let desa = desa();
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let ani = desa.hp_baru("Ani");
    let gabung = ["gabung", "--kode", kode(&undangan)];
    assert_eq!(ani.json(&gabung)["keadaan"], "menunggu");
    assert_eq!(ani.json(&["rumah", "daftar"])["rumah"], json!([]), "before it is confirmed it gets nothing");

    let daftar = desa.kantor.json(&["perangkat", "daftar"]);
    let mut semua = daftar["perangkat"].as_array().unwrap().iter();
    let waits = semua.find(|satu| satu["keadaan"] == "menunggu").unwrap().clone();
    let lagi = ani.json(&gabung);
    assert_eq!(lagi["keadaan"], "bandingkan");
    assert_eq!(lagi["gambar"].as_array().unwrap().len(), 3);
    assert_eq!((&lagi["gambar"], &lagi["perangkat"]), (&waits["gambar"], &waits["id"]));
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["rumah", "daftar"])["rumah"], json!([]));

    let _ = desa.kantor.json(&["perangkat", "sahkan", waits["id"].as_str().unwrap()]);
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["kelurahan", "lihat"])["peran"], "kader");
    assert_eq!(ani.json(&["rumah", "daftar"])["rumah"].as_array().unwrap().len(), 1);
}

#[test]
fn a_device_that_has_joined_joins_nothing_else() {
    let (desa, lain) = (desa(), Desa::new());
    let ani = desa.kader("Ani", &["Melati 1"]);
    let undangan = desa.undang("Ani lagi", &["Mawar 2"]);
    let lagi = ["gabung", "--kode", kode(&undangan)];
    assert_eq!(ani.refused(1, &lagi), "sudah_terdaftar");
    told(&ani, &lagi, "pakai --data folder lain", "use another data folder");

    let rumah = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let _ = lain.kantor.json(&["rumah", "tambah", "--isi", &rumah]);
    let undangan = lain.undang("Ani", &["Melati 1"]);
    let ke_sana = ["gabung", "--kode", kode(&undangan)];
    assert_eq!(ani.refused(1, &ke_sana), "kelurahan_lain");
    told(&ani, &ke_sana, "Minta kode yang benar", "ask for the right code");

    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1002", "--nama", "Lain"];
    let relay = ["--relay", &desa.relay.url(), "--pin", desa.relay.pin()];
    assert_eq!(ani.refused(1, &[&buat[..], &relay].concat()), "sudah_terdaftar");
    // She is who she was.
    let ini = ani.json(&["kelurahan", "lihat"]);
    assert_eq!((&ini["nama"], &ini["peran"]), (&json!("Contoh"), &json!("kader")));
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["rumah", "daftar"])["rumah"].as_array().unwrap().len(), 1);
}

#[test]
fn a_device_that_waits_takes_no_code_of_another_kelurahan() {
    let (desa, lain) = (desa(), Desa::new());
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let ani = desa.hp_baru("Ani");
    let _ = ani.json(&["gabung", "--kode", kode(&undangan)]);
    let lain = lain.undang("Ani", &[]);
    assert_eq!(ani.refused(1, &["gabung", "--kode", kode(&lain)]), "kelurahan_lain");
    desa.sahkan();
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["kelurahan", "lihat"])["peran"], "kader");
}

#[test]
fn nobody_becomes_a_coordinator_by_invitation_or_invites_as_a_cadre() {
    let desa = desa();
    for peran in ["koordinator", "hub"] {
        let undang = ["undang", "--nama", "Ani", "--peran", peran];
        assert_eq!(desa.kantor.refused(1, &undang), "peran_salah");
        told(&desa.kantor, &undang, "tidak diangkat lewat undangan", "another role");
    }
    assert_eq!(desa.kantor.refused(2, &["undang", "--nama", "Ani", "--peran", "ratu"]), "perintah");
    assert_eq!(desa.kantor.refused(1, &["undang", "--nama", "Ani", "--dasawisma", "Nusa Indah"]), "kode");
    let ani = desa.kader("Ani", &["Melati 1"]);
    let undang = ["undang", "--nama", "Wati", "--dasawisma", "Melati 1"];
    assert_eq!(ani.refused(1, &undang), "bukan_koordinator");
    told(&ani, &undang, "Minta koordinator", "ask the coordinator");
}

#[test]
fn a_code_lets_one_device_in_and_only_one() {
    let desa = desa();
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let (ani, kedua, ketiga) = (desa.hp_baru("Ani"), desa.hp_baru("kedua"), desa.hp_baru("ketiga"));
    let gabung = ["gabung", "--kode", kode(&undangan)];
    let _ = ani.json(&gabung);

    // A second device while the first one waits: the office sees both and compares pictures.
    let _ = kedua.json(&gabung);
    let daftar = desa.kantor.json(&["perangkat", "daftar"]);
    let waits = daftar["perangkat"].as_array().unwrap().iter().filter(|satu| satu["keadaan"] == "menunggu");
    let of = |hp: &Hp| hp.json(&gabung);
    let (satu, dua) = (of(&ani), of(&kedua));
    assert_eq!(waits.count(), 2, "{daftar}");
    let id = |gabung: &Value| gabung["perangkat"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["perangkat", "sahkan", &id(&satu)]);
    assert_eq!(desa.kantor.refused(1, &["perangkat", "sahkan", &id(&dua)]), "perangkat_tidak_ada");
    let ditolak = kedua.run(&[&gabung[..], &["--json"]].concat());
    assert_eq!(ditolak.status.code(), Some(1), "{}", String::from_utf8_lossy(&ditolak.stdout));
    let _ = kedua.run(&["sinkron"]);
    assert_eq!(kedua.json(&["rumah", "daftar"])["rumah"], json!([]));
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["kelurahan", "lihat"])["peran"], "kader");

    // Another one after it was used.
    for code in [kode(&undangan), kode_ketik(&undangan)] {
        let gabung = ["gabung", "--kode", code];
        assert_eq!(ketiga.refused(1, &gabung), "undangan_tidak_berlaku");
        told(&ketiga, &gabung, "Minta kode baru ke kelurahan", "ask the office for a new one");
    }
    // The others are free for a code of their own.
    let lagi = desa.undang("Wati", &["Mawar 2"]);
    let _ = ketiga.json(&["gabung", "--kode", kode(&lagi)]);
    desa.sahkan();
    let _ = ketiga.json(&["sinkron"]);
    assert_eq!(ketiga.json(&["kelurahan", "lihat"])["peran"], "kader");
}

#[test]
fn a_device_that_was_turned_away_stays_out_and_may_come_back_with_a_new_code() {
    let desa = desa();
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let ani = desa.hp_baru("Ani");
    let gabung = ["gabung", "--kode", kode(&undangan)];
    let id = ani.json(&gabung)["perangkat"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["perangkat", "tolak", &id]);
    let lagi = ani.run(&[&gabung[..], &["--json"]].concat());
    assert_eq!(lagi.status.code(), Some(1), "{}", String::from_utf8_lossy(&lagi.stdout));
    let _ = ani.run(&["sinkron"]);
    assert_eq!(ani.json(&["rumah", "daftar"])["rumah"], json!([]));
    assert_eq!(desa.kantor.refused(1, &["perangkat", "sahkan", &id]), "perangkat_tidak_ada");

    let baru = desa.undang("Ani", &["Melati 1"]);
    let _ = ani.json(&["gabung", "--kode", kode(&baru)]);
    desa.sahkan();
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["rumah", "daftar"])["rumah"].as_array().unwrap().len(), 1);
}

#[test]
fn a_code_with_a_wrong_letter_changes_nothing() {
    let desa = desa();
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let ani = desa.hp_baru("Ani");
    let (qr, ketik) = (kode(&undangan), kode_ketik(&undangan));
    let other = |text: &str, at: usize| {
        let was = text.as_bytes()[at];
        let now = if was == b'7' { '8' } else { '7' };
        format!("{}{now}{}", &text[..at], &text[at + 1..])
    };
    for at in (5..qr.len()).step_by(9) {
        assert_eq!(ani.refused(1, &["gabung", "--kode", &other(qr, at)]), "kode", "letter {at}");
    }
    for at in [ketik.len() - 1, ketik.len() - 12, ketik.len() - 24] {
        let salah = other(ketik, at);
        let galat = ani.refused(1, &["gabung", "--kode", &salah]);
        assert_eq!(galat, "kode", "{salah}");
    }
    for apa in ["", "halo", "https://contoh.invalid/x", "WKN1:", "127.0.0.1:1"] {
        let gabung = ["gabung", "--kode", apa];
        assert_eq!(ani.refused(1, &gabung), "kode", "{apa}");
        told(&ani, &gabung, "Periksa tiap huruf, lalu ulangi", "nothing was changed");
    }
    assert_eq!(ani.refused(1, &["kelurahan", "lihat"]), "tanpa_kelurahan");
    let _ = ani.json(&["gabung", "--kode", qr]);
}

#[test]
fn a_typed_code_lets_in_and_serves_five_times_at_most() {
    let desa = desa();
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let ani = desa.hp_baru("Ani");
    let kecil = kode_ketik(&undangan).to_lowercase();
    assert_eq!(ani.json(&["gabung", "--kode", &kecil])["keadaan"], "menunggu");
    desa.sahkan();
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["kelurahan", "lihat"])["peran"], "kader");

    // Five have asked for it, none of them comes further; the sixth does not even get the invitation.
    let undangan = desa.undang("Wati", &["Melati 1"]);
    let gabung = ["gabung", "--kode", kode_ketik(&undangan)];
    for _ in 0..5 {
        assert_eq!(ani.refused(1, &gabung), "sudah_terdaftar");
    }
    assert_eq!(desa.hp_baru("Wati").refused(1, &gabung), "undangan_tidak_berlaku");
    // The QR of the same invitation still serves: it never was with the relay.
    let _ = desa.hp_baru("Wati").json(&["gabung", "--kode", kode(&undangan)]);
}

#[test]
fn without_the_relay_nobody_joins_and_nothing_is_lost() {
    let mut desa = desa();
    let undangan = desa.undang("Ani", &["Melati 1"]);
    desa.relay.kill();
    let ani = desa.hp_baru("Ani");
    for code in [kode(&undangan), kode_ketik(&undangan)] {
        let gabung = ["gabung", "--kode", code];
        assert_eq!(ani.refused(3, &gabung), "tidak_terjangkau");
        told(&ani, &gabung, "Coba lagi nanti", "try again later");
    }
    assert_eq!(desa.kantor.refused(3, &["undang", "--nama", "Wati"]), "tidak_terjangkau");
    let daftar = desa.kantor.run(&["perangkat", "daftar"]);
    assert!(daftar.status.success(), "the list of before is shown");

    desa.relay.restart();
    let _ = ani.json(&["gabung", "--kode", kode(&undangan)]);
    desa.sahkan();
    let _ = ani.json(&["sinkron"]);
    assert_eq!(ani.json(&["kelurahan", "lihat"])["peran"], "kader");
}

/// Starts a command and kills it at that moment of its life; whether it was still running.
fn killed(hp: &Hp, args: &[&str], moment: Duration) -> bool {
    let mut child = hp.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

#[test]
fn a_join_goes_on_after_either_device_died_in_the_middle() {
    let desa = desa();
    let (mut died, mut moments) = (0, moments(70_000));
    for nomor in 0..16 {
        let nama = format!("kader {nomor}");
        let hp = desa.hp_baru(&nama);
        let kantor = &desa.kantor;
        died += usize::from(killed(kantor, &["undang", "--nama", &nama], moments.next().unwrap()));
        let undangan = desa.undang(&nama, &["Melati 1"]);
        let gabung = ["gabung", "--kode", kode(&undangan)];
        died += usize::from(killed(&hp, &gabung, moments.next().unwrap()));
        let id = hp.json(&gabung)["perangkat"].as_str().unwrap().to_owned();
        died += usize::from(killed(kantor, &["perangkat", "daftar"], moments.next().unwrap()));
        died += usize::from(killed(kantor, &["perangkat", "sahkan", &id], moments.next().unwrap()));
        // Whether it was confirmed before it died is for the office to look up.
        let daftar = kantor.json(&["perangkat", "daftar"]);
        let satu: Vec<&Value> =
            daftar["perangkat"].as_array().unwrap().iter().filter(|satu| satu["id"] == id).collect();
        assert_eq!(satu.len(), 1, "{daftar}");
        if satu[0]["keadaan"] == "menunggu" {
            let _ = kantor.json(&["perangkat", "sahkan", &id]);
        }
        died += usize::from(killed(&hp, &["sinkron"], moments.next().unwrap()));
        let hasil = hp.json(&["sinkron"]);
        assert_eq!((&hasil["ditolak"], &hasil["rusak"]), (&json!(0), &json!(0)), "{hasil}");
        assert_eq!(hp.json(&["kelurahan", "lihat"])["peran"], "kader");
        assert_eq!(hp.json(&["rumah", "daftar"])["rumah"].as_array().unwrap().len(), 1);
    }
    assert!(died >= 20, "the moments must hit the programs while they run: {died}");
    let daftar = desa.kantor.json(&["perangkat", "daftar"]);
    let semua = daftar["perangkat"].as_array().unwrap();
    assert_eq!(semua.len(), 17, "{daftar}");
    assert!(semua.iter().all(|satu| satu["keadaan"] == "sah"), "{daftar}");
    assert_eq!(desa.kantor.json(&["periksa"])["bersih"], true);
}
