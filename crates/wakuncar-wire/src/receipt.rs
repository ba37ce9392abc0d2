//! The relay's receipt: these entries are durably stored (PROTOCOL §2.10a).

use ed25519_dalek::{Signer, SigningKey};
use minicbor::{Decode, Encode};

use crate::identity::verify;
use crate::{EntryId, Signature, SpaceId, Wire, WireError};

/// A relay's signed word that entries are durable.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StoredReceipt {
    /// The relay's receipt key.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub relay_pk: [u8; 32],
    /// Which life of the relay's database.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub relay_epoch: [u8; 16],
    /// The relay's clock, Unix seconds.
    #[n(2)]
    pub server_time: u64,
    /// What is stored.
    #[n(3)]
    pub entries: Vec<EntryId>,
    /// Over all of this and the space.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub sig: [u8; 64],
}

#[derive(Encode)]
struct Signed<'a> {
    #[cbor(n(0), with = "minicbor::bytes")]
    relay_pk: [u8; 32],
    #[cbor(n(1), with = "minicbor::bytes")]
    relay_epoch: [u8; 16],
    #[n(2)]
    server_time: u64,
    #[n(3)]
    entries: &'a [EntryId],
}

impl StoredReceipt {
    /// Signs a receipt.
    pub fn sign(
        space: SpaceId,
        relay_epoch: [u8; 16],
        server_time: u64,
        entries: Vec<EntryId>,
        key: &SigningKey,
    ) -> Self {
        let relay_pk = key.verifying_key().to_bytes();
        let mut receipt = Self { relay_pk, relay_epoch, server_time, entries, sig: [0; 64] };
        receipt.sig = key.sign(&receipt.text(space)).to_bytes();
        receipt
    }

    /// Checks it against the key that the kelurahan published for its relay.
    ///
    /// # Errors
    /// [`WireError::Signature`].
    pub fn verify(&self, space: SpaceId, relay_pk: &[u8; 32]) -> Result<(), WireError> {
        if self.relay_pk != *relay_pk {
            return Err(WireError::Signature);
        }
        verify(relay_pk, &self.text(space), &self.sig)
    }

    fn text(&self, space: SpaceId) -> Vec<u8> {
        let Self { relay_pk, relay_epoch, server_time, ref entries, .. } = *self;
        // Writing into memory cannot fail.
        let signed = minicbor::to_vec(Signed { relay_pk, relay_epoch, server_time, entries }).unwrap_or_default();
        Signature::Receipt.text(&[space.as_bytes(), &signed])
    }
}

impl StoredReceipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// [`WireError::Encoding`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        Self::from_wire(bytes)
    }
}
