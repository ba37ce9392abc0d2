//! Schema versions. A migration is never edited once released; before one runs on a file with data, a copy of
//! the file is kept beside it until the migration is on the disk.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// Every migration in order; the version of a file is how many have run.
pub(crate) const ALL: [&str; 1] = [include_str!("../migrations/0001_awal.sql")];

#[expect(clippy::cast_possible_truncation, reason = "a handful of migrations")]
const KNOWN: u32 = ALL.len() as u32;

/// Brings the file to the newest version, each migration in a transaction of its own.
pub(crate) fn run(connection: &mut Connection, file: Option<&Path>) -> Result<(), Error> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > KNOWN {
        return Err(Error::NewerSchema { found, known: KNOWN });
    }
    let todo = &ALL[found as usize..];
    if todo.is_empty() {
        return Ok(());
    }
    let copy = file.filter(|_| found > 0).map(|file| file.with_extension("sebelum-pembaruan"));
    if let Some(copy) = &copy {
        // A copy made by the database itself is whole, whatever stands in the write-ahead log, and sealed
        // with the same key.
        let _ = std::fs::remove_file(copy);
        connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
    }
    for (sql, version) in todo.iter().zip(found + 1..) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", version)?;
        tx.commit()?;
    }
    if let Some(copy) = copy {
        let _ = std::fs::remove_file(copy);
    }
    Ok(())
}
