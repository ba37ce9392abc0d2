//! Every single write fails once: a full disk (ENOSPC) and a broken one (EIO), from the n-th step on or only there, for
//! every n, on a phone, at the office and at the relay. The program says so and loses nothing; the next run goes on.
//!
//! Without `WAKUNCAR_CELAKA=semua` a fixed sample of the steps is tried.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "how much was tried is said")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wakuncar_tests::celaka::{Folder, Perekam, lay, scratch, whole};
use wakuncar_tests::{Desa, Hp, Relay};

const ENOSPC: i32 = 28;
const EIO: i32 = 5;

/// How a step fails.
#[derive(Debug, Clone, Copy)]
struct Gagal {
    errno: i32,
    terus: bool,
}

const SEMUA: [Gagal; 3] =
    [Gagal { errno: ENOSPC, terus: true }, Gagal { errno: ENOSPC, terus: false }, Gagal { errno: EIO, terus: false }];

impl Gagal {
    fn nama(self) -> &'static str {
        match (self.errno, self.terus) {
            (ENOSPC, true) => "penuh",
            (ENOSPC, false) => "penuh sekali",
            _ => "galat EIO",
        }
    }
}

/// Which steps are tried: all, or every so many.
fn ke(langkah_sample: usize) -> impl Iterator<Item = usize> {
    (1..).step_by(if whole() { 1 } else { langkah_sample })
}

/// The folder as it was before, at its own place, so that the device takes it for itself.
fn put_back(awal: &Folder, dir: &Path, asli: &Path) {
    lay(&awal.image(wakuncar_tests::celaka::Cara::Utuh, &mut wakuncar_tests::celaka::Undi::new(0)), asli, dir);
}

fn started(words: &[String], dir: &Path) -> Hp {
    Hp::new(dir).started_by(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Exit code and answer; nothing printed is no JSON.
fn run(hp: &Hp, args: &[&str]) -> (Option<i32>, Value) {
    let done = hp.run(&[args, &["--json"]].concat());
    (done.status.code(), serde_json::from_slice(&done.stdout).unwrap_or_default())
}

fn refusal_is_right(cara: Gagal, exit: Option<i32>, said: &Value, di: &str) {
    let kode = said["galat"].as_str().unwrap_or_default();
    match cara.errno {
        // Room came back at once, and SQLite had only said that it made no file.
        ENOSPC if !cara.terus && said["sebab"] == "sqlite: unable to open database file" => assert_eq!(exit, Some(1)),
        // The disk is full: said in its own words.
        ENOSPC => assert_eq!((exit, kode), (Some(1), "penyimpanan_penuh"), "{di}: {said}"),
        // A disk that breaks has several names, and none of them is a crash.
        _ => assert!(matches!(exit, Some(1 | 3 | 4)) && !kode.is_empty() && kode != "program", "{di}: {exit:?} {said}"),
    }
}

fn bersih(hp: &Hp, di: &str) {
    let (exit, said) = run(hp, &["periksa"]);
    assert!(exit == Some(0) && said["bersih"] == true, "{di}: {said}");
}

fn tambah(hp: &Hp, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": nomor}).to_string();
    hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned()
}

fn komoditi(hp: &Hp, rumah: &str) -> String {
    hp.json(&["rumah", "lihat", rumah])["pekarangan"].to_string()
}

#[test]
fn a_phone_refuses_or_does_it_whichever_write_fails() {
    let dir = scratch();
    let perekam = Perekam::new(dir.path());
    let asli = Hp::new(&dir.path().join("asli"));
    let rumah = tambah(&asli, "7");
    let _ = asli.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let lama = json!({"pekarangan": [{"komoditi": "lama"}]}).to_string();
    let _ = asli.json(&["rumah", "ubah", &rumah, "--isi", &lama]);
    let berkas = dir.path().join("warga.csv");
    let mut isi = String::from("rw,rt,dasawisma,no_rumah,nama_lengkap,jenis_kelamin,tanggal_lahir,hubungan_kk\n");
    (1..=6).for_each(|no| isi.push_str(&format!("1,2,Melati,{no},CONTOH {no},L,1990-01-01,Lainnya\n")));
    std::fs::write(&berkas, isi).unwrap();
    let baru = json!({"pekarangan": [{"komoditi": "baru"}]}).to_string();
    let cara_perintah: [(&str, Vec<&str>); 3] = [
        ("jawaban", vec!["rumah", "ubah", &rumah, "--isi", &baru]),
        ("impor", vec!["impor", berkas.to_str().unwrap()]),
        (
            "folder baru",
            vec!["rumah", "tambah", "--isi", r#"{"rw":"001","rt":"002","dasawisma":"Mawar","no_rumah":"9"}"#],
        ),
    ];
    let (awal, hp) = (Folder::read(asli.dir()), dir.path().join("hp"));
    for cara in SEMUA {
        let (mut titik, mut ditolak) = (0, 0);
        for (apa, perintah) in &cara_perintah {
            for ke in ke(4) {
                let _ = std::fs::remove_dir_all(&hp);
                if *apa != "folder baru" {
                    put_back(&awal, &hp, asli.dir());
                }
                let di = format!("{apa}, {} {ke}", cara.nama());
                let words = perekam.menggagalkan(&hp, ke, cara.errno, cara.terus);
                let (exit, said) = run(&started(&words, &hp), perintah);
                if !perekam.kena() {
                    assert_eq!(exit, Some(0), "{di}: {said}");
                    break;
                }
                titik += 1;
                if exit != Some(0) {
                    ditolak += 1;
                    refusal_is_right(cara, exit, &said, &di);
                }
                let hp = Hp::new(&hp);
                bersih(&hp, &di);
                if *apa != "folder baru" {
                    let ada = komoditi(&hp, &rumah);
                    assert!(ada.contains("\"lama\""), "{di}: what was there is gone");
                    assert!(
                        exit != Some(0) || *apa != "jawaban" || ada.contains("\"baru\""),
                        "{di}: acknowledged and gone"
                    );
                }
                // There is room again.
                let (exit, said) = run(&hp, perintah);
                assert_eq!(exit, Some(0), "{di}, again: {said}");
                bersih(&hp, &di);
            }
        }
        println!("tulis gagal, HP ({}): {titik} titik, {ditolak} ditolak, 0 hilang", cara.nama());
        assert!(titik > 10 && ditolak > 0);
    }
}

/// A village that has come to rest, except for an answer of Ani's that waits; folders to put back.
struct Tenang {
    desa: Desa,
    ani: Hp,
    rumah: String,
    awal: [Folder; 3],
    alamat: SocketAddr,
}

impl Tenang {
    fn new() -> Self {
        let mut desa = Desa::new();
        let rumah = tambah(&desa.kantor, "7");
        let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
        let _ = desa.kantor.json(&["sinkron"]);
        let ani = desa.kader("Ani", &["Melati 1"]);
        for (hp, kata) in [(&desa.kantor, "kantor"), (&ani, "ani")] {
            let isi = json!({"pekarangan": [{"komoditi": kata}]}).to_string();
            let _ = hp.json(&["rumah", "ubah", &rumah, "--isi", &isi]);
        }
        let _ = desa.kantor.json(&["sinkron"]);
        let alamat = desa.relay.address();
        desa.relay.kill();
        let awal = [ani.dir(), desa.kantor.dir(), &desa.relay.data()].map(Folder::read);
        Self { desa, ani, rumah, awal, alamat }
    }

    fn path(&self, nama: &str) -> PathBuf {
        self.desa.path(nama)
    }

    /// Everybody as at the beginning: the phone, the office, the relay's folder.
    fn lay(&self) -> (Hp, Hp, PathBuf) {
        let (ani, kantor, relay) = (self.path("uji/ani"), self.path("uji/kantor"), self.path("uji/relay"));
        put_back(&self.awal[0], &ani, self.ani.dir());
        put_back(&self.awal[1], &kantor, self.desa.kantor.dir());
        put_back(&self.awal[2], &relay.join("data"), &self.desa.relay.data());
        (Hp::new(&ani), Hp::new(&kantor), relay)
    }

    /// Everybody sends and fetches: what was acknowledged is everywhere, once.
    fn selesai(&self, ani: &Hp, kantor: &Hp, di: &str) {
        for hp in [ani, kantor, ani] {
            let (exit, hasil) = run(hp, &["sinkron"]);
            assert_eq!(exit, Some(0), "{di}: {hasil}");
            for nothing in ["menunggu", "ditolak", "rusak", "diparkir"] {
                assert_eq!(hasil[nothing], 0, "{di}: {nothing}: {hasil}");
            }
        }
        for hp in [ani, kantor] {
            bersih(hp, di);
            let ada = komoditi(hp, &self.rumah);
            assert_eq!((ada.matches("\"ani\"").count(), ada.matches("\"kantor\"").count()), (1, 1), "{di}: {ada}");
            assert_eq!(hp.keadaan()[&self.rumah], "DITERIMA", "{di}");
        }
    }
}

#[test]
fn a_sync_loses_nothing_whichever_write_of_the_phone_fails() {
    let tenang = Tenang::new();
    let shim = scratch();
    let perekam = Perekam::new(shim.path());
    for cara in SEMUA {
        let (mut titik, mut ditolak) = (0, 0);
        for ke in ke(7) {
            let (ani, kantor, relay) = tenang.lay();
            let relay = Relay::start_at(&relay, tenang.alamat).unwrap();
            let di = format!("sinkron, {} {ke}", cara.nama());
            let words = perekam.menggagalkan(ani.dir(), ke, cara.errno, cara.terus);
            let (exit, said) = run(&started(&words, ani.dir()), &["sinkron"]);
            if !perekam.kena() {
                break;
            }
            titik += 1;
            if exit != Some(0) {
                ditolak += 1;
                refusal_is_right(cara, exit, &said, &di);
            }
            bersih(&ani, &di);
            assert!(komoditi(&ani, &tenang.rumah).contains("\"ani\""), "{di}");
            tenang.selesai(&ani, &kantor, &di);
            drop(relay);
        }
        println!("tulis gagal, sinkron ({}): {titik} titik, {ditolak} ditolak, 0 hilang", cara.nama());
        assert!(titik > 5 && ditolak > 0);
    }
}

#[test]
fn a_relay_swears_to_nothing_that_it_does_not_hold_whichever_write_fails() {
    let tenang = Tenang::new();
    let shim = scratch();
    let perekam = Perekam::new(shim.path());
    for cara in SEMUA {
        let (mut titik, mut ditolak, mut tak_jalan) = (0, 0, 0);
        for ke in ke(5) {
            let (ani, kantor, dir) = tenang.lay();
            let di = format!("relay, {} {ke}", cara.nama());
            let words = perekam.menggagalkan(&dir.join("data"), ke, cara.errno, cara.terus);
            let relay = Relay::begin(&dir, tenang.alamat, &words);
            let jalan = relay.is_some();
            let (exit, said) = run(&ani, &["sinkron"]);
            // It dies at once: what it could not write must not count.
            drop(relay);
            if !perekam.kena() {
                assert_eq!(exit, Some(0), "{di}: {said}");
                break;
            }
            titik += 1;
            tak_jalan += usize::from(!jalan);
            if exit != Some(0) {
                ditolak += 1;
                // It is gone, says that it has no room, or that it cannot now.
                let honest =
                    ["tidak_terjangkau", "relay_penuh", "relay_sibuk"].iter().any(|kode| said["galat"] == *kode);
                assert!(exit == Some(3) && honest, "{di}: {said}");
            }
            let sworn = ani.keadaan()[&tenang.rumah] != "TERSIMPAN";
            let relay = Relay::start_at(&dir, tenang.alamat).expect("it starts when there is room");
            if sworn {
                // The phone is lost now: the relay alone must have it.
                let _ = kantor.json(&["sinkron"]);
                assert!(komoditi(&kantor, &tenang.rumah).contains("\"ani\""), "{di}: sworn to, and not there");
            }
            tenang.selesai(&ani, &kantor, &di);
            drop(relay);
        }
        println!(
            "tulis gagal, relay ({}): {titik} titik, {tak_jalan} tidak jalan, {ditolak} ditolak, 0 sumpah palsu",
            cara.nama()
        );
        assert!(titik > 5 && ditolak > 0);
    }
}
