//! The relays of a kelurahan as this device knows them: where they are, how far each was read, what each has and has
//! sworn to; and what came by file.

use rusqlite::{OptionalExtension, Row, named_params, params};
use wakuncar_wire::{CollHeads, CollId, DeviceId, EntryId, Header, Kind};

use crate::log::log_entry;
use crate::{Error, LogEntry, Store, Write};

/// A relay, known by the BLAKE3-128 of its TLS key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The pin.
    pub pin: [u8; 16],
    /// Where it was reached last; empty if nobody has said where.
    pub url: String,
    /// On the office's network.
    pub lan: bool,
    /// How far it was read; empty asks for everything that is not held.
    pub cursor: Vec<u8>,
    /// The key of its receipts, as it says it.
    pub receipt_pk: Vec<u8>,
    /// Whether it is known how far it has every log.
    pub surveyed: bool,
}

impl Store {
    /// Every relay, those of the office's network first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn remotes(&self) -> Result<Vec<Remote>, Error> {
        let sql = "SELECT pin, url, lan, cursor, receipt_pk, surveyed FROM remote ORDER BY lan DESC, rowid";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], remote)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One relay.
    ///
    /// # Errors
    /// [`Error`].
    pub fn remote(&self, pin: &[u8; 16]) -> Result<Option<Remote>, Error> {
        let sql = "SELECT pin, url, lan, cursor, receipt_pk, surveyed FROM remote WHERE pin = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([pin], remote).optional()?)
    }

    /// What a relay is not known to have, control first, then in the order in which it came; at most `limit`, after
    /// the first `skip`.
    ///
    /// # Errors
    /// [`Error`].
    pub fn lacking(&self, pin: &[u8; 16], limit: usize, skip: usize) -> Result<Vec<LogEntry>, Error> {
        // Ends of logs first: of a log that the relay has, no entry is looked at.
        let mut statement = self.connection.prepare_cached(
            "WITH log AS (
               SELECT coll, author, beat, MAX(seq) AS newest,
                 COALESCE((SELECT seq FROM remote_log AS has
                   WHERE has.pin = ?1 AND has.coll = entry.coll AND has.author = entry.author
                     AND has.beat = entry.beat), 0) AS has
               FROM entry WHERE branch = 0 GROUP BY coll, author, beat)
             SELECT entry.entry_id, entry.bytes FROM log
             JOIN entry ON entry.coll = log.coll AND entry.author = log.author AND entry.beat = log.beat
               AND entry.seq > log.has AND entry.branch = 0
             WHERE log.newest > log.has ORDER BY entry.control DESC, entry.entry_no LIMIT ?2 OFFSET ?3",
        )?;
        let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![pin, whole(limit), whole(skip)], log_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether any relay has sworn to an entry.
    ///
    /// # Errors
    /// [`Error`].
    pub fn is_sworn(&self, id: EntryId) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM entry WHERE entry_id = ?1 AND stored_at IS NOT NULL";
        Ok(self.connection.prepare_cached(sql)?.exists([id.as_bytes()])?)
    }

    /// Entries in the order in which they came, after one of them, with their numbers.
    ///
    /// # Errors
    /// [`Error`].
    pub fn entries_after(&self, entry_no: i64, limit: u32) -> Result<Vec<(i64, LogEntry)>, Error> {
        let sql = "SELECT entry_id, bytes, entry_no FROM entry WHERE entry_no > ?1 ORDER BY entry_no LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![entry_no, limit], |row| Ok((row.get(2)?, log_entry(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest sealed entry of a device in each collection; beats left out.
    ///
    /// # Errors
    /// [`Error`].
    pub fn newest_of(&self, author: DeviceId) -> Result<Vec<LogEntry>, Error> {
        let sql = "SELECT entry_id, bytes, MAX(seq) FROM entry
                   WHERE author = ?1 AND NOT beat AND NOT control AND branch = 0 GROUP BY coll";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([author.as_bytes()], log_entry)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest entry that was here when the last noted day up to `day` (`YYYY-MM-DD`) began; 0 if none was noted.
    ///
    /// # Errors
    /// [`Error`].
    pub fn entry_before(&self, day: &str) -> Result<i64, Error> {
        let sql = "SELECT entry_no FROM entry_day WHERE day <= ?1 ORDER BY day DESC LIMIT 1";
        Ok(self.connection.prepare_cached(sql)?.query_row([day], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

impl Write<'_> {
    /// Keeps a relay and where it is; what is known of it otherwise stays.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_remote(&self, pin: &[u8; 16], url: &str, lan: bool) -> Result<(), Error> {
        let sql = "INSERT INTO remote (pin, url, lan, cursor, receipt_pk, surveyed) VALUES (?1, ?2, ?3, x'', x'', 0)
                   ON CONFLICT (pin) DO UPDATE SET url = excluded.url, lan = excluded.lan";
        self.tx().prepare_cached(sql)?.execute(params![pin, url, lan])?;
        Ok(())
    }

    /// Forgets a relay, with what it has and swore to.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_remote(&self, pin: &[u8; 16]) -> Result<(), Error> {
        self.unset_all_stored(pin)?;
        self.tx().prepare_cached("DELETE FROM remote WHERE pin = ?1")?.execute([pin])?;
        Ok(())
    }

    /// Keeps how far a relay was read.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_cursor(&self, pin: &[u8; 16], cursor: &[u8]) -> Result<(), Error> {
        self.tx().prepare_cached("UPDATE remote SET cursor = ?2 WHERE pin = ?1")?.execute(params![pin, cursor])?;
        Ok(())
    }

    /// Every relay is asked for everything that is not held.
    ///
    /// # Errors
    /// [`Error`].
    pub fn forget_cursors(&self) -> Result<(), Error> {
        self.tx().prepare_cached("UPDATE remote SET cursor = x''")?.execute([])?;
        Ok(())
    }

    /// Keeps the receipt key that a relay says is its own.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_receipt_pk(&self, pin: &[u8; 16], receipt_pk: &[u8; 32]) -> Result<(), Error> {
        let sql = "UPDATE remote SET receipt_pk = ?2 WHERE pin = ?1";
        self.tx().prepare_cached(sql)?.execute(params![pin, receipt_pk])?;
        Ok(())
    }

    /// Keeps how far a relay says that it has each chained log, in place of what was known.
    ///
    /// # Errors
    /// [`Error`].
    pub fn survey(&self, pin: &[u8; 16], heads: &[CollHeads]) -> Result<(), Error> {
        self.tx().prepare_cached("DELETE FROM remote_log WHERE pin = ?1 AND NOT beat")?.execute([pin])?;
        for (coll, head) in heads.iter().flat_map(|(coll, heads)| heads.iter().map(move |head| (coll, head))) {
            self.put_remote_log(pin, *coll, head.author, false, head.seq)?;
        }
        self.tx().prepare_cached("UPDATE remote SET surveyed = 1 WHERE pin = ?1")?.execute([pin])?;
        Ok(())
    }

    /// How far a relay has the logs is to be asked anew.
    ///
    /// # Errors
    /// [`Error`].
    pub fn unset_surveyed(&self, pin: &[u8; 16]) -> Result<(), Error> {
        self.tx().prepare_cached("UPDATE remote SET surveyed = 0 WHERE pin = ?1")?.execute([pin])?;
        Ok(())
    }

    /// A relay says how far it has this device's own logs: all that it has of them.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_own_logs(&self, pin: &[u8; 16], me: DeviceId, own: &[CollHeads]) -> Result<(), Error> {
        let sql = "DELETE FROM remote_log WHERE pin = ?1 AND author = ?2 AND NOT beat";
        self.tx().prepare_cached(sql)?.execute(params![pin, me.as_bytes()])?;
        for (coll, heads) in own {
            let seq = heads.iter().filter(|head| head.author == me).map(|head| head.seq).max();
            if let Some(seq) = seq {
                self.put_remote_log(pin, *coll, me, false, seq)?;
            }
        }
        Ok(())
    }

    /// A relay has this entry: it gave it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_given(&self, pin: &[u8; 16], id: EntryId, header: &Header) -> Result<(), Error> {
        self.put_remote_log(pin, header.coll, header.author, header.kind == Kind::Beat, header.seq)?;
        let sql = "UPDATE entry SET carried = 0 WHERE entry_id = ?1 AND carried";
        self.tx().prepare_cached(sql)?.execute([id.as_bytes()])?;
        Ok(())
    }

    fn put_remote_log(
        &self,
        pin: &[u8; 16],
        coll: CollId,
        author: DeviceId,
        beat: bool,
        seq: u64,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO remote_log (pin, coll, author, beat, seq)
                   VALUES (:pin, :coll, :author, :beat, :seq)
                   ON CONFLICT (pin, coll, author, beat) DO UPDATE SET seq = max(seq, excluded.seq)";
        self.tx().prepare_cached(sql)?.execute(named_params! {
            ":pin": pin, ":coll": coll.as_bytes(), ":author": author.as_bytes(), ":beat": beat,
            ":seq": i64::try_from(seq).unwrap_or(i64::MAX),
        })?;
        Ok(())
    }

    /// Marks an entry as sworn to by a relay, `server_time` in Unix seconds.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_stored(&self, pin: &[u8; 16], id: EntryId, server_time: u64) -> Result<(), Error> {
        let at = i64::try_from(server_time).unwrap_or(i64::MAX);
        let sql = "INSERT INTO receipt (entry_id, pin, at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (entry_id, pin) DO UPDATE SET at = excluded.at";
        self.tx().prepare_cached(sql)?.execute(params![id.as_bytes(), pin, at])?;
        let sql = "UPDATE entry SET stored_at = ?2, carried = 0 WHERE entry_id = ?1
                   RETURNING coll, author, beat, seq";
        let mut update = self.tx().prepare_cached(sql)?;
        let log = update.query_row(params![id.as_bytes(), at], |row| {
            let (coll, author) = (CollId::from_bytes(row.get(0)?), DeviceId::from_bytes(row.get(1)?));
            Ok((coll, author, row.get(2)?, row.get::<_, i64>(3)?.unsigned_abs()))
        });
        match log.optional()? {
            Some((coll, author, beat, seq)) => self.put_remote_log(pin, coll, author, beat, seq),
            None => Ok(()),
        }
    }

    /// A relay has lost what it swore to, of a log after a number: it is brought again.
    ///
    /// # Errors
    /// [`Error`].
    pub fn unset_stored(&self, pin: &[u8; 16], coll: CollId, author: DeviceId, after: u64) -> Result<(), Error> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let sql = "DELETE FROM receipt WHERE pin = ?1 AND entry_id IN (
                     SELECT entry_id FROM entry WHERE coll = ?2 AND author = ?3 AND NOT beat AND seq > ?4)";
        self.tx().prepare_cached(sql)?.execute(params![pin, coll.as_bytes(), author.as_bytes(), after])?;
        let sql = "UPDATE entry SET stored_at = (SELECT MAX(at) FROM receipt WHERE receipt.entry_id = entry.entry_id)
                   WHERE coll = ?1 AND author = ?2 AND NOT beat AND seq > ?3 AND stored_at IS NOT NULL";
        self.tx().prepare_cached(sql)?.execute(params![coll.as_bytes(), author.as_bytes(), after])?;
        Ok(())
    }

    /// A relay lost everything: what it alone had is brought again.
    ///
    /// # Errors
    /// [`Error`].
    pub fn unset_all_stored(&self, pin: &[u8; 16]) -> Result<(), Error> {
        self.tx().prepare_cached("DELETE FROM receipt WHERE pin = ?1")?.execute([pin])?;
        self.tx().prepare_cached("DELETE FROM remote_log WHERE pin = ?1")?.execute([pin])?;
        let sql = "UPDATE entry SET stored_at = (SELECT MAX(at) FROM receipt WHERE receipt.entry_id = entry.entry_id)
                   WHERE stored_at IS NOT NULL";
        self.tx().prepare_cached(sql)?.execute([])?;
        self.unset_surveyed(pin)
    }

    /// An entry came by file: no relay is known to have it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_carried(&self, id: EntryId) -> Result<(), Error> {
        self.tx().prepare_cached("UPDATE entry SET carried = 1 WHERE entry_id = ?1")?.execute([id.as_bytes()])?;
        Ok(())
    }

    /// Notes that a day (`YYYY-MM-DD`) has begun; the first word counts.
    ///
    /// # Errors
    /// [`Error`].
    pub fn note_day(&self, day: &str) -> Result<(), Error> {
        let sql = "INSERT INTO entry_day (day, entry_no)
                   VALUES (?1, COALESCE((SELECT MAX(entry_no) FROM entry), 0)) ON CONFLICT DO NOTHING";
        self.tx().prepare_cached(sql)?.execute([day])?;
        Ok(())
    }
}

fn remote(row: &Row<'_>) -> Result<Remote, rusqlite::Error> {
    Ok(Remote {
        pin: row.get(0)?,
        url: row.get(1)?,
        lan: row.get(2)?,
        cursor: row.get(3)?,
        receipt_pk: row.get(4)?,
        surveyed: row.get(5)?,
    })
}
