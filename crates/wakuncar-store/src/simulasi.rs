//! What a simulation does to the storage of this thread, and what it looks at (feature `simulasi`).
//!
//! A power cut is an unwinding that carries [`PowerCut`]: whoever simulates catches it, throws the application away and
//! opens its files again. Nothing here is in a program that people get.

use std::cell::Cell;
use std::panic::resume_unwind;

use rusqlite::Row;
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_wire::EntryId;

use crate::{Error, Store};

/// What befalls a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The power goes before the commit: the transaction never was.
    CutBefore,
    /// The power goes after the commit: it is on the disk, and nobody has heard so.
    CutAfter,
    /// The disk is full.
    Full,
}

/// The payload of the unwinding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerCut;

thread_local! {
    static ARMED: Cell<Option<(u32, Fault)>> = const { Cell::new(None) };
}

/// Lets `fault` befall the write after `writes` more; `None` disarms. Whether one was armed that has not happened.
pub fn arm(fault: Option<(u32, Fault)>) -> bool {
    ARMED.replace(fault).is_some()
}

/// The fault of this very write.
fn due() -> Option<Fault> {
    ARMED.get().and_then(|(left, fault)| (left == 0).then_some(fault))
}

pub(crate) fn before_write() -> Result<(), Error> {
    if due() == Some(Fault::Full) {
        ARMED.set(None);
        return Err(Error::DiskFull);
    }
    Ok(())
}

pub(crate) fn before_commit() {
    if due() == Some(Fault::CutBefore) {
        ARMED.set(None);
        resume_unwind(Box::new(PowerCut));
    }
}

pub(crate) fn after_commit() {
    match ARMED.get() {
        Some((0, Fault::CutAfter)) => {
            ARMED.set(None);
            resume_unwind(Box::new(PowerCut));
        }
        Some((left, fault)) => ARMED.set(Some((left.saturating_sub(1), fault))),
        None => {}
    }
}

/// An entry as a row of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRow {
    /// Its id.
    pub id: EntryId,
    /// Applied, wholly or as far as it may be, or not to be applied.
    pub applied: bool,
    /// A relay's receipt for it was verified.
    pub stored: bool,
}

/// A change as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// In which order it came.
    pub no: i64,
    /// The document.
    pub rumah: RumahId,
    /// Which of its collections.
    pub koleksi: Koleksi,
    /// Automerge's hash of it.
    pub hash: [u8; 32],
    /// The change.
    pub body: Vec<u8>,
    /// Made on this device.
    pub made_here: bool,
    /// The entry that carries it.
    pub entry: Option<EntryId>,
}

impl Store {
    /// Every entry, in the order in which they came.
    ///
    /// # Errors
    /// [`Error`].
    pub fn entry_rows(&self) -> Result<Vec<EntryRow>, Error> {
        let sql = "SELECT entry_id, applied <> 0, stored_at IS NOT NULL FROM entry ORDER BY entry_no";
        let row = |row: &Row<'_>| {
            Ok(EntryRow { id: EntryId::from_bytes(row.get(0)?), applied: row.get(1)?, stored: row.get(2)? })
        };
        Ok(self.connection.prepare_cached(sql)?.query_map([], row)?.collect::<Result<_, _>>()?)
    }

    /// Changes that came after number `no`.
    ///
    /// # Errors
    /// [`Error`].
    pub fn change_rows(&self, no: i64) -> Result<Vec<ChangeRow>, Error> {
        let sql = "SELECT change_id, rumah, koleksi, hash, body, made_here, entry_id FROM change
                   WHERE change_id > ?1 ORDER BY change_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([no])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            let koleksi: String = row.get(2)?;
            changes.push(ChangeRow {
                no: row.get(0)?,
                rumah: RumahId::from_bytes(row.get(1)?),
                koleksi: Koleksi::parse(&koleksi).ok_or(Error::Row(koleksi))?,
                hash: row.get(3)?,
                body: row.get(4)?,
                made_here: row.get(5)?,
                entry: row.get::<_, Option<[u8; 32]>>(6)?.map(EntryId::from_bytes),
            });
        }
        Ok(changes)
    }

    /// Number and hash of every change.
    ///
    /// # Errors
    /// [`Error`].
    pub fn change_hashes(&self) -> Result<Vec<(i64, [u8; 32])>, Error> {
        let sql = "SELECT change_id, hash FROM change";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self.connection.prepare_cached(sql)?.query_map([], row)?.collect::<Result<_, _>>()?)
    }

    /// Every secret with its name.
    ///
    /// # Errors
    /// [`Error`].
    pub fn secrets(&self) -> Result<Vec<(String, Vec<u8>)>, Error> {
        let sql = "SELECT name, value FROM secret ORDER BY name";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self.connection.prepare_cached(sql)?.query_map([], row)?.collect::<Result<_, _>>()?)
    }
}
