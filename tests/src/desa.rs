//! A village on one machine: a relay, the office, cadres.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Hp, Relay};

/// A kelurahan for practice with its relay and its office.
#[derive(Debug)]
pub struct Desa {
    dir: TempDir,
    /// The relay.
    pub relay: Relay,
    /// The device of the coordinator.
    pub kantor: Hp,
    /// What lies in the envelope.
    pub kode_pemulihan: String,
}

impl Desa {
    /// A new kelurahan.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a scene without its village cannot run")]
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let relay = Relay::start(&dir.path().join("relay"));
        let (url, pin) = (relay.url(), relay.pin().to_owned());
        let kantor = Hp::new(&dir.path().join("kantor"));
        let buat = ["kelurahan", "buat", "--kode", "18.72.05.1001", "--nama", "Contoh", "--latihan"];
        let baru = kantor.json(&[&buat[..], &["--relay", &url, "--pin", &pin]].concat());
        let kode_pemulihan = baru["kode_pemulihan"].as_str().unwrap_or_default().to_owned();
        Self { kantor, relay, dir, kode_pemulihan }
    }

    /// A folder or file of this village.
    #[must_use]
    pub fn path(&self, nama: &str) -> PathBuf {
        self.dir.path().join(nama)
    }

    /// A device that belongs to nobody yet.
    #[must_use]
    pub fn hp_baru(&self, nama: &str) -> Hp {
        Hp::new(&self.path(nama))
    }

    /// An invitation by the office, as it was printed.
    #[must_use]
    pub fn undang(&self, nama: &str, dasawisma: &[&str]) -> Value {
        let mut args = vec!["undang", "--nama", nama];
        args.extend(dasawisma.iter().flat_map(|satu| ["--dasawisma", *satu]));
        self.kantor.json(&args)
    }

    /// The one device that waits to be confirmed, confirmed.
    ///
    /// # Panics
    /// When none waits.
    pub fn sahkan(&self) {
        self.kantor.sahkan();
    }

    /// A device of another role, as [`kader`](Self::kader).
    #[must_use]
    pub fn anggota(&self, nama: &str, args: &[&str]) -> Hp {
        let undangan = self.kantor.json(&[&["undang", "--nama", nama], args].concat());
        let hp = self.hp_baru(nama);
        let _ = hp.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap_or_default()]);
        self.sahkan();
        let _ = hp.json(&["sinkron"]);
        hp
    }

    /// A cadre who was invited, has joined, was confirmed and has everything of hers.
    #[must_use]
    pub fn kader(&self, nama: &str, dasawisma: &[&str]) -> Hp {
        let undangan = self.undang(nama, dasawisma);
        let hp = self.hp_baru(nama);
        let _ = hp.json(&["gabung", "--kode", undangan["kode"].as_str().unwrap_or_default()]);
        self.sahkan();
        let _ = hp.json(&["sinkron"]);
        hp
    }
}

impl Default for Desa {
    fn default() -> Self {
        Self::new()
    }
}

/// Moments of death, spread over the life of a command without a pattern.
pub fn moments(highest_us: u64) -> impl Iterator<Item = Duration> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_micros((state >> 33) % highest_us)
    })
}
