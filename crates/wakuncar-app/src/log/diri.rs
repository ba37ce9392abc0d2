//! Who this device is, and what it knows of its kelurahan.

use std::sync::Arc;

use wakuncar_document::Actor;
use wakuncar_roster::{Identities, Roster};
use wakuncar_seal::SecretIdentity;
use wakuncar_store::{Store, Write};
use wakuncar_wire::{DeviceId, Entry, GrantId, SpaceId};

use crate::{App, Error, acak};

const SECRET: &str = "perangkat";
const SPACE: &str = "space";

/// The kelurahan as the control entries say it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) roster: Roster,
    pub(crate) identities: Identities,
}

/// This device: its keys, its kelurahan, its roster.
pub(crate) struct Diri {
    pub(crate) secret: SecretIdentity,
    pub(crate) id: DeviceId,
    pub(crate) space: Option<SpaceId>,
    pub(crate) known: Option<Arc<Known>>,
}

impl Diri {
    /// Reads who we are, or makes the keys of a new device.
    pub(crate) fn open(store: &mut Store) -> Result<Self, Error> {
        let bytes: [u8; 64] = match store.secret(SECRET)? {
            Some(bytes) => bytes.as_slice().try_into().map_err(|_| Error::damaged(SECRET))?,
            None => {
                let bytes = acak::bytes()?;
                store.write::<_, Error>(|tx| Ok(tx.set_secret(SECRET, &bytes)?))?;
                bytes
            }
        };
        let secret = SecretIdentity::from_bytes(&bytes);
        let id = secret.public()?.device_id();
        let space = store.setting(SPACE)?.map(|space| SpaceId::from_slice(&space)).transpose();
        let space = space.map_err(|_| Error::damaged(SPACE))?;
        let known = space.map(|space| evaluate(store, space)).transpose()?.flatten();
        Ok(Self { secret, id, space, known })
    }

    /// Who writes changes: the first 8 bytes of the device's id, and a salt that lives in this process only. An actor
    /// used twice would wedge documents for ever.
    pub(crate) fn actor(&self) -> Result<Actor, Error> {
        let mut prefix = [0; 8];
        prefix.copy_from_slice(&self.id.as_bytes()[..8]);
        Ok(Actor::new(prefix, acak::bytes()?))
    }
}

impl App {
    /// The kelurahan that this device belongs to.
    pub(crate) fn space(&self) -> Result<SpaceId, Error> {
        self.diri.space.ok_or(Error::TanpaKelurahan)
    }

    /// What is known of it.
    pub(crate) fn known(&self) -> Result<Arc<Known>, Error> {
        self.diri.known.clone().ok_or(Error::TanpaKelurahan)
    }

    /// The seat that this device holds.
    pub(crate) fn kursi(&self) -> Result<GrantId, Error> {
        let known = self.known()?;
        known.roster.seat_of(self.diri.id).map(|(grant, _)| grant).ok_or(Error::BukanKoordinator)
    }

    /// Reads anew who this device is, after its first entries of a kelurahan were kept.
    pub(crate) fn reopen_diri(&mut self) -> Result<(), Error> {
        self.diri = Diri::open(&mut self.store)?;
        self.actor = self.diri.actor()?;
        self.documents.clear();
        Ok(())
    }

    /// Takes new keys. Only while nothing was recorded with the old ones: what is recorded carries their mark.
    pub(crate) fn renew_diri(&mut self) -> Result<(), Error> {
        if self.store.has_own_changes()? {
            return Err(Error::SudahTerdaftar);
        }
        let bytes: [u8; 64] = acak::bytes()?;
        self.store.write::<_, Error>(|tx| Ok(tx.set_secret(SECRET, &bytes)?))?;
        self.reopen_diri()
    }

    /// Evaluates the control entries anew.
    pub(crate) fn refresh_known(&mut self) -> Result<(), Error> {
        let space = self.space()?;
        self.diri.known = evaluate(&self.store, space)?;
        Ok(())
    }
}

/// From now on this device belongs to a kelurahan, or has asked to.
pub(crate) fn keep_space(tx: &Write<'_>, space: SpaceId) -> Result<(), Error> {
    Ok(tx.set_setting(SPACE, space.as_bytes())?)
}

fn evaluate(store: &Store, space: SpaceId) -> Result<Option<Arc<Known>>, Error> {
    let mut identities = Identities::default();
    let mut entries = Vec::new();
    for held in store.control_entries()? {
        let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
        identities.learn(&entry);
        entries.push(entry);
    }
    Ok(Roster::evaluate(space, &entries).ok().map(|roster| Arc::new(Known { roster, identities })))
}
