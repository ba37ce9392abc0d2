//! One household as one or two Automerge documents: shape, one-key edits, both values of a conflict, and the
//! guard that bounds what foreign changes may do.
//!
//! Shape: a map per [`Bagian`](wakuncar_domain::Bagian) at the root, made by the genesis change that all
//! documents of a collection share; a map per row in it, under the row's id; one scalar per answer. The part
//! `kesehatan_warga` has flat keys `row.key`, because its rows have no maker of their own. Nothing is ever
//! deleted. The files here open no socket, no database and read no clock.
#![forbid(unsafe_code)]

mod chunk;
mod columns;
mod conflict;
mod document;
mod error;
mod foreign;
mod genesis;
mod guard;
mod history;
mod ops;
mod quota;
mod reader;
mod saved;
mod scalar;
mod shape;
mod snapshot;

pub use chunk::change_hash;
pub use conflict::{Candidate, Conflict};
pub use document::{Actor, Change, Contents, Document};
pub use error::Error;
pub use foreign::{ForeignFile, PlaceRefusal, RefusedPlace, TakenEdits};
pub use guard::{Outcome, Refusal};
pub use history::WrittenAnswer;
pub use quota::Quota;
pub use saved::MAX_SAVED;
pub use snapshot::SnapshotRefusal;
