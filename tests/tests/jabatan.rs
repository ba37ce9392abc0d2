//! The office changes hands, is lost and is taken back; who looks after an RT reads what is begun there, and no health.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod penyusup;

use penyusup::{Penyusup, at_relay, collections};
use serde_json::{Value, json};
use wakuncar_tests::{Desa, Hp};

fn rumah(hp: &Hp, rt: &str, dasawisma: &str, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": rt, "dasawisma": dasawisma, "no_rumah": nomor}).to_string();
    let id = hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = hp.json(&["rumah", "setuju", &id, "--pemberi", "Contoh", "--kesehatan"]);
    id
}

fn desa() -> (Desa, String) {
    let desa = Desa::new();
    let id = rumah(&desa.kantor, "002", "Melati 1", "1");
    let _ = desa.kantor.json(&["sinkron"]);
    (desa, id)
}

fn edit(hp: &Hp, rumah: &str, isi: &Value) {
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi.to_string()])["berubah"], true);
}

fn isi(hp: &Hp, rumah: &str, kunci: &str) -> Value {
    hp.json(&["rumah", "lihat", rumah])[kunci].clone()
}

fn peran(hp: &Hp) -> Value {
    hp.json(&["kelurahan", "lihat"])["peran"].clone()
}

fn pemegang(hp: &Hp, kursi: u8) -> Value {
    let semua = hp.json(&["jabatan", "daftar"]);
    let semua = semua["jabatan"].as_array().unwrap();
    semua.iter().find(|satu| satu["kursi"] == kursi).map(|satu| satu["perangkat"].clone()).unwrap()
}

#[test]
fn a_second_seat_does_what_the_first_does_and_stands_below_it() {
    let (desa, id) = desa();
    assert_eq!(desa.kantor.json(&["status"])["kursi_kurang"], true);
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &[]));
    let _ = desa.kantor.json(&["jabatan", "beri", "--kursi", "2", "--ke", &wati.id()]);
    assert_eq!(desa.kantor.json(&["status"])["kursi_kurang"], false);
    let _ = wati.json(&["sinkron"]);
    assert_eq!(peran(&wati), "koordinator");
    assert_eq!(isi(&wati, &id, "no_rumah"), "1", "she reads everything");
    // She lets somebody in and shuts somebody out.
    let undangan = wati.json(&["undang", "--nama", "Budi", "--dasawisma", "Melati 1"]);
    let budi = desa.hp_baru("Budi");
    let budi_id = budi.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()])["perangkat"].clone();
    let _ = wati.json(&["perangkat", "sahkan", budi_id.as_str().unwrap()]);
    let _ = budi.json(&["sinkron"]);
    assert_eq!(isi(&budi, &id, "no_rumah"), "1");
    let _ = wati.json(&["perangkat", "cabut", &ani.id(), "--alasan", "hilang"]);
    assert_eq!(ani.refused(1, &["sinkron"]), "dicabut");
    // Nobody gives a seat that is not below her own.
    for kursi in ["1", "2", "9"] {
        assert_eq!(
            wati.refused(1, &["jabatan", "beri", "--kursi", kursi, "--ke", budi_id.as_str().unwrap()]),
            "kursi_salah"
        );
    }
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(desa.kantor.refused(1, &["jabatan", "beri", "--kursi", "2", "--ke", &ani.id()]), "kursi_salah");
    assert_eq!(
        desa.kantor.refused(1, &["jabatan", "beri", "--kursi", "2", "--ke", &"a".repeat(32)]),
        "perangkat_asing"
    );

    // The office's computer holds the last seat.
    let _ = desa.kantor.json(&["jabatan", "beri", "--hub", "--ke", budi_id.as_str().unwrap()]);
    assert_eq!(pemegang(&desa.kantor, 8), budi_id);
    // The second seat's phone is stolen: Budi gets it in the same step.
    let cabut = ["perangkat", "cabut", &wati.id(), "--alasan", "dicuri", "--pengganti", budi_id.as_str().unwrap()];
    assert_eq!(desa.kantor.json(&cabut)["kursi_kosong"], json!([]));
    assert_eq!(pemegang(&desa.kantor, 2), budi_id);
    let _ = budi.json(&["sinkron"]);
    edit(&budi, &id, &json!({"alamat": "Gang Rahasia"}));
    let _ = budi.json(&["sinkron"]);
    let entries = at_relay(&desa.relay);
    let mut pencuri = Penyusup::with(wati.dir());
    pencuri.learn(&entries);
    assert!(pencuri.opened(&entries).iter().all(|(_, payload)| !penyusup::contains(payload, b"Gang Rahasia")));
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(isi(&desa.kantor, &id, "alamat"), "Gang Rahasia");
}

#[test]
fn a_seat_without_a_successor_stays_vacant_and_the_office_says_so() {
    let (desa, _) = desa();
    let wati = desa.kader("Wati", &[]);
    let _ = desa.kantor.json(&["jabatan", "beri", "--kursi", "2", "--ke", &wati.id()]);
    let hasil = desa.kantor.json(&["perangkat", "cabut", &wati.id(), "--alasan", "hilang"]);
    assert_eq!(hasil["kursi_kosong"], json!([2]));
    assert_eq!(desa.kantor.json(&["status"])["kursi_kosong"], json!([2]));
    let told = String::from_utf8(desa.kantor.run(&["status"]).stdout).unwrap();
    assert!(told.contains("Kursi 2 kosong"), "{told}");
    assert_eq!(pemegang(&desa.kantor, 2), Value::Null);
}

#[test]
fn the_office_is_handed_over_and_who_gave_it_away_has_lost_nothing() {
    let (mut desa, id) = desa();
    let budi = desa.kader("Budi", &["Melati 1"]);
    edit(&desa.kantor, &id, &json!({"alamat": "Gang Serah Terima"}));
    desa.relay.kill();
    assert_eq!(desa.kantor.json(&["jabatan", "serahkan", "--ke", &budi.id()])["terkirim"], false);
    assert_eq!(desa.kantor.refused(1, &["rumah", "ubah", &id, "--isi", "{\"punya_spal\": true}"]), "berhenti");
    assert_eq!(desa.kantor.refused(1, &["undang", "--nama", "Siti"]), "bukan_koordinator");
    desa.relay.restart();
    let _ = desa.kantor.run(&["sinkron"]);
    let _ = budi.json(&["sinkron"]);
    assert_eq!(peran(&budi), "koordinator");
    assert_eq!(pemegang(&budi, 1), budi.id());
    assert_eq!(isi(&budi, &id, "alamat"), "Gang Serah Terima");
    assert!(
        std::fs::read_dir(desa.kantor.dir()).unwrap().all(|file| file
            .unwrap()
            .path()
            .extension()
            .is_none_or(|end| end != "wkt"))
    );
    // What the successor writes, she does not read.
    edit(&budi, &id, &json!({"alamat": "Gang Rahasia"}));
    let _ = budi.json(&["sinkron"]);
    let entries = at_relay(&desa.relay);
    let mut dulu = Penyusup::with(desa.kantor.dir());
    dulu.learn(&entries);
    assert!(dulu.opened(&entries).iter().all(|(_, payload)| !penyusup::contains(payload, b"Gang Rahasia")));
    assert_eq!(budi.json(&["periksa"])["bersih"], true);
}

#[test]
fn the_recovery_code_is_proven_without_being_used() {
    let (mut desa, _) = desa();
    let other = Desa::new();
    desa.relay.kill();
    let kode = desa.kode_pemulihan.clone();
    let uji = |hp: &Hp, kode: &str| hp.json(&["pemulihan", "uji", "--kode", kode]);
    let expected = json!({"benar": true, "membuka": true});
    assert_eq!(uji(&desa.kantor, &kode), expected);
    assert_eq!(uji(&desa.kantor, &kode.to_lowercase().replace('-', " ")), expected);
    let salah = kode.replacen(kode.chars().next().unwrap(), if kode.starts_with('7') { "8" } else { "7" }, 1);
    assert_eq!(desa.kantor.refused(1, &["pemulihan", "uji", "--kode", &salah]), "kode");
    assert_eq!(desa.kantor.refused(1, &["pemulihan", "uji", "--kode", &other.kode_pemulihan]), "kode_pemulihan_lain");
    let told = desa.kantor.told("id", &["pemulihan", "uji", "--kode", &other.kode_pemulihan]);
    assert!(told.contains("Lihat amplop yang lain"), "{told}");
    assert_eq!(desa.kantor.json(&["status"])["uji_pemulihan"], false);
}

#[test]
fn an_office_that_burned_down_is_taken_back_with_the_code_by_a_guest() {
    let (desa, id) = desa();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let sehat =
        json!({"krt": "1", "nama_lengkap": "CONTOH SEHAT", "jenis_kelamin": "P", "berkebutuhan_khusus": "TIDAK"});
    let _ = ani.json(&["warga", "tambah", "--rumah", &id, "--isi", &sehat.to_string()]);
    let _ = ani.json(&["sinkron"]);
    // A last invitation was made when the office burned down.
    let undangan = desa.undang("Siti", &["Melati 1"]);
    let siti = desa.hp_baru("Siti");
    let _ = siti.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    assert_eq!(siti.refused(1, &["pemulihan", "pakai", "--kode", "7777-7777"]), "kode");

    let hasil = siti.json(&["pemulihan", "pakai", "--kode", &desa.kode_pemulihan]);
    assert_eq!((&hasil["kursi"], &hasil["tanpa_kunci"], &hasil["terkirim"]), (&json!(1), &json!(0), &json!(true)));
    assert_eq!(hasil["belum_ditutup"], false);
    let _ = siti.json(&["sinkron"]);
    assert_eq!(peran(&siti), "koordinator");
    assert_eq!(isi(&siti, &id, "anggota")[0]["nama_lengkap"], "CONTOH SEHAT");
    assert_eq!(isi(&siti, &id, "anggota")[0]["berkebutuhan_khusus"], "TIDAK", "health as well");
    // The old code serves no more, the new one does.
    assert_eq!(siti.refused(1, &["pemulihan", "uji", "--kode", &desa.kode_pemulihan]), "kode_pemulihan_lain");
    let baru = hasil["kode_pemulihan"].as_str().unwrap();
    assert_eq!(siti.json(&["pemulihan", "uji", "--kode", baru]), json!({"benar": true, "membuka": true}));
    assert_eq!(ani.refused(1, &["pemulihan", "pakai", "--kode", &desa.kode_pemulihan]), "kode_pemulihan_lain");

    // The others go on; the computer of before, found again, is out.
    edit(&ani, &id, &json!({"alamat": "Gang Sesudah"}));
    let _ = ani.json(&["sinkron"]);
    let _ = siti.json(&["sinkron"]);
    assert_eq!(isi(&siti, &id, "alamat"), "Gang Sesudah");
    let _ = desa.kantor.run(&["sinkron"]);
    assert_eq!(desa.kantor.refused(1, &["undang", "--nama", "Budi"]), "bukan_koordinator");
    // Who has the old envelope and the burned computer reads nothing of what came since.
    let entries = at_relay(&desa.relay);
    let mut dulu = Penyusup::with(desa.kantor.dir());
    dulu.learn(&entries);
    assert!(dulu.opened(&entries).iter().all(|(_, payload)| !penyusup::contains(payload, b"Gang Sesudah")));
    assert_eq!(siti.json(&["periksa"])["bersih"], true);
}

#[test]
fn an_office_is_taken_back_without_a_network_and_everybody_learns_of_it_later() {
    let (mut desa, id) = desa();
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    let _ = desa.kantor.json(&["jabatan", "beri", "--kursi", "2", "--ke", &wati.id()]);
    let _ = wati.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    desa.relay.kill();
    let hasil = ani.json(&["pemulihan", "pakai", "--kode", &desa.kode_pemulihan]);
    assert_eq!(hasil["terkirim"], false);
    assert_eq!(peran(&ani), "koordinator");
    desa.relay.restart();
    let _ = ani.json(&["sinkron"]);
    let _ = wati.json(&["sinkron"]);
    assert_eq!(pemegang(&wati, 1), ani.id());
    assert_eq!(pemegang(&wati, 2), wati.id(), "what the old office gave still holds");
    edit(&wati, &id, &json!({"alamat": "Gang Dua"}));
    let _ = wati.json(&["sinkron"]);
    let _ = ani.json(&["sinkron"]);
    assert_eq!(isi(&ani, &id, "alamat"), "Gang Dua");
}

#[test]
fn who_looks_after_an_rt_or_all_of_it_reads_what_is_begun_there_later() {
    let (desa, _) = desa();
    let ketua = desa.anggota("Pak RT", &["--peran", "ketua_rt", "--dasawisma", "Melati 1"]);
    let lurah = desa.anggota("Bu Lurah", &["--peran", "lurah"]);
    let _ = rumah(&desa.kantor, "002", "Melati 9", "9");
    let _ = rumah(&desa.kantor, "003", "Mawar 2", "2");
    let _ = desa.kantor.json(&["sinkron"]);
    let nomor = |hp: &Hp| {
        let _ = hp.json(&["sinkron"]);
        let daftar = hp.json(&["rumah", "daftar"]);
        daftar["rumah"]
            .as_array()
            .unwrap()
            .iter()
            .map(|satu| satu["no_rumah"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(nomor(&ketua), ["1", "9"]);
    assert_eq!(nomor(&lurah), ["1", "9", "2"]);
    assert_eq!(
        (ketua.json(&["status"])["menunggu_kunci"].clone(), lurah.json(&["status"])["menunggu_kunci"].clone()),
        (json!(0), json!(0))
    );
    // Reading is all that they may.
    let daftar = ketua.json(&["rumah", "daftar"]);
    edit(&ketua, daftar["rumah"][0]["id"].as_str().unwrap(), &json!({"alamat": "Gang Ketua"}));
    let _ = ketua.run(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    assert_ne!(isi(&desa.kantor, daftar["rumah"][0]["id"].as_str().unwrap(), "alamat"), "Gang Ketua");
}

#[test]
fn attack_ketua_rt_membuka_kesehatan() {
    let (desa, id) = desa();
    let ani = desa.kader("Ani", &["Melati 1"]);
    let sehat =
        json!({"krt": "1", "nama_lengkap": "CONTOH SEHAT", "jenis_kelamin": "P", "tanggal_lahir": "1990-01-02"});
    let orang = ani.json(&["warga", "tambah", "--rumah", &id, "--isi", &sehat.to_string()])["warga"].clone();
    let kesehatan = json!({"ibu_hamil": true, "jenis_kb": "IUD", "berkebutuhan_khusus": "FISIK"}).to_string();
    let _ = ani.run(&["warga", "ubah", orang.as_str().unwrap(), "--isi", &kesehatan]);
    let _ = ani.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let ketua = desa.anggota("Pak RT", &["--peran", "ketua_rt", "--dasawisma", "Melati 1"]);
    // Also after a loss, when all keys are new, and with what was written since.
    let _ = desa.kantor.json(&["perangkat", "cabut", &ani.id(), "--alasan", "dicuri"]);
    let _ = rumah(&desa.kantor, "002", "Melati 9", "9");
    let _ = desa.kantor.json(&["sinkron"]);
    let _ = ketua.json(&["sinkron"]);
    assert_eq!(isi(&ketua, &id, "anggota")[0]["nama_lengkap"], "CONTOH SEHAT", "he reads people");

    let entries = at_relay(&desa.relay);
    let closed: Vec<_> = [2, 8].iter().flat_map(|jenis| collections(&entries, *jenis)).collect();
    assert!(closed.len() >= 3, "{closed:?}");
    let sealed =
        |jenis| entries.iter().filter(|entry| collections(&entries, jenis).contains(&entry.header().coll)).count();
    assert!(sealed(1) > 0 && sealed(2) > 0, "there is something to open");
    let mut penyusup = Penyusup::with(ketua.dir());
    penyusup.learn(&entries);
    let opened = penyusup.opened(&entries);
    assert!(opened.iter().any(|(entry, _)| collections(&entries, 1).contains(&entry.header().coll)));
    for (entry, payload) in &opened {
        assert!(!closed.contains(&entry.header().coll), "{:?} opens", entry.header());
        assert!(!penyusup::contains(payload, b"jenis_kb"), "{:?}", entry.header());
    }
    let all = penyusup.everything();
    assert!(penyusup::contains(&all, b"CONTOH SEHAT"), "what he may read is found");
    for part in ["ibu_hamil", "jenis_kb", "berkebutuhan_khusus", "IUD", "FISIK"] {
        assert!(!penyusup::contains(&all, part.as_bytes()), "{part}");
    }
    assert_eq!(penyusup.count("SELECT COUNT(*) FROM change WHERE koleksi = 'kesehatan'"), 0);
    assert_eq!(penyusup.count("SELECT COUNT(*) FROM document WHERE koleksi = 'kesehatan'"), 0);
    // The kader's folder, for comparison: the same look finds them.
    assert!(penyusup::contains(&Penyusup::with(ani.dir()).everything(), b"jenis_kb"));
}
