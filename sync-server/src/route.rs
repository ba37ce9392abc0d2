//! The endpoints. Bodies are CBOR of one spelling; an answer without a session tells nothing.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use rusqlite::{OptionalExtension, params};
use wakuncar_sync::Caller;
use wakuncar_wire::{
    Bytes, Challenge, ChallengeRequest, CollHeads, DeviceId, Entry, MAX_RESCUE, SessionRequest, SpaceId, Subject,
    SyncRequest, Token, Wire,
};

use crate::Error;
use crate::audit::What;
use crate::clock::now;
use crate::error::tell_operator;
use crate::exchange::check_heads;
use crate::gate::{Address, Later, UnderWay, locked};
use crate::office::{self, Left};
use crate::room::Room;
use crate::serve::{Desk, random};
use crate::session::{Session, Shown, check};

/// Most bytes of a request with a session, of a founding, and of anything else without one.
const MAX_REQUEST: usize = 1024 * 1024;
const MAX_FOUNDING_BYTES: usize = 256 * 1024;
const MAX_ASKING: usize = 4 * 1024;
/// How long a request is worked on, and how long it stands in line before.
const WORK: Duration = Duration::from_secs(30);
const LINE: Duration = Duration::from_secs(10);
/// When to come again if the line was too long, or the disk is full.
const CROWD_S: u32 = 15;
const FULL_S: u32 = 3600;
/// Entries with which a kelurahan may begin.
const MAX_FOUNDING: usize = 64;
/// Most bytes of a sealed invitation, seconds that it is kept, and how often it may be asked for.
const INVITATION: (usize, u64, i64) = (1024, 600, 5);

/// Why a request gets no answer.
pub(crate) enum Refused {
    Status(StatusCode),
    /// Not now: seconds to wait. The caller adds some by chance, so that not all come at once again.
    Later(StatusCode, u32),
    Fault(Error),
}

impl From<StatusCode> for Refused {
    fn from(status: StatusCode) -> Self {
        Self::Status(status)
    }
}

impl From<Later> for Refused {
    fn from(Later(seconds): Later) -> Self {
        Self::Later(StatusCode::TOO_MANY_REQUESTS, seconds)
    }
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, seconds) = match self {
            Self::Status(status) => (status, None),
            Self::Later(status, seconds) => (status, Some(seconds)),
            Self::Fault(Error::DiskFull) => (StatusCode::INSUFFICIENT_STORAGE, Some(FULL_S)),
            Self::Fault(error) => {
                tell_operator(format_args!("{error}"));
                (StatusCode::SERVICE_UNAVAILABLE, Some(CROWD_S))
            }
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if let Some(seconds) = seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

type Answer = Result<Response, Refused>;

pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/v1/space", post(found))
        .route("/v1/session/challenge", post(challenge))
        .route("/v1/session", post(session))
        .route("/v1/sync", post(sync))
        .route("/v1/heads", post(heads))
        .route("/v1/rescue", post(leave))
        .route("/v1/rescue/{id}", get(take).delete(taken))
        .route("/v1/notes", get(notes))
        .route("/v1/invite/{lookup}", put(keep_invitation).post(give_invitation))
        .layer(from_fn(plain))
        .with_state(desk)
}

/// Refuses packed bodies: what they unpack to is not known before.
async fn plain(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Refused::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE).into_response();
    }
    next.run(request).await
}

impl Desk {
    /// Works on a request when it is its turn, and not for ever.
    async fn in_turn<T>(&self, work: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
        let crowded = Refused::Later(StatusCode::SERVICE_UNAVAILABLE, CROWD_S);
        let Ok(Ok(_turn)) = tokio::time::timeout(LINE, self.line.acquire()).await else { return Err(crowded) };
        tokio::time::timeout(WORK, work).await.unwrap_or(Err(crowded))
    }

    /// Whose token the request carries: 32 hexadecimal digits in `authorization`. Counted, and under way until what is
    /// returned is dropped.
    async fn enter(&self, headers: &HeaderMap) -> Result<Entered, Refused> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = token.and_then(|text| SpaceId::parse(text).ok()).ok_or(StatusCode::UNAUTHORIZED)?;
        let session = self.sessions.get(token.as_bytes()).ok_or(StatusCode::UNAUTHORIZED)?;
        let room = self.room(session.space).await?.ok_or(StatusCode::UNAUTHORIZED)?;
        if !session.is_open(&room.known(), now()) {
            self.sessions.close(token.as_bytes());
            return Err(StatusCode::UNAUTHORIZED.into());
        }
        let under_way = session.remembered.enter(&self.limits, self.ms())?;
        Ok(Entered { session, room, _under_way: under_way })
    }

    /// The same for a seat.
    async fn enter_seat(&self, headers: &HeaderMap) -> Result<Entered, Refused> {
        let entered = self.enter(headers).await?;
        let roster = entered.room.known().roster;
        let seat = matches!(entered.session.caller, Caller::Device(device) if roster.seat_of(device).is_some());
        if seat { Ok(entered) } else { Err(StatusCode::FORBIDDEN.into()) }
    }

    /// A wrong answer by somebody without a session.
    fn mistake(&self, from: Address, status: StatusCode) -> Refused {
        match self.gate.mistake(from, &self.limits, self.ms()) {
            Ok(()) => status.into(),
            Err(later) => later.into(),
        }
    }

    async fn read_body(&self, body: Body, max: usize) -> Result<crate::intake::Taken, Refused> {
        self.memory.take_in(body, max, self.limits.patience()).await
    }
}

/// A caller with a session, and its kelurahan.
struct Entered {
    session: Arc<Session>,
    room: Arc<Room>,
    _under_way: UnderWay,
}

fn parse<T: Wire>(body: &[u8]) -> Result<T, Refused> {
    T::from_wire(body).map_err(|_| StatusCode::BAD_REQUEST.into())
}

fn answer(bytes: Vec<u8>) -> Response {
    Response::new(Body::from(bytes))
}

async fn found(State(desk): State<Arc<Desk>>, Extension(from): Extension<Address>, body: Body) -> Answer {
    desk.gate.call(from, &desk.limits, desk.ms())?;
    let body = desk.read_body(body, MAX_FOUNDING_BYTES).await?;
    let entries: Vec<Bytes> = parse(&body.bytes)?;
    if entries.len() > MAX_FOUNDING {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
    }
    let entries: Result<Vec<Entry>, _> = entries.iter().map(|bytes| Entry::decode(bytes)).collect();
    let Ok(entries) = entries else { return Err(desk.mistake(from, StatusCode::BAD_REQUEST)) };
    if desk.only.is_some_and(|only| entries.first().is_none_or(|first| first.space() != only)) {
        return Err(desk.mistake(from, StatusCode::FORBIDDEN));
    }
    if entries.first().is_some_and(|first| !desk.rooms.exists(first.space())) {
        if desk.rooms.count() >= desk.limits.spaces as usize {
            return Err(StatusCode::INSUFFICIENT_STORAGE.into());
        }
        desk.gate.founding(from, desk.ms())?;
    }
    let begun = desk.in_turn(async { Ok(desk.writer.write(move |books| books.found(entries, now())).await?) }).await?;
    if begun { Ok(answer(Vec::new())) } else { Err(desk.mistake(from, StatusCode::BAD_REQUEST)) }
}

async fn challenge(State(desk): State<Arc<Desk>>, Extension(from): Extension<Address>, body: Body) -> Answer {
    desk.gate.call(from, &desk.limits, desk.ms())?;
    let body = desk.read_body(body, MAX_ASKING).await?;
    let request: ChallengeRequest = parse(&body.bytes)?;
    let challenge = locked(&desk.challenges).make(&request, random()?, now());
    Ok(answer(Challenge { challenge: challenge.into() }.to_wire()))
}

/// Unknown caller, wrong signature, old challenge: one answer for all.
async fn session(State(desk): State<Arc<Desk>>, Extension(from): Extension<Address>, body: Body) -> Answer {
    desk.gate.call(from, &desk.limits, desk.ms())?;
    let body = desk.read_body(body, MAX_ASKING).await?;
    let request: SessionRequest = parse(&body.bytes)?;
    let now = now();
    if let Subject::Invite(invite) = request.subject {
        desk.gate.may_guess(from, invite, &desk.limits, desk.ms())?;
    }
    let asked = ChallengeRequest { space: request.space, subject: request.subject };
    let fresh = locked(&desk.challenges).take(&request.challenge, &asked, now);
    let known = desk.room(request.space).await?.map(|room| room.known());
    let shown = check(known.as_ref(), &request, &desk.pin, now);
    let Some(known) = known.filter(|_| shown == Shown::Right && fresh) else {
        // To come late is no guess.
        let late = shown == Shown::Late && fresh;
        return Err(if late { StatusCode::UNAUTHORIZED.into() } else { desk.refuse_session(from, &request, now) });
    };
    let (shut_out, id) = match request.subject {
        Subject::Device(device) => (known.roster.is_revoked(device), device),
        Subject::Invite(keys) => (false, keys),
    };
    desk.gate.caller(request.space, id).session(&desk.limits, desk.ms())?;
    let token = random()?;
    let kept = desk.sessions.open(&request, &token, shut_out, &desk.gate, now);
    let space = request.space;
    let days = desk.limits.audit_days;
    desk.writer.later(move |books| {
        books.audit.add(space, id, What::Session, now);
        books.audit.sweep(&books.tx, days, now)?;
        kept.save(&books.tx)
    });
    let receipt_pk = desk.receipt_key.verifying_key().to_bytes();
    Ok(answer(Token { token, server_time: now, receipt_pk }.to_wire()))
}

impl Desk {
    fn refuse_session(&self, from: Address, request: &SessionRequest, now: u64) -> Refused {
        let space = request.space;
        let (device, what) = match request.subject {
            Subject::Invite(invite) => {
                self.gate.guessed(from, invite, self.ms());
                let known = self.rooms.get(space).map(|room| room.known().roster);
                let invite = Some(invite).filter(|keys| known.is_some_and(|known| known.invite_with(*keys).is_some()));
                (invite.unwrap_or(DeviceId::ZERO), What::InviteGuessed)
            }
            Subject::Device(_) => (DeviceId::ZERO, What::SessionRefused),
        };
        if self.rooms.exists(space) {
            self.writer.later(move |books| {
                books.audit.add(space, device, what, now);
                Ok(())
            });
        }
        self.mistake(from, StatusCode::UNAUTHORIZED)
    }
}

async fn sync(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Body) -> Answer {
    let entered = desk.enter(&headers).await?;
    let body = desk.read_body(body, MAX_REQUEST).await?;
    let request: SyncRequest = parse(&body.bytes)?;
    let answered = desk.in_turn(desk.exchange(&entered.session, &entered.room, request, now())).await?;
    Ok(Response::new(desk.memory.give_out(answered.to_wire()).await?))
}

/// Of the logs that a caller names and may fetch, the heads that are here: so it sees what it can fill, whoever wrote it.
async fn heads(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Body) -> Answer {
    let entered = desk.enter(&headers).await?;
    let body = desk.read_body(body, MAX_REQUEST).await?;
    let named: Vec<CollHeads> = parse(&body.bytes)?;
    check_heads(&named)?;
    let (space, caller, known) = (entered.room.space, entered.session.caller, entered.room.known());
    let found = desk.writer.write(move |books| {
        let Some((book, tx)) = books.book_and_file(space)? else { return Ok(Vec::new()) };
        let may = |coll| {
            let kind = if coll == wakuncar_wire::CollId::CONTROL {
                wakuncar_wire::Kind::Control
            } else {
                wakuncar_wire::Kind::Batch
            };
            wakuncar_sync::may_fetch(&known.roster, caller, kind, coll)
        };
        let named = named.iter().filter(|(coll, _)| may(*coll));
        let named = named.flat_map(|(coll, heads)| heads.iter().map(|head| (head.author, *coll)));
        let named: std::collections::BTreeSet<_> = named.collect();
        let logs = book.logs().filter(|(author, coll, _)| named.contains(&(*author, *coll)));
        book.heads(tx, logs)
    });
    let found = desk.in_turn(async { Ok(found.await?) }).await?;
    Ok(Response::new(desk.memory.give_out(found.to_wire()).await?))
}

/// What a device cannot send any more, sealed to root and seats. Also for one that was shut out.
async fn leave(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Body) -> Answer {
    let entered = desk.enter(&headers).await?;
    let Caller::Device(device) = entered.session.caller else { return Err(StatusCode::FORBIDDEN.into()) };
    let roster = entered.room.known().roster;
    // One that only asked to join has nothing to leave.
    if !roster.is_member(device) && !roster.is_revoked(device) && roster.device(device).is_none() {
        return Err(StatusCode::FORBIDDEN.into());
    }
    let body = desk.read_body(body, MAX_RESCUE).await?;
    let space = entered.room.space;
    let left = desk.writer.write(move |books| books.keep_rescue(space, device, &body.bytes, now()));
    match desk.in_turn(async { Ok(left.await?) }).await? {
        Left::Kept => Ok(answer(Vec::new())),
        Left::Tomorrow(seconds) => Err(Refused::Later(StatusCode::TOO_MANY_REQUESTS, seconds)),
        Left::NoRoom => Err(Refused::Later(StatusCode::INSUFFICIENT_STORAGE, FULL_S)),
    }
}

async fn take(State(desk): State<Arc<Desk>>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let id = SpaceId::parse(&id).map_err(|_| StatusCode::BAD_REQUEST)?;
    let entered = desk.enter_seat(&headers).await?;
    let space = entered.room.space;
    let found = desk.readers.read(move |file| office::rescue(file, space, id.as_bytes())).await?;
    Ok(Response::new(desk.memory.give_out(found.ok_or(StatusCode::NOT_FOUND)?).await?))
}

async fn taken(State(desk): State<Arc<Desk>>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let id = SpaceId::parse(&id).map_err(|_| StatusCode::BAD_REQUEST)?;
    let entered = desk.enter_seat(&headers).await?;
    let space = entered.room.space;
    let dropped = desk.writer.write(move |books| books.drop_rescue(space, id.as_bytes())).await?;
    if dropped { Ok(answer(Vec::new())) } else { Err(StatusCode::NOT_FOUND.into()) }
}

async fn notes(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Answer {
    let entered = desk.enter_seat(&headers).await?;
    let (space, mib) = (entered.room.space, desk.limits.space_mib);
    // What is counted and not written yet goes before.
    desk.writer.write(|_| Ok(())).await?;
    let notes = desk.readers.read(move |file| office::notes(file, space, mib, now())).await?;
    Ok(Response::new(desk.memory.give_out(notes.to_wire()).await?))
}

async fn keep_invitation(
    State(desk): State<Arc<Desk>>,
    Path(lookup): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let lookup = SpaceId::parse(&lookup).map_err(|_| StatusCode::BAD_REQUEST)?;
    // Only a seat invites.
    let _entered = desk.enter_seat(&headers).await?;
    let (max, keep_s, _) = INVITATION;
    let body = desk.read_body(body, max).await?;
    desk.writer
        .write(move |books| {
            let expires = crate::book::number(now() + keep_s);
            let sql = "INSERT INTO invitation (lookup, sealed, expires, tries) VALUES (?1, ?2, ?3, 0)
                       ON CONFLICT (lookup) DO NOTHING";
            books.tx.execute(sql, params![lookup.as_bytes(), body.bytes, expires])?;
            Ok(())
        })
        .await?;
    Ok(answer(Vec::new()))
}

async fn give_invitation(
    State(desk): State<Arc<Desk>>,
    Extension(from): Extension<Address>,
    Path(lookup): Path<String>,
) -> Answer {
    desk.gate.call(from, &desk.limits, desk.ms())?;
    let lookup = SpaceId::parse(&lookup).map_err(|_| desk.mistake(from, StatusCode::BAD_REQUEST))?;
    let found = desk.writer.write(move |books| {
        let (_, _, tries) = INVITATION;
        books.tx.execute("DELETE FROM invitation WHERE expires < ?1", [crate::book::number(now())])?;
        let sql = "UPDATE invitation SET tries = tries + 1 WHERE lookup = ?1 AND tries < ?2 RETURNING sealed";
        Ok(books.tx.query_row(sql, params![lookup.as_bytes(), tries], |row| row.get(0)).optional()?)
    });
    let found: Option<Vec<u8>> = desk.in_turn(async { Ok(found.await?) }).await?;
    found.map(answer).ok_or_else(|| desk.mistake(from, StatusCode::NOT_FOUND))
}
