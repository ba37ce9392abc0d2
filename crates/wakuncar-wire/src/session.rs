//! How a device shows a relay who it is (PROTOCOL §2.10).

use minicbor::{Decode, Encode};

use crate::{Bytes, DeviceId, Signature, SpaceId};

/// Who asks for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Subject {
    /// A device of the roster: everything it may fetch and push.
    #[n(0)]
    Device(#[n(0)] DeviceId),
    /// Somebody with an invite's secret: control entries, and a join. The id is that of the invite's keys, which the
    /// secret gives; the invite's own entry is not known before the first answer.
    #[n(1)]
    Invite(#[n(0)] DeviceId),
}

/// Asks for a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ChallengeRequest {
    /// The kelurahan.
    #[n(0)]
    pub space: SpaceId,
    /// Who asks.
    #[n(1)]
    pub subject: Subject,
}

/// What is to be signed; the relay keeps nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Challenge {
    /// The relay's random number, clock and MAC.
    #[n(0)]
    pub challenge: Bytes,
}

/// Answers a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SessionRequest {
    /// The kelurahan.
    #[n(0)]
    pub space: SpaceId,
    /// Who asks.
    #[n(1)]
    pub subject: Subject,
    /// As given.
    #[n(2)]
    pub challenge: Bytes,
    /// Over [`session_text`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sig: [u8; 64],
}

/// A session's token, 16 random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Token {
    /// The token.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub token: [u8; 16],
    /// The relay's clock, Unix seconds.
    #[n(1)]
    pub server_time: u64,
    /// The key of the relay's receipts; counts only once a seat has published it.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub receipt_pk: [u8; 32],
}

/// What a session signs: the challenge and the pin of the TLS key it came through, so that it serves at no other
/// relay.
pub fn session_text(challenge: &[u8], pin: &[u8; 16]) -> Vec<u8> {
    Signature::Session.text(&[challenge, pin])
}
