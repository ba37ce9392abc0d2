//! Content keys on this device: made, announced, unwrapped (PROTOCOL §2.7).

use wakuncar_seal::ContentKey;
use wakuncar_wire::{Control, GrantId, KeyId, Scope, WrappedKey};

use super::{Oleh, Pena};
use crate::{App, Error, acak};

fn name(key: KeyId) -> String {
    format!("kunci/{key}")
}

impl App {
    /// A content key: from the file, or out of a wrap that is for us, a seat's wrap, or a newer key that we have.
    /// `None` is a normal state: what it seals waits.
    pub(crate) fn content_key(&mut self, id: KeyId) -> Result<Option<ContentKey>, Error> {
        if let Some(key) = self.kept_key(id)? {
            return Ok(Some(key));
        }
        let (space, known) = (self.space()?, self.known()?);
        let me = &self.diri.secret;
        let mut wraps = known.roster.wraps(id, self.diri.id);
        let mut found = wraps.find_map(|wrap| ContentKey::unwrap_from(space, id, wrap, me).ok());
        if found.is_none() {
            found = self.key_under_another(id)?;
        }
        if let Some(key) = &found {
            self.store.write::<_, Error>(|tx| Ok(tx.set_secret(&name(id), key.to_bytes().as_slice())?))?;
        }
        Ok(found)
    }

    fn kept_key(&self, id: KeyId) -> Result<Option<ContentKey>, Error> {
        let Some(bytes) = self.store.secret(&name(id))? else { return Ok(None) };
        let bytes: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| Error::damaged("kunci"))?;
        Ok(Some(ContentKey::from_bytes(bytes)))
    }

    /// Under the seats' key, or as an earlier key under a later one.
    fn key_under_another(&mut self, id: KeyId) -> Result<Option<ContentKey>, Error> {
        let (space, known) = (self.space()?, self.known()?);
        let seats: Vec<KeyId> =
            known.roster.keys().filter(|(_, key)| key.scope == Scope::Seat).map(|(id, _)| id).collect();
        for seat in seats.into_iter().filter(|seat| *seat != id) {
            let Some(seat) = self.content_key(seat)? else { continue };
            let mut sealed = known.roster.seat_wraps(id);
            if let Some(key) = sealed.find_map(|sealed| seat.open_key(space, id, sealed).ok()) {
                return Ok(Some(key));
            }
        }
        for (child, entry) in known.roster.keys() {
            for (_, sealed) in entry.parents.iter().filter(|(parent, _)| *parent == id) {
                let Some(child) = self.kept_key(child)? else { continue };
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

    /// Wraps of the keys of these scopes for a device, those that we have.
    pub(crate) fn wraps_for(
        &mut self,
        scopes: &[Scope],
        to: &wakuncar_wire::PublicIdentity,
    ) -> Result<Vec<WrappedKey>, Error> {
        let (space, known) = (self.space()?, self.known()?);
        let mut wraps = Vec::new();
        for (id, _) in known.roster.keys().filter(|(_, key)| scopes.contains(&key.scope)) {
            if let Some(key) = self.content_key(id)? {
                wraps.push((id, key.wrap_for(space, to, &acak::bytes()?)?.into()));
            }
        }
        Ok(wraps)
    }
}

/// Makes and announces a key; who made it keeps it with the entries.
pub(crate) fn announce(
    pena: &mut Pena<'_>,
    oleh: Oleh<'_>,
    space: wakuncar_wire::SpaceId,
    scope: Scope,
    seats: Option<&ContentKey>,
) -> Result<ContentKey, Error> {
    let key = ContentKey::from_bytes(&acak::bytes()?);
    let for_seats = match seats {
        Some(seats) => seats.seal_key(space, &key, &acak::bytes()?)?,
        None => Vec::new(),
    };
    let accounted: Vec<GrantId> = Vec::new();
    let control = Control::Key { key: key.id(), scope, parents: Vec::new(), accounted, for_seats: for_seats.into() };
    pena.control(oleh, &control)?;
    Ok(key)
}

/// Keeps keys that were just made.
pub(crate) fn keep(tx: &wakuncar_store::Write<'_>, keys: &[ContentKey]) -> Result<(), Error> {
    keys.iter().try_for_each(|key| tx.set_secret(&name(key.id()), key.to_bytes().as_slice())).map_err(Error::from)
}
