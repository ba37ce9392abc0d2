//! The relay's SQLite file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, named_params, params};
use wakuncar_roster::{Identities, Roster};
use wakuncar_sync::LogHead;
use wakuncar_wire::{CollHeads, CollId, DeviceId, Entry, EntryId, Head, Header, Kind, SpaceId, Wire};

use crate::Error;

/// A kelurahan as the relay knows it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) roster: Roster,
    pub(crate) identities: Identities,
}

/// The file, the relay's receipt key and the rosters, which are a cache of it.
pub(crate) struct Ledger {
    pub(crate) connection: Connection,
    pub(crate) epoch: [u8; 16],
    pub(crate) receipt_key: SigningKey,
    known: HashMap<SpaceId, Arc<Known>>,
}

impl Ledger {
    /// Opens the file or makes it. `random` becomes epoch and receipt key of a new one, and the length of the jump in the
    /// arrival numbers of one that was there.
    pub(crate) fn open(path: &Path, random: &[u8; 48]) -> Result<Self, Error> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
        )?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version == 0 {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
            tx.execute_batch(include_str!("0001_awal.sql"))?;
            tx.execute("INSERT INTO relay (name, value) VALUES ('epoch', ?1)", [&random[..16]])?;
            tx.execute("INSERT INTO relay (name, value) VALUES ('receipt_key', ?1)", [&random[16..]])?;
            tx.pragma_update(None, "user_version", 1)?;
            tx.commit()?;
        }
        if version < 2 {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
            tx.execute_batch(include_str!("0002_lompatan.sql"))?;
            tx.pragma_update(None, "user_version", 2)?;
            tx.commit()?;
        }
        jump(&mut connection, random)?;
        let value = |name: &str| -> Result<Vec<u8>, rusqlite::Error> {
            connection.query_row("SELECT value FROM relay WHERE name = ?1", [name], |row| row.get(0))
        };
        let epoch = value("epoch")?.try_into().map_err(|_| Error::Damaged)?;
        let receipt_key: [u8; 32] = value("receipt_key")?.try_into().map_err(|_| Error::Damaged)?;
        let receipt_key = SigningKey::from_bytes(&receipt_key);
        Ok(Self { connection, epoch, receipt_key, known: HashMap::new() })
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

    /// A kelurahan; `None` if nobody brought it here.
    pub(crate) fn known(&mut self, space: SpaceId) -> Result<Option<Arc<Known>>, Error> {
        if let Some(known) = self.known.get(&space) {
            return Ok(Some(known.clone()));
        }
        let known = evaluate(&self.connection, space)?.map(Arc::new);
        if let Some(known) = &known {
            self.known.insert(space, known.clone());
        }
        Ok(known)
    }

    /// What stands in the file now is what is known.
    pub(crate) fn remember(&mut self, space: SpaceId, known: Arc<Known>) {
        self.known.insert(space, known);
    }

    /// How many kelurahan there are.
    pub(crate) fn spaces(&self) -> Result<u32, Error> {
        Ok(self.connection.query_row("SELECT COUNT(*) FROM space", [], |row| row.get(0))?)
    }
}

/// Leaves out a stretch of arrival numbers of chance length (1 to 2^40) in every kelurahan.
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

/// Whether an arrival number was given, or is the last before the one that is given next.
pub(crate) fn reached(tx: &Transaction<'_>, space: SpaceId, rseq: u64) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM space
               WHERE space_id = ?1 AND ?2 < next_rseq
                 AND NOT EXISTS (SELECT 1 FROM jump WHERE space_id = ?1 AND skipped <= ?2 AND ?2 < resumed - 1)";
    let rseq = i64::try_from(rseq).unwrap_or(i64::MAX);
    Ok(tx.prepare_cached(sql)?.exists(params![space.as_bytes(), rseq])?)
}

/// The roster from the control entries in the file.
pub(crate) fn evaluate(connection: &Connection, space: SpaceId) -> Result<Option<Known>, Error> {
    let sql = "SELECT bytes FROM entry WHERE space_id = ?1 AND kind = 2 ORDER BY rseq";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([space.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    let mut entries = Vec::new();
    let mut identities = Identities::default();
    for bytes in rows {
        let entry = Entry::decode(&bytes?).map_err(|_| Error::Damaged)?;
        identities.learn(&entry);
        entries.push(entry);
    }
    Ok(Roster::evaluate(space, &entries).ok().map(|roster| Known { roster, identities }))
}

fn is_beat(header: &Header) -> bool {
    header.kind == Kind::Beat
}

/// The newest entry of the log that an entry belongs to, and what stands at its own number.
pub(crate) fn place(
    tx: &Transaction<'_>,
    space: SpaceId,
    header: &Header,
) -> Result<(Option<LogHead>, Option<LogHead>), Error> {
    let log = named_params! {
        ":space": space.as_bytes(), ":coll": header.coll.as_bytes(), ":author": header.author.as_bytes(),
        ":beat": is_beat(header),
    };
    let mut newest = tx.prepare_cached(
        "SELECT seq, entry_id FROM entry
         WHERE space_id = :space AND coll = :coll AND author = :author AND beat = :beat ORDER BY seq DESC LIMIT 1",
    )?;
    let head = newest.query_row(log, log_head).optional()?;
    let mut at = tx.prepare_cached(
        "SELECT seq, entry_id FROM entry
         WHERE space_id = ?1 AND coll = ?2 AND author = ?3 AND beat = ?4 AND seq = ?5",
    )?;
    let seq = i64::try_from(header.seq).map_err(|_| Error::Damaged)?;
    let at = at.query_row(
        params![space.as_bytes(), header.coll.as_bytes(), header.author.as_bytes(), is_beat(header), seq],
        log_head,
    );
    Ok((head, at.optional()?))
}

fn log_head(row: &rusqlite::Row<'_>) -> Result<LogHead, rusqlite::Error> {
    let seq: i64 = row.get(0)?;
    Ok(LogHead { seq: seq.unsigned_abs(), id: EntryId::from_bytes(row.get(1)?) })
}

/// Stores an entry with the next arrival number. An older beat of its author goes.
pub(crate) fn store(tx: &Transaction<'_>, space: SpaceId, entry: &Entry, now: u64) -> Result<(), Error> {
    let header = entry.header();
    let sql = "UPDATE space SET next_rseq = next_rseq + 1 WHERE space_id = ?1 RETURNING next_rseq - 1";
    let rseq: i64 = tx.prepare_cached(sql)?.query_row([space.as_bytes()], |row| row.get(0))?;
    if is_beat(header) {
        let sql = "DELETE FROM entry WHERE space_id = ?1 AND coll = ?2 AND author = ?3 AND beat = 1";
        tx.prepare_cached(sql)?.execute(params![space.as_bytes(), header.coll.as_bytes(), header.author.as_bytes()])?;
    }
    let kind = match header.kind {
        Kind::Batch => 1,
        Kind::Control => 2,
        Kind::Snapshot => 3,
        Kind::View => 4,
        Kind::Beat => 5,
    };
    let mut insert = tx.prepare_cached(
        "INSERT INTO entry (space_id, rseq, coll, author, beat, seq, entry_id, kind, bytes, received_at)
         VALUES (:space, :rseq, :coll, :author, :beat, :seq, :entry, :kind, :bytes, :now)",
    )?;
    insert.execute(named_params! {
        ":space": space.as_bytes(), ":rseq": rseq, ":coll": header.coll.as_bytes(),
        ":author": header.author.as_bytes(), ":beat": is_beat(header),
        ":seq": i64::try_from(header.seq).map_err(|_| Error::Damaged)?, ":entry": entry.id().as_bytes(), ":kind": kind,
        ":bytes": entry.encode(), ":now": i64::try_from(now).unwrap_or(i64::MAX),
    })?;
    Ok(())
}

/// Whether an entry is here.
pub(crate) fn holds(tx: &Transaction<'_>, space: SpaceId, id: EntryId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM entry WHERE space_id = ?1 AND entry_id = ?2";
    Ok(tx.prepare_cached(sql)?.exists(params![space.as_bytes(), id.as_bytes()])?)
}

/// The heads of an author's chained logs.
pub(crate) fn own_heads(tx: &Transaction<'_>, space: SpaceId, author: DeviceId) -> Result<Vec<CollHeads>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT coll, MAX(seq), entry_id FROM entry WHERE space_id = ?1 AND author = ?2 AND beat = 0 GROUP BY coll",
    )?;
    let rows = statement.query_map(params![space.as_bytes(), author.as_bytes()], |row| {
        let (coll, seq, id): ([u8; 16], i64, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let head = Head { author, seq: seq.unsigned_abs(), id8: EntryId::from_bytes(id).prefix() };
        Ok((CollId::from_bytes(coll), vec![head]))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An entry as it was stored, with its arrival number.
pub(crate) struct Arrived {
    pub(crate) rseq: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) header: Header,
}

/// Reads the header out of an entry's bytes; the body is not looked at again.
pub(crate) fn arrived(row: &rusqlite::Row<'_>) -> Result<(u64, Vec<u8>), rusqlite::Error> {
    let rseq: i64 = row.get(0)?;
    Ok((rseq.unsigned_abs(), row.get(1)?))
}

impl Arrived {
    pub(crate) fn new((rseq, bytes): (u64, Vec<u8>)) -> Result<Self, Error> {
        let (len, rest) = bytes.split_first_chunk::<2>().ok_or(Error::Damaged)?;
        let header = rest.get(..usize::from(u16::from_be_bytes(*len))).ok_or(Error::Damaged)?;
        let header = Header::from_wire(header).map_err(|_| Error::Damaged)?;
        Ok(Self { rseq, bytes, header })
    }
}
