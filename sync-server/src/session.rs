//! Who asks: a challenge that the relay does not keep, a signature over it and the relay's pin, a token for a day.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, params};
use wakuncar_sync::Caller;
use wakuncar_wire::{ChallengeRequest, DeviceId, PublicIdentity, SessionRequest, SpaceId, Subject, Wire, session_text};

use crate::Error;
use crate::book::number;
use crate::gate;
use crate::room::Known;

/// Seconds for which a challenge can be answered.
const CHALLENGE_S: u64 = 60;
/// Seconds for which a token serves.
const SESSION_S: u64 = 24 * 60 * 60;
/// Sessions of one device that are kept: it has one, and one whose token it never got.
const OF_ONE: usize = 4;

/// Makes and checks challenges; new at every start of the relay.
pub(crate) struct Challenges {
    key: [u8; 32],
    used: HashMap<[u8; 24], u64>,
    swept: u64,
}

impl Challenges {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key, used: HashMap::new(), swept: 0 }
    }

    /// 16 random bytes, the relay's time, and a MAC over both and the question.
    pub(crate) fn make(&self, request: &ChallengeRequest, random: [u8; 16], now: u64) -> Vec<u8> {
        let head = [random.as_slice(), &now.to_be_bytes()].concat();
        let mac = self.mac(&head, request);
        [head.as_slice(), &mac].concat()
    }

    /// Whether it was made here for this question, less than a minute ago, and is answered for the first time.
    pub(crate) fn take(&mut self, challenge: &[u8], request: &ChallengeRequest, now: u64) -> bool {
        let Some((head, mac)) = challenge.split_first_chunk::<24>() else { return false };
        let Some(made) = head.last_chunk::<8>().map(|at| u64::from_be_bytes(*at)) else { return false };
        // Constant time: blake3 compares so.
        let genuine = mac.try_into().is_ok_and(|mac: [u8; 16]| {
            let (mut given, mut own) = ([0; 32], [0; 32]);
            given[..16].copy_from_slice(&mac);
            own[..16].copy_from_slice(&self.mac(head, request));
            blake3::Hash::from_bytes(given) == blake3::Hash::from_bytes(own)
        });
        if self.swept.abs_diff(now) > CHALLENGE_S {
            self.swept = now;
            self.used.retain(|_, at| at.saturating_add(CHALLENGE_S) >= now);
        }
        let fresh = made <= now && now - made <= CHALLENGE_S;
        genuine && fresh && self.used.insert(*head, made).is_none()
    }

    fn mac(&self, head: &[u8], request: &ChallengeRequest) -> [u8; 16] {
        let mut mac = [0; 16];
        let whole = blake3::keyed_hash(&self.key, &[head, &request.to_wire()].concat());
        mac.copy_from_slice(&whole.as_bytes()[..16]);
        mac
    }
}

/// What the answer to a challenge shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Who asks is who she says.
    Right,
    /// The secret of an invite that is used, taken back or too old.
    Late,
    /// Nothing.
    Wrong,
}

/// Checks the answer to a challenge. It takes as long for a name that nobody knows.
pub(crate) fn check(known: Option<&Known>, request: &SessionRequest, pin: &[u8; 16], now: u64) -> Shown {
    let open = known.and_then(|known| keys_of(known, request.subject, now));
    let late = known.and_then(|known| match request.subject {
        Subject::Device(_) => None,
        Subject::Invite(keys) => known.roster.invite_with(keys).map(|(_, invite)| invite.keys),
    });
    // The base point: a key like another.
    let mut nobody = [0x66; 32];
    nobody[0] = 0x58;
    let asked = open.or(late).unwrap_or(PublicIdentity { sign: nobody, kem: nobody });
    let text = session_text(&request.challenge, pin);
    match asked.verify_text(&text, &request.sig) {
        Ok(()) if open.is_some() => Shown::Right,
        Ok(()) if late.is_some() => Shown::Late,
        Ok(()) | Err(_) => Shown::Wrong,
    }
}

fn keys_of(known: &Known, subject: Subject, now: u64) -> Option<PublicIdentity> {
    match subject {
        Subject::Device(device) => known.identities.get(device).copied(),
        Subject::Invite(keys) => {
            let invite = known.roster.invite_with(keys).map(|(_, invite)| invite);
            invite.filter(|invite| !invite.dropped && u64::from(invite.expiry) >= now).map(|invite| invite.keys)
        }
    }
}

/// Somebody who has shown who she is.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) space: SpaceId,
    pub(crate) caller: Caller,
    /// Opened by a device that was shut out already: it learns that, and no more.
    pub(crate) shut_out: bool,
    pub(crate) expires: u64,
    /// What is remembered of it while the relay runs.
    pub(crate) remembered: Arc<gate::Caller>,
}

impl Session {
    /// Its id: of a device, or of an invite's keys.
    pub(crate) fn id(&self) -> DeviceId {
        match self.caller {
            Caller::Device(id) | Caller::Invite(id) => id,
        }
    }

    /// Whether it still serves.
    pub(crate) fn is_open(&self, known: &Known, now: u64) -> bool {
        let stands = match self.caller {
            Caller::Device(device) => self.shut_out || !known.roster.is_revoked(device),
            Caller::Invite(keys) => keys_of(known, Subject::Invite(keys), now).is_some(),
        };
        stands && now <= self.expires
    }
}

type TokenHash = [u8; 32];

/// Every open session, by the hash of its token.
#[derive(Default)]
pub(crate) struct Sessions(RwLock<Open>);

#[derive(Default)]
struct Open {
    by_token: HashMap<TokenHash, Arc<Session>>,
    of_one: HashMap<(SpaceId, DeviceId), VecDeque<TokenHash>>,
}

impl Sessions {
    /// Reads those that a relay kept before it was started again.
    pub(crate) fn load(file: &Connection, gate: &gate::Gate, now: u64) -> Result<Self, Error> {
        file.execute("DELETE FROM session WHERE expires < ?1", [number(now)])?;
        let mut statement =
            file.prepare("SELECT token_hash, space_id, subject, expires FROM session ORDER BY expires")?;
        let rows = statement.query_map([], |row| {
            let space = SpaceId::from_bytes(row.get(1)?);
            Ok((row.get(0)?, space, row.get::<_, Vec<u8>>(2)?, row.get::<_, i64>(3)?.unsigned_abs()))
        })?;
        let sessions = Self::default();
        for row in rows {
            let (hash, space, subject, expires): (TokenHash, _, _, _) = row?;
            let Ok(subject) = Subject::from_wire(&subject) else { continue };
            sessions.add(hash, session(space, subject, expires, false, gate));
        }
        Ok(sessions)
    }

    /// Whose token it is.
    pub(crate) fn get(&self, token: &[u8; 16]) -> Option<Arc<Session>> {
        let hash = *blake3::hash(token).as_bytes();
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_token.get(&hash).cloned()
    }

    /// Opens one. Of one device only the newest few are kept.
    pub(crate) fn open(
        &self,
        request: &SessionRequest,
        token: &[u8; 16],
        shut_out: bool,
        gate: &gate::Gate,
        now: u64,
    ) -> Kept {
        let hash = *blake3::hash(token).as_bytes();
        let expires = now.saturating_add(SESSION_S);
        let dropped = self.add(hash, session(request.space, request.subject, expires, shut_out, gate));
        // One that was opened after being shut out is not kept over a restart: it would look like one from before.
        Kept { hash, space: request.space, subject: request.subject.to_wire(), expires, dropped, keep: !shut_out }
    }

    fn add(&self, hash: TokenHash, session: Session) -> Option<TokenHash> {
        let mut open = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let of_one = open.of_one.entry((session.space, session.id())).or_default();
        of_one.push_back(hash);
        let oldest = if of_one.len() > OF_ONE { of_one.pop_front() } else { None };
        if let Some(oldest) = &oldest {
            open.by_token.remove(oldest);
        }
        open.by_token.insert(hash, Arc::new(session));
        oldest
    }

    /// Ends one.
    pub(crate) fn close(&self, token: &[u8; 16]) {
        let hash = *blake3::hash(token).as_bytes();
        self.0.write().unwrap_or_else(PoisonError::into_inner).by_token.remove(&hash);
    }
}

fn session(space: SpaceId, subject: Subject, expires: u64, shut_out: bool, gate: &gate::Gate) -> Session {
    let (caller, id) = match subject {
        Subject::Device(device) => (Caller::Device(device), device),
        Subject::Invite(keys) => (Caller::Invite(keys), keys),
    };
    Session { space, caller, shut_out, expires, remembered: gate.caller(space, id) }
}

/// A session as it is kept over a restart; only the hash of its token.
pub(crate) struct Kept {
    hash: TokenHash,
    space: SpaceId,
    subject: Vec<u8>,
    expires: u64,
    dropped: Option<TokenHash>,
    keep: bool,
}

impl Kept {
    pub(crate) fn save(&self, tx: &Connection) -> Result<(), Error> {
        if let Some(dropped) = self.dropped {
            tx.prepare_cached("DELETE FROM session WHERE token_hash = ?1")?.execute([dropped])?;
        }
        if self.keep {
            let sql = "INSERT INTO session (token_hash, space_id, subject, expires) VALUES (?1, ?2, ?3, ?4)";
            let (space, expires) = (self.space.as_bytes(), number(self.expires));
            tx.prepare_cached(sql)?.execute(params![self.hash, space, self.subject, expires])?;
        }
        Ok(())
    }
}
