//! The relay: keeps sealed entries and hands them out to those whom the roster allows. It has no key that opens one.
//!
//! What is durable is acknowledged with a signed receipt, after the commit and never before. Endpoints
//! (PROTOCOL §2.10), all CBOR over TLS 1.3 or 1.2 with a certificate of its own that callers pin:
//!
//! | | |
//! | --- | --- |
//! | `POST /v1/space` | the first control entries of a new kelurahan |
//! | `POST /v1/session/challenge`, `POST /v1/session` | who asks |
//! | `POST /v1/sync` | brings and fetches, one page |
//! | `POST /v1/heads` | which heads are here of the logs that a device names, so that it fills what is missing |
//! | `POST /v1/rescue` | what a device cannot send any more, sealed to root and seats |
//! | `GET /v1/rescue/{id}`, `DELETE /v1/rescue/{id}` | a seat takes it over |
//! | `GET /v1/notes` | what a seat should know: room, what happened, what waits for it |
//! | `PUT /v1/invite/{lookup}`, `POST /v1/invite/{lookup}` | the sealed invitation behind a typed code |
//!
//! A fork needs no mark of its own: an entry at a number that another one has is the proof, and is handed out like any
//! other. What comes too often or too much is answered 429 with `Retry-After` or [`PushResult::Quota`], a full disk 507;
//! nothing of it is lost, it waits on the device ([`Limits`]).
//!
//! [`PushResult::Quota`]: wakuncar_wire::PushResult::Quota
//!
//! Logs hold codes and counts: no id, no address.
#![forbid(unsafe_code)]

mod audit;
mod book;
mod clock;
mod connection;
mod damaged;
mod error;
mod exchange;
mod file;
mod gate;
mod hub;
mod intake;
mod limits;
mod office;
mod page;
mod push;
mod reader;
mod readers;
mod room;
mod route;
mod serve;
mod session;
#[cfg(feature = "simulasi")]
pub mod simulasi;
mod tls;
mod usage;
mod writer;

pub use error::Error;
pub use hub::Hub;
pub use limits::Limits;
pub use serve::{Config, Relay};
