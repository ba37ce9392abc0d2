//! Starting and stopping a relay.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::ledger::Ledger;
use crate::session::Challenges;
use crate::tls::{self, TlsListener};
use crate::{Error, route};

/// How a relay runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of its file.
    pub data: PathBuf,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Most kelurahan that it takes in.
    pub max_spaces: u32,
}

/// What the handlers share.
pub(crate) struct Desk {
    pub(crate) ledger: Mutex<Ledger>,
    pub(crate) challenges: Mutex<Challenges>,
    pub(crate) pin: [u8; 16],
    pub(crate) max_spaces: u32,
}

/// A relay that runs until it is stopped or dropped.
pub struct Relay {
    address: SocketAddr,
    pin: [u8; 16],
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Relay {
    /// Opens the file, makes what a new relay needs, and listens. Runs on the caller's tokio runtime.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn start(config: Config) -> Result<Self, Error> {
        let io = |what| move |error| Error::Io { what, error };
        std::fs::create_dir_all(&config.data).map_err(io("data folder"))?;
        let ledger = Ledger::open(&config.data.join("relay.sqlite"), &random()?)?;
        let (tls, pin) = tls::identity(&ledger)?;
        let tcp = TcpListener::bind(config.listen).await.map_err(io("listen"))?;
        let address = tcp.local_addr().map_err(io("listen"))?;
        let desk = Desk {
            ledger: Mutex::new(ledger),
            challenges: Mutex::new(Challenges::new(random()?)),
            pin,
            max_spaces: config.max_spaces,
        };
        let (stop, mut stopped) = watch::channel(false);
        let listener = TlsListener::new(tcp, address, tls);
        let router = route::router(Arc::new(desk));
        let serving = tokio::spawn(async move {
            let until = async move {
                // Stopped, or the handle was dropped.
                let _ = stopped.changed().await;
            };
            // Serving ends only by `until`.
            let _ = axum::serve(listener, router).with_graceful_shutdown(until).await;
        });
        Ok(Self { address, pin, stop, serving })
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// BLAKE3-128 of its TLS key, 32 hexadecimal digits: callers take no other key.
    pub fn pin(&self) -> String {
        self.pin.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Answers what is under way, then ends.
    pub async fn stop(self) {
        // Nobody listens any more only if it has ended already.
        let _ = self.stop.send(true);
        let _ = self.serving.await;
    }

    /// Runs for ever.
    pub async fn wait(self) {
        // The sender stays alive in `self` until serving ends.
        let Self { serving, stop, .. } = self;
        let _ = serving.await;
        drop(stop);
    }
}

/// Fresh random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(bytes)
}
