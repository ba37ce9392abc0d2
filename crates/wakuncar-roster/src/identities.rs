//! Whose signature it is.

use std::collections::BTreeMap;

use wakuncar_wire::{Control, ControlBody, DeviceId, Entry, Kind, PublicIdentity, WireError};

/// Public keys by device id. An id commits to its keys, so it does not matter who named them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities(BTreeMap<DeviceId, PublicIdentity>);

impl Identities {
    /// Learns the keys that a control entry names.
    pub fn learn(&mut self, entry: &Entry) {
        if entry.header().kind != Kind::Control {
            return;
        }
        let Ok(ControlBody::Known(control)) = Control::decode(entry.body()) else { return };
        let mut add = |keys: PublicIdentity| {
            self.0.insert(keys.device_id(), keys);
        };
        match control {
            Control::Genesis { root, superior, .. } => superior.into_iter().chain([root]).for_each(add),
            Control::SeatSet { holder, .. } => add(holder),
            Control::Handover { next, .. } => add(next),
            Control::RootRotate { root, .. } => add(root),
            Control::Join { keys, .. } => add(keys),
            Control::Invite { .. }
            | Control::Admit { .. }
            | Control::Access { .. }
            | Control::Drop { .. }
            | Control::Revoke { .. }
            | Control::Retire { .. }
            | Control::ForkClose { .. }
            | Control::Ack { .. }
            | Control::Purge { .. }
            | Control::Policy { .. }
            | Control::Hold { .. }
            | Control::Raise { .. }
            | Control::KeyRequest { .. }
            | Control::Key { .. }
            | Control::Wrap { .. }
            | Control::Wraps { .. }
            | Control::Collection { .. }
            | Control::Endpoint { .. }
            | Control::Greet { .. } => {}
        }
    }

    /// The keys of a device.
    pub fn get(&self, device: DeviceId) -> Option<&PublicIdentity> {
        self.0.get(&device)
    }

    /// Every device whose keys are known.
    pub fn all(&self) -> impl Iterator<Item = DeviceId> {
        self.0.keys().copied()
    }

    /// The device whose id begins with these hexadecimal digits.
    pub fn with_prefix(&self, hex: &str) -> Option<DeviceId> {
        self.0.keys().copied().find(|id| id.to_string().starts_with(hex))
    }

    /// Checks the signature of an entry. A genesis and a join name their own author's keys.
    ///
    /// # Errors
    /// [`WireError::Signature`] for a wrong one or an author whom nobody named.
    pub fn verify(&self, entry: &Entry) -> Result<(), WireError> {
        let mut own = Self::default();
        own.learn(entry);
        let author = entry.header().author;
        let keys = self.get(author).or_else(|| own.get(author)).ok_or(WireError::Signature)?;
        entry.verify(&keys.sign)
    }
}
