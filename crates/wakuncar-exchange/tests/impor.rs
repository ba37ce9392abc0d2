//! Files from an office, good and bad.

#![allow(clippy::unwrap_used, reason = "a case fails where it stands")]

use proptest::prelude::*;
use wakuncar_domain::{Bagian, Isian, Nilai, Rumah, RumahId};
use wakuncar_exchange::{BacaanWarga, BarisWarga, Baru, Error, Rencana, Tabel, baca_warga, rencana, tolakan_csv};

const KEPALA: &str = "rw,rt,dasawisma,no_rumah,krt,no_kk,nik,nama_lengkap,jenis_kelamin,tanggal_lahir,hubungan_kk,ibu_hamil,punya_spal,makanan_pokok,pekarangan";
const SARI: &str = "1,2,Melati,7,1,1872050101109001,1872054509909001,SARI CONTOH,P,1990-09-05,Istri,ya,ya,Beras,ya";
const BUDI: &str = "1,2,Melati,7,1,1872050101109001,1872050509889002,BUDI CONTOH,L,1988-09-05,Kepala keluarga,,,,";
const ANAK: &str = "1,2,Melati,7,1,,,ANAK CONTOH,L,2020-01-02,Anak,,,,Warung hidup; TOGA";

fn baca(isi: &str) -> BacaanWarga {
    baca_warga(&Tabel::read(isi.as_bytes()).unwrap()).unwrap()
}

fn berkas(baris: &[&str]) -> String {
    [&[KEPALA], baris].concat().join("\n")
}

/// Imports rows into a house as the application does, and gives the plan.
fn impor(rumah: &mut Rumah, baris: &[BarisWarga]) -> Rencana {
    let mut nomor = 0u8;
    let mut acak = || {
        nomor += 1;
        let isi = u8::try_from(rumah.anggota.len() * 40).unwrap();
        [isi + nomor; 10]
    };
    let mut baru = Baru { unix_ms: 1_636_416_000_000, hari: "2021-11-09".parse().unwrap(), acak: &mut acak };
    let semua: Vec<&BarisWarga> = baris.iter().collect();
    let rencana = rencana(rumah, &semua, &mut baru);
    for edit in &rencana.edits {
        rumah.tulis(&edit.tempat, edit.isi.clone());
    }
    rencana
}

fn kosong() -> Rumah {
    Rumah::new(RumahId::from_bytes([1; 16]))
}

#[test]
fn a_house_comes_out_of_its_rows() {
    let bacaan = baca(&berkas(&[SARI, BUDI, ANAK]));
    assert_eq!((bacaan.baris.len(), bacaan.tolakan.len()), (3, 0), "{:?}", bacaan.tolakan);
    let mut rumah = kosong();
    assert_eq!(impor(&mut rumah, &bacaan.baris).warga_baru, 3);
    assert_eq!(rumah.sifat.rt, Isian::Terisi("002".into()));
    assert_eq!(
        (rumah.rumah_tangga.len(), rumah.keluarga.len(), rumah.anggota.len()),
        (1, 1, 3),
        "the child joins its KK"
    );
    assert_eq!(rumah.sifat.punya_spal, Isian::Terisi(true));
    assert_eq!(rumah.kehamilan.len(), 1, "one episode without HPHT");
    assert!(rumah.kehamilan.values().all(|episode| episode.hpht.is_kosong()));
    assert_eq!(rumah.pekarangan.len(), 2, "two categories named");
    assert_eq!(rumah.asing, []);
}

#[test]
fn the_same_file_again_changes_nothing() {
    let bacaan = baca(&berkas(&[SARI, BUDI, ANAK]));
    let mut rumah = kosong();
    impor(&mut rumah, &bacaan.baris);
    let lagi = impor(&mut rumah, &bacaan.baris);
    assert_eq!(lagi.edits, []);
    assert_eq!(lagi.warga_baru, 0);
}

#[test]
fn a_correction_changes_one_answer_and_an_empty_cell_none() {
    let mut rumah = kosong();
    impor(&mut rumah, &baca(&berkas(&[SARI, BUDI])).baris);
    let betul = SARI.replace("SARI CONTOH", "SARI CONTOH BETUL").replace(",ya,ya,Beras,ya", ",,,,");
    let rencana = impor(&mut rumah, &baca(&berkas(&[&betul, BUDI])).baris);
    let jalur: Vec<_> = rencana.edits.iter().map(|edit| edit.tempat.kunci).collect();
    assert_eq!(jalur, ["nama_lengkap"]);
}

#[test]
fn empty_unknown_and_answered_stay_three_things() {
    let bacaan = baca(&berkas(&[&SARI.replace(",ya,ya,Beras,ya", ",tidak tahu,?,,tidak")]));
    let baris = &bacaan.baris[0];
    assert_eq!(baris.isi(Bagian::KesehatanWarga, "ibu_hamil"), Isian::TidakTahu);
    assert_eq!(baris.isi(Bagian::Rumah, "punya_spal"), Isian::TidakTahu);
    assert_eq!(baris.isi(Bagian::RumahTangga, "makanan_pokok"), Isian::Kosong);
    assert_eq!(baris.isi(Bagian::RumahTangga, "pekarangan"), Isian::Terisi(Nilai::YaTidak(false)));
}

#[test]
fn what_cannot_be_is_refused_with_row_column_and_reason_and_the_rest_is_taken() {
    for (ganti, jadi, kolom, kode) in [
        ("1872054509909001", "187205450990900", "nik", "nomor_mustahil"),
        ("1872054509909001", "1872054513909001", "nik", "nomor_mustahil"),
        ("1872050101109001", "1872050100109001", "no_kk", "nomor_mustahil"),
        ("1872054509909001", "1.87205E+15", "nik", "angka_dibulatkan"),
        ("1990-09-05", "1990-09-31", "tanggal_lahir", "jawaban_salah"),
        (",P,", ",X,", "jenis_kelamin", "jawaban_salah"),
        ("SARI CONTOH", "", "nama_lengkap", "wajib_kosong"),
        ("Melati", "", "dasawisma", "wajib_kosong"),
    ] {
        let bacaan = baca(&berkas(&[BUDI, &SARI.replace(ganti, jadi)]));
        assert_eq!(bacaan.baris.len(), 1, "{jadi}");
        let [tolakan] = bacaan.tolakan.try_into().unwrap();
        assert_eq!((tolakan.baris, tolakan.kolom.as_str(), tolakan.kode.kode()), (3, kolom, kode), "{jadi}");
    }
}

#[test]
fn a_temporary_nik_is_none_and_is_said() {
    let bacaan = baca(&berkas(&[&SARI.replace("1872054509909001", "0872054509909001")]));
    assert_eq!(bacaan.baris[0].isi(Bagian::Anggota, "nik"), Isian::Kosong);
    assert_eq!(bacaan.catatan[0].kode.kode(), "nomor_sementara");
}

#[test]
fn a_person_twice_in_the_file_is_taken_once() {
    let bacaan = baca(&berkas(&[SARI, BUDI, SARI]));
    assert_eq!(bacaan.baris.len(), 2);
    assert_eq!(bacaan.tolakan[0].kode.alasan(), "Orang yang sama sudah ada di baris 2.");
}

#[test]
fn two_rows_that_differ_about_the_house_are_noted_and_the_first_counts() {
    let bacaan = baca(&berkas(&[SARI, &BUDI.replace("Kepala keluarga,,,,", "Kepala keluarga,,tidak,,")]));
    let mut rumah = kosong();
    let rencana = impor(&mut rumah, &bacaan.baris);
    assert_eq!(rumah.sifat.punya_spal, Isian::Terisi(true));
    assert_eq!(rencana.catatan[0].kode.kode(), "berbeda");
}

#[test]
fn a_row_without_a_kk_number_joins_the_only_family_of_the_house() {
    let mut rumah = kosong();
    impor(&mut rumah, &baca(&berkas(&[SARI, BUDI])).baris);
    impor(&mut rumah, &baca(&berkas(&[ANAK])).baris);
    assert_eq!((rumah.keluarga.len(), rumah.anggota.len()), (1, 3));
}

#[test]
fn an_old_file_brings_nobody_back_who_has_left() {
    let mut rumah = kosong();
    let bacaan = baca(&berkas(&[SARI, BUDI]));
    impor(&mut rumah, &bacaan.baris);
    let sari = rumah.anggota.iter().find(|(_, w)| w.nama_lengkap == Isian::Terisi("SARI CONTOH".into())).unwrap();
    let keluar = format!("anggota/{}/keluar_tgl", sari.0);
    let tempat = wakuncar_domain::Tempat::parse(&keluar).unwrap();
    rumah.tulis(&tempat, tempat.butir().parse("2021-11-01").unwrap());

    let rencana = impor(&mut rumah, &bacaan.baris);

    assert_eq!((rencana.edits.len(), rencana.warga_baru), (0, 0));
    assert_eq!(rencana.catatan[0].kode.kode(), "sudah_keluar");
}

#[test]
fn two_rumah_tangga_and_two_kk_are_told_apart() {
    let lain = "1,2,Melati,7,2,1872050202159003,1872050101959005,TONO MISAL,L,1995-01-01,Kepala keluarga,,,Non beras,";
    let kk = "1,2,Melati,7,1,1872050303209004,1872050202969006,WATI MISAL,P,1996-02-02,Kepala keluarga,,,,";
    let mut rumah = kosong();
    impor(&mut rumah, &baca(&berkas(&[SARI, BUDI, lain, kk])).baris);
    assert_eq!((rumah.rumah_tangga.len(), rumah.keluarga.len()), (2, 3));
}

#[test]
fn encodings_and_separators_are_told_apart() {
    let isi = berkas(&[&SARI.replace("SARI", "SÁRI")]);
    let titik_koma = isi.replace(',', ";");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(isi.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin: Vec<u8> = isi.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let bom = format!("\u{feff}{isi}");
    for (bytes, pengodean) in [
        (isi.as_bytes(), "UTF-8"),
        (titik_koma.as_bytes(), "UTF-8"),
        (&utf16, "UTF-16LE"),
        (&latin, "windows-1252"),
        (bom.as_bytes(), "UTF-8"),
    ] {
        let tabel = Tabel::read(bytes).unwrap();
        assert_eq!(tabel.pengodean, pengodean);
        let bacaan = baca_warga(&tabel).unwrap();
        let nama = bacaan.baris[0].isi(Bagian::Anggota, "nama_lengkap");
        assert_eq!(nama, Isian::Terisi(Nilai::Teks("SÁRI CONTOH".into())), "{pengodean}");
    }
}

#[test]
fn a_workbook_reads_like_its_csv_and_a_rounded_nik_is_seen() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, baris) in (0..).zip([KEPALA, SARI, BUDI]) {
        for (column, teks) in (0..).zip(baris.split(',')) {
            sheet.write_string(row, column, teks).unwrap();
        }
    }
    sheet.write_number(2, 6, 1_872_050_509_889_002.0).unwrap();
    let bacaan = baca_warga(&Tabel::read(&book.save_to_buffer().unwrap()).unwrap()).unwrap();
    assert_eq!(bacaan.baris, baca(&berkas(&[SARI])).baris);
    assert_eq!(bacaan.tolakan[0].kode.kode(), "angka_dibulatkan");
}

#[test]
fn what_is_no_table_is_said_to_be_none() {
    assert!(matches!(Tabel::read(b""), Err(Error::Kosong)));
    assert!(matches!(Tabel::read(b"\x89PNG\0\0\0\0"), Err(Error::BukanTabel)));
    assert!(matches!(Tabel::read(b"PK\x03\x04rubbish"), Err(Error::Xlsx(_))));
    let hilang = baca_warga(&Tabel::read(b"nama,alamat\nSARI,Jl. Padi").unwrap());
    assert!(matches!(hilang, Err(Error::KolomHilang(kolom)) if kolom == ["rw", "rt", "dasawisma", "no_rumah"]));
}

#[test]
fn swapped_columns_import_nobody() {
    let tukar = KEPALA.replace("nik,nama_lengkap", "nama_lengkap,nik");
    let bacaan = baca(&[tukar.as_str(), SARI, BUDI].join("\n"));
    assert_eq!((bacaan.baris.len(), bacaan.tolakan.len()), (0, 2));
}

#[test]
fn the_file_of_refusals_holds_no_formula() {
    let bacaan = baca(&berkas(&[&SARI.replace("1990-09-05", "=HYPERLINK(1)")]));
    let teks = String::from_utf8(tolakan_csv(&bacaan.tolakan).unwrap()).unwrap();
    assert!(teks.contains("'=HYPERLINK(1)"), "{teks}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(tabel) = Tabel::read(&bytes) {
            let _ = baca_warga(&tabel);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(urut in Just(vec![SARI, BUDI, ANAK]).prop_shuffle()) {
        let mut rumah = kosong();
        impor(&mut rumah, &baca(&berkas(&urut)).baris);
        let mut nama: Vec<_> = rumah.anggota.values().map(|warga| warga.nama_lengkap.clone()).collect();
        nama.sort();
        prop_assert_eq!(nama.len(), 3);
        prop_assert_eq!((rumah.rumah_tangga.len(), rumah.keluarga.len(), rumah.pekarangan.len()), (1, 1, 2));
        // And a second import in the first order finds everybody.
        prop_assert_eq!(impor(&mut rumah, &baca(&berkas(&[SARI, BUDI, ANAK])).baris).edits, vec![]);
    }
}
