//! For seats: what devices left that cannot send any more, and what happened here.

use rusqlite::{Connection, OptionalExtension, params};
use wakuncar_wire::{DeviceId, Happened, RelayNotes, RescueItem, SpaceId};

use crate::Error;
use crate::audit::What;
use crate::book::number;
use crate::usage::{DAY_S, until_tomorrow};
use crate::writer::Books;

/// Days of which a seat is told.
const TOLD_DAYS: u64 = 14;
/// Things that happened of which it is told, at most.
const TOLD: u32 = 500;
const MIB: u64 = 1024 * 1024;

/// What became of unsent work that a device left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// It is kept; also if it was brought before.
    Kept,
    /// One a day: seconds to wait.
    Tomorrow(u32),
    /// The kelurahan has no room.
    NoRoom,
}

impl Books {
    /// Keeps what a device could not send any more, once a day.
    pub(crate) fn keep_rescue(
        &mut self,
        space: SpaceId,
        device: DeviceId,
        body: &[u8],
        now: u64,
    ) -> Result<Left, Error> {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::hash(body).as_bytes()[..16]);
        let room = u64::from(self.limits.space_mib) * MIB;
        let Some((book, tx)) = self.book_and_file(space)? else { return Ok(Left::NoRoom) };
        let (day, at) = (number(now / DAY_S), number(now));
        let known = "SELECT 1 FROM rescue WHERE space_id = ?1 AND rescue_id = ?2";
        if tx.prepare_cached(known)?.exists(params![space.as_bytes(), id])? {
            return Ok(Left::Kept);
        }
        let today = "SELECT 1 FROM rescue WHERE space_id = ?1 AND device = ?2 AND day = ?3";
        if tx.prepare_cached(today)?.exists(params![space.as_bytes(), device.as_bytes(), day])? {
            return Ok(Left::Tomorrow(until_tomorrow(now)));
        }
        if book.used + body.len() as u64 > room {
            return Ok(Left::NoRoom);
        }
        let sql = "INSERT INTO rescue (space_id, rescue_id, device, day, received_at, body)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        tx.execute(sql, params![space.as_bytes(), id, device.as_bytes(), day, at, body])?;
        book.used += body.len() as u64;
        book.save(tx)?;
        self.audit.add(space, device, What::Rescued, now);
        Ok(Left::Kept)
    }

    /// A seat has taken it over.
    pub(crate) fn drop_rescue(&mut self, space: SpaceId, id: &[u8; 16]) -> Result<bool, Error> {
        let Some((book, tx)) = self.book_and_file(space)? else { return Ok(false) };
        let sql = "DELETE FROM rescue WHERE space_id = ?1 AND rescue_id = ?2 RETURNING LENGTH(body)";
        let freed: Option<i64> = tx.query_row(sql, params![space.as_bytes(), id], |row| row.get(0)).optional()?;
        let Some(freed) = freed else { return Ok(false) };
        book.used = book.used.saturating_sub(freed.unsigned_abs());
        book.save(tx)?;
        Ok(true)
    }
}

/// The bytes that a device left.
pub(crate) fn rescue(file: &Connection, space: SpaceId, id: &[u8; 16]) -> Result<Option<Vec<u8>>, Error> {
    let sql = "SELECT body FROM rescue WHERE space_id = ?1 AND rescue_id = ?2";
    Ok(file.prepare_cached(sql)?.query_row(params![space.as_bytes(), id], |row| row.get(0)).optional()?)
}

/// What a seat should know.
pub(crate) fn notes(file: &Connection, space: SpaceId, space_mib: u32, now: u64) -> Result<RelayNotes, Error> {
    let sql = "SELECT used_bytes FROM space WHERE space_id = ?1";
    let used: i64 = file.query_row(sql, [space.as_bytes()], |row| row.get(0))?;
    let since = number((now / DAY_S).saturating_sub(TOLD_DAYS));
    let mut statement = file.prepare_cached(
        "SELECT what, device, day, times FROM audit
         WHERE space_id = ?1 AND day >= ?2 AND what NOT IN (?3, ?4, ?5, ?6) ORDER BY last_at DESC LIMIT ?7",
    )?;
    let untold = [What::Founded, What::Session, What::SessionRefused, What::NotAnEntry].map(|what| what as i64);
    let [a, b, c, d] = untold;
    let rows = statement.query_map(params![space.as_bytes(), since, a, b, c, d, TOLD], |row| {
        let count = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
        let device = DeviceId::from_bytes(row.get(1)?);
        Ok(Happened { what: row.get(0)?, device, day: count(2)?, times: count(3)? })
    })?;
    let happened = rows.collect::<Result<_, _>>()?;
    let (used, room) = (used.unsigned_abs(), u64::from(space_mib) * MIB);
    Ok(RelayNotes { used, room, happened, rescues: rescues(file, space)? })
}

fn rescues(file: &Connection, space: SpaceId) -> Result<Vec<RescueItem>, Error> {
    let sql =
        "SELECT rescue_id, device, received_at, LENGTH(body) FROM rescue WHERE space_id = ?1 ORDER BY received_at";
    let mut statement = file.prepare_cached(sql)?;
    let rows = statement.query_map([space.as_bytes()], |row| {
        let (device, at) = (DeviceId::from_bytes(row.get(1)?), row.get::<_, i64>(2)?);
        Ok(RescueItem { id: row.get(0)?, device, received_at: at.unsigned_abs(), len: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
