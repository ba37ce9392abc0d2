//! Whether the operations of a change fit the document's shape: only answers put into rows and containers of answers,
//! and rows made where none stood; each over just what its author saw there.
//!
//! What she saw is decided by what her change rests on alone, never by what else has come here: otherwise a change would
//! count on one phone and not on the next.

use std::collections::{HashMap, HashSet};

use automerge::{ActorId, Automerge, ChangeHash, ObjId, ObjType, Prop, ReadDoc};
use wakuncar_domain::Koleksi;

use crate::Refusal::{self, Shape};
use crate::chunk::ChangeChunk;
use crate::genesis::{self, Place};
use crate::ops::{Action, Op, OpName};

/// Checks every operation of a change whose numbers are in order and whose dependencies are here.
pub(crate) fn check_shape(koleksi: Koleksi, doc: &Automerge, change: &ChangeChunk<'_>) -> Result<(), Refusal> {
    let mut view = View::new(koleksi, doc, change);
    for (counter, op) in (change.start_op..).zip(change.operations.iter()) {
        view.check(OpName { counter, actor: 0 }, op)?;
    }
    Ok(())
}

/// The document as the author of a change saw it, with what the change itself has done so far.
struct View<'a> {
    koleksi: Koleksi,
    doc: &'a Automerge,
    change: &'a ChangeChunk<'a>,
    /// Where to look, if the author did not see everything that is here.
    at: Option<Vec<ChangeHash>>,
    /// Rows that the change makes.
    made: HashSet<OpName>,
    /// Other objects that it writes into, and whether they were rows for its author.
    rows: HashMap<OpName, bool>,
    /// The rows under an id in a container of genesis.
    siblings: HashMap<(u64, String), HashSet<OpName>>,
    places: HashMap<(OpName, &'a str), Standing>,
}

/// The values at one place.
#[derive(Default)]
struct Standing {
    named: HashSet<OpName>,
    /// Of actors that the change does not name, so that it overwrites none of them.
    unnamed: usize,
}

impl<'a> View<'a> {
    fn new(koleksi: Koleksi, doc: &'a Automerge, change: &'a ChangeChunk<'a>) -> Self {
        let deps: Vec<_> = change.deps.iter().map(|dep| ChangeHash(*dep)).collect();
        let all = doc.get_heads().iter().all(|head| deps.contains(head));
        let at = (!all).then_some(deps);
        let (made, rows, siblings, places) = Default::default();
        Self { koleksi, doc, change, at, made, rows, siblings, places }
    }

    fn check(&mut self, name: OpName, op: &'a Op<'a>) -> Result<(), Refusal> {
        let place = self.place(op.obj).ok_or(Shape)?;
        let preds = self.change.operations.preds(op);
        let fits = match op.action {
            Action::MakeMap => place == Place::Rows,
            Action::Put | Action::Delete => matches!(place, Place::Row | Place::Answers),
        };
        let fresh = self.made.contains(&op.obj);
        let standing = self.standing(op.obj, op.key, fresh);
        let overwritten = preds.iter().filter(|pred| standing.named.remove(pred)).count();
        let nothing_left = standing.named.is_empty() && standing.unnamed == 0;
        let fits = fits
            && overwritten == preds.len()
            && match op.action {
                // An answer is given over all that stand there, a row is made where there is none.
                Action::Put => nothing_left,
                Action::MakeMap => nothing_left && preds.is_empty(),
                // The library writes one when an edit settles a conflict on the value that is already shown.
                Action::Delete => !preds.is_empty(),
            };
        if op.action != Action::Delete {
            standing.named.insert(name);
        }
        if op.action == Action::MakeMap {
            self.made.insert(name);
        }
        if fits { Ok(()) } else { Err(Shape) }
    }

    /// What kind of object it is, if its author can have seen it.
    fn place(&mut self, obj: OpName) -> Option<Place> {
        if self.made.contains(&obj) {
            return Some(Place::Row);
        }
        if self.change.actors[obj.actor] == genesis::ACTOR {
            return genesis::place(self.koleksi, obj.counter);
        }
        if let Some(known) = self.rows.get(&obj) {
            return known.then_some(Place::Row);
        }
        let is_row = self.is_row(obj);
        self.rows.insert(obj, is_row);
        is_row.then_some(Place::Row)
    }

    fn is_row(&mut self, obj: OpName) -> bool {
        let id = self.id(obj);
        if self.doc.object_type(&id) != Ok(ObjType::Map) {
            return false;
        }
        let Some(parent) = self.doc.parents(&id).ok().and_then(|mut parents| parents.next()) else { return false };
        let (ObjId::Id(counter, actor, _), Prop::Map(key)) = (parent.obj, parent.prop) else { return false };
        if !genesis::is_genesis_actor(&actor) || genesis::place(self.koleksi, counter) != Some(Place::Rows) {
            return false;
        }
        let container = ObjId::Id(counter, actor, 0);
        let siblings = match self.siblings.get(&(counter, key.clone())) {
            Some(siblings) => siblings,
            None => {
                let rows = self.look(&container, &key).named;
                self.siblings.entry((counter, key)).or_insert(rows)
            }
        };
        siblings.contains(&obj)
    }

    /// What stands at a place for the author. A row that the change itself made holds nothing but by the change.
    fn standing(&mut self, obj: OpName, key: &'a str, fresh: bool) -> &mut Standing {
        if !self.places.contains_key(&(obj, key)) {
            let standing = if fresh { Standing::default() } else { self.look(&self.id(obj), key) };
            self.places.insert((obj, key), standing);
        }
        self.places.entry((obj, key)).or_default()
    }

    fn look(&self, obj: &ObjId, key: &str) -> Standing {
        let found = match &self.at {
            None => self.doc.get_all(obj, key),
            Some(deps) => self.doc.get_all_at(obj, key, deps),
        };
        let mut standing = Standing::default();
        for (_, id) in found.unwrap_or_default() {
            match id {
                ObjId::Id(counter, actor, _) => match self.actor(&actor) {
                    Some(actor) => drop(standing.named.insert(OpName { counter, actor })),
                    None => standing.unnamed += 1,
                },
                ObjId::Root => standing.unnamed += 1,
            }
        }
        standing
    }

    fn actor(&self, actor: &ActorId) -> Option<usize> {
        let (writer, others) = self.change.actors.split_first()?;
        if actor.to_bytes() == writer {
            return Some(0);
        }
        others.binary_search_by(|other| other.as_slice().cmp(actor.to_bytes())).ok().map(|at| at + 1)
    }

    fn id(&self, name: OpName) -> ObjId {
        ObjId::Id(name.counter, ActorId::from(self.change.actors[name.actor]), 0)
    }
}
