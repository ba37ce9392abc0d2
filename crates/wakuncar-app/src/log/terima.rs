//! Taking over what others wrote (PROTOCOL §2.9): stored first, page by page, then applied as far as it can be
//! (`terap.rs`).

use std::collections::{BTreeMap, HashMap, HashSet};

use wakuncar_domain::Koleksi;
use wakuncar_roster::Identities;
use wakuncar_store::Write;
use wakuncar_sync::{LogHead, Page, Place, place};
use wakuncar_wire::{CollHeads, CollId, Control, DeviceId, Entry, EntryId, Header, Kind, PushResult, Wire};

use crate::carry::Pin;
use crate::kelurahan::jenis;
use crate::sinkron::{HasilSinkron, INVITATION, MET, TOKENS};
use crate::{App, Error};

/// Entries kept beside the chain of a forked log: enough to prove the fork and to take a branch in.
const BRANCHES: usize = 64;
/// Entries of one author in one collection that are kept without being applied. More are asked for again once some of
/// these could be.
const PARKED: usize = 256;

impl App {
    /// Commits a page of a relay: entries, receipts and cursor in one transaction; then applies what can be applied.
    pub(crate) fn take_page(&mut self, pin: &Pin, page: &Page, hasil: &mut HasilSinkron) -> Result<(), Error> {
        let accepted = self.accept(&page.entries)?;
        // An old copy of this device's file: the relay has more of our own logs than we do.
        let counts_on = page.refused.iter().any(|(_, result)| matches!(result, PushResult::Gap(_)));
        let gap = accepted.gap > 0 || counts_on || self.is_behind(&page.own)?;
        let before = self.cursor(pin)?.map(|cursor| cursor.epoch);
        let other_life = page.cursor.is_some_and(|cursor| before.is_some_and(|before| before != cursor.epoch));
        let lost = self.lost_by_relay(&page.own)?;
        // What lies behind a hole, or came spoiled, is asked for again, with everything that is held.
        let whole = !gap && accepted.spoiled + page.spoiled == 0;
        let cursor = page.cursor.filter(|_| whole).map(|cursor| cursor.to_wire()).unwrap_or_default();
        let me = self.diri.id;
        for id in &page.stored {
            hasil.keluar += usize::from(!self.store.is_sworn(*id)?);
        }
        for (id, _) in &page.refused {
            let own = self.store.entry(*id)?.and_then(|bytes| Entry::decode(&bytes).ok());
            hasil.ditolak += usize::from(own.is_some_and(|entry| entry.header().author == me));
        }
        hasil.rusak += page.spoiled + accepted.spoiled;
        hasil.masuk += self.ingest(&accepted, |tx| {
            if other_life {
                tx.unset_all_stored(pin)?;
            }
            if page.cursor.is_none() {
                // It does not know where we were: it may have lost what others wrote, too.
                tx.unset_surveyed(pin)?;
            }
            for (coll, author, after) in &lost {
                tx.unset_stored(pin, *coll, *author, *after)?;
            }
            if !page.own.is_empty() {
                tx.set_own_logs(pin, me, &page.own)?;
            }
            accepted.given.iter().try_for_each(|(id, header)| tx.set_given(pin, *id, header))?;
            page.stored.iter().try_for_each(|id| tx.set_stored(pin, *id, page.server_time))?;
            tx.set_setting(MET, &page.server_time.to_be_bytes())?;
            Ok(tx.set_cursor(pin, &cursor)?)
        })?;
        Ok(())
    }

    /// Keeps entries that were accepted, with whatever else belongs into the same transaction; then applies what can be
    /// applied. How many were.
    pub(crate) fn ingest(
        &mut self,
        accepted: &Accepted,
        besides: impl FnOnce(&Write<'_>) -> Result<(), Error>,
    ) -> Result<usize, Error> {
        self.store.write::<_, Error>(|tx| {
            for entry in &accepted.entries {
                // Control entries and beats need no applying.
                tx.put_entry(entry, matches!(entry.header().kind, Kind::Control | Kind::Beat))?;
            }
            accepted.branches.iter().try_for_each(|entry| tx.put_branch(entry))?;
            besides(tx)
        })?;
        if accepted.entries.iter().chain(&accepted.branches).any(|entry| entry.header().kind == Kind::Control) {
            self.refresh_known()?;
            self.end_invitation()?;
        }
        self.apply_waiting()
    }

    /// Which entries of a page are genuine and follow in their logs, or prove that one forked.
    pub(crate) fn accept(&self, page: &[Entry]) -> Result<Accepted, Error> {
        let mut identities: Identities =
            self.diri.known.as_ref().map(|known| known.identities.clone()).unwrap_or_default();
        let mut accepted = Accepted::default();
        for entry in page {
            if identities.verify(entry).is_err() {
                accepted.spoiled += 1;
                continue;
            }
            identities.learn(entry);
            let (header, id) = (entry.header(), entry.id());
            let log = (header.coll, header.author, header.kind == Kind::Beat);
            let held = self.store.log_place(log.0, log.1, log.2, header.seq)?;
            let head = accepted.heads.get(&log).copied().or(held.head.map(|(seq, id)| LogHead { seq, id }));
            let standing = held.standing.or_else(|| accepted.ids.contains(&id).then_some(id));
            let place = place(header, id, head, standing);
            if matches!(place, Place::Next | Place::Gap(_)) && self.is_full(header, &accepted)? {
                continue;
            }
            match place {
                Place::Next => {
                    accepted.heads.insert(log, LogHead { seq: header.seq, id });
                    accepted.ids.insert(id);
                    accepted.given.push((id, header.clone()));
                    accepted.entries.push(entry.clone());
                }
                Place::Known => accepted.given.push((id, header.clone())),
                Place::Gap(_) if self.follows_branch(header, &accepted)? => self.keep_branch(entry, &mut accepted)?,
                Place::Gap(_) => accepted.gap += 1,
                Place::Fork => self.keep_branch(entry, &mut accepted)?,
            }
        }
        Ok(accepted)
    }

    /// Whether as much of an author as is kept without counting is here.
    fn is_full(&self, header: &Header, accepted: &Accepted) -> Result<bool, Error> {
        let sealed = header.kind == Kind::Batch;
        if !sealed || self.diri.known.as_ref().is_none_or(|known| known.roster.is_valid(header)) {
            return Ok(false);
        }
        let of_log = |entry: &&Entry| (entry.header().coll, entry.header().author) == (header.coll, header.author);
        let new = accepted.entries.iter().filter(of_log).count();
        Ok(self.store.parked_count(header.coll, header.author)? + new >= PARKED)
    }

    fn follows_branch(&self, header: &Header, accepted: &Accepted) -> Result<bool, Error> {
        let in_page = accepted.branches.iter().any(|entry| entry.id() == header.prev);
        Ok(in_page || self.store.holds_entry(header.prev)?)
    }

    /// Keeps the proof that a log forked. More than some would be a way to fill the disk.
    fn keep_branch(&self, entry: &Entry, accepted: &mut Accepted) -> Result<(), Error> {
        let header = entry.header();
        let new = accepted.branches.iter().filter(|other| other.header().author == header.author).count();
        let known = self.store.holds_entry(entry.id())? || !accepted.ids.insert(entry.id());
        if !known && self.store.branch_count(header.coll, header.author)? + new < BRANCHES {
            accepted.branches.push(entry.clone());
        }
        Ok(())
    }

    /// Whether the relay has entries of this very device that are not here.
    fn is_behind(&self, own: &[CollHeads]) -> Result<bool, Error> {
        for (coll, heads) in own {
            let ours = self.store.log_place(*coll, self.diri.id, false, 0)?.head.map_or(0, |(seq, _)| seq);
            if heads.iter().any(|head| head.author == self.diri.id && head.seq > ours) {
                return Ok(true);
            }
        }
        Ok(false)
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
            tx.delete_secrets(TOKENS)?;
            Ok(tx.forget_cursors()?)
        })
    }

    /// Writes control entries under an authority of this device.
    pub(crate) fn issue(&mut self, auth: wakuncar_wire::GrantId, control: &[Control]) -> Result<Vec<EntryId>, Error> {
        self.check_stamp()?;
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
pub(crate) struct Accepted {
    /// New ones, in order.
    pub(crate) entries: Vec<Entry>,
    /// What stands beside the chain of its log.
    pub(crate) branches: Vec<Entry>,
    /// Those of the page that stand in their logs now: the new ones, and those that were here.
    pub(crate) given: Vec<(EntryId, Header)>,
    /// How many are not genuine.
    pub(crate) spoiled: usize,
    /// How many are not taken since those before them are missing.
    pub(crate) gap: usize,
    heads: HashMap<(CollId, DeviceId, bool), LogHead>,
    ids: HashSet<EntryId>,
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
