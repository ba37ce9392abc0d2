//! What control entries speak of: roles, permissions, ends of logs, keys for somebody.

use minicbor::{Decode, Encode};

use crate::{Bytes, CollId, DeviceId, DocId, GrantId, KeyId};

/// What a device is for (DESIGN §5a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Kader dasawisma.
    #[n(1)]
    Kader,
    /// Pendamping, e.g. of Karang Taruna.
    #[n(2)]
    Pendamping,
    /// PKK of an RT.
    #[n(3)]
    PkkRt,
    /// Ketua RT.
    #[n(4)]
    KetuaRt,
    /// Koordinator; given by a seat, never by an invite.
    #[n(5)]
    Koordinator,
    /// The office's unattended device.
    #[n(6)]
    Hub,
    /// Lurah.
    #[n(7)]
    Lurah,
    /// A named officer.
    #[n(8)]
    Petugas,
    /// Stores and forwards, reads nothing.
    #[n(9)]
    Arsip,
}

/// What a device may do with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Perm(#[n(0)] u8);

impl Perm {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Fetch sealed entries.
    pub const FETCH: Self = Self(1);
    /// Fetch, and have the key.
    pub const READ: Self = Self(3);
    /// Write.
    pub const WRITE: Self = Self(4);
    /// Read and write.
    pub const READ_WRITE: Self = Self(7);

    /// Both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self((self.0 | other.0) & 7)
    }

    /// Whether all of `other` is in it.
    pub const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A collection and what may be done with it.
pub type Access = (CollId, Perm);
/// A grant and the last number written under it that counts.
pub type CutOff = (GrantId, u64);
/// A log of a device, by its collection, and the last number in it that counts.
pub type LogEnd = (CollId, u64);
/// A grant, a collection, and the last number written there under the grant that counts.
pub type LogCutOff = (GrantId, CollId, u64);
/// A key and its ciphertext for somebody.
pub type WrappedKey = (KeyId, Bytes);

/// A key, a device, and the key's ciphertext for it.
pub type DeviceWrap = (KeyId, DeviceId, Bytes);

/// What a content key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(flat)]
pub enum Scope {
    /// The seats' own key.
    #[n(0)]
    Seat,
    /// The members' key: names of the team, beats, bundles.
    #[n(1)]
    Members,
    /// One collection.
    #[n(2)]
    Coll(#[n(0)] CollId),
}

/// How a wrap is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum WrapMode {
    /// HPKE to the recipient's key.
    #[n(0)]
    Hpke,
    /// Under the seats' key.
    #[n(1)]
    Seat,
}

/// Why a device was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Reason {
    /// Mislaid.
    #[n(0)]
    Lost,
    /// Stolen: somebody may write with it.
    #[n(1)]
    Stolen,
    /// Its owner left.
    #[n(2)]
    Left,
    /// It behaves oddly.
    #[n(3)]
    Suspect,
}

impl Reason {
    /// Whether a cut-off may be raised after review: nobody else wrote with the device.
    pub const fn is_honest(self) -> bool {
        matches!(self, Self::Lost | Self::Left)
    }
}

/// What is restricted, erased or held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(flat)]
pub enum Thing {
    /// One document.
    #[n(0)]
    Doc(#[n(0)] DocId),
    /// A whole collection.
    #[n(1)]
    Coll(#[n(0)] CollId),
}

/// What the kelurahan asks of its devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Rules {
    /// Lowest version of the app that may write.
    #[n(0)]
    pub min_app: u32,
    /// Days without contact before a device asks for its PIN at every start and says so.
    #[n(1)]
    pub warn_days: u16,
    /// Days without contact after which a device is locked until contact.
    #[n(2)]
    pub lock_days: u16,
    /// Whether bodies are kept for ever, so that who wrote what can be shown.
    #[n(3)]
    pub keep_bodies: bool,
}
