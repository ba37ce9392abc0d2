//! A document with its whole history in one piece, for a snapshot (PROTOCOL §2.13).
//!
//! Who reads one has not seen the changes come one by one. So each of them is looked at here as it would have been then:
//! what a snapshot brings is what the guard would have let in.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, ChangeHash};
use thiserror::Error;
use wakuncar_domain::Koleksi;

use crate::chunk::ChangeChunk;
use crate::guard::check_history;
use crate::shape::check_shape;
use crate::{Document, Quota, Refusal, genesis, saved};

/// Why a snapshot's document is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SnapshotRefusal {
    /// Not a saved document within its bounds, or one holding a change that the guard would refuse.
    #[error("not such a document: {0}")]
    Refused(#[from] Refusal),
    /// It begins with a genesis that this version does not know; the app has to be updated.
    #[error("the document begins with an unknown genesis")]
    UnknownGenesis,
    /// Its heads are not those that the snapshot names.
    #[error("other heads than the snapshot says")]
    OtherHeads,
}

impl Document {
    /// The document as it goes into a snapshot: nothing deflated, since snapshots are compressed as a whole.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`], [`Refusal::TooManyOps`] for a document that others would not take in this form; its
    /// entries have to stay.
    pub fn to_snapshot(&self) -> Result<Vec<u8>, Refusal> {
        let bytes = self.doc.save_nocompress();
        saved::inspect_snapshot(&bytes)?;
        Ok(bytes)
    }

    /// The document that a snapshot holds, if it is what it says. Whether its [`brought`](Self::brought) authors could
    /// write there is not known here.
    ///
    /// # Errors
    /// [`SnapshotRefusal`].
    pub fn from_snapshot(koleksi: Koleksi, bytes: &[u8], heads: &[[u8; 32]]) -> Result<Self, SnapshotRefusal> {
        saved::inspect_snapshot(bytes)?;
        let loaded = catch_unwind(AssertUnwindSafe(|| load(koleksi, bytes)));
        let document = loaded.unwrap_or(Err(Refusal::Library.into()))?;
        if document.heads() == heads { Ok(document) } else { Err(SnapshotRefusal::OtherHeads) }
    }

    /// How much each author has in this document, by the first 8 bytes of her device's id. What she sent and nobody
    /// took counts in her [`Quota`] as well, so it can be more than this and never less.
    pub fn brought(&self) -> BTreeMap<[u8; 8], Quota> {
        let mut all = BTreeMap::new();
        for change in self.changes() {
            let Ok(change) = ChangeChunk::read(&change.bytes) else { continue };
            let mut author = [0; 8];
            author.copy_from_slice(&change.writer()[..8]);
            let quota: &mut Quota = all.entry(author).or_default();
            *quota = quota.plus(change.bytes.len() as u64, change.operations.len() as u64);
        }
        all
    }
}

fn load(koleksi: Koleksi, bytes: &[u8]) -> Result<Document, SnapshotRefusal> {
    let doc = Automerge::load(bytes).map_err(|_| Refusal::Library)?;
    let genesis = genesis::hash(koleksi).map_err(|_| Refusal::Library)?;
    let mut begins = false;
    for change in doc.get_changes(&[]) {
        if genesis::is_genesis_actor(change.actor_id()) {
            if change.hash() != genesis {
                return Err(SnapshotRefusal::UnknownGenesis);
            }
            begins = true;
            continue;
        }
        let change = ChangeChunk::read(change.raw_bytes())?;
        // Where a change ends is said beside it, and no hash covers that: who believed it would count on from there, and
        // nobody would take what she writes.
        let end = doc.get_change_meta_by_hash(&ChangeHash(change.hash)).map(|meta| meta.max_op + 1);
        if end != Some(change.start_op + change.operations.len() as u64) {
            return Err(Refusal::History.into());
        }
        check_history(&doc, &change)?;
        check_shape(koleksi, &doc, &change)?;
    }
    if !begins {
        return Err(SnapshotRefusal::UnknownGenesis);
    }
    let document = Document { koleksi, doc };
    if document.brought().values().any(|quota| quota.is_over()) {
        return Err(Refusal::TooLarge.into());
    }
    Ok(document)
}
