//! The clock is wrong by years, stands at 1970, or jumps between two commands: nobody is locked out, everything arrives,
//! and what was typed as a date stays what was typed.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "how much was tried is said")]

use serde_json::json;
use wakuncar_tests::celaka::{Perekam, Undi, scratch, whole};
use wakuncar_tests::{Hp, Relay};

const TAHUN: i64 = 365 * 24 * 3600;

/// The clocks of a scene: office, cadre, relay; seconds that each is wrong by.
fn jam() -> Vec<[i64; 3]> {
    // 1970 is so far away.
    let awal = 60 - wakuncar_app::clock::unix_ms() / 1000;
    vec![
        [0, 10 * TAHUN, 0],
        [0, -10 * TAHUN, 0],
        [10 * TAHUN, 0, 0],
        [-10 * TAHUN, 0, 0],
        [10 * TAHUN, -10 * TAHUN, 0],
        [awal, 0, 0],
        [0, awal, 0],
        [awal, awal, 0],
        [0, 0, 10 * TAHUN],
        [0, 0, -10 * TAHUN],
        [0, 0, awal],
    ]
}

/// A device whose clock can be put wrong before each command.
struct Berjam<'a> {
    perekam: &'a Perekam,
    dir: std::path::PathBuf,
}

impl Berjam<'_> {
    fn at(&self, geser: i64) -> Hp {
        let words = self.perekam.jam(geser);
        Hp::new(&self.dir).started_by(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// A kelurahan is made, a cadre joins, both write and send; `geser` says before each command how wrong a clock is.
fn kisah(geser: &mut dyn FnMut(usize) -> i64, apa: &str) -> usize {
    let dir = scratch();
    let perekam = Perekam::new(dir.path());
    let relay = Relay::start_by(&dir.path().join("relay"), &perekam.jam(geser(2))).unwrap();
    let [kantor, ani] = ["kantor", "ani"].map(|nama| Berjam { perekam: &perekam, dir: dir.path().join(nama) });
    let mut perintah = 0;
    let mut kata = |siapa: usize, args: &[&str]| {
        perintah += 1;
        let hp = [&kantor, &ani][siapa].at(geser(siapa));
        let done = hp.run(&[args, &["--json"]].concat());
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{apa}: {args:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_str::<serde_json::Value>(&said).unwrap()
    };
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1001", "--nama", "Contoh", "--latihan", "--relay"];
    let _ = kata(0, &[&buat[..], &[&relay.url(), "--pin", relay.pin()]].concat());
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "7"}).to_string();
    let rumah = kata(0, &["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = kata(0, &["rumah", "setuju", &rumah, "--pemberi", "Contoh", "--kesehatan"]);
    let _ = kata(0, &["sinkron"]);
    let kode = kata(0, &["undang", "--nama", "Ani", "--dasawisma", "Melati 1"])["kode"].as_str().unwrap().to_owned();
    let perangkat = kata(1, &["gabung", "--kode", &kode])["perangkat"].as_str().unwrap().to_owned();
    let _ = kata(0, &["perangkat", "daftar"]);
    let _ = kata(0, &["perangkat", "sahkan", &perangkat]);
    let _ = kata(1, &["sinkron"]);

    let warga = json!({"nama_lengkap": "CONTOH", "jenis_kelamin": "P", "tanggal_lahir": "1990-05-06"}).to_string();
    let warga = kata(1, &["warga", "tambah", "--rumah", &rumah, "--isi", &warga])["warga"].as_str().unwrap().to_owned();
    for i in 0..4 {
        for siapa in [1, 0] {
            // The later answer builds upon the earlier one, whatever the clocks say.
            let alamat = format!("Gang {i} {siapa}");
            let isi = json!({"alamat": alamat, "pekarangan": [{"komoditi": alamat}]}).to_string();
            assert_eq!(kata(siapa, &["rumah", "ubah", &rumah, "--isi", &isi])["berubah"], true);
            let _ = kata(siapa, &["sinkron"]);
            let _ = kata(1 - siapa, &["sinkron"]);
            assert_eq!(kata(1 - siapa, &["rumah", "lihat", &rumah])["alamat"], alamat, "{apa}");
        }
    }
    for siapa in [1, 0, 1] {
        let hasil = kata(siapa, &["sinkron"]);
        for nothing in ["menunggu", "ditolak", "rusak", "diparkir"] {
            assert_eq!(hasil[nothing], 0, "{apa}: {nothing}: {hasil}");
        }
    }
    assert_eq!(kata(0, &["berbeda", "daftar"])["berbeda"], json!([]), "{apa}: nobody answered at the same time");
    for siapa in [0, 1] {
        assert_eq!(kata(siapa, &["periksa"])["bersih"], true, "{apa}");
        let isi = kata(siapa, &["rumah", "lihat", &rumah]);
        assert_eq!(isi["pekarangan"].as_array().unwrap().len(), 8, "{apa}");
        assert_eq!(kata(siapa, &["warga", "lihat", &warga])["tanggal_lahir"], "1990-05-06", "{apa}");
        let status = kata(siapa, &["status"]);
        assert_eq!((&status["antrean"], &status["rumah"][0]["keadaan"]), (&json!(0), &json!("DITERIMA")), "{apa}");
    }
    perintah
}

#[test]
fn clocks_that_are_wrong_lock_nobody_out() {
    let mut perintah = 0;
    let semua = jam();
    for geser in &semua {
        perintah += kisah(&mut |siapa| geser[siapa], &format!("{geser:?}"));
    }
    println!("jam salah: {} kelurahan, {perintah} perintah, 0 hilang", semua.len());
}

#[test]
fn clocks_that_jump_between_two_commands_lock_nobody_out() {
    let kali = if whole() { 60 } else { 6 };
    let mut perintah = 0;
    for benih in 0..kali {
        let mut undi = Undi::new(benih);
        let salah: Vec<i64> = jam().into_iter().flatten().collect();
        perintah += kisah(&mut |siapa| if siapa == 2 { 0 } else { *undi.one(&salah) }, &format!("seed {benih}"));
    }
    println!("jam melompat: {kali} kelurahan, {perintah} perintah, 0 hilang");
}
