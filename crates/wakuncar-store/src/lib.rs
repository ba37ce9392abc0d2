//! The device's SQLite file (SQLCipher): changes, documents as opaque bytes, read-model rows, search, settings,
//! migrations.
//!
//! One process owns the file. Every write is one transaction that is on the disk when it returns
//! (`synchronous = FULL`); what a reader sees is always whole. What stands in documents is not this crate's
//! business: it gets bytes and a [`Rumah`](wakuncar_domain::Rumah) and keeps both.
#![forbid(unsafe_code)]

mod counted;
mod error;
mod log;
mod migration;
mod own;
mod read;
mod record;
mod remote;
mod search;
#[cfg(feature = "simulasi")]
pub mod simulasi;
mod store;
mod write;

pub use counted::{Applied, CountedEntry};
pub use error::Error;
pub use log::{KonflikRow, LogEntry, LogPlace, OutboxChange, Penitipan};
pub use own::OwnChange;
pub use read::{Lingkup, RingkasanRumah, StoredChange};
pub use remote::Remote;
pub use search::HasilCari;
pub use store::{Key, Store};
pub use write::Write;
