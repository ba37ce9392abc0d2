//! The file: what it keeps, what it refuses, and what a stranger sees of it.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::path::Path;

use proptest::prelude::*;
use wakuncar_domain::{BarisId, ButirTerisi, Isian, Koleksi, Rumah, RumahId, Tempat, WargaId};
use wakuncar_store::{Error, Key, Lingkup, Store};

const KEY: [u8; 32] = [7; 32];

fn open(dir: &Path) -> Result<Store, Error> {
    Store::open(&dir.join("wakuncar.db"), &Key::new(KEY))
}

fn rumah(nomor: u8, nama: &str, nik: &str) -> Rumah {
    let mut rumah = Rumah::new(RumahId::from_bytes([nomor; 16]));
    let warga = BarisId::from(WargaId::new(1_636_416_000_000, [nomor; 10]));
    for (jalur, teks) in [
        ("rumah/rw".to_owned(), "001"),
        ("rumah/rt".to_owned(), "002"),
        ("rumah/dasawisma".to_owned(), "Melati"),
        ("rumah/no_rumah".to_owned(), "12A"),
        ("rumah_tangga/krt1/nama_krt".to_owned(), nama),
        (format!("anggota/{warga}/nama_lengkap"), nama),
        (format!("anggota/{warga}/nik"), nik),
    ] {
        let tempat = Tempat::parse(&jalur).unwrap();
        rumah.tulis(&tempat, tempat.butir().parse(teks).unwrap());
    }
    rumah
}

fn keep(store: &mut Store, rumah: &Rumah) {
    let temuan = rumah.temuan("2021-11-09".parse().unwrap());
    store.write(|tx| tx.put_rumah(rumah, &temuan)).unwrap();
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let satu = rumah(1, "SARI CONTOH", "1872054509909001");
    {
        let mut store = open(dir.path()).unwrap();
        keep(&mut store, &satu);
        store
            .write(|tx| {
                tx.put_change(satu.id, Koleksi::Dasar, &[1; 32], b"change", true, 0)?;
                tx.put_change(satu.id, Koleksi::Dasar, &[1; 32], b"again", true, 0)?;
                tx.put_document(satu.id, Koleksi::Dasar, b"document", &[[1; 32]])
            })
            .unwrap();
    }
    let store = open(dir.path()).unwrap();
    assert_eq!(store.rumah(satu.id).unwrap(), Some(satu.clone()));
    assert_eq!(store.document(satu.id, Koleksi::Dasar).unwrap().as_deref(), Some(b"document".as_slice()));
    assert_eq!(store.changes(satu.id, Koleksi::Dasar).unwrap().len(), 1, "receiving twice is harmless");
    assert_eq!(store.outbox_count().unwrap(), 1);
    assert_eq!(store.rumah_by_alamat("001", "002", "Melati", "12A").unwrap(), Some(satu.id));
    assert_eq!(store.integrity().unwrap(), [] as [&str; 0]);
    let daftar = store.daftar(&Lingkup::default(), 10, 0).unwrap();
    assert_eq!((daftar[0].no_rumah.as_str(), daftar[0].jumlah_warga), ("12A", 1));
}

#[test]
fn a_transaction_that_fails_half_way_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path()).unwrap();
    let satu = rumah(1, "SARI CONTOH", "1872054509909001");
    let failed: Result<(), Error> = store.write(|tx| {
        tx.put_rumah(&satu, &[])?;
        Err(Error::Busy)
    });
    assert!(failed.is_err());
    assert_eq!(store.rumah(satu.id).unwrap(), None);
    assert_eq!(store.cari("SARI", 10).unwrap(), []);
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let satu = rumah(1, "SARI CONTOH", "1872054509909001");
    keep(&mut open(dir.path()).unwrap(), &satu);
    let wrong = Store::open(&dir.path().join("wakuncar.db"), &Key::new([8; 32]));
    assert!(matches!(wrong, Err(Error::WrongKey)), "{:?}", wrong.err());
    assert_eq!(open(dir.path()).unwrap().rumah(satu.id).unwrap(), Some(satu));
}

#[test]
fn a_stranger_finds_no_name_in_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path()).unwrap();
    keep(&mut store, &rumah(1, "ZUBAIDAH CONTOH", "1872054509909001"));
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for marker in ["ZUBAIDAH", "1872054509909001", "Melati", "SQLite format 3"] {
            assert!(!bytes.windows(marker.len()).any(|window| window == marker.as_bytes()), "{marker}");
        }
    }
}

#[test]
fn a_file_of_a_newer_program_is_refused_politely() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    let path = dir.path().join("wakuncar.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let hex = "07".repeat(32);
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA user_version = 99;")).unwrap();
    drop(connection);
    assert!(matches!(open(dir.path()), Err(Error::NewerSchema { found: 99, .. })));
}

#[test]
fn a_full_disk_refuses_the_write_and_keeps_what_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path()).unwrap();
    let satu = rumah(1, "SARI CONTOH", "1872054509909001");
    keep(&mut store, &satu);
    store.limit_pages(1).unwrap();
    let big = vec![0; 4 << 20];
    let full = store.write(|tx| tx.put_document(satu.id, Koleksi::Dasar, &big, &[]));
    assert!(matches!(full, Err(Error::DiskFull)), "{full:?}");
    assert_eq!(store.rumah(satu.id).unwrap(), Some(satu.clone()));
    assert_eq!(store.document(satu.id, Koleksi::Dasar).unwrap(), None);
    drop(store);
    assert_eq!(open(dir.path()).unwrap().rumah(satu.id).unwrap(), Some(satu));
}

#[test]
fn search_finds_a_part_of_a_name_a_nik_and_a_house_number() {
    let mut store = Store::in_memory().unwrap();
    keep(&mut store, &rumah(1, "SOEKARTI CONTOH", "1872054509909001"));
    keep(&mut store, &rumah(2, "BAMBANG MISAL", "1872050509909002"));
    for (teks, nama) in [
        ("karti", "SOEKARTI CONTOH"),
        ("sukarti", "SOEKARTI CONTOH"),
        ("990900", "SOEKARTI CONTOH"),
        ("909002", "BAMBANG MISAL"),
        ("ba", "BAMBANG MISAL"),
        ("12A", "SOEKARTI CONTOH"),
    ] {
        let hasil = store.cari(teks, 10).unwrap();
        assert!(hasil.iter().any(|hasil| hasil.nama == nama), "{teks}: {hasil:?}");
    }
    for teks in ["", "%", "\"", "tidak ada", "x\" OR text:\"a"] {
        assert_eq!(store.cari(teks, 10).unwrap(), [], "{teks}");
    }
    // A corrected name is found, the former is not.
    keep(&mut store, &rumah(2, "BAGUS MISAL", "1872050509909002"));
    assert_eq!(store.cari("bambang", 10).unwrap(), []);
    assert_eq!(store.cari("bagus", 10).unwrap().len(), 2, "the person and her house");
}

#[test]
fn rows_follow_a_house_that_changes_and_a_list_counts_its_findings() {
    let mut store = Store::in_memory().unwrap();
    let mut satu = rumah(1, "SARI CONTOH", "1872054509909001");
    keep(&mut store, &satu);
    let summary = |store: &Store| {
        let daftar = store.daftar(&Lingkup::default(), 10, 0).unwrap();
        (daftar[0].no_rumah.clone(), daftar[0].jumlah_warga, daftar[0].temuan)
    };
    let findings = |rumah: &Rumah| {
        let temuan = rumah.temuan("2021-11-09".parse().unwrap());
        let galat = temuan.iter().filter(|t| t.kode.keparahan() == wakuncar_domain::Keparahan::Galat).count();
        (temuan.len() as u32, galat as u32)
    };
    assert_eq!(summary(&store), ("12A".into(), 1, findings(&satu)));

    let warga = BarisId::from(*satu.anggota.keys().next().unwrap());
    let mut write = |rumah: &mut Rumah, jalur: &str, teks: &str| {
        let tempat = Tempat::parse(jalur).unwrap();
        rumah.tulis(&tempat, tempat.butir().parse(teks).unwrap());
        keep(&mut store, rumah);
    };
    write(&mut satu, "rumah/no_rumah", "14");
    write(&mut satu, &format!("anggota/{warga}/tanggal_lahir"), "2031-01-01");
    write(&mut satu, &format!("anggota/{warga}/keluar_tgl"), "2021-10-01");
    let lain = BarisId::from(WargaId::new(1, [8; 10]));
    write(&mut satu, &format!("anggota/{lain}/nama_lengkap"), "BAMBANG MISAL");
    assert_eq!(summary(&store), ("14".into(), 1, findings(&satu)));
    assert!(findings(&satu).0 > 0, "something is odd about her");
    let found = |teks: &str| store.cari(teks, 10).unwrap().into_iter().map(|h| (h.warga, h.nama)).collect::<Vec<_>>();
    assert_eq!(found("bambang"), [(lain.as_str().to_owned(), "BAMBANG MISAL".to_owned())]);
    assert_eq!(found("ba"), found("bambang"));
    assert_eq!(found("sari").len(), 2, "the person and her house");
    assert_eq!(found("12A"), []);
    assert_eq!(found("14").len(), 1);
    assert_eq!(store.rumah_warga(lain.as_str()).unwrap(), Some(satu.id));

    satu.anggota.clear();
    keep(&mut store, &satu);
    assert_eq!(store.cari("bambang", 10).unwrap(), []);
    assert_eq!((summary(&store).1, store.rumah_warga(lain.as_str()).unwrap()), (0, None));
}

/// Any house that can be: any answer, `TidakTahu` and unreadable answers included.
fn any_rumah() -> impl Strategy<Value = Rumah> {
    let butir: Vec<Tempat> = wakuncar_domain::Bagian::MILIK_RUMAH
        .into_iter()
        .flat_map(|bagian| bagian.butir().iter().map(move |butir| (bagian, butir.kunci)))
        .map(|(bagian, kunci)| {
            let baris = (bagian != wakuncar_domain::Bagian::Rumah).then(|| WargaId::new(9, [3; 10]).into());
            Tempat::new(bagian, baris, kunci).unwrap()
        })
        .collect();
    let texts = prop::sample::select(vec!["?", "ya", "tidak", "3", "8,5", "2020-02-29", "L", "SD", "\"x\\y\" é"]);
    prop::collection::vec((prop::sample::select(butir), texts), 0..60).prop_map(|isian| {
        let butir = isian.into_iter().filter_map(|(tempat, teks)| {
            let isi = tempat.butir().parse(teks).ok()?;
            Some(ButirTerisi { tempat, isi })
        });
        let mut rumah = Rumah::from_butir(RumahId::from_bytes([5; 16]), butir);
        rumah.asing.push(wakuncar_domain::ButirAsing { jalur: "rumah/x".into(), isi: "y".into() });
        rumah
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_record_reads_back_as_it_was_written(rumah in any_rumah()) {
        let mut store = Store::in_memory().unwrap();
        store.write(|tx| tx.put_rumah(&rumah, &[])).unwrap();
        prop_assert_eq!(store.rumah(rumah.id).unwrap(), Some(rumah.clone()));
        prop_assert_eq!(store.rumah_dalam(&Lingkup::default()).unwrap(), vec![rumah]);
    }
}

#[test]
fn isian_tidak_tahu_is_not_kosong_after_reading() {
    let mut store = Store::in_memory().unwrap();
    let mut rumah = rumah(1, "SARI CONTOH", "?");
    rumah.sifat.alamat = Isian::TidakTahu;
    keep(&mut store, &rumah);
    assert_eq!(store.rumah(rumah.id).unwrap().unwrap().sifat.alamat, Isian::TidakTahu);
}
