//! Starting and stopping a relay.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use ed25519_dalek::SigningKey;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use wakuncar_wire::SpaceId;

use crate::file::{self, File};
use crate::gate::Gate;
use crate::intake::Memory;
use crate::readers::Readers;
use crate::room::{Room, Rooms};
use crate::session::{Challenges, Sessions};
use crate::writer::Writer;
use crate::{Error, Limits, clock, connection, route, tls};

/// The relay's file in its folder.
pub(crate) const FILE: &str = "relay.sqlite";

/// How a relay runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of its file.
    pub data: PathBuf,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What it takes from how many.
    pub limits: Limits,
    /// The only kelurahan that it takes in, for one that runs at its office; `None` takes in any.
    pub only: Option<SpaceId>,
}

impl Config {
    /// A relay on that folder with the limits of the protocol.
    pub fn new(data: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self { data: data.into(), listen, limits: Limits::default(), only: None }
    }
}

/// What the handlers share.
pub(crate) struct Desk {
    pub(crate) writer: Writer,
    pub(crate) readers: Arc<Readers>,
    pub(crate) rooms: Arc<Rooms>,
    pub(crate) sessions: Sessions,
    pub(crate) gate: Gate,
    pub(crate) challenges: Mutex<Challenges>,
    /// Requests that are worked on.
    pub(crate) line: Semaphore,
    pub(crate) memory: Memory,
    pub(crate) limits: Limits,
    pub(crate) only: Option<SpaceId>,
    pub(crate) pin: [u8; 16],
    pub(crate) epoch: [u8; 16],
    pub(crate) receipt_key: SigningKey,
    begun: Instant,
}

impl Desk {
    /// Milliseconds since the relay began.
    pub(crate) fn ms(&self) -> u64 {
        #[cfg(feature = "simulasi")]
        if let Some(now) = crate::simulasi::now() {
            return now.saturating_mul(1000);
        }
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A kelurahan; `None` if nobody brought it here.
    pub(crate) async fn room(&self, space: SpaceId) -> Result<Option<Arc<Room>>, Error> {
        if let Some(room) = self.rooms.get(space) {
            return Ok(Some(room));
        }
        if !self.rooms.exists(space) {
            return Ok(None);
        }
        self.writer.write(move |books| books.book(space).map(|_| ())).await?;
        Ok(self.rooms.get(space))
    }
}

/// A relay that runs until it is stopped or dropped.
pub struct Relay {
    address: SocketAddr,
    pin: [u8; 16],
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    writing: thread::JoinHandle<()>,
    rooms: Arc<Rooms>,
    receipt_pk: [u8; 32],
}

impl Relay {
    /// Opens the file, makes what a new relay needs, and listens. Runs on the caller's tokio runtime.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn start(config: Config) -> Result<Self, Error> {
        let io = |what| move |error| Error::Io { what, error };
        let Config { data, listen, limits, only } = config;
        std::fs::create_dir_all(&data).map_err(io("data folder"))?;
        let file = File::open(&data.join(FILE), &random()?)?;
        let (tls, pin) = tls::identity(&file)?;
        let tcp = TcpListener::bind(listen).await.map_err(io("listen"))?;
        let address = tcp.local_addr().map_err(io("listen"))?;
        let (desk, writing) = desk(file, pin, limits.clone(), only)?;
        let (rooms, receipt_pk) = (desk.rooms.clone(), desk.receipt_key.verifying_key().to_bytes());
        let (stop, stopped) = watch::channel(false);
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let router = route::router(Arc::new(desk));
        let serving = tokio::spawn(connection::serve(tcp, acceptor, router, limits, stopped));
        Ok(Self { address, pin, stop, serving, writing, rooms, receipt_pk })
    }

    /// Begins another life of the file in a folder on which no relay runs: every device is asked for all that it holds and
    /// fills the relay again. For an operator who has mended a damaged file by hand; a file that was put back from a copy
    /// needs it not.
    ///
    /// # Errors
    /// [`Error`].
    pub fn renew(data: &Path) -> Result<(), Error> {
        file::renew(&data.join(FILE), random()?)
    }

    /// Where it is reached.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// BLAKE3-128 of its TLS key, 32 hexadecimal digits: callers take no other key.
    pub fn pin(&self) -> String {
        self.pin.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The pin as bytes, and the key of its receipts.
    pub(crate) fn keys(&self) -> ([u8; 16], [u8; 32]) {
        (self.pin, self.receipt_pk)
    }

    /// The last arrival number of a kelurahan; 0 before anything of it was asked for or brought.
    pub(crate) fn newest(&self, space: SpaceId) -> u64 {
        self.rooms.get(space).map_or(0, |room| room.newest())
    }

    /// Answers what is under way, then ends and closes its file.
    pub async fn stop(self) {
        // Nobody listens any more only if it has ended already.
        let _ = self.stop.send(true);
        let _ = self.serving.await;
        let writing = self.writing;
        // A writer that panicked has nothing more to write.
        let _ = tokio::task::spawn_blocking(move || writing.join()).await;
    }

    /// Runs for ever.
    pub async fn wait(self) {
        // The sender stays alive in `self` until serving ends.
        let Self { serving, stop, .. } = self;
        let _ = serving.await;
        drop(stop);
    }
}

fn desk(
    file: File,
    pin: [u8; 16],
    limits: Limits,
    only: Option<SpaceId>,
) -> Result<(Desk, thread::JoinHandle<()>), Error> {
    let (parts, rooms) = Parts::read(&file, pin, only)?;
    let (writer, writing) = Writer::start(file.connection, rooms, limits.clone())?;
    Ok((parts.desk(writer, limits)?, writing))
}

/// One that does everything at once and starts no thread.
#[cfg(feature = "simulasi")]
pub(crate) fn desk_here(file: File, pin: [u8; 16], limits: Limits) -> Result<Desk, Error> {
    let (parts, rooms) = Parts::read(&file, pin, None)?;
    let writer = Writer::here(file.connection, rooms, limits.clone());
    parts.desk(writer, limits)
}

/// What a desk has besides the writer, to whom the file goes.
struct Parts {
    rooms: Arc<Rooms>,
    gate: Gate,
    sessions: Sessions,
    readers: Arc<Readers>,
    only: Option<SpaceId>,
    pin: [u8; 16],
    epoch: [u8; 16],
    receipt_key: SigningKey,
}

impl Parts {
    fn read(file: &File, pin: [u8; 16], only: Option<SpaceId>) -> Result<(Self, Arc<Rooms>), Error> {
        let names = {
            let mut statement = file.connection.prepare("SELECT space_id FROM space")?;
            let rows = statement.query_map([], |row| Ok(SpaceId::from_bytes(row.get(0)?)))?;
            rows.collect::<Result<HashSet<_>, _>>()?
        };
        let rooms = Arc::new(Rooms::new(names));
        let gate = Gate::default();
        let sessions = Sessions::load(&file.connection, &gate, clock::now())?;
        let readers = Arc::new(Readers::new(file.path().to_owned()));
        let (epoch, receipt_key) = (file.epoch, file.receipt_key.clone());
        Ok((Self { rooms: rooms.clone(), gate, sessions, readers, only, pin, epoch, receipt_key }, rooms))
    }

    fn desk(self, writer: Writer, limits: Limits) -> Result<Desk, Error> {
        let Self { rooms, gate, sessions, readers, only, pin, epoch, receipt_key } = self;
        Ok(Desk {
            writer,
            readers,
            rooms,
            sessions,
            gate,
            challenges: Mutex::new(Challenges::new(random()?)),
            line: Semaphore::new(limits.at_once as usize),
            memory: Memory::new(),
            limits,
            only,
            pin,
            epoch,
            receipt_key,
            begun: Instant::now(),
        })
    }
}

/// Fresh random bytes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    #[cfg(feature = "simulasi")]
    if crate::simulasi::roll(&mut bytes) {
        return Ok(bytes);
    }
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(bytes)
}
