//! One question and one answer of a sync (PROTOCOL §2.10). Fields at the end that are empty take no byte.

use minicbor::{Decode, Encode};

use crate::{Bytes, CollHeads, EntryId};

/// How far a device has read a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Cursor {
    /// Which life of the relay's database.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub epoch: [u8; 16],
    /// The last arrival number read.
    #[n(1)]
    pub rseq: u64,
}

/// What a device asks and brings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct SyncRequest {
    /// As in the last answer of this relay.
    #[n(0)]
    pub cursor: Option<Cursor>,
    /// First 16 bytes of the digest of everything it holds.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub root: [u8; 16],
    /// Bytes that it can take now; 0 leaves it to the relay.
    #[n(2)]
    pub limit: u32,
    /// Entries, control first, then the oldest first.
    #[cbor(n(3), default, skip_if = "Vec::is_empty")]
    pub push: Vec<Bytes>,
    /// Entries asked for by id.
    #[cbor(n(4), default, skip_if = "Vec::is_empty")]
    pub want: Vec<EntryId>,
    /// Everything it holds, only when the relay asked or there is no cursor.
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub vv: Vec<CollHeads>,
}

/// What became of a pushed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum PushResult {
    /// Durable now.
    #[n(0)]
    Stored,
    /// Was durable before.
    #[n(1)]
    Duplicate,
    /// The entry before it is missing; the relay has this number.
    #[n(2)]
    Gap(#[n(0)] u64),
    /// Another entry stands in its place.
    #[n(3)]
    Fork,
    /// Not taken: 1 encoding, 2 signature, 3 unknown author, 4 not allowed, 5 another kelurahan, 6 brought by a device
    /// that was shut out.
    #[n(4)]
    Refused(#[n(0)] u8),
    /// Above a limit.
    #[n(5)]
    TooLarge,
    /// Too much for today; seconds to wait.
    #[n(6)]
    Quota(#[n(0)] u32),
}

/// What a relay says besides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Notices {
    /// The relay's clock, Unix seconds.
    #[n(0)]
    pub server_time: u64,
}

/// What a relay answers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncAnswer {
    /// Where to go on.
    #[n(0)]
    pub cursor: Cursor,
    /// There is more; ask again.
    #[n(1)]
    pub more: bool,
    /// The relay does not know the cursor: send everything you hold.
    #[n(2)]
    pub ask_vv: bool,
    /// The relay's clock and notices.
    #[n(3)]
    pub notices: Notices,
    /// For each pushed entry, in order.
    #[cbor(n(4), default, skip_if = "Vec::is_empty")]
    pub results: Vec<PushResult>,
    /// Control first, then the device's collections by arrival.
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub entries: Vec<Bytes>,
    /// Heads of the device's own logs as the relay has them, if entries were pushed.
    #[cbor(n(6), default, skip_if = "Vec::is_empty")]
    pub own: Vec<CollHeads>,
    /// A [`StoredReceipt`](crate::StoredReceipt), if something was stored or asked for.
    #[n(7)]
    pub receipt: Option<Bytes>,
}
