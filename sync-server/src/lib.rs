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
//! | `PUT /v1/invite/{lookup}`, `POST /v1/invite/{lookup}` | the sealed invitation behind a typed code |
//!
//! Logs hold codes and counts: no id, no address.
#![forbid(unsafe_code)]

mod clock;
mod error;
mod exchange;
mod ledger;
mod route;
mod serve;
mod session;
mod tls;

pub use error::Error;
pub use serve::{Config, Relay};
