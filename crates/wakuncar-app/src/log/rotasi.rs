//! New keys after every loss of the right to read: a phone was shut out, somebody left, a seat or the root changed
//! hands (PROTOCOL §2.7). Never when somebody is added.

use std::collections::BTreeSet;

use wakuncar_roster::Roster;
use wakuncar_seal::ContentKey;
use wakuncar_wire::{DeviceWrap, PublicIdentity, Scope};

use super::kunci_isi::{Asal, wraps_entries};
use super::{Oleh, Pena, announce, keep_entries, keep_keys};
use crate::{App, Error, acak};

impl App {
    /// Announces a new key for every scope whose key somebody has who may not read any more; how many. Only a seat
    /// does, and only one that has the seats' key. All of it is on the disk, or nothing.
    pub(crate) fn rotate_keys(&mut self) -> Result<usize, Error> {
        let Ok(auth) = self.kursi() else { return Ok(0) };
        let (space, known) = (self.space()?, self.known()?);
        let roster = &known.roster;
        let stale = stale(roster);
        if stale.is_empty() || roster.is_update_needed() {
            return Ok(0);
        }
        self.check_stamp()?;
        let Some(mut seats) = self.newest_keys(Scope::Seat)?.pop() else { return Ok(0) };
        if let Some(best) = self.writing_key(Scope::Seat)? {
            seats = best;
        }
        let parents = stale.iter().map(|scope| self.newest_keys(*scope)).collect::<Result<Vec<_>, _>>()?;
        let oleh = Oleh { secret: &self.diri.secret, auth };
        let mut pena = Pena::new(&self.store, space);
        let mut made = Vec::new();
        let mut wraps: Vec<DeviceWrap> = Vec::new();
        // The seats' key comes first: the others are sealed under the new one.
        for (scope, parents) in stale.iter().zip(parents) {
            let asal = Asal { parents, accounted: roster.lost(*scope).into_iter().collect() };
            let under = (*scope != Scope::Seat).then_some(&seats);
            let key = announce(&mut pena, oleh, space, *scope, under, asal)?;
            for to in readers(roster, *scope) {
                let ct = key.wrap_for(space, &to, &acak::bytes()?)?;
                wraps.push((key.id(), to.device_id(), ct.into()));
            }
            made.push(key.clone());
            if *scope == Scope::Seat {
                seats = key;
            }
        }
        wraps_entries(&wraps).try_for_each(|control| pena.control(oleh, &control).map(drop))?;
        let entries = pena.done();
        self.store.write::<_, Error>(|tx| {
            keep_entries(tx, &entries)?;
            keep_keys(tx, &made)
        })?;
        self.refresh_known()?;
        Ok(made.len())
    }

    /// Whether somebody who may not read any more has the key with which one of our collections is written.
    pub(crate) fn waits_for_new_keys(&self) -> bool {
        let Some(known) = &self.diri.known else { return false };
        stale(&known.roster).into_iter().any(|scope| known.roster.may_hold(self.diri.id, scope))
    }
}

/// Scopes with a key that is not clean, the seats' first.
fn stale(roster: &Roster) -> BTreeSet<Scope> {
    let scopes: BTreeSet<Scope> = roster.keys().map(|(_, key)| key.scope).collect();
    scopes.into_iter().filter(|scope| matches!(roster.writing_key(*scope), Some((_, false)))).collect()
}

/// Who gets a key by a wrap of her own: of the seats' key seats and root, of others the devices that have no seat.
fn readers(roster: &Roster, scope: Scope) -> Vec<PublicIdentity> {
    if scope == Scope::Seat {
        let holders: BTreeSet<PublicIdentity> = roster.seats().map(|(_, seat)| seat.holder).collect();
        return holders.into_iter().chain([roster.root()]).collect();
    }
    let devices = roster.devices().filter(|(id, _)| roster.seat_of(*id).is_none() && roster.may_hold(*id, scope));
    devices.map(|(_, device)| device.keys).collect()
}

/// A key of the seats for somebody who gets a seat, and nothing else: under it are all the others.
pub(crate) fn wraps_of_seats(
    space: wakuncar_wire::SpaceId,
    keys: &[ContentKey],
    to: &PublicIdentity,
) -> Result<Vec<DeviceWrap>, Error> {
    let wrap = |key: &ContentKey| Ok((key.id(), to.device_id(), key.wrap_for(space, to, &acak::bytes()?)?.into()));
    keys.iter().map(wrap).collect()
}
