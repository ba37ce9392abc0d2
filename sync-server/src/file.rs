//! The relay's SQLite file: opening, migrations, and the jump in the arrival numbers at each start.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use crate::Error;
use crate::book::number;

/// How long one connection waits for another.
const BUSY: Duration = Duration::from_secs(5);

const MIGRATIONS: [&str; 4] = [
    include_str!("0001_awal.sql"),
    include_str!("0002_lompatan.sql"),
    include_str!("0003_serangan.sql"),
    include_str!("0004_pembaca.sql"),
];

/// The connection that writes, and what the relay is.
pub(crate) struct File {
    pub(crate) connection: Connection,
    pub(crate) epoch: [u8; 16],
    pub(crate) receipt_key: SigningKey,
    path: PathBuf,
}

impl File {
    /// Opens the file or makes it. `random` becomes epoch and receipt key of a new one, and the length of the jump in the
    /// arrival numbers of one that was there.
    pub(crate) fn open(path: &Path, random: &[u8; 48]) -> Result<Self, Error> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
        )?;
        migrate(&mut connection, random)?;
        jump(&mut connection, random)?;
        let value = |name: &str| -> Result<Vec<u8>, rusqlite::Error> {
            connection.query_row("SELECT value FROM relay WHERE name = ?1", [name], |row| row.get(0))
        };
        let epoch = value("epoch")?.try_into().map_err(|_| Error::Damaged)?;
        let receipt_key: [u8; 32] = value("receipt_key")?.try_into().map_err(|_| Error::Damaged)?;
        let receipt_key = SigningKey::from_bytes(&receipt_key);
        Ok(Self { connection, epoch, receipt_key, path: path.to_owned() })
    }

    /// A value of the relay's own, made once.
    pub(crate) fn own_or(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>, Error>) -> Result<Vec<u8>, Error> {
        let found = self.connection.query_row("SELECT value FROM relay WHERE name = ?1", [name], |row| row.get(0));
        if let Some(value) = found.optional()? {
            return Ok(value);
        }
        let value = make()?;
        self.connection.execute("INSERT INTO relay (name, value) VALUES (?1, ?2)", params![name, value])?;
        Ok(value)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Another connection, which only reads.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Begins another life of a relay's file: every device is asked for all that it holds and fills the relay again. For an
/// operator who has mended a damaged file by hand; a file that was put back from a copy needs it not ([`jump`]).
pub(crate) fn renew(path: &Path, epoch: [u8; 16]) -> Result<(), Error> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(BUSY)?;
    connection.execute("UPDATE relay SET value = ?1 WHERE name = 'epoch'", [epoch])?;
    Ok(())
}

fn migrate(connection: &mut Connection, random: &[u8; 48]) -> Result<(), Error> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Err(Error::Later);
    }
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        tx.execute_batch(sql)?;
        if at == 0 {
            tx.execute("INSERT INTO relay (name, value) VALUES ('epoch', ?1)", [&random[..16]])?;
            tx.execute("INSERT INTO relay (name, value) VALUES ('receipt_key', ?1)", [&random[16..]])?;
        }
        tx.pragma_update(None, "user_version", number(at as u64 + 1))?;
        tx.commit()?;
    }
    Ok(())
}

/// Leaves out a stretch of arrival numbers of chance length (1 to 2^40) in every kelurahan.
///
/// A cursor that lies in it is of a life that a copy put back has undone, and its holder is asked for what it holds.
/// That does what a new epoch would (PROTOCOL §2.10), without anybody having to say that a copy was put back, and devices
/// whose cursors are good notice nothing.
fn jump(connection: &mut Connection, random: &[u8; 48]) -> Result<(), Error> {
    let [a, b, c, d, e, ..] = *random;
    let length = i64::from_be_bytes([0, 0, 0, a, b, c, d, e]) + 1;
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute(
        "INSERT INTO jump (space_id, skipped, resumed) SELECT space_id, next_rseq, next_rseq + ?1 FROM space",
        [length],
    )?;
    tx.execute("UPDATE space SET next_rseq = next_rseq + ?1", [length])?;
    Ok(tx.commit()?)
}
