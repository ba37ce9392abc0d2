//! Taking over what others wrote (PROTOCOL §2.9): stored first, page by page, then applied as far as it can be.

use std::collections::{BTreeMap, HashMap, HashSet};

use wakuncar_document::{Outcome, change_hash};
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_roster::Identities;
use wakuncar_seal::open_body;
use wakuncar_store::LogEntry;
use wakuncar_sync::{LogHead, Page, Place, place};
use wakuncar_wire::{Batch, CollHeads, CollId, Control, DeviceId, Entry, EntryId, Kind, Section, Wire};

use super::penitipan::candidates_text;
use crate::kelurahan::jenis;
use crate::sinkron::{CURSOR, HasilSinkron, INVITATION, MET, TOKEN};
use crate::{App, Error, clock};

/// A document that an entry changed, as it is to be stored.
struct Changed {
    rumah: RumahId,
    koleksi: Koleksi,
    changes: Vec<([u8; 32], Vec<u8>)>,
}

impl App {
    /// Commits a page: entries, receipts and cursor in one transaction; then applies what can be applied.
    pub(crate) fn take_page(&mut self, page: &Page, hasil: &mut HasilSinkron) -> Result<(), Error> {
        let Accepted { entries, spoiled, gap } = self.accept(&page.entries)?;
        let before = self.cursor()?.map(|cursor| cursor.epoch);
        let other_life = page.cursor.is_some_and(|cursor| before.is_some_and(|before| before != cursor.epoch));
        let lost = self.lost_by_relay(&page.own)?;
        // What lies behind a hole is asked for again, with everything that is held.
        let cursor = page.cursor.filter(|_| !gap).map(|cursor| cursor.to_wire()).unwrap_or_default();
        self.store.write::<_, Error>(|tx| {
            if other_life {
                tx.unset_all_stored()?;
            }
            for (coll, author, after) in &lost {
                tx.unset_stored(*coll, *author, *after)?;
            }
            for entry in &entries {
                // Control entries and beats need no applying.
                tx.put_entry(entry, matches!(entry.header().kind, Kind::Control | Kind::Beat))?;
            }
            page.stored.iter().try_for_each(|id| tx.set_stored(*id, page.server_time))?;
            tx.set_setting(MET, &page.server_time.to_be_bytes())?;
            Ok(tx.set_setting(CURSOR, &cursor)?)
        })?;
        hasil.keluar += page.stored.len();
        hasil.ditolak += page.refused.len();
        hasil.rusak += page.spoiled + spoiled;
        if entries.iter().any(|entry| entry.header().kind == Kind::Control) {
            self.refresh_known()?;
            self.end_invitation()?;
        }
        hasil.masuk += self.apply_waiting()?;
        Ok(())
    }

    /// Which entries of a page are genuine and follow in their logs.
    fn accept(&self, page: &[Entry]) -> Result<Accepted, Error> {
        let mut identities: Identities =
            self.diri.known.as_ref().map(|known| known.identities.clone()).unwrap_or_default();
        let mut accepted = Accepted::default();
        let mut heads: HashMap<(CollId, DeviceId, bool), LogHead> = HashMap::new();
        let mut ids: HashSet<EntryId> = HashSet::new();
        for entry in page {
            if identities.verify(entry).is_err() {
                accepted.spoiled += 1;
                continue;
            }
            identities.learn(entry);
            let (header, id) = (entry.header(), entry.id());
            let beat = header.kind == Kind::Beat;
            let log = (header.coll, header.author, beat);
            let held = self.store.log_place(header.coll, header.author, beat, header.seq)?;
            let head = heads.get(&log).copied().or(held.head.map(|(seq, id)| LogHead { seq, id }));
            let standing = held.standing.or_else(|| ids.contains(&id).then_some(id));
            match place(header, id, head, standing) {
                Place::Next => {
                    heads.insert(log, LogHead { seq: header.seq, id });
                    ids.insert(id);
                    accepted.entries.push(entry.clone());
                }
                Place::Known => {}
                Place::Gap(_) => accepted.gap = true,
                Place::Fork => accepted.spoiled += 1,
            }
        }
        Ok(accepted)
    }

    /// Own logs of which the relay has less than it once swore to.
    fn lost_by_relay(&self, own: &[CollHeads]) -> Result<Vec<(CollId, DeviceId, u64)>, Error> {
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let me = self.diri.id;
        let has: BTreeMap<CollId, u64> =
            own.iter().map(|(coll, heads)| (*coll, heads.iter().map(|head| head.seq).max().unwrap_or(0))).collect();
        let mine = self.store.heads()?.into_iter().filter(|(_, heads)| heads.iter().any(|head| head.author == me));
        Ok(mine.map(|(coll, _)| (coll, me, has.get(&coll).copied().unwrap_or(0))).collect())
    }

    /// Once confirmed, a device needs its invitation no more: from now on it asks as itself, for everything.
    pub(crate) fn end_invitation(&mut self) -> Result<(), Error> {
        if self.peran().is_none() || self.invitation()?.is_none() {
            return Ok(());
        }
        self.store.write(|tx| {
            tx.delete_secret(INVITATION)?;
            tx.delete_secret(TOKEN)?;
            Ok(tx.set_setting(CURSOR, &[])?)
        })
    }

    /// Applies whatever of the waiting entries can be applied now; how many entries were.
    pub(crate) fn apply_waiting(&mut self) -> Result<usize, Error> {
        let mut total = 0;
        loop {
            let mut applied = 0;
            for held in self.store.waiting_entries()? {
                let done = self.apply_entry(&held);
                if done.is_err() {
                    self.documents.clear();
                }
                applied += usize::from(done?);
            }
            total += applied;
            if applied == 0 {
                return Ok(total);
            }
        }
    }

    /// Applies one entry in one transaction; `false` if it has to wait. Of an entry with a section that is refused the
    /// others are applied, but it never counts as received.
    fn apply_entry(&mut self, held: &LogEntry) -> Result<bool, Error> {
        self.trim_documents();
        let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
        let Some((koleksi, batch)) = self.open_batch(&entry)? else { return Ok(false) };
        let coll = entry.header().coll;
        for head in &batch.causal {
            let standing = self.store.log_place(coll, head.author, false, head.seq)?.standing;
            if standing.is_none_or(|id| id.prefix() != head.id8) {
                return Ok(false);
            }
        }
        let mut whole = true;
        let mut changed = Vec::new();
        for section in &batch.sections {
            match self.apply_section(&entry, koleksi, section)? {
                Some(document) => changed.push(document),
                None => whole = false,
            }
        }
        self.keep_applied(held.id, coll, &changed, whole)?;
        Ok(whole)
    }

    /// The changes that a sealed entry carries, if it counts, its key is here and it opens.
    pub(crate) fn open_batch(&mut self, entry: &Entry) -> Result<Option<(Koleksi, Batch)>, Error> {
        let header = entry.header();
        let known = self.known()?;
        let Some(koleksi) = koleksi_of(&known.roster, header.coll) else { return Ok(None) };
        if header.kind != Kind::Batch || !known.roster.is_valid(header) {
            return Ok(None);
        }
        let Some(key) = self.content_key(header.key)? else { return Ok(None) };
        let Ok(payload) = open_body(&key, header, entry.body()) else { return Ok(None) };
        Ok(Batch::decode(&payload).ok().map(|batch| (koleksi, batch)))
    }

    /// Applies the changes of one document; `None` if they wait or are refused.
    fn apply_section(
        &mut self,
        entry: &Entry,
        koleksi: Koleksi,
        (doc, changes): &Section,
    ) -> Result<Option<Changed>, Error> {
        let rumah = RumahId::from_bytes(*doc.as_bytes());
        let coll = entry.header().coll;
        // A document stays in the collection in which it began: nobody reaches into another's.
        let elsewhere = self.store.document_coll(rumah, koleksi)?.is_some_and(|other| other != coll);
        let team = rumah == self.tim_id()?;
        if elsewhere || team != (koleksi == Koleksi::AnggotaTim) {
            return Ok(None);
        }
        let mut prefix = [0; 8];
        prefix.copy_from_slice(&entry.header().author.as_bytes()[..8]);
        let slices: Vec<&[u8]> = changes.iter().map(|bytes| bytes.as_slice()).collect();
        match self.document(rumah, koleksi)?.receive(prefix, &slices) {
            Outcome::Applied(_) => {
                let hashed = changes.iter().filter_map(|bytes| Some((change_hash(bytes)?, bytes.to_vec())));
                Ok(Some(Changed { rumah, koleksi, changes: hashed.collect() }))
            }
            Outcome::Waiting | Outcome::Refused(_) => Ok(None),
        }
    }

    fn keep_applied(&mut self, id: EntryId, coll: CollId, changed: &[Changed], whole: bool) -> Result<(), Error> {
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
            if whole {
                tx.set_applied(id)?;
            }
            Ok(())
        })
    }

    /// Writes control entries under an authority of this device.
    pub(crate) fn issue(&mut self, auth: wakuncar_wire::GrantId, control: &[Control]) -> Result<Vec<EntryId>, Error> {
        let mut pena = super::Pena::new(&self.store, self.space()?);
        let oleh = super::Oleh { secret: &self.diri.secret, auth };
        let ids = control.iter().map(|control| pena.control(oleh, control)).collect::<Result<Vec<_>, _>>()?;
        let entries = pena.done();
        self.store.write(|tx| super::keep_entries(tx, &entries))?;
        self.refresh_known()?;
        Ok(ids)
    }
}

/// What of a page is new and in order.
#[derive(Default)]
struct Accepted {
    entries: Vec<Entry>,
    spoiled: usize,
    gap: bool,
}

/// Which documents a collection holds; `None` for collections that this version only carries.
pub(crate) fn koleksi_of(roster: &wakuncar_roster::Roster, coll: CollId) -> Option<Koleksi> {
    match roster.collections().find(|(id, _)| *id == coll)?.1 {
        jenis::DASAR => Some(Koleksi::Dasar),
        jenis::KESEHATAN => Some(Koleksi::Kesehatan),
        jenis::ANGGOTA_TIM => Some(Koleksi::AnggotaTim),
        _ => None,
    }
}
