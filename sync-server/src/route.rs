//! The endpoints. Bodies are CBOR of one spelling and at most a megabyte; an answer without a session tells nothing.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes as Body;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{post, put};
use rusqlite::{OptionalExtension, params};
use wakuncar_sync::Caller;
use wakuncar_wire::{Bytes, Challenge, ChallengeRequest, Entry, SessionRequest, SpaceId, SyncRequest, Token, Wire};

use crate::Error;
use crate::clock::now;
use crate::ledger::Ledger;
use crate::serve::{Desk, random};

/// Most bytes of a request.
const MAX_REQUEST: usize = 1024 * 1024;
/// Seconds for a whole request.
const REQUEST: Duration = Duration::from_secs(30);
/// Entries with which a kelurahan may begin.
const MAX_FOUNDING: usize = 64;
/// Most bytes of a sealed invitation, seconds that it is kept, and how often it may be asked for.
const INVITATION: (usize, u64, i64) = (1024, 600, 5);

/// Why a request gets no answer.
enum Refused {
    Status(StatusCode),
    Fault(Error),
}

impl From<StatusCode> for Refused {
    fn from(status: StatusCode) -> Self {
        Self::Status(status)
    }
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

impl IntoResponse for Refused {
    #[expect(clippy::print_stderr, reason = "the operator reads the fault, without ids")]
    fn into_response(self) -> Response {
        match self {
            Self::Status(status) => status.into_response(),
            Self::Fault(error) => {
                eprintln!("relay: {error}");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}

type Answer = Result<Vec<u8>, Refused>;

pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/v1/space", post(found))
        .route("/v1/session/challenge", post(challenge))
        .route("/v1/session", post(session))
        .route("/v1/sync", post(sync))
        .route("/v1/invite/{lookup}", put(keep_invitation).post(give_invitation))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .layer(from_fn(bounded))
        .with_state(desk)
}

/// Refuses packed bodies and ends what takes too long.
async fn bounded(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let answered = tokio::time::timeout(REQUEST, next.run(request)).await;
    let mut answer = answered.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response());
    // Bodies are CBOR and both sides know it; the name of a type would be an eighth of an answer without news.
    answer.headers_mut().remove(header::CONTENT_TYPE);
    answer
}

/// Works on the file aside from the sockets.
async fn at_ledger<T: Send + 'static>(
    desk: Arc<Desk>,
    work: impl FnOnce(&mut Ledger) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(move || {
        // A panic in another request left its transaction rolled back.
        let mut ledger: MutexGuard<'_, Ledger> = desk.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut ledger)
    });
    done.await.map_err(|_| Refused::Status(StatusCode::INTERNAL_SERVER_ERROR))?
}

fn parse<T: Wire>(body: &Body) -> Result<T, Refused> {
    T::from_wire(body).map_err(|_| StatusCode::BAD_REQUEST.into())
}

async fn found(State(desk): State<Arc<Desk>>, body: Body) -> Result<StatusCode, Refused> {
    let entries: Vec<Bytes> = parse(&body)?;
    if entries.len() > MAX_FOUNDING {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
    }
    let entries: Result<Vec<Entry>, _> = entries.iter().map(|bytes| Entry::decode(bytes)).collect();
    let entries = entries.map_err(|_| StatusCode::BAD_REQUEST)?;
    let max = desk.max_spaces;
    at_ledger(desk, move |ledger| {
        let new = match entries.first() {
            Some(first) => ledger.known(first.space())?.is_none(),
            None => false,
        };
        if new && ledger.spaces()? >= max {
            return Err(StatusCode::INSUFFICIENT_STORAGE.into());
        }
        Ok(if ledger.found(&entries, now())? { StatusCode::OK } else { StatusCode::BAD_REQUEST })
    })
    .await
}

async fn challenge(State(desk): State<Arc<Desk>>, body: Body) -> Answer {
    let request: ChallengeRequest = parse(&body)?;
    let challenges = desk.challenges.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Challenge { challenge: challenges.make(&request, random()?, now()).into() }.to_wire())
}

/// Unknown caller, wrong signature, old challenge: one answer for all.
async fn session(State(desk): State<Arc<Desk>>, body: Body) -> Answer {
    let request: SessionRequest = parse(&body)?;
    let (pin, now) = (desk.pin, now());
    let asked = ChallengeRequest { space: request.space, subject: request.subject };
    let fresh = {
        let mut challenges = desk.challenges.lock().unwrap_or_else(PoisonError::into_inner);
        challenges.take(&request.challenge, &asked, now)
    };
    at_ledger(desk, move |ledger| {
        if !(ledger.admits(&request, &pin, now)? && fresh) {
            return Err(StatusCode::UNAUTHORIZED.into());
        }
        let token = random()?;
        ledger.open_session(&request, &token, now)?;
        let receipt_pk = ledger.receipt_key.verifying_key().to_bytes();
        Ok(Token { token, server_time: now, receipt_pk }.to_wire())
    })
    .await
}

/// Whose token the request carries: 32 hexadecimal digits in `authorization`.
fn caller(ledger: &Ledger, headers: &HeaderMap) -> Result<(SpaceId, Caller), Refused> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|text| SpaceId::parse(text).ok()).ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(ledger.session(token.as_bytes(), now())?.ok_or(StatusCode::UNAUTHORIZED)?)
}

async fn sync(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Body) -> Answer {
    let request: SyncRequest = parse(&body)?;
    at_ledger(desk, move |ledger| {
        let (space, caller) = caller(ledger, &headers)?;
        let answer = ledger.exchange(space, caller, &request, now())?.ok_or(StatusCode::UNAUTHORIZED)?;
        Ok(answer.to_wire())
    })
    .await
}

async fn keep_invitation(
    State(desk): State<Arc<Desk>>,
    Path(lookup): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refused> {
    let lookup = SpaceId::parse(&lookup).map_err(|_| StatusCode::BAD_REQUEST)?;
    let (max, keep_s, _) = INVITATION;
    if body.len() > max {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
    }
    at_ledger(desk, move |ledger| {
        let (space, caller) = caller(ledger, &headers)?;
        let known = ledger.known(space)?.ok_or(StatusCode::UNAUTHORIZED)?;
        // Only a seat invites.
        let seat = matches!(caller, Caller::Device(device) if known.roster.seat_of(device).is_some());
        if !seat {
            return Err(StatusCode::FORBIDDEN.into());
        }
        let expires = i64::try_from(now() + keep_s).unwrap_or(i64::MAX);
        let sql = "INSERT INTO invitation (lookup, sealed, expires, tries) VALUES (?1, ?2, ?3, 0)
                   ON CONFLICT (lookup) DO NOTHING";
        ledger.connection.execute(sql, params![lookup.as_bytes(), body.as_ref(), expires])?;
        Ok(StatusCode::OK)
    })
    .await
}

async fn give_invitation(State(desk): State<Arc<Desk>>, Path(lookup): Path<String>) -> Answer {
    let lookup = SpaceId::parse(&lookup).map_err(|_| StatusCode::BAD_REQUEST)?;
    at_ledger(desk, move |ledger| {
        let (_, _, tries) = INVITATION;
        let at = i64::try_from(now()).unwrap_or(i64::MAX);
        ledger.connection.execute("DELETE FROM invitation WHERE expires < ?1", [at])?;
        let sql = "UPDATE invitation SET tries = tries + 1 WHERE lookup = ?1 AND tries < ?2 RETURNING sealed";
        let found = ledger.connection.query_row(sql, params![lookup.as_bytes(), tries], |row| row.get(0));
        Ok(found.optional()?.ok_or(StatusCode::NOT_FOUND)?)
    })
    .await
}
