//! A relay in this process and a way to call it, over real TLS.

use ed25519_dalek::Signer;
use wakuncar_sync_server::{Config, Limits, Relay};
use wakuncar_wire::{
    Challenge, ChallengeRequest, Entry, EntryId, Kind, SessionRequest, SpaceId, Subject, SyncAnswer, SyncRequest,
    Token, Wire, session_text,
};

use super::{Kelurahan, Who, id, key};

/// A relay and a way to call it.
pub(crate) struct Line {
    relay: Option<Relay>,
    url: String,
    pin: String,
    pub(crate) http: reqwest::Client,
    pub(crate) dir: tempfile::TempDir,
}

pub(crate) async fn start(dir: &std::path::Path, limits: Limits) -> Relay {
    Relay::start(Config { limits, ..Config::new(dir, "127.0.0.1:0".parse().unwrap()) }).await.unwrap()
}

impl Line {
    pub(crate) async fn new() -> Self {
        Self::with(Limits { spaces: 3, ..Limits::default() }).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let relay = start(dir.path(), limits).await;
        let mut line = Self::to(&relay.url(), &relay.pin(), dir);
        line.relay = Some(relay);
        line
    }

    /// To a relay that runs elsewhere.
    pub(crate) fn to(url: &str, pin: &str, dir: tempfile::TempDir) -> Self {
        let provider = rustls::crypto::ring::default_provider();
        // Another scene of this program may have set it.
        let _ = provider.install_default();
        let http = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).build().unwrap();
        Self { relay: None, url: url.to_owned(), pin: pin.to_owned(), http, dir }
    }

    /// Stops the relay, lets something happen to its folder, and starts it again.
    pub(crate) async fn restart(&mut self, limits: Limits, meanwhile: impl FnOnce(&std::path::Path)) {
        if let Some(relay) = self.relay.take() {
            relay.stop().await;
        }
        meanwhile(self.dir.path());
        let relay = start(self.dir.path(), limits).await;
        (self.url, self.pin) = (relay.url(), relay.pin());
        self.relay = Some(relay);
    }

    /// `https://host:port`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn pin(&self) -> [u8; 16] {
        *SpaceId::parse(&self.pin).unwrap().as_bytes()
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Vec<u8>) -> (u16, Vec<u8>) {
        let (status, _, body) = self.call(reqwest::Method::POST, path, token, body).await;
        (status, body)
    }

    /// Any call: status, seconds to wait, body.
    pub(crate) async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> (u16, Option<u32>, Vec<u8>) {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).body(body);
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let answer = request.send().await.unwrap();
        let later = answer.headers().get("retry-after").map(|seconds| seconds.to_str().unwrap().parse().unwrap());
        (answer.status().as_u16(), later, answer.bytes().await.unwrap().to_vec())
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
        signer: Who,
        pin: [u8; 16],
    ) -> Result<Token, u16> {
        let sig = key(signer).sign(&session_text(challenge, &pin)).to_bytes();
        let request = SessionRequest { space, subject, challenge: challenge.to_vec().into(), sig };
        let (status, body) = self.post("/v1/session", None, request.to_wire()).await;
        if status == 200 { Ok(Token::from_wire(&body).unwrap()) } else { Err(status) }
    }

    /// A session; its token as it travels, and the key of receipts.
    pub(crate) async fn session(&self, space: SpaceId, subject: Subject, signer: Who) -> (String, [u8; 32]) {
        let challenge = self.challenge(space, subject).await;
        let token = self.answer(space, subject, &challenge, signer, self.pin()).await.unwrap();
        (SpaceId::from_bytes(token.token).to_string(), token.receipt_pk)
    }

    pub(crate) async fn device(&self, kelurahan: &Kelurahan, who: Who) -> (String, [u8; 32]) {
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
