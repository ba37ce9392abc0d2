//! A kelurahan as a relay meets it: root, a seat, kader, and what they write; and a caller over real TLS ([`Line`]).
//!
//! The attacks on the relay (`tests/tests/attack_relay_*.rs`) are scenes with the same people.

#![allow(dead_code, unused_imports, reason = "each program of scenes needs a part of it")]

mod line;

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use wakuncar_wire::{
    CollId, Control, DeviceId, Entry, EntryId, GrantId, Header, KeyId, Kind, Perm, PublicIdentity, Reason, Role, Scope,
    SpaceId, Wire,
};

pub(crate) use line::{Line, ids, pushing, start};

pub(crate) const MELATI: CollId = CollId::from_bytes([7; 16]);
pub(crate) const MAWAR: CollId = CollId::from_bytes([8; 16]);
/// Somebody with a device.
pub(crate) type Who = u16;
pub(crate) const ROOT: Who = 1;
pub(crate) const RATNA: Who = 2;
pub(crate) const ANI: Who = 3;
pub(crate) const WATI: Who = 4;
/// Whose secret an invite has.
pub(crate) const INVITE: Who = 100;

pub(crate) fn key(who: Who) -> SigningKey {
    SigningKey::from_bytes(&seed(who))
}

fn seed(who: Who) -> [u8; 32] {
    let [high, low] = who.to_be_bytes();
    let mut seed = [low; 32];
    seed[0] ^= high;
    seed
}

pub(crate) fn keys(who: Who) -> PublicIdentity {
    PublicIdentity { sign: key(who).verifying_key().to_bytes(), kem: seed(who) }
}

pub(crate) fn id(who: Who) -> DeviceId {
    keys(who).device_id()
}

pub(crate) fn content_key(coll: CollId) -> KeyId {
    KeyId::from_bytes([coll.as_bytes()[0]; 32])
}

/// Everything that was written, and by whom.
#[derive(Default)]
pub(crate) struct Kelurahan {
    pub(crate) space: Option<SpaceId>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) seat: Option<GrantId>,
    pub(crate) grants: BTreeMap<Who, GrantId>,
    logs: BTreeMap<(Who, CollId), (u64, EntryId)>,
}

impl Kelurahan {
    /// Root, Ratna in seat 1, two collections with keys.
    pub(crate) fn new(random: u8) -> Self {
        let mut kelurahan = Self::default();
        let genesis = Control::Genesis {
            root: keys(ROOT),
            superior: vec![],
            superior_mode: 0,
            seats: 8,
            policy: (30, 0),
            kode: "18.72.05.1001".into(),
            nama: "Rejomulyo".into(),
            latihan: true,
            random: [random; 32],
        };
        kelurahan.space = Some(kelurahan.control(ROOT, GrantId::ZERO, &genesis).space());
        let seat = Control::SeatSet { seat: 1, term: 1, holder: keys(RATNA), cut_offs: vec![], logs: None };
        let seat = kelurahan.control(ROOT, GrantId::ZERO, &seat).id().grant();
        kelurahan.seat = Some(seat);
        for coll in [MELATI, MAWAR] {
            kelurahan.control(RATNA, seat, &Control::Collection { coll, jenis: 1, purpose: vec![] });
            let (key, scope) = (content_key(coll), Scope::Coll(coll));
            let announce =
                Control::Key { key, scope, parents: vec![], accounted: vec![], for_seats: vec![1; 72].into() };
            kelurahan.control(RATNA, seat, &announce);
        }
        kelurahan
    }

    pub(crate) fn space(&self) -> SpaceId {
        self.space.unwrap()
    }

    fn write(&mut self, who: Who, kind: Kind, coll: CollId, auth: GrantId, body: Vec<u8>) -> Entry {
        let (seq, prev) = self.logs.get(&(who, coll)).copied().unwrap_or((0, EntryId::ZERO));
        let header = Header {
            ver: 1,
            suite: 1,
            kind,
            space: self.space.unwrap_or(SpaceId::ZERO),
            coll,
            author: id(who),
            seq: seq + 1,
            prev,
            auth,
            key: if kind == Kind::Control { KeyId::ZERO } else { content_key(coll) },
            schema: 1,
            body_len: 0,
            body_hash: [0; 32],
        };
        let entry = Entry::sign(header, body, &key(who)).unwrap();
        self.logs.insert((who, coll), (seq + 1, entry.id()));
        self.entries.push(entry.clone());
        entry
    }

    pub(crate) fn control(&mut self, who: Who, auth: GrantId, control: &Control) -> Entry {
        self.write(who, Kind::Control, CollId::CONTROL, auth, control.to_wire())
    }

    /// An invite with its join.
    pub(crate) fn join(&mut self, who: Who) -> (Entry, Entry) {
        let seat = self.seat.unwrap();
        let invite =
            Control::Invite { keys: keys(INVITE), role: Role::Kader, access: vec![], expiry: u32::MAX, mode: 0 };
        let invite = self.control(RATNA, seat, &invite);
        let grant = invite.id().grant();
        let text = Control::join_text(self.space(), grant, &keys(who));
        let invite_sig = key(INVITE).sign(&text).to_bytes();
        let join = Control::Join { invite: grant, keys: keys(who), app_version: 1, invite_sig };
        (invite, self.control(who, GrantId::ZERO, &join))
    }

    pub(crate) fn admit(&mut self, who: Who, join: &Entry, coll: CollId) -> Entry {
        let access = vec![(coll, Perm::READ_WRITE)];
        let admit =
            Control::Admit { device: id(who), join: join.id().grant(), role: Role::Kader, access, wraps: vec![] };
        let admit = self.control(RATNA, self.seat.unwrap(), &admit);
        self.grants.insert(who, admit.id().grant());
        admit
    }

    /// A kader of one collection.
    pub(crate) fn kader(&mut self, who: Who, coll: CollId) {
        let (_, join) = self.join(who);
        self.admit(who, &join, coll);
    }

    /// Ratna shuts a device out; what it wrote so far counts.
    pub(crate) fn revoke(&mut self, who: Who) -> Entry {
        let of_device = self.logs.iter().filter(|((author, _), _)| *author == who);
        let logs = of_device.map(|((_, coll), (seq, _))| (*coll, *seq)).collect();
        let revoke = Control::Revoke { device: id(who), logs, reason: Reason::Stolen, wipe: true };
        self.control(RATNA, self.seat.unwrap(), &revoke)
    }

    /// What she knows of her log is forgotten down to this number: she writes on as a copy of her phone from then would.
    pub(crate) fn restore(&mut self, who: Who, coll: CollId, to: Option<&Entry>) {
        let head = to.map_or((0, EntryId::ZERO), |entry| (entry.header().seq, entry.id()));
        self.logs.insert((who, coll), head);
    }

    /// A sealed batch; what is in it does not matter to a relay.
    pub(crate) fn batch(&mut self, who: Who, coll: CollId, body: Vec<u8>) -> Entry {
        let auth = if who == RATNA { self.seat.unwrap() } else { self.grants[&who] };
        self.write(who, Kind::Batch, coll, auth, body)
    }
}
