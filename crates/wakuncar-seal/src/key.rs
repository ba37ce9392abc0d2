//! Content keys and their wraps (PROTOCOL §2.7).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal_with_rng};
use wakuncar_wire::{Context, DeviceId, Header, KeyId, PublicIdentity, SpaceId, derive};
use zeroize::Zeroizing;

use crate::random::Drawn;
use crate::{SealError, SecretIdentity};

const INFO: &[u8] = b"wakuncar/v1/wrap";
const ENCAPPED: usize = 32;

/// A key under which bodies are sealed. Its id commits to it.
#[derive(Clone)]
pub struct ContentKey(Zeroizing<[u8; 32]>);

impl ContentKey {
    /// From 32 random bytes, or from [`to_bytes`](Self::to_bytes).
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// For the encrypted database.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }

    /// Its id.
    pub fn id(&self) -> KeyId {
        KeyId::from_bytes(derive(Context::KeyId, &[&*self.0]))
    }

    /// Seals this key to a device (HPKE, 80 bytes).
    ///
    /// # Errors
    /// [`SealError::PublicKey`] for a recipient key that is none.
    pub fn wrap_for(&self, space: SpaceId, to: &PublicIdentity, random: &[u8; 32]) -> Result<Vec<u8>, SealError> {
        let pk = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.kem).map_err(|_| SealError::PublicKey)?;
        let info = info(space, self.id(), to.device_id());
        let sealed = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &pk,
            &info,
            &*self.0,
            &[],
            &mut Drawn::new(random),
        );
        let (encapped, ct) = sealed.map_err(|_| SealError::PublicKey)?;
        Ok([encapped.to_bytes().as_slice(), &ct].concat())
    }

    /// Opens a wrap for this device; it must open to the key that `id` commits to.
    ///
    /// # Errors
    /// [`SealError::DoesNotOpen`], [`SealError::OtherKey`].
    pub fn unwrap_from(space: SpaceId, id: KeyId, wrap: &[u8], me: &SecretIdentity) -> Result<Self, SealError> {
        let (encapped, ct) = wrap.split_at_checked(ENCAPPED).ok_or(SealError::DoesNotOpen)?;
        let encapped = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapped);
        let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &me.kem_key()?,
            &encapped.map_err(|_| SealError::DoesNotOpen)?,
            &info(space, id, me.public()?.device_id()),
            ct,
            &[],
        );
        Self::committed(id, opened.map_err(|_| SealError::DoesNotOpen)?)
    }

    /// What a hub shows beside a random number on the office's network: whoever has this key recognises it, nobody else
    /// learns which kelurahan is here.
    pub fn beacon(&self, nonce: &[u8; 8]) -> [u8; 8] {
        let key = Zeroizing::new(derive(Context::Beacon, &[&*self.0]));
        let mut beacon = [0; 8];
        beacon.copy_from_slice(&blake3::keyed_hash(&key, nonce).as_bytes()[..8]);
        beacon
    }

    /// Seals another key under this one: an earlier key of the same scope, or a collection's key under the seats'.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] never happens for a key.
    pub fn seal_key(&self, space: SpaceId, inner: &Self, random: &[u8; 32]) -> Result<Vec<u8>, SealError> {
        let aad = self.key_aad(space, inner.id());
        self.seal(Context::KeyWrap, &[], &aad, &*inner.0, random)
    }

    /// Opens what [`seal_key`](Self::seal_key) made; it must open to the key that `id` commits to.
    ///
    /// # Errors
    /// [`SealError::DoesNotOpen`], [`SealError::OtherKey`].
    pub fn open_key(&self, space: SpaceId, id: KeyId, sealed: &[u8]) -> Result<Self, SealError> {
        let opened = self.open(Context::KeyWrap, &[], &self.key_aad(space, id), sealed)?;
        Self::committed(id, opened)
    }

    fn committed(id: KeyId, opened: Vec<u8>) -> Result<Self, SealError> {
        let opened = Zeroizing::new(opened);
        let bytes: &[u8; 32] = opened.as_slice().try_into().map_err(|_| SealError::OtherKey)?;
        let key = Self::from_bytes(bytes);
        if key.id() == id { Ok(key) } else { Err(SealError::OtherKey) }
    }

    fn key_aad(&self, space: SpaceId, inner: KeyId) -> Vec<u8> {
        [space.as_bytes().as_slice(), inner.as_bytes(), self.id().as_bytes()].concat()
    }

    /// The purpose of a body key: one log of one author.
    pub(crate) fn log(header: &Header) -> [u8; 32] {
        let mut log = [0; 32];
        log[..16].copy_from_slice(header.author.as_bytes());
        log[16..].copy_from_slice(header.coll.as_bytes());
        log
    }

    /// `nonce24 ‖ ciphertext`. The nonce is hedged: random bytes that were drawn twice (a cloned machine) do no harm
    /// unless the plaintext is the same, too.
    pub(crate) fn seal(
        &self,
        purpose: Context,
        part: &[u8],
        aad: &[u8],
        msg: &[u8],
        random: &[u8; 32],
    ) -> Result<Vec<u8>, SealError> {
        let nonce_key = Zeroizing::new(derive(Context::NonceKey, &[&*self.0]));
        let mut hasher = blake3::Hasher::new_keyed(&nonce_key);
        hasher.update(random).update(aad).update(msg);
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&hasher.finalize().as_bytes()[..24]);
        let ct = self.cipher(purpose, part).encrypt(&nonce.into(), Payload { msg, aad });
        Ok([nonce.as_slice(), &ct.map_err(|_| SealError::TooLarge)?].concat())
    }

    pub(crate) fn open(&self, purpose: Context, part: &[u8], aad: &[u8], body: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, msg) = body.split_first_chunk::<24>().ok_or(SealError::DoesNotOpen)?;
        let opened = self.cipher(purpose, part).decrypt(&(*nonce).into(), Payload { msg, aad });
        opened.map_err(|_| SealError::DoesNotOpen)
    }

    pub(crate) fn cipher(&self, purpose: Context, part: &[u8]) -> XChaCha20Poly1305 {
        let key = Zeroizing::new(derive(purpose, &[&*self.0, part]));
        XChaCha20Poly1305::new(&(*key).into())
    }
}

fn info(space: SpaceId, key: KeyId, recipient: DeviceId) -> Vec<u8> {
    [INFO, space.as_bytes(), key.as_bytes(), recipient.as_bytes()].concat()
}
