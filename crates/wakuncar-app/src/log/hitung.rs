//! What of the log counts on this device (PROTOCOL §2.6, §2.15): authority, forks, and what others built upon.
//!
//! Documents are a cache of what counts. When a cut-off or the closing of a fork comes late, entries that do not count
//! any more are parked: their changes leave the documents, their bytes stay.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use wakuncar_document::Document;
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_store::{Applied, CountedEntry};
use wakuncar_sync::{Counted, accepted, included};
use wakuncar_wire::{CollId, DeviceId, Entry, EntryId, Head, Header, Wire};

use super::Known;
use crate::{App, Error, clock};

/// Setting: of which cut-offs and forks the documents are.
const RECKONED: &str = "dihitung";

/// Who counts, with the forks that this device has seen.
pub(crate) struct Counting {
    known: Arc<Known>,
    forks: BTreeMap<DeviceId, Vec<Fork>>,
}

struct Fork {
    coll: CollId,
    /// The lowest number at which two entries stand.
    seq: u64,
    /// What a seat's word takes in; `None` while the fork is open.
    accepted: Option<BTreeSet<EntryId>>,
}

impl Counting {
    /// Whether an entry counts by itself. Of a device whose log forked nothing new does, until a seat has closed every
    /// fork.
    pub(crate) fn counts(&self, header: &Header, id: EntryId) -> bool {
        if !self.known.roster.is_valid(header) {
            return false;
        }
        let forks = self.forks.get(&header.author).map(Vec::as_slice).unwrap_or_default();
        forks.iter().all(|fork| match &fork.accepted {
            None => false,
            Some(accepted) => fork.coll != header.coll || header.seq < fork.seq || accepted.contains(&id),
        })
    }

    /// Whether a log of the device has forked and nobody has closed it.
    pub(crate) fn is_frozen(&self, device: DeviceId) -> bool {
        let forks = self.forks.get(&device).map(Vec::as_slice).unwrap_or_default();
        forks.iter().any(|fork| fork.accepted.is_none())
    }

    /// Authors of whom something may not count, and a text that changes when that may change.
    fn doubtful(&self) -> (BTreeSet<DeviceId>, String) {
        let roster = &self.known.roster;
        let (mut authors, mut text) = (BTreeSet::new(), String::new());
        let mut note = |author: DeviceId, what: &dyn std::fmt::Debug| {
            authors.insert(author);
            // Writing into a string cannot fail.
            let _ = write!(text, "{author} {what:?};");
        };
        for (id, device) in roster.devices() {
            for grant in device.grants.iter().filter(|grant| grant.cut_off.is_some()) {
                note(id, &(grant.grant, &grant.cut_off));
            }
        }
        for (grant, seat) in roster.seat_grants().filter(|(_, seat)| seat.cut_off.is_some()) {
            note(seat.holder.device_id(), &(grant, &seat.cut_off));
        }
        for (author, forks) in &self.forks {
            for fork in forks {
                note(*author, &(fork.coll, fork.seq, fork.accepted.as_ref().map(BTreeSet::len)));
            }
        }
        (authors, text)
    }
}

impl App {
    /// Reads who counts.
    pub(crate) fn counting(&self) -> Result<Counting, Error> {
        let known = self.known()?;
        let mut forks: BTreeMap<DeviceId, Vec<Fork>> = BTreeMap::new();
        for (coll, author, seq) in self.store.forks()? {
            let accepted = match known.roster.accepted_heads(coll, author) {
                Some(heads) => Some(accepted(self.log_of(coll, author)?, seq, heads)),
                None => None,
            };
            forks.entry(author).or_default().push(Fork { coll, seq, accepted });
        }
        Ok(Counting { known, forks })
    }

    fn log_of(&self, coll: CollId, author: DeviceId) -> Result<Vec<(EntryId, u64, EntryId)>, Error> {
        let mut log = Vec::new();
        for held in self.store.counted_entries(coll)? {
            let header = header(&held)?;
            if header.author == author {
                log.push((held.id, header.seq, header.prev));
            }
        }
        Ok(log)
    }

    /// Whether a log of this very device has forked: it was cloned, or an old copy of it ran on. It records on and
    /// sends nothing until it is registered anew.
    pub(crate) fn is_forked(&self) -> Result<bool, Error> {
        Ok(self.store.forks()?.iter().any(|(_, author, _)| *author == self.diri.id))
    }

    /// Brings the documents to what counts now, if cut-offs or forks have changed since.
    pub(crate) fn recount(&mut self) -> Result<(), Error> {
        let Ok(counting) = self.counting() else { return Ok(()) };
        let (authors, text) = counting.doubtful();
        let digest = blake3::hash(text.as_bytes());
        let before = self.store.setting(RECKONED)?;
        let nothing = text.is_empty() && before.is_none();
        if nothing || before.is_some_and(|before| before == digest.as_bytes()) {
            return Ok(());
        }
        let mut colls = BTreeSet::new();
        for author in authors {
            colls.extend(self.store.colls_of(author)?);
        }
        let mut all = true;
        for coll in colls {
            all &= self.recount_coll(&counting, coll)?;
        }
        if all {
            self.store.write::<_, Error>(|tx| Ok(tx.set_setting(RECKONED, digest.as_bytes())?))?;
        }
        Ok(())
    }

    /// `false` if own work that no entry carries yet rests on what would go: it stays, and is looked at again later.
    fn recount_coll(&mut self, counting: &Counting, coll: CollId) -> Result<bool, Error> {
        let mut out = self.not_counted(counting, coll)?;
        if !out.is_empty() && self.has_outbox_in(coll)? {
            // Own work is stamped with what it rests on, and so keeps it.
            self.susun()?;
            out = self.not_counted(counting, coll)?;
            if !out.is_empty() && self.has_outbox_in(coll)? {
                return Ok(false);
            }
        }
        if !out.is_empty() {
            self.park(&out)?;
        }
        Ok(true)
    }

    /// Applied entries of others that neither count nor carry one that does.
    fn not_counted(&mut self, counting: &Counting, coll: CollId) -> Result<BTreeSet<EntryId>, Error> {
        let (mut entries, mut applied) = (Vec::new(), BTreeSet::new());
        for held in self.store.counted_entries(coll)? {
            let header = header(&held)?;
            let causal = self.causal_of(&held)?;
            let taken = held.applied != Applied::No;
            // What was applied before a fork was seen stays until the fork is closed.
            let stays = taken && counting.is_frozen(header.author) && counting.known.roster.is_valid(&header);
            let valid = stays || counting.counts(&header, held.id);
            if taken && header.author != self.diri.id {
                applied.insert(held.id);
            }
            let (author, seq, prev) = (header.author, header.seq, header.prev);
            entries.push(Counted { id: held.id, author, seq, prev, causal, valid });
        }
        let counted = included(&entries);
        Ok(applied.difference(&counted).copied().collect())
    }

    /// On which heads an entry rests; nothing while it cannot be opened.
    fn causal_of(&mut self, held: &CountedEntry) -> Result<Vec<Head>, Error> {
        if let Some(causal) = &held.causal {
            return Vec::from_wire(causal).map_err(|_| Error::damaged("causal"));
        }
        let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
        let Some((_, batch)) = self.open_batch(&entry)? else { return Ok(Vec::new()) };
        self.store.write::<_, Error>(|tx| Ok(tx.set_causal(held.id, &batch.causal.to_wire())?))?;
        Ok(batch.causal)
    }

    fn has_outbox_in(&self, coll: CollId) -> Result<bool, Error> {
        for change in self.store.outbox()? {
            if self.store.document_coll(change.rumah, change.koleksi)? == Some(coll) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes entries out of the documents again, and writes documents and rows anew from what is left.
    fn park(&mut self, out: &BTreeSet<EntryId>) -> Result<(), Error> {
        let mut touched: BTreeSet<(RumahId, Koleksi)> = BTreeSet::new();
        for id in out {
            touched.extend(self.store.documents_of_entry(*id)?);
        }
        self.documents.clear();
        let parked = self.write_without(out, &touched);
        self.documents.clear();
        parked
    }

    fn write_without(&mut self, out: &BTreeSet<EntryId>, touched: &BTreeSet<(RumahId, Koleksi)>) -> Result<(), Error> {
        let mut documents = Vec::new();
        for (rumah, koleksi) in touched {
            let changes = self.store.changes(*rumah, *koleksi)?;
            let stays = |entry: Option<EntryId>| entry.is_none_or(|entry| !out.contains(&entry));
            let left: Vec<_> = changes.iter().filter(|change| change.made_here || stays(change.entry)).collect();
            let bodies: Vec<_> = left.iter().map(|change| change.body.as_slice()).collect();
            let document = Document::from_changes(*koleksi, &bodies)?;
            let stored = (!left.is_empty()).then(|| (document.save(), document.heads()));
            documents.push((*rumah, *koleksi, stored));
            self.documents.insert((*rumah, *koleksi), document);
        }
        let mut rows = Vec::new();
        let houses = touched.iter().filter(|(_, koleksi)| *koleksi != Koleksi::AnggotaTim).map(|(rumah, _)| *rumah);
        for rumah in houses.collect::<BTreeSet<_>>() {
            let record = self.read_rumah(rumah)?;
            let gone = |koleksi| match documents.iter().find(|(id, of, _)| (*id, *of) == (rumah, koleksi)) {
                Some((.., stored)) => Ok::<_, Error>(stored.is_none()),
                None => Ok(self.store.document(rumah, koleksi)?.is_none()),
            };
            let temuan = record.temuan(clock::today());
            rows.push((record, temuan, gone(Koleksi::Dasar)? && gone(Koleksi::Kesehatan)?));
        }
        self.store.write(|tx| {
            out.iter().try_for_each(|id| tx.park(*id))?;
            for (rumah, koleksi, stored) in &documents {
                match stored {
                    Some((body, heads)) => tx.put_document(*rumah, *koleksi, body, heads)?,
                    None => tx.delete_document(*rumah, *koleksi)?,
                }
            }
            for (record, temuan, gone) in &rows {
                if *gone {
                    tx.delete_rumah(record.id)?;
                } else {
                    tx.put_rumah(record, temuan)?;
                }
            }
            Ok(())
        })
    }
}

fn header(held: &CountedEntry) -> Result<Header, Error> {
    let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
    Ok(entry.header().clone())
}
