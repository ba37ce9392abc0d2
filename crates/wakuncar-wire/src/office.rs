//! What a relay tells a seat besides a sync: what shut-out devices left, and what happened there.

use minicbor::{Decode, Encode};

use crate::DeviceId;

/// Most bytes that a device may leave for the office (PROTOCOL §2.16).
pub const MAX_RESCUE: usize = 5 * 1024 * 1024;

/// Unsent work that a device left at a relay, sealed to root and seats.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RescueItem {
    /// Under which name it is fetched: the beginning of the BLAKE3 of its bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: [u8; 16],
    /// Who left it.
    #[n(1)]
    pub device: DeviceId,
    /// When, by the relay's clock, Unix seconds.
    #[n(2)]
    pub received_at: u64,
    /// Its bytes.
    #[n(3)]
    pub len: u32,
}

/// Something that happened at a relay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Happened {
    /// 4 an invite was guessed at, 6 an entry was refused, 7 a limit of the day was reached, 8 a log was forked, 9 a
    /// device that was shut out brought something, 10 one left its unsent work, 11 a row was damaged, 12 no room is left.
    #[n(0)]
    pub what: u8,
    /// Whom it is about; for an invite the id of its keys; zeros where nobody had shown who she is.
    #[n(1)]
    pub device: DeviceId,
    /// Days since 1970.
    #[n(2)]
    pub day: u64,
    /// How often on that day.
    #[n(3)]
    pub times: u64,
}

/// How a kelurahan fares at a relay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RelayNotes {
    /// Bytes of its entries.
    #[n(0)]
    pub used: u64,
    /// Bytes that it may use.
    #[n(1)]
    pub room: u64,
    /// What a seat should know of the last days, newest first.
    #[n(2)]
    pub happened: Vec<Happened>,
    /// What waits for a seat.
    #[n(3)]
    pub rescues: Vec<RescueItem>,
}
