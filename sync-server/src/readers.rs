//! Connections that only read: each answers out of the last commit, beside the one that writes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::Error;
use crate::file::open_reader;
use crate::gate::locked;

/// Reads at once. The file lies on one disk, and processors of a small machine are few.
const AT_ONCE: usize = 4;

/// A few connections, opened when they are first needed.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    free: Semaphore,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default(), free: Semaphore::new(AT_ONCE) }
    }

    /// Reads aside from the sockets.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.free.acquire().await.map_err(|_| Error::Stopped)?;
        let own = self.clone();
        let done = aside(move || {
            let idle = locked(&own.idle).pop();
            let mut connection = match idle {
                Some(connection) => connection,
                None => open_reader(&own.path)?,
            };
            let done = work(&mut connection);
            locked(&own.idle).push(connection);
            done
        });
        done.await?
    }
}

/// Does what takes long aside from the sockets.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    #[cfg(feature = "simulasi")]
    if crate::simulasi::is_running() {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopped)
}
