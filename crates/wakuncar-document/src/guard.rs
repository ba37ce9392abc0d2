//! Changes from another device: looked at first, applied to a copy, then taken over whole or not at all
//! (PROTOCOL §2.9 step 8).

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Automerge, Change, ChangeHash, ObjId, ObjType, ReadDoc, ScalarValue};
use wakuncar_domain::Koleksi;

use crate::genesis::{self, Place};
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
        for bytes in changes {
            let head = chunk::inspect(bytes.as_ref())?;
            if head.actor == genesis::ACTOR {
                continue;
            }
            if head.actor[..8] != author {
                return Err(Refusal::Actor);
            }
            section.push((bytes.as_ref(), head));
        }
        let mut copy = self.doc.clone();
        // The document as the author saw it. Whether a change counts is decided by what it rests on alone, not
        // by what else has come here, so that everybody decides alike.
        let mut seen: Option<Automerge> = None;
        let mut new = 0;
        for (bytes, head) in section {
            let change = Change::from_bytes(bytes.to_vec()).map_err(|_| Refusal::Library)?;
            if copy.get_change_meta_by_hash(&change.hash()).is_some() {
                continue;
            }
            if head.deps.iter().any(|dep| copy.get_change_meta_by_hash(&ChangeHash(*dep)).is_none()) {
                return Ok((Outcome::Waiting, None));
            }
            let deps: Vec<_> = head.deps.iter().map(|dep| ChangeHash(*dep)).collect();
            let mut view = match seen.take() {
                Some(doc) if rests_on(&doc, &deps) => doc,
                _ if rests_on(&copy, &deps) => copy.clone(),
                _ => copy.fork_at(&deps).map_err(|_| Refusal::Library)?,
            };
            check_history(&mut view, &head)?;
            check_shape(self.koleksi, &view, &change)?;
            view.apply_changes([change.clone()]).map_err(|_| Refusal::Library)?;
            copy.apply_changes([change]).map_err(|_| Refusal::Library)?;
            seen = Some(view);
            new += 1;
        }
        if new == 0 {
            return Ok((Outcome::Applied(0), None));
        }
        // The library keeps a document in another form than its changes came in, and re-makes their hashes
        // when it loads. A change that is written in an unusual way would make the saved house unreadable.
        Automerge::load(&copy.save_nocompress()).map_err(|_| Refusal::Library)?;
        Ok((Outcome::Applied(new), Some(copy)))
    }
}

/// Whether the document is just these changes and what they rest on. A change names its actor's last one even
/// if it is no head any more.
fn rests_on(doc: &Automerge, deps: &[ChangeHash]) -> bool {
    let here = |dep| doc.get_change_meta_by_hash(dep).is_some();
    doc.get_heads().iter().all(|head| deps.contains(head)) && deps.iter().all(here)
}

/// Operation and sequence numbers are the next ones. Otherwise two operations would have one name, or an
/// honest device could not go on counting.
fn check_history(view: &mut Automerge, head: &chunk::Head) -> Result<(), Refusal> {
    let max_op = head.deps.iter().filter_map(|dep| view.get_change_meta_by_hash(&ChangeHash(*dep)));
    let max_op = max_op.map(|meta| meta.max_op).max().ok_or(Refusal::History)?;
    // Each once, in the library's order.
    if !head.deps.is_sorted_by(|a, b| a < b) {
        return Err(Refusal::History);
    }
    view.set_actor(ActorId::from(head.actor));
    let last = view.get_last_local_change().map_or(0, |change| change.seq());
    if head.start_op == max_op + 1 && head.seq == last + 1 { Ok(()) } else { Err(Refusal::History) }
}

/// Only answers put into rows and containers of answers, and rows made where none stood; each over just what
/// the author saw there.
fn check_shape(koleksi: Koleksi, view: &Automerge, change: &Change) -> Result<(), Refusal> {
    if change.is_empty() || !change.extra_bytes().is_empty() {
        return Err(Refusal::Shape);
    }
    if change.len() as u64 > chunk::MAX_OPS {
        return Err(Refusal::TooManyOps);
    }
    // Operations of this very change, by number.
    let mut own: HashMap<u64, &Op> = HashMap::new();
    let expanded = change.decode();
    for (number, op) in (change.start_op().get()..).zip(&expanded.operations) {
        let own_op = |id: &OpId| own.get(&id.counter()).filter(|_| id.actor() == change.actor_id()).copied();
        let place = match &op.obj {
            ObjectId::Root => return Err(Refusal::Shape),
            ObjectId::Id(id) if genesis::is_genesis_actor(id.actor()) => genesis::place(koleksi, id.counter()),
            ObjectId::Id(id) if own_op(id).is_some_and(|op| matches!(op.action, OpType::Make(_))) => Some(Place::Row),
            ObjectId::Id(id) => (view.object_type(exid(id)) == Ok(ObjType::Map)).then_some(Place::Row),
        };
        let (false, Key::Map(key)) = (op.insert, &op.key) else { return Err(Refusal::Shape) };
        let fits = match &op.action {
            OpType::Make(kind) => *kind == ObjType::Map && place == Some(Place::Rows) && op.pred.is_empty(),
            OpType::Put(value) => is_answer(value) && matches!(place, Some(Place::Row | Place::Answers)),
            // The library writes one when an edit settles a conflict on the value that is already shown.
            OpType::Delete => !op.pred.is_empty() && matches!(place, Some(Place::Row | Place::Answers)),
            OpType::Increment(_) | OpType::MarkBegin(..) | OpType::MarkEnd(..) => false,
        };
        let ObjectId::Id(obj) = &op.obj else { return Err(Refusal::Shape) };
        if !fits || !op.pred.is_empty() && !overwrites_what_it_saw(view, obj, key, op, own_op) {
            return Err(Refusal::Shape);
        }
        own.insert(number, op);
    }
    Ok(())
}

fn overwrites_what_it_saw<'a>(
    view: &Automerge,
    obj: &OpId,
    key: &str,
    op: &Op,
    own_op: impl Fn(&OpId) -> Option<&'a Op>,
) -> bool {
    // A row made in this change is not in the view; nothing stands in it but by this change.
    let standing = view.get_all(exid(obj), key).unwrap_or_default();
    let mut before: Option<&OpId> = None;
    op.pred.iter().all(|pred| {
        let once = before.replace(pred) != Some(pred);
        let seen = match own_op(pred) {
            Some(earlier) => earlier.obj == op.obj && earlier.key == op.key && earlier.action != OpType::Delete,
            None => standing
                .iter()
                .any(|(_, id)| matches!(id, ObjId::Id(n, actor, _) if *n == pred.counter() && actor == pred.actor())),
        };
        once && seen
    })
}

fn is_answer(value: &ScalarValue) -> bool {
    match value {
        ScalarValue::Str(_)
        | ScalarValue::Int(_)
        | ScalarValue::Uint(_)
        | ScalarValue::F64(_)
        | ScalarValue::Boolean(_)
        | ScalarValue::Null => true,
        ScalarValue::Bytes(_) | ScalarValue::Counter(_) | ScalarValue::Timestamp(_) | ScalarValue::Unknown { .. } => {
            false
        }
    }
}

fn exid(id: &OpId) -> ObjId {
    ObjId::Id(id.counter(), id.actor().clone(), 0)
}
