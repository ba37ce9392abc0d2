//! The public half of a device.

use ed25519_dalek::VerifyingKey;
use minicbor::{Decode, Encode};

use crate::{Context, DeviceId, WireError, derive};

/// The two public keys of a device, of the root or of a superior.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct PublicIdentity {
    /// Ed25519.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sign: [u8; 32],
    /// X25519.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub kem: [u8; 32],
}

impl PublicIdentity {
    /// The id that commits to both keys.
    pub fn device_id(&self) -> DeviceId {
        let mut id = [0; 16];
        id.copy_from_slice(&derive(Context::DeviceId, &[&self.sign, &self.kem])[..16]);
        DeviceId::from_bytes(id)
    }

    /// Checks a signature over a text that begins with its purpose.
    ///
    /// # Errors
    /// [`WireError::Signature`], also for a weak key.
    pub fn verify_text(&self, text: &[u8], signature: &[u8; 64]) -> Result<(), WireError> {
        verify(&self.sign, text, signature)
    }
}

pub(crate) fn verify(key: &[u8; 32], text: &[u8], signature: &[u8; 64]) -> Result<(), WireError> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| WireError::Signature)?;
    if key.is_weak() {
        return Err(WireError::Signature);
    }
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    key.verify_strict(text, &signature).map_err(|_| WireError::Signature)
}
