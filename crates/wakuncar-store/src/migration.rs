//! Schema versions. A migration is never edited once released; before one runs on a file with data, a copy of
//! the file is kept beside it until the migration is on the disk.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::Error;

/// Every migration in order; the version of a file is how many have run.
pub(crate) const ALL: [&str; 6] = [
    include_str!("../migrations/0001_awal.sql"),
    include_str!("../migrations/0002_log.sql"),
    include_str!("../migrations/0003_daftar.sql"),
    include_str!("../migrations/0004_hitungan_log.sql"),
    include_str!("../migrations/0020_jalur.sql"),
    include_str!("../migrations/0021_takaran.sql"),
];

#[expect(clippy::cast_possible_truncation, reason = "a handful of migrations")]
const KNOWN: u32 = ALL.len() as u32;

/// Brings the file to the newest version, each migration in a transaction of its own.
pub(crate) fn run(connection: &mut Connection, file: Option<&Path>) -> Result<(), Error> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > KNOWN {
        return Err(Error::NewerSchema { found, known: KNOWN });
    }
    let todo = &ALL[found as usize..];
    let copy = file.filter(|_| found > 0).map(|file| file.with_extension("sebelum-pembaruan"));
    if let Some(copy) = &copy {
        // The electricity may have gone between the last migration and the end of its copy: what is erased from the file
        // must not live on there.
        let _ = std::fs::remove_file(copy);
    }
    if todo.is_empty() {
        return Ok(());
    }
    if let Some(copy) = &copy {
        // A copy made by the database itself is whole, whatever stands in the write-ahead log, and sealed
        // with the same key.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    fn schema(connection: &Connection) -> Vec<String> {
        let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|sql| sql.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_file_of_any_version_becomes_what_a_new_one_is() {
        let fresh = crate::Store::in_memory().unwrap();
        for version in 0..=ALL.len() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("wakuncar.db");
            let key = || Key::new([7; 32]);
            {
                let connection = Connection::open(&path).unwrap();
                connection.execute_batch(&key().pragma()).unwrap();
                for sql in &ALL[..version] {
                    connection.execute_batch(sql).unwrap();
                }
                if version > 0 {
                    connection.execute("INSERT INTO setting (name, value) VALUES ('a', x'01')", []).unwrap();
                }
                connection.pragma_update(None, "user_version", u32::try_from(version).unwrap()).unwrap();
            }
            // The electricity went before the copy of an earlier update was taken away.
            std::fs::write(path.with_extension("sebelum-pembaruan"), b"sisa").unwrap();
            let store = crate::Store::open(&path, &key()).unwrap();
            assert_eq!(schema(&store.connection), schema(&fresh.connection), "from version {version}");
            assert_eq!(store.setting("a").unwrap(), (version > 0).then(|| vec![1]));
            assert_eq!(path.with_extension("sebelum-pembaruan").exists(), version == 0, "a new file has none");
        }
    }

    #[test]
    fn the_one_relay_of_before_is_the_first_of_several() {
        let mut connection = Connection::open_in_memory().unwrap();
        for sql in &ALL[..3] {
            connection.execute_batch(sql).unwrap();
        }
        connection.pragma_update(None, "user_version", 3).unwrap();
        let relay = [[0xab; 16].as_slice(), b"https://relay.invalid"].concat();
        for (name, value) in [("relay", relay), ("kursor", vec![1, 2]), ("kunci_relay", vec![3; 32])] {
            connection.execute("INSERT INTO setting (name, value) VALUES (?1, ?2)", (name, value)).unwrap();
        }
        connection.execute("INSERT INTO secret (name, value) VALUES ('sesi', x'05')", []).unwrap();
        for (id, stored_at) in [([1; 32], Some(7)), ([2; 32], None)] {
            let sql = "INSERT INTO entry (entry_id, coll, author, beat, seq, control, bytes, applied, stored_at)
                       VALUES (?1, x'00', x'00', 0, ?2, 0, x'', 1, ?3)";
            connection.execute(sql, (id, id[0], stored_at)).unwrap();
        }
        run(&mut connection, None).unwrap();
        let store = crate::Store { connection };
        let remote = store.remotes().unwrap().remove(0);
        assert_eq!((remote.pin, remote.url.as_str(), remote.lan), ([0xab; 16], "https://relay.invalid", false));
        assert_eq!((remote.cursor, remote.receipt_pk, remote.surveyed), (vec![1, 2], vec![3; 32], false));
        let token = store.secret(&format!("sesi/{}", "ab".repeat(16))).unwrap();
        assert_eq!(token.unwrap().as_slice(), [5]);
        let sql = "SELECT COUNT(*) FROM receipt WHERE entry_id = ?1 AND at = 7";
        assert_eq!(store.connection.query_row(sql, [[1; 32]], |row| row.get(0)), Ok(1));
        assert_eq!(store.setting("relay").unwrap(), None);
    }
}
