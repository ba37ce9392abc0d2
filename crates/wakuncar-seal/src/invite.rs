//! The invitation behind a typed code: sealed under the code's secret, which is never sent (PROTOCOL §2.5).

use wakuncar_wire::{Context, Invitation, TypedCode, Wire};

use crate::{ContentKey, SealError};

/// Seals an invitation for the relay to keep under [`TypedCode::lookup`].
///
/// # Errors
/// [`SealError::TooLarge`] never happens for an invitation.
pub fn seal_invitation(code: &TypedCode, invitation: &Invitation, random: &[u8; 32]) -> Result<Vec<u8>, SealError> {
    let key = ContentKey::from_bytes(&code.key());
    key.seal(Context::InviteCodeKey, &[], &code.lookup(), &invitation.to_wire(), random)
}

/// Opens it.
///
/// # Errors
/// [`SealError::DoesNotOpen`] for another code.
pub fn open_invitation(code: &TypedCode, sealed: &[u8]) -> Result<Invitation, SealError> {
    let key = ContentKey::from_bytes(&code.key());
    let opened = key.open(Context::InviteCodeKey, &[], &code.lookup(), sealed)?;
    Invitation::from_wire(&opened).map_err(|_| SealError::Packing)
}
