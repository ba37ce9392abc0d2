//! Control entries: who may do what. Ids, keys and numbers, never a name of a person, never free text
//! (PROTOCOL §2.2, §2.4).

use minicbor::{Decode, Decoder, Encode};

use crate::{Bytes, CollId, DeviceId, EntryId, GrantId, KeyId, PublicIdentity, Signature, SpaceId, Wire, WireError};

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
/// A key and its ciphertext for somebody.
pub type WrappedKey = (KeyId, Bytes);

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

/// The body of a control entry: `[type, fields…]`. Types 3, 9, 10, 14–17 and 19–21 are reserved.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Control {
    /// The beginning of a kelurahan, by root.
    #[n(1)]
    Genesis {
        /// Root keys.
        #[n(0)]
        root: PublicIdentity,
        /// Superior keys (kota TP-PKK); may be none.
        #[n(1)]
        superior: Vec<PublicIdentity>,
        /// 0: a superior signs only.
        #[n(2)]
        superior_mode: u8,
        /// Number of seats, 1 to 8.
        #[n(3)]
        seats: u8,
        /// Days without contact before a phone warns, and whether bodies are kept for ever (0 or 1).
        #[n(4)]
        policy: (u16, u8),
        /// Kemendagri code.
        #[n(5)]
        kode: String,
        /// Name of the kelurahan: public.
        #[n(6)]
        nama: String,
        /// Made for practice, for ever.
        #[n(7)]
        latihan: bool,
        /// So that no two kelurahan are alike.
        #[cbor(n(8), with = "minicbor::bytes")]
        random: [u8; 32],
    },
    /// Who holds a seat.
    #[n(2)]
    SeatSet {
        /// Seat, from 1.
        #[n(0)]
        seat: u8,
        /// Term, from 1, without gaps.
        #[n(1)]
        term: u32,
        /// The holder.
        #[n(2)]
        holder: PublicIdentity,
        /// Last numbers of earlier grants of this seat that count.
        #[n(3)]
        cut_offs: Vec<CutOff>,
    },
    /// A device may join, once.
    #[n(4)]
    Invite {
        /// Keys that only who has the code can derive.
        #[n(0)]
        keys: PublicIdentity,
        /// What it will be.
        #[n(1)]
        role: Role,
        /// What it may do.
        #[n(2)]
        access: Vec<Access>,
        /// Unix seconds.
        #[n(3)]
        expiry: u32,
        /// 0 live, 1 printed.
        #[n(4)]
        mode: u8,
    },
    /// A device asks to join: its first control entry.
    #[n(5)]
    Join {
        /// The invite.
        #[n(0)]
        invite: GrantId,
        /// Its keys.
        #[n(1)]
        keys: PublicIdentity,
        /// Version of the app.
        #[n(2)]
        app_version: u32,
        /// By the invite's key over space, invite and keys.
        #[cbor(n(3), with = "minicbor::bytes")]
        invite_sig: [u8; 64],
    },
    /// A seat confirms a join.
    #[n(6)]
    Admit {
        /// The device.
        #[n(0)]
        device: DeviceId,
        /// Its join.
        #[n(1)]
        join: GrantId,
        /// What it is.
        #[n(2)]
        role: Role,
        /// What it may do.
        #[n(3)]
        access: Vec<Access>,
        /// Content keys, sealed to the device.
        #[n(4)]
        wraps: Vec<WrappedKey>,
    },
    /// A device may do more.
    #[n(7)]
    Access {
        /// The device.
        #[n(0)]
        device: DeviceId,
        /// Where.
        #[n(1)]
        coll: CollId,
        /// What.
        #[n(2)]
        perm: Perm,
    },
    /// A grant or an invite ends.
    #[n(8)]
    Drop {
        /// Which.
        #[n(0)]
        grant: GrantId,
        /// Last number written under it that counts.
        #[n(1)]
        cut_off: u64,
    },
    /// A content key is announced.
    #[n(11)]
    Key {
        /// Its id, which commits to it.
        #[n(0)]
        key: KeyId,
        /// What it opens.
        #[n(1)]
        scope: Scope,
        /// Earlier keys of the scope, sealed under it.
        #[n(2)]
        parents: Vec<WrappedKey>,
        /// Drops and revokes that it takes into account.
        #[n(3)]
        accounted: Vec<GrantId>,
        /// The key under the seats' key; empty for the seats' key itself.
        #[n(4)]
        for_seats: Bytes,
    },
    /// A content key for one device.
    #[n(12)]
    Wrap {
        /// The key.
        #[n(0)]
        key: KeyId,
        /// For whom.
        #[n(1)]
        recipient: DeviceId,
        /// How.
        #[n(2)]
        mode: WrapMode,
        /// The ciphertext.
        #[n(3)]
        ct: Bytes,
    },
    /// A collection begins.
    #[n(13)]
    Collection {
        /// Its id.
        #[n(0)]
        coll: CollId,
        /// 1 dasar, 2 kesehatan, 3 validasi, 4 anggota_tim, 5 program, 6 tindak_lanjut, 7 arseti, 8 perlindungan.
        #[n(1)]
        jenis: u8,
        /// For views: purpose and legal basis.
        #[n(2)]
        purpose: Vec<u16>,
    },
    /// Where its author or the kelurahan's relay is reached.
    #[n(18)]
    Endpoint {
        /// Addresses.
        #[n(0)]
        urls: Vec<String>,
        /// BLAKE3-128 of the TLS keys.
        #[n(1)]
        pins: Vec<Bytes>,
        /// Port on the local network; 0 is none.
        #[n(2)]
        lan_port: u16,
        /// The key of the relay's receipts; may be empty.
        #[n(3)]
        receipt_pk: Bytes,
    },
    /// A seat's random number for the three pictures of a join, drawn after the join.
    #[n(22)]
    Greet {
        /// The join.
        #[n(0)]
        join: GrantId,
        /// The number.
        #[cbor(n(1), with = "minicbor::bytes")]
        nonce: [u8; 16],
    },
}

/// A control body as read: of a type that this version knows, or kept as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlBody {
    /// Known.
    Known(Control),
    /// Of a later version. Above 127 it is critical: who does not know it stops issuing control entries and keys.
    Later(u16),
}

impl Control {
    /// Reads a control body.
    ///
    /// # Errors
    /// [`WireError::Encoding`].
    pub fn decode(body: &[u8]) -> Result<ControlBody, WireError> {
        let mut decoder = Decoder::new(body);
        let read = decoder.array().and_then(|_| decoder.u16());
        let kind = read.map_err(|_| WireError::Encoding)?;
        match kind {
            1 | 2 | 4..=8 | 11..=13 | 18 | 22 => Self::from_wire(body).map(ControlBody::Known),
            _ => {
                let mut whole = Decoder::new(body);
                whole.skip().map_err(|_| WireError::Encoding)?;
                if whole.position() == body.len() { Ok(ControlBody::Later(kind)) } else { Err(WireError::Encoding) }
            }
        }
    }

    /// What an invite's key signs in a join: space, invite, both keys.
    pub fn join_text(space: SpaceId, invite: GrantId, keys: &PublicIdentity) -> Vec<u8> {
        let parts: [&[u8]; 4] = [space.as_bytes(), invite.as_bytes(), &keys.sign, &keys.kem];
        Signature::InviteJoin.text(&parts)
    }
}

impl From<EntryId> for GrantId {
    fn from(id: EntryId) -> Self {
        id.grant()
    }
}
