//! A simulated kelurahan goes through the real program; its books equal a count over the file's rows that shares no
//! line with the product.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};
use wakuncar_tests::Hp;

const HARI: &str = "2021-11-09";

type Row = BTreeMap<String, String>;
/// RW, RT, dasawisma.
type Area = (String, String, String);
/// A row of a book, by its codes.
type Counts = Map<String, Value>;
/// Rows of a book with their labels.
type Book = Vec<(String, Counts)>;

/// The rows of a file with their lines, without those that must be refused.
fn rows(csv: &Path, refused: &BTreeSet<u64>) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(csv).unwrap();
    let rows = reader.deserialize().map(|row| -> Row { row.unwrap() });
    rows.zip(2..).filter(|(_, line)| !refused.contains(line)).map(|(row, _)| row).collect()
}

fn born(row: &Row) -> Option<NaiveDate> {
    row["tanggal_lahir"].parse().ok()
}

/// Completed months, by the day of the month.
fn months(row: &Row) -> Option<i32> {
    let (born, day) = (born(row)?, HARI.parse::<NaiveDate>().unwrap());
    let months = (day.year() - born.year()) * 12 + day.month() as i32 - born.month() as i32;
    Some(months - i32::from(day.day() < born.day()))
}

fn is_fertile(row: &Row) -> bool {
    row["jenis_kelamin"] == "P" && months(row).is_some_and(|m| (15 * 12..50 * 12).contains(&m))
}

/// Women with a husband in the same rumah tangga: those of one family first, then whoever is left, nearest in age.
fn wives<'a>(people: &[&'a Row]) -> Vec<&'a Row> {
    let married = |sex: &'static str| {
        people.iter().copied().filter(move |row| row["jenis_kelamin"] == sex && row["status_perkawinan"] == "KAWIN")
    };
    let mut left: Vec<&Row> = married("L").collect();
    let (mut wives, mut alone) = (Vec::new(), Vec::new());
    for wife in married("P") {
        let head = |man: &&Row| {
            let related = (wife["hubungan_kk"].as_str(), man["hubungan_kk"].as_str());
            let couple = matches!(related, ("ISTRI", "KEPALA_KELUARGA") | ("FAMILI_LAIN", "FAMILI_LAIN"));
            man["no_kk"] == wife["no_kk"] && couple
        };
        match left.iter().position(head) {
            Some(at) => {
                left.remove(at);
                wives.push(wife);
            }
            None => alone.push(wife),
        }
    }
    while let Some((at, man)) = (0..alone.len())
        .flat_map(|at| (0..left.len()).map(move |man| (at, man)))
        .min_by_key(|(at, man)| (born(alone[*at]).unwrap() - born(left[*man]).unwrap()).num_days().abs())
    {
        left.remove(man);
        wives.push(alone.remove(at));
    }
    wives
}

fn yes(cell: &str) -> Value {
    match cell {
        "ya" => 1.into(),
        "tidak" => 0.into(),
        _ => Value::Null,
    }
}

fn one_of(cell: &str, known: &[&str], counted: &[&str]) -> Value {
    if known.contains(&cell) { u32::from(counted.contains(&cell)).into() } else { Value::Null }
}

/// One row of 4.16a over the people of a rumah tangga.
fn count(people: &[&Row], first_of_house: bool) -> Counts {
    let here: Vec<&Row> = people.iter().copied().filter(|row| row["domisili"] != "MERANTAU").collect();
    let all = |holds: &dyn Fn(&Row) -> bool| Value::from(here.iter().filter(|row| holds(row)).count());
    let asked = |columns: &[&str], holds: &dyn Fn(&Row) -> bool| {
        let answered = |row: &&Row| columns.iter().any(|column| !row[*column].is_empty() && row[*column] != "?");
        if here.iter().any(answered) { all(holds) } else { Value::Null }
    };
    let toddler = |row: &Row| months(row).is_some_and(|m| m <= 59);
    let wives = wives(people);
    let is_wife = |row: &Row| wives.iter().any(|wife| std::ptr::eq(*wife, row));
    let families: BTreeSet<&String> = people.iter().map(|row| &row["no_kk"]).collect();
    let any = people[0];
    let house = |value: Value| if first_of_house { value } else { Value::Null };
    let air = |counted: &[&str]| one_of(&any["sumber_air"], &["PDAM", "SUMUR", "SUNGAI", "LAINNYA"], counted);
    let makan = |counted: &[&str]| one_of(&any["makanan_pokok"], &["BERAS", "NON_BERAS"], counted);
    let sehat = |counted: &[&str]| house(one_of(&any["kriteria_rumah"], &["SEHAT", "TIDAK_SEHAT"], counted));
    let buta = ["buta_baca", "buta_tulis", "buta_hitung"];
    let row = json!({
        "JML_KRT": 1, "JML_KK": families.len(),
        "T_L": all(&|row| row["jenis_kelamin"] == "L"), "T_P": all(&|row| row["jenis_kelamin"] == "P"),
        "BAL_L": all(&|row| row["jenis_kelamin"] == "L" && toddler(row)),
        "BAL_P": all(&|row| row["jenis_kelamin"] == "P" && toddler(row)),
        "PUS": all(&|row| is_fertile(row) && is_wife(row)), "WUS": all(&is_fertile),
        "HAMIL": asked(&["ibu_hamil"], &|row| row["ibu_hamil"] == "ya"),
        "SUSU": asked(&["ibu_menyusui"], &|row| row["ibu_menyusui"] == "ya"),
        "LANS": all(&|row| months(row).is_some_and(|m| m >= 60 * 12)),
        "BUTA3": asked(&buta, &|row| {
            buta.iter().all(|column| row[*column] == "ya") && months(row).is_some_and(|m| m >= 14 * 12)
        }),
        "ABK": asked(&["berkebutuhan_khusus"], &|row| !["", "?", "TIDAK"].contains(&row["berkebutuhan_khusus"].as_str())),
        "RSH": sehat(&["SEHAT"]), "RTSH": sehat(&["TIDAK_SEHAT"]),
        "SMP": house(yes(&any["punya_tempat_sampah"])), "SPAL": house(yes(&any["punya_spal"])),
        "MCK_B": yes(&any["punya_jamban"]),
        "AIR_PDAM": air(&["PDAM"]), "AIR_SUMUR": air(&["SUMUR"]), "AIR_SUNGAI": air(&["SUNGAI"]),
        "AIR_DLL": air(&["SUNGAI", "LAINNYA"]),
        "BERAS": makan(&["BERAS"]), "NONB": makan(&["NON_BERAS"]),
        "UP2K": yes(&any["aktivitas_up2k"]), "KSL": yes(&any["aktivitas_kesling"]),
        "PKR": if any["pekarangan"].contains("Warung hidup") { 1.into() } else { yes(&any["pekarangan"]) },
        "IRT": null,
    });
    row.as_object().unwrap().clone()
}

/// Blank and blank is blank, blank and a number is the number.
fn add(sum: &mut Counts, row: &Counts) {
    for (code, value) in row {
        let sum = sum.entry(code.clone()).or_insert(Value::Null);
        if let Some(value) = value.as_u64() {
            *sum = (sum.as_u64().unwrap_or(0) + value).into();
        }
    }
}

/// Every dasawisma with the rows of its book, by house number and rumah tangga.
fn fold(rows: &[Row]) -> BTreeMap<Area, Book> {
    let mut houses: BTreeMap<(Area, u32), BTreeMap<String, Vec<&Row>>> = BTreeMap::new();
    for row in rows {
        let area = (row["rw"].clone(), row["rt"].clone(), row["dasawisma"].clone());
        let house = houses.entry((area, row["no_rumah"].parse().unwrap())).or_default();
        house.entry(row["krt"].clone()).or_default().push(row);
    }
    let mut books: BTreeMap<Area, Book> = BTreeMap::new();
    for ((area, _), krt) in houses {
        for (at, (label, people)) in krt.into_iter().enumerate() {
            books.entry(area.clone()).or_default().push((label, count(&people, at == 0)));
        }
    }
    books
}

/// The counts of a row that the program printed.
fn counts(row: &Value) -> Counts {
    let codes = row.as_object().unwrap().iter();
    codes
        .filter(|(code, _)| code.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect()
}

fn sorted(map: &Counts) -> BTreeMap<&String, &Value> {
    map.iter().collect()
}

#[test]
fn the_books_of_a_simulated_kelurahan_equal_a_count_over_its_rows() {
    let dir = tempfile::tempdir().unwrap();
    let (hp, files) = (Hp::new(&dir.path().join("hp")), dir.path().join("simulasi"));
    let keluar = files.to_str().unwrap();
    let simulasi = ["simulasi", "--keluar", keluar, "--benih", "7", "--rumah", "240"];
    let _ = hp.json(&simulasi);
    let csv = files.join("warga.csv");
    let kunci: Value = serde_json::from_slice(&std::fs::read(files.join("kunci.json")).unwrap()).unwrap();
    let lines = |list: &Value| -> BTreeSet<u64> {
        list.as_array().unwrap().iter().map(|one| one["baris"].as_u64().unwrap()).collect()
    };
    let refused = lines(&kunci["ditolak"]);
    assert!(refused.len() > 2 && !kunci["ganda"].as_array().unwrap().is_empty());

    let done = hp.run(&["impor", csv.to_str().unwrap(), "--json"]);
    assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
    let said: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(lines(&said["ditolak"]), refused);

    let rows = rows(&csv, &refused);
    let books = fold(&rows);
    assert_eq!(books.len(), 12);
    let mut by_rt: BTreeMap<(String, String), Book> = BTreeMap::new();
    let mut kelurahan = Map::new();
    for ((rw, rt, dasawisma), book) in &books {
        let area = ["--rw", rw, "--rt", rt, "--dasawisma", dasawisma];
        let said = hp.json(&[&["rekap", "4.16a", "--tgl-acuan", HARI], area.as_slice()].concat());
        let printed = said["baris"].as_array().unwrap();
        assert_eq!(printed.len(), book.len(), "{dasawisma}");
        let mut jumlah = Map::new();
        for (printed, (krt, expected)) in printed.iter().zip(book) {
            assert_eq!(printed["krt"], **krt, "{dasawisma}");
            assert_eq!(sorted(&counts(printed)), sorted(expected), "{dasawisma}, {}", printed["nama_krt"]);
            add(&mut jumlah, expected);
        }
        assert_eq!(sorted(&counts(&said["jumlah"])), sorted(&jumlah), "{dasawisma}");
        add(&mut kelurahan, &jumlah);
        by_rt.entry((rw.clone(), rt.clone())).or_default().push((dasawisma.clone(), jumlah));
    }
    for ((rw, rt), expected) in &by_rt {
        let said = hp.json(&["rekap", "4.16b", "--tgl-acuan", HARI, "--rw", rw, "--rt", rt]);
        let printed: BTreeMap<&str, Counts> = said["baris"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["dasawisma"].as_str().unwrap(), counts(row)))
            .collect();
        assert_eq!(printed.len(), expected.len());
        for (dasawisma, expected) in expected {
            assert_eq!(sorted(&printed[dasawisma.as_str()]), sorted(expected), "{dasawisma}");
        }
    }
    let said = hp.json(&["rekap", "4.16b", "--tgl-acuan", HARI]);
    assert_eq!(sorted(&counts(&said["jumlah"])), sorted(&kelurahan));
    // What could be missed: each trap is there.
    for code in ["PUS", "HAMIL", "SUSU", "LANS", "BUTA3", "ABK", "AIR_SUNGAI", "NONB", "RTSH", "UP2K"] {
        assert!(kelurahan[code].as_u64().unwrap() > 0, "{code}");
    }
    assert!(kelurahan["AIR_DLL"].as_u64() > kelurahan["AIR_SUNGAI"].as_u64());
    assert_eq!(kelurahan["IRT"], Value::Null);

    // The same file again changes nothing, nor does the same seed write other bytes.
    let heads = || {
        let keluar = dir.path().join(format!("ekspor{}", std::fs::read_dir(dir.path()).unwrap().count()));
        let _ = hp.json(&["ekspor", "--keluar", keluar.to_str().unwrap()]);
        let files = std::fs::read_dir(keluar).unwrap().map(|file| file.unwrap());
        files.map(|file| (file.file_name(), std::fs::read(file.path()).unwrap())).collect::<BTreeMap<_, _>>()
    };
    let before = heads();
    let done = hp.run(&["impor", csv.to_str().unwrap(), "--json"]);
    let said: Value = serde_json::from_slice(&done.stdout).unwrap();
    let zero = ["rumah_baru", "rumah_berubah", "warga_baru"].map(|key| said[key].clone());
    assert_eq!(zero, [json!(0), json!(0), json!(0)]);
    assert!(heads() == before && !before.is_empty());
    let _ = hp.json(&simulasi);
    let other = hp.run(&["simulasi", "--keluar", keluar, "--benih", "1928", "--rumah", "240"]);
    assert_eq!(other.status.code(), Some(2), "files with other content stay");
}
