//! A relay without sockets for the deterministic simulation (feature `simulasi`): the same router, file and rules, on
//! the caller's thread, with the caller's clock and dice. In no program that people get.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use tower_service::Service;
use wakuncar_wire::SpaceId;

use crate::file::{File, open_reader};
use crate::gate::Address;
use crate::serve::{FILE, desk_here};
use crate::{Error, Limits, route};

/// Most bytes of an answer that is taken.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

thread_local! {
    static CLOCK: Cell<Option<u64>> = const { Cell::new(None) };
    static DICE: RefCell<Option<blake3::OutputReader>> = const { RefCell::new(None) };
}

/// The relay's time on this thread, Unix seconds; `None` gives the clock back to the system.
pub fn set_clock(now: Option<u64>) {
    CLOCK.set(now);
}

/// What the dice of this thread show from now on; `None` gives them back to the system.
pub fn set_dice(seed: Option<[u8; 32]>) {
    DICE.replace(seed.map(|seed| blake3::Hasher::new_keyed(&seed).finalize_xof()));
}

pub(crate) fn now() -> Option<u64> {
    CLOCK.get()
}

pub(crate) fn roll(bytes: &mut [u8]) -> bool {
    DICE.with_borrow_mut(|dice| dice.as_mut().map(|dice| dice.fill(bytes)).is_some())
}

/// Work is done on the caller's thread.
pub(crate) fn is_running() -> bool {
    CLOCK.get().is_some()
}

/// A relay that is called and not reached.
pub struct Relay {
    data: PathBuf,
    router: Router,
    runtime: tokio::runtime::Runtime,
}

impl Relay {
    /// Opens its file, or makes it. `random` becomes epoch and receipt key of a new one, and the length of the jump in the
    /// arrival numbers of one that was there: with zeros it goes on as if nothing had been.
    ///
    /// # Errors
    /// [`Error`].
    pub fn open(data: &Path, pin: [u8; 16], limits: Limits, random: &[u8; 48]) -> Result<Self, Error> {
        let io = |what| move |error| Error::Io { what, error };
        std::fs::create_dir_all(data).map_err(io("data folder"))?;
        let desk = desk_here(File::open(&data.join(FILE), random)?, pin, limits)?;
        let router = route::router(Arc::new(desk));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(io("runtime"))?;
        Ok(Self { data: data.to_owned(), router, runtime })
    }

    /// Answers a request that comes from an address: status and body.
    pub fn answer(
        &mut self,
        from: IpAddr,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> (u16, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path).extension(Address::of(from));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, token);
        }
        let Ok(request) = request.body(Body::from(body)) else { return (400, Vec::new()) };
        let router = &mut self.router;
        self.runtime.block_on(async {
            let response = match router.call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), MAX_ANSWER).await;
            body.map_or((500, Vec::new()), |body| (status, body.to_vec()))
        })
    }

    /// The entries of a kelurahan as they lie in its file, by arrival.
    ///
    /// # Errors
    /// [`Error`].
    pub fn entries(&self, space: SpaceId) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        let file = open_reader(&self.data.join(FILE))?;
        let sql = "SELECT rseq, bytes FROM entry WHERE space_id = ?1 ORDER BY rseq";
        let mut statement = file.prepare(sql)?;
        let rows = statement.query_map([space.as_bytes()], |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, Vec<u8>>(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
