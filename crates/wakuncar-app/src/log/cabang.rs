//! Closing forks (PROTOCOL §2.15): a seat names the heads that are taken in. Two branches of a device that was not
//! reported stolen are two halves of honest work, and are joined without a person; of anything else a person decides.
//! Once closed, a log takes in nothing more of its author, who continues under a new name.

use std::collections::BTreeSet;

use wakuncar_wire::{CollId, Control, DeviceId, Entry, EntryId, Reason};

use crate::{App, Error};

/// Branches of one log that are joined without a person.
const JOINED: usize = 2;

impl App {
    /// Whether a log of this very device forked, as its person should know: it records on, and sends nothing until it is
    /// registered anew.
    pub(crate) fn is_split(&self) -> Result<bool, Error> {
        Ok(self.diri.known.is_some() && self.is_forked()?)
    }

    /// Closes the forks that need no person; how many. Only a seat's word counts.
    pub(crate) fn close_forks(&mut self) -> Result<usize, Error> {
        self.close(|heads, reason| heads <= JOINED && reason.is_none_or(Reason::is_honest), None)
    }

    /// Joins all branches of a device, by a person's word; how many logs.
    ///
    /// # Errors
    /// [`Error::BukanKoordinator`], [`Error::Store`].
    pub fn satukan(&mut self, perangkat: DeviceId) -> Result<usize, Error> {
        self.kursi()?;
        self.close(|_, _| true, Some(perangkat))
    }

    fn close(&mut self, may: impl Fn(usize, Option<Reason>) -> bool, only: Option<DeviceId>) -> Result<usize, Error> {
        let Ok(auth) = self.kursi() else { return Ok(0) };
        let known = self.known()?;
        let mut closes = Vec::new();
        for (coll, author, _) in self.store.forks()? {
            let closed = known.roster.accepted_heads(coll, author).is_some();
            if closed && only.is_none() || only.is_some_and(|only| only != author) {
                continue;
            }
            let heads = self.tips(coll, author)?;
            if may(heads.len(), known.roster.reason(author)) {
                closes.push(Control::ForkClose { coll, author, heads });
            }
        }
        if !closes.is_empty() {
            self.issue(auth, &closes)?;
            self.apply_waiting()?;
        }
        Ok(closes.len())
    }

    /// The entries of a log before which no other stands.
    fn tips(&self, coll: CollId, author: DeviceId) -> Result<Vec<EntryId>, Error> {
        let held = if coll == CollId::CONTROL {
            self.store.control_entries()?.into_iter().map(|held| held.bytes).collect::<Vec<_>>()
        } else {
            self.store.counted_entries(coll)?.into_iter().map(|held| held.bytes).collect()
        };
        let (mut all, mut before) = (Vec::new(), BTreeSet::new());
        for bytes in held {
            let entry = Entry::decode(&bytes).map_err(|_| Error::damaged("entry"))?;
            if entry.header().author == author {
                before.insert(entry.header().prev);
                all.push(entry.id());
            }
        }
        all.retain(|id| !before.contains(id));
        Ok(all)
    }
}
