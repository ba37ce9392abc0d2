//! The log on this device: entries, the outbox, keys, receipts, answers given apart.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params, params};
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_wire::{CollHeads, CollId, DeviceId, Entry, EntryId, Head, Kind};
use zeroize::Zeroizing;

use crate::{Error, Store, Write};

/// An entry as it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its id.
    pub id: EntryId,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where a log ends, and what stands at a number of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogPlace {
    /// Number and id of the newest entry.
    pub head: Option<(u64, EntryId)>,
    /// The entry at the number asked for.
    pub standing: Option<EntryId>,
}

/// An own change that no entry carries yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxChange {
    /// The document.
    pub rumah: RumahId,
    /// Which of its collections.
    pub koleksi: Koleksi,
    /// The change's hash.
    pub hash: [u8; 32],
    /// The change.
    pub body: Vec<u8>,
}

/// How far the changes of a house have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Penitipan {
    /// Own changes that no relay has sworn to.
    pub tersimpan: u32,
    /// Changes that a relay has sworn to or given us, and the office has not applied.
    pub dititipkan: u32,
    /// Changes that the office has applied.
    pub diterima: u32,
}

/// Answers that two people gave apart at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KonflikRow {
    /// The house.
    pub rumah: RumahId,
    /// The place.
    pub path: String,
    /// The answers with who and when, as JSON.
    pub candidates: String,
}

impl Store {
    /// A secret.
    ///
    /// # Errors
    /// [`Error`].
    pub fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM secret WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0).map(Zeroizing::new)).optional()?)
    }

    /// The sealed entries that were applied or made here, in the order in which they came; beats left out.
    ///
    /// # Errors
    /// [`Error`].
    pub fn applied_entries(&self) -> Result<Vec<EntryId>, Error> {
        let sql = "SELECT entry_id FROM entry WHERE applied > 0 AND NOT control AND NOT beat ORDER BY entry_no";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| entry_id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of an entry.
    ///
    /// # Errors
    /// [`Error`].
    pub fn entry(&self, id: EntryId) -> Result<Option<Vec<u8>>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT bytes FROM entry WHERE entry_id = ?1")?;
        Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
    }

    /// Whether a change is here.
    ///
    /// # Errors
    /// [`Error`].
    pub fn holds_change(&self, hash: &[u8; 32]) -> Result<bool, Error> {
        Ok(self.connection.prepare_cached("SELECT 1 FROM change WHERE hash = ?1")?.exists([hash])?)
    }

    /// Every control entry, in the order in which they came.
    ///
    /// # Errors
    /// [`Error`].
    pub fn control_entries(&self) -> Result<Vec<LogEntry>, Error> {
        self.entries("SELECT entry_id, bytes FROM entry WHERE control ORDER BY entry_no")
    }

    /// Entries that are not applied and not set aside, in the order in which they came.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting_entries(&self) -> Result<Vec<LogEntry>, Error> {
        self.entries("SELECT entry_id, bytes FROM entry WHERE applied = 0 AND quarantined IS NULL ORDER BY entry_no")
    }

    /// The newest beat of every author.
    ///
    /// # Errors
    /// [`Error`].
    pub fn beats(&self) -> Result<Vec<LogEntry>, Error> {
        self.entries("SELECT entry_id, bytes FROM entry WHERE beat ORDER BY entry_no")
    }

    /// Entries of this device without a receipt, control first, then the oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn unsworn_entries(&self, me: DeviceId, also: Option<DeviceId>) -> Result<Vec<LogEntry>, Error> {
        let sql = "SELECT entry_id, bytes FROM entry
                   WHERE stored_at IS NULL AND (author = ?1 OR author = ?2) ORDER BY control DESC, entry_no";
        let mut statement = self.connection.prepare_cached(sql)?;
        let also = also.unwrap_or(me);
        let rows = statement.query_map(params![me.as_bytes(), also.as_bytes()], log_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn entries(&self, sql: &str) -> Result<Vec<LogEntry>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], log_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest entry of a log and what stands at a number of it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn log_place(&self, coll: CollId, author: DeviceId, beat: bool, seq: u64) -> Result<LogPlace, Error> {
        let log = named_params! {":coll": coll.as_bytes(), ":author": author.as_bytes(), ":beat": beat};
        let mut newest = self.connection.prepare_cached(
            "SELECT seq, entry_id FROM entry WHERE coll = :coll AND author = :author AND beat = :beat AND branch = 0
             ORDER BY seq DESC LIMIT 1",
        )?;
        let head = newest.query_row(log, |row| Ok((row.get::<_, i64>(0)?.unsigned_abs(), entry_id(row, 1)?)));
        let mut at = self.connection.prepare_cached(
            "SELECT entry_id FROM entry WHERE coll = ?1 AND author = ?2 AND beat = ?3 AND seq = ?4 AND branch = 0",
        )?;
        let at = at.query_row(
            params![coll.as_bytes(), author.as_bytes(), beat, i64::try_from(seq).unwrap_or(i64::MAX)],
            |row| entry_id(row, 0),
        );
        Ok(LogPlace { head: head.optional()?, standing: at.optional()? })
    }

    /// The heads of every chained log that is held.
    ///
    /// # Errors
    /// [`Error`].
    pub fn heads(&self) -> Result<Vec<CollHeads>, Error> {
        self.heads_of(
            "SELECT coll, author, MAX(seq), entry_id FROM entry WHERE NOT beat AND branch = 0 GROUP BY coll, author",
        )
    }

    /// The heads up to which every sealed log is applied without a gap, wholly or but for refused sections.
    ///
    /// # Errors
    /// [`Error`].
    pub fn applied_heads(&self) -> Result<Vec<CollHeads>, Error> {
        self.heads_of(
            "SELECT coll, author, MAX(seq), entry_id FROM entry AS one
             WHERE beat = 0 AND NOT control AND branch = 0 AND applied > 0 AND NOT EXISTS (
               SELECT 1 FROM entry AS gap
               WHERE gap.coll = one.coll AND gap.author = one.author AND gap.beat = 0 AND gap.branch = 0
                 AND gap.applied = 0 AND gap.seq < one.seq)
             GROUP BY coll, author",
        )
    }

    fn heads_of(&self, sql: &str) -> Result<Vec<CollHeads>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let coll = CollId::from_bytes(row.get(0)?);
            let (author, seq) = (DeviceId::from_bytes(row.get(1)?), row.get::<_, i64>(2)?.unsigned_abs());
            Ok((coll, Head { author, seq, id8: entry_id(row, 3)?.prefix() }))
        })?;
        let mut heads: BTreeMap<CollId, Vec<Head>> = BTreeMap::new();
        for row in rows {
            let (coll, head) = row?;
            heads.entry(coll).or_default().push(head);
        }
        Ok(heads.into_iter().collect())
    }

    /// Own changes that no entry carries yet, the oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn outbox(&self) -> Result<Vec<OutboxChange>, Error> {
        let sql = "SELECT rumah, koleksi, hash, body FROM change
                   WHERE made_here AND entry_id IS NULL ORDER BY change_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let koleksi: String = row.get(1)?;
            Ok((RumahId::from_bytes(row.get(0)?), koleksi, row.get(2)?, row.get(3)?))
        })?;
        let mut outbox = Vec::new();
        for row in rows {
            let (rumah, koleksi, hash, body) = row?;
            let koleksi = Koleksi::parse(&koleksi).ok_or(Error::Row(koleksi))?;
            outbox.push(OutboxChange { rumah, koleksi, hash, body });
        }
        Ok(outbox)
    }

    /// How many own changes no entry carries yet.
    ///
    /// # Errors
    /// [`Error`].
    pub fn outbox_count(&self) -> Result<usize, Error> {
        self.count("SELECT COUNT(*) FROM change WHERE made_here AND entry_id IS NULL")
    }

    /// How many entries are held and not applied.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting_count(&self) -> Result<usize, Error> {
        self.count("SELECT COUNT(*) FROM entry WHERE applied = 0")
    }

    /// Whether anything was ever recorded on this device.
    ///
    /// # Errors
    /// [`Error`].
    pub fn has_own_changes(&self) -> Result<bool, Error> {
        Ok(self.count("SELECT COUNT(*) FROM (SELECT 1 FROM change WHERE made_here LIMIT 1)")? > 0)
    }

    pub(crate) fn count(&self, sql: &str) -> Result<usize, Error> {
        let count: i64 = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The collection in which a document lives.
    ///
    /// # Errors
    /// [`Error`].
    pub fn document_coll(&self, rumah: RumahId, koleksi: Koleksi) -> Result<Option<CollId>, Error> {
        let sql = "SELECT coll FROM document_coll WHERE rumah = ?1 AND koleksi = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let coll = statement
            .query_row(params![rumah.as_bytes(), koleksi.nama()], |row| Ok(CollId::from_bytes(row.get(0)?)))
            .optional()?;
        Ok(coll)
    }

    /// How far the changes of each house, or of one, have come. `received` says whether the office has wholly applied the
    /// entry of that number in an author's log; what others wrote came from a relay, unless it came by file.
    ///
    /// # Errors
    /// [`Error`].
    pub fn penitipan(
        &self,
        received: impl Fn(CollId, DeviceId, u64) -> bool,
        me: DeviceId,
        rumah: Option<RumahId>,
    ) -> Result<BTreeMap<RumahId, Penitipan>, Error> {
        // Two texts: with OR, the index on the house would not be used.
        let only = if rumah.is_some() { "change.rumah = ?1" } else { "?1 IS NULL" };
        let sql = format!(
            "SELECT change.rumah, entry.coll, entry.author, entry.seq, entry.stored_at IS NOT NULL,
               entry.carried, COUNT(*)
             FROM change LEFT JOIN entry ON entry.entry_id = change.entry_id
             WHERE change.koleksi <> 'anggota_tim' AND {only} GROUP BY change.rumah, change.entry_id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([rumah.map(|rumah| *rumah.as_bytes())])?;
        let mut semua: BTreeMap<RumahId, Penitipan> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let satu = semua.entry(RumahId::from_bytes(row.get(0)?)).or_default();
            let count: u32 = row.get(6)?;
            let entry = match row.get::<_, Option<[u8; 16]>>(1)? {
                Some(coll) => Some((CollId::from_bytes(coll), DeviceId::from_bytes(row.get(2)?))),
                None => None,
            };
            let place = match entry {
                Some((coll, author)) if received(coll, author, row.get::<_, i64>(3)?.unsigned_abs()) => {
                    &mut satu.diterima
                }
                Some((_, author)) if row.get(4)? || author != me && !row.get::<_, bool>(5)? => &mut satu.dititipkan,
                Some(_) | None => &mut satu.tersimpan,
            };
            *place += count;
        }
        Ok(semua)
    }

    /// Answers given apart that nobody has settled.
    ///
    /// # Errors
    /// [`Error`].
    pub fn konflik(&self) -> Result<Vec<KonflikRow>, Error> {
        let sql = "SELECT rumah, path, candidates FROM konflik ORDER BY rumah, path";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(KonflikRow { rumah: RumahId::from_bytes(row.get(0)?), path: row.get(1)?, candidates: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Write<'_> {
    /// Keeps a secret.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_secret(&self, name: &str, value: &[u8]) -> Result<(), Error> {
        let sql = "INSERT INTO secret (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.tx().prepare_cached(sql)?.execute(params![name, value])?;
        Ok(())
    }

    /// Keeps an entry; one that is held already is left as it is. An older beat of its author goes.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_entry(&self, entry: &Entry, applied: bool) -> Result<(), Error> {
        let header = entry.header();
        let beat = header.kind == Kind::Beat;
        let seq = i64::try_from(header.seq).unwrap_or(i64::MAX);
        if beat {
            let sql = "DELETE FROM entry WHERE coll = ?1 AND author = ?2 AND beat AND seq < ?3";
            self.tx().prepare_cached(sql)?.execute(params![header.coll.as_bytes(), header.author.as_bytes(), seq])?;
        }
        let mut insert = self.tx().prepare_cached(
            "INSERT INTO entry (entry_id, coll, author, beat, seq, control, bytes, applied)
             VALUES (:id, :coll, :author, :beat, :seq, :control, :bytes, :applied) ON CONFLICT DO NOTHING",
        )?;
        insert.execute(named_params! {
            ":id": entry.id().as_bytes(), ":coll": header.coll.as_bytes(), ":author": header.author.as_bytes(),
            ":beat": beat, ":seq": seq, ":control": header.kind == Kind::Control, ":bytes": entry.encode(),
            ":applied": applied,
        })?;
        Ok(())
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_secret(&self, name: &str) -> Result<(), Error> {
        self.tx().prepare_cached("DELETE FROM secret WHERE name = ?1")?.execute([name])?;
        Ok(())
    }

    /// Forgets every secret whose name begins so.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_secrets(&self, beginning: &str) -> Result<(), Error> {
        let sql = "DELETE FROM secret WHERE substr(name, 1, length(?1)) = ?1";
        self.tx().prepare_cached(sql)?.execute([beginning])?;
        Ok(())
    }

    /// Says which entry carries a change.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_change_entry(&self, hash: &[u8; 32], entry: EntryId) -> Result<(), Error> {
        let sql = "UPDATE change SET entry_id = ?2 WHERE hash = ?1 AND entry_id IS NULL";
        self.tx().prepare_cached(sql)?.execute(params![hash, entry.as_bytes()])?;
        Ok(())
    }

    /// Says in which collection a document lives; the first word counts.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_document_coll(&self, rumah: RumahId, koleksi: Koleksi, coll: CollId) -> Result<(), Error> {
        let sql = "INSERT INTO document_coll (rumah, koleksi, coll) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.tx().prepare_cached(sql)?.execute(params![rumah.as_bytes(), koleksi.nama(), coll.as_bytes()])?;
        Ok(())
    }

    /// Keeps answers given apart; a newer list for the place replaces the former.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_konflik(&self, rumah: RumahId, path: &str, candidates: &str) -> Result<(), Error> {
        let sql = "INSERT INTO konflik (rumah, path, candidates) VALUES (?1, ?2, ?3)
                   ON CONFLICT (rumah, path) DO UPDATE SET candidates = excluded.candidates";
        self.tx().prepare_cached(sql)?.execute(params![rumah.as_bytes(), path, candidates])?;
        Ok(())
    }

    /// Answers given apart are settled.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_konflik(&self, rumah: RumahId, path: &str) -> Result<(), Error> {
        let sql = "DELETE FROM konflik WHERE rumah = ?1 AND path = ?2";
        self.tx().prepare_cached(sql)?.execute(params![rumah.as_bytes(), path])?;
        Ok(())
    }
}

pub(crate) fn log_entry(row: &Row<'_>) -> Result<LogEntry, rusqlite::Error> {
    Ok(LogEntry { id: entry_id(row, 0)?, bytes: row.get(1)? })
}

pub(crate) fn entry_id(row: &Row<'_>, column: usize) -> Result<EntryId, rusqlite::Error> {
    Ok(EntryId::from_bytes(row.get(column)?))
}
