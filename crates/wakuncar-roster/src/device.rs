//! Devices, invites and joins: stratum S2.

use wakuncar_wire::{Access, CollId, DeviceId, EntryId, GrantId, Perm, PublicIdentity, Role};

use crate::Ends;

/// A device of the kelurahan, not counting what a seat gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its keys.
    pub keys: PublicIdentity,
    /// What it is for.
    pub role: Role,
    /// What it may do.
    pub grants: Vec<DeviceGrant>,
}

/// What one entry lets a device do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceGrant {
    /// The entry.
    pub grant: GrantId,
    /// Where and what.
    pub access: Vec<Access>,
    /// How far what was written under it counts; `None` while it holds.
    pub cut_off: Option<Ends>,
}

impl DeviceGrant {
    /// Whether an entry of that number in the log of a collection counts under it.
    pub(crate) fn holds(&self, coll: CollId, seq: u64) -> bool {
        self.cut_off.as_ref().is_none_or(|ends| seq <= ends.end(coll))
    }

    pub(crate) fn perm(&self, coll: CollId) -> Perm {
        let of_coll = self.access.iter().filter(|(id, _)| *id == coll);
        of_coll.fold(Perm::NONE, |all, (_, perm)| all.union(*perm))
    }
}

/// An invite that somebody with authority gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its keys.
    pub keys: PublicIdentity,
    /// What the device will be.
    pub role: Role,
    /// What it will be allowed.
    pub access: Vec<Access>,
    /// Unix seconds; decided by people and the relay, not here.
    pub expiry: u32,
    /// Printed on paper, else live.
    pub printed: bool,
    /// Taken back.
    pub dropped: bool,
}

/// A device that asked to join with an invite's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join {
    /// The entry.
    pub entry: EntryId,
    /// The device.
    pub device: DeviceId,
    /// Its keys.
    pub keys: PublicIdentity,
    /// The invite.
    pub invite: GrantId,
    /// A seat's number for the three pictures.
    pub nonce: Option<[u8; 16]>,
}
