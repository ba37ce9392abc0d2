//! The relay inside another program: the office's own, on its network, for its kelurahan and no other.
//!
//! It forwards nothing by itself: it has no key and belongs to nobody. The program that runs it is a device of the office,
//! which syncs with it as with the relay on the internet and brings to each what it lacks.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::runtime::{Builder, Runtime};
use wakuncar_wire::SpaceId;

use crate::serve::{Config, Relay};
use crate::{Error, Limits};

/// Threads that answer. An office has some dozens of phones, and the machine has other work.
const THREADS: usize = 2;

/// A relay that answers until it is dropped.
pub struct Hub {
    space: SpaceId,
    relay: Option<Relay>,
    runtime: Runtime,
    /// Held as long as the hub lives: two on one file would not know of each other.
    _lock: File,
}

impl Hub {
    /// The file in its folder that is locked while it runs.
    const LOCK: &str = "kunci-proses";

    /// Whether one runs on a folder, in any program.
    pub fn runs_on(data: &Path) -> bool {
        File::open(data.join(Self::LOCK)).is_ok_and(|lock| lock.try_lock().is_err())
    }

    /// Opens the file in a folder, or makes it, and listens.
    ///
    /// # Errors
    /// [`Error`].
    pub fn start(data: PathBuf, listen: SocketAddr, space: [u8; 16]) -> Result<Self, Error> {
        let space = SpaceId::from_bytes(space);
        let io = |what| move |error| Error::Io { what, error };
        std::fs::create_dir_all(&data).map_err(io("data folder"))?;
        let lock = File::create(data.join(Self::LOCK)).map_err(io("data folder"))?;
        lock.try_lock().map_err(|error| Error::Io { what: "another hub", error: error.into() })?;
        let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
        let runtime = runtime.map_err(io("threads"))?;
        // Its own office fills a new one in one go, and phones that carry for their neighbours bring theirs.
        let limits = Limits {
            spaces: 1,
            seat_mib: 64 * 1024,
            seat_entries: u32::MAX,
            seat_control: u32::MAX,
            device_mib: 512,
            device_entries: 100_000,
            ..Limits::default()
        };
        let config = Config { limits, only: Some(space), ..Config::new(data, listen) };
        let relay = runtime.block_on(Relay::start(config))?;
        Ok(Self { space, relay: Some(relay), runtime, _lock: lock })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.relay.as_ref().map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), Relay::address)
    }

    /// BLAKE3-128 of its TLS key, and the key of its receipts.
    pub fn keys(&self) -> ([u8; 16], [u8; 32]) {
        self.relay.as_ref().map_or(([0; 16], [0; 32]), Relay::keys)
    }

    /// A number that grows with every entry that arrives.
    pub fn arrivals(&self) -> u64 {
        self.relay.as_ref().map_or(0, |relay| relay.newest(self.space))
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        if let Some(relay) = self.relay.take() {
            self.runtime.block_on(relay.stop());
        }
    }
}
