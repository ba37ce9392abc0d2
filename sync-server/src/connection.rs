//! Connections: how many there may be, and for how long one may stand still.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::Limits;
use crate::gate::{Address, locked};

/// Seconds for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Bytes of a request's head, and how many lines it has: ours have four.
const HEAD: usize = 16 * 1024;
const HEADERS: usize = 32;
/// Bytes that a caller must take in a second, on average, beyond the relay's patience.
const PACE: u64 = 1024;
/// How long connections may take to end when the relay stops.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Takes connections until it is told to stop; then ends those that are idle and waits for the others.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    router: Router,
    limits: Limits,
    stopped: watch::Receiver<bool>,
) {
    let crowd = Arc::new(Crowd::default());
    let mut connections = JoinSet::new();
    let mut stop = stopped.clone();
    let mut stopping = pin!(async move {
        // Stopped, or the handle was dropped.
        let _ = stop.changed().await;
    });
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopping => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
        };
        let Ok((stream, from)) = accepted else {
            // Out of file handles, say: a pause lets some close.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Who is too many finds the door closed, which costs least; devices come again.
        let Some(place) = crowd.clone().enter(Address::of(from.ip()), &limits) else { continue };
        let one = One { tls: tls.clone(), router: router.clone(), patience: limits.patience() };
        let stopped = stopped.clone();
        connections.spawn(async move {
            one.serve(stream, from, stopped).await;
            drop(place);
        });
    }
    drop(listener);
    // What has not ended by then is cut off when the set is dropped.
    let _ = timeout(LAST_WORDS, async { while connections.join_next().await.is_some() {} }).await;
}

/// How many connections there are, in all and from each address.
#[derive(Default)]
struct Crowd(Mutex<(u32, HashMap<Address, u32>)>);

impl Crowd {
    fn enter(self: Arc<Self>, from: Address, limits: &Limits) -> Option<Place> {
        {
            let mut crowd = locked(&self.0);
            let (all, of) = &mut *crowd;
            let here = of.get(&from).copied().unwrap_or(0);
            if *all >= limits.connections || here >= limits.connections_per_address {
                return None;
            }
            *all += 1;
            of.insert(from, here + 1);
        }
        Some(Place { crowd: self, from })
    }
}

/// A connection's place among all.
struct Place {
    crowd: Arc<Crowd>,
    from: Address,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut crowd = locked(&self.crowd.0);
        let (all, of) = &mut *crowd;
        *all -= 1;
        if let Some(here) = of.get_mut(&self.from) {
            *here -= 1;
            if *here == 0 {
                of.remove(&self.from);
            }
        }
    }
}

struct One {
    tls: TlsAcceptor,
    router: Router,
    patience: Duration,
}

impl One {
    async fn serve(self, stream: TcpStream, from: SocketAddr, mut stopped: watch::Receiver<bool>) {
        // Answers are small and awaited.
        let _ = stream.set_nodelay(true);
        let Ok(Ok(stream)) = timeout(HANDSHAKE, self.tls.accept(stream)).await else { return };
        let address = Address::of(from.ip());
        let router = self.router.layer(axum::Extension(address));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Also for the time between two requests.
            .header_read_timeout(self.patience)
            .max_headers(HEADERS)
            .max_buf_size(HEAD)
            // Answers carry the relay's clock where it matters.
            .auto_date_header(false)
            .serve_connection(TokioIo::new(Paced::new(stream, self.patience)), TowerToHyperService::new(router));
        let mut connection = pin!(connection);
        // A connection that breaks is no event.
        tokio::select! {
            _ = connection.as_mut() => return,
            _ = stopped.changed() => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// A stream that breaks when its other end takes too little of what is written.
struct Paced<S> {
    stream: S,
    patience: Duration,
    written: u64,
    waited: Duration,
    /// Since when it has stood still, and when that is too long.
    still: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Paced<S> {
    fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, written: 0, waited: Duration::ZERO, still: None }
    }

    /// Passes on how a write went, unless the other end has had its time.
    fn judge<T>(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match wrote {
            Poll::Ready(done) => {
                if let Some((since, _)) = self.still.take() {
                    self.waited += since.elapsed();
                }
                Poll::Ready(done)
            }
            Poll::Pending => {
                let patience = self.patience + Duration::from_millis(self.written * 1000 / PACE);
                let left = patience.saturating_sub(self.waited);
                let (_, end) = self.still.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
                match end.as_mut().poll(cx) {
                    Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(bytes)) = &wrote {
            self.written += *bytes as u64;
        }
        self.judge(cx, wrote)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.judge(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.judge(cx, shut)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        if let Poll::Ready(Ok(bytes)) = &wrote {
            self.written += *bytes as u64;
        }
        self.judge(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
