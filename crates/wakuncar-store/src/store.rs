//! Opening the file, and the one way to write to it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

use crate::{Error, Write, migration};

/// The raw 256-bit key of the file. Not shown by `Debug`, wiped when dropped.
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// From 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut sql = Zeroizing::new(String::with_capacity(90));
        sql.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            for digit in [byte >> 4, byte & 15] {
                sql.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
            }
        }
        sql.push_str("'\"");
        sql
    }
}

/// The device's database.
pub struct Store {
    pub(crate) connection: Connection,
}

impl Store {
    /// Opens the file, or makes it, and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::WrongKey`], [`Error::NewerSchema`], [`Error::NoCipher`], [`Error::Busy`], [`Error::DiskFull`].
    pub fn open(path: &Path, key: &Key) -> Result<Self, Error> {
        let opened = Connection::open(path).map_err(Error::from);
        let opened = opened.and_then(|connection| Self::prepare(connection, key, Some(path)));
        opened.map_err(|error| match error {
            // A file that could not be made is only "not opened" to SQLite.
            Error::Sqlite(_) if is_full(path) => Error::DiskFull,
            error => error,
        })
    }

    /// An encrypted database that lives in memory only: for `periksa`'s scratch and for tests.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn in_memory() -> Result<Self, Error> {
        Self::prepare(Connection::open_in_memory()?, &Key::new([1; 32]), None)
    }

    fn prepare(mut connection: Connection, key: &Key, path: Option<&Path>) -> Result<Self, Error> {
        connection.busy_timeout(Duration::from_secs(2))?;
        connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
        connection.execute_batch(&key.pragma())?;
        let cipher: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
        if cipher.is_none_or(|version| version.is_empty()) {
            return Err(Error::NoCipher);
        }
        connection.execute_batch(
            "PRAGMA cipher_memory_security = OFF;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -8192;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = FAST;",
        )?;
        // The first page is read here: a wrong key shows now.
        connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        migration::run(&mut connection, path)?;
        Ok(Self { connection })
    }

    /// Runs `work` as one transaction: all of it is on the disk when this returns `Ok`, or nothing is written.
    ///
    /// # Errors
    /// Whatever `work` returns, or [`Error`] of the commit.
    pub fn write<T, E: From<Error>>(&mut self, work: impl FnOnce(&Write<'_>) -> Result<T, E>) -> Result<T, E> {
        #[cfg(feature = "simulasi")]
        crate::simulasi::before_write()?;
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from)?;
        let write = Write::new(&tx);
        let done = work(&write)?;
        #[cfg(feature = "simulasi")]
        crate::simulasi::before_commit();
        tx.commit().map_err(Error::from)?;
        #[cfg(feature = "simulasi")]
        crate::simulasi::after_commit();
        Ok(done)
    }

    /// What SQLite and SQLCipher find wrong in the file; empty if nothing.
    ///
    /// # Errors
    /// [`Error`] when the check cannot run.
    pub fn integrity(&self) -> Result<Vec<String>, Error> {
        let mut wrong = Vec::new();
        // SQLCipher's check looks at the file alone. A page that a power cut tore while it was brought over from the
        // write-ahead log is whole there: it is brought over again first. Where that does not go the check says why.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        for sql in ["PRAGMA cipher_integrity_check", "PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
            let mut statement = self.connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let text = row.get::<_, String>(0).unwrap_or_else(|_| sql.to_owned());
                if text != "ok" {
                    wrong.push(text);
                }
            }
        }
        Ok(wrong)
    }

    /// Bounds the size of the file in pages of 4 KiB; a write past it is [`Error::DiskFull`].
    ///
    /// # Errors
    /// [`Error`].
    pub fn limit_pages(&self, pages: u32) -> Result<(), Error> {
        Ok(self.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
    }
}

/// Whether nothing more can be made beside that file.
fn is_full(path: &Path) -> bool {
    let probe = path.with_extension("ruang");
    let made = std::fs::write(&probe, [0; 4096]);
    // It may not have come into being.
    let _ = std::fs::remove_file(&probe);
    made.is_err_and(|error| error.kind() == std::io::ErrorKind::StorageFull)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_torn_on_its_way_out_of_the_write_ahead_log_is_no_damage() {
        let dir = tempfile::tempdir().unwrap();
        let (path, copy) = (dir.path().join("a.db"), dir.path().join("b.db"));
        let key = || Key::new([7; 32]);
        let mut store = Store::open(&path, &key()).unwrap();
        store.write::<_, Error>(|tx| tx.set_setting("a", &[1])).unwrap();
        // The log holds every page; of the first one, half has reached the file when the electricity goes.
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[1024..2048].fill(0);
        std::fs::write(&copy, bytes).unwrap();
        std::fs::copy(path.with_extension("db-wal"), copy.with_extension("db-wal")).unwrap();
        let store = Store::open(&copy, &key()).unwrap();
        assert_eq!(store.integrity().unwrap(), Vec::<String>::new());
        assert_eq!(store.setting("a").unwrap(), Some(vec![1]));
    }
}
