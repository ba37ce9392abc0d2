//! The books as an office opens them: in LibreOffice, from the file that the program writes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a scene fails where it stands")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use wakuncar_tests::Hp;

/// Has LibreOffice read a file and write it in another form, beside it.
fn convert(dir: &Path, berkas: &str, to: &str) {
    let mut office = Command::new("soffice");
    office.arg(format!("-env:UserInstallation=file://{}", dir.join("profil").display()));
    office.args(["--headless", "--convert-to", to, "--outdir"]).arg(dir).arg(dir.join(berkas));
    let done = office.output().expect("LibreOffice is wanted: cargo xtask setup");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn said(program: &str, berkas: &Path) -> String {
    let mut command = Command::new(program);
    command.arg(berkas);
    if program == "pdftotext" {
        command.arg("-");
    }
    let done = command.output().expect("poppler is wanted: cargo xtask setup");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[test]
fn a_book_opens_in_libreoffice_with_its_header_its_numbers_and_a3_across() {
    let dir = tempfile::tempdir().unwrap();
    let hp = Hp::new(&dir.path().join("hp"));
    let (sim, warga) = (dir.path().join("sim"), dir.path().join("sim/warga.csv"));
    let _ = hp.json(&["simulasi", "--keluar", sim.to_str().unwrap(), "--rumah", "60"]);
    // Some rows are impossible on purpose.
    let _ = hp.run(&["impor", warga.to_str().unwrap()]);

    for (lampiran, wilayah, judul) in [
        ("4.16a", &["--rw", "001", "--rt", "001", "--dasawisma", "Melati 1"][..], "KELOMPOK DASA WISMA"),
        ("4.16b", &["--rw", "001", "--rt", "001"][..], "KELOMPOK PKK RT"),
    ] {
        let xlsx = dir.path().join(format!("{lampiran}.xlsx"));
        let words = [&["rekap", lampiran, "--tgl-acuan", "2021-11-09"][..], wilayah].concat();
        let _ = hp.run(&[&words[..], &["--xlsx", xlsx.to_str().unwrap()]].concat());
        let buku = hp.json(&words);
        convert(dir.path(), &format!("{lampiran}.xlsx"), "pdf");
        convert(dir.path(), &format!("{lampiran}.xlsx"), "csv:Text - txt - csv (StarCalc):44,34,76");

        let pdf = dir.path().join(format!("{lampiran}.pdf"));
        let info = said("pdfinfo", &pdf);
        assert!(info.contains("1190.55 x 841.89 pts (A3)"), "landscape A3: {info}");
        assert!(said("pdftotext", &pdf).contains("Lampiran"), "{lampiran}");

        let mut reader = csv::ReaderBuilder::new();
        reader.has_headers(false).flexible(true);
        let mut sheet = reader.from_path(dir.path().join(format!("{lampiran}.csv"))).unwrap();
        let rows: Vec<csv::StringRecord> = sheet.records().map(Result::unwrap).collect();
        let title = &rows[0][0];
        assert!(title.starts_with("REKAPITULASI CATATAN DATA DAN KEGIATAN WARGA") && title.contains(judul), "{title}");
        let header = rows.iter().position(|row| &row[0] == "NO").expect("the header");
        let numbers = rows.iter().position(|row| row.iter().take(3).eq(["1", "2", "3"])).expect("the column numbers");
        assert_eq!(numbers - header, 3, "three rows of headings, then the numbers of the columns");
        let jumlah = rows.iter().find(|row| &row[1] == "JUMLAH").expect("the sums");
        let sum = |column: usize| jumlah[column].parse::<u64>().ok();
        let first = rows[header].iter().position(|title| title.contains("TOTAL") || title.contains("ANGGOTA")).unwrap();
        for (offset, metrik) in ["T_L", "T_P", "BAL_L", "BAL_P", "PUS", "WUS"].into_iter().enumerate() {
            assert_eq!(sum(first + offset), buku["jumlah"][metrik].as_u64(), "{lampiran}: {metrik}");
        }
        assert!(rows.len() - numbers > buku["baris"].as_array().map_or(0, Vec::len), "{lampiran}: a row is missing");
        assert_ne!(buku["jumlah"]["T_P"], Value::Null);
    }
}
