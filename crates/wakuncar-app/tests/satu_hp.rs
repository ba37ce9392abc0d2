//! One device, no network: what was saved is there, and nothing else is.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::path::Path;

use serde_json::json;
use wakuncar_app::domain::{Bagian, BarisId, Edit, Isian, RumahId, Tempat};
use wakuncar_app::reports::{Lampiran, Metrik};
use wakuncar_app::{
    AlamatDasawisma, App, Error, Izin, Keadaan, KeySource, Lingkup, edits_from_json, rekap_json, rumah_json,
};

const WARGA: &str = "\
rw,rt,dasawisma,no_rumah,krt,no_kk,nik,nama_lengkap,jenis_kelamin,tanggal_lahir,hubungan_kk,status_perkawinan,punya_spal
1,2,Melati,7,1,1872050101109001,1872050509889002,BUDI CONTOH,L,1988-09-05,Kepala keluarga,Kawin,ya
1,2,Melati,7,1,1872050101109001,1872054509909001,SARI CONTOH,P,1990-09-05,Istri,Kawin,
1,2,Melati,8,1,1872050101109003,187205450990900,WATI MISAL,P,1990-09-05,Kepala keluarga,Belum kawin,
";

fn open(dir: &Path) -> Result<App, Error> {
    App::open(dir, &KeySource::TestFile)
}

fn edit(jalur: &str, teks: &str) -> Edit {
    let tempat = Tempat::parse(jalur).unwrap();
    let isi = tempat.butir().parse(teks).unwrap();
    Edit { tempat, isi }
}

#[test]
fn an_import_is_counted_refused_in_part_and_changes_nothing_the_second_time() {
    let dir = tempfile::tempdir().unwrap();
    let berkas = dir.path().join("warga.csv");
    std::fs::write(&berkas, WARGA).unwrap();
    let mut app = open(&dir.path().join("hp")).unwrap();

    let hasil = app.impor_warga(&berkas, None).unwrap();
    assert_eq!((hasil.baris, hasil.rumah_baru, hasil.warga_baru, hasil.tolakan.len()), (3, 1, 2, 1));
    let tolakan = std::fs::read_to_string(hasil.berkas_tolakan.unwrap()).unwrap();
    assert!(tolakan.contains("4,nik,nomor_mustahil"), "{tolakan}");

    let menunggu = app.status().unwrap();
    let lagi = app.impor_warga(&berkas, None).unwrap();
    assert_eq!((lagi.rumah_baru, lagi.rumah_berubah, lagi.rumah_sama, lagi.warga_baru), (0, 0, 1, 0));
    assert_eq!(app.status().unwrap(), menunggu, "no change was made");

    let lingkup = Lingkup { rw: Some("001".into()), rt: Some("002".into()), dasawisma: Some("Melati".into()) };
    let rekap = app.rekap(Lampiran::L416a, &lingkup, "2021-12-31".parse().unwrap()).unwrap();
    assert_eq!(rekap.jumlah.get(Metrik::Pus), Some(1));
    let json = rekap_json(&rekap);
    assert_eq!(json["baris"][0]["nama_krt"], "BUDI CONTOH");
    assert_eq!((&json["jumlah"]["SPAL"], &json["jumlah"]["SMP"]), (&json!(1), &json!(null)));
    assert_eq!(json["cakupan"], json!({"didata": 1, "dari": 1}));
    assert!(app.periksa(false).unwrap().temuan.is_empty());
}

#[test]
fn the_first_answer_waits_for_consent_and_health_for_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = open(dir.path()).unwrap();
    let rumah = RumahId::from_bytes([1; 16]);
    let alamat = [edit("rumah/rt", "002"), edit("rumah/no_rumah", "7")];
    app.edit(rumah, &alamat, Izin::Kunjungan).unwrap();

    let jawaban = [edit("rumah/punya_spal", "ya")];
    assert!(matches!(app.edit(rumah, &jawaban, Izin::Kunjungan), Err(Error::PersetujuanPerlu("dasar"))));
    assert_eq!(app.rumah(rumah).unwrap().sifat.punya_spal, Isian::Kosong);

    let setuju = [
        edit("persetujuan/p1/tgl", "2021-11-09"),
        edit("persetujuan/p1/versi", "2026-11"),
        edit("persetujuan/p1/modul_dasar", "ya"),
    ];
    app.edit(rumah, &setuju, Izin::Kunjungan).unwrap();
    app.edit(rumah, &jawaban, Izin::Kunjungan).unwrap();
    assert_eq!(app.rumah(rumah).unwrap().sifat.punya_spal, Isian::Terisi(true));

    let sehat = [edit("kesehatan_warga/01890a5d-ac96-774b-bcce-b302099a8057/ibu_hamil", "ya")];
    assert!(matches!(app.edit(rumah, &sehat, Izin::Kunjungan), Err(Error::PersetujuanPerlu("kesehatan"))));
}

#[test]
fn what_was_saved_is_there_after_the_program_is_started_again() {
    let dir = tempfile::tempdir().unwrap();
    let rumah = RumahId::from_bytes([1; 16]);
    for (i, teks) in ["Jl. Padi 1", "Jl. Padi 2", "Jl. Padi 3"].into_iter().enumerate() {
        let mut app = open(dir.path()).unwrap();
        assert!(app.edit(rumah, &[edit("rumah/alamat", teks)], Izin::Kunjungan).unwrap().berubah);
        assert!(!app.edit(rumah, &[edit("rumah/alamat", teks)], Izin::Kunjungan).unwrap().berubah);
        let status = app.status().unwrap();
        assert_eq!((status.rumah[0].id, status.rumah[0].keadaan), (rumah, Keadaan::Tersimpan));
        assert_eq!(status.antrean, u32::try_from(i).unwrap() + 1);
    }
    let mut app = open(dir.path()).unwrap();
    assert_eq!(app.rumah(rumah).unwrap().sifat.alamat, Isian::Terisi("Jl. Padi 3".into()));
    assert!(app.periksa(false).unwrap().temuan.is_empty());
}

#[test]
fn a_second_program_on_the_same_folder_is_turned_away() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    assert!(matches!(open(dir.path()), Err(Error::InUse)));
    drop(first);
    assert!(open(dir.path()).is_ok());
}

#[test]
fn a_folder_whose_key_is_gone_is_not_given_another() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    std::fs::remove_file(dir.path().join("kunci-uji")).unwrap();
    assert!(matches!(open(dir.path()), Err(Error::KeyMissing)));
    std::fs::remove_file(dir.path().join("kunci.json")).unwrap();
    assert!(matches!(KeySource::of_folder(dir.path(), None), Err(Error::KeyMissing)));
    assert!(!dir.path().join("kunci-uji").exists());
}

#[test]
fn a_passphrase_opens_its_folder_and_another_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let sandi = |teks: &str| KeySource::Passphrase(teks.to_owned().into());
    drop(App::open(dir.path(), &sandi("empat kata yang panjang")).unwrap());
    assert!(matches!(App::open(dir.path(), &sandi("lain")), Err(Error::WrongPassphrase)));
    assert!(matches!(KeySource::of_folder(dir.path(), None), Err(Error::PassphraseNeeded)));
    assert!(App::open(dir.path(), &sandi("empat kata yang panjang")).is_ok());
}

#[test]
fn json_of_a_row_becomes_edits_and_comes_back() {
    let warga = BarisId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
    let isi =
        json!({"nama_lengkap": "SARI CONTOH", "agama": "islam", "ibu_hamil": true, "pekerjaan": "?", "nik": null});
    let edits = edits_from_json(Bagian::Anggota, Some(&warga), isi.as_object().unwrap()).unwrap();
    let mut rumah = wakuncar_app::domain::Rumah::new(RumahId::from_bytes([1; 16]));
    for edit in &edits {
        rumah.tulis(&edit.tempat, edit.isi.clone());
    }
    let json = rumah_json(&rumah);
    let anggota = &json["anggota"][0];
    assert_eq!(anggota["agama"], "ISLAM");
    assert_eq!(anggota["ibu_hamil"], true, "health answers stand with the person");
    assert_eq!(anggota["pekerjaan"], "?");
    assert!(anggota.get("nik").is_none(), "an empty box is not written");
    for salah in [json!({"tinggi": 3}), json!({"agama": "x"}), json!({"nama_lengkap": []})] {
        let edits = edits_from_json(Bagian::Anggota, Some(&warga), salah.as_object().unwrap());
        assert!(matches!(edits, Err(Error::Isian { .. } | Error::Jawaban { .. })), "{salah}");
    }
}

#[test]
fn an_export_is_a_file_that_the_crdt_library_reads() {
    let dir = tempfile::tempdir().unwrap();
    let mut app = open(&dir.path().join("hp")).unwrap();
    let rumah = RumahId::from_bytes([1; 16]);
    app.edit(rumah, &[edit("rumah/alamat", "Jl. Padi 1")], Izin::Kunjungan).unwrap();
    let keluar = dir.path().join("keluar");
    assert_eq!(app.ekspor(&keluar).unwrap(), 1);
    let bytes = std::fs::read(keluar.join(format!("{rumah}.dasar.automerge"))).unwrap();
    assert_eq!(bytes[..4], [0x85, 0x6f, 0x4a, 0x83]);
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(keluar.join(format!("{rumah}.json"))).unwrap()).unwrap();
    assert_eq!(json["alamat"], "Jl. Padi 1");
}

#[test]
fn a_house_moves_to_another_dasawisma_with_its_people_and_counts_there_once() {
    let dir = tempfile::tempdir().unwrap();
    let berkas = dir.path().join("warga.csv");
    std::fs::write(&berkas, WARGA).unwrap();
    let mut app = open(&dir.path().join("hp")).unwrap();
    app.impor_warga(&berkas, None).unwrap();
    let lama = app.daftar(&Lingkup::default(), 10, 0).unwrap()[0].id;
    let ke = AlamatDasawisma { rw: "001".into(), rt: "003".into(), nama: "Mawar".into() };
    let baru = app.pindah_rumah(lama, &ke, "2021-12-01".parse().unwrap()).unwrap().rumah;
    assert_eq!(baru.anggota, app.rumah(lama).unwrap().anggota);

    for (hari, dasawisma) in [("2021-11-30", "Melati"), ("2021-12-31", "Mawar")] {
        let rekap = app.rekap(Lampiran::L416b, &Lingkup::default(), hari.parse().unwrap()).unwrap();
        assert_eq!(rekap.jumlah.get(Metrik::TP), Some(1), "{hari}: she counts once");
        assert!(rekap.ganda.is_empty(), "{hari}: nobody is in two places");
        let rows: Vec<_> = rekap.baris.iter().map(|baris| baris.kunci.as_str()).collect();
        assert_eq!(rows, [dasawisma], "{hari}");
    }
    assert!(app.periksa(false).unwrap().temuan.is_empty());
}
