//! Content keys on this device: made, announced, unwrapped, wrapped for others (PROTOCOL §2.7).
//!
//! Who has the newest key of a scope reads the past as well: each key carries its parents. When new keys are made is
//! decided in `rotasi.rs`, what is asked for in `permintaan.rs`.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_roster::Roster;
use wakuncar_seal::ContentKey;
use wakuncar_wire::{Control, DeviceWrap, GrantId, KeyId, PublicIdentity, Scope, SpaceId, WrappedKey};

use super::{Oleh, Pena};
use crate::{App, Error, acak};

/// Bytes of wraps in one control entry; a wrap takes some 140.
const WRAPS: usize = 450;

fn name(key: KeyId) -> String {
    format!("kunci/{key}")
}

impl App {
    /// A content key: from the file, or out of a wrap that is for us, a seat's wrap, or a newer key that we have.
    /// `None` is a normal state: what it seals waits.
    pub(crate) fn content_key(&mut self, id: KeyId) -> Result<Option<ContentKey>, Error> {
        let mut found = BTreeMap::new();
        let key = self.find_key(id, &mut BTreeSet::new(), &mut found)?;
        if !found.is_empty() {
            let keys: Vec<ContentKey> = found.into_values().collect();
            self.store.write(|tx| keep(tx, &keys))?;
        }
        Ok(key)
    }

    /// Looks for a key; `tried` ends the search where keys name each other as parents.
    fn find_key(
        &self,
        id: KeyId,
        tried: &mut BTreeSet<KeyId>,
        found: &mut BTreeMap<KeyId, ContentKey>,
    ) -> Result<Option<ContentKey>, Error> {
        if let Some(key) = found.get(&id) {
            return Ok(Some(key.clone()));
        }
        if let Some(key) = self.kept_key(id)? {
            return Ok(Some(key));
        }
        if !tried.insert(id) {
            return Ok(None);
        }
        let (space, known) = (self.space()?, self.known()?);
        let mut wraps = known.roster.wraps(id, self.diri.id);
        let mut key = wraps.find_map(|wrap| ContentKey::unwrap_from(space, id, wrap, &self.diri.secret).ok());
        if key.is_none() {
            key = self.key_under_another(id, tried, found)?;
        }
        if let Some(key) = &key {
            found.insert(id, key.clone());
        }
        Ok(key)
    }

    fn kept_key(&self, id: KeyId) -> Result<Option<ContentKey>, Error> {
        let Some(bytes) = self.store.secret(&name(id))? else { return Ok(None) };
        let bytes: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| Error::damaged("kunci"))?;
        Ok(Some(ContentKey::from_bytes(bytes)))
    }

    /// Under the seats' key, or as an earlier key under a later one.
    fn key_under_another(
        &self,
        id: KeyId,
        tried: &mut BTreeSet<KeyId>,
        found: &mut BTreeMap<KeyId, ContentKey>,
    ) -> Result<Option<ContentKey>, Error> {
        let (space, known) = (self.space()?, self.known()?);
        let roster = &known.roster;
        let seats = roster.keys().filter(|(seat, key)| key.scope == Scope::Seat && *seat != id);
        for (seat, _) in seats {
            let sealed: Vec<&[u8]> = roster.seat_wraps(id).collect();
            if sealed.is_empty() {
                break;
            }
            let Some(seat) = self.find_key(seat, tried, found)? else { continue };
            if let Some(key) = sealed.into_iter().find_map(|sealed| seat.open_key(space, id, sealed).ok()) {
                return Ok(Some(key));
            }
        }
        for (child, entry) in roster.keys() {
            for (_, sealed) in entry.parents.iter().filter(|(parent, _)| *parent == id) {
                let Some(child) = self.find_key(child, tried, found)? else { continue };
                if let Ok(key) = child.open_key(space, id, sealed) {
                    return Ok(Some(key));
                }
            }
        }
        Ok(None)
    }

    /// The key to write a scope with.
    pub(crate) fn writing_key(&mut self, scope: Scope) -> Result<Option<ContentKey>, Error> {
        match self.known()?.roster.writing_key(scope) {
            Some((id, _)) => self.content_key(id),
            None => Ok(None),
        }
    }

    /// The keys of a scope that we have and that no other of them leads to.
    pub(crate) fn newest_keys(&mut self, scope: Scope) -> Result<Vec<ContentKey>, Error> {
        let known = self.known()?;
        let mut held = BTreeMap::new();
        for (id, _) in known.roster.keys().filter(|(_, key)| key.scope == scope) {
            if let Some(key) = self.content_key(id)? {
                held.insert(id, key);
            }
        }
        let led_to = led_to(&known.roster, self.space()?, &held);
        held.retain(|id, _| !led_to.contains(id));
        Ok(held.into_values().collect())
    }

    /// Wraps of the keys of these scopes for a device: of those that we have the newest, which lead to the others.
    pub(crate) fn wraps_for(&mut self, scopes: &[Scope], to: &PublicIdentity) -> Result<Vec<WrappedKey>, Error> {
        let space = self.space()?;
        let mut wraps = Vec::new();
        for scope in scopes {
            for key in self.newest_keys(*scope)? {
                wraps.push((key.id(), key.wrap_for(space, to, &acak::bytes()?)?.into()));
            }
        }
        Ok(wraps)
    }
}

/// Keys that another of these opens.
fn led_to(roster: &Roster, space: SpaceId, held: &BTreeMap<KeyId, ContentKey>) -> BTreeSet<KeyId> {
    let mut led_to: BTreeSet<KeyId> = BTreeSet::new();
    for (child, key) in held {
        let parents = roster.key(*child).map(|entry| entry.parents.as_slice()).unwrap_or_default();
        let open = parents.iter().filter(|(parent, sealed)| key.open_key(space, *parent, sealed).is_ok());
        led_to.extend(open.map(|(parent, _)| *parent).filter(|parent| parent != child));
    }
    // Keys that name each other in a ring lead nowhere.
    if held.keys().all(|id| led_to.contains(id)) { BTreeSet::new() } else { led_to }
}

/// Wraps for several devices as control entries within their bounds.
pub(crate) fn wraps_entries(wraps: &[DeviceWrap]) -> impl Iterator<Item = Control> {
    wraps.chunks(WRAPS).map(|wraps| Control::Wraps { wraps: wraps.to_vec() })
}

/// What a new key comes from.
#[derive(Default)]
pub(crate) struct Asal {
    /// The keys that lead nowhere else; who has the new one has them.
    pub(crate) parents: Vec<ContentKey>,
    /// Who lost the right to read, and never gets the new one.
    pub(crate) accounted: Vec<GrantId>,
}

/// Makes and announces a key; who made it keeps it with the entries.
pub(crate) fn announce(
    pena: &mut Pena<'_>,
    oleh: Oleh<'_>,
    space: SpaceId,
    scope: Scope,
    seats: Option<&ContentKey>,
    asal: Asal,
) -> Result<ContentKey, Error> {
    let key = ContentKey::from_bytes(&acak::bytes()?);
    let for_seats = match seats {
        Some(seats) => seats.seal_key(space, &key, &acak::bytes()?)?,
        None => Vec::new(),
    };
    let sealed = asal.parents.iter().map(|parent| {
        let sealed = key.seal_key(space, parent, &acak::bytes()?)?;
        Ok((parent.id(), sealed.into()))
    });
    let parents = sealed.collect::<Result<Vec<WrappedKey>, Error>>()?;
    let control =
        Control::Key { key: key.id(), scope, parents, accounted: asal.accounted, for_seats: for_seats.into() };
    pena.control(oleh, &control)?;
    Ok(key)
}

/// Keeps keys that were just made or found.
pub(crate) fn keep(tx: &wakuncar_store::Write<'_>, keys: &[ContentKey]) -> Result<(), Error> {
    keys.iter().try_for_each(|key| tx.set_secret(&name(key.id()), key.to_bytes().as_slice())).map_err(Error::from)
}
