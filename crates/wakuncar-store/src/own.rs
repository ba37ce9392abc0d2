//! Own changes with how far each has come, for a device whose time in its kelurahan has ended.

use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_wire::EntryId;

use crate::{Error, Store};

/// An own change and the entry that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChange {
    /// The document.
    pub rumah: RumahId,
    /// Which of its collections.
    pub koleksi: Koleksi,
    /// The change's hash.
    pub hash: [u8; 32],
    /// The change.
    pub body: Vec<u8>,
    /// When it was recorded, in Unix milliseconds by this device's clock.
    pub recorded_ms: i64,
    /// The entry that carries it; `None` while there is none.
    pub entry: Option<EntryId>,
    /// Whether a relay has sworn to it.
    pub stored: bool,
}

impl Store {
    /// Every change that was made on this device, the oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn own_changes(&self) -> Result<Vec<OwnChange>, Error> {
        let sql = "SELECT change.rumah, change.koleksi, change.hash, change.body, change.recorded_ms,
                     entry.entry_id, entry.stored_at IS NOT NULL
                   FROM change LEFT JOIN entry ON entry.entry_id = change.entry_id
                   WHERE change.made_here ORDER BY change.change_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut own = Vec::new();
        while let Some(row) = rows.next()? {
            let koleksi: String = row.get(1)?;
            let entry: Option<[u8; 32]> = row.get(5)?;
            own.push(OwnChange {
                rumah: RumahId::from_bytes(row.get(0)?),
                koleksi: Koleksi::parse(&koleksi).ok_or(Error::Row(koleksi))?,
                hash: row.get(2)?,
                body: row.get(3)?,
                recorded_ms: row.get(4)?,
                entry: entry.map(EntryId::from_bytes),
                stored: row.get(6)?,
            });
        }
        Ok(own)
    }
}
