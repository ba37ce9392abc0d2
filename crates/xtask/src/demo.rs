//! `cargo xtask demo`: a kelurahan of invented people on one machine. A coordinator, two cadres, a real relay; a house
//! edited by both while the relay is away; where every house is afterwards; a book; the window.
//!
//! Everything is done by the programs that people use, from outside. The data lie in the target folder and begin anew
//! each time.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::command::{cargo, line, program, root, run as run_command, target_dir};
use crate::setup;
use crate::step::{Step, run_all};

const STEPS: &[Step] = &[
    Step { name: "setup", run: || setup::run(&[]) },
    Step { name: "screens", run: screens },
    Step { name: "programs", run: programs },
    Step { name: "village", run: village },
    Step { name: "window", run: window },
];

const RUMAH: &str = "120";
const TGL_ACUAN: &str = "2021-11-09";
const DASAWISMA: &str = "Melati 1";
/// Where the picture of the window is left if there is no display.
const PICTURE: &str = "layar.png";

/// Runs the whole demo, or the named steps.
pub(crate) fn run(only: &[&str]) -> Result<()> {
    run_all(STEPS, only)
}

/// Builds the screens into `ui/build`.
fn screens() -> Result<()> {
    run_command(program("npm").args(["run", "build", "--silent"]).current_dir(root().join("ui")))
}

/// Builds the command, and the window with the screens inside.
pub(crate) fn programs() -> Result<()> {
    run_command(&mut cargo(["build", "--locked", "--package", "wakuncar-cli"]))?;
    run_command(&mut cargo(["build", "--locked", "--package", "wakuncar-shell", "--features", "tauri/custom-protocol"]))
}

fn built(name: &str) -> PathBuf {
    target_dir().join("debug").join(name)
}

fn dir() -> PathBuf {
    target_dir().join("demo")
}

/// A device of the village: its folder and the command on it.
struct Hp {
    nama: &'static str,
    dir: PathBuf,
}

impl Hp {
    fn new(nama: &'static str) -> Self {
        Self { nama, dir: dir().join(nama) }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = program(built("wakuncar"));
        command.arg("--data").arg(&self.dir).args(words).stderr(Stdio::null());
        command
    }

    /// What a command answers; its exit code must be one of `codes`.
    fn ask(&self, words: &[&str], codes: &[i32]) -> Result<Value> {
        let mut command = self.command(words);
        command.arg("--json");
        let done = command.output().with_context(|| line(&command))?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let code = done.status.code().unwrap_or(-1);
        ensure!(codes.contains(&code), "{} ended with {code}: {said}", line(&command));
        serde_json::from_str(&said).with_context(|| format!("{}: {said}", line(&command)))
    }

    fn json(&self, words: &[&str]) -> Result<Value> {
        self.ask(words, &[0])
    }

    /// Shows a command and what it prints.
    fn show(&self, words: &[&str]) -> Result<()> {
        println!("{}> wakuncar {}", self.nama, words.join(" "));
        let mut command = self.command(words);
        let done = command.output().with_context(|| line(&command))?;
        print!("{}", String::from_utf8_lossy(&done.stdout));
        Ok(())
    }
}

/// The relay: a process of its own, which the demo stops and starts again.
struct Relay {
    process: Child,
    url: String,
    pin: String,
}

impl Relay {
    fn start(listen: &str) -> Result<Self> {
        let mut command = program(built("wakuncar"));
        command.arg("--data").arg(dir().join("relay")).args(["relay", "serve", "--listen", listen]);
        let mut process = command.stdout(Stdio::piped()).spawn().context("cannot start the relay")?;
        let stdout = process.stdout.take().context("the relay has no stdout")?;
        let mut first = String::new();
        BufReader::new(stdout).read_line(&mut first)?;
        let said: Value = serde_json::from_str(&first).context("the relay does not say where it is")?;
        let (url, pin) = (text(&said["url"]), text(&said["pin"]));
        println!("relay: {url}, pin {pin}");
        Ok(Self { process, url, pin })
    }

    fn address(&self) -> String {
        self.url.trim_start_matches("https://").to_owned()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It has ended already if either fails.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn village() -> Result<()> {
    let begun = dir();
    if begun.exists() {
        std::fs::remove_dir_all(&begun).with_context(|| begun.display().to_string())?;
    }
    std::fs::create_dir_all(&begun)?;
    let (kantor, ani, wati) = (Hp::new("kantor"), Hp::new("kader-ani"), Hp::new("kader-wati"));
    let relay = Relay::start("127.0.0.1:0")?;

    println!("-- a kelurahan for practice, with the residents' table of {RUMAH} invented houses");
    let sim = begun.join("simulasi");
    kantor.json(&["simulasi", "--keluar", path(&sim)?, "--rumah", RUMAH])?;
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1001", "--nama", "Rejomulyo", "--latihan"];
    let baru = kantor.json(&[&buat[..], &["--relay", &relay.url, "--pin", &relay.pin]].concat())?;
    println!("recovery code, for two envelopes: {}", text(&baru["kode_pemulihan"]));
    // Some rows are impossible on purpose: code 1 says that they were refused.
    kantor.ask(&["impor", path(&sim.join("warga.csv"))?], &[0, 1])?;
    kantor.show(&["sinkron"])?;

    println!("-- two cadres of {DASAWISMA} join with a code and three pictures");
    for (hp, nama) in [(&ani, "CONTOH ANI"), (&wati, "CONTOH WATI")] {
        join(&kantor, hp, nama)?;
    }

    println!("-- the relay is away; both cadres edit one house");
    let semua = ani.json(&["rumah", "daftar", "--dasawisma", DASAWISMA])?;
    let rumah = text(&semua["rumah"][0]["id"]);
    let krt = text(&ani.json(&["rumah", "lihat", &rumah])?["rumah_tangga"][0]["id"]);
    let address = relay.address();
    drop(relay);
    edit(&ani, &rumah, &krt, "PDAM", "punya_spal")?;
    edit(&wati, &rumah, &krt, "SUMUR", "punya_tempat_sampah")?;
    ani.ask(&["sinkron"], &[3])?;
    println!("kader-ani: nothing is reachable, the data are safe on the device");
    ani.show(&["status"])?;

    println!("-- the relay is back, the office still off: entrusted, not yet received");
    let _relay = Relay::start(&address)?;
    ani.show(&["sinkron"])?;
    wati.show(&["sinkron"])?;
    ani.show(&["status"])?;

    println!("-- the office fetches and says so");
    kantor.show(&["sinkron"])?;
    ani.show(&["sinkron"])?;
    wati.show(&["sinkron"])?;
    for hp in [&ani, &wati, &kantor] {
        ensure!(hp.json(&["periksa"])?["bersih"] == json!(true), "{}: periksa", hp.nama);
        ensure!(hp.json(&["rumah", "lihat", &rumah])? == kantor.json(&["rumah", "lihat", &rumah])?, "{}", hp.nama);
    }
    println!("all three hold the same; periksa is clean on each");
    kantor.show(&["berbeda", "daftar"])?;

    println!("-- where every house is, as the office says");
    let status = kantor.json(&["status"])?;
    for satu in status["rumah"].as_array().into_iter().flatten() {
        println!("{}  no. {:<6} {}", text(&satu["id"]), text(&satu["no_rumah"]), text(&satu["keadaan"]));
    }
    kantor.show(&["status"])?;

    println!("-- Lampiran 4.16a of {DASAWISMA}");
    let wilayah = ["--rw", "001", "--rt", "001", "--dasawisma", DASAWISMA];
    kantor.show(&[&["rekap", "4.16a"][..], &wilayah, &["--tgl-acuan", TGL_ACUAN]].concat())
}

fn path(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is no text", path.display()))
}

/// Invite, ask, compare, confirm.
fn join(kantor: &Hp, hp: &Hp, nama: &str) -> Result<()> {
    let dasawisma = ["--dasawisma", DASAWISMA, "--rw", "001", "--rt", "001"];
    let undangan = kantor.json(&[&["undang", "--nama", nama][..], &dasawisma].concat())?;
    let kode = text(&undangan["kode"]);
    let perangkat = text(&hp.json(&["gabung", "--kode", &kode])?["perangkat"]);
    let semua = kantor.json(&["perangkat", "daftar"])?;
    let there = semua["perangkat"].as_array().into_iter().flatten().find(|satu| satu["id"] == json!(perangkat));
    let there = there.context("the office does not see the device")?["gambar"].clone();
    let here = hp.json(&["gabung", "--kode", &kode, "--tunggu", "20"])?["gambar"].clone();
    ensure!(here == there, "the pictures differ: {here} and {there}");
    println!("{nama}: {here} on both screens");
    kantor.json(&["perangkat", "sahkan", &perangkat])?;
    hp.show(&["sinkron"])
}

/// Consent, then one answer that the other cadre gives differently and one that she does not touch.
fn edit(hp: &Hp, rumah: &str, krt: &str, air: &str, own: &str) -> Result<()> {
    hp.json(&["rumah", "setuju", rumah, "--pemberi", "CONTOH KELUARGA"])?;
    let mut isi = json!({"rumah_tangga": [{"id": krt, "sumber_air": air}]});
    isi[own] = json!("ya");
    let saved = hp.json(&["rumah", "ubah", rumah, "--isi", &isi.to_string()])?;
    ensure!(saved["berubah"] == json!(true), "{}: {saved}", hp.nama);
    println!("{}: saved, {air} and {own}", hp.nama);
    Ok(())
}

/// Opens the coordinator's data in the window; without a display it leaves a picture from a virtual one.
fn window() -> Result<()> {
    let (program_path, data) = (built("wakuncar-window"), dir().join("kantor"));
    let display = ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if display && std::env::var_os("CI").is_none() {
        println!("the window is open on the office's data; the demo ends when it is closed");
        return run_command(program(program_path).env("WAKUNCAR_DATA_DIR", data));
    }
    println!("no display here: the window opens on a virtual one and a picture is left");
    let picture = dir().join(PICTURE);
    let mut command = program("dbus-run-session");
    command
        .args(["--", "xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "node"])
        .arg(root().join("tests/e2e/potret.mjs"));
    command.arg(program_path).arg(&picture).env("WAKUNCAR_DATA_DIR", data).env("NO_AT_BRIDGE", "1");
    run_command(&mut command)?;
    let size = picture.metadata().map_or(0, |meta| meta.len());
    if size == 0 {
        bail!("no picture was left");
    }
    println!("picture: {}", picture.display());
    Ok(())
}
