//! A month without internet: phones exchange through the office's hub; when the internet is back, the relay gets
//! everything, once.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use wakuncar_tests::{Desa, Hp, Hub, Relay};

fn rumah(hp: &Hp, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": nomor}).to_string();
    hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned()
}

fn alamat(hp: &Hp, rumah: &str, alamat: &str) {
    let isi = json!({"alamat": alamat}).to_string();
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi])["berubah"], true);
}

/// Does it again until it is so: the hub works beside.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
    }
}

fn desa() -> (Desa, Hp, Hp, String) {
    let mut desa = Desa::new();
    let id = rumah(&desa.kantor, "1");
    let _ = desa.kantor.json(&["sinkron"]);
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    let _ = desa.kantor.json(&["sinkron"]);
    desa.relay.kill();
    (desa, ani, wati, id)
}

/// The chained entries of a relay's file; none is there twice.
fn entries(data: &Path) -> BTreeSet<Vec<u8>> {
    let file = rusqlite::Connection::open(data.join("relay.sqlite")).unwrap();
    let mut statement = file.prepare("SELECT entry_id FROM entry WHERE beat = 0").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let all: Vec<Vec<u8>> = rows.map(Result::unwrap).collect();
    let set: BTreeSet<Vec<u8>> = all.iter().cloned().collect();
    assert_eq!(all.len(), set.len(), "an entry is there twice");
    set
}

#[test]
fn two_phones_exchange_through_the_hub_and_the_relay_gets_everything_once_it_is_back() {
    let (mut desa, ani, wati, id) = desa();
    let hub = Hub::alone(&desa.kantor);
    alamat(&ani, &id, "Gang Contoh");
    let baru = rumah(&wati, "2");
    // They have not heard of it: the QR on its screen says where it is.
    assert_eq!(ani.refused(3, &["sinkron"]), "tidak_terjangkau");
    for hp in [&ani, &wati, &ani] {
        let hasil = hp.json(&["sinkron", "--hub", hub.teks("kode")]);
        assert_eq!(
            (&hasil["menunggu"], &hasil["ditolak"], &hasil["rusak"]),
            (&json!(0), &json!(0), &json!(0)),
            "{hasil}"
        );
    }
    assert_eq!(wati.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    assert_eq!(ani.keadaan().len(), 2);
    // From now on they find it where it was; the relay is still away, and that is no error.
    let mut seen = BTreeSet::new();
    until("the office receives", || {
        let hasil = ani.json(&["sinkron"]);
        assert_eq!(hasil["gagal"], 1, "{hasil}");
        seen.extend(ani.keadaan().into_values());
        ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA")
    });
    assert!(seen.contains("DITITIPKAN") || seen.contains("DITERIMA"));
    // Commands of the office work beside its hub.
    assert_eq!(desa.kantor.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    assert!(desa.kantor.keadaan().contains_key(&baru));
    // By its typed address, too.
    assert_eq!(wati.json(&["sinkron", "--hub", hub.alamat()])["menunggu"], 0);

    // The internet is back: nobody does anything.
    desa.relay.restart();
    let sari = desa.hp_baru("Sari");
    let at_hub = entries(&desa.kantor.dir().join("hub"));
    until("the relay has everything", || entries(&desa.relay.data()).is_superset(&at_hub));
    drop(hub);
    let undangan = desa.undang("Sari", &["Melati 1"]);
    let _ = sari.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    desa.sahkan();
    let _ = sari.json(&["sinkron"]);
    assert_eq!(sari.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    assert!(sari.keadaan().contains_key(&baru));
    for hp in [&ani, &wati, &sari, &desa.kantor] {
        let hasil = hp.json(&["sinkron"]);
        assert_eq!((&hasil["menunggu"], &hasil["rusak"]), (&json!(0), &json!(0)), "{hasil}");
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
    }
    let _ = entries(&desa.relay.data());
}

#[test]
fn a_phone_that_carries_brings_its_neighbours_entries_to_the_relay() {
    let (mut desa, ani, wati, id) = desa();
    let hub = Hub::alone(&desa.kantor);
    alamat(&ani, &id, "Gang Contoh");
    for hp in [&ani, &wati] {
        let _ = hp.json(&["sinkron", "--hub", hub.teks("kode")]);
    }
    assert_ne!(wati.keadaan()[&id], "TERSIMPAN");
    let at_hub = entries(&desa.kantor.dir().join("hub"));
    drop(hub);
    // The office has no internet yet. Wati comes home, where there is some.
    desa.relay.restart();
    assert!(!entries(&desa.relay.data()).is_superset(&at_hub));
    let hasil = wati.json(&["sinkron"]);
    assert_eq!((&hasil["menunggu"], &hasil["ditolak"]), (&json!(0), &json!(0)), "{hasil}");
    assert!(entries(&desa.relay.data()).is_superset(&at_hub));
    // A second time there is nothing to bring.
    let before = entries(&desa.relay.data());
    assert_eq!(wati.json(&["sinkron"])["keluar"], 0);
    assert_eq!(entries(&desa.relay.data()), before);
}

#[test]
fn a_kelurahan_begins_and_lets_cadres_in_without_any_internet() {
    let dir = tempfile::tempdir().unwrap();
    let (kantor, ani) = (Hp::new(&dir.path().join("kantor")), Hp::new(&dir.path().join("ani")));
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1001", "--nama", "Contoh", "--latihan"];
    let away = ["--relay", "https://127.0.0.1:9", "--pin", "00000000000000000000000000000007", "--json"];
    assert_eq!(kantor.run(&[&buat[..], &away].concat()).status.code(), Some(3));
    let id = rumah(&kantor, "1");
    let hub = Hub::alone(&kantor);
    let undangan = kantor.json(&["undang", "--nama", "Ani", "--dasawisma", "Melati 1"]);
    assert!(undangan["kode_ketik"].as_str().unwrap().starts_with(hub.alamat()));
    let _ = ani.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    let daftar = kantor.json(&["perangkat", "daftar"]);
    let menunggu = daftar["perangkat"].as_array().unwrap().iter().find(|satu| satu["keadaan"] == "menunggu").unwrap();
    let _ = kantor.json(&["perangkat", "sahkan", menunggu["id"].as_str().unwrap()]);
    until("Ani has the house", || {
        let _ = ani.run(&["sinkron"]);
        ani.keadaan().contains_key(&id)
    });
    alamat(&ani, &id, "Gang Contoh");
    until("the office receives", || {
        let _ = ani.json(&["sinkron"]);
        ani.keadaan()[&id] == "DITERIMA"
    });
}

#[test]
fn a_phone_finds_the_hub_by_its_beacon() {
    let (desa, ani, _, id) = desa();
    {
        // The phone has heard that there is a hub, and not where.
        let hub = Hub::alone(&desa.kantor);
        let _ = ani.json(&["sinkron", "--hub", hub.teks("kode")]);
    }
    assert_eq!(ani.refused(3, &["sinkron"]), "tidak_terjangkau");
    let hub = Hub::start(&desa.kantor, &[]);
    assert!(hub.is_shown(), "the network of this machine takes no multicast");
    alamat(&ani, &id, "Gang Contoh");
    until("Ani finds it", || ani.run(&["sinkron"]).status.success());
    // The office beside its hub may have taken it in already.
    assert_ne!(ani.keadaan()[&id], "TERSIMPAN");
}

#[test]
fn attack_64_a_hub_with_another_key_or_of_another_kelurahan_gets_no_session_and_nothing_else() {
    let (desa, ani, wati, id) = desa();
    let hub = Hub::alone(&desa.kantor);
    alamat(&ani, &id, "Gang Contoh");
    // A typed address before any seat has published a hub, as far as this phone knows.
    let args = ["sinkron", "--hub", hub.alamat()];
    assert_eq!(ani.refused(1, &args), "hub_asing");
    assert!(ani.told("id", &args).starts_with("Data aman di sini."));
    let _ = wati.json(&["sinkron", "--hub", hub.teks("kode")]);

    // Somebody else at an address, whatever it says of itself.
    let lain = Relay::start(&desa.path("palsu"));
    let args = ["sinkron", "--hub", lain.url().trim_start_matches("https://").to_owned().leak()];
    assert_eq!(wati.refused(3, &args), "relay_lain");
    assert!(wati.told("id", &args).contains("Data aman"));
    // A true code with a letter changed, and one of another kelurahan's hub.
    let kode = hub.teks("kode");
    let bent = format!("{}7{}", &kode[..30], &kode[31..]);
    assert_eq!(ani.refused(1, &["sinkron", "--hub", &bent]), "kode");
    let sebelah = Desa::new();
    let _ = rumah(&sebelah.kantor, "1");
    let hub_sebelah = Hub::alone(&sebelah.kantor);
    assert_eq!(ani.refused(1, &["sinkron", "--hub", hub_sebelah.teks("kode")]), "kelurahan_lain");
    assert_eq!(ani.keadaan()[&id], "TERSIMPAN");

    // The office's hub takes in its own kelurahan and no other.
    let orang = desa.hp_baru("orang");
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1002", "--nama", "Lain", "--latihan", "--json"];
    let relay = ["--relay", hub.teks("url"), "--pin", hub.teks("pin")];
    let done = orang.run(&[&buat[..], &relay].concat());
    assert_eq!(done.status.code(), Some(3), "{}", String::from_utf8_lossy(&done.stdout));
    // And only a seat may have one.
    assert_eq!(ani.refused(1, &["hub"]), "bukan_koordinator");
    assert_eq!(ani.json(&["sinkron", "--hub", kode])["menunggu"], 0);
    // The office beside its hub may have taken it in already.
    assert_ne!(ani.keadaan()[&id], "TERSIMPAN");
}
