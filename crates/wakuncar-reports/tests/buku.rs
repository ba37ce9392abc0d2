//! The traps of the recap books, as tables of cases.

#![allow(clippy::unwrap_used, reason = "a case fails where it stands")]

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use proptest::prelude::*;
use wakuncar_domain::{BarisId, Rumah, RumahId, Tempat, WargaId};
use wakuncar_reports::{AturanHitung, Kepala, Lampiran, Metrik, Rekap};

fn hari() -> NaiveDate {
    "2021-12-31".parse().unwrap()
}

fn warga(nomor: u8) -> WargaId {
    WargaId::new(1_636_416_000_000, [nomor; 10])
}

/// A house from paths and answers; `@n` stands for the id of person n.
fn rumah(nomor: u8, isian: &[(&str, &str)]) -> Rumah {
    let mut rumah = Rumah::new(RumahId::from_bytes([nomor; 16]));
    let dasar = [
        ("rumah/rw", "001"),
        ("rumah/rt", "002"),
        ("rumah/dasawisma", "Melati"),
        ("rumah_tangga/krt1/krt", "1"),
        ("keluarga/kk1/rumah_tangga", "krt1"),
    ];
    for (jalur, teks) in dasar.iter().chain(isian) {
        put(&mut rumah, jalur, teks);
    }
    rumah
}

fn put(rumah: &mut Rumah, jalur: &str, teks: &str) {
    let jalur = (0..20)
        .fold(jalur.to_owned(), |jalur, n| jalur.replace(&format!("@{n}/"), &format!("{}/", BarisId::from(warga(n)))));
    let teks = teks.strip_prefix('@').map_or(teks.to_owned(), |n| warga(n.parse().unwrap()).to_string());
    let tempat = Tempat::parse(&jalur).unwrap();
    rumah.tulis(&tempat, tempat.butir().parse(&teks).unwrap());
}

/// A person of family `kk1`: sex, birth date, relation, marital status.
fn orang(rumah: &mut Rumah, nomor: u8, jk: &str, lahir: &str, hubungan: &str, status: &str) {
    for (kunci, teks) in [
        ("keluarga", "kk1"),
        ("jenis_kelamin", jk),
        ("tanggal_lahir", lahir),
        ("hubungan_kk", hubungan),
        ("status_perkawinan", status),
    ] {
        put(rumah, &format!("anggota/@{nomor}/{kunci}"), teks);
    }
}

fn rekap(rumah: &[Rumah]) -> Rekap {
    let kepala = Kepala { dasawisma: "Melati".into(), rw: "001".into(), rt: "002".into(), ..Kepala::default() };
    Rekap::new(Lampiran::L416a, rumah, hari(), &AturanHitung::rakernas_ix(), kepala)
}

fn jumlah(rumah: &[Rumah], metrik: Metrik) -> Option<u32> {
    rekap(rumah).jumlah.get(metrik)
}

#[test]
fn a_balita_is_one_to_the_end_of_the_fifty_ninth_month() {
    for (lahir, balita) in [("2017-01-01", 1), ("2016-12-31", 0), ("2021-12-31", 1), ("2022-01-01", 0)] {
        let mut satu = rumah(1, &[]);
        orang(&mut satu, 1, "P", lahir, "Anak", "Belum kawin");
        orang(&mut satu, 2, "L", "1980-01-01", "Kepala keluarga", "Cerai hidup");
        assert_eq!(jumlah(&[satu], Metrik::BalP), Some(balita), "{lahir}");
    }
}

#[test]
fn pus_are_couples_and_an_unmarried_woman_is_none() {
    // Wife's birth, her status, relation, husband's relation (empty: none), expected couples and WUS.
    for (lahir, status, hubungan, suami, pus, wus) in [
        ("1990-01-01", "Kawin", "Istri", "Kepala keluarga", 1, 1),
        ("1990-01-01", "Belum kawin", "Istri", "Kepala keluarga", 0, 1),
        ("1990-01-01", "Kawin", "Istri", "", 0, 1),
        ("1990-01-01", "Cerai mati", "Kepala keluarga", "", 0, 1),
        ("1990-01-01", "Kawin", "Anak", "Menantu", 1, 1),
        ("1990-01-01", "Kawin", "Kepala keluarga", "Suami", 1, 1),
        ("1971-12-31", "Kawin", "Istri", "Kepala keluarga", 0, 0),
        ("1972-01-01", "Kawin", "Istri", "Kepala keluarga", 1, 1),
        ("2006-12-31", "Kawin", "Istri", "Kepala keluarga", 1, 1),
        ("2007-01-01", "Kawin", "Istri", "Kepala keluarga", 0, 0),
    ] {
        let mut satu = rumah(1, &[]);
        orang(&mut satu, 1, "P", lahir, hubungan, status);
        if !suami.is_empty() {
            orang(&mut satu, 2, "L", "1985-01-01", suami, "Kawin");
        }
        let satu = [satu];
        let apa = format!("{lahir} {status} {hubungan} {suami}");
        assert_eq!((jumlah(&satu, Metrik::Pus), jumlah(&satu, Metrik::Wus)), (Some(pus), Some(wus)), "{apa}");
    }
}

#[test]
fn a_husband_who_works_away_lives_and_one_who_died_does_not() {
    for (kunci, teks, pus) in [("domisili", "Merantau", 1), ("keluar_tgl", "2021-01-01", 0)] {
        let mut satu = rumah(1, &[]);
        orang(&mut satu, 1, "P", "1990-01-01", "Istri", "Kawin");
        orang(&mut satu, 2, "L", "1985-01-01", "Kepala keluarga", "Kawin");
        put(&mut satu, &format!("anggota/@2/{kunci}"), teks);
        let satu = [satu];
        assert_eq!((jumlah(&satu, Metrik::Pus), jumlah(&satu, Metrik::TL)), (Some(pus), Some(0)), "{kunci}");
    }
}

#[test]
fn two_wives_need_two_husbands() {
    let mut satu = rumah(1, &[]);
    orang(&mut satu, 1, "L", "1960-01-01", "Kepala keluarga", "Kawin");
    orang(&mut satu, 2, "P", "1961-01-01", "Istri", "Kawin");
    orang(&mut satu, 3, "P", "1990-01-01", "Anak", "Kawin");
    assert_eq!(jumlah(&[satu], Metrik::Pus), Some(0), "the old man is his old wife's husband");
}

#[test]
fn staple_food_and_water_are_counted_once_a_rumah_tangga() {
    let mut satu = rumah(
        1,
        &[
            ("rumah_tangga/krt1/makanan_pokok", "Beras"),
            ("rumah_tangga/krt1/sumber_air", "Sungai"),
            ("rumah_tangga/krt2/krt", "2"),
            ("rumah_tangga/krt2/makanan_pokok", "Non beras"),
            ("rumah_tangga/krt2/sumber_air", "Sumur"),
            ("rumah/kriteria_rumah", "Sehat"),
        ],
    );
    for nomor in 1..=5 {
        orang(&mut satu, nomor, "P", "1990-01-01", "Anak", "Belum kawin");
    }
    let rekap = rekap(&[satu]);
    let row = |baris: usize, metrik| rekap.baris[baris].hitungan.get(metrik);
    assert_eq!((row(0, Metrik::Beras), row(0, Metrik::Nonb)), (Some(1), Some(0)));
    assert_eq!((row(1, Metrik::Beras), row(1, Metrik::Nonb)), (Some(0), Some(1)));
    assert_eq!((row(0, Metrik::AirDll), row(0, Metrik::AirSungai)), (Some(1), Some(1)), "the river is part of DLL");
    assert_eq!((row(0, Metrik::Rsh), row(1, Metrik::Rsh)), (Some(1), None), "the house on its first row only");
    assert_eq!(rekap.jumlah.get(Metrik::Rsh), Some(1));
    assert_eq!(row(1, Metrik::TP), None, "nobody recorded in the second");
    assert_eq!((rekap.cakupan.didata, rekap.cakupan.dari), (1, 2));
}

#[test]
fn an_unasked_box_is_blank_and_never_zero() {
    let mut satu = rumah(1, &[]);
    orang(&mut satu, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    let ditanya = [
        (Metrik::Hamil, "kesehatan_warga/@1/ibu_hamil", "tidak"),
        (Metrik::Susu, "kesehatan_warga/@1/ibu_menyusui", "tidak"),
        (Metrik::Abk, "kesehatan_warga/@1/berkebutuhan_khusus", "Tidak"),
        (Metrik::Buta3, "anggota/@1/buta_baca", "tidak"),
        (Metrik::Smp, "rumah/punya_tempat_sampah", "tidak"),
        (Metrik::Spal, "rumah/punya_spal", "tidak"),
        (Metrik::MckB, "rumah_tangga/krt1/punya_jamban", "tidak"),
        (Metrik::Up2k, "rumah_tangga/krt1/aktivitas_up2k", "tidak"),
        (Metrik::Ksl, "rumah_tangga/krt1/aktivitas_kesling", "tidak"),
        (Metrik::Pkr, "rumah_tangga/krt1/pekarangan", "tidak"),
        (Metrik::Irt, "rumah_tangga/krt1/industri_rt", "tidak"),
    ];
    for (metrik, jalur, teks) in ditanya {
        let mut tidak_tahu = satu.clone();
        put(&mut tidak_tahu, jalur, "?");
        let mut tidak = satu.clone();
        put(&mut tidak, jalur, teks);
        assert_eq!(jumlah(&[satu.clone()], metrik), None, "{metrik:?} unasked");
        assert_eq!(jumlah(&[tidak_tahu], metrik), None, "{metrik:?} not known");
        assert_eq!(jumlah(&[tidak], metrik), Some(0), "{metrik:?} asked");
    }
    let [baris] = rekap(&[satu]).baris.try_into().unwrap();
    assert_eq!(baris.hitungan.get(Metrik::AirPdam), None);
}

#[test]
fn pregnancy_is_an_open_episode_and_three_blind_are_all_three() {
    let mut satu = rumah(1, &[("kehamilan/h1/warga", "@1"), ("kehamilan/h2/warga", "@2")]);
    for nomor in 1..=3 {
        orang(&mut satu, nomor, "P", "1990-01-01", "Anak", "Kawin");
    }
    put(&mut satu, "kehamilan/h2/tgl_akhir", "2021-12-31");
    for (nomor, lahir, buta) in [(1, "1990-01-01", "ya"), (2, "1990-01-01", "tidak"), (3, "2008-01-01", "ya")] {
        put(&mut satu, &format!("anggota/@{nomor}/tanggal_lahir"), lahir);
        for kunci in ["buta_baca", "buta_tulis"] {
            put(&mut satu, &format!("anggota/@{nomor}/{kunci}"), "ya");
        }
        put(&mut satu, &format!("anggota/@{nomor}/buta_hitung"), buta);
    }
    let satu = [satu];
    assert_eq!(jumlah(&satu, Metrik::Hamil), Some(1), "ended on that day is ended");
    assert_eq!(jumlah(&satu, Metrik::Buta3), Some(1), "a child of thirteen is not counted");
}

#[test]
fn a_person_active_in_two_houses_counts_once_and_is_named() {
    let mut satu = rumah(1, &[]);
    let mut dua = rumah(2, &[]);
    for rumah in [&mut satu, &mut dua] {
        orang(rumah, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    }
    let rekap = rekap(&[satu.clone(), dua.clone()]);
    assert_eq!(rekap.jumlah.get(Metrik::TP), Some(1));
    assert_eq!(rekap.ganda, [(warga(1), vec![satu.id, dua.id])]);
    assert_eq!(rekap.asal(0, Metrik::TP), [satu.id]);
    assert_eq!(rekap.asal(1, Metrik::TP), []);
}

#[test]
fn the_workbook_has_the_books_header_and_the_same_numbers() {
    let mut satu = rumah(1, &[("rumah_tangga/krt1/nama_krt", "=SUM(A1)"), ("rumah/punya_spal", "ya")]);
    orang(&mut satu, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    let mut rekap = rekap(&[satu]);
    rekap.kepala.latihan = true;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(rekap.xlsx().unwrap())).unwrap();
    let merges = book.merge_cells_by_sheet_name("4.16a").unwrap();
    let merge = |r1, c1, r2, c2| merges.iter().any(|m| (m.start, m.end) == ((r1, c1), (r2, c2)));
    // JUMLAH ANGGOTA KELUARGA 4–14, KRITERIA RUMAH 15–19, SUMBER AIR 20–22, MAKANAN 23–24, KEGIATAN 25–28.
    for (c1, c2) in [(3, 13), (14, 18), (19, 21), (22, 23), (24, 27)] {
        assert!(merge(6, c1, 6, c2), "{c1}-{c2}");
    }
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let at = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert!(at(1, 0).to_string().contains("LATIHAN"));
    assert_eq!(at(8, 28).to_string(), "29", "column numbers");
    assert_eq!(at(9, 1), Data::String("=SUM(A1)".into()), "a name is never a formula");
    let metrik = rekap.lampiran.metrik();
    for (column, metrik) in (2..).zip(metrik) {
        let seen = match at(9, column) {
            Data::Float(angka) => Some(angka.to_string()),
            _ => None,
        };
        assert_eq!(seen, rekap.baris[0].hitungan.get(metrik).map(|n| n.to_string()), "{metrik:?}");
        assert_eq!(at(9, column), at(10, column), "JUMLAH of one row, {metrik:?}");
    }
    assert_eq!(at(10, 1).to_string(), "JUMLAH");
    assert!(at(12, 1).to_string().contains("1 dari 1 KRT"));
}

fn any_rumah(nomor: u8) -> impl Strategy<Value = Rumah> {
    let orang = (
        prop::sample::select(vec!["L", "P"]),
        0..36_000i64,
        prop::sample::select(vec!["KEPALA_KELUARGA", "ISTRI", "SUAMI", "ANAK", "MENANTU", "ORANG_TUA"]),
        prop::sample::select(vec!["KAWIN", "BELUM_KAWIN", "CERAI_MATI", ""]),
        prop::sample::select(vec!["", "DI_SINI", "MERANTAU"]),
        prop::sample::select(vec!["", "ya", "tidak"]),
    );
    let krt = (
        prop::sample::select(vec!["", "PDAM", "SUMUR", "SUNGAI", "LAINNYA", "?"]),
        prop::sample::select(vec!["", "BERAS", "NON_BERAS"]),
        prop::sample::select(vec!["", "SEHAT", "TIDAK_SEHAT"]),
        prop::sample::select(vec!["Melati", "Mawar"]),
    );
    (prop::collection::vec(orang, 0..7), krt).prop_map(move |(semua, (air, makanan, kriteria, dasawisma))| {
        let mut satu = rumah(
            nomor,
            &[
                ("rumah_tangga/krt1/sumber_air", air),
                ("rumah_tangga/krt1/makanan_pokok", makanan),
                ("rumah/kriteria_rumah", kriteria),
                ("rumah/dasawisma", dasawisma),
            ],
        );
        for (i, (jk, umur, hubungan, status, domisili, hamil)) in (nomor * 8..).zip(semua) {
            let lahir = (hari() - chrono::Duration::days(umur)).to_string();
            let id = BarisId::from(WargaId::new(1, [i; 10]));
            for (bagian, kunci, teks) in [
                ("anggota", "keluarga", "kk1"),
                ("anggota", "jenis_kelamin", jk),
                ("anggota", "tanggal_lahir", &lahir),
                ("anggota", "hubungan_kk", hubungan),
                ("anggota", "status_perkawinan", status),
                ("anggota", "domisili", domisili),
                ("kesehatan_warga", "ibu_hamil", hamil),
            ] {
                put(&mut satu, &format!("{bagian}/{id}/{kunci}"), teks);
            }
        }
        satu
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_invariants_of_the_printed_rows_hold(a in any_rumah(1), b in any_rumah(2), c in any_rumah(3)) {
        use Metrik::*;
        let semua = [a, b, c];
        let a416 = rekap(&semua);
        for baris in a416.baris.iter().map(|baris| &baris.hitungan).chain([&a416.jumlah]) {
            let get = |metrik| baris.get(metrik).unwrap_or(0);
            prop_assert!(get(BalL) <= get(TL) && get(BalP) <= get(TP));
            prop_assert!(get(Pus) <= get(Wus) && get(Wus) <= get(TP));
            prop_assert!(get(Rsh) + get(Rtsh) <= get(JmlKrt));
            prop_assert!(get(AirPdam) + get(AirSumur) + get(AirDll) <= get(JmlKrt), "one source a rumah tangga");
            prop_assert!(get(AirSungai) <= get(AirDll));
            prop_assert!(get(Beras) + get(Nonb) <= get(JmlKrt));
        }
        // A row of 4.16b is the JUMLAH of the 4.16a of its dasawisma.
        let b416 = Rekap::new(Lampiran::L416b, &semua, hari(), &AturanHitung::rakernas_ix(), Kepala::default());
        for baris in &b416.baris {
            let bagian: Vec<Rumah> = semua
                .iter()
                .filter(|rumah| rumah.sifat.dasawisma.terisi() == Some(&baris.nama))
                .cloned()
                .collect();
            prop_assert_eq!(&rekap(&bagian).jumlah, &baris.hitungan);
        }
        prop_assert_eq!(&b416.jumlah, &a416.jumlah);
        // Behind each cell stand exactly the houses that add to it.
        for metrik in Metrik::SEMUA {
            for (i, baris) in b416.baris.iter().enumerate() {
                prop_assert_eq!(b416.asal(i, metrik).is_empty(), baris.hitungan.get(metrik).unwrap_or(0) == 0);
            }
        }
    }
}
