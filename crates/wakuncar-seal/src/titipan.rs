//! The body of what a phone that was shut out hands over; its key is wrapped like any content key (PROTOCOL §2.16).

use wakuncar_wire::{Context, DeviceId, SpaceId};

use crate::body::{pack, unpack};
use crate::{ContentKey, SealError};

/// Seals what a device hands over.
///
/// # Errors
/// [`SealError::TooLarge`] for more than 2 MiB: make several; [`SealError::Packing`].
pub fn seal_titipan(
    key: &ContentKey,
    space: SpaceId,
    device: DeviceId,
    payload: &[u8],
    random: &[u8; 32],
) -> Result<Vec<u8>, SealError> {
    key.seal(Context::Rescue, &[], &aad(space, device), &pack(payload)?, random)
}

/// Opens it.
///
/// # Errors
/// [`SealError::DoesNotOpen`] for another key, device or kelurahan; [`SealError::Packing`], [`SealError::TooLarge`].
pub fn open_titipan(key: &ContentKey, space: SpaceId, device: DeviceId, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    unpack(&key.open(Context::Rescue, &[], &aad(space, device), sealed)?)
}

fn aad(space: SpaceId, device: DeviceId) -> Vec<u8> {
    [space.as_bytes().as_slice(), device.as_bytes()].concat()
}
