//! The entry: header, signature, body; the only thing that devices exchange (PROTOCOL §2.3).

use ed25519_dalek::{Signer, SigningKey};
use minicbor::{Decode, Decoder, Encode};

use crate::identity::verify;
use crate::{CollId, Context, DeviceId, EntryId, GrantId, KeyId, Signature, SpaceId, Wire, WireError, derive};

/// Most bytes of a sealed body (PROTOCOL §2.20).
pub const MAX_BODY: usize = 256 * 1024;
/// Most bytes of an entry.
pub const MAX_ENTRY: usize = MAX_BODY + MAX_HEADER + 2 + 64;
const MAX_HEADER: usize = 256;
const MAX_SEQ: u64 = 1 << 48;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// Sealed changes.
    #[n(1)]
    Batch,
    /// Who may do what, in clear.
    #[n(2)]
    Control,
    /// A sealed state.
    #[n(3)]
    Snapshot,
    /// A sealed extract.
    #[n(4)]
    View,
    /// What a device has applied, sealed under the member key; unchained, the highest number counts.
    #[n(5)]
    Beat,
}

/// The header, 13 fields in this order.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// 1.
    #[n(0)]
    pub ver: u8,
    /// 1.
    #[n(1)]
    pub suite: u8,
    /// What it is.
    #[n(2)]
    pub kind: Kind,
    /// Which kelurahan; zeros in the genesis, whose id is the space.
    #[n(3)]
    pub space: SpaceId,
    /// Which collection.
    #[n(4)]
    pub coll: CollId,
    /// Who wrote it.
    #[n(5)]
    pub author: DeviceId,
    /// Its place in the log, from 1, at most 2^48.
    #[n(6)]
    pub seq: u64,
    /// The entry before it in the log; zeros at 1 and for beats.
    #[n(7)]
    pub prev: EntryId,
    /// The authority under which its author acts; zeros for root and superior, and for a join.
    #[n(8)]
    pub auth: GrantId,
    /// The content key; zeros for control entries.
    #[n(9)]
    pub key: KeyId,
    /// Lowest data schema that a reader needs to edit.
    #[n(10)]
    pub schema: u16,
    /// Bytes of the body.
    #[n(11)]
    pub body_len: u32,
    /// BLAKE3 of the body.
    #[cbor(n(12), with = "minicbor::bytes")]
    pub body_hash: [u8; 32],
}

impl Header {
    /// What a sealed body is bound to: the header's bytes before `body_len`.
    pub fn aad(&self) -> Vec<u8> {
        let raw = self.to_wire();
        let mut decoder = Decoder::new(&raw);
        let fields = decoder.array().is_ok() && (0..11).all(|_| decoder.skip().is_ok());
        let end = if fields { decoder.position() } else { raw.len() };
        raw[..end].to_vec()
    }

    /// The id of the entry.
    pub fn id(&self) -> EntryId {
        EntryId::from_bytes(derive(Context::EntryId, &[&self.to_wire()]))
    }

    fn check(&self) -> Result<(), WireError> {
        if (self.ver, self.suite) != (1, 1) {
            return Err(WireError::Version);
        }
        let first = self.seq == 1 || self.kind == Kind::Beat;
        let control = self.kind == Kind::Control;
        let fits = (1..=MAX_SEQ).contains(&self.seq)
            && first == (self.prev == EntryId::ZERO)
            && control == (self.key == KeyId::ZERO)
            && (control || self.kind == Kind::Beat) == (self.coll == CollId::CONTROL);
        if fits { Ok(()) } else { Err(WireError::Encoding) }
    }
}

/// An entry that is well formed; its signature is checked apart, as its author's key stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    header: Header,
    sig: [u8; 64],
    body: Vec<u8>,
}

impl Entry {
    /// Signs a header over its body; `body_len` and `body_hash` are filled in.
    ///
    /// # Errors
    /// [`WireError::TooLarge`] for a body above [`MAX_BODY`]; [`WireError::Encoding`] for fields that do not fit
    /// together.
    pub fn sign(mut header: Header, body: Vec<u8>, key: &SigningKey) -> Result<Self, WireError> {
        header.body_len = body_len(&body)?;
        header.body_hash = *blake3::hash(&body).as_bytes();
        header.check()?;
        let sig = key.sign(&Signature::Entry.text(&[&header.to_wire()])).to_bytes();
        Ok(Self { header, sig, body })
    }

    /// Reads an entry: `u16` length of the header (big endian), header, signature, body.
    ///
    /// # Errors
    /// [`WireError::TooLarge`], [`WireError::Encoding`], [`WireError::Version`], [`WireError::BodyHash`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > MAX_ENTRY {
            return Err(WireError::TooLarge);
        }
        let (len, rest) = bytes.split_first_chunk::<2>().ok_or(WireError::Encoding)?;
        let len = usize::from(u16::from_be_bytes(*len));
        if len > MAX_HEADER {
            return Err(WireError::TooLarge);
        }
        let (header, rest) = rest.split_at_checked(len).ok_or(WireError::Encoding)?;
        let (sig, body) = rest.split_first_chunk::<64>().ok_or(WireError::Encoding)?;
        let header = Header::from_wire(header)?;
        header.check()?;
        if header.body_len != body_len(body)? || header.body_hash != *blake3::hash(body).as_bytes() {
            return Err(WireError::BodyHash);
        }
        Ok(Self { header, sig: *sig, body: body.to_vec() })
    }

    /// Its bytes: those that were received, as there is one spelling.
    pub fn encode(&self) -> Vec<u8> {
        let header = self.header.to_wire();
        let len = u16::try_from(header.len()).unwrap_or(u16::MAX).to_be_bytes();
        [&len, header.as_slice(), &self.sig, &self.body].concat()
    }

    /// Checks the signature.
    ///
    /// # Errors
    /// [`WireError::Signature`], also for a weak key.
    pub fn verify(&self, sign_pk: &[u8; 32]) -> Result<(), WireError> {
        verify(sign_pk, &Signature::Entry.text(&[&self.header.to_wire()]), &self.sig)
    }

    /// The id.
    pub fn id(&self) -> EntryId {
        self.header.id()
    }

    /// The kelurahan that it belongs to; a genesis begins it.
    pub fn space(&self) -> SpaceId {
        if self.header.space == SpaceId::ZERO { self.id().space() } else { self.header.space }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The body: sealed, or the clear bytes of a control entry.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

fn body_len(body: &[u8]) -> Result<u32, WireError> {
    if body.len() > MAX_BODY {
        Err(WireError::TooLarge)
    } else {
        u32::try_from(body.len()).map_err(|_| WireError::TooLarge)
    }
}
