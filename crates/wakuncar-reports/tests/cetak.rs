//! What is printed: the workbook read back, and the table of the prompt.

#![allow(clippy::unwrap_used, reason = "a case fails where it stands")]

mod contoh;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use contoh::{hari, orang, rumah};
use wakuncar_domain::Rumah;
use wakuncar_reports::{AturanHitung, Kepala, Lampiran, Rekap};

fn rekap(lampiran: Lampiran, rumah: &[Rumah]) -> Rekap {
    let kepala = Kepala {
        dasawisma: "Melati".into(),
        rw: "001".into(),
        rt: "002".into(),
        kelurahan: "Rejomulyo".into(),
        latihan: true,
    };
    Rekap::new(lampiran, rumah, hari(), &AturanHitung::rakernas_ix(), kepala)
}

fn satu_rumah() -> Rumah {
    let mut satu = rumah(1, &[("rumah_tangga/krt1/nama_krt", "=SUM(A1)"), ("rumah/punya_spal", "ya")]);
    orang(&mut satu, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    satu
}

#[test]
fn the_workbook_has_the_books_header_and_the_same_numbers() {
    let rekap = rekap(Lampiran::L416a, &[satu_rumah()]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(rekap.xlsx().unwrap())).unwrap();
    let merges = book.merge_cells_by_sheet_name("4.16a").unwrap();
    let merge = |r1, c1, r2, c2| merges.iter().any(|m| (m.start, m.end) == ((r1, c1), (r2, c2)));
    // JUMLAH ANGGOTA KELUARGA 4–14, KRITERIA RUMAH 15–19, SUMBER AIR 20–22, MAKANAN 23–24, KEGIATAN 25–28.
    for (c1, c2) in [(3, 13), (14, 18), (19, 21), (22, 23), (24, 27)] {
        assert!(merge(6, c1, 6, c2), "{c1}-{c2}");
    }
    // NO, name, JML KK and KET stand alone; TOTAL and BALITA are parted into L and P.
    for column in [0, 1, 2, 28] {
        assert!(merge(6, column, 8, column), "{column}");
    }
    assert!(merge(7, 3, 7, 4) && merge(7, 5, 7, 6) && merge(7, 7, 8, 7));
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let at = |row, column| sheet.get_value((row, column)).cloned().unwrap_or_default();
    assert!(at(1, 0).to_string().contains("LATIHAN"));
    assert_eq!([at(7, 3), at(8, 3), at(8, 4), at(7, 7)].map(|c| c.to_string()), ["TOTAL", "L", "P", "PUS"]);
    assert_eq!(at(9, 28).to_string(), "29", "column numbers");
    assert_eq!(at(10, 1), Data::String("=SUM(A1)".into()), "a name is never a formula");
    let metrik = rekap.lampiran.metrik();
    for (column, metrik) in (2..).zip(metrik) {
        let seen = match at(10, column) {
            Data::Float(angka) => Some(angka.to_string()),
            _ => None,
        };
        assert_eq!(seen, rekap.baris[0].hitungan.get(metrik).map(|n| n.to_string()), "{metrik:?}");
        assert_eq!(at(10, column), at(11, column), "JUMLAH of one row, {metrik:?}");
    }
    assert_eq!(at(11, 1).to_string(), "JUMLAH");
    assert!(at(13, 1).to_string().contains("1 dari 1 KRT"));
}

#[test]
fn the_page_is_a3_landscape_and_says_latihan_on_each_sheet_of_paper() {
    for (lampiran, kolom) in [(Lampiran::L416a, "$AC"), (Lampiran::L416b, "$AD")] {
        let bytes = rekap(lampiran, &[satu_rumah()]).xlsx().unwrap();
        let mut arsip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut isi = |nama: &str| {
            let mut teks = String::new();
            arsip.by_name(nama).unwrap().read_to_string(&mut teks).unwrap();
            teks
        };
        let sheet = isi("xl/worksheets/sheet1.xml");
        for tanda in [
            r#"<pageSetUpPr fitToPage="1"/>"#,
            r#"paperSize="8""#,
            r#"orientation="landscape""#,
            r#"fitToHeight="0""#,
            r#"topLeftCell="C11""#,
            "<oddHeader>&amp;CLATIHAN",
        ] {
            assert!(sheet.contains(tanda), "{tanda} in {sheet}");
        }
        let book = isi("xl/workbook.xml");
        assert!(book.contains("$7:$10</definedName>"), "header rows repeat: {book}");
        assert!(book.contains(&format!("$A$1:{kolom}$14</definedName>")), "{book}");
    }
}

#[test]
fn a_name_from_elsewhere_stays_one_line_and_never_stops_the_book() {
    let mut buku = rekap(Lampiran::L416a, &[satu_rumah()]);
    buku.baris[0].nama = format!("A\u{1b}[31m\nB\0{}", "X".repeat(40_000));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(buku.xlsx().unwrap())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert!(sheet.get_value((10, 1)).unwrap().to_string().starts_with("A [31m B X"));
    let tabel = buku.tabel_teks();
    assert!(tabel.contains("A [31m B XX") && !tabel.contains('\u{1b}'));
}

#[test]
fn the_table_of_the_prompt_says_what_it_counts() {
    let mut dua = rumah(2, &[]);
    orang(&mut dua, 1, "P", "1990-01-01", "Anak", "Belum kawin");
    let tabel = rekap(Lampiran::L416a, &[satu_rumah(), dua]).tabel_teks();
    let tabel: Vec<&str> = tabel.lines().collect();
    let kepala = [
        "Lampiran 4.16a – REKAPITULASI CATATAN DATA DAN KEGIATAN WARGA KELOMPOK DASA WISMA",
        "LATIHAN – BUKAN DATA SEBENARNYA",
        "DASA WISMA: Melati",
        "RT/RW: 002/001",
        "DESA/KELURAHAN: Rejomulyo",
        "TAHUN: 2021 (per 31-12-2021)",
        "",
    ];
    assert_eq!(&tabel[..7], kepala);
    // Up to PUS; then WUS … SPAL, of which most were not asked.
    let depan: Vec<String> = tabel[7..11].iter().map(|baris| baris.chars().take(77).collect()).collect();
    assert_eq!(
        depan,
        [
            "NO  NAMA KEPALA RUMAH TANGGA  JML_KK  T_L  T_P  BAL_L  BAL_P  PUS  WUS  HAMIL",
            " 1  =SUM(A1)                       1    0    1      0      0    0    1       ",
            " 2                                 1    0    0      0      0    0    0       ",
            "    JUMLAH                         2    0    1      0      0    0    1       ",
        ]
    );
    let kaki = [
        "",
        "Cakupan: 2 dari 2 KRT. Kotak kosong berarti tidak ditanyakan, bukan nol.",
        "1 orang tercatat di lebih dari satu rumah; dihitung satu kali.",
    ];
    assert_eq!(&tabel[11..], kaki);
}
