//! A small office whose entries a scene writes one by one.

#![allow(
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    reason = "a scene fails where it stands, and each uses its part"
)]

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use wakuncar_roster::Roster;
use wakuncar_wire::{
    CollId, Control, CutOff, DeviceId, Entry, EntryId, GrantId, Header, KeyId, Kind, LogEnd, Perm, PublicIdentity,
    Reason, Role, SpaceId, Wire,
};

pub(crate) const MELATI: CollId = CollId::from_bytes([7; 16]);
pub(crate) const TIM: CollId = CollId::from_bytes([8; 16]);
pub(crate) const ROOT: u8 = 1;
pub(crate) const RATNA: u8 = 2;
pub(crate) const HUB: u8 = 3;
pub(crate) const ANI: u8 = 4;
pub(crate) const WATI: u8 = 5;

pub(crate) fn key(who: u8) -> SigningKey {
    SigningKey::from_bytes(&[who; 32])
}

pub(crate) fn keys(who: u8) -> PublicIdentity {
    PublicIdentity { sign: key(who).verifying_key().to_bytes(), kem: [who; 32] }
}

pub(crate) fn id(who: u8) -> DeviceId {
    keys(who).device_id()
}

/// The control log of everybody in one office.
#[derive(Default)]
pub(crate) struct Office {
    pub(crate) space: Option<SpaceId>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) logs: BTreeMap<u8, (u64, EntryId)>,
}

impl Office {
    /// Root, Ratna in seat 1, two collections.
    pub(crate) fn new() -> (Self, GrantId) {
        let mut office = Self::default();
        let genesis = Control::Genesis {
            root: keys(ROOT),
            superior: vec![],
            superior_mode: 0,
            seats: 8,
            policy: (30, 0),
            kode: "18.72.05.1001".into(),
            nama: "Rejomulyo".into(),
            latihan: true,
            random: [9; 32],
        };
        let genesis = office.write(ROOT, GrantId::ZERO, &genesis);
        office.space = Some(genesis.space());
        let seat = office.seat(ROOT, GrantId::ZERO, 1, 1, RATNA, vec![]);
        for (coll, jenis) in [(MELATI, 1), (TIM, 4)] {
            office.write(RATNA, seat, &Control::Collection { coll, jenis, purpose: vec![] });
        }
        (office, seat)
    }

    pub(crate) fn write(&mut self, who: u8, auth: GrantId, control: &Control) -> EntryId {
        let (seq, prev) = self.logs.get(&who).copied().unwrap_or((0, EntryId::ZERO));
        let header = Header {
            ver: 1,
            suite: 1,
            kind: Kind::Control,
            space: self.space.unwrap_or(SpaceId::ZERO),
            coll: CollId::CONTROL,
            author: id(who),
            seq: seq + 1,
            prev,
            auth,
            key: KeyId::ZERO,
            schema: 1,
            body_len: 0,
            body_hash: [0; 32],
        };
        let entry = Entry::sign(header, control.to_wire(), &key(who)).unwrap();
        let id = entry.id();
        self.logs.insert(who, (seq + 1, id));
        self.entries.push(entry);
        id
    }

    pub(crate) fn seat(
        &mut self,
        who: u8,
        auth: GrantId,
        seat: u8,
        term: u32,
        holder: u8,
        cut_offs: Vec<CutOff>,
    ) -> GrantId {
        self.write(who, auth, &Control::SeatSet { seat, term, holder: keys(holder), cut_offs, logs: None }).grant()
    }

    pub(crate) fn invite(&mut self, seat: GrantId, mode: u8, role: Role) -> GrantId {
        let access = access();
        self.write(RATNA, seat, &Control::Invite { keys: keys(100), role, access, expiry: 9, mode }).grant()
    }

    pub(crate) fn join(&mut self, who: u8, invite: GrantId) -> GrantId {
        let text = Control::join_text(self.space.unwrap(), invite, &keys(who));
        let invite_sig = key(100).sign(&text).to_bytes();
        self.write(who, GrantId::ZERO, &Control::Join { invite, keys: keys(who), app_version: 1, invite_sig }).grant()
    }

    pub(crate) fn admit(&mut self, who: u8, auth: GrantId, device: u8, join: GrantId) -> GrantId {
        let access = access();
        let admit = Control::Admit { device: id(device), join, role: Role::Kader, access, wraps: vec![] };
        self.write(who, auth, &admit).grant()
    }

    pub(crate) fn revoke(&mut self, who: u8, auth: GrantId, device: u8, logs: &[LogEnd], reason: Reason) -> EntryId {
        let revoke =
            Control::Revoke { device: id(device), logs: logs.to_vec(), reason, wipe: reason == Reason::Stolen };
        self.write(who, auth, &revoke)
    }

    pub(crate) fn hand_over(&mut self, who: u8, auth: GrantId, seat: u8, next: u8, logs: &[LogEnd]) -> GrantId {
        self.write(who, auth, &Control::Handover { seat, next: keys(next), logs: logs.to_vec() }).grant()
    }

    /// The header of a sealed entry that somebody could have written.
    pub(crate) fn sealed(&self, who: u8, auth: GrantId, coll: CollId, seq: u64, key: KeyId) -> Header {
        let of = self.entries[0].header().clone();
        let space = self.space.unwrap();
        Header {
            kind: Kind::Batch,
            space,
            coll,
            author: id(who),
            seq,
            auth,
            key,
            prev: EntryId::from_bytes([1; 32]),
            ..of
        }
    }

    pub(crate) fn roster(&self) -> Roster {
        Roster::evaluate(self.space.unwrap(), &self.entries).unwrap()
    }
}

pub(crate) fn access() -> Vec<(CollId, Perm)> {
    vec![(MELATI, Perm::READ_WRITE), (TIM, Perm::READ)]
}

/// Ratna, and Ani as kader of Melati.
pub(crate) fn with_ani() -> (Office, GrantId, GrantId) {
    let (mut office, seat) = Office::new();
    let invite = office.invite(seat, 0, Role::Kader);
    let join = office.join(ANI, invite);
    assert_eq!(office.roster().pending_joins().count(), 1);
    assert_eq!(office.roster().perm(id(ANI), MELATI), Perm::NONE);
    let admit = office.admit(RATNA, seat, ANI, join);
    (office, seat, admit)
}
