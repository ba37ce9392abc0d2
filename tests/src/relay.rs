//! The real relay as a process that can be killed and started again.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::wakuncar;

/// A relay on its data folder. It dies with this value.
#[derive(Debug)]
pub struct Relay {
    dir: PathBuf,
    started_by: Vec<String>,
    address: SocketAddr,
    pin: String,
    child: Option<(Child, BufReader<ChildStdout>)>,
    printed: String,
}

impl Relay {
    /// Starts a relay on a free port.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a scene without its relay cannot run")]
    pub fn start(dir: &Path) -> Self {
        Self::start_by(dir, &[]).expect("a relay starts")
    }

    /// The same, its program started by another one.
    #[must_use]
    pub fn start_by(dir: &Path, program: &[String]) -> Option<Self> {
        // An address of this process alone: a relay that is started again on its port must not find another scene's
        // relay there.
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        Self::begin(dir, SocketAddr::from(([127, 64 | high & 63, middle, low], 0)), program)
    }

    /// Starts a relay there; `None` if it ends at once, for instance because another one is there.
    #[must_use]
    pub fn start_at(dir: &Path, listen: SocketAddr) -> Option<Self> {
        Self::begin(dir, listen, &[])
    }

    /// Both: there, and by another program.
    #[must_use]
    pub fn begin(dir: &Path, listen: SocketAddr, program: &[String]) -> Option<Self> {
        std::fs::create_dir_all(dir).ok()?;
        let log = File::options().create(true).append(true).open(Self::log_of(dir)).ok()?;
        let mut command = match program.split_first() {
            Some((program, words)) => {
                let mut command = Command::new(program);
                command.args(words).arg(wakuncar());
                command
            }
            None => Command::new(wakuncar()),
        };
        command.args(["relay", "serve", "--listen", &listen.to_string(), "--data"]).arg(dir.join("data"));
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().ok()?;
        let mut stdout = BufReader::new(child.stdout.take()?);
        let mut first = String::new();
        let read = stdout.read_line(&mut first);
        let said: Option<serde_json::Value> = read.ok().and_then(|_| serde_json::from_str(&first).ok());
        let Some(said) = said else {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        };
        let address = said["url"].as_str()?.strip_prefix("https://")?.parse().ok()?;
        let pin = said["pin"].as_str()?.to_owned();
        let started_by = program.to_owned();
        Some(Self { dir: dir.to_owned(), started_by, address, pin, child: Some((child, stdout)), printed: first })
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        if let Some((mut child, mut stdout)) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            let _ = stdout.read_to_string(&mut self.printed);
        }
    }

    /// Starts it again with the same data on the same port.
    ///
    /// # Panics
    /// When it does not start within ten seconds, or shows another key.
    #[expect(clippy::panic, reason = "a scene without its relay cannot run")]
    pub fn restart(&mut self) {
        self.kill();
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            // Somebody else on this machine may hold the port for a moment.
            if let Some(mut again) = Self::begin(&self.dir, self.address, &self.started_by) {
                assert_eq!((again.address, &again.pin), (self.address, &self.pin));
                self.child = again.child.take();
                return;
            }
        }
        panic!("the relay does not start again: {}", self.said());
    }

    /// `https://host:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The pin of its certificate.
    #[must_use]
    pub fn pin(&self) -> &str {
        &self.pin
    }

    /// Its data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// What it has written to stdout until it was last killed, and to stderr in all its lives.
    #[must_use]
    pub fn said(&self) -> String {
        let mut said = self.printed.clone();
        // Nothing is said where there is no file.
        let _ = File::open(Self::log_of(&self.dir)).and_then(|mut log| log.read_to_string(&mut said));
        said
    }

    fn log_of(dir: &Path) -> PathBuf {
        dir.join("stderr.txt")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.kill();
    }
}
