//! The answering side: what may be pushed and what is handed out (PROTOCOL §2.9 steps 2–6, §2.10).

use wakuncar_roster::{Identities, Roster};
use wakuncar_wire::{Control, ControlBody, DeviceId, Entry, Header, Kind, Perm, PushResult};

use crate::{LogHead, Place, place};

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

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A device of the roster, or one that only asked to join.
    Device(DeviceId),
    /// Somebody with the secret of the invite that has these keys.
    Invite(DeviceId),
}

/// What becomes of a pushed entry: [`PushResult::Stored`] says that it may be stored right after the head.
///
/// `head` is the log's head and `standing` what stands at the entry's number. An entry may be pushed by somebody else
/// than its author.
pub fn judge(
    roster: &Roster,
    identities: &Identities,
    caller: Caller,
    entry: &Entry,
    head: Option<LogHead>,
    standing: Option<LogHead>,
) -> PushResult {
    let header = entry.header();
    if entry.space() != roster.space() {
        return PushResult::Refused(OTHER_SPACE);
    }
    let standing = standing.map(|at| at.id);
    let place = place(header, entry.id(), head, standing);
    if place == Place::Known {
        return PushResult::Duplicate;
    }
    if identities.verify(entry).is_err() {
        let known = identities.get(header.author).is_some() || is_join(entry, None);
        return PushResult::Refused(if known { SIGNATURE } else { UNKNOWN_AUTHOR });
    }
    let allowed = match (caller, header.kind) {
        (Caller::Invite(keys), Kind::Control) => is_join(entry, Some((roster, keys))),
        (Caller::Invite(_), _) => false,
        (Caller::Device(_), Kind::Control) if Control::decode(entry.body()).is_err() => {
            return PushResult::Refused(ENCODING);
        }
        (Caller::Device(_), Kind::Control) => {
            roster.is_authorised(header) || roster.is_member(header.author) || is_join(entry, None)
        }
        (Caller::Device(_), _) => roster.is_valid(header),
    };
    match place {
        _ if !allowed => PushResult::Refused(NOT_ALLOWED),
        Place::Next => PushResult::Stored,
        Place::Known => PushResult::Duplicate,
        Place::Gap(have) => PushResult::Gap(have),
        Place::Fork => PushResult::Fork,
    }
}

/// Whether an entry is a device's request to join, by an invite with these keys if they matter.
fn is_join(entry: &Entry, with: Option<(&Roster, DeviceId)>) -> bool {
    match Control::decode(entry.body()) {
        Ok(ControlBody::Known(Control::Join { invite, keys, .. })) => {
            let of_invite = |(roster, with): (&Roster, DeviceId)| {
                roster.invite(invite).is_some_and(|invite| invite.keys.device_id() == with)
            };
            keys.device_id() == entry.header().author && with.is_none_or(of_invite)
        }
        Ok(ControlBody::Known(_) | ControlBody::Later(_)) | Err(_) => false,
    }
}

/// Whether an entry is handed out: control entries to whoever has a session, beats to members, the rest to those who
/// may fetch its collection.
pub fn may_fetch(roster: &Roster, caller: Caller, header: &Header) -> bool {
    match (header.kind, caller) {
        (Kind::Control, _) => true,
        (_, Caller::Invite(_)) => false,
        (Kind::Beat, Caller::Device(device)) => roster.is_member(device),
        (Kind::Batch | Kind::Snapshot | Kind::View, Caller::Device(device)) => {
            roster.perm(device, header.coll).includes(Perm::FETCH)
        }
    }
}
