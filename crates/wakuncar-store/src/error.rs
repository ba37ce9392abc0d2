//! What can go wrong with the file.

use thiserror::Error;

/// A store that cannot be opened, read or written. Nothing acknowledged before is lost by any of them.
#[derive(Debug, Error)]
pub enum Error {
    /// The key does not open the file, or the file is damaged from its first page on.
    #[error("the key does not open the database, or it is damaged")]
    WrongKey,
    /// Made by a newer version of the program.
    #[error("the database is of version {found}, this program knows up to {known}; update the program")]
    NewerSchema {
        /// Version of the file.
        found: u32,
        /// Newest version known here.
        known: u32,
    },
    /// The disk, or the quota of the file, is full.
    #[error("the disk is full; what was saved before is safe; free some space and repeat")]
    DiskFull,
    /// Another process holds the file.
    #[error("the database is in use by another program")]
    Busy,
    /// A page or index is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Built without encryption; opens no data.
    #[error("this build has no cipher and opens no data")]
    NoCipher,
    /// A stored row that cannot be read; rebuilding the rows mends it.
    #[error("a stored row cannot be read: {0}")]
    Row(String),
    /// Anything else that SQLite reports.
    #[error("sqlite: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        // The log's index beside the file could not grow: what stops it is a disk without a page left.
        if error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Error::DiskFull;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Error::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy,
            Some(ErrorCode::NotADatabase) => Error::WrongKey,
            Some(ErrorCode::DatabaseCorrupt) => Error::Damaged(error.to_string()),
            _ => Error::Sqlite(error),
        }
    }
}
