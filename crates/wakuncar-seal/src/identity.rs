//! The private half of a device, of root, or of an invite.

use ed25519_dalek::SigningKey;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, Serializable};
use wakuncar_wire::{Context, PublicIdentity, RecoveryCode, SpaceId, derive};
use zeroize::Zeroizing;

use crate::SealError;

/// Signing and sealing secrets. Stored only inside the encrypted database, in no backup and no export.
#[derive(Clone)]
pub struct SecretIdentity {
    sign: SigningKey,
    kem: Zeroizing<[u8; 32]>,
}

impl SecretIdentity {
    /// From 64 random bytes, or from [`to_bytes`](Self::to_bytes).
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        let (mut sign, mut kem) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
        sign.copy_from_slice(&bytes[..32]);
        kem.copy_from_slice(&bytes[32..]);
        Self { sign: SigningKey::from_bytes(&sign), kem }
    }

    /// Root's secrets from the recovery code.
    pub fn from_recovery(code: &RecoveryCode) -> Self {
        Self::derived(Context::RecoverySign, Context::RecoveryKem, &[code.secret()])
    }

    /// An invite's secrets from what its QR holds.
    pub fn from_invite(secret: &[u8; 16], space: SpaceId) -> Self {
        Self::derived(Context::InviteSign, Context::InviteKem, &[secret, space.as_bytes()])
    }

    fn derived(sign: Context, kem: Context, parts: &[&[u8]]) -> Self {
        let sign = Zeroizing::new(derive(sign, parts));
        Self { sign: SigningKey::from_bytes(&sign), kem: Zeroizing::new(derive(kem, parts)) }
    }

    /// For the encrypted database.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 64]> {
        let mut bytes = Zeroizing::new([0; 64]);
        bytes[..32].copy_from_slice(&*Zeroizing::new(self.sign.to_bytes()));
        bytes[32..].copy_from_slice(&*self.kem);
        bytes
    }

    /// The public half.
    ///
    /// # Errors
    /// Never for 32 bytes; the library says so by type only.
    pub fn public(&self) -> Result<PublicIdentity, SealError> {
        let kem = X25519HkdfSha256::sk_to_pk(&self.kem_key()?).to_bytes();
        Ok(PublicIdentity { sign: self.sign.verifying_key().to_bytes(), kem: kem.into() })
    }

    /// What signs entries.
    pub fn signing_key(&self) -> &SigningKey {
        &self.sign
    }

    pub(crate) fn kem_key(&self) -> Result<<X25519HkdfSha256 as Kem>::PrivateKey, SealError> {
        <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&*self.kem).map_err(|_| SealError::PublicKey)
    }
}
