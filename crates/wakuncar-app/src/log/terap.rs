//! Applying what was taken over: as far as it counts, and after everything on which it rests (PROTOCOL §2.6, §2.9).

use std::collections::{BTreeMap, HashSet};

use wakuncar_document::{Outcome, Quota, change_hash};
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_seal::open_body;
use wakuncar_store::Applied;
use wakuncar_wire::{Batch, CollId, DeviceId, Entry, EntryId, Kind, Section, Wire};

use super::penitipan::candidates_text;
use super::terima::koleksi_of;
use crate::{App, Error, clock};

/// A document that an entry changed, as it is to be stored.
struct Changed {
    rumah: RumahId,
    koleksi: Koleksi,
    changes: Vec<([u8; 32], Vec<u8>)>,
}

/// What an author had brought for documents before an entry, and has after it.
type Brought = BTreeMap<(RumahId, Koleksi), (Quota, Quota)>;

/// What became of a section.
enum Taken {
    Changed(Changed),
    /// It is of something that was erased.
    Nothing,
    /// It rests on a change that is not here and that its author did not name.
    Waits,
    /// It counts as empty.
    Refused,
}

impl App {
    /// Applies whatever of the waiting entries can be applied now; how many entries were.
    pub(crate) fn apply_waiting(&mut self) -> Result<usize, Error> {
        if self.diri.known.is_none() {
            return Ok(0);
        }
        self.recount()?;
        let counting = self.counting()?;
        // What does not count by itself and is taken in because something rests on it.
        let mut needed: HashSet<EntryId> = HashSet::new();
        let mut total = 0;
        let mut marked = false;
        loop {
            let mut waiting = Vec::new();
            for held in self.store.waiting_entries()? {
                let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
                if needed.contains(&held.id) || counting.counts(entry.header(), held.id) {
                    waiting.push((held, entry));
                }
            }
            if !marked && !waiting.is_empty() {
                self.mark_applying(waiting.iter().map(|(held, _)| held.id))?;
                marked = true;
            }
            let (mut applied, before) = (0, needed.len());
            for (held, entry) in &waiting {
                self.mark_one(held.id)?;
                let done = self.apply_entry(entry, &mut needed);
                if !matches!(done, Ok(true)) {
                    self.documents.clear();
                }
                applied += usize::from(done?);
            }
            total += applied;
            if applied == 0 && needed.len() == before {
                break;
            }
        }
        if marked {
            self.unmark()?;
        }
        Ok(total)
    }

    /// Applies one entry in one transaction; `false` if it has to wait. Of an entry with a section that is refused the
    /// others are applied and its log goes on, but it never counts as received.
    fn apply_entry(&mut self, entry: &Entry, needed: &mut HashSet<EntryId>) -> Result<bool, Error> {
        self.trim_documents();
        let Some((koleksi, batch)) = self.open_batch(entry)? else { return Ok(false) };
        let header = entry.header();
        let mut rests = header.seq == 1
            || self.is_applied(header.coll, header.author, header.seq - 1, header.prev.prefix(), needed)?;
        for head in &batch.causal {
            rests &= self.is_applied(header.coll, head.author, head.seq, head.id8, needed)?;
        }
        if !rests {
            return Ok(false);
        }
        let mut applied = Applied::Wholly;
        let mut changed = Vec::new();
        let mut brought = BTreeMap::new();
        for section in &batch.sections {
            if !self.has_quota(entry, koleksi, section, &mut brought)? {
                applied = if applied == Applied::No { applied } else { Applied::Partly };
                continue;
            }
            match self.apply_section(entry, koleksi, section)? {
                Taken::Changed(document) => changed.push(document),
                Taken::Nothing => {}
                Taken::Waits => applied = Applied::No,
                Taken::Refused if applied == Applied::Wholly => applied = Applied::Partly,
                Taken::Refused => {}
            }
        }
        self.keep_applied(entry, &changed, applied, &batch.causal.to_wire(), &brought)?;
        Ok(applied != Applied::No)
    }

    /// Whether the author may still bring so much for a document (PROTOCOL §2.20); notes what she brings now.
    fn has_quota(
        &self,
        entry: &Entry,
        koleksi: Koleksi,
        (doc, changes): &Section,
        brought: &mut Brought,
    ) -> Result<bool, Error> {
        let rumah = RumahId::from_bytes(*doc.as_bytes());
        let (_, quota) = match brought.entry((rumah, koleksi)) {
            std::collections::btree_map::Entry::Occupied(held) => held.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                let header = entry.header();
                let (bytes, ops) = self.store.brought(rumah, koleksi, header.author, header.seq)?;
                let before = Quota::from_counts(bytes, ops);
                new.insert((before, before))
            }
        };
        let slices: Vec<&[u8]> = changes.iter().map(|bytes| bytes.as_slice()).collect();
        Ok(quota.take(&slices))
    }

    /// Whether an entry on which another rests is applied; if it is only held, it is needed from now on.
    fn is_applied(
        &self,
        coll: CollId,
        author: DeviceId,
        seq: u64,
        id8: [u8; 8],
        needed: &mut HashSet<EntryId>,
    ) -> Result<bool, Error> {
        match self.store.entry_at(coll, author, seq, id8)? {
            Some((id, Applied::No)) => {
                needed.insert(id);
                Ok(false)
            }
            Some((_, Applied::Partly | Applied::Wholly)) => Ok(true),
            None => Ok(false),
        }
    }

    /// The changes that a sealed entry carries, if its key is here and it opens. Whether it counts is asked elsewhere.
    pub(crate) fn open_batch(&mut self, entry: &Entry) -> Result<Option<(Koleksi, Batch)>, Error> {
        let header = entry.header();
        let known = self.known()?;
        let Some(koleksi) = koleksi_of(&known.roster, header.coll) else { return Ok(None) };
        if header.kind != Kind::Batch {
            return Ok(None);
        }
        let Some(key) = self.content_key(header.key)? else { return Ok(None) };
        let Ok(payload) = open_body(&key, header, entry.body()) else { return Ok(None) };
        Ok(Batch::decode(&payload).ok().map(|batch| (koleksi, batch)))
    }

    /// Applies the changes of one document.
    fn apply_section(&mut self, entry: &Entry, koleksi: Koleksi, (doc, changes): &Section) -> Result<Taken, Error> {
        let rumah = RumahId::from_bytes(*doc.as_bytes());
        let coll = entry.header().coll;
        // A document stays in the collection in which it began: nobody reaches into another's.
        let elsewhere = self.store.document_coll(rumah, koleksi)?.is_some_and(|other| other != coll);
        let team = rumah == self.tim_id()?;
        if elsewhere || team != (koleksi == Koleksi::AnggotaTim) {
            return Ok(Taken::Refused);
        }
        // What is erased stays away, whoever brings it and however late.
        if self.known()?.roster.is_purged(coll, *doc) {
            return Ok(Taken::Nothing);
        }
        let mut prefix = [0; 8];
        prefix.copy_from_slice(&entry.header().author.as_bytes()[..8]);
        let slices: Vec<&[u8]> = changes.iter().map(|bytes| bytes.as_slice()).collect();
        match self.document(rumah, koleksi)?.receive(prefix, &slices) {
            Outcome::Applied(_) => {
                let hashed = changes.iter().filter_map(|bytes| Some((change_hash(bytes)?, bytes.to_vec())));
                Ok(Taken::Changed(Changed { rumah, koleksi, changes: hashed.collect() }))
            }
            Outcome::Waiting => Ok(Taken::Waits),
            Outcome::Refused(_) => Ok(Taken::Refused),
        }
    }

    fn keep_applied(
        &mut self,
        entry: &Entry,
        changed: &[Changed],
        applied: Applied,
        causal: &[u8],
        brought: &Brought,
    ) -> Result<(), Error> {
        let (id, coll) = (entry.id(), entry.header().coll);

        let (unix_ms, hari) = (clock::unix_ms(), clock::today());
        let mut documents = Vec::new();
        let mut rumah = Vec::new();
        for Changed { rumah: doc, koleksi, changes } in changed {
            let document = self.document(*doc, *koleksi)?;
            let (body, heads, apart) = (document.save(), document.heads(), document.conflicts());
            let settled: Vec<_> = changes.iter().filter_map(|(hash, _)| document.settled_by(hash)).collect();
            documents.push((*doc, *koleksi, body, heads, settled, apart));
            if *koleksi != Koleksi::AnggotaTim {
                let record = self.read_rumah(*doc)?;
                let temuan = record.temuan(hari);
                rumah.push((record, temuan));
            }
        }
        self.store.write(|tx| {
            for Changed { rumah, koleksi, changes } in changed {
                tx.set_document_coll(*rumah, *koleksi, coll)?;
                for (hash, bytes) in changes {
                    tx.put_change(*rumah, *koleksi, hash, bytes, false, unix_ms)?;
                    tx.set_change_entry(hash, id)?;
                }
            }
            for (doc, koleksi, body, heads, settled, apart) in &documents {
                tx.put_document(*doc, *koleksi, body, heads)?;
                for tempat in settled {
                    tx.delete_konflik(*doc, &tempat.to_string())?;
                }
                // Also what was answered apart again since.
                for conflict in apart {
                    tx.put_konflik(*doc, &conflict.tempat.to_string(), &candidates_text(conflict))?;
                }
            }
            for (record, temuan) in &rumah {
                tx.put_rumah(record, temuan)?;
            }
            // What waits is counted when it does not wait any more.
            if applied != Applied::No {
                for ((rumah, koleksi), (before, after)) in brought {
                    let ((bytes, ops), (more_bytes, more_ops)) = (before.counts(), after.counts());
                    tx.put_brought(entry, *rumah, *koleksi, (more_bytes - bytes, more_ops - ops))?;
                }
            }
            Ok(tx.set_applied(id, applied, causal)?)
        })
    }
}
