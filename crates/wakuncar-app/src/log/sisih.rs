//! What brings the app down is set aside (PROTOCOL §2.9): a marker stands on the disk while entries of others are
//! applied.
//!
//! The guard refuses what is known to harm. For what is not known, e.g. a body that takes all the memory: if the app
//! went down while it applied a page, the next start applies that page entry by entry, each with a marker of its own,
//! and an entry that stands in the marker [`TRIES`] times is set aside. It is kept and forwarded, and tried again by a
//! later version of the app. A battery that dies at the same entry three times in a row looks the same, and costs no
//! more than that entry's appearance until then.

use std::collections::BTreeSet;

use wakuncar_wire::{EntryId, Wire};

use super::susun::APP_VERSION;
use crate::{App, Error};

const MARKER: &str = "sedang_diterapkan";
/// How often an entry may be the one at which the app went down.
const TRIES: u8 = 3;

/// What is being applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Marker {
    /// Entries that were not applied when the app last went down: each gets a marker of its own.
    careful: Vec<EntryId>,
    /// The one that is applied just now, and how often it has been.
    now: Option<(EntryId, u8)>,
}

impl Marker {
    fn bytes(&self) -> Vec<u8> {
        (self.careful.clone(), self.now).to_wire()
    }
}

impl App {
    /// At a start: what was being applied when the app went down, if it did.
    pub(crate) fn read_marker(&mut self) -> Result<(), Error> {
        self.store.write::<_, Error>(|tx| Ok(tx.release_quarantined(APP_VERSION)?))?;
        let Some(bytes) = self.store.setting(MARKER)?.filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        // A marker that cannot be read says nothing about any entry.
        let (careful, now) = <(Vec<EntryId>, Option<(EntryId, u8)>)>::from_wire(&bytes).unwrap_or_default();
        let mut marker = Marker { careful, now };
        if let Some((id, _)) = marker.now.filter(|(_, tries)| *tries >= TRIES) {
            self.store.write::<_, Error>(|tx| Ok(tx.quarantine(id, APP_VERSION)?))?;
            marker.now = None;
        }
        self.hati_hati = marker;
        Ok(())
    }

    /// Before entries are applied.
    pub(crate) fn mark_applying(&mut self, entries: impl IntoIterator<Item = EntryId>) -> Result<(), Error> {
        let mut marker = self.hati_hati.clone();
        let careful: BTreeSet<EntryId> = marker.careful.iter().copied().chain(entries).collect();
        marker.careful = careful.into_iter().collect();
        self.store.write::<_, Error>(|tx| Ok(tx.set_setting(MARKER, &marker.bytes())?))
    }

    /// Before one entry is applied at which the app may have gone down.
    pub(crate) fn mark_one(&mut self, id: EntryId) -> Result<(), Error> {
        if !self.hati_hati.careful.contains(&id) {
            return Ok(());
        }
        let before = self.hati_hati.now.filter(|(at, _)| *at == id).map_or(0, |(_, tries)| tries);
        let marker = Marker { now: Some((id, before.saturating_add(1))), ..self.hati_hati.clone() };
        self.store.write::<_, Error>(|tx| Ok(tx.set_setting(MARKER, &marker.bytes())?))
    }

    /// After all were applied, or refused without harm.
    pub(crate) fn unmark(&mut self) -> Result<(), Error> {
        self.hati_hati = Marker::default();
        self.store.write::<_, Error>(|tx| Ok(tx.set_setting(MARKER, &[])?))
    }
}
