//! What can go wrong with a document.

use thiserror::Error;

/// A document that cannot be read, or an edit that cannot be made.
#[derive(Debug, Error)]
pub enum Error {
    /// The stored bytes are not a document of this collection.
    #[error("the stored document is damaged: {0}")]
    Damaged(String),
    /// The document does not begin with a genesis that this version knows.
    #[error("the document begins with an unknown genesis")]
    UnknownGenesis,
    /// An edit names a part of the other collection.
    #[error("the edit {0} belongs to another collection")]
    OtherCollection(String),
    /// An edit's value does not fit its item.
    #[error("the edit {jalur}: {salah}")]
    Value {
        /// Where.
        jalur: String,
        /// Why.
        salah: wakuncar_domain::JawabanSalah,
    },
    /// The edits would make a change that every other device refuses.
    #[error("too many edits for one change; save them in parts: {0}")]
    TooMuchAtOnce(crate::Refusal),
    /// A file that another program gave back.
    #[error(transparent)]
    Foreign(#[from] crate::ForeignFile),
    /// A fault of the CRDT library or of this crate.
    #[error("automerge: {0}")]
    Automerge(#[from] automerge::AutomergeError),
    /// The CRDT library panicked on these changes; the document is as it was before.
    #[error("the CRDT library panicked")]
    Panicked,
}
