//! A kelurahan without any network: files go back and forth on a stick, late, twice, cut off, and nothing is lost or
//! called received before the office has said so.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wakuncar_tests::{Desa, Hp};

fn rumah(hp: &Hp, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": nomor}).to_string();
    hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned()
}

fn alamat(hp: &Hp, rumah: &str, alamat: &str) {
    let isi = json!({"alamat": alamat}).to_string();
    assert_eq!(hp.json(&["rumah", "ubah", rumah, "--isi", &isi])["berubah"], true);
}

/// A kelurahan with one house, Ani and Wati, who have it; from now on there is no relay.
fn desa() -> (Desa, Hp, Hp, String) {
    let mut desa = Desa::new();
    let id = rumah(&desa.kantor, "1");
    let _ = desa.kantor.json(&["sinkron"]);
    let (ani, wati) = (desa.kader("Ani", &["Melati 1"]), desa.kader("Wati", &["Melati 1"]));
    let _ = desa.kantor.json(&["sinkron"]);
    desa.relay.kill();
    (desa, ani, wati, id)
}

fn buat(hp: &Hp, berkas: &Path, pilihan: &[&str]) -> Value {
    hp.json(&[&["paket", "buat", "--ke", berkas.to_str().unwrap()], pilihan].concat())
}

fn buka(hp: &Hp, berkas: &Path) -> Value {
    hp.json(&["paket", "buka", berkas.to_str().unwrap()])
}

/// What is said about a file that is not whole: exit code 1, and the numbers.
fn buka_rusak(hp: &Hp, berkas: &Path) -> Value {
    let done = hp.run(&["paket", "buka", berkas.to_str().unwrap(), "--json"]);
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

fn clean(semua: &[&Hp]) {
    for hp in semua {
        assert_eq!(hp.json(&["periksa"])["bersih"], true, "{}", hp.dir().display());
    }
}

#[test]
fn a_house_goes_to_the_office_and_back_on_a_stick_and_is_received_only_then() {
    let (desa, ani, _, id) = desa();
    let stik = desa.path("stik.wkb");
    alamat(&ani, &id, "Gang Contoh");
    let baru = rumah(&ani, "2");
    let dibuat = buat(&ani, &stik, &[]);
    assert!(dibuat["catatan"].as_u64().unwrap() > 0, "{dibuat}");
    // A copy is no delivery.
    let keadaan = ani.keadaan();
    assert_eq!((keadaan[&id].as_str(), keadaan[&baru].as_str()), ("TERSIMPAN", "TERSIMPAN"));
    assert_eq!(ani.refused(3, &["sinkron"]), "tidak_terjangkau");

    let hasil = buka(&desa.kantor, &stik);
    assert_eq!((&hasil["putus"], &hasil["rusak"], &hasil["diparkir"]), (&Value::Null, &json!(0), &json!(0)), "{hasil}");
    assert_eq!(hasil["dari"], "Ani");
    assert_eq!(desa.kantor.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    assert_eq!(desa.kantor.keadaan().len(), 2);

    let balik = desa.path("balik.wkb");
    let _ = buat(&desa.kantor, &balik, &[]);
    let hasil = buka(&ani, &balik);
    assert_eq!(hasil["putus"], Value::Null, "{hasil}");
    assert!(ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA"), "{:?}", ani.keadaan());
    // Once more, both: nothing changes.
    for (hp, berkas) in [(&desa.kantor, &stik), (&ani, &balik), (&desa.kantor, &stik)] {
        let lagi = buka(hp, berkas);
        assert_eq!((&lagi["masuk"], &lagi["rusak"]), (&json!(0), &json!(0)), "{lagi}");
    }
    assert!(ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA"));
    clean(&[&ani, &desa.kantor]);
}

#[test]
fn what_came_by_stick_is_brought_to_the_relay_by_whoever_meets_it_first_and_only_once() {
    let (mut desa, ani, wati, id) = desa();
    let stik = desa.path("stik.wkb");
    alamat(&ani, &id, "Gang Contoh");
    let _ = buat(&ani, &stik, &["--semua"]);
    let _ = buka(&wati, &stik);
    assert_eq!(wati.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    // Wati has it from a file: neither relay nor office has it for all she knows.
    assert_eq!(wati.keadaan()[&id], "TERSIMPAN");

    desa.relay.restart();
    let hasil = wati.json(&["sinkron"]);
    assert_eq!((&hasil["menunggu"], &hasil["ditolak"]), (&json!(0), &json!(0)), "{hasil}");
    assert_eq!(wati.keadaan()[&id], "DITITIPKAN");
    let kantor = desa.kantor.json(&["sinkron"]);
    assert_eq!((&kantor["masuk"], &kantor["rusak"]), (&json!(1), &json!(0)), "{kantor}");
    assert_eq!(desa.kantor.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    // Ani comes with the same entry: it is there.
    let hasil = ani.json(&["sinkron"]);
    assert_eq!((&hasil["menunggu"], &hasil["ditolak"]), (&json!(0), &json!(0)), "{hasil}");
    assert!(ani.keadaan().values().all(|keadaan| keadaan == "DITERIMA"));
    assert_eq!(wati.json(&["sinkron"])["rusak"], 0);
    clean(&[&ani, &wati, &desa.kantor]);
}

#[test]
fn sticks_that_come_late_and_in_any_order_end_in_the_same_houses() {
    let (desa, ani, wati, id) = desa();
    let kembang = |hp: &Hp, nama: &str| {
        let isi = json!({"pekarangan": [{"komoditi": nama}]}).to_string();
        assert_eq!(hp.json(&["rumah", "ubah", &id, "--isi", &isi])["berubah"], true);
    };
    let _ = desa.kantor.json(&["rumah", "setuju", &id, "--pemberi", "Contoh"]);
    let stik = |nama: &str| desa.path(&format!("{nama}.wkb"));
    let _ = buat(&desa.kantor, &stik("setuju"), &["--semua"]);
    for hp in [&ani, &wati] {
        let _ = buka(hp, &stik("setuju"));
    }
    let mut semua: Vec<PathBuf> = Vec::new();
    for hari in 0..3 {
        for (hp, nama) in [(&ani, "ani"), (&wati, "wati"), (&desa.kantor, "kantor")] {
            kembang(hp, &format!("{nama} {hari}"));
            let berkas = stik(&format!("{nama}-{hari}"));
            let _ = buat(hp, &berkas, &["--semua"]);
            semua.push(berkas);
        }
    }
    // The last first, the first last, some twice.
    for hp in [&ani, &desa.kantor, &wati] {
        for berkas in semua.iter().rev().chain(semua.iter().step_by(2)) {
            let _ = buka(hp, berkas);
        }
    }
    for hp in [&ani, &wati, &desa.kantor] {
        let rows = hp.json(&["rumah", "lihat", &id])["pekarangan"].as_array().unwrap().len();
        assert_eq!(rows, 9, "{}", hp.dir().display());
    }
    clean(&[&ani, &wati, &desa.kantor]);
}

#[test]
fn attack_54_files_that_are_cut_bent_foreign_or_no_bundles_bring_what_is_good_and_say_so() {
    let (desa, ani, wati, id) = desa();
    for nomor in 0..6 {
        alamat(&ani, &id, &format!("Gang {nomor}"));
        let _ = buat(&ani, &desa.path("buang.wkb"), &[]);
    }
    let stik = desa.path("stik.wkb");
    let dibuat = buat(&ani, &stik, &["--semua"]);
    let utuh = std::fs::read(&stik).unwrap();
    assert_eq!(dibuat["bita"], utuh.len());

    // Cut off: what is whole comes in, and where it stopped is said.
    let potong = desa.path("potong.wkb");
    std::fs::write(&potong, &utuh[..utuh.len() - 60]).unwrap();
    let hasil = buka_rusak(&desa.kantor, &potong);
    assert_eq!(hasil["putus"]["sebab"], "terpotong", "{hasil}");
    // Bent in the sealed part.
    let mut bent = utuh.clone();
    let at = utuh.len() - 3000;
    bent[at] ^= 4;
    std::fs::write(&potong, &bent).unwrap();
    let hasil = buka_rusak(&wati, &potong);
    assert_eq!(hasil["putus"]["sebab"], "rusak", "{hasil}");
    // The whole one brings the rest.
    for hp in [&desa.kantor, &wati] {
        assert_eq!(buka(hp, &stik)["putus"], Value::Null);
        assert_eq!(hp.json(&["rumah", "lihat", &id])["alamat"], "Gang 5");
    }

    // Of another kelurahan, of a later version, something else, nothing, a folder.
    let lain = Desa::new();
    let _ = rumah(&lain.kantor, "9");
    let _ = buat(&lain.kantor, &potong, &["--semua"]);
    let args = ["paket", "buka", potong.to_str().unwrap()];
    assert_eq!(ani.refused(1, &args), "paket_lain");
    assert!(ani.told("id", &args).starts_with("Data di sini aman."));
    assert!(ani.told("en", &args).contains("nothing was changed"));
    for (isi, kode) in [
        (b"WKB7\0\0\0\x10".to_vec(), "perbarui_aplikasi"),
        (b"PK\x03\x04 a photo".to_vec(), "bukan_paket"),
        (Vec::new(), "bukan_paket"),
        (utuh[..50].to_vec(), "bukan_paket"),
    ] {
        std::fs::write(&potong, isi).unwrap();
        assert_eq!(ani.refused(1, &args), kode);
    }
    assert_eq!(ani.refused(1, &["paket", "buka", "/tidak/ada.wkb"]), "berkas");
    // 20 GB behind a true beginning: read no further than it makes sense.
    std::fs::write(&potong, &utuh[..utuh.len() - 40]).unwrap();
    std::fs::File::options().write(true).open(&potong).unwrap().set_len(20 << 30).unwrap();
    let hasil = buka_rusak(&ani, &potong);
    assert_eq!((&hasil["masuk"], &hasil["putus"]["sebab"]), (&json!(0), &json!("rusak")), "{hasil}");
    clean(&[&ani, &wati, &desa.kantor]);
}

#[test]
fn a_file_is_no_other_program_s_and_is_not_written_over_one() {
    let (desa, ani, _, _) = desa();
    let surat = desa.path("surat.txt");
    std::fs::write(&surat, "Yth. Ibu").unwrap();
    assert_eq!(ani.refused(1, &["paket", "buat", "--ke", surat.to_str().unwrap()]), "berkas");
    assert_eq!(std::fs::read(&surat).unwrap(), b"Yth. Ibu");
    assert_eq!(ani.refused(1, &["paket", "buat", "--ke", "/tidak/ada/x.wkb"]), "berkas");
    // Into a stick: a name of the day, and another one for the second.
    let stik = desa.path("stik");
    std::fs::create_dir(&stik).unwrap();
    let satu = buat(&ani, &stik, &["--semua"]);
    let dua = buat(&ani, &stik, &["--semua"]);
    assert_ne!(satu["berkas"], dua["berkas"]);
    assert_eq!((&satu["lengkap"], std::fs::read_dir(&stik).unwrap().count()), (&json!(true), 2));
}

#[test]
fn who_restores_joins_again_and_opens_the_backup() {
    let (mut desa, ani, _, id) = desa();
    alamat(&ani, &id, "Gang Contoh");
    let baru = rumah(&ani, "2");
    let cadangan = desa.path("cadangan.wkb");
    assert_eq!(buat(&ani, &cadangan, &["--semua"])["lengkap"], true);
    std::fs::remove_dir_all(ani.dir()).unwrap();

    // Her phone is gone; nobody else had those answers. She joins as a new device.
    desa.relay.restart();
    let lagi = desa.kader("Ani baru", &["Melati 1"]);
    assert_eq!(lagi.keadaan().len(), 1);
    let hasil = buka(&lagi, &cadangan);
    assert_eq!(hasil["putus"], Value::Null, "{hasil}");
    assert_eq!(lagi.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    assert_eq!(lagi.keadaan()[&baru], "TERSIMPAN");
    let _ = lagi.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    assert_eq!(desa.kantor.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    let _ = lagi.json(&["sinkron"]);
    assert!(lagi.keadaan().values().all(|keadaan| keadaan == "DITERIMA"));
    clean(&[&lagi, &desa.kantor]);
}

#[test]
fn a_disk_that_was_put_back_takes_its_own_later_entries_from_a_file_and_writes_on_behind_them() {
    let (mut desa, ani, _, id) = desa();
    let lama = desa.path("lama");
    let copy = |from: &Path, to: &Path| {
        let _ = std::fs::remove_dir_all(to);
        std::fs::create_dir_all(to).unwrap();
        for file in std::fs::read_dir(from).unwrap() {
            let path = file.unwrap().path();
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    };
    copy(ani.dir(), &lama);
    alamat(&ani, &id, "Gang Contoh");
    let stik = desa.path("stik.wkb");
    let _ = buat(&ani, &stik, &[]);
    let _ = buka(&desa.kantor, &stik);
    copy(&lama, ani.dir());

    let perangkat = desa.kantor.json(&["perangkat", "daftar"]);
    let semua = perangkat["perangkat"].as_array().unwrap();
    let milik = semua.iter().find(|satu| satu["nama"] == "Ani").unwrap()["id"].as_str().unwrap();
    let balik = desa.path("balik.wkb");
    let _ = buat(&desa.kantor, &balik, &["--untuk", milik]);
    assert_eq!(buka(&ani, &balik)["rusak"], 0);
    assert_eq!(ani.json(&["rumah", "lihat", &id])["alamat"], "Gang Contoh");
    alamat(&ani, &id, "Gang Lain");
    // Whether there is more of her log elsewhere no file can tell: she records, and numbers nothing until she has asked.
    assert_eq!(buat(&ani, &stik, &[])["tertinggal"], 1);
    desa.relay.restart();
    let _ = ani.json(&["sinkron"]);
    assert_eq!(buat(&ani, &stik, &[])["tertinggal"], 0);
    assert_eq!(buka(&desa.kantor, &stik)["rusak"], 0);
    assert_eq!(desa.kantor.json(&["rumah", "lihat", &id])["alamat"], "Gang Lain");
    clean(&[&ani, &desa.kantor]);
}

#[test]
fn attack_34_a_lost_stick_shows_no_name_and_a_strangers_file_brings_nothing() {
    let (desa, ani, _, id) = desa();
    let orang = json!({"krt": "1", "nama_lengkap": "MARNI SUDARWATI", "nik": "1872055211790001"}).to_string();
    let _ = desa.kantor.json(&["rumah", "setuju", &id, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["warga", "tambah", "--rumah", &id, "--isi", &orang]);
    alamat(&ani, &id, "Gang Kenangasari");
    let stik = desa.path("stik.wkb");
    for hp in [&ani, &desa.kantor] {
        let _ = buat(hp, &stik, &["--semua"]);
        let bytes = std::fs::read(&stik).unwrap();
        for rahasia in ["SUDARWATI", "1872055211790001", "Kenangasari", "Melati", "Ani"] {
            let found = bytes.windows(rahasia.len()).any(|part| part == rahasia.as_bytes());
            assert!(!found, "{rahasia}");
        }
    }
    // Who does not belong here opens nothing of it, and brings nothing in.
    let orang_lain = desa.hp_baru("orang lain");
    assert_eq!(orang_lain.refused(1, &["paket", "buka", stik.to_str().unwrap()]), "tanpa_kelurahan");
    assert_eq!(orang_lain.refused(1, &["paket", "buat", "--ke", stik.to_str().unwrap()]), "tanpa_kelurahan");
}
