//! The screens in a browser of this machine: the list of commands and the built ui over HTTP, for development and tests.
//!
//! Not in any window that people get (feature `loopback`). It listens on 127.0.0.1 only, answers commands to whoever
//! shows the token of this start, and no request that came by another name than 127.0.0.1 or localhost: a page from
//! elsewhere cannot reach it by pointing its own name here.

mod berkas;

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path as Segment, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::post;
use tokio::net::TcpListener;

use crate::api::dispatch;
use crate::{App, acak};

use berkas::Ui;

/// Longest request; the longest answer that a screen saves is a line of text.
const BODY: usize = 1024 * 1024;

/// How often the office's hub asks the internet, while it is on.
const HUB_ASKS: Duration = Duration::from_secs(60);

struct Host {
    app: Arc<Mutex<App>>,
    ui: Ui,
    token: String,
    /// The names under which a request may come.
    names: [String; 2],
}

/// Serves until the process ends. `told` gets the address with its token as soon as it answers.
///
/// # Errors
/// When the folder of the ui has no `index.html`, or the port is taken.
pub fn serve(app: App, ui: &Path, port: u16, told: impl FnOnce(&str)) -> std::io::Result<()> {
    let ui = Ui::open(ui)?;
    let token = acak::bytes::<32>().map_err(std::io::Error::other)?;
    let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        told(&format!("http://127.0.0.1:{port}/?token={token}"));
        let app = Arc::new(Mutex::new(app));
        crate::hub::jaga(&app, HUB_ASKS);
        let names = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        axum::serve(listener, router(Host { app, ui, token, names })).await
    })
}

fn router(host: Host) -> Router {
    let host = Arc::new(host);
    Router::new()
        .route("/api/{perintah}", post(command))
        .fallback(file)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&host), guard))
        .with_state(host)
}

/// Turns away what came by another name, and says to every answer how a browser may use it.
async fn guard(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let name = request.headers().get(header::HOST).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let mut response = if host.names.iter().any(|known| known == name) {
        next.run(request).await
    } else {
        status(StatusCode::MISDIRECTED_REQUEST)
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, host.ui.policy());
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn command(
    State(host): State<Arc<Host>>,
    Segment(perintah): Segment<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    if !shown.is_some_and(|shown| is_same(shown, host.token.as_bytes())) {
        return status(StatusCode::UNAUTHORIZED);
    }
    let Ok(isi) = serde_json::from_slice(&body) else { return status(StatusCode::BAD_REQUEST) };
    let app = Arc::clone(&host.app);
    match tokio::task::spawn_blocking(move || dispatch(&app, &perintah, isi)).await {
        Ok(Ok(answer)) => json(StatusCode::OK, &answer),
        Ok(Err(galat)) => json(StatusCode::UNPROCESSABLE_ENTITY, &galat),
        Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn file(State(host): State<Arc<Host>>, request: Request) -> Response {
    if request.method() != axum::http::Method::GET {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let path = request.uri().path().to_owned();
    let read = tokio::task::spawn_blocking(move || host.ui.read(&path)).await;
    let Some((kind, bytes)) = read.ok().flatten() else { return status(StatusCode::NOT_FOUND) };
    answered(StatusCode::OK, kind, bytes)
}

/// Compares without telling by its time how much of it agrees.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0, |differs, (a, b)| std::hint::black_box(differs | (a ^ b)));
    one.len() == other.len() && differs == 0
}

fn json(code: StatusCode, answer: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(answer) {
        Ok(bytes) => answered(code, "application/json", bytes),
        Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn answered(code: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = code;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn status(code: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response
}

#[cfg(test)]
mod tests;
