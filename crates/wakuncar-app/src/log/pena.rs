//! Writing entries: the next ones of logs, signed.

use std::collections::HashMap;

use wakuncar_seal::{ContentKey, SecretIdentity, seal_body};
use wakuncar_store::{Store, Write};
use wakuncar_wire::{CollId, Control, DeviceId, Entry, EntryId, GrantId, Header, KeyId, Kind, SpaceId, Wire};

use crate::{Error, acak};

/// Lowest data schema that a reader needs to edit what we write.
const SCHEMA: u16 = 1;

/// In whose name, and under which authority.
#[derive(Clone, Copy)]
pub(crate) struct Oleh<'a> {
    pub(crate) secret: &'a SecretIdentity,
    pub(crate) auth: GrantId,
}

/// Entries that belong together: none is anywhere before all are on the disk.
pub(crate) struct Pena<'a> {
    store: &'a Store,
    space: SpaceId,
    heads: HashMap<(CollId, DeviceId, bool), (u64, EntryId)>,
    made: Vec<Entry>,
}

impl<'a> Pena<'a> {
    pub(crate) fn new(store: &'a Store, space: SpaceId) -> Self {
        Self { store, space, heads: HashMap::new(), made: Vec::new() }
    }

    /// The first entry of all; from it the others have their space.
    pub(crate) fn genesis(&mut self, oleh: Oleh<'_>, control: &Control) -> Result<SpaceId, Error> {
        self.space = SpaceId::ZERO;
        let id = self.control(oleh, control)?;
        self.space = id.space();
        Ok(self.space)
    }

    pub(crate) fn control(&mut self, oleh: Oleh<'_>, control: &Control) -> Result<EntryId, Error> {
        let header = self.header(oleh, Kind::Control, CollId::CONTROL, KeyId::ZERO)?;
        self.sign(header, control.to_wire(), oleh.secret)
    }

    /// A sealed entry. Its body is bound to its place in the log.
    pub(crate) fn sealed(
        &mut self,
        oleh: Oleh<'_>,
        kind: Kind,
        coll: CollId,
        key: &ContentKey,
        payload: &[u8],
    ) -> Result<EntryId, Error> {
        let header = self.header(oleh, kind, coll, key.id())?;
        let body = seal_body(key, &header, payload, &acak::bytes()?)?;
        self.sign(header, body, oleh.secret)
    }

    fn header(&mut self, oleh: Oleh<'_>, kind: Kind, coll: CollId, key: KeyId) -> Result<Header, Error> {
        let author = oleh.secret.public()?.device_id();
        let beat = kind == Kind::Beat;
        let log = (coll, author, beat);
        let head = match self.heads.get(&log) {
            Some(head) => Some(*head),
            None => self.store.log_place(coll, author, beat, 0)?.head,
        };
        let (seq, prev) = head.unwrap_or((0, EntryId::ZERO));
        Ok(Header {
            ver: 1,
            suite: 1,
            kind,
            space: self.space,
            coll,
            author,
            seq: seq + 1,
            prev: if beat { EntryId::ZERO } else { prev },
            auth: oleh.auth,
            key,
            schema: SCHEMA,
            body_len: 0,
            body_hash: [0; 32],
        })
    }

    fn sign(&mut self, header: Header, body: Vec<u8>, secret: &SecretIdentity) -> Result<EntryId, Error> {
        let entry = Entry::sign(header, body, secret.signing_key())?;
        let (id, header) = (entry.id(), entry.header());
        self.heads.insert((header.coll, header.author, header.kind == Kind::Beat), (header.seq, id));
        self.made.push(entry);
        Ok(id)
    }

    /// What was written until now.
    pub(crate) fn so_far(&self) -> &[Entry] {
        &self.made
    }

    /// What was written; own entries count as applied.
    pub(crate) fn done(self) -> Vec<Entry> {
        self.made
    }
}

/// Keeps own entries.
pub(crate) fn keep(tx: &Write<'_>, entries: &[Entry]) -> Result<(), Error> {
    entries.iter().try_for_each(|entry| tx.put_entry(entry, true)).map_err(Error::from)
}
