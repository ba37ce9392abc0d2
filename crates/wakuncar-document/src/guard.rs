//! Changes from another device: looked at first, applied to a copy, then taken over whole or not at all
//! (PROTOCOL §2.9 step 8).

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, ObjectId, Op, OpType};
use automerge::{ChangeHash, ObjType, ScalarValue};

use crate::genesis::Place;
use crate::{Document, chunk, genesis};

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
    /// Operation numbers that do not follow from what the change rests on.
    #[error("operation numbers do not follow")]
    StartOp,
    /// A genesis change, or an edit of the root, a list, a text, a deletion, an object inside a row.
    #[error("not of the document's shape")]
    Shape,
    /// The CRDT library refused or panicked.
    #[error("the CRDT library refused it")]
    Library,
}

impl Document {
    /// Takes over the changes of one author, given her device's prefix. The document is untouched unless the
    /// outcome is [`Outcome::Applied`]. Receiving twice is harmless.
    pub fn receive<B: AsRef<[u8]>>(&mut self, author_prefix: [u8; 8], changes: &[B]) -> Outcome {
        match self.try_receive(author_prefix, changes) {
            Ok(outcome) => outcome,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    fn try_receive<B: AsRef<[u8]>>(&mut self, author: [u8; 8], changes: &[B]) -> Result<Outcome, Refusal> {
        let mut heads = Vec::new();
        for bytes in changes {
            let head = chunk::inspect(bytes.as_ref())?;
            if head.actor[..8] != author || head.actor == genesis::ACTOR {
                return Err(Refusal::Actor);
            }
            heads.push(head);
        }
        let mut copy = self.clone();
        let mut new = 0;
        for (bytes, head) in changes.iter().zip(&heads) {
            let bytes = bytes.as_ref().to_vec();
            let change = catch_unwind(|| automerge::Change::from_bytes(bytes)).map_err(|_| Refusal::Library)?;
            let change = change.map_err(|_| Refusal::Library)?;
            if copy.doc.get_change_meta_by_hash(&change.hash()).is_some() {
                continue;
            }
            let mut max_op = 0;
            for dep in &head.deps {
                match copy.doc.get_change_meta_by_hash(&ChangeHash(*dep)) {
                    Some(meta) => max_op = max_op.max(meta.max_op),
                    None => return Ok(Outcome::Waiting),
                }
            }
            if head.deps.is_empty() {
                return Err(Refusal::Shape);
            }
            if head.start_op != max_op + 1 {
                return Err(Refusal::StartOp);
            }
            check_shape(&change)?;
            let apply = catch_unwind(AssertUnwindSafe(|| copy.doc.apply_changes([change])));
            apply.map_err(|_| Refusal::Library)?.map_err(|_| Refusal::Library)?;
            new += 1;
        }
        if new > 0 {
            self.doc = copy.doc;
        }
        Ok(Outcome::Applied(new))
    }
}

fn check_shape(change: &automerge::Change) -> Result<(), Refusal> {
    if change.len() as u64 > chunk::MAX_OPS {
        return Err(Refusal::TooManyOps);
    }
    let expanded = catch_unwind(AssertUnwindSafe(|| change.decode())).map_err(|_| Refusal::Library)?;
    if expanded.operations.iter().all(is_of_shape) { Ok(()) } else { Err(Refusal::Shape) }
}

/// A row made in a container of rows, or an answer put into a row or a container of answers. The library
/// writes a deletion of answers when an edit settles a conflict on the value that is already shown.
fn is_of_shape(op: &Op) -> bool {
    let place = match &op.obj {
        ObjectId::Root => Place::Root,
        ObjectId::Id(id) => genesis::place(id),
    };
    let answer = matches!(place, Place::Row | Place::Answers);
    let key = !op.insert && matches!(op.key, Key::Map(_));
    key && match &op.action {
        OpType::Make(kind) => *kind == ObjType::Map && place == Place::Rows,
        OpType::Delete => answer,
        OpType::Put(value) => {
            let scalar = matches!(
                value,
                ScalarValue::Str(_)
                    | ScalarValue::Int(_)
                    | ScalarValue::Uint(_)
                    | ScalarValue::F64(_)
                    | ScalarValue::Boolean(_)
                    | ScalarValue::Null
            );
            scalar && answer
        }
        OpType::Increment(_) | OpType::MarkBegin(..) | OpType::MarkEnd(..) => false,
    }
}
