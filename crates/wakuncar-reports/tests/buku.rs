//! The traps of the recap books, as tables of cases.

#![allow(clippy::unwrap_used, reason = "a case fails where it stands")]

mod contoh;

use contoh::{hari, orang, put, rumah, warga};
use proptest::prelude::*;
use wakuncar_domain::{BarisId, Rumah, WargaId};
use wakuncar_reports::{AturanHitung, Keanggotaan, Kepala, Lampiran, Metrik, Rekap};

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
fn a_pregnancy_that_ended_leaves_a_zero_and_not_a_blank() {
    let mut satu = rumah(1, &[("kehamilan/h1/warga", "@1"), ("kehamilan/h1/tgl_akhir", "2021-06-01")]);
    orang(&mut satu, 1, "P", "1990-01-01", "Istri", "Kawin");
    assert_eq!(jumlah(&[satu], Metrik::Hamil), Some(0));
}

#[test]
fn a_yard_that_is_used_no_more_is_a_zero_and_a_slip_is_a_blank() {
    for (metrik, bagian) in [(Metrik::Pkr, "pekarangan"), (Metrik::Irt, "industri")] {
        for (keluar, alasan, jawaban, hitung) in [
            ("", "", "", Some(1)),
            ("", "", "tidak", Some(1)),
            ("2021-06-01", "Lainnya", "", Some(0)),
            ("2021-06-01", "Lainnya", "ya", Some(1)),
            ("2021-06-01", "Salah catat", "", None),
        ] {
            let kunci = if metrik == Metrik::Pkr { "pekarangan" } else { "industri_rt" };
            let satu = rumah(
                1,
                &[
                    (&format!("{bagian}/p/rumah_tangga"), "krt1"),
                    (&format!("{bagian}/p/keluar_tgl"), keluar),
                    (&format!("{bagian}/p/keluar_alasan"), alasan),
                    (&format!("rumah_tangga/krt1/{kunci}"), jawaban),
                ],
            );
            assert_eq!(jumlah(&[satu], metrik), hitung, "{bagian} {keluar} {alasan} {jawaban}");
        }
    }
}

#[test]
fn families_count_as_long_as_somebody_of_them_is_there() {
    // Two families; the second's only person: how she left.
    for (kunci, teks, kk) in [
        ("domisili", "Merantau", 2),
        ("keluar_tgl", "2022-01-01", 2),
        ("keluar_tgl", "2021-06-01", 1),
        ("keluarga", "kk1", 1),
    ] {
        let mut satu = rumah(1, &[("keluarga/kk2/rumah_tangga", "krt1")]);
        orang(&mut satu, 1, "L", "1960-01-01", "Kepala keluarga", "Cerai mati");
        orang(&mut satu, 2, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
        put(&mut satu, "anggota/@2/keluarga", "kk2");
        put(&mut satu, &format!("anggota/@2/{kunci}"), teks);
        assert_eq!(jumlah(&[satu], Metrik::JmlKk), Some(kk), "{kunci} {teks}");
    }
}

#[test]
fn a_rumah_tangga_that_everybody_left_is_no_row_and_one_not_yet_visited_is_blank() {
    let belum = rumah(1, &[]);
    let tanpa_kk = rumah(2, &[("keluarga/kk1/rumah_tangga", "")]);
    let kosong = rumah(3, &[("keluarga/kk1/rumah_tangga", ""), ("rumah_tangga/krt1/krt", "")]);
    let mut ditinggal = rumah(4, &[("rumah/kriteria_rumah", "Sehat")]);
    orang(&mut ditinggal, 1, "L", "1930-01-01", "Kepala keluarga", "Cerai mati");
    let mut salah = ditinggal.clone();
    put(&mut ditinggal, "anggota/@1/keluar_tgl", "2021-06-01");
    put(&mut salah, "anggota/@1/keluar_tgl", "2021-06-01");
    put(&mut salah, "anggota/@1/keluar_alasan", "Salah catat");
    let mut tutup = ditinggal.clone();
    put(&mut tutup, "keluarga/kk1/keluar_tgl", "2021-06-01");
    // Rows, known rumah tangga, families.
    for (apa, satu, baris, dari, kk) in [
        ("not visited", belum, 1, 1, Some(1)),
        ("no family known", tanpa_kk, 1, 1, None),
        ("no rumah tangga known", kosong, 0, 1, None),
        ("everybody left", ditinggal, 0, 0, None),
        ("the family has left", tutup, 0, 0, None),
        ("nobody was ever there", salah, 1, 1, Some(1)),
    ] {
        let rekap = rekap(&[satu]);
        assert_eq!((rekap.baris.len(), rekap.cakupan.didata, rekap.cakupan.dari), (baris, 0, dari), "{apa}");
        assert_eq!(rekap.jumlah.get(Metrik::JmlKk), kk, "{apa}");
        assert_eq!(rekap.jumlah.get(Metrik::TL), None, "{apa}");
    }
}

#[test]
fn a_couple_is_found_by_age_and_not_by_the_order_of_ids() {
    // A widow's daughters, one past fifty, and one husband whose wife nobody named.
    for (muda, tua) in [(1, 2), (2, 1)] {
        for hubungan in ["Menantu", "Lainnya"] {
            let mut satu = rumah(1, &[]);
            orang(&mut satu, muda, "P", "1990-01-01", "Anak", "Kawin");
            orang(&mut satu, tua, "P", "1968-01-01", "Anak", "Kawin");
            orang(&mut satu, 3, "L", "1988-01-01", hubungan, "Kawin");
            assert_eq!(jumlah(&[satu], Metrik::Pus), Some(1), "{muda} {hubungan}");
        }
    }
}

#[test]
fn a_row_without_a_name_takes_the_eldest_head() {
    for (tua, muda) in [(1, 2), (2, 1)] {
        let mut satu = rumah(1, &[("keluarga/kk0/rumah_tangga", "krt1")]);
        orang(&mut satu, muda, "L", "1990-01-01", "Kepala keluarga", "Kawin");
        orang(&mut satu, tua, "L", "1960-01-01", "Kepala keluarga", "Kawin");
        put(&mut satu, &format!("anggota/@{muda}/keluarga"), "kk0");
        put(&mut satu, &format!("anggota/@{muda}/nama_lengkap"), "ANDI CONTOH");
        put(&mut satu, &format!("anggota/@{tua}/nama_lengkap"), "SLAMET CONTOH");
        assert_eq!(rekap(&[satu]).baris[0].nama, "SLAMET CONTOH");
    }
}

#[test]
fn rows_stand_in_the_order_of_the_addresses() {
    let semua: Vec<Rumah> = [("10", "Melati 2"), ("9A", "Melati 10"), ("2", "Melati 2")]
        .iter()
        .zip(1..)
        .map(|((no, dasawisma), i)| {
            let mut satu = rumah(i, &[("rumah/no_rumah", no), ("rumah/dasawisma", dasawisma)]);
            put(&mut satu, "rumah_tangga/krt1/nama_krt", no);
            satu
        })
        .collect();
    let nama = |rekap: Rekap| rekap.baris.into_iter().map(|baris| baris.nama).collect::<Vec<_>>();
    assert_eq!(nama(rekap(&semua)), ["2", "10", "9A"]);
    let b416 = Rekap::new(Lampiran::L416b, &semua, hari(), &AturanHitung::rakernas_ix(), Kepala::default());
    assert_eq!(nama(b416), ["Melati 2", "Melati 10"]);
}

#[test]
fn who_is_away_from_one_house_counts_in_the_other_and_stays_a_husband() {
    let (mut satu, mut dua) = (rumah(1, &[]), rumah(2, &[]));
    orang(&mut satu, 1, "P", "1990-01-01", "Istri", "Kawin");
    for rumah in [&mut satu, &mut dua] {
        orang(rumah, 2, "L", "1985-01-01", "Kepala keluarga", "Kawin");
    }
    put(&mut satu, "anggota/@2/domisili", "Merantau");
    let rekap = rekap(&[satu, dua]);
    let hitung = |metrik| (rekap.baris[0].hitungan.get(metrik), rekap.baris[1].hitungan.get(metrik));
    assert_eq!(hitung(Metrik::TL), (Some(0), Some(1)));
    assert_eq!(hitung(Metrik::Pus), (Some(1), Some(0)));
    let [(siapa, tempat)] = &rekap.ganda[..] else { panic!("{:?}", rekap.ganda) };
    assert_eq!((*siapa, tempat[0]), (warga(2), rekap.baris[1].asal[0].0), "the house that counts him first");
}

#[test]
fn who_has_no_rumah_tangga_in_one_house_counts_in_the_other() {
    let (mut satu, mut dua) = (rumah(1, &[]), rumah(2, &[]));
    for rumah in [&mut satu, &mut dua] {
        orang(rumah, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    }
    put(&mut satu, "anggota/@1/keluarga", "tidak-ada");
    let berdua = rekap(&[satu.clone(), dua]);
    assert_eq!((berdua.jumlah.get(Metrik::TP), berdua.tanpa_krt.len()), (Some(1), 0));
    let sendiri = rekap(&[satu.clone()]);
    assert_eq!((sendiri.jumlah.get(Metrik::TP), sendiri.tanpa_krt), (None, vec![(warga(1), satu.id)]));
}

#[test]
fn a_rumah_tangga_whose_people_count_elsewhere_has_been_recorded_all_the_same() {
    let (mut satu, mut dua) = (rumah(1, &[]), rumah(2, &[("rumah/dasawisma", "Mawar")]));
    for rumah in [&mut satu, &mut dua] {
        orang(rumah, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    }
    // Mawar stands before Melati; a book of one of them alone must know of the other.
    let keanggotaan = Keanggotaan::new(&[satu.clone(), dua.clone()], hari());
    for (rumah, jumlah) in [(satu, 0), (dua, 1)] {
        let aturan = AturanHitung::rakernas_ix();
        let buku = Rekap::with_keanggotaan(Lampiran::L416a, &[rumah], &keanggotaan, &aturan, Kepala::default());
        assert_eq!(buku.jumlah.get(Metrik::TP), Some(jumlah));
        assert_eq!((buku.cakupan.didata, buku.cakupan.dari, buku.ganda.len()), (1, 1, 1));
    }
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
        for (i, (jk, umur, hubungan, status, domisili, hamil)) in (nomor * 4..).zip(semua) {
            // The last of one house are the first of the next: people recorded in two.
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
        let aturan = AturanHitung::rakernas_ix();
        let b416 = Rekap::new(Lampiran::L416b, &semua, hari(), &aturan, Kepala::default());
        let keanggotaan = Keanggotaan::new(&semua, hari());
        for baris in &b416.baris {
            let bagian: Vec<Rumah> = semua
                .iter()
                .filter(|rumah| rumah.sifat.dasawisma.terisi() == Some(&baris.nama))
                .cloned()
                .collect();
            let a416 =
                Rekap::with_keanggotaan(Lampiran::L416a, &bagian, &keanggotaan, &aturan, Kepala::default());
            prop_assert_eq!(&a416.jumlah, &baris.hitungan);
        }
        // Everybody who lives somewhere is counted once.
        let mut orang: Vec<_> = semua.iter().flat_map(|r| &r.anggota).filter(|(_, w)| w.is_counted(hari())).collect();
        orang.sort_by_key(|(id, _)| **id);
        orang.dedup_by_key(|(id, _)| **id);
        let jumlah = b416.jumlah.get(TL).unwrap_or(0) + b416.jumlah.get(TP).unwrap_or(0);
        prop_assert_eq!(usize::try_from(jumlah).unwrap(), orang.len());
        // The order in which houses are given does not matter.
        let balik: Vec<Rumah> = semua.iter().rev().cloned().collect();
        prop_assert_eq!(&Rekap::new(Lampiran::L416b, &balik, hari(), &aturan, Kepala::default()), &b416);
        prop_assert_eq!(&b416.jumlah, &a416.jumlah);
        // Behind each cell stand exactly the houses that add to it.
        for metrik in Metrik::SEMUA {
            for (i, baris) in b416.baris.iter().enumerate() {
                prop_assert_eq!(b416.asal(i, metrik).is_empty(), baris.hitungan.get(metrik).unwrap_or(0) == 0);
            }
        }
    }
}
