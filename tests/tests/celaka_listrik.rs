//! The electricity goes: after every single write of the program its folder is put back as a disk could have left it, and
//! the real program must open it, know everything it had said was saved, and go on.
//!
//! Without `WAKUNCAR_CELAKA=semua` a fixed sample of the moments is tried.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "how much was tried is said")]

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wakuncar_tests::celaka::{Apa, Cara, Folder, Langkah, Perekam, Undi, scratch, whole};
use wakuncar_tests::{Hp, Relay};

/// Something that was acknowledged, and from which step on.
struct Janji {
    sejak: u64,
    apa: Ucapan,
}

enum Ucapan {
    /// A crop of the house.
    Komoditi(String),
    /// So many houses are there.
    Rumah(usize),
    /// The kelurahan that this device belongs to, or has asked to join.
    Kelurahan(String),
    /// The office let the cadre's device in.
    Sah,
}

/// A device whose steps are recorded, with what it has said.
struct Direkam<'a> {
    perekam: &'a Perekam,
    hp: Hp,
    jejak: String,
    awal: Folder,
    janji: Vec<Janji>,
}

impl<'a> Direkam<'a> {
    fn new(perekam: &'a Perekam, dir: &Path, nama: &str) -> Self {
        let words = perekam.merekam(dir, nama);
        let hp = Hp::new(dir).started_by(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let awal = if dir.is_dir() { Folder::read(dir) } else { Folder::new() };
        Self { perekam, hp, jejak: nama.to_owned(), awal, janji: Vec::new() }
    }

    /// A command that must succeed.
    fn json(&self, args: &[&str]) -> Value {
        self.hp.json(args)
    }

    /// What the last command has promised; `sejak`: the number before it began.
    fn berjanji(&mut self, sejak: u64, apa: Ucapan) {
        let said = self.langkah().into_iter().find(|at| at.nomor > sejak && matches!(at.apa, Apa::Kata(_)));
        self.janji.push(Janji { sejak: said.expect("it has answered").nomor, apa });
    }

    fn tulis(&mut self, rumah: &str, komoditi: &str) {
        let sejak = self.perekam.nomor();
        let isi = json!({"pekarangan": [{"komoditi": komoditi}]}).to_string();
        assert_eq!(self.json(&["rumah", "ubah", rumah, "--isi", &isi])["berubah"], true);
        self.berjanji(sejak, Ucapan::Komoditi(komoditi.to_owned()));
    }

    fn langkah(&self) -> Vec<Langkah> {
        self.perekam.jejak(&self.jejak)
    }

    /// What was promised until then is kept by the device whose folder that is.
    fn ditepati(&self, nomor: u64, hp: &Hp, rumah: Option<&str>, di: &str) {
        let janji = || self.janji.iter().filter(|janji| janji.sejak <= nomor);
        let komoditi = janji().any(|janji| matches!(janji.apa, Ucapan::Komoditi(_)));
        let isi = rumah.filter(|_| komoditi).map(|rumah| hp.json(&["rumah", "lihat", rumah])["pekarangan"].to_string());
        for janji in janji() {
            match &janji.apa {
                Ucapan::Komoditi(kata) => {
                    let ada = isi.as_ref().is_some_and(|isi| isi.contains(&format!("\"{kata}\"")));
                    assert!(ada, "{di}: {kata} was acknowledged and is gone");
                }
                Ucapan::Rumah(banyak) => {
                    let ada = hp.json(&["rumah", "daftar"])["rumah"].as_array().unwrap().len();
                    assert!(ada >= *banyak, "{di}: {ada} of {banyak} houses");
                }
                Ucapan::Kelurahan(space) => assert_eq!(hp.json(&["kelurahan", "lihat"])["space"], **space, "{di}"),
                // Seen when the village goes on.
                Ucapan::Sah => {}
            }
        }
    }
}

/// Every moment after which the electricity may go, with what is left then; a sample unless all are asked for.
struct Saat {
    undi: Undi,
    sample: usize,
    seen: BTreeSet<u64>,
    titik: usize,
    dibuka: usize,
}

impl Saat {
    /// `banyak`: about so many folders in a sample.
    fn new(benih: u64, langkah: usize, banyak: usize) -> Self {
        let sample = if whole() { 1 } else { (langkah * Cara::SEMUA.len() / banyak).max(1) };
        Self { undi: Undi::new(benih), sample, seen: BTreeSet::new(), titik: 0, dibuka: 0 }
    }

    /// Lays the folder out; `false` when it is not in the sample, or was opened before with the same promises.
    fn lay(&mut self, folder: &Folder, cara: Cara, asli: &Path, dir: &Path, janji: usize) -> bool {
        if self.undi.below(self.sample) != 0 {
            return false;
        }
        self.titik += 1;
        let image = folder.image(cara, &mut self.undi);
        let mut hasher = DefaultHasher::new();
        (&image, janji).hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return false;
        }
        self.dibuka += 1;
        wakuncar_tests::celaka::lay(&image, asli, dir);
        true
    }

    fn lapor(&self, apa: &str, langkah: usize) {
        println!(
            "potong listrik, {apa}: {} titik dari {langkah} langkah, {} folder dibuka, 0 hilang",
            self.titik, self.dibuka
        );
    }
}

fn bersih(hp: &Hp, di: &str) {
    let periksa = hp.run(&["periksa", "--json"]);
    let (said, told) = (String::from_utf8_lossy(&periksa.stdout), String::from_utf8_lossy(&periksa.stderr));
    assert!(periksa.status.success() && said.contains("\"bersih\":true"), "{di}: {said}{told}");
}

fn tambah(hp: &Hp, nomor: &str) -> String {
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": nomor}).to_string();
    hp.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned()
}

#[test]
fn a_phone_without_a_net_keeps_every_acknowledged_answer() {
    let dir = scratch();
    let perekam = Perekam::new(dir.path());
    let berkas = dir.path().join("warga.csv");
    let mut isi = String::from("rw,rt,dasawisma,no_rumah,nama_lengkap,jenis_kelamin,tanggal_lahir,hubungan_kk\n");
    for rumah in 1..=12 {
        for (nama, jk) in [("AYAH", "L"), ("IBU", "P")] {
            isi.push_str(&format!("1,2,Melati,{rumah},{nama} CONTOH {rumah},{jk},1990-01-01,Lainnya\n"));
        }
    }
    std::fs::write(&berkas, isi).unwrap();
    let asli = dir.path().join("hp");
    let mut hp = Direkam::new(&perekam, &asli, "jejak-hp");
    let rumah = tambah(&hp.hp, "7");
    let sejak = hp.perekam.nomor();
    let _ = hp.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    hp.berjanji(sejak, Ucapan::Rumah(1));
    for i in 0..4 {
        hp.tulis(&rumah, &format!("komoditi {i}"));
    }
    let sejak = hp.perekam.nomor();
    let _ = hp.json(&["impor", berkas.to_str().unwrap()]);
    hp.berjanji(sejak, Ucapan::Rumah(13));
    let warga = json!({"nama_lengkap": "CONTOH", "jenis_kelamin": "L", "tanggal_lahir": "1990-01-01"}).to_string();
    let warga = hp.json(&["warga", "tambah", "--rumah", &rumah, "--isi", &warga])["warga"].as_str().unwrap().to_owned();
    let _ = hp.json(&["warga", "meninggal", &warga, "--tgl", "2024-01-02"]);
    for i in 4..9 {
        hp.tulis(&rumah, &format!("komoditi {i}"));
    }

    let langkah = hp.langkah();
    let mut saat = Saat::new(1, langkah.len(), 500);
    let (mut folder, image) = (hp.awal.clone(), Hp::new(&dir.path().join("image")));
    for at in &langkah {
        folder.step(&at.apa);
        let janji = hp.janji.iter().filter(|janji| janji.sejak <= at.nomor).count();
        for cara in Cara::SEMUA {
            if !saat.lay(&folder, cara, &asli, image.dir(), janji) {
                continue;
            }
            let di = format!("step {} {cara:?}", at.nomor);
            bersih(&image, &di);
            hp.ditepati(at.nomor, &image, Some(&rumah), &di);
            // She goes on where she was.
            if saat.dibuka.is_multiple_of(7) {
                let hasil = image.json(&["impor", berkas.to_str().unwrap()]);
                assert_eq!(hasil["rumah_baru"].as_u64().unwrap() + hasil["rumah_sama"].as_u64().unwrap(), 12, "{di}");
                bersih(&image, &di);
            }
        }
    }
    saat.lapor("HP sendirian", langkah.len());
}

#[test]
fn a_file_of_the_first_edition_is_old_or_new_and_never_half() {
    let dir = scratch();
    let perekam = Perekam::new(dir.path());
    let asli = dir.path().join("hp");
    std::fs::create_dir_all(&asli).unwrap();
    let edisi = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/edisi-1");
    for file in std::fs::read_dir(edisi.join("ani")).unwrap() {
        let path = file.unwrap().path();
        std::fs::copy(&path, asli.join(path.file_name().unwrap())).unwrap();
    }
    let dulu: Value = serde_json::from_slice(&std::fs::read(edisi.join("ani.rumah.json")).unwrap()).unwrap();
    let rumah = dulu["id"].as_str().unwrap().to_owned();
    let mut hp = Direkam::new(&perekam, &asli, "jejak-hp");
    let isi = hp.json(&["rumah", "lihat", &rumah]);
    hp.tulis(&rumah, "komoditi baru");

    let langkah = hp.langkah();
    let mut saat = Saat::new(2, langkah.len(), 300);
    let (mut folder, image) = (hp.awal.clone(), Hp::new(&dir.path().join("image")));
    for at in &langkah {
        folder.step(&at.apa);
        let janji = hp.janji.iter().filter(|janji| janji.sejak <= at.nomor).count();
        for cara in Cara::SEMUA {
            if !saat.lay(&folder, cara, &asli, image.dir(), janji) {
                continue;
            }
            let di = format!("step {} {cara:?}", at.nomor);
            bersih(&image, &di);
            hp.ditepati(at.nomor, &image, Some(&rumah), &di);
            let mut kini = image.json(&["rumah", "lihat", &rumah]);
            kini["pekarangan"] = isi["pekarangan"].clone();
            assert_eq!(kini, isi, "{di}");
            let sisa = image.dir().join("wakuncar.sebelum-pembaruan");
            assert!(!sisa.exists(), "{di}: the copy from before goes when the new version is on the disk");
        }
    }
    saat.lapor("pembaruan", langkah.len());
}

/// A village whose devices and relay are all recorded in one numbering.
struct Kampung<'a> {
    dir: PathBuf,
    alamat: SocketAddr,
    pin: String,
    kantor: Direkam<'a>,
    ani: Direkam<'a>,
    relay: Direkam<'a>,
    rumah: String,
}

impl<'a> Kampung<'a> {
    /// It is made, it lets Ani in, and both write and send.
    fn rekam(perekam: &'a Perekam, dir: &Path) -> Self {
        let data = dir.join("relay/data");
        let mut relay = Relay::start_by(&dir.join("relay"), &perekam.merekam(&data, "jejak-relay")).unwrap();
        let (alamat, pin) = (relay.address(), relay.pin().to_owned());
        let mut kantor = Direkam::new(perekam, &dir.join("kantor"), "jejak-kantor");
        let mut ani = Direkam::new(perekam, &dir.join("ani"), "jejak-ani");
        let space = buat(&kantor.hp, alamat, &pin);
        kantor.berjanji(0, Ucapan::Kelurahan(space.clone()));
        let rumah = tambah(&kantor.hp, "7");
        let _ = kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
        let _ = kantor.json(&["sinkron"]);
        let kode = kantor.json(&["undang", "--nama", "Ani", "--dasawisma", "Melati 1"])["kode"].clone();
        let perangkat = ani.json(&["gabung", "--kode", kode.as_str().unwrap()])["perangkat"].clone();
        ani.berjanji(0, Ucapan::Kelurahan(space));
        let _ = kantor.json(&["perangkat", "daftar"]);
        let sejak = perekam.nomor();
        let _ = kantor.json(&["perangkat", "sahkan", perangkat.as_str().unwrap()]);
        kantor.berjanji(sejak, Ucapan::Sah);
        let _ = ani.json(&["sinkron"]);
        for i in 0..3 {
            ani.tulis(&rumah, &format!("ani {i}"));
            kantor.tulis(&rumah, &format!("kantor {i}"));
            let _ = ani.json(&["sinkron"]);
            if i != 1 {
                let _ = kantor.json(&["sinkron"]);
            }
        }
        ani.tulis(&rumah, "ani terakhir");
        let _ = ani.json(&["sinkron"]);
        relay.kill();
        let merekam = Direkam::new(perekam, &data, "jejak-relay");
        let relay = Direkam { awal: Folder::new(), ..merekam };
        Self { dir: dir.to_owned(), alamat, pin, kantor, ani, relay, rumah }
    }

    /// Devices and relay as they were left go on together: nobody is locked out, nothing is lost, nothing is twice.
    fn lanjut(&self, nomor: u64, kantor: &Hp, ani: &Hp, di: &str) {
        let relay = Relay::start_at(&self.dir.join("image/relay"), self.alamat).expect(di);

        if relay.pin() != self.pin {
            // The electricity went before its key was on the disk: nobody has met this relay.
            assert!(self.kantor.janji[0].sejak > nomor, "{di}: the relay has another key");
            return;
        }
        if kantor.json_or(&["kelurahan", "lihat"]).is_none() {
            let _ = buat(kantor, self.alamat, &self.pin);
        }
        // One sync is enough, also for a machine that was started anew before its first.
        let hasil = kantor.run(&["sinkron", "--json"]);
        assert!(hasil.status.success(), "{di}: {}", String::from_utf8_lossy(&hasil.stdout));
        let _ = ani.run(&["sinkron"]);
        if ani.json_or(&["kelurahan", "lihat"]).is_none_or(|ini| ini["peran"].is_null()) {
            let sah = |janji: &Janji| janji.sejak <= nomor && matches!(janji.apa, Ucapan::Sah);
            assert!(!self.kantor.janji.iter().any(sah), "{di}: she had been let in");
            if kantor.json_or(&["rumah", "lihat", &self.rumah]).is_none() {
                let _ = tambah(kantor, "8");
            }
            let kode = kantor.json(&["undang", "--nama", "Ani", "--dasawisma", "Melati 1"])["kode"].clone();
            let perangkat = ani.json(&["gabung", "--kode", kode.as_str().unwrap()])["perangkat"].clone();
            let _ = kantor.json(&["perangkat", "daftar"]);
            let _ = kantor.json(&["perangkat", "sahkan", perangkat.as_str().unwrap()]);
        }
        for hp in [ani, kantor, ani] {
            let hasil = hp.json(&["sinkron"]);
            for nothing in ["menunggu", "ditolak", "rusak", "diparkir"] {
                assert_eq!(hasil[nothing], 0, "{di}: {nothing}: {hasil}");
            }
        }
        for dari in [&self.kantor, &self.ani] {
            for ke in [kantor, ani] {
                dari.ditepati(nomor, ke, Some(&self.rumah), &format!("{di}, after a sync"));
            }
        }
        for hp in [kantor, ani] {
            bersih(hp, di);
            assert!(hp.keadaan().values().all(|keadaan| keadaan == "DITERIMA"), "{di}: {:?}", hp.keadaan());
        }
        let rows = [kantor, ani].map(|hp| {
            let isi = hp.json_or(&["rumah", "lihat", &self.rumah]);
            isi.map(|isi| isi["pekarangan"].as_array().unwrap().iter().map(|row| row["komoditi"].to_string()).collect())
        });
        let rows: [Option<Vec<String>>; 2] = rows;
        assert_eq!(rows[0], rows[1], "{di}");
        let rows = rows[0].clone().unwrap_or_default();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len(), "{di}: {rows:?}");
        let forks: i64 = rusqlite::Connection::open(relay.data().join("relay.sqlite"))
            .and_then(|db| db.query_row("SELECT COUNT(*) FROM entry WHERE branch > 0", [], |row| row.get(0)))
            .unwrap();
        assert_eq!(forks, 0, "{di}: a log forked");
    }
}

fn buat(kantor: &Hp, alamat: SocketAddr, pin: &str) -> String {
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1001", "--nama", "Contoh", "--latihan", "--relay"];
    let baru = kantor.json(&[&buat[..], &[&format!("https://{alamat}"), "--pin", pin]].concat());
    baru["space"].as_str().unwrap().to_owned()
}

#[test]
fn a_village_goes_on_whatever_power_is_cut() {
    let dir = scratch();
    let perekam = Perekam::new(dir.path());
    let kampung = Kampung::rekam(&perekam, dir.path());
    let semua = [&kampung.kantor, &kampung.ani, &kampung.relay];
    let image = ["image/kantor", "image/ani", "image/relay/data"].map(|nama| dir.path().join(nama));
    let (kantor, ani) = (Hp::new(&image[0]), Hp::new(&image[1]));
    let mut langkah: Vec<(usize, Langkah)> = Vec::new();
    for (i, satu) in semua.iter().enumerate() {
        langkah.extend(satu.langkah().into_iter().map(|at| (i, at)));
    }
    langkah.sort_by_key(|(_, at)| at.nomor);
    let mut folders = semua.map(|satu| satu.awal.clone());
    let mut saat = Saat::new(3, langkah.len(), 60);
    for (korban, at) in &langkah {
        folders[*korban].step(&at.apa);
        let janji = semua.iter().flat_map(|satu| &satu.janji).filter(|janji| janji.sejak <= at.nomor).count();
        for cara in Cara::SEMUA {
            if !saat.lay(&folders[*korban], cara, semua[*korban].hp.dir(), &image[*korban], janji) {
                continue;
            }
            let di = format!("step {} of {} {cara:?}", at.nomor, semua[*korban].jejak);
            let hp = [&kantor, &ani].get(*korban).copied();
            if let Some(hp) = hp {
                if saat.dibuka.is_multiple_of(2) {
                    // The machine was started anew since: the other half of the stamp's file says so.
                    let cap = hp.dir().join("cap");
                    if let Ok(mut stamps) = std::fs::read(&cap) {
                        stamps.iter_mut().skip(32).for_each(|byte| *byte ^= 1);
                        std::fs::write(&cap, stamps).unwrap();
                    }
                }
                bersih(hp, &di);
                semua[*korban].ditepati(at.nomor, hp, Some(&kampung.rumah), &di);
            }
            // A whole village takes long; in a whole run every twelfth goes on together.
            if !whole() || saat.dibuka.is_multiple_of(12) {
                for (i, path) in image.iter().enumerate().filter(|(i, _)| i != korban) {
                    let utuh = folders[i].image(Cara::Utuh, &mut Undi::new(0));
                    wakuncar_tests::celaka::lay(&utuh, semua[i].hp.dir(), path);
                }
                kampung.lanjut(at.nomor, &kantor, &ani, &di);
            }
        }
    }
    saat.lapor("kampung dengan relay", langkah.len());
}
