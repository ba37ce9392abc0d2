//! Rows that are not what they say: a bad disk, or a hand in the file. Nobody is handed such a row. It makes a hole in
//! its log, which its author is told of by the heads of her own logs, and fills.

use rusqlite::{OptionalExtension, params};
use wakuncar_wire::{DeviceId, SpaceId};

use crate::Error;
use crate::audit::What;
use crate::book::number;
use crate::clock;
use crate::error::tell_operator;
use crate::writer::Books;

impl Books {
    /// Takes rows out of the logs and keeps their bytes for whoever looks for the reason.
    pub(crate) fn set_aside(&mut self, space: SpaceId, rows: &[u64]) -> Result<(), Error> {
        let mut set_aside = 0;
        for rseq in rows {
            let key = params![space.as_bytes(), number(*rseq)];
            let sql = "DELETE FROM entry WHERE space_id = ?1 AND rseq = ?2 RETURNING bytes";
            let bytes: Option<Vec<u8>> = self.tx.query_row(sql, key, |row| row.get(0)).optional()?;
            let Some(bytes) = bytes else { continue };
            let sql = "INSERT INTO damaged (space_id, rseq, found_at, bytes) VALUES (?1, ?2, ?3, ?4)";
            self.tx.execute(sql, params![space.as_bytes(), number(*rseq), number(clock::now()), bytes])?;
            set_aside += 1;
        }
        if set_aside > 0 {
            tell_operator(format_args!("damaged: {set_aside} entries were not what they say; check the disk"));
            self.audit.add(space, DeviceId::ZERO, What::Damaged, clock::now());
            // Heads, counts and roster are read again, without them.
            self.forget(space);
            self.book(space)?;
        }
        Ok(())
    }
}
