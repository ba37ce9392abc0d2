//! Who asks: a challenge that the relay does not keep, a signature over it and the relay's pin, a token for a day.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};
use wakuncar_sync::Caller;
use wakuncar_wire::{ChallengeRequest, PublicIdentity, SessionRequest, SpaceId, Subject, Wire, session_text};

use crate::Error;
use crate::ledger::Ledger;

/// Seconds for which a challenge can be answered.
const CHALLENGE_S: u64 = 60;
/// Seconds for which a token serves.
const SESSION_S: u64 = 24 * 60 * 60;

/// Makes and checks challenges; new at every start of the relay.
pub(crate) struct Challenges {
    key: [u8; 32],
    used: HashMap<Vec<u8>, u64>,
}

impl Challenges {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, used: HashMap::new() }
    }

    /// 16 random bytes, the relay's time, and a MAC over both and the question.
    pub(crate) fn make(&self, request: &ChallengeRequest, random: [u8; 16], now: u64) -> Vec<u8> {
        let head = [random.as_slice(), &now.to_be_bytes()].concat();
        let mac = self.mac(&head, request);
        [head.as_slice(), &mac].concat()
    }

    /// Whether it was made here for this question, less than a minute ago, and is answered for the first time.
    pub(crate) fn take(&mut self, challenge: &[u8], request: &ChallengeRequest, now: u64) -> bool {
        let Some((head, mac)) = challenge.split_at_checked(24) else { return false };
        let Some(made) = head.last_chunk::<8>().map(|at| u64::from_be_bytes(*at)) else { return false };
        // Constant time: blake3 compares so.
        let genuine = mac.try_into().is_ok_and(|mac: [u8; 16]| {
            let (mut given, mut own) = ([0; 32], [0; 32]);
            given[..16].copy_from_slice(&mac);
            own[..16].copy_from_slice(&self.mac(head, request));
            blake3::Hash::from_bytes(given) == blake3::Hash::from_bytes(own)
        });
        self.used.retain(|_, at| at.saturating_add(CHALLENGE_S) >= now);
        let fresh = made <= now && now - made <= CHALLENGE_S;
        genuine && fresh && self.used.insert(head.to_vec(), made).is_none()
    }

    fn mac(&self, head: &[u8], request: &ChallengeRequest) -> [u8; 16] {
        let mut mac = [0; 16];
        let whole = blake3::keyed_hash(&self.key, &[head, &request.to_wire()].concat());
        mac.copy_from_slice(&whole.as_bytes()[..16]);
        mac
    }
}

impl Ledger {
    /// Whether the answer to a challenge is signed by who it says.
    pub(crate) fn admits(&mut self, request: &SessionRequest, pin: &[u8; 16], now: u64) -> Result<bool, Error> {
        let Some(known) = self.known(request.space)? else { return Ok(false) };
        let keys: Option<PublicIdentity> = match request.subject {
            Subject::Device(device) => known.identities.get(device).copied(),
            Subject::Invite(keys) => {
                let invite = known.roster.invite_with(keys).map(|(_, invite)| invite);
                invite.filter(|invite| !invite.dropped && u64::from(invite.expiry) >= now).map(|invite| invite.keys)
            }
        };
        let text = session_text(&request.challenge, pin);
        Ok(keys.is_some_and(|keys| keys.verify_text(&text, &request.sig).is_ok()))
    }

    /// Keeps a session; only the hash of its token.
    pub(crate) fn open_session(&self, request: &SessionRequest, token: &[u8; 16], now: u64) -> Result<(), Error> {
        let at = i64::try_from(now).unwrap_or(i64::MAX);
        self.connection.execute("DELETE FROM session WHERE expires < ?1", [at])?;
        self.connection.execute(
            "INSERT INTO session (token_hash, space_id, subject, expires) VALUES (?1, ?2, ?3, ?4)",
            params![
                blake3::hash(token).as_bytes(),
                request.space.as_bytes(),
                request.subject.to_wire(),
                at.saturating_add_unsigned(SESSION_S)
            ],
        )?;
        Ok(())
    }

    /// Whose token it is.
    pub(crate) fn session(&self, token: &[u8; 16], now: u64) -> Result<Option<(SpaceId, Caller)>, Error> {
        let sql = "SELECT space_id, subject FROM session WHERE token_hash = ?1 AND expires >= ?2";
        let at = i64::try_from(now).unwrap_or(i64::MAX);
        let found = self.connection.query_row(sql, params![blake3::hash(token).as_bytes(), at], |row| {
            Ok((SpaceId::from_bytes(row.get(0)?), row.get::<_, Vec<u8>>(1)?))
        });
        let Some((space, subject)) = found.optional()? else { return Ok(None) };
        Ok(Some(match Subject::from_wire(&subject).map_err(|_| Error::Damaged)? {
            Subject::Device(device) => (space, Caller::Device(device)),
            Subject::Invite(keys) => (space, Caller::Invite(keys)),
        }))
    }
}
