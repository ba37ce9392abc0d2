//! The relay keeps and hands out what it cannot read: after a kelurahan has been through it, no name, no number and no
//! address is in its folder or in what it printed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a scene fails where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use serde_json::json;
use wakuncar_tests::Desa;

/// Letters by which a marker is looked up. Shorter markers would be found in random bytes.
const BEGIN: usize = 6;
/// Bytes of a frame that are looked at.
const MOST: u64 = 4 << 20;

/// How a zstd frame begins.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// What a frame gives as far as it is one.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if let Ok(frame) = zstd::stream::read::Decoder::new(bytes) {
        // A frame that breaks off has given what it had; bytes that only begin like one give nothing.
        let _ = frame.single_frame().take(MOST).read_to_end(&mut out);
    }
    out
}

/// What must not be found, without regard to capitals.
struct Markers(BTreeMap<[u8; BEGIN], Vec<Vec<u8>>>);

impl Markers {
    fn new(semua: &BTreeSet<String>) -> Self {
        let mut markers: BTreeMap<[u8; BEGIN], Vec<Vec<u8>>> = BTreeMap::new();
        for satu in semua {
            let bytes = satu.to_ascii_lowercase().into_bytes();
            let begin = bytes.first_chunk().expect("long enough to be looked for");
            markers.entry(*begin).or_default().push(bytes);
        }
        Self(markers)
    }

    /// Those that are in there.
    fn found(&self, bytes: &[u8]) -> BTreeSet<String> {
        let bytes = bytes.to_ascii_lowercase();
        let mut found = BTreeSet::new();
        for (at, window) in bytes.windows(BEGIN).enumerate() {
            let candidates = <&[u8; BEGIN]>::try_from(window).ok().and_then(|begin| self.0.get(begin));
            let here = candidates.into_iter().flatten().filter(|marker| bytes[at..].starts_with(marker));
            found.extend(here.map(|marker| String::from_utf8_lossy(marker).into_owned()));
        }
        found
    }

    /// Those that are in any file of a folder, and how many bytes were looked at.
    fn found_below(&self, dir: &Path) -> (BTreeSet<String>, usize) {
        let (mut found, mut size) = (BTreeSet::new(), 0);
        for file in std::fs::read_dir(dir).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            size += bytes.len();
            found.extend(self.found(&bytes));
            // What is sealed was packed before: a body that lay there packed and not sealed would open here.
            for (at, _) in bytes.windows(ZSTD.len()).enumerate().filter(|(_, window)| *window == ZSTD) {
                found.extend(self.found(&unpacked(&bytes[at..])));
            }
        }
        (found, size)
    }
}

/// Full names, NIK and KK numbers of a table; of names those that are long enough.
fn of_register(berkas: &Path) -> BTreeSet<String> {
    let mut reader = csv::Reader::from_path(berkas).unwrap();
    let rows = reader.deserialize().map(|row| -> BTreeMap<String, String> { row.unwrap() });
    let mut semua = BTreeSet::new();
    for row in rows {
        semua.extend(["nama_lengkap", "nama_krt", "nik", "no_kk"].iter().map(|kolom| row[*kolom].clone()));
    }
    semua.retain(|satu| satu.len() >= BEGIN);
    semua
}

#[test]
fn the_relay_has_no_name_number_or_address_of_a_kelurahan_that_went_through_it() {
    let mut desa = Desa::new();
    let keluar = desa.path("simulasi");
    let _ = desa.kantor.json(&["simulasi", "--rumah", "200", "--keluar", keluar.to_str().unwrap()]);
    let berkas = keluar.join("warga.csv");
    // Rows that are refused on purpose: exit code 1.
    let _ = desa.kantor.run(&["impor", berkas.to_str().unwrap()]);
    let rumah = desa.kantor.json(&["rumah", "daftar"])["rumah"][0].clone();
    let (id, dasawisma) = (rumah["id"].as_str().unwrap(), rumah["dasawisma"].as_str().unwrap());
    let _ = desa.kantor.json(&["sinkron"]);

    let mut undang = vec!["undang", "--nama", "WATI CONTOH KADER", "--dasawisma", dasawisma];
    undang.extend(["--rw", rumah["rw"].as_str().unwrap(), "--rt", rumah["rt"].as_str().unwrap()]);
    let undangan = desa.kantor.json(&undang);
    let wati = desa.hp_baru("wati");
    let _ = wati.json(&["gabung", "--kode", undangan["kode_ketik"].as_str().unwrap()]);
    desa.sahkan();
    let _ = wati.json(&["sinkron"]);
    let alamat = json!({"alamat": "JALAN CONTOH RAHASIA 9001"}).to_string();
    let _ = wati.json(&["rumah", "ubah", id, "--isi", &alamat]);
    let _ = wati.json(&["rumah", "setuju", id, "--pemberi", "CONTOH PEMBERI IZIN", "--kesehatan"]);
    let bayi = json!({"krt": "1", "nama_lengkap": "CONTOH BAYI BARU", "jenis_kelamin": "P", "nik": "1872054505219001",
                      "tanggal_lahir": "2021-05-05", "berkebutuhan_khusus": "TIDAK"});
    let _ = wati.json(&["warga", "tambah", "--rumah", id, "--isi", &bayi.to_string()]);
    let _ = wati.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let rekap = desa.kantor.json(&["rekap", "4.16b", "--tgl-acuan", "2021-11-09"]);
    assert!(rekap["jumlah"]["HAMIL"].as_u64().unwrap() > 0, "there are health data: {rekap}");

    let mut semua = of_register(&berkas);
    assert!(semua.len() > 1000, "{}", semua.len());
    let tertulis = [
        "WATI CONTOH KADER",
        "JALAN CONTOH RAHASIA 9001",
        "CONTOH PEMBERI IZIN",
        "CONTOH BAYI BARU",
        "1872054505219001",
        "Kantor kelurahan",
        // The words of the records.
        "nama_lengkap",
        "ibu_hamil",
    ];
    semua.extend(tertulis.map(str::to_owned));
    semua.extend(
        desa.kantor.json(&["rumah", "daftar"])["rumah"]
            .as_array()
            .unwrap()
            .iter()
            .map(|satu| satu["dasawisma"].as_str().unwrap().to_owned()),
    );
    let markers = Markers::new(&semua);

    // The search finds what is there: in the table all of it, in files that the office writes for itself the rest.
    let (found, _) = markers.found_below(&keluar);
    assert!(of_register(&berkas).iter().all(|satu| found.contains(&satu.to_ascii_lowercase())));
    let ekspor = desa.path("ekspor");
    let _ = desa.kantor.json(&["ekspor", "--keluar", ekspor.to_str().unwrap()]);
    let (found, _) = markers.found_below(&ekspor);
    assert!(found.contains("jalan contoh rahasia 9001") && found.contains("contoh bayi baru"), "{found:?}");

    // While it runs, and as it lies on the disk after a power cut.
    for _ in 0..2 {
        let (found, size) = markers.found_below(&desa.relay.data());
        assert_eq!(found, BTreeSet::new());
        assert!(size > 200_000, "a whole kelurahan lies there: {size} bytes");
        desa.relay.kill();
    }
    assert_eq!(markers.found(desa.relay.said().as_bytes()), BTreeSet::new());
    // Nor is it in the files of a device, without the key.
    assert_eq!(markers.found_below(wati.dir()).0, BTreeSet::new());
    assert_eq!(markers.found_below(desa.kantor.dir()).0, BTreeSet::new());

    // One clear record among the sealed ones would be seen.
    let satu = std::fs::read(ekspor.join(format!("{id}.json"))).unwrap();
    let bocor = desa.relay.data().join("bocor");
    for clear in [zstd::bulk::compress(&satu, 3).unwrap(), satu] {
        std::fs::write(&bocor, clear).unwrap();
        let (found, _) = markers.found_below(&desa.relay.data());
        assert!(found.contains("jalan contoh rahasia 9001"), "{found:?}");
    }
}
