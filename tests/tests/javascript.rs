//! An exported house goes to JavaScript and comes back: the same values there, the edits made there here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a scene fails where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use wakuncar_tests::Hp;

/// A house with answers of every kind, and the folder in which it is exported.
struct Rumah {
    hp: Hp,
    id: String,
    ibu: String,
    dir: tempfile::TempDir,
}

impl Rumah {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let hp = Hp::new(&dir.path().join("hp"));
        let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "7", "alamat": "Jl. Padi 1"});
        let id = text(&hp.json(&["rumah", "tambah", "--isi", &isi.to_string()])["rumah"]);
        let _ = hp.json(&["rumah", "setuju", &id, "--pemberi", "IBU CONTOH", "--kesehatan"]);
        let isi = json!({
            "kriteria_rumah": "Sehat", "punya_spal": true, "punya_tempat_sampah": "?", "tempel_stiker_p4k": false,
            "rumah_tangga": [{"id": "krt1", "krt": "1", "nama_krt": "AYAH CONTOH", "jumlah_jamban": 2}],
            "pekarangan": [{"id": "kebun", "rumah_tangga": "krt1", "komoditi": "Cabai", "volume": 8.5, "satuan": "kg"}],
        });
        let _ = hp.json(&["rumah", "ubah", &id, "--isi", &isi.to_string()]);
        let isi = json!({
            "nama_lengkap": "SARI CONTOH \u{00c9} \u{1f33e}", "jenis_kelamin": "P", "tanggal_lahir": "1990-08-17",
            "frekuensi_posyandu": 0, "aktif_posyandu": true, "akseptor_kb": true, "berkebutuhan_khusus": "?",
        });
        let ibu = text(&hp.json(&["warga", "tambah", "--rumah", &id, "--isi", &isi.to_string()])["warga"]);
        Self { hp, id, ibu, dir }
    }

    /// Exports all houses; where the file of a collection is.
    fn ekspor(&self, koleksi: &str) -> PathBuf {
        let keluar = self.dir.path().join("keluar");
        let _ = self.hp.json(&["ekspor", "--keluar", keluar.to_str().unwrap()]);
        keluar.join(format!("{}.{koleksi}.automerge", self.id))
    }

    fn impor(&self, file: &Path) -> (Option<i32>, Value) {
        let done = self.hp.run(&["impor", "--json", "--automerge", file.to_str().unwrap()]);
        (done.status.code(), serde_json::from_slice(&done.stdout).unwrap())
    }

    fn lihat(&self) -> Value {
        self.hp.json(&["rumah", "lihat", &self.id])
    }

    fn is_clean(&self) -> bool {
        self.hp.json(&["periksa"])["bersih"] == true
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Runs a script of `tests/interop`.
fn node(script: &str, file: &Path, args: &[&str]) -> Vec<u8> {
    let folder = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("interop");
    assert!(folder.join("node_modules/@automerge/automerge").is_dir(), "no npm packages: run cargo xtask setup");
    let mut command = Command::new("node");
    let done = command.arg(folder.join(script)).arg(file).args(args).output();
    let done = done.unwrap_or_else(|error| panic!("node: {error}; the interop scene needs Node"));
    assert!(done.status.success(), "{script}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

fn baca(file: &Path) -> Value {
    serde_json::from_slice(&node("baca.mjs", file, &[])).unwrap()
}

fn ubah(file: &Path, edits: &Value) {
    node("ubah.mjs", file, &[&edits.to_string()]);
}

/// The first eight bytes of every writer: a device, or the genesis.
fn writers(baca: &Value) -> BTreeSet<String> {
    baca["pelaku"].as_array().unwrap().iter().map(|actor| text(actor)[..16].to_owned()).collect()
}

/// Answers by path, those of a person's health under the person, as the prompt shows them.
fn in_documents(dasar: &Value, kesehatan: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (part, rows) in dasar.as_object().unwrap().iter().chain(kesehatan.as_object().unwrap()) {
        for (row, isi) in rows.as_object().unwrap() {
            match (part.as_str(), isi) {
                (_, Value::Null) => {}
                ("kesehatan_warga", isi) => {
                    all.insert(format!("anggota/{}", row.replace('.', "/")), isi.clone());
                }
                (part, Value::Object(isi)) => {
                    all.extend(isi.iter().map(|(key, isi)| (format!("{part}/{row}/{key}"), isi.clone())));
                }
                (part, isi) => {
                    all.insert(format!("{part}/{row}"), isi.clone());
                }
            }
        }
    }
    all
}

fn at_prompt(lihat: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (key, isi) in lihat.as_object().unwrap().iter().filter(|(key, _)| !["id", "temuan"].contains(&key.as_str())) {
        match isi {
            Value::Array(rows) => {
                for row in rows {
                    let id = text(&row["id"]);
                    let isi = row.as_object().unwrap().iter().filter(|(item, _)| *item != "id");
                    all.extend(isi.map(|(item, isi)| (format!("{key}/{id}/{item}"), isi.clone())));
                }
            }
            isi => {
                all.insert(format!("rumah/{key}"), isi.clone());
            }
        }
    }
    // The prompt prints decimals as text, exact; JavaScript has numbers.
    for (_, isi) in all.iter_mut().filter(|(path, _)| path.ends_with("/volume")) {
        *isi = json!(isi.as_str().unwrap().parse::<f64>().unwrap());
    }
    all
}

#[test]
fn javascript_reads_every_answer_as_the_prompt_shows_it() {
    let rumah = Rumah::new();
    let dasar = baca(&rumah.ekspor("dasar"));
    let kesehatan = baca(&rumah.ekspor("kesehatan"));

    let there = in_documents(&dasar["nilai"], &kesehatan["nilai"]);

    assert_eq!(there, at_prompt(&rumah.lihat()));
    assert!(there.len() > 25, "{there:?}");
    for isi in [json!("?"), json!(true), json!(false), json!(0), json!(8.5), json!("1990-08-17")] {
        assert!(there.values().any(|there| *there == isi), "{isi}");
    }
}

#[test]
fn what_javascript_edits_is_recorded_here() {
    let rumah = Rumah::new();
    let (id, ibu) = (&rumah.id, &rumah.ibu);
    let file = rumah.ekspor("dasar");
    let devices = writers(&baca(&file));
    ubah(
        &file,
        &json!([
            ["rumah/alamat", "Jl. Padi 9"],
            ["rumah/punya_spal", false],
            ["rumah/kriteria_rumah", "TIDAK_SEHAT"],
            ["rumah/punya_tempat_sampah", "?"],
            ["rumah/tempel_stiker_p4k"],
            ["rumah_tangga/krt1/jumlah_jamban", 3],
            ["pekarangan/kebun/volume", 10.25],
            ["pekarangan/kolam/komoditi", "Lele"],
            [format!("anggota/{ibu}/pekerjaan"), "GURU"],
        ]),
    );
    assert_eq!(baca(&file)["nilai"]["rumah"]["alamat"], "Jl. Padi 9");
    assert_eq!(writers(&baca(&file)).len(), devices.len() + 1, "JavaScript wrote as somebody else");
    let antrean = rumah.hp.json(&["status"])["antrean"].as_u64().unwrap();

    let (code, hasil) = rumah.impor(&file);

    assert_eq!((code, hasil["diambil"].as_array().unwrap().len()), (Some(0), 8), "{hasil}");
    assert_eq!((&hasil["rumah"], &hasil["benturan"], &hasil["ditolak"]), (&json!(id), &json!([]), &json!([])));
    let lihat = rumah.lihat();
    for (key, isi) in [
        ("/alamat", json!("Jl. Padi 9")),
        ("/punya_spal", json!(false)),
        ("/kriteria_rumah", json!("TIDAK_SEHAT")),
        ("/punya_tempat_sampah", json!("?")),
        ("/rumah_tangga/0/jumlah_jamban", json!(3)),
        ("/pekarangan/0/volume", json!("10.25")),
        ("/pekarangan/1/komoditi", json!("Lele")),
        ("/anggota/0/pekerjaan", json!("GURU")),
    ] {
        assert_eq!(lihat.pointer(key), Some(&isi), "{key}");
    }
    assert_eq!(lihat.get("tempel_stiker_p4k"), None);
    assert!(rumah.is_clean());
    // One change more, of this device; the file's own changes are not here.
    assert_eq!(rumah.hp.json(&["status"])["antrean"].as_u64(), Some(antrean + 1));
    let (code, lagi) = rumah.impor(&file);
    assert_eq!((code, &lagi["diambil"]), (Some(0), &json!([])));
    assert_eq!(rumah.hp.json(&["status"])["antrean"].as_u64(), Some(antrean + 1));
    let keluar = baca(&rumah.ekspor("dasar"));
    assert_eq!(writers(&keluar), devices);
    let kesehatan = baca(&rumah.ekspor("kesehatan"));
    assert_eq!(in_documents(&keluar["nilai"], &kesehatan["nilai"]), at_prompt(&lihat));
}

#[test]
fn an_answer_changed_on_both_sides_keeps_both_values() {
    let rumah = Rumah::new();
    let file = rumah.ekspor("kesehatan");
    let kunci = format!("kesehatan_warga/{}.jenis_kb", rumah.ibu);
    ubah(&file, &json!([[kunci, "SUNTIK"], [format!("kesehatan_warga/{}.ibu_menyusui", rumah.ibu), true]]));
    let _ = rumah.hp.json(&["warga", "ubah", &rumah.ibu, "--isi", &json!({"jenis_kb": "PIL"}).to_string()]);

    let (code, hasil) = rumah.impor(&file);

    assert_eq!(code, Some(0), "{hasil}");
    let calon = hasil["benturan"][0]["calon"].as_array().unwrap();
    assert_eq!(hasil["benturan"].as_array().unwrap().len(), 1);
    assert!(calon.len() == 2 && calon.contains(&json!("PIL")) && calon.contains(&json!("SUNTIK")), "{hasil}");
    assert_eq!(rumah.lihat()["anggota"][0]["ibu_menyusui"], true);
    assert!(rumah.is_clean());
    let berbeda = &baca(&rumah.ekspor("kesehatan"))["berbeda"];
    assert_eq!(berbeda[&kunci].as_array().map(Vec::len), Some(2), "JavaScript sees both as well: {berbeda}");
    // It waits with the differences of neighbours for somebody to choose, and the file does not raise it again.
    let waits = &rumah.hp.json(&["berbeda", "daftar"])["berbeda"];
    let tempat = text(&hasil["benturan"][0]["tempat"]);
    assert_eq!((waits.as_array().unwrap().len(), &waits[0]["tempat"]), (1, &json!(tempat)), "{waits}");
    let _ = rumah.hp.json(&["berbeda", "putuskan", "--rumah", &rumah.id, "--tempat", &tempat, "--isi", "PIL"]);
    let (code, lagi) = rumah.impor(&file);
    assert_eq!((code, &lagi["diambil"], &lagi["benturan"]), (Some(0), &json!([]), &json!([])));
    assert_eq!(rumah.hp.json(&["berbeda", "daftar"])["berbeda"], json!([]));
    assert_eq!(rumah.lihat()["anggota"][0]["jenis_kb"], "PIL");
}

#[test]
fn what_does_not_fit_is_refused_by_its_place_and_the_rest_is_taken() {
    let rumah = Rumah::new();
    let file = rumah.ekspor("dasar");
    ubah(
        &file,
        &json!([
            ["rumah/warna", "biru"],
            ["rumah/kriteria_rumah", "ISTANA"],
            ["rumah_tangga/krt1/jumlah_jamban", 2.5],
            ["rumah/alamat", {"jalan": "Padi"}],
            [format!("anggota/{}", rumah.ibu)],
            ["rumah/no_rumah", "9"],
        ]),
    );

    let (code, hasil) = rumah.impor(&file);

    assert_eq!(code, Some(1), "refused with findings");
    let ditolak = hasil["ditolak"].as_array().unwrap().iter();
    let ditolak: Vec<_> = ditolak.map(|d| (text(&d["tempat"]), text(&d["kode"]))).collect();
    let salah = |tempat: &str, kode: &str| (tempat.to_owned(), kode.to_owned());
    assert_eq!(
        ditolak,
        [
            salah("rumah/alamat", "jawaban_salah"),
            salah("rumah/kriteria_rumah", "jawaban_salah"),
            salah("rumah/warna", "butir_asing"),
            salah("rumah_tangga/krt1/jumlah_jamban", "jawaban_salah"),
            salah(&format!("anggota/{}", rumah.ibu), "dihapus"),
        ]
    );
    assert_eq!((&rumah.lihat()["no_rumah"], &rumah.lihat()["alamat"]), (&json!("9"), &json!("Jl. Padi 1")));
    assert_eq!(rumah.lihat()["anggota"].as_array().unwrap().len(), 1);
    assert!(rumah.is_clean());
}

#[test]
fn a_file_of_another_house_or_name_changes_nothing() {
    let rumah = Rumah::new();
    let (file, lain) = (rumah.ekspor("dasar"), Rumah::new());
    let other = lain.ekspor("dasar");
    std::fs::copy(&other, &file).unwrap();
    let (code, hasil) = rumah.impor(&file);
    assert_eq!((code, &hasil["galat"]), (Some(1), &json!("berkas_asing")));

    let (code, hasil) = rumah.impor(&other);
    assert_eq!((code, &hasil["galat"]), (Some(1), &json!("rumah_tidak_ada")));

    std::fs::write(&file, b"PK\x03\x04").unwrap();
    let (code, hasil) = rumah.impor(&file);
    assert_eq!((code, &hasil["galat"]), (Some(1), &json!("berkas_asing")));

    let renamed = file.with_file_name("rumah.automerge");
    std::fs::copy(&file, &renamed).unwrap();
    let (code, hasil) = rumah.impor(&renamed);
    assert_eq!((code, &hasil["galat"]), (Some(1), &json!("nama_berkas")));
    assert!(rumah.is_clean());
}
