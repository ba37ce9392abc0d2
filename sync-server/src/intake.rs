//! Taking in a body: not more than its bound, not slower than a slow line, and not so many large ones at once that memory
//! ends.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::route::Refused;

/// Bodies up to this many bytes are not counted: 500 of them are nothing.
const SMALL: usize = 16 * 1024;
/// Larger ones at once, questions and answers.
const LARGE: usize = 128;
/// Bytes that must come in a second, on average, beyond the relay's patience: half of what the slowest line of a village
/// carries.
const PACE: u64 = 1024;
/// How long a large body waits for room.
const ROOM: Duration = Duration::from_secs(10);
/// When to come again if there was none.
const ROOM_S: u32 = 15;

/// Room for large bodies.
#[derive(Clone)]
pub(crate) struct Memory(Arc<Semaphore>);

impl Memory {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(LARGE)))
    }

    async fn room(&self) -> Result<OwnedSemaphorePermit, Refused> {
        let room = tokio::time::timeout(ROOM, self.0.clone().acquire_owned()).await;
        room.ok().and_then(Result::ok).ok_or(Refused::Later(StatusCode::SERVICE_UNAVAILABLE, ROOM_S))
    }

    /// Reads a body of at most `max` bytes. A caller that keeps the relay waiting longer than `patience`, and does not
    /// make up for it by what it sent, is not waited for.
    pub(crate) async fn take_in(&self, body: Body, max: usize, patience: Duration) -> Result<Taken, Refused> {
        let announced = body.size_hint();
        let (least, most) = (announced.lower(), announced.upper());
        if most.unwrap_or(least) > max as u64 {
            return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
        }
        let mut room = if least > SMALL as u64 { Some(self.room().await?) } else { None };
        let begun = Instant::now();
        let mut body = pin!(body);
        let mut taken: Vec<u8> = Vec::with_capacity(usize::try_from(least).unwrap_or(0).min(max));
        loop {
            let until = begun + patience + Duration::from_millis(taken.len() as u64 * 1000 / PACE);
            let frame = timeout_at(until, poll_fn(|cx| body.as_mut().poll_frame(cx))).await;
            let Some(frame) = frame.map_err(|_| StatusCode::REQUEST_TIMEOUT)? else { break };
            let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
            let Ok(bytes) = frame.into_data() else { continue };
            if taken.len() + bytes.len() > max {
                return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
            }
            if room.is_none() && taken.len() + bytes.len() > SMALL {
                room = Some(self.room().await?);
            }
            taken.extend_from_slice(&bytes);
        }
        Ok(Taken { bytes: taken, _room: room })
    }

    /// A body to answer with, which takes room until it is on its way.
    pub(crate) async fn give_out(&self, bytes: Vec<u8>) -> Result<Body, Refused> {
        if bytes.len() <= SMALL {
            return Ok(Body::from(bytes));
        }
        let room = self.room().await?;
        Ok(Body::new(Given { bytes: Some(bytes.into()), _room: room }))
    }
}

/// A body that was taken in.
pub(crate) struct Taken {
    pub(crate) bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

/// A body that is given out.
struct Given {
    bytes: Option<Bytes>,
    _room: OwnedSemaphorePermit,
}

impl hyper::body::Body for Given {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
