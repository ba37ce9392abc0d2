//! Bits turn, pages go, files end early: the program opens clean, or says what is damaged and what to do. It never shows
//! a figure that is not so, never hangs and never crashes; and what the log still holds comes back.
//!
//! Without `WAKUNCAR_CELAKA=semua` a fixed sample of the seeds is tried.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "how much was tried is said")]

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wakuncar_tests::celaka::{Cara, Folder, Undi, lay, scratch, whole};
use wakuncar_tests::{Desa, Hp, Relay};

type Image = BTreeMap<String, Vec<u8>>;

/// Within this a command has ended, whatever it met.
const SABAR: Duration = Duration::from_secs(20);

/// One mutation; what was done.
fn rusakkan(image: &mut Image, undi: &mut Undi) -> String {
    let names: Vec<String> = image.iter().filter(|(_, isi)| !isi.is_empty()).map(|(nama, _)| nama.clone()).collect();
    // Half of all hits the database or its log, where nearly all the bytes are.
    let large: Vec<String> = names.iter().filter(|nama| image[*nama].len() > 4096).cloned().collect();
    let nama = if undi.below(2) == 0 { undi.one(&large).clone() } else { undi.one(&names).clone() };
    let isi = image.get_mut(&nama).unwrap();
    let at = undi.below(isi.len());
    match undi.below(6) {
        0 => {
            isi[at] ^= 1 << undi.below(8);
            format!("{nama}: a bit of byte {at}")
        }
        1 => {
            let banyak = 1 + undi.below(40);
            for _ in 0..banyak {
                let at = undi.below(isi.len());
                isi[at] = undi.next() as u8;
            }
            format!("{nama}: {banyak} bytes")
        }
        2 => {
            let page = at / 4096 * 4096;
            let end = (page + 4096).min(isi.len());
            isi[page..end].fill(0);
            format!("{nama}: zeros from {page}")
        }
        3 => {
            isi.truncate(at);
            format!("{nama}: ends at {at}")
        }
        4 => {
            let (from, to) = (undi.below(isi.len()) / 4096 * 4096, at / 4096 * 4096);
            let page = isi[from..(from + 4096).min(isi.len())].to_vec();
            let end = (to + page.len()).min(isi.len());
            isi[to..end].copy_from_slice(&page[..end - to]);
            format!("{nama}: the page at {from} also at {to}")
        }
        _ => {
            image.remove(&nama);
            format!("{nama}: gone")
        }
    }
}

/// Runs a command that must end in time and not by a signal or a panic; its exit code and answer.
fn run(hp: &Hp, args: &[&str], di: &str) -> (i32, Value) {
    let mut command = hp.command(&[args, &["--json"]].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + SABAR;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("{di}: {args:?} hangs");
        }
        std::thread::yield_now();
    }
    let done = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr);
    let exit = done.status.code().unwrap_or_else(|| panic!("{di}: {args:?} died: {told}"));
    assert!(!told.contains("panicked"), "{di}: {args:?}: {told}");
    let said = String::from_utf8_lossy(&done.stdout);
    let json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{di}: {args:?}: {exit}: {said}{told}"));
    (exit, json)
}

#[test]
fn a_damaged_phone_shows_nothing_that_is_not_so() {
    let dir = scratch();
    let asli = Hp::new(&dir.path().join("asli"));
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "7"}).to_string();
    let rumah = asli.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = asli.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    for i in 0..6 {
        let isi = json!({"pekarangan": [{"komoditi": format!("komoditi {i}")}]}).to_string();
        let _ = asli.json(&["rumah", "ubah", &rumah, "--isi", &isi]);
    }
    let warga = json!({"nama_lengkap": "CONTOH", "jenis_kelamin": "L", "tanggal_lahir": "1990-01-01"}).to_string();
    let _ = asli.json(&["warga", "tambah", "--rumah", &rumah, "--isi", &warga]);
    let tanya: [&[&str]; 3] =
        [&["rumah", "lihat", &rumah], &["rumah", "daftar"], &["rekap", "4.16a", "--tgl-acuan", "2024-01-01"]];
    let benar = tanya.map(|args| asli.json(args));
    // One folder at rest, and one as a death leaves it: the write-ahead log beside the file.
    let tenang = Folder::read(asli.dir()).image(Cara::Utuh, &mut Undi::new(0));
    let mut mati = tenang.clone();
    let perekam = wakuncar_tests::celaka::Perekam::new(dir.path());
    let words = perekam.merekam(asli.dir(), "jejak");
    let mut folder = Folder::read(asli.dir());
    let terekam = Hp::new(asli.dir()).started_by(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let _ = terekam.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let benar_mati = tanya.map(|args| asli.json(args));
    for langkah in perekam.jejak("jejak") {
        folder.step(&langkah.apa);
        if matches!(langkah.apa, wakuncar_tests::celaka::Apa::Kata(_)) {
            mati = folder.image(Cara::Utuh, &mut Undi::new(0));
        }
    }
    assert!(mati.contains_key("wakuncar.db-wal"));

    let (mut bersih, mut kata, mut pulih) = (0, 0, 0);
    let banyak = if whole() { 3_000 } else { 240 };
    for benih in 0..banyak {
        let mut undi = Undi::new(benih);
        let (dari, benar, sebelum) =
            if benih % 2 == 0 { (&tenang, &benar, &benar) } else { (&mati, &benar_mati, &benar) };
        let mut image = dari.clone();
        let apa = rusakkan(&mut image, &mut undi);
        let hp = Hp::new(&dir.path().join("hp"));
        lay(&image, asli.dir(), hp.dir());
        let di = format!("seed {benih}, {apa}");
        let (exit, said) = run(&hp, &["periksa"], &di);
        match exit {
            0 => {
                bersih += 1;
                for (args, (benar, sebelum)) in tanya.iter().zip(benar.iter().zip(sebelum)) {
                    let (exit, said) = run(&hp, args, &di);
                    // A torn write-ahead log ends earlier: that is what it is for.
                    assert!(exit == 0 && (said == *benar || said == *sebelum), "{di}: {args:?}: {said}");
                }
            }
            _ => {
                kata += 1;
                let kode = said["galat"].as_str();
                let tahu = matches!(kode, Some("rusak" | "kunci_hilang" | "perbarui_aplikasi" | "database" | "berkas"))
                    || (kode.is_none() && !said["temuan"].as_array().unwrap().is_empty());
                assert!(tahu && matches!(exit, 1 | 4), "{di}: {exit} {said}");
                // What is shown in spite of it is true, or it is not shown.
                for (args, (benar, sebelum)) in tanya.iter().zip(benar.iter().zip(sebelum)) {
                    let (exit, said) = run(&hp, args, &di);
                    assert!(exit != 0 || said == *benar || said == *sebelum, "{di}: {args:?}: {said}");
                }
                let _ = run(&hp, &["periksa", "--perbaiki"], &di);
                let (exit, _) = run(&hp, &["periksa"], &di);
                if exit == 0 {
                    pulih += 1;
                    for (args, (benar, sebelum)) in tanya.iter().zip(benar.iter().zip(sebelum)) {
                        let (_, said) = run(&hp, args, &di);
                        assert!(said == *benar || said == *sebelum, "{di}, mended: {args:?}: {said}");
                    }
                }
            }
        }
    }
    println!("halaman rusak, HP: {banyak} mutasi, {bersih} bersih, {kata} dikatakan ({pulih} pulih), 0 angka palsu");
    assert!(bersih > 0 && kata > 0);
}

#[test]
fn a_damaged_relay_gives_out_nothing_that_is_not_so() {
    let mut desa = Desa::new();
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "7"}).to_string();
    let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let ani = desa.kader("Ani", &["Melati 1"]);
    for (hp, kata) in [(&desa.kantor, "kantor"), (&ani, "ani")] {
        let isi = json!({"pekarangan": [{"komoditi": kata}]}).to_string();
        let _ = hp.json(&["rumah", "ubah", &rumah, "--isi", &isi]);
        let _ = hp.json(&["sinkron"]);
    }
    let _ = desa.kantor.json(&["sinkron"]);
    let tulis = json!({"pekarangan": [{"komoditi": "baru"}]}).to_string();
    let _ = ani.json(&["rumah", "ubah", &rumah, "--isi", &tulis]);
    let (alamat, data) = (desa.relay.address(), desa.relay.data());
    desa.relay.kill();
    let awal = [&data, desa.kantor.dir(), ani.dir()].map(|dir| Folder::read(dir).image(Cara::Utuh, &mut Undi::new(0)));
    let (mut tak_jalan, mut sampai, mut tidak) = (0, 0, 0);
    let banyak = if whole() { 1_000 } else { 60 };
    for benih in 0..banyak {
        let mut undi = Undi::new(1 << 32 | benih);
        let mut image = awal[0].clone();
        image.retain(|nama, _| !nama.ends_with("-shm"));
        let di = format!("seed {benih}, {}", rusakkan(&mut image, &mut undi));
        let [relay, kantor, hp] = ["uji/relay", "uji/kantor", "uji/ani"].map(|nama| desa.path(nama));
        lay(&image, &data, &relay.join("data"));
        lay(&awal[1], desa.kantor.dir(), &kantor);
        lay(&awal[2], ani.dir(), &hp);
        let (kantor, hp) = (Hp::new(&kantor), Hp::new(&hp));
        let relay = Relay::start_at(&relay, alamat);
        tak_jalan += usize::from(relay.is_none());
        for satu in [&hp, &kantor, &hp] {
            let (exit, said) = run(satu, &["sinkron"], &di);
            assert!(matches!(exit, 0 | 1 | 3), "{di}: {exit} {said}");
        }
        // Nothing is lost on any device, and nothing is green that is not at the office.
        let kata = |hp: &Hp| hp.json(&["rumah", "lihat", &rumah])["pekarangan"].to_string();
        for satu in [&hp, &kantor] {
            assert_eq!(satu.json(&["periksa"])["bersih"], true, "{di}");
            assert!(kata(satu).contains("\"kantor\"") && kata(satu).contains("\"ani\""), "{di}");
        }
        assert!(kata(&hp).contains("\"baru\""), "{di}");
        let di_kantor = kata(&kantor).contains("\"baru\"");
        assert!(di_kantor || hp.keadaan()[&rumah] != "DITERIMA", "{di}: green, and not there");
        if di_kantor {
            sampai += 1;
        } else {
            tidak += 1;
        }
    }
    println!(
        "halaman rusak, relay: {banyak} mutasi, {tak_jalan} tidak jalan, {sampai} sampai, {tidak} menunggu, 0 hilang"
    );
}
