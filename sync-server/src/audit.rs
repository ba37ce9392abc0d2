//! What happened how often on which day: for the operator and the office. Ids of devices, no address, no answer.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use wakuncar_wire::{DeviceId, SpaceId};

use crate::Error;
use crate::book::number;
use crate::usage::DAY_S;

/// What happened. The number stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// A kelurahan was begun.
    Founded = 1,
    /// A session was opened.
    Session = 2,
    /// A wrong answer for a session. Nobody knows by whom: the device is zeros.
    SessionRefused = 3,
    /// A wrong answer for an invite, whose keys' id stands for the device.
    InviteGuessed = 4,
    /// A pushed entry was not of its form.
    NotAnEntry = 5,
    /// A pushed entry was refused.
    Refused = 6,
    /// A pushed entry was above a limit of the day.
    OverQuota = 7,
    /// A device wrote two entries with one number.
    Fork = 8,
    /// A device that was shut out brought something.
    Revoked = 9,
    /// A device left its unsent work for the office.
    Rescued = 10,
    /// A row of the file was not what it said.
    Damaged = 11,
    /// The kelurahan has no room left.
    SpaceFull = 12,
}

/// Counts that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    counts: BTreeMap<(SpaceId, u64, DeviceId, What), (u64, u64)>,
    swept: u64,
}

impl Audit {
    /// Counts one more.
    pub(crate) fn add(&mut self, space: SpaceId, device: DeviceId, what: What, now: u64) {
        let (times, last) = self.counts.entry((space, now / DAY_S, device, what)).or_default();
        (*times, *last) = (*times + 1, now);
    }

    /// Writes the counts.
    pub(crate) fn save(&mut self, tx: &Connection) -> Result<(), Error> {
        for ((space, day, device, what), (times, last)) in std::mem::take(&mut self.counts) {
            let mut statement = tx.prepare_cached(
                "INSERT INTO audit (space_id, day, device, what, times, last_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM space WHERE space_id = ?1)
                 ON CONFLICT (space_id, day, device, what)
                 DO UPDATE SET times = times + excluded.times, last_at = excluded.last_at",
            )?;
            let (day, times, last) = (number(day), number(times), number(last));
            statement.execute(params![space.as_bytes(), day, device.as_bytes(), what as i64, times, last])?;
        }
        Ok(())
    }

    /// Once a day: what is older than so many days goes, here and from the counts of what was brought.
    pub(crate) fn sweep(&mut self, tx: &Connection, days: u32, now: u64) -> Result<(), Error> {
        let today = now / DAY_S;
        if self.swept == today {
            return Ok(());
        }
        self.swept = today;
        let before = number(today.saturating_sub(u64::from(days)));
        tx.execute("DELETE FROM audit WHERE day < ?1", [before])?;
        tx.execute("DELETE FROM usage WHERE day < ?1", [before])?;
        Ok(())
    }
}
