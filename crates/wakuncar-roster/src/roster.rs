//! The evaluated roster and its questions.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{
    Access, CollId, Context, Control, ControlBody, DeviceId, DocId, Entry, EntryId, GrantId, Header, KeyId, Kind, Perm,
    PublicIdentity, Reason, Rules, Scope, SpaceId, Thing, WireError, derive,
};

use crate::authority::{Authority, Rank, Revocation};
use crate::content::Content;
use crate::enrol::Enrolled;
use crate::key::writing_key;
use crate::{Device, Ends, Invite, Join, KeyEntry, Seat};

/// Days without contact after which a device is locked, until a seat says another number (PROTOCOL §2.16).
const LOCK_DAYS: u16 = 90;

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
    /// What it asked of its devices at first.
    pub rules: Rules,
}

/// Where something is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Addresses.
    pub urls: Vec<String>,
    /// Pins of the TLS keys.
    pub pins: Vec<Vec<u8>>,
    /// Port on the local network; 0 is none.
    pub lan_port: u16,
    /// The key of the relay's receipts.
    pub receipt_pk: Option<[u8; 32]>,
}

/// Who may do what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    space: SpaceId,
    genesis: Genesis,
    authority: Authority,
    enrolled: Enrolled,
    content: Content,
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
        let enrolled = Enrolled::evaluate(space, &authority, &all);
        let content = Content::evaluate(&authority, &all);
        Ok(Self { space, genesis, authority, enrolled, content, update_needed })
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

    /// The seats held now, with the grants under which their holders act. A seat whose holder was shut out waits for a
    /// new one.
    pub fn seats(&self) -> impl Iterator<Item = (GrantId, &Seat)> {
        let held = |seat: &Seat| {
            let shut_out = self.authority.ends(seat.holder.device_id(), Rank::Seat(seat.seat)).is_some();
            seat.cut_off.is_none() && !shut_out
        };
        self.authority.seats.iter().filter(move |(_, seat)| held(seat)).map(|(grant, seat)| (*grant, seat))
    }

    /// Every grant of a seat, also those that ended.
    pub fn seat_grants(&self) -> impl Iterator<Item = (GrantId, &Seat)> {
        self.authority.seats.iter().map(|(grant, seat)| (*grant, seat))
    }

    /// The keys of the root now.
    pub fn root(&self) -> PublicIdentity {
        self.authority.roots.last().map_or(self.genesis.root, |root| root.keys)
    }

    /// How far the logs of a device count, if it was revoked or has retired.
    pub fn ends_of(&self, device: DeviceId) -> Option<Ends> {
        self.authority.ends(device, self.authority.rank_of(device))
    }

    /// Whether a device was revoked by somebody above it.
    pub fn is_revoked(&self, device: DeviceId) -> bool {
        self.revocations_of(device).next().is_some()
    }

    /// Whether a device was told to destroy what it holds, and by which entry.
    pub fn wipe_order(&self, device: DeviceId) -> Option<EntryId> {
        self.revocations_of(device).filter(|word| word.wipe).map(|word| word.entry).min()
    }

    /// Why a device was revoked; of several reasons one after which somebody else may have written with it.
    pub fn reason(&self, device: DeviceId) -> Option<Reason> {
        self.revocations_of(device).map(|word| word.reason).max_by_key(|reason| (!reason.is_honest(), *reason))
    }

    fn revocations_of(&self, device: DeviceId) -> impl Iterator<Item = &Revocation> {
        self.authority.revocations(device, self.authority.rank_of(device))
    }

    /// The highest seat that a device holds now.
    pub fn seat_of(&self, device: DeviceId) -> Option<(GrantId, &Seat)> {
        let held = self.seats().filter(|(_, seat)| seat.holder.device_id() == device);
        held.min_by_key(|(_, seat)| seat.seat)
    }

    /// Whether an entry about a device, or about the holder of a seat, by this device would count.
    pub fn stands_above(&self, device: DeviceId, other: DeviceId) -> bool {
        self.authority.rank_of(device) < self.authority.rank_of(other)
    }

    /// Whether a control entry was written with a seat's authority or above.
    pub fn is_authorised(&self, header: &Header) -> bool {
        self.authority.is_authorised(header)
    }

    /// A device that was admitted; one whose grants were all dropped stays known.
    pub fn device(&self, device: DeviceId) -> Option<&Device> {
        self.enrolled.devices.get(&device)
    }

    /// Every admitted device.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceId, &Device)> {
        self.enrolled.devices.iter().map(|(id, device)| (*id, device))
    }

    /// Whether a device belongs to the kelurahan now.
    pub fn is_member(&self, device: DeviceId) -> bool {
        let held = |device: &Device| device.grants.iter().any(|grant| grant.cut_off.is_none());
        self.seat_of(device).is_some() || self.enrolled.devices.get(&device).is_some_and(held)
    }

    /// What a device may do with a collection now.
    pub fn perm(&self, device: DeviceId, coll: CollId) -> Perm {
        if self.seat_of(device).is_some() {
            return Perm::READ_WRITE;
        }
        let grants = self.enrolled.devices.get(&device).map(|device| device.grants.as_slice()).unwrap_or_default();
        let held = grants.iter().filter(|grant| grant.cut_off.is_none());
        held.fold(Perm::NONE, |all, grant| all.union(grant.perm(coll)))
    }

    /// The grant under which a device writes into a collection now.
    pub fn writing_grant(&self, device: DeviceId, coll: CollId) -> Option<GrantId> {
        if let Some((grant, _)) = self.seat_of(device) {
            return Some(grant);
        }
        let held = self.enrolled.devices.get(&device)?.grants.iter().filter(|grant| grant.cut_off.is_none());
        held.filter(|grant| grant.perm(coll).includes(Perm::WRITE)).map(|grant| grant.grant).min()
    }

    /// Whether a sealed entry counts: its header names a grant to write into its collection that held, and a key of
    /// that collection (PROTOCOL §2.6). A beat needs a member and the members' key.
    pub fn is_valid(&self, header: &Header) -> bool {
        let key = self.content.keys.get(&header.key).map(|key| key.scope);
        let seat = self.authority.is_authorised(header);
        let grants =
            self.enrolled.devices.get(&header.author).map(|device| device.grants.as_slice()).unwrap_or_default();
        let named = grants.iter().find(|grant| grant.grant == header.auth);
        let held = named.filter(|grant| grant.holds(header.coll, header.seq));
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
        if self.content.collections.get(&coll) == Some(&ANGGOTA_TIM) { Scope::Members } else { Scope::Coll(coll) }
    }

    /// The collections with their types.
    pub fn collections(&self) -> impl Iterator<Item = (CollId, u8)> {
        self.content.collections.iter().map(|(coll, jenis)| (*coll, *jenis))
    }

    /// An invite.
    pub fn invite(&self, invite: GrantId) -> Option<&Invite> {
        self.enrolled.invites.get(&invite)
    }

    /// The invite with these keys; of several that name the same ones, the one with the lowest id.
    pub fn invite_with(&self, keys: DeviceId) -> Option<(GrantId, &Invite)> {
        let mut all = self.enrolled.invites.iter();
        all.find(|(_, invite)| invite.keys.device_id() == keys).map(|(grant, invite)| (*grant, invite))
    }

    /// A join.
    pub fn join(&self, join: GrantId) -> Option<&Join> {
        self.enrolled.joins.get(&join)
    }

    /// The joins of a device.
    pub fn joins_of(&self, device: DeviceId) -> impl Iterator<Item = &Join> {
        self.enrolled.joins.values().filter(move |join| join.device == device)
    }

    /// Everybody who has asked to join with an invite.
    pub fn joins_with(&self, invite: GrantId) -> impl Iterator<Item = &Join> {
        self.enrolled.joins.values().filter(move |join| join.invite == invite)
    }

    /// Joins that wait for a seat's word.
    pub fn pending_joins(&self) -> impl Iterator<Item = (&Join, &Invite)> {
        let invited =
            self.enrolled.joins.values().filter_map(|join| Some((join, self.enrolled.invites.get(&join.invite)?)));
        invited.filter(|(join, invite)| !invite.dropped && !self.enrolled.devices.contains_key(&join.device))
    }

    /// A key.
    pub fn key(&self, key: KeyId) -> Option<&KeyEntry> {
        self.content.keys.get(&key)
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = (KeyId, &KeyEntry)> {
        self.content.keys.iter().map(|(id, key)| (*id, key))
    }

    /// The key to write with, and whether nobody has it who lost the right to read.
    pub fn writing_key(&self, scope: Scope) -> Option<(KeyId, bool)> {
        writing_key(&self.content.keys, scope, &self.lost(scope))
    }

    /// The grants to read a scope that have ended: of devices, of seats, and of roots. A key is clean if it takes all of
    /// them into account.
    pub fn lost(&self, scope: Scope) -> BTreeSet<GrantId> {
        let reads = |access: &[Access]| {
            let mut readable = access.iter().filter(|(_, perm)| perm.includes(Perm::READ));
            readable.any(|(coll, _)| self.scope(*coll) == scope)
        };
        let devices = self.enrolled.devices.values().flat_map(|device| &device.grants);
        let devices = devices.filter(|grant| grant.cut_off.is_some() && reads(&grant.access)).map(|grant| grant.grant);
        let held: BTreeSet<GrantId> = self.seats().map(|(grant, _)| grant).collect();
        let seats = self.authority.seats.keys().copied().filter(|grant| !held.contains(grant));
        let roots = self.authority.roots.iter().filter_map(|root| root.ended_by).map(|id| id.grant());
        devices.chain(seats).chain(roots).collect()
    }

    /// Whether a device may have the keys of a scope now.
    pub fn may_hold(&self, device: DeviceId, scope: Scope) -> bool {
        if self.seat_of(device).is_some() {
            return true;
        }
        let mut colls = self.content.collections.keys().filter(|coll| self.scope(**coll) == scope);
        scope != Scope::Seat && colls.any(|coll| self.perm(device, *coll).includes(Perm::READ))
    }

    /// Keys that a device has asked for and may have.
    pub fn key_requests(&self) -> impl Iterator<Item = (KeyId, DeviceId)> {
        let may = |(key, device): &&(KeyId, DeviceId)| {
            self.content.keys.get(key).is_some_and(|key| self.may_hold(*device, key.scope))
        };
        self.content.key_requests.iter().filter(may).copied()
    }

    /// The heads of a forked log that were accepted; `None` while nobody has closed it.
    pub fn accepted_heads(&self, coll: CollId, author: DeviceId) -> Option<&BTreeSet<EntryId>> {
        self.content.fork_closes.get(&(coll, author))
    }

    /// Who has computed the same as a snapshot, and under which grant each said so.
    pub fn acks(&self, snapshot: EntryId) -> impl Iterator<Item = (DeviceId, GrantId)> {
        self.content.acks.get(&snapshot).into_iter().flatten().map(|(device, grant)| (*device, *grant))
    }

    /// What is erased everywhere, and why (0 on request, 1 by retention, 2 by mistake, 3 a refused draft).
    pub fn purges(&self) -> impl Iterator<Item = (Thing, u8)> {
        self.content.purges.iter().map(|(thing, basis)| (*thing, *basis))
    }

    /// Whether a document, or the whole of its collection, is erased.
    pub fn is_purged(&self, coll: CollId, doc: DocId) -> bool {
        let purged = |thing| self.content.purges.contains_key(&thing);
        purged(Thing::Doc(doc)) || purged(Thing::Coll(coll))
    }

    /// Whether the use of a document, or of the whole of its collection, is restricted.
    pub fn is_held(&self, coll: CollId, doc: DocId) -> bool {
        self.content.is_held(Thing::Doc(doc)) || self.content.is_held(Thing::Coll(coll))
    }

    /// What the kelurahan asks of its devices.
    pub fn rules(&self) -> Rules {
        self.content.rules().unwrap_or(self.genesis.rules)
    }

    /// Wraps of a key for a device.
    pub fn wraps(&self, key: KeyId, device: DeviceId) -> impl Iterator<Item = &[u8]> {
        self.content.wraps.get(&(key, device)).into_iter().flatten().map(Vec::as_slice)
    }

    /// Wraps of a key under the seats' key.
    pub fn seat_wraps(&self, key: KeyId) -> impl Iterator<Item = &[u8]> {
        let announced =
            self.content.keys.get(&key).map(|key| key.for_seats.as_slice()).filter(|sealed| !sealed.is_empty());
        announced.into_iter().chain(self.content.seat_wraps.get(&key).into_iter().flatten().map(Vec::as_slice))
    }

    /// Where the kelurahan's relays are reached, as seats published it, the highest seat first.
    pub fn endpoints(&self) -> Vec<&Endpoint> {
        let all = self.content.endpoints.iter();
        let mut all: Vec<_> = all.map(|((author, _), (_, endpoint))| (*author, endpoint)).collect();
        all.sort_by_key(|(author, _)| (self.seat_of(*author).map_or(u8::MAX, |(_, seat)| seat.seat), *author));
        all.into_iter().map(|(_, endpoint)| endpoint).collect()
    }
}

fn genesis(space: SpaceId, id: &EntryId, header: &Header, control: &Control) -> Option<Genesis> {
    let Control::Genesis { root, superior, seats, kode, nama, latihan, policy, .. } = control else { return None };
    let first = id.space() == space && header.space == SpaceId::ZERO && header.author == root.device_id();
    first.then(|| Genesis {
        root: *root,
        superior: superior.clone(),
        seats: *seats,
        kode: kode.clone(),
        nama: nama.clone(),
        latihan: *latihan,
        rules: Rules { min_app: 0, warn_days: policy.0, lock_days: LOCK_DAYS, keep_bodies: policy.1 != 0 },
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
