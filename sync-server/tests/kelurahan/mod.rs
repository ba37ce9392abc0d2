//! A kelurahan as a relay meets it: root, a seat, kader, and what they write; and a caller over real TLS.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use wakuncar_sync_server::{Config, Limits, Relay};
use wakuncar_wire::{
    Challenge, ChallengeRequest, CollId, Control, DeviceId, Entry, EntryId, GrantId, Header, KeyId, Kind, Perm,
    PublicIdentity, Role, Scope, SessionRequest, SpaceId, Subject, SyncAnswer, SyncRequest, Token, Wire, session_text,
};

pub(crate) const MELATI: CollId = CollId::from_bytes([7; 16]);
pub(crate) const MAWAR: CollId = CollId::from_bytes([8; 16]);
pub(crate) const ROOT: u8 = 1;
pub(crate) const RATNA: u8 = 2;
pub(crate) const ANI: u8 = 3;
pub(crate) const WATI: u8 = 4;
/// Whose secret an invite has.
pub(crate) const INVITE: u8 = 100;

pub(crate) fn key(who: u8) -> SigningKey {
    SigningKey::from_bytes(&[who; 32])
}

pub(crate) fn keys(who: u8) -> PublicIdentity {
    PublicIdentity { sign: key(who).verifying_key().to_bytes(), kem: [who; 32] }
}

pub(crate) fn id(who: u8) -> DeviceId {
    keys(who).device_id()
}

pub(crate) fn content_key(coll: CollId) -> KeyId {
    KeyId::from_bytes([coll.as_bytes()[0]; 32])
}

/// Everything that was written, and by whom.
#[derive(Default)]
pub(crate) struct Kelurahan {
    pub(crate) space: Option<SpaceId>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) seat: Option<GrantId>,
    pub(crate) grants: BTreeMap<u8, GrantId>,
    logs: BTreeMap<(u8, CollId), (u64, EntryId)>,
}

impl Kelurahan {
    /// Root, Ratna in seat 1, two collections with keys.
    pub(crate) fn new(random: u8) -> Self {
        let mut kelurahan = Self::default();
        let genesis = Control::Genesis {
            root: keys(ROOT),
            superior: vec![],
            superior_mode: 0,
            seats: 8,
            policy: (30, 0),
            kode: "18.72.05.1001".into(),
            nama: "Rejomulyo".into(),
            latihan: true,
            random: [random; 32],
        };
        kelurahan.space = Some(kelurahan.control(ROOT, GrantId::ZERO, &genesis).space());
        let seat = Control::SeatSet { seat: 1, term: 1, holder: keys(RATNA), cut_offs: vec![], logs: None };
        let seat = kelurahan.control(ROOT, GrantId::ZERO, &seat).id().grant();
        kelurahan.seat = Some(seat);
        for coll in [MELATI, MAWAR] {
            kelurahan.control(RATNA, seat, &Control::Collection { coll, jenis: 1, purpose: vec![] });
            let (key, scope) = (content_key(coll), Scope::Coll(coll));
            let announce =
                Control::Key { key, scope, parents: vec![], accounted: vec![], for_seats: vec![1; 72].into() };
            kelurahan.control(RATNA, seat, &announce);
        }
        kelurahan
    }

    pub(crate) fn space(&self) -> SpaceId {
        self.space.unwrap()
    }

    fn write(&mut self, who: u8, kind: Kind, coll: CollId, auth: GrantId, body: Vec<u8>) -> Entry {
        let (seq, prev) = self.logs.get(&(who, coll)).copied().unwrap_or((0, EntryId::ZERO));
        let header = Header {
            ver: 1,
            suite: 1,
            kind,
            space: self.space.unwrap_or(SpaceId::ZERO),
            coll,
            author: id(who),
            seq: seq + 1,
            prev,
            auth,
            key: if kind == Kind::Control { KeyId::ZERO } else { content_key(coll) },
            schema: 1,
            body_len: 0,
            body_hash: [0; 32],
        };
        let entry = Entry::sign(header, body, &key(who)).unwrap();
        self.logs.insert((who, coll), (seq + 1, entry.id()));
        self.entries.push(entry.clone());
        entry
    }

    pub(crate) fn control(&mut self, who: u8, auth: GrantId, control: &Control) -> Entry {
        self.write(who, Kind::Control, CollId::CONTROL, auth, control.to_wire())
    }

    /// An invite with its join.
    pub(crate) fn join(&mut self, who: u8) -> (Entry, Entry) {
        let seat = self.seat.unwrap();
        let invite =
            Control::Invite { keys: keys(INVITE), role: Role::Kader, access: vec![], expiry: u32::MAX, mode: 0 };
        let invite = self.control(RATNA, seat, &invite);
        let grant = invite.id().grant();
        let text = Control::join_text(self.space(), grant, &keys(who));
        let invite_sig = key(INVITE).sign(&text).to_bytes();
        let join = Control::Join { invite: grant, keys: keys(who), app_version: 1, invite_sig };
        (invite, self.control(who, GrantId::ZERO, &join))
    }

    pub(crate) fn admit(&mut self, who: u8, join: &Entry, coll: CollId) -> Entry {
        let access = vec![(coll, Perm::READ_WRITE)];
        let admit =
            Control::Admit { device: id(who), join: join.id().grant(), role: Role::Kader, access, wraps: vec![] };
        let admit = self.control(RATNA, self.seat.unwrap(), &admit);
        self.grants.insert(who, admit.id().grant());
        admit
    }

    /// A kader of one collection.
    pub(crate) fn kader(&mut self, who: u8, coll: CollId) {
        let (_, join) = self.join(who);
        self.admit(who, &join, coll);
    }

    /// A sealed batch; what is in it does not matter to a relay.
    pub(crate) fn batch(&mut self, who: u8, coll: CollId, body: Vec<u8>) -> Entry {
        let auth = if who == RATNA { self.seat.unwrap() } else { self.grants[&who] };
        self.write(who, Kind::Batch, coll, auth, body)
    }
}

/// A relay and a way to call it.
pub(crate) struct Line {
    pub(crate) relay: Relay,
    pub(crate) http: reqwest::Client,
    pub(crate) dir: tempfile::TempDir,
}

pub(crate) async fn start(dir: &std::path::Path) -> Relay {
    let limits = Limits { spaces: 3, ..Limits::default() };
    Relay::start(Config { limits, ..Config::new(dir, "127.0.0.1:0".parse().unwrap()) }).await.unwrap()
}

impl Line {
    pub(crate) async fn new() -> Self {
        let provider = rustls::crypto::ring::default_provider();
        // Another scene of this program may have set it.
        let _ = provider.install_default();
        let dir = tempfile::tempdir().unwrap();
        let relay = start(dir.path()).await;
        let http = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).build().unwrap();
        Self { relay, http, dir }
    }

    pub(crate) fn pin(&self) -> [u8; 16] {
        *SpaceId::parse(&self.relay.pin()).unwrap().as_bytes()
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Vec<u8>) -> (u16, Vec<u8>) {
        let mut request = self.http.post(format!("{}{path}", self.relay.url())).body(body);
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    /// Brings the kelurahan's control entries.
    pub(crate) async fn found(&self, kelurahan: &Kelurahan) -> u16 {
        let control = kelurahan.entries.iter().filter(|entry| entry.header().kind == Kind::Control);
        let entries: Vec<wakuncar_wire::Bytes> = control.map(|entry| entry.encode().into()).collect();
        self.post("/v1/space", None, entries.to_wire()).await.0
    }

    pub(crate) async fn challenge(&self, space: SpaceId, subject: Subject) -> Vec<u8> {
        let (status, body) =
            self.post("/v1/session/challenge", None, ChallengeRequest { space, subject }.to_wire()).await;
        assert_eq!(status, 200);
        Challenge::from_wire(&body).unwrap().challenge.to_vec()
    }

    pub(crate) async fn answer(
        &self,
        space: SpaceId,
        subject: Subject,
        challenge: &[u8],
        signer: u8,
        pin: [u8; 16],
    ) -> Result<Token, u16> {
        let sig = key(signer).sign(&session_text(challenge, &pin)).to_bytes();
        let request = SessionRequest { space, subject, challenge: challenge.to_vec().into(), sig };
        let (status, body) = self.post("/v1/session", None, request.to_wire()).await;
        if status == 200 { Ok(Token::from_wire(&body).unwrap()) } else { Err(status) }
    }

    /// A session; its token as it travels, and the key of receipts.
    pub(crate) async fn session(&self, space: SpaceId, subject: Subject, signer: u8) -> (String, [u8; 32]) {
        let challenge = self.challenge(space, subject).await;
        let token = self.answer(space, subject, &challenge, signer, self.pin()).await.unwrap();
        (SpaceId::from_bytes(token.token).to_string(), token.receipt_pk)
    }

    pub(crate) async fn device(&self, kelurahan: &Kelurahan, who: u8) -> (String, [u8; 32]) {
        self.session(kelurahan.space(), Subject::Device(id(who)), who).await
    }

    pub(crate) async fn sync(&self, token: &str, request: &SyncRequest) -> SyncAnswer {
        let (status, body) = self.post("/v1/sync", Some(token), request.to_wire()).await;
        assert_eq!(status, 200);
        SyncAnswer::from_wire(&body).unwrap()
    }
}

pub(crate) fn pushing(entries: &[Entry]) -> SyncRequest {
    SyncRequest { push: entries.iter().map(|entry| entry.encode().into()).collect(), ..SyncRequest::default() }
}

pub(crate) fn ids(answer: &SyncAnswer) -> Vec<EntryId> {
    answer.entries.iter().map(|bytes| Entry::decode(bytes).unwrap().id()).collect()
}
