//! What is printed: the workbook read back.

#![allow(clippy::unwrap_used, reason = "a case fails where it stands")]

mod contoh;

use std::io::Cursor;

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

#[test]
fn the_workbook_has_the_books_header_and_the_same_numbers() {
    let mut satu = rumah(1, &[("rumah_tangga/krt1/nama_krt", "=SUM(A1)"), ("rumah/punya_spal", "ya")]);
    orang(&mut satu, 1, "P", "1990-01-01", "Kepala keluarga", "Belum kawin");
    let rekap = rekap(Lampiran::L416a, &[satu]);
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
