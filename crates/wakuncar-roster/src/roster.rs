//! The evaluated roster and its questions.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{
    CollId, Context, Control, ControlBody, DeviceId, Entry, EntryId, GrantId, Header, KeyId, Kind, Perm,
    PublicIdentity, Role, Scope, SpaceId, WireError, WrapMode, derive,
};

use crate::authority::Authority;
use crate::key::writing_key;
use crate::{Device, DeviceGrant, Invite, Join, KeyEntry, Seat};

/// How a kelurahan began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// Root keys.
    pub root: PublicIdentity,
    /// Superior keys.
    pub superior: Vec<PublicIdentity>,
    /// Number of seats.
    pub seats: u8,
    /// Kemendagri code.
    pub kode: String,
    /// Name of the kelurahan.
    pub nama: String,
    /// Made for practice, for ever.
    pub latihan: bool,
}

/// Where something is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Addresses.
    pub urls: Vec<String>,
    /// Pins of the TLS keys.
    pub pins: Vec<Vec<u8>>,
    /// The key of the relay's receipts.
    pub receipt_pk: Option<[u8; 32]>,
}

/// Who may do what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    space: SpaceId,
    genesis: Genesis,
    authority: Authority,
    devices: BTreeMap<DeviceId, Device>,
    invites: BTreeMap<GrantId, Invite>,
    joins: BTreeMap<GrantId, Join>,
    collections: BTreeMap<CollId, u8>,
    keys: BTreeMap<KeyId, KeyEntry>,
    wraps: BTreeMap<(KeyId, DeviceId), BTreeSet<Vec<u8>>>,
    seat_wraps: BTreeMap<KeyId, BTreeSet<Vec<u8>>>,
    endpoints: BTreeMap<DeviceId, (u64, Endpoint)>,
    update_needed: bool,
}

impl Roster {
    /// Evaluates the control entries of a space, whose signatures are good. Entries of other kinds or spaces are
    /// passed over; the order does not matter.
    ///
    /// # Errors
    /// [`WireError::Encoding`] without the genesis.
    pub fn evaluate<'a>(space: SpaceId, entries: impl IntoIterator<Item = &'a Entry>) -> Result<Self, WireError> {
        let mut update_needed = false;
        let mut all: BTreeMap<EntryId, (&Header, Control)> = BTreeMap::new();
        for entry in entries.into_iter().filter(|entry| entry.header().kind == Kind::Control && entry.space() == space)
        {
            match Control::decode(entry.body()) {
                Ok(ControlBody::Known(control)) => drop(all.insert(entry.id(), (entry.header(), control))),
                Ok(ControlBody::Later(kind)) => update_needed |= kind > 127,
                Err(_) => {}
            }
        }
        let genesis = all.iter().find_map(|(id, (header, control))| genesis(space, id, header, control));
        let genesis = genesis.ok_or(WireError::Encoding)?;
        let all: Vec<(EntryId, &Header, Control)> =
            all.into_iter().map(|(id, (header, control))| (id, header, control)).collect();
        let authority = Authority::evaluate(&genesis, &all);
        let mut roster = Self {
            space,
            genesis,
            authority,
            devices: BTreeMap::new(),
            invites: BTreeMap::new(),
            joins: BTreeMap::new(),
            collections: BTreeMap::new(),
            keys: BTreeMap::new(),
            wraps: BTreeMap::new(),
            seat_wraps: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            update_needed,
        };
        roster.enrol(&all);
        roster.rest(&all);
        Ok(roster)
    }

    /// Invites, joins, admits, access and drops.
    fn enrol(&mut self, all: &[(EntryId, &Header, Control)]) {
        let mut drops: BTreeMap<GrantId, u64> = BTreeMap::new();
        let mut invite_keys: BTreeMap<GrantId, PublicIdentity> = BTreeMap::new();
        for (id, header, control) in all {
            let authorised = self.authority.rank(header).is_some();
            match control {
                Control::Drop { grant, cut_off } if authorised => {
                    let lowest = drops.entry(*grant).or_insert(*cut_off);
                    *lowest = (*lowest).min(*cut_off);
                }
                Control::Invite { keys, role, access, expiry, mode } => {
                    invite_keys.insert(id.grant(), *keys);
                    // A seat is never given by an invite.
                    if authorised && !matches!(role, Role::Koordinator | Role::Hub) {
                        let (access, printed) = (access.clone(), *mode == 1);
                        let invite =
                            Invite { keys: *keys, role: *role, access, expiry: *expiry, printed, dropped: false };
                        self.invites.insert(id.grant(), invite);
                    }
                }
                _ => {}
            }
        }
        for (grant, invite) in &mut self.invites {
            invite.dropped = drops.contains_key(grant);
        }
        for (id, header, control) in all {
            let Control::Join { invite, keys, invite_sig, .. } = control else { continue };
            let device = keys.device_id();
            let text = Control::join_text(self.space, *invite, keys);
            let signed = invite_keys.get(invite).is_some_and(|invite| invite.verify_text(&text, invite_sig).is_ok());
            if signed && header.author == device && header.seq == 1 {
                let join = Join { entry: *id, device, keys: *keys, invite: *invite, nonce: None };
                self.joins.insert(id.grant(), join);
            }
        }
        for (id, header, control) in all {
            if self.authority.rank(header).is_none() {
                continue;
            }
            let cut_off = drops.get(&id.grant()).copied();
            match control {
                Control::Admit { device, join, role, access, .. } => {
                    let Some(join) = self.joins.get(join).filter(|join| join.device == *device) else { continue };
                    let (keys, grants) = (join.keys, Vec::new());
                    let entry = self.devices.entry(*device).or_insert(Device { keys, role: *role, grants });
                    entry.grants.push(DeviceGrant { grant: id.grant(), access: access.clone(), cut_off });
                }
                Control::Greet { join, nonce } => {
                    if let Some(join) = self.joins.get_mut(join) {
                        join.nonce.get_or_insert(*nonce);
                    }
                }
                _ => {}
            }
        }
        self.enrol_printed(&drops);
        for (id, header, control) in all {
            let Control::Access { device, coll, perm } = control else { continue };
            let authorised = self.authority.rank(header).is_some();
            if let Some(device) = self.devices.get_mut(device).filter(|_| authorised) {
                let cut_off = drops.get(&id.grant()).copied();
                device.grants.push(DeviceGrant { grant: id.grant(), access: vec![(*coll, *perm)], cut_off });
            }
        }
    }

    /// A printed invite lets its only join in without a seat's word; of two, none.
    fn enrol_printed(&mut self, drops: &BTreeMap<GrantId, u64>) {
        for (grant, invite) in self.invites.iter().filter(|(_, invite)| invite.printed && !invite.dropped) {
            let joins: Vec<_> = self.joins.iter().filter(|(_, join)| join.invite == *grant).collect();
            let [(join_grant, join)] = joins.as_slice() else { continue };
            let device = Device { keys: join.keys, role: invite.role, grants: Vec::new() };
            let device = self.devices.entry(join.device).or_insert(device);
            let cut_off = drops.get(join_grant).copied();
            device.grants.push(DeviceGrant { grant: **join_grant, access: invite.access.clone(), cut_off });
        }
    }

    /// Keys, wraps, collections, endpoints: stratum S3.
    fn rest(&mut self, all: &[(EntryId, &Header, Control)]) {
        for (_, header, control) in all {
            let authorised = self.authority.rank(header).is_some();
            match control {
                Control::Collection { coll, jenis, .. } if authorised => {
                    self.collections.entry(*coll).or_insert(*jenis);
                }
                Control::Key { key, scope, parents, accounted, for_seats } if authorised => {
                    let (parents, accounted) = (parents.clone(), accounted.clone());
                    let entry = KeyEntry { scope: *scope, parents, accounted, for_seats: for_seats.to_vec() };
                    self.keys.entry(*key).or_insert(entry);
                }
                Control::Admit { device, wraps, .. } => {
                    for (key, ct) in wraps {
                        self.wraps.entry((*key, *device)).or_default().insert(ct.to_vec());
                    }
                }
                // Worthless unless it opens to the committed key, so anybody may send one.
                Control::Wrap { key, recipient, mode, ct } => match mode {
                    WrapMode::Hpke => {
                        self.wraps.entry((*key, *recipient)).or_default().insert(ct.to_vec());
                    }
                    WrapMode::Seat => {
                        self.seat_wraps.entry(*key).or_default().insert(ct.to_vec());
                    }
                },
                Control::Endpoint { urls, pins, receipt_pk, .. } if authorised => {
                    let pins = pins.iter().map(|pin| pin.to_vec()).collect();
                    let receipt_pk = receipt_pk.as_slice().try_into().ok();
                    let endpoint = Endpoint { urls: urls.clone(), pins, receipt_pk };
                    let last = self.endpoints.get(&header.author).map_or(0, |(seq, _)| *seq);
                    if header.seq > last {
                        self.endpoints.insert(header.author, (header.seq, endpoint));
                    }
                }
                _ => {}
            }
        }
    }

    /// The space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// How it began.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// Whether there is a critical entry that this version does not know: nothing is issued then, only synced.
    pub fn is_update_needed(&self) -> bool {
        self.update_needed
    }

    /// The seats held now, with the grants under which their holders act.
    pub fn seats(&self) -> impl Iterator<Item = (GrantId, &Seat)> {
        self.authority.seats.iter().filter(|(_, seat)| seat.cut_off.is_none()).map(|(grant, seat)| (*grant, seat))
    }

    /// The seat that a device holds now.
    pub fn seat_of(&self, device: DeviceId) -> Option<(GrantId, &Seat)> {
        self.seats().find(|(_, seat)| seat.holder.device_id() == device)
    }

    /// Whether a control entry was written with a seat's authority or above.
    pub fn is_authorised(&self, header: &Header) -> bool {
        self.authority.rank(header).is_some()
    }

    /// A device that was admitted; one whose grants were all dropped stays known.
    pub fn device(&self, device: DeviceId) -> Option<&Device> {
        self.devices.get(&device)
    }

    /// Every admitted device.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceId, &Device)> {
        self.devices.iter().map(|(id, device)| (*id, device))
    }

    /// Whether a device belongs to the kelurahan now.
    pub fn is_member(&self, device: DeviceId) -> bool {
        let held = |device: &Device| device.grants.iter().any(|grant| grant.cut_off.is_none());
        self.seat_of(device).is_some() || self.devices.get(&device).is_some_and(held)
    }

    /// What a device may do with a collection now.
    pub fn perm(&self, device: DeviceId, coll: CollId) -> Perm {
        if self.seat_of(device).is_some() {
            return Perm::READ_WRITE;
        }
        let grants = self.devices.get(&device).map(|device| device.grants.as_slice()).unwrap_or_default();
        let held = grants.iter().filter(|grant| grant.cut_off.is_none());
        held.fold(Perm::NONE, |all, grant| all.union(grant.perm(coll)))
    }

    /// The grant under which a device writes into a collection now.
    pub fn writing_grant(&self, device: DeviceId, coll: CollId) -> Option<GrantId> {
        if let Some((grant, _)) = self.seat_of(device) {
            return Some(grant);
        }
        let held = self.devices.get(&device)?.grants.iter().filter(|grant| grant.cut_off.is_none());
        held.filter(|grant| grant.perm(coll).includes(Perm::WRITE)).map(|grant| grant.grant).min()
    }

    /// Whether a sealed entry counts: its header names a grant to write into its collection that held, and a key of
    /// that collection (PROTOCOL §2.6). A beat needs a member and the members' key.
    pub fn is_valid(&self, header: &Header) -> bool {
        let key = self.keys.get(&header.key).map(|key| key.scope);
        let seat = self.authority.rank(header).is_some();
        let grants = self.devices.get(&header.author).map(|device| device.grants.as_slice()).unwrap_or_default();
        let named = grants.iter().find(|grant| grant.grant == header.auth);
        let held = named.filter(|grant| grant.cut_off.is_none_or(|cut_off| header.seq <= cut_off));
        match header.kind {
            Kind::Control => seat,
            Kind::Beat => key == Some(Scope::Members) && (seat || named.is_some_and(|grant| grant.cut_off.is_none())),
            Kind::Batch | Kind::Snapshot | Kind::View => {
                let may = seat || held.is_some_and(|grant| grant.perm(header.coll).includes(Perm::WRITE));
                may && key == Some(self.scope(header.coll))
            }
        }
    }

    /// Which key a collection is sealed with: names of the team with the members' key, else its own.
    pub fn scope(&self, coll: CollId) -> Scope {
        const ANGGOTA_TIM: u8 = 4;
        if self.collections.get(&coll) == Some(&ANGGOTA_TIM) { Scope::Members } else { Scope::Coll(coll) }
    }

    /// The collections with their types.
    pub fn collections(&self) -> impl Iterator<Item = (CollId, u8)> {
        self.collections.iter().map(|(coll, jenis)| (*coll, *jenis))
    }

    /// An invite.
    pub fn invite(&self, invite: GrantId) -> Option<&Invite> {
        self.invites.get(&invite)
    }

    /// The invite with these keys; of several that name the same ones, the one with the lowest id.
    pub fn invite_with(&self, keys: DeviceId) -> Option<(GrantId, &Invite)> {
        let mut all = self.invites.iter();
        all.find(|(_, invite)| invite.keys.device_id() == keys).map(|(grant, invite)| (*grant, invite))
    }

    /// A join.
    pub fn join(&self, join: GrantId) -> Option<&Join> {
        self.joins.get(&join)
    }

    /// The joins of a device.
    pub fn joins_of(&self, device: DeviceId) -> impl Iterator<Item = &Join> {
        self.joins.values().filter(move |join| join.device == device)
    }

    /// Joins that wait for a seat's word.
    pub fn pending_joins(&self) -> impl Iterator<Item = (&Join, &Invite)> {
        let invited = self.joins.values().filter_map(|join| Some((join, self.invites.get(&join.invite)?)));
        invited.filter(|(join, invite)| !invite.dropped && !self.devices.contains_key(&join.device))
    }

    /// A key.
    pub fn key(&self, key: KeyId) -> Option<&KeyEntry> {
        self.keys.get(&key)
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = (KeyId, &KeyEntry)> {
        self.keys.iter().map(|(id, key)| (*id, key))
    }

    /// The key to write with, and whether nobody has it who lost the right to read.
    pub fn writing_key(&self, scope: Scope) -> Option<(KeyId, bool)> {
        let all = self.devices.values().flat_map(|device| &device.grants);
        let reads = |grant: &DeviceGrant| {
            let readable = grant.access.iter().filter(|(_, perm)| perm.includes(Perm::READ));
            readable.clone().any(|(coll, _)| self.scope(*coll) == scope)
        };
        let lost = all.filter(|grant| grant.cut_off.is_some() && reads(grant)).map(|grant| grant.grant).collect();
        writing_key(&self.keys, scope, &lost)
    }

    /// Wraps of a key for a device.
    pub fn wraps(&self, key: KeyId, device: DeviceId) -> impl Iterator<Item = &[u8]> {
        self.wraps.get(&(key, device)).into_iter().flatten().map(Vec::as_slice)
    }

    /// Wraps of a key under the seats' key.
    pub fn seat_wraps(&self, key: KeyId) -> impl Iterator<Item = &[u8]> {
        let announced = self.keys.get(&key).map(|key| key.for_seats.as_slice()).filter(|sealed| !sealed.is_empty());
        announced.into_iter().chain(self.seat_wraps.get(&key).into_iter().flatten().map(Vec::as_slice))
    }

    /// Where the kelurahan's relays are reached, as seats published it, the highest seat first.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        let mut all: Vec<_> = self.endpoints.iter().map(|(author, (_, endpoint))| (author, endpoint)).collect();
        all.sort_by_key(|(author, _)| (self.seat_of(**author).map_or(u8::MAX, |(_, seat)| seat.seat), **author));
        all.into_iter().map(|(_, endpoint)| endpoint).collect()
    }
}

fn genesis(space: SpaceId, id: &EntryId, header: &Header, control: &Control) -> Option<Genesis> {
    let Control::Genesis { root, superior, seats, kode, nama, latihan, .. } = control else { return None };
    let first = id.space() == space && header.space == SpaceId::ZERO && header.author == root.device_id();
    first.then(|| Genesis {
        root: *root,
        superior: superior.clone(),
        seats: *seats,
        kode: kode.clone(),
        nama: nama.clone(),
        latihan: *latihan,
    })
}

/// The digest of a set of control entries that a code carries, so that a relay cannot show a newcomer an older one.
pub fn floor(entries: impl IntoIterator<Item = EntryId>) -> [u8; 8] {
    let ids: BTreeSet<EntryId> = entries.into_iter().collect();
    let parts: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes().as_slice()).collect();
    let mut digest = [0; 8];
    digest.copy_from_slice(&derive(Context::Floor, &parts)[..8]);
    digest
}
