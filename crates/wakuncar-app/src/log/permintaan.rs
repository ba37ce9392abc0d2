//! Keys that are missing: asked for once, answered by whoever has them (PROTOCOL §2.7). A missing key is a normal
//! state: what it seals is kept and waits.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{Control, ControlBody, DeviceId, DeviceWrap, Entry, GrantId, Header, KeyId, Scope, Wire};

use super::kunci_isi::wraps_entries;
use crate::{App, Error, acak};

/// Most keys that are asked for at once.
const MAX_REQUESTS: usize = 64;

impl App {
    /// Asks for keys that this device may have, needs and does not have. Each is asked for once.
    pub(crate) fn request_keys(&mut self) -> Result<usize, Error> {
        let known = self.known()?;
        let roster = &known.roster;
        let Some(auth) = self.own_grant() else { return Ok(0) };
        let me = self.diri.id;
        let asked: BTreeSet<KeyId> =
            roster.key_requests().filter(|(_, device)| *device == me).map(|(key, _)| key).collect();
        let missing: Vec<KeyId> = self.missing_keys()?.into_iter().filter(|key| !asked.contains(key)).collect();
        let requests: Vec<Control> =
            missing.into_iter().take(MAX_REQUESTS).map(|key| Control::KeyRequest { key }).collect();
        if !requests.is_empty() {
            self.issue(auth, &requests)?;
        }
        Ok(requests.len())
    }

    /// Wraps keys that others have asked for, may have, and that nobody has given them. A seat does not rely on
    /// others: a wrap that does not open must not keep the asker from one that does.
    pub(crate) fn answer_key_requests(&mut self) -> Result<usize, Error> {
        let known = self.known()?;
        let roster = &known.roster;
        let Some(auth) = self.own_grant() else { return Ok(0) };
        let me = self.diri.id;
        let wanted: Vec<(KeyId, DeviceId)> = roster.key_requests().filter(|(_, device)| *device != me).collect();
        if wanted.is_empty() {
            return Ok(0);
        }
        let given = self.own_wraps()?;
        let seat = roster.seat_of(me).is_some();
        let mut wraps: Vec<DeviceWrap> = Vec::new();
        for (id, device) in wanted {
            let others = !seat && roster.wraps(id, device).next().is_some();
            let Some(keys) = known.identities.get(device).filter(|_| !others && !given.contains(&(id, device))) else {
                continue;
            };
            if let Some(key) = self.content_key(id)? {
                wraps.push((id, device, key.wrap_for(roster.space(), keys, &acak::bytes()?)?.into()));
            }
        }
        let entries: Vec<Control> = wraps_entries(&wraps).collect();
        if !entries.is_empty() {
            self.issue(auth, &entries)?;
        }
        Ok(wraps.len())
    }

    /// How many entries are kept here that wait for a key which this device may have.
    pub(crate) fn waiting_for_keys(&mut self) -> Result<usize, Error> {
        let mut by_key: BTreeMap<KeyId, usize> = BTreeMap::new();
        for header in self.waiting_headers()? {
            *by_key.entry(header.key).or_default() += 1;
        }
        let mut waiting = 0;
        for (key, entries) in by_key {
            waiting += if self.lacks(key)? { entries } else { 0 };
        }
        Ok(waiting)
    }

    /// Keys of entries that wait, and those with which this device would have to write.
    fn missing_keys(&mut self) -> Result<BTreeSet<KeyId>, Error> {
        let known = self.known()?;
        let mut needed: BTreeSet<KeyId> = self.waiting_headers()?.into_iter().map(|header| header.key).collect();
        let scopes: BTreeSet<Scope> = known.roster.keys().map(|(_, key)| key.scope).collect();
        needed.extend(scopes.into_iter().filter_map(|scope| known.roster.writing_key(scope)).map(|(id, _)| id));
        let mut missing = BTreeSet::new();
        for key in needed {
            if self.lacks(key)? {
                missing.insert(key);
            }
        }
        Ok(missing)
    }

    /// Whether this is an announced key that this device may have and has not.
    fn lacks(&mut self, id: KeyId) -> Result<bool, Error> {
        let known = self.known()?;
        let may = known.roster.key(id).is_some_and(|key| known.roster.may_hold(self.diri.id, key.scope));
        Ok(may && self.content_key(id)?.is_none())
    }

    /// What lies here and is not applied.
    fn waiting_headers(&self) -> Result<Vec<Header>, Error> {
        let headers = self.store.waiting_entries()?.into_iter().map(|held| {
            let (len, rest) = held.bytes.split_first_chunk::<2>()?;
            Header::from_wire(rest.get(..usize::from(u16::from_be_bytes(*len)))?).ok()
        });
        headers.map(|header| header.ok_or_else(|| Error::damaged("entry"))).collect()
    }

    /// Which keys this device has wrapped for whom.
    fn own_wraps(&self) -> Result<BTreeSet<(KeyId, DeviceId)>, Error> {
        let mut own = BTreeSet::new();
        for held in self.store.control_entries()? {
            let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
            if entry.header().author != self.diri.id {
                continue;
            }
            match Control::decode(entry.body()) {
                Ok(ControlBody::Known(Control::Wraps { wraps })) => {
                    own.extend(wraps.iter().map(|(key, device, _)| (*key, *device)));
                }
                Ok(ControlBody::Known(Control::Wrap { key, recipient, .. })) => drop(own.insert((key, recipient))),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(own)
    }

    /// A grant under which this device acts as a member.
    pub(crate) fn own_grant(&self) -> Option<GrantId> {
        let roster = &self.diri.known.as_ref()?.roster;
        let seat = roster.seat_of(self.diri.id).map(|(grant, _)| grant);
        let own = || roster.device(self.diri.id)?.grants.iter().find(|grant| grant.cut_off.is_none());
        seat.or_else(|| own().map(|grant| grant.grant))
    }
}
