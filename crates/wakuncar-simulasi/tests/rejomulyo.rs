//! The simulated kelurahan is plausible, repeatable, and wrong only where its key says so.

#![allow(clippy::unwrap_used, reason = "a fact fails where it stands")]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use wakuncar_domain::{Nik, NoKk, umur_tahun};
use wakuncar_simulasi::{KOLOM, Kelurahan};

fn hari() -> NaiveDate {
    "2021-11-09".parse().unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let files = |benih| {
        let kelurahan = Kelurahan::new(benih, 60, hari());
        (kelurahan.warga_csv().unwrap(), kelurahan.pengukuran_csv().unwrap(), kelurahan.kunci_json())
    };
    assert_eq!(files(7), files(7));
    assert_ne!(files(7).0, files(8).0);
}

#[test]
fn numbers_agree_with_sex_and_birth_date_except_where_the_key_says() {
    for benih in 1..=5 {
        let kelurahan = Kelurahan::new(benih, 200, hari());
        let kunci = kelurahan.kunci();
        let salah: BTreeSet<usize> = (kunci.ditolak.iter().map(|(baris, ..)| *baris))
            .chain(kunci.tanggal_tertukar.iter().map(|(baris, _)| *baris))
            .collect();
        let ganda: BTreeSet<usize> = kunci.ganda.iter().map(|(_, lagi)| *lagi).collect();
        let mut nik_terlihat = BTreeSet::new();
        for (line, baris) in (2..).zip(kelurahan.baris()) {
            if salah.contains(&line) {
                continue;
            }
            let lahir: NaiveDate = baris.get("tanggal_lahir").parse().unwrap();
            assert!(lahir <= hari() && umur_tahun(lahir, hari()).unwrap() < 115);
            NoKk::parse(baris.get("no_kk")).unwrap();
            if !baris.get("nik").is_empty() && !ganda.contains(&line) {
                let nik = Nik::parse(baris.get("nik")).unwrap();
                assert_eq!(nik.jenis_kelamin().kode(), baris.get("jenis_kelamin"));
                assert_eq!(nik.tanggal_lahir(Some(lahir), hari()), Some(lahir));
                assert!(baris.get("nik")[12..].parse::<u32>().unwrap() >= 9000, "clearly invented");
                assert!(nik_terlihat.insert(nik), "{nik} twice");
            }
        }
    }
}

#[test]
fn the_kelurahan_has_the_size_and_shape_of_rejomulyo() {
    let kelurahan = Kelurahan::new(1, 2200, hari());
    let baris = kelurahan.baris();
    let rt: BTreeSet<_> = baris.iter().map(|b| (b.get("rw"), b.get("rt"))).collect();
    assert_eq!((kelurahan.dasawisma().len(), rt.len()), (110, 28));
    assert!((5_500..9_500).contains(&baris.len()), "{}", baris.len());
    let laki = baris.iter().filter(|b| b.get("jenis_kelamin") == "L").count();
    assert!((45..55).contains(&(laki * 100 / baris.len())), "{laki}");
    let balita = kelurahan.pengukuran().len();
    assert!((200..1200).contains(&balita), "{balita}");
    assert!(kelurahan.kunci().ganda.len() > 50 && kelurahan.kunci().menolak.len() > 10);
    assert!(baris.iter().all(|b| KOLOM[..4].iter().all(|kolom| !b.get(kolom).is_empty())));
}

#[test]
fn the_key_points_to_what_it_names() {
    let kelurahan = Kelurahan::new(3, 400, hari());
    let baris = |line: usize| &kelurahan.baris()[line - 2];
    for (line, kolom, isi) in &kelurahan.kunci().ditolak {
        assert_eq!(baris(*line).get(kolom), isi);
    }
    for (asli, lagi) in &kelurahan.kunci().ganda {
        assert_eq!(baris(*asli).get("nik"), baris(*lagi).get("nik"));
        assert_ne!(baris(*asli).get("nama_lengkap"), baris(*lagi).get("nama_lengkap"));
    }
    for (line, benar) in &kelurahan.kunci().tanggal_tertukar {
        assert_ne!(baris(*line).get("tanggal_lahir"), benar);
    }
}
