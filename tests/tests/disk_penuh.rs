//! The phone is full: it says so, loses nothing, and goes on when there is room again.
//!
//! The full disk is a small file system of its own in a user namespace. Where the kernel gives none to this user (some
//! containers), the scene says so and shows nothing.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stderr, reason = "what was not shown is said")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use wakuncar_tests::{Desa, Hp};

/// A file system of three megabytes that lives as long as this value.
struct Disk {
    dir: PathBuf,
    holder: Child,
}

impl Disk {
    fn new(dir: &Path) -> Option<Self> {
        std::fs::create_dir_all(dir).unwrap();
        let script = "mount -t tmpfs -o size=3m none \"$0\" && echo ada && exec cat";
        let mut unshare = Command::new("unshare");
        unshare.args(["-Urm", "sh", "-c", script]).arg(dir);
        unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = unshare.spawn().ok()?;
        let mut said = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut said).ok()?;
        let disk = Self { dir: dir.to_owned(), holder };
        (said == "ada\n").then_some(disk)
    }

    fn enter(&self) -> Vec<String> {
        let id = self.holder.id().to_string();
        ["nsenter", "-t", &id, "-U", "-m", "--preserve-credentials"].map(str::to_owned).to_vec()
    }

    fn hp(&self, nama: &str) -> Hp {
        let enter = self.enter();
        Hp::new(&self.dir.join(nama)).started_by(&enter.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Fills it up to so many KiB.
    fn fill(&self, left: usize) {
        let script = format!("rm -f isi; dd if=/dev/zero of=isi bs=4k 2>/dev/null; truncate -s -{left}k isi");
        self.sh(&script);
    }

    fn empty(&self) {
        self.sh("rm -f isi");
    }

    fn sh(&self, script: &str) {
        let enter = self.enter();
        let mut sh = Command::new(&enter[0]);
        sh.args(&enter[1..]).args(["sh", "-c", &format!("cd \"$0\" && {script}")]).arg(&self.dir);
        assert!(sh.status().unwrap().success(), "{script}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

fn edit(hp: &Hp, rumah: &str, alamat: &str) -> std::process::Output {
    hp.run(&["rumah", "ubah", rumah, "--isi", &json!({"alamat": alamat}).to_string(), "--json"])
}

#[test]
fn a_full_phone_loses_nothing_and_goes_on_when_there_is_room() {
    let desa = Desa::new();
    let Some(disk) = Disk::new(&desa.path("disk")) else {
        eprintln!("no file system of its own for this user: a full disk was not shown");
        return;
    };
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["sinkron"]);
    let undangan = desa.undang("Ani", &["Melati 1"]);
    let ani = disk.hp("ani");
    let _ = ani.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap()]);
    desa.sahkan();
    let _ = ani.json(&["sinkron"]);
    assert!(edit(&ani, &rumah, "Gang Contoh 0").status.success());

    // The office has sent something that does not fit any more.
    let luas =
        json!({"pekarangan": (0..400).map(|i| json!({"komoditi": format!("komoditi {i}")})).collect::<Vec<_>>()});
    let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["rumah", "ubah", &rumah, "--isi", &luas.to_string()]);
    let _ = desa.kantor.json(&["sinkron"]);

    let (mut last, mut refused) = ("Gang Contoh 0".to_owned(), 0);
    for left in [0, 4, 8, 16, 24, 32, 48, 64, 96, 128] {
        disk.fill(left);
        let alamat = format!("Gang Contoh {}", left + 1);
        let done = edit(&ani, &rumah, &alamat);
        let said: Value = serde_json::from_slice(&done.stdout).unwrap();
        if done.status.success() {
            assert_eq!(said["berubah"], true);
            last = alamat;
        } else {
            refused += 1;
            assert_eq!(
                (done.status.code(), &said["galat"]),
                (Some(1), &json!("penyimpanan_penuh")),
                "{left} KiB: {said}"
            );
        }
        let sync = ani.run(&["sinkron", "--json"]);
        let said: Value = serde_json::from_slice(&sync.stdout).unwrap();
        assert!(sync.status.success() || said["galat"] == "penyimpanan_penuh", "{left} KiB: {said}");
        if left == 0 {
            let (indonesia, inggris) = (ani.told("id", &["sinkron"]), ani.told("en", &["sinkron"]));
            assert!(indonesia.contains("Yang sudah tersimpan aman. Kosongkan tempat"), "{indonesia}");
            assert!(inggris.contains("free some space"), "{inggris}");
        }
        disk.empty();
        assert_eq!(ani.json(&["periksa"])["bersih"], true, "{left} KiB");
        assert_eq!(ani.json(&["rumah", "lihat", &rumah])["alamat"], last, "{left} KiB");
    }
    assert!(refused >= 3, "the disk must be full: {refused}");

    let _ = ani.json(&["sinkron"]);
    let _ = desa.kantor.json(&["sinkron"]);
    for hp in [&ani, &desa.kantor] {
        let there = hp.json(&["rumah", "lihat", &rumah]);
        assert_eq!(there["alamat"], last);
        assert_eq!(there["pekarangan"].as_array().unwrap().len(), 400);
        assert_eq!(hp.json(&["periksa"])["bersih"], true);
    }
}
