//! The shim: built here, put before a program.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::jejak::{self, Langkah};

/// A folder where making and unmaking many files costs little.
#[must_use]
pub fn scratch() -> TempDir {
    let here = Path::new("/dev/shm");
    let quick = here.is_dir().then(|| tempfile::Builder::new().prefix("celaka").tempdir_in(here));
    quick.and_then(Result::ok).unwrap_or_else(|| tempfile::tempdir().unwrap())
}

/// The shim, and one numbering for all that it records.
#[derive(Debug)]
pub struct Perekam {
    shim: PathBuf,
    dir: PathBuf,
}

impl Perekam {
    /// Builds the shim into that folder.
    ///
    /// # Panics
    /// When there is no compiler of C: the build of SQLCipher needs one as well.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        let (source, shim) = (dir.join("perekam.c"), dir.join("perekam.so"));
        std::fs::write(&source, include_str!("perekam.c")).unwrap();
        std::fs::write(dir.join("nomor"), [0; 8]).unwrap();
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&shim).arg(&source).arg("-ldl");
        let built = cc.status().unwrap_or_else(|error| panic!("no compiler of C (cc) for the shim: {error}"));
        assert!(built.success(), "the shim does not build");
        Self { shim, dir: dir.to_owned() }
    }

    /// The words before a program that make it record what it does to that data folder.
    #[must_use]
    pub fn merekam(&self, data: &Path, jejak: &str) -> Vec<String> {
        let nomor = format!("CELAKA_NOMOR={}", self.dir.join("nomor").display());
        let jejak = format!("CELAKA_JEJAK={}", self.dir.join(jejak).display());
        self.words(&[format!("CELAKA_DIR={}", data.display()), jejak, nomor])
    }

    /// The words before a program that make its `ke`-th step on that folder fail with that errno, and all later ones if
    /// `terus`.
    #[must_use]
    pub fn menggagalkan(&self, data: &Path, ke: usize, errno: i32, terus: bool) -> Vec<String> {
        // Half of what is written fits where every second step fails.
        let pendek = u8::from(terus && ke.is_multiple_of(2));
        self.words(&[
            format!("CELAKA_DIR={}", data.display()),
            format!("CELAKA_KE={ke}"),
            format!("CELAKA_GALAT={errno}"),
            format!("CELAKA_TERUS={}", u8::from(terus)),
            format!("CELAKA_PENDEK={pendek}"),
            format!("CELAKA_KENA={}", self.dir.join("kena").display()),
        ])
    }

    /// Whether a step has failed since this was last asked.
    #[must_use]
    pub fn kena(&self) -> bool {
        std::fs::remove_file(self.dir.join("kena")).is_ok()
    }

    /// The words before a program whose clock is wrong by so many seconds.
    #[must_use]
    pub fn jam(&self, geser: i64) -> Vec<String> {
        self.words(&[format!("CELAKA_JAM={geser}")])
    }

    /// The number of the last step of all.
    #[must_use]
    pub fn nomor(&self) -> u64 {
        u64::from_le_bytes(std::fs::read(self.dir.join("nomor")).unwrap().try_into().unwrap())
    }

    /// What was recorded there.
    #[must_use]
    pub fn jejak(&self, jejak: &str) -> Vec<Langkah> {
        jejak::read(&self.dir.join(jejak))
    }

    fn words(&self, settings: &[String]) -> Vec<String> {
        let preload = format!("LD_PRELOAD={}", self.shim.display());
        let program = std::iter::once("env".to_owned()).chain([preload]);
        program.chain(settings.iter().cloned()).collect()
    }
}
