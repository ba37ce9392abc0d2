//! Changes from another device: looked at first, applied to a copy, then taken over whole or not at all
//! (PROTOCOL §2.9 step 8).

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change, ChangeHash};

use crate::chunk::ChangeChunk;
use crate::quota::MAX_OPS;
use crate::shape::check_shape;
use crate::{Document, chunk};

/// What became of a section, i.e. the changes of one author to one document in one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All are in the document now; so many of them are new.
    Applied(usize),
    /// A change rests on one that is not here yet; nothing was taken over.
    Waiting,
    /// The section counts as empty.
    Refused(Refusal),
}

/// Why a section counts as empty. The limits are constants of the wire version, so that everybody decides
/// alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an uncompressed change chunk.
    #[error("not an uncompressed change")]
    NotAChange,
    /// The checksum does not match.
    #[error("checksum does not match")]
    Checksum,
    /// A column is compressed.
    #[error("compressed column")]
    Compressed,
    /// Larger than a change may be.
    #[error("too large")]
    TooLarge,
    /// More operations than a change may have.
    #[error("too many operations")]
    TooManyOps,
    /// An actor that is not the author's.
    #[error("written in somebody else's name")]
    Actor,
    /// Its numbers do not follow from the changes that it rests on, or it rests on none.
    #[error("does not follow from what it rests on")]
    History,
    /// An edit of the root, a list, a text, an object inside a row, a row taken away or replaced, an edit of
    /// something that its author cannot have seen.
    #[error("not of the document's shape")]
    Shape,
    /// The CRDT library refused or panicked.
    #[error("the CRDT library refused it")]
    Library,
}

impl Document {
    /// Takes over the changes of one author, given her device's prefix, each after those it rests on. The
    /// document is untouched unless the outcome is [`Outcome::Applied`]. Receiving twice is harmless.
    ///
    /// A genesis change never travels; one that does is passed over. A document whose genesis this version does
    /// not know stays [`Outcome::Waiting`] until the app is updated.
    pub fn receive<B: AsRef<[u8]>>(&mut self, author_prefix: [u8; 8], changes: &[B]) -> Outcome {
        let received = catch_unwind(AssertUnwindSafe(|| self.try_receive(author_prefix, changes)));
        match received.unwrap_or(Err(Refusal::Library)) {
            Ok((outcome, copy)) => {
                if let Some(doc) = copy {
                    self.doc = doc;
                }
                outcome
            }
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// The outcome, with the document as it is then if it is another one. Runs inside `catch_unwind`: `self` is
    /// only read, and what a panic leaves half done is thrown away.
    fn try_receive<B: AsRef<[u8]>>(
        &self,
        author: [u8; 8],
        changes: &[B],
    ) -> Result<(Outcome, Option<Automerge>), Refusal> {
        let mut section = Vec::new();
        let mut operations = 0;
        for bytes in changes {
            if chunk::is_genesis(bytes.as_ref()) {
                continue;
            }
            let change = ChangeChunk::read(bytes.as_ref())?;
            if change.writer()[..8] != author {
                return Err(Refusal::Actor);
            }
            // What no author may bring for one document in all her life need not be kept in memory at once.
            operations += change.operations.len() as u64;
            if operations > MAX_OPS {
                return Err(Refusal::TooManyOps);
            }
            section.push(change);
        }
        let mut copy = self.doc.clone();
        let before = copy.get_heads();
        let mut new = Vec::new();
        for change in section {
            if holds(&copy, change.hash) {
                continue;
            }
            if !change.deps.iter().all(|dep| holds(&copy, *dep)) {
                return Ok((Outcome::Waiting, None));
            }
            check_history(&copy, &change)?;
            check_shape(self.koleksi, &copy, &change)?;
            let parsed = Change::from_bytes(change.bytes.to_vec()).map_err(|_| Refusal::Library)?;
            copy.apply_changes([parsed]).map_err(|_| Refusal::Library)?;
            new.push(change.bytes);
        }
        if new.is_empty() {
            return Ok((Outcome::Applied(0), None));
        }
        check_spelling(&copy, &before, &mut new)?;
        Ok((Outcome::Applied(new.len()), Some(copy)))
    }
}

fn holds(doc: &Automerge, hash: [u8; 32]) -> bool {
    doc.get_change_meta_by_hash(&ChangeHash(hash)).is_some()
}

/// Operation and sequence numbers are the next ones after what the change rests on. Otherwise two operations would
/// have one name, or an honest device could not go on counting. A change always names its writer's last one.
pub(crate) fn check_history(doc: &Automerge, change: &ChangeChunk<'_>) -> Result<(), Refusal> {
    let (mut max_op, mut last) = (None, 0);
    for dep in &change.deps {
        let meta = doc.get_change_meta_by_hash(&ChangeHash(*dep)).ok_or(Refusal::History)?;
        max_op = max_op.max(Some(meta.max_op));
        if meta.actor.to_bytes() == change.writer() {
            last = last.max(meta.seq);
        }
    }
    let next = max_op.ok_or(Refusal::History)? + 1;
    if change.start_op == next && change.seq == last + 1 { Ok(()) } else { Err(Refusal::History) }
}

/// The library keeps a document in another form than its changes came in and makes them anew from it when it loads: a
/// change that is written in an unusual way would make the saved house unreadable.
fn check_spelling(doc: &Automerge, before: &[ChangeHash], new: &mut [&[u8]]) -> Result<(), Refusal> {
    let made = doc.get_changes(before);
    let mut made: Vec<&[u8]> = made.iter().map(Change::raw_bytes).collect();
    made.sort_unstable();
    new.sort_unstable();
    if made == new { Ok(()) } else { Err(Refusal::Library) }
}
