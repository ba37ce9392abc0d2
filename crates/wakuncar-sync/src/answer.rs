//! The answering side: what may be pushed and what is handed out (PROTOCOL §2.9 steps 2–6, §2.10).

use wakuncar_roster::{Identities, Roster};
use wakuncar_wire::{Access, CollId, Control, ControlBody, DeviceId, Entry, GrantId, Header, Kind, Perm, PushResult};

/// Refused: not of this form.
const ENCODING: u8 = 1;
/// Refused: wrong signature.
const SIGNATURE: u8 = 2;
/// Refused: nobody knows the author.
const UNKNOWN_AUTHOR: u8 = 3;
/// Refused: not allowed.
const NOT_ALLOWED: u8 = 4;
/// Refused: of another kelurahan.
const OTHER_SPACE: u8 = 5;
/// Refused: whoever brings it was shut out.
const REVOKED: u8 = 6;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A device of the roster, or one that only asked to join.
    Device(DeviceId),
    /// Somebody with the secret of the invite that has these keys.
    Invite(DeviceId),
}

/// Whether a signature is the author's; an `Err` goes to whoever brought the entry. Keys are only ever added to
/// `identities`, so what verified once need not be looked at again.
///
/// # Errors
/// [`PushResult::Refused`].
pub fn check_signature(identities: &Identities, entry: &Entry) -> Result<(), PushResult> {
    if identities.verify(entry).is_ok() {
        return Ok(());
    }
    let known = identities.get(entry.header().author).is_some() || join_of(entry).is_some();
    Err(PushResult::Refused(if known { SIGNATURE } else { UNKNOWN_AUTHOR }))
}

/// Whether the roster lets `caller` bring an entry whose signature is good. An entry may be brought by somebody else
/// than its author.
///
/// Who was revoked brings nothing. What such a device wrote beyond its cut-off is taken from members: others may have
/// built on it, and then it counts (PROTOCOL §2.6).
///
/// A device that asks to join with an invite that let another one in is refused, and so is the second one with a printed
/// invite, unless a seat brings it: then somebody must see that the invite was used twice. While the first one with a
/// live invite waits, the office sees both and compares pictures.
///
/// # Errors
/// [`PushResult::Refused`].
pub fn may_push(roster: &Roster, caller: Caller, entry: &Entry) -> Result<(), PushResult> {
    let header = entry.header();
    if entry.space() != roster.space() {
        return Err(PushResult::Refused(OTHER_SPACE));
    }
    if matches!(caller, Caller::Device(device) if roster.is_revoked(device)) {
        return Err(PushResult::Refused(REVOKED));
    }
    let join = join_of(entry);
    let allowed = match (caller, header.kind) {
        (Caller::Invite(with), Kind::Control) => join.is_some_and(|invite| {
            let of_caller = roster.invite(invite).is_some_and(|invite| invite.keys.device_id() == with);
            of_caller && is_unused(roster, invite, header.author)
        }),
        (Caller::Invite(_), _) => false,
        (Caller::Device(_), Kind::Control) if Control::decode(entry.body()).is_err() => {
            return Err(PushResult::Refused(ENCODING));
        }
        (Caller::Device(device), Kind::Control) => match join {
            Some(invite) => is_unused(roster, invite, header.author) || roster.seat_of(device).is_some(),
            None => roster.is_authorised(header) || roster.is_member(header.author),
        },
        (Caller::Device(device), _) => {
            let others = device != header.author && roster.is_member(device);
            roster.is_valid(header) || others && was_allowed(roster, header)
        }
    };
    if allowed { Ok(()) } else { Err(PushResult::Refused(NOT_ALLOWED)) }
}

/// Whether a sealed entry names a grant that was given at some time, and a key of its collection.
fn was_allowed(roster: &Roster, header: &Header) -> bool {
    let writes =
        |access: &[Access]| access.iter().any(|(coll, perm)| *coll == header.coll && perm.includes(Perm::WRITE));
    let grants = roster.device(header.author).map(|device| device.grants.as_slice()).unwrap_or_default();
    let granted = grants.iter().any(|grant| grant.grant == header.auth && writes(&grant.access));
    let mut seats = roster.seat_grants();
    let mut seated = || seats.any(|(grant, seat)| grant == header.auth && seat.holder.device_id() == header.author);
    let scope = roster.key(header.key).map(|key| key.scope);
    header.kind != Kind::Beat && scope == Some(roster.scope(header.coll)) && (granted || seated())
}

/// The invite with which a device asks to join in this entry.
fn join_of(entry: &Entry) -> Option<GrantId> {
    match Control::decode(entry.body()) {
        Ok(ControlBody::Known(Control::Join { invite, keys, .. })) if entry.header().kind == Kind::Control => {
            (keys.device_id() == entry.header().author).then_some(invite)
        }
        Ok(ControlBody::Known(_) | ControlBody::Later(_)) | Err(_) => None,
    }
}

/// Whether an invite still lets `device` ask.
fn is_unused(roster: &Roster, invite: GrantId, device: DeviceId) -> bool {
    let printed = roster.invite(invite).is_some_and(|invite| invite.printed);
    let mut others = roster.joins_with(invite).filter(|join| join.device != device);
    !others.any(|join| printed || roster.device(join.device).is_some())
}

/// Whether an entry of a kind in a collection is handed out: control entries to whoever has a session, beats to members,
/// the rest to those who may fetch its collection. Who was shut out learns that much and no more.
pub fn may_fetch(roster: &Roster, caller: Caller, kind: Kind, coll: CollId) -> bool {
    match (kind, caller) {
        (Kind::Control, _) => true,
        (_, Caller::Invite(_)) => false,
        (_, Caller::Device(device)) if roster.is_revoked(device) => false,
        (Kind::Beat, Caller::Device(device)) => roster.is_member(device),
        (Kind::Batch | Kind::Snapshot | Kind::View, Caller::Device(device)) => {
            roster.perm(device, coll).includes(Perm::FETCH)
        }
    }
}
