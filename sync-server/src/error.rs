//! What keeps a relay from running, or from answering.

use thiserror::Error;

/// What keeps a relay from running, or from answering.
#[derive(Debug, Error)]
pub enum Error {
    /// The folder or the socket.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why not.
        error: std::io::Error,
    },
    /// The database: a full or damaged disk. Nothing is acknowledged then.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The certificate could not be made or read.
    #[error("certificate: {0}")]
    Certificate(String),
    /// The machine gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(String),
    /// Bytes in the database that the relay did not write.
    #[error("damaged entry in the database")]
    Damaged,
}
