//! What keeps a relay from running, or from answering.

use rusqlite::ErrorCode;
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
    /// The disk is full. Nothing is acknowledged then; devices keep what they have and ask again.
    #[error("disk_full: nothing more can be stored; make room on the relay's disk")]
    DiskFull,
    /// The database, e.g. a damaged disk. Nothing is acknowledged then.
    #[error("database: {0}")]
    Database(rusqlite::Error),
    /// The certificate could not be made or read.
    #[error("certificate: {0}")]
    Certificate(String),
    /// The machine gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(String),
    /// Bytes in the database that the relay did not write.
    #[error("damaged entry in the database")]
    Damaged,
    /// A file of a later version of the relay.
    #[error("the folder was written by a later version of the relay; update it")]
    Later,
    /// The relay is stopping, or what it was asked to do went wrong inside.
    #[error("the relay could not finish a request")]
    Stopped,
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Database(error),
        }
    }
}

/// Tells the operator on stderr: codes and counts, no id, no address.
#[expect(clippy::print_stderr, reason = "the operator's only screen")]
pub(crate) fn tell_operator(what: std::fmt::Arguments<'_>) {
    eprintln!("relay: {what}");
}
