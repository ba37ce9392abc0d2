//! Control entries: who may do what. Ids, keys and numbers, never a name of a person, never free text
//! (PROTOCOL §2.2, §2.4).

use minicbor::{Decode, Decoder, Encode};

use crate::{
    Access, Bytes, CollId, CutOff, DeviceId, DeviceWrap, EntryId, GrantId, KeyId, LogCutOff, LogEnd, Perm,
    PublicIdentity, Reason, Role, Rules, Scope, Signature, SpaceId, Thing, Wire, WireError, WrapMode, WrappedKey,
};

/// The body of a control entry: `[type, fields…]`. Fields at the end that may be absent came later.
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
        /// Last numbers in the control logs of earlier grants of this seat that count; 0 for those not named.
        #[n(3)]
        cut_offs: Vec<CutOff>,
        /// The same for their other logs; 0 for those not named.
        #[n(4)]
        logs: Option<Vec<LogCutOff>>,
    },
    /// The holder of a seat gives it to somebody.
    #[n(3)]
    Handover {
        /// Seat.
        #[n(0)]
        seat: u8,
        /// The next holder.
        #[n(1)]
        next: PublicIdentity,
        /// Last numbers of the giver's own logs that count under the seat; the control log ends with this entry.
        #[n(2)]
        logs: Vec<LogEnd>,
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
        /// Last number written under it that counts, in each log that `logs` does not name.
        #[n(1)]
        cut_off: u64,
        /// The same, log by log.
        #[n(2)]
        logs: Option<Vec<LogEnd>>,
    },
    /// A device is shut out, for ever.
    #[n(9)]
    Revoke {
        /// Which.
        #[n(0)]
        device: DeviceId,
        /// Last numbers of its logs that count; 0 for those not named.
        #[n(1)]
        logs: Vec<LogEnd>,
        /// Why.
        #[n(2)]
        reason: Reason,
        /// Whether it is to destroy what it holds, after handing over what it has not sent.
        #[n(3)]
        wipe: bool,
    },
    /// A device ends itself, for ever. Its control log ends with this entry.
    #[n(10)]
    Retire {
        /// Last numbers of its other logs that count; 0 for those not named.
        #[n(0)]
        logs: Vec<LogEnd>,
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
    /// Of a forked log these heads, and what they rest on, are taken.
    #[n(14)]
    ForkClose {
        /// Collection of the log.
        #[n(0)]
        coll: CollId,
        /// Its author.
        #[n(1)]
        author: DeviceId,
        /// The heads.
        #[n(2)]
        heads: Vec<EntryId>,
    },
    /// A reader has computed the same heads as a snapshot.
    #[n(15)]
    Ack {
        /// The snapshot.
        #[n(0)]
        snapshot: EntryId,
    },
    /// Something is erased everywhere, for ever.
    #[n(16)]
    Purge {
        /// What.
        #[n(0)]
        things: Vec<Thing>,
        /// 0 on request, 1 by retention, 2 by mistake, 3 a refused draft.
        #[n(1)]
        basis: u8,
    },
    /// The root gets new keys.
    #[n(17)]
    RootRotate {
        /// The root that ends.
        #[n(0)]
        old: DeviceId,
        /// The one that follows.
        #[n(1)]
        root: PublicIdentity,
        /// Last number of the old one's control log that counts.
        #[n(2)]
        cut_off: u64,
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
    /// What the kelurahan asks of its devices.
    #[n(19)]
    Policy {
        /// Counts up; the highest of equal authority holds.
        #[n(0)]
        revision: u32,
        /// The rules.
        #[n(1)]
        rules: Rules,
    },
    /// The use of something is restricted, or free again.
    #[n(20)]
    Hold {
        /// Counts up; the highest holds.
        #[n(0)]
        revision: u32,
        /// What.
        #[n(1)]
        thing: Thing,
        /// Restricted.
        #[n(2)]
        held: bool,
    },
    /// More of a revoked device's log counts, after review; only where nobody else wrote with it.
    #[n(21)]
    Raise {
        /// The device.
        #[n(0)]
        device: DeviceId,
        /// Its logs and the last numbers that count now.
        #[n(1)]
        logs: Vec<LogEnd>,
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
    /// A device lacks a key that it may have, and asks whoever holds it.
    #[n(23)]
    KeyRequest {
        /// The key.
        #[n(0)]
        key: KeyId,
    },
    /// Content keys for several devices (HPKE): one entry where there would be hundreds of [`Control::Wrap`].
    #[n(24)]
    Wraps {
        /// Which key for whom, and the ciphertext.
        #[n(0)]
        wraps: Vec<DeviceWrap>,
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
            1..=24 => Self::from_wire(body).map(ControlBody::Known),
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
