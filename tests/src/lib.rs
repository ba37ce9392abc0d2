//! Scenes that need a whole program, or more than one device, and the arrows between the crates. The scenes are
//! in `tests/`; here is what they share: the real program and a folder to run it on, a real relay, a village of both.

pub mod celaka;
mod desa;
mod hub;
mod relay;
#[cfg(feature = "simulasi")]
pub mod simulasi;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

pub use desa::{Desa, moments};
pub use hub::Hub;
pub use relay::Relay;

/// The program `wakuncar`, built from this checkout.
///
/// # Panics
/// When it does not build.
#[must_use]
pub fn wakuncar() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build).clone()
}

#[expect(clippy::panic, reason = "a scene without its program cannot run")]
fn build() -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--locked", "--package", "wakuncar-cli", "--message-format", "json"]);
    // What cargo told this test about itself would make build scripts run again and rebuild half of the program.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            build.env_remove(name);
        }
    }
    build.current_dir(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| ".".into()));
    let done = build.output().map(|done| String::from_utf8_lossy(&done.stdout).into_owned()).unwrap_or_default();
    // Cargo says where it put the program: the target folder differs between here and CI.
    let said = done.lines().rev().find_map(|line| {
        let (_, rest) = line.split_once("\"executable\":\"")?;
        rest.split_once('"').map(|(path, _)| PathBuf::from(path))
    });
    said.unwrap_or_else(|| panic!("wakuncar-cli does not build"))
}

/// One device: a data folder and the program on it.
#[derive(Debug)]
pub struct Hp {
    program: PathBuf,
    dir: PathBuf,
    started_by: Vec<String>,
}

impl Hp {
    /// A device whose data are in that folder.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { program: wakuncar(), dir: dir.to_owned(), started_by: Vec::new() }
    }

    /// The same device, its program started by another one: `nsenter …`.
    #[must_use]
    pub fn started_by(mut self, program: &[&str]) -> Self {
        self.started_by = program.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// A command on this device, not started yet.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = match self.started_by.split_first() {
            Some((program, words)) => {
                let mut command = Command::new(program);
                command.args(words).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        command.arg("--data").arg(&self.dir).args(args);
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When the program cannot be started.
    #[must_use]
    #[expect(clippy::panic, reason = "a scene without its program cannot run")]
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Runs a command that must succeed; what it printed as JSON.
    ///
    /// # Panics
    /// When it fails or prints something else.
    #[must_use]
    #[expect(clippy::panic, reason = "a scene stops where it fails")]
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let done = self.run(&[args, &["--json"]].concat());
        let (said, told) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(done.status.success(), "{args:?}: {said}{told}");
        serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
    }

    /// What a command printed as JSON, if it succeeds.
    #[must_use]
    pub fn json_or(&self, args: &[&str]) -> Option<serde_json::Value> {
        let done = self.run(&[args, &["--json"]].concat());
        serde_json::from_slice(&done.stdout).ok().filter(|_| done.status.success())
    }

    /// Runs a command that must end with that exit code; the code of the error that it printed as JSON.
    ///
    /// # Panics
    /// When it ends otherwise.
    #[must_use]
    #[expect(clippy::panic, reason = "a scene stops where it fails")]
    pub fn refused(&self, exit: i32, args: &[&str]) -> String {
        let done = self.run(&[args, &["--json"]].concat());
        let (said, told) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert_eq!(done.status.code(), Some(exit), "{args:?}: {said}{told}");
        let json: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{args:?}: {error}"));
        json["galat"].as_str().map(str::to_owned).unwrap_or_else(|| panic!("{args:?}: {said}"))
    }

    /// At an office: confirms the one device that waits.
    ///
    /// # Panics
    /// When none waits.
    #[expect(clippy::expect_used, reason = "a scene without its cadre cannot run")]
    pub fn sahkan(&self) {
        let daftar = self.json(&["perangkat", "daftar"]);
        let mut semua = daftar["perangkat"].as_array().into_iter().flatten();
        let menunggu = semua.find(|satu| satu["keadaan"] == "menunggu").expect("a device waits");
        let _ = self.json(&["perangkat", "sahkan", menunggu["id"].as_str().unwrap_or_default()]);
    }

    /// What a person reads in that language when a command fails.
    #[must_use]
    pub fn told(&self, lang: &str, args: &[&str]) -> String {
        let done = self.run(&[args, &["--lang", lang]].concat());
        let told = String::from_utf8_lossy(&done.stderr);
        // The first line is about the key of a folder for tests.
        told.lines().skip_while(|line| line.contains(&self.dir.display().to_string())).collect()
    }

    /// The id of the device.
    ///
    /// # Panics
    /// When it belongs to no kelurahan.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a scene stops where it fails")]
    pub fn id(&self) -> String {
        // Without a relay the list of before is shown.
        let done = self.run(&["perangkat", "daftar", "--json"]);
        let daftar: serde_json::Value = serde_json::from_slice(&done.stdout).expect("a list");
        let mut semua = daftar["perangkat"].as_array().into_iter().flatten();
        let ini = semua.find(|satu| satu["ini"] == true).expect("this device");
        ini["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Where its data are.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Every house with how far it has come.
    ///
    /// # Panics
    /// When the program says something else.
    #[must_use]
    pub fn keadaan(&self) -> std::collections::BTreeMap<String, String> {
        let status = self.json(&["status"]);
        let semua = status["rumah"].as_array().into_iter().flatten();
        let satu = |rumah: &serde_json::Value| Some((rumah["id"].as_str()?.into(), rumah["keadaan"].as_str()?.into()));
        semua.filter_map(satu).collect()
    }
}
