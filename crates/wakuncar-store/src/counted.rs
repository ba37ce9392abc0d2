//! What of the log counts: what was applied and what is parked, forks and their branches, what was set aside.

use rusqlite::params;
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_wire::{CollId, DeviceId, Entry, EntryId};

use crate::log::entry_id;
use crate::{Error, Store, Write};

/// How far an entry has been taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Not: it waits, or it is parked.
    No,
    /// But for sections that were refused.
    Partly,
    /// All of it.
    Wholly,
}

impl Applied {
    fn number(self) -> i64 {
        match self {
            Applied::No => 0,
            Applied::Wholly => 1,
            Applied::Partly => 2,
        }
    }

    fn of(number: i64) -> Self {
        match number {
            1 => Applied::Wholly,
            2 => Applied::Partly,
            _ => Applied::No,
        }
    }
}

/// A sealed entry of a collection, as what counts is reckoned from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedEntry {
    /// Its id.
    pub id: EntryId,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it was applied.
    pub applied: Applied,
    /// The heads on which it rests as its batch names them, once it was opened.
    pub causal: Option<Vec<u8>>,
}

impl Store {
    /// The sealed entries of a collection in the order in which they came, branches too, beats left out.
    ///
    /// # Errors
    /// [`Error`].
    pub fn counted_entries(&self, coll: CollId) -> Result<Vec<CountedEntry>, Error> {
        let sql = "SELECT entry_id, bytes, applied, causal FROM entry
                   WHERE coll = ?1 AND beat = 0 AND NOT control ORDER BY entry_no";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([coll.as_bytes()], |row| {
            let applied = Applied::of(row.get(2)?);
            Ok(CountedEntry { id: entry_id(row, 0)?, bytes: row.get(1)?, applied, causal: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The collections into which a device has written.
    ///
    /// # Errors
    /// [`Error`].
    pub fn colls_of(&self, author: DeviceId) -> Result<Vec<CollId>, Error> {
        let sql = "SELECT DISTINCT coll FROM entry WHERE author = ?1 AND beat = 0 AND NOT control";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([author.as_bytes()], |row| Ok(CollId::from_bytes(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The logs that forked, each with the lowest number at which two entries stand.
    ///
    /// # Errors
    /// [`Error`].
    pub fn forks(&self) -> Result<Vec<(CollId, DeviceId, u64)>, Error> {
        let sql = "SELECT coll, author, MIN(seq) FROM entry WHERE branch = 1 GROUP BY coll, author";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let (coll, author) = (CollId::from_bytes(row.get(0)?), DeviceId::from_bytes(row.get(1)?));
            Ok((coll, author, row.get::<_, i64>(2)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many entries of a log are kept beside its chain.
    ///
    /// # Errors
    /// [`Error`].
    pub fn branch_count(&self, coll: CollId, author: DeviceId) -> Result<usize, Error> {
        let sql = "SELECT COUNT(*) FROM entry WHERE branch = 1 AND author = ?1 AND coll = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let count: i64 = statement.query_row(params![author.as_bytes(), coll.as_bytes()], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// An entry of a log by number and the beginning of its id, on the chain or a branch, and whether it was applied.
    ///
    /// # Errors
    /// [`Error`].
    pub fn entry_at(
        &self,
        coll: CollId,
        author: DeviceId,
        seq: u64,
        id8: [u8; 8],
    ) -> Result<Option<(EntryId, Applied)>, Error> {
        let sql = "SELECT entry_id, applied FROM entry
                   WHERE coll = ?1 AND author = ?2 AND beat = 0 AND seq = ?3 AND branch = ?4";
        let mut statement = self.connection.prepare_cached(sql)?;
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        for branch in [0, 1] {
            let mut rows = statement.query(params![coll.as_bytes(), author.as_bytes(), seq, branch])?;
            while let Some(row) = rows.next()? {
                let id = entry_id(row, 0)?;
                if id.prefix() == id8 {
                    return Ok(Some((id, Applied::of(row.get(1)?))));
                }
            }
        }
        Ok(None)
    }

    /// Whether an entry is held, on the chain or a branch.
    ///
    /// # Errors
    /// [`Error`].
    pub fn holds_entry(&self, id: EntryId) -> Result<bool, Error> {
        let mut statement = self.connection.prepare_cached("SELECT 1 FROM entry WHERE entry_id = ?1")?;
        Ok(statement.exists([id.as_bytes()])?)
    }

    /// The places in logs of entries of which a section was refused.
    ///
    /// # Errors
    /// [`Error`].
    pub fn partly_applied(&self) -> Result<Vec<(CollId, DeviceId, u64)>, Error> {
        let sql = "SELECT coll, author, seq FROM entry WHERE applied = 2 AND branch = 0 ORDER BY coll, author, seq";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let (coll, author) = (CollId::from_bytes(row.get(0)?), DeviceId::from_bytes(row.get(1)?));
            Ok((coll, author, row.get::<_, i64>(2)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Bytes and operations that an author has brought for a document in her log before a number. Along a log that forked
    /// those of all branches count.
    ///
    /// # Errors
    /// [`Error`].
    pub fn brought(
        &self,
        rumah: RumahId,
        koleksi: Koleksi,
        author: DeviceId,
        before: u64,
    ) -> Result<(u64, u64), Error> {
        let sql = "SELECT COALESCE(SUM(bytes), 0), COALESCE(SUM(ops), 0) FROM takaran
                   WHERE rumah = ?1 AND koleksi = ?2 AND author = ?3 AND seq < ?4";
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(sql)?;
        let row = params![rumah.as_bytes(), koleksi.nama(), author.as_bytes(), before];
        let number = |row: &rusqlite::Row<'_>, at| row.get::<_, i64>(at).map(i64::unsigned_abs);
        Ok(statement.query_row(row, |row| Ok((number(row, 0)?, number(row, 1)?)))?)
    }

    /// Entries that were set aside because they brought the app down.
    ///
    /// # Errors
    /// [`Error`].
    pub fn quarantined(&self) -> Result<Vec<EntryId>, Error> {
        let sql = "SELECT entry_id FROM entry WHERE quarantined IS NOT NULL AND applied = 0 ORDER BY entry_no";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| entry_id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many entries of an author in a collection are held and not applied.
    ///
    /// # Errors
    /// [`Error`].
    pub fn parked_count(&self, coll: CollId, author: DeviceId) -> Result<usize, Error> {
        let sql = "SELECT COUNT(*) FROM entry WHERE applied = 0 AND coll = ?1 AND author = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let count: i64 = statement.query_row(params![coll.as_bytes(), author.as_bytes()], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The author's changes in one entry, as documents hold them.
    ///
    /// # Errors
    /// [`Error`].
    pub fn documents_of_entry(&self, id: EntryId) -> Result<Vec<(RumahId, Koleksi)>, Error> {
        let sql = "SELECT DISTINCT rumah, koleksi FROM change WHERE entry_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement
            .query_map([id.as_bytes()], |row| Ok((RumahId::from_bytes(row.get(0)?), row.get::<_, String>(1)?)))?;
        let mut documents = Vec::new();
        for row in rows {
            let (rumah, koleksi) = row?;
            documents.push((rumah, Koleksi::parse(&koleksi).ok_or(Error::Row(koleksi))?));
        }
        Ok(documents)
    }
}

impl Write<'_> {
    /// Keeps an entry in whose place another stands, or that follows such a one: the proof of a fork.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_branch(&self, entry: &Entry) -> Result<(), Error> {
        let header = entry.header();
        let control = header.kind == wakuncar_wire::Kind::Control;
        let sql = "INSERT INTO entry (entry_id, coll, author, beat, seq, control, bytes, applied, branch)
                   VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?5, 1) ON CONFLICT DO NOTHING";
        let seq = i64::try_from(header.seq).unwrap_or(i64::MAX);
        self.tx().prepare_cached(sql)?.execute(params![
            entry.id().as_bytes(),
            header.coll.as_bytes(),
            header.author.as_bytes(),
            seq,
            control,
            entry.encode()
        ])?;
        Ok(())
    }

    /// Says how far an entry has been taken in, and on what it rests.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_applied(&self, id: EntryId, applied: Applied, causal: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE entry SET applied = ?2, causal = ?3, quarantined = NULL WHERE entry_id = ?1";
        self.tx().prepare_cached(sql)?.execute(params![id.as_bytes(), applied.number(), causal])?;
        Ok(())
    }

    /// Keeps what an entry brought for a document.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_brought(
        &self,
        entry: &Entry,
        rumah: RumahId,
        koleksi: Koleksi,
        (bytes, ops): (u64, u64),
    ) -> Result<(), Error> {
        let header = entry.header();
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let sql = "INSERT INTO takaran (entry_id, rumah, koleksi, author, seq, bytes, ops)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
        self.tx().prepare_cached(sql)?.execute(params![
            entry.id().as_bytes(),
            rumah.as_bytes(),
            koleksi.nama(),
            header.author.as_bytes(),
            number(header.seq),
            number(bytes),
            number(ops),
        ])?;
        Ok(())
    }

    /// Says on what an entry rests.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_causal(&self, id: EntryId, causal: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE entry SET causal = ?2 WHERE entry_id = ?1";
        self.tx().prepare_cached(sql)?.execute(params![id.as_bytes(), causal])?;
        Ok(())
    }

    /// Takes an entry of somebody else out again: it is parked, and the changes that it brought go. Its bytes stay.
    ///
    /// # Errors
    /// [`Error`].
    pub fn park(&self, id: EntryId) -> Result<(), Error> {
        self.tx().prepare_cached("UPDATE entry SET applied = 0 WHERE entry_id = ?1")?.execute([id.as_bytes()])?;
        let sql = "DELETE FROM change WHERE entry_id = ?1 AND NOT made_here";
        self.tx().prepare_cached(sql)?.execute([id.as_bytes()])?;
        Ok(())
    }

    /// Sets an entry aside that brought this version of the app down.
    ///
    /// # Errors
    /// [`Error`].
    pub fn quarantine(&self, id: EntryId, app_version: u32) -> Result<(), Error> {
        let sql = "UPDATE entry SET quarantined = ?2 WHERE entry_id = ?1 AND applied = 0";
        self.tx().prepare_cached(sql)?.execute(params![id.as_bytes(), app_version])?;
        Ok(())
    }

    /// What an older version could not apply may be tried again.
    ///
    /// # Errors
    /// [`Error`].
    pub fn release_quarantined(&self, app_version: u32) -> Result<(), Error> {
        let sql = "UPDATE entry SET quarantined = NULL WHERE quarantined < ?1";
        self.tx().prepare_cached(sql)?.execute([app_version])?;
        Ok(())
    }

    /// Takes away a document of which no change is left.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_document(&self, rumah: RumahId, koleksi: Koleksi) -> Result<(), Error> {
        let row = params![rumah.as_bytes(), koleksi.nama()];
        self.tx().prepare_cached("DELETE FROM document WHERE rumah = ?1 AND koleksi = ?2")?.execute(row)?;
        Ok(())
    }

    /// Takes away the rows, search texts and findings of a house that has no document any more.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_rumah(&self, rumah: RumahId) -> Result<(), Error> {
        let id = [rumah.as_bytes()];
        for sql in [
            "DELETE FROM search WHERE rowid IN (SELECT search_id FROM searched WHERE rumah = ?1)",
            "DELETE FROM searched WHERE rumah = ?1",
            "DELETE FROM finding WHERE rumah = ?1",
            "DELETE FROM warga WHERE rumah = ?1",
            "DELETE FROM konflik WHERE rumah = ?1",
            "DELETE FROM rumah WHERE rumah = ?1",
        ] {
            self.tx().prepare_cached(sql)?.execute(id)?;
        }
        Ok(())
    }
}
