//! What each device brought today, against what it may (PROTOCOL §2.20). Whoever brings an entry is charged for it,
//! whoever wrote it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension, params};
use wakuncar_wire::{DeviceId, SpaceId};

use crate::book::number;
use crate::{Error, Limits};

pub(crate) const DAY_S: u64 = 86_400;
const MIB: u64 = 1024 * 1024;

/// Brought by one device on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Usage {
    pub(crate) bytes: u64,
    pub(crate) entries: u64,
    pub(crate) control: u64,
}

impl Usage {
    /// Whether an entry more is within the limits.
    pub(crate) fn fits(&self, limits: &Limits, seat: bool, bytes: usize, control: bool) -> bool {
        let (mib, entries, controls) = if seat {
            (limits.seat_mib, limits.seat_entries, limits.seat_control)
        } else {
            (limits.device_mib, limits.device_entries, limits.device_control)
        };
        self.bytes + bytes as u64 <= u64::from(mib) * MIB
            && self.entries < u64::from(entries)
            && (!control || self.control < u64::from(controls))
    }

    pub(crate) fn add(&mut self, bytes: usize, control: bool) {
        self.bytes += bytes as u64;
        self.entries += 1;
        self.control += u64::from(control);
    }
}

/// The day's counts of a kelurahan.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    day: u64,
    counts: HashMap<DeviceId, Usage>,
    changed: Vec<DeviceId>,
}

impl Ledger {
    /// What a device brought today.
    pub(crate) fn today(
        &mut self,
        tx: &Connection,
        space: SpaceId,
        device: DeviceId,
        now: u64,
    ) -> Result<&mut Usage, Error> {
        let day = now / DAY_S;
        if day != self.day {
            *self = Self { day, ..Self::default() };
        }
        if !self.changed.contains(&device) {
            self.changed.push(device);
        }
        match self.counts.entry(device) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(read(tx, space, device, day)?)),
        }
    }

    /// Writes what was counted since the last time.
    pub(crate) fn save(&mut self, tx: &Connection, space: SpaceId) -> Result<(), Error> {
        for device in self.changed.drain(..) {
            let Some(usage) = self.counts.get(&device) else { continue };
            let mut statement = tx.prepare_cached(
                "INSERT INTO usage (space_id, device, day, bytes, entries, control) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (space_id, device, day)
                 DO UPDATE SET bytes = excluded.bytes, entries = excluded.entries, control = excluded.control",
            )?;
            let (bytes, entries, control) = (number(usage.bytes), number(usage.entries), number(usage.control));
            let day = number(self.day);
            statement.execute(params![space.as_bytes(), device.as_bytes(), day, bytes, entries, control])?;
        }
        Ok(())
    }
}

/// Seconds until the next day begins.
pub(crate) fn until_tomorrow(now: u64) -> u32 {
    u32::try_from(DAY_S - now % DAY_S).unwrap_or(u32::MAX)
}

fn read(tx: &Connection, space: SpaceId, device: DeviceId, day: u64) -> Result<Usage, Error> {
    let sql = "SELECT bytes, entries, control FROM usage WHERE space_id = ?1 AND device = ?2 AND day = ?3";
    let row = tx.prepare_cached(sql)?.query_row(params![space.as_bytes(), device.as_bytes(), number(day)], |row| {
        let count = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
        Ok(Usage { bytes: count(0)?, entries: count(1)?, control: count(2)? })
    });
    Ok(row.optional()?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_so_many_bytes_entries_and_control_entries() {
        let limits =
            Limits { device_mib: 1, device_entries: 3, device_control: 1, seat_entries: 4, ..Limits::default() };
        let mut usage = Usage::default();
        assert!(usage.fits(&limits, false, 1024 * 1024, true) && !usage.fits(&limits, false, 1024 * 1024 + 1, false));
        usage.add(1000, true);
        assert!(!usage.fits(&limits, false, 10, true), "one control entry a day");
        assert!(usage.fits(&limits, true, 10, true), "a seat may write more");
        usage.add(10, false);
        usage.add(10, false);
        assert!(!usage.fits(&limits, false, 10, false) && usage.fits(&limits, true, 10, false));
        usage.add(10, false);
        assert!(!usage.fits(&limits, true, 10, false));
    }

    #[test]
    fn tomorrow_is_when_the_day_of_the_relays_clock_ends() {
        for (now, left) in [(0, 86_400), (1, 86_399), (86_399, 1), (86_400, 86_400)] {
            assert_eq!(until_tomorrow(now), left);
        }
    }
}
