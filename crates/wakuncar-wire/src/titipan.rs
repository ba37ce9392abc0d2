//! *Titip data*: what a phone that was shut out had not sent, sealed to root and seats (PROTOCOL §2.16). A file, or the
//! body of a rescue at the relay.

use ed25519_dalek::{Signer, SigningKey};
use minicbor::{Decode, Encode};

use crate::identity::verify;
use crate::{Bytes, DeviceId, DocId, KeyId, Signature, SpaceId, Wire, WireError};

const MAGIC: &[u8] = b"WKT1";

/// The sealed thing. A key of its own opens it, which is wrapped for each who may.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Titipan {
    /// The kelurahan.
    #[n(0)]
    pub space: SpaceId,
    /// Who hands it over.
    #[n(1)]
    pub device: DeviceId,
    /// The key that opens the body.
    #[n(2)]
    pub key: KeyId,
    /// The key for root and for each seat (HPKE).
    #[n(3)]
    pub wraps: Vec<(DeviceId, Bytes)>,
    /// [`HandedOver`], sealed; in several parts where it is much.
    #[n(4)]
    pub parts: Vec<Bytes>,
    /// By the device, over all of it.
    #[cbor(n(5), with = "minicbor::bytes")]
    sig: [u8; 64],
}

#[derive(Encode)]
struct Signed<'a> {
    #[n(0)]
    key: KeyId,
    #[n(1)]
    wraps: &'a [(DeviceId, Bytes)],
    #[n(2)]
    parts: &'a [Bytes],
}

impl Titipan {
    /// Signs what was sealed.
    pub fn sign(
        space: SpaceId,
        device: DeviceId,
        key: KeyId,
        wraps: Vec<(DeviceId, Bytes)>,
        parts: Vec<Bytes>,
        secret: &SigningKey,
    ) -> Self {
        let mut titipan = Self { space, device, key, wraps, parts, sig: [0; 64] };
        titipan.sig = secret.sign(&titipan.text()).to_bytes();
        titipan
    }

    /// Checks that the device handed it over.
    ///
    /// # Errors
    /// [`WireError::Signature`].
    pub fn verify(&self, sign_pk: &[u8; 32]) -> Result<(), WireError> {
        verify(sign_pk, &self.text(), &self.sig)
    }

    fn text(&self) -> Vec<u8> {
        let Self { space, device, key, wraps, parts, .. } = self;
        // Writing into memory cannot fail.
        let signed = minicbor::to_vec(Signed { key: *key, wraps, parts }).unwrap_or_default();
        Signature::Rescue.text(&[space.as_bytes(), device.as_bytes(), &signed])
    }

    /// The bytes of the file.
    pub fn to_file(&self) -> Vec<u8> {
        [MAGIC, &self.to_wire()].concat()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`WireError::Encoding`] for anything else.
    pub fn from_file(bytes: &[u8]) -> Result<Self, WireError> {
        Self::from_wire(bytes.strip_prefix(MAGIC).ok_or(WireError::Encoding)?)
    }
}

/// What was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandedOver {
    /// When it was sealed, by the phone's clock, in Unix seconds.
    #[n(0)]
    pub made_at: u64,
    /// Version of the app.
    #[n(1)]
    pub app_version: u32,
    /// House by house.
    #[n(2)]
    pub houses: Vec<HandedHouse>,
}

/// One document of a house.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandedHouse {
    /// The house.
    #[n(0)]
    pub doc: DocId,
    /// Which of its documents: `dasar`, `kesehatan`.
    #[n(1)]
    pub part: String,
    /// What people call it, for a reader who does not have it.
    #[n(2)]
    pub called: String,
    /// When its last answer was given, by the phone's clock, in Unix seconds.
    #[n(3)]
    pub claimed_at: u64,
    /// The answers.
    #[n(4)]
    pub answers: Vec<HandedAnswer>,
    /// The changes themselves, for whoever wants to look closer.
    #[n(5)]
    pub changes: Vec<Bytes>,
}

/// One answer, as JSON: `null` (absent) is an empty box, `"?"` is *tidak tahu*.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandedAnswer {
    /// The place, e.g. `rumah/punya_spal`.
    #[n(0)]
    pub place: String,
    /// What stood there in what had been sent.
    #[n(1)]
    pub before: Option<String>,
    /// What stands there now.
    #[n(2)]
    pub now: Option<String>,
}

impl HandedOver {
    /// Reads what was opened.
    ///
    /// # Errors
    /// [`WireError::Encoding`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        Self::from_wire(bytes)
    }
}
