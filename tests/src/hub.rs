//! The office's hub as a process on the office's data folder.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;

use crate::Hp;

/// A hub that runs until it is dropped.
#[derive(Debug)]
pub struct Hub {
    child: Child,
    stdout: BufReader<ChildStdout>,
    said: Value,
}

impl Hub {
    /// Starts the hub of that device; what else is typed comes in `args`.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a scene without its hub cannot run")]
    pub fn start(kantor: &Hp, args: &[&str]) -> Self {
        let mut command = kantor.command(&[&["hub", "--jeda", "1"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a hub starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("it prints"));
        let mut first = String::new();
        let _ = stdout.read_line(&mut first);
        let said = serde_json::from_str(&first).expect("the first line says where it is");
        Self { child, stdout, said }
    }

    /// Starts it at an address of this process alone, without a beacon.
    #[must_use]
    pub fn alone(kantor: &Hp) -> Self {
        let [_, high, middle, low] = std::process::id().to_be_bytes();
        let listen = SocketAddr::from(([127, 64 | high & 63, middle, low], 0));
        Self::start(kantor, &["--tanpa-suar", "--listen", &listen.to_string()])
    }

    /// A text of its first line: `url`, `pin`, `kode`.
    #[must_use]
    pub fn teks(&self, kunci: &str) -> &str {
        self.said[kunci].as_str().unwrap_or_default()
    }

    /// Whether it shows a beacon.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.said["suar"] == true
    }

    /// Host and port.
    #[must_use]
    pub fn alamat(&self) -> &str {
        self.teks("url").trim_start_matches("https://")
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.stdout.read_to_end(&mut Vec::new());
    }
}
