//! The operations of a change, read strictly: answers put into maps, rows made, losing values taken away. A list, a
//! text, a counter, a mark, a column of another kind, a column longer or shorter than the others: refused before the
//! CRDT library unpacks anything. Whether an operation may stand where it stands is the guard's question.

use std::ops::Range;

use crate::Refusal;
use crate::columns::{self, DEFLATE, Runs};
use crate::reader::Reader;

/// Most operations in a change, and most values that it overwrites (PROTOCOL §2.20).
pub(crate) const MAX_OPS: usize = 10_000;
/// Longest key: a row's id, a dot and an item's name are 80. The library writes a key that stands in a run out for each
/// operation.
const MAX_KEY: u64 = 256;
/// No counter that an honest device reaches; the library keeps it in 32 bits.
const MAX_COUNTER: u64 = 1 << 31;

/// An operation's name within its change: its counter, and whose it is as a place in the change's list of actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OpName {
    pub(crate) counter: u64,
    pub(crate) actor: usize,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    MakeMap,
    Put,
    Delete,
}

/// One operation; `preds` is where the values that it overwrites stand in the list of all of them.
#[derive(Debug)]
pub(crate) struct Op<'a> {
    pub(crate) obj: OpName,
    pub(crate) key: &'a str,
    pub(crate) action: Action,
    preds: Range<usize>,
}

/// All operations of a change.
#[derive(Debug, Default)]
pub(crate) struct Operations<'a> {
    all: Vec<Op<'a>>,
    preds: Vec<OpName>,
}

impl<'a> Operations<'a> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Op<'a>> {
        self.all.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The values that an operation overwrites.
    pub(crate) fn preds(&self, op: &Op<'_>) -> &[OpName] {
        self.preds.get(op.preds.clone()).unwrap_or_default()
    }
}

// Specifications of the columns: number << 4 | kind.
const OBJ_ACTOR: u64 = 1;
const OBJ_COUNTER: u64 = 2;
const KEY_TEXT: u64 = 1 << 4 | 5;
const INSERT: u64 = 3 << 4 | 4;
const ACTION: u64 = 4 << 4 | 2;
const VALUE_META: u64 = 5 << 4 | 6;
const VALUE: u64 = 5 << 4 | 7;
const PRED_COUNT: u64 = 7 << 4;
const PRED_ACTOR: u64 = 7 << 4 | 1;
const PRED_COUNTER: u64 = 7 << 4 | 3;

/// The bytes of each column.
#[derive(Default)]
struct Columns<'a> {
    obj_actor: &'a [u8],
    obj_counter: &'a [u8],
    key: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_counter: &'a [u8],
}

impl<'a> Columns<'a> {
    fn split(rest: &mut Reader<'a>) -> Result<Self, Refusal> {
        let heads = columns::heads(rest)?;
        if heads.iter().any(|(spec, _)| spec & DEFLATE != 0) {
            return Err(Refusal::Compressed);
        }
        if !heads.is_sorted_by(|(a, _), (b, _)| a < b) {
            return Err(Refusal::NotAChange);
        }
        let mut columns = Self::default();
        for (spec, len) in heads {
            let column = match spec {
                OBJ_ACTOR => &mut columns.obj_actor,
                OBJ_COUNTER => &mut columns.obj_counter,
                KEY_TEXT => &mut columns.key,
                INSERT => &mut columns.insert,
                ACTION => &mut columns.action,
                VALUE_META => &mut columns.value_meta,
                VALUE => &mut columns.value,
                PRED_COUNT => &mut columns.pred_count,
                PRED_ACTOR => &mut columns.pred_actor,
                PRED_COUNTER => &mut columns.pred_counter,
                _ => return Err(Refusal::Shape),
            };
            *column = rest.take(len)?;
            if column.is_empty() {
                return Err(Refusal::NotAChange);
            }
        }
        Ok(columns)
    }
}

/// How many operations the columns claim to hold, at most one more than a change may have.
pub(crate) fn claimed(rest: &mut Reader<'_>) -> Result<u64, Refusal> {
    let mut actions = Runs::strict(Columns::split(rest)?.action, Reader::uleb);
    let mut count = 0;
    while count <= MAX_OPS as u64 && actions.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// Reads the operations of a change that names these actors.
pub(crate) fn read<'a>(rest: &mut Reader<'a>, actors: &[[u8; 16]]) -> Result<Operations<'a>, Refusal> {
    let columns = Columns::split(rest)?;
    let mut obj_actors = Runs::strict(columns.obj_actor, Reader::uleb);
    let mut obj_counters = Runs::strict(columns.obj_counter, Reader::uleb);
    let mut keys = Runs::strict(columns.key, key);
    let mut actions = Runs::strict(columns.action, Reader::uleb);
    let mut metas = Runs::strict(columns.value_meta, Reader::uleb);
    let mut values = Reader(columns.value);
    let mut pred_counts = Runs::strict(columns.pred_count, Reader::uleb);
    let mut pred_actors = Runs::strict(columns.pred_actor, Reader::uleb);
    let mut pred_counters = Runs::strict(columns.pred_counter, Reader::sleb);
    let mut operations = Operations::default();
    let mut pred_counter: i64 = 0;
    // The writer is named always, the others only if they are needed.
    let mut named = vec![false; actors.len()];
    let mut name = |counter: u64, actor: u64| {
        let actor = usize::try_from(actor).map_err(|_| Refusal::NotAChange)?;
        *named.get_mut(actor).ok_or(Refusal::NotAChange)? = true;
        if counter <= MAX_COUNTER { Ok(OpName { counter, actor }) } else { Err(Refusal::NotAChange) }
    };
    while let Some(action) = actions.next()? {
        if operations.all.len() == MAX_OPS {
            return Err(Refusal::TooManyOps);
        }
        let action = match action {
            0 => Action::MakeMap,
            1 => Action::Put,
            3 => Action::Delete,
            _ => return Err(Refusal::Shape),
        };
        // No object is the root; no text as key is a place in a list.
        let (Some(actor), Some(counter)) = (obj_actors.next()?, obj_counters.next()?) else {
            return Err(Refusal::Shape);
        };
        let obj = name(counter, actor)?;
        let key = keys.next()?.ok_or(Refusal::Shape)?;
        let value = value(metas.item()?, &mut values)?;
        if action != Action::Put && value != Value::Null {
            return Err(Refusal::Shape);
        }
        let start = operations.preds.len();
        let count = usize::try_from(pred_counts.item()?).ok().filter(|count| *count <= MAX_OPS - start);
        for _ in 0..count.ok_or(Refusal::TooManyOps)? {
            pred_counter = pred_counter.checked_add(pred_counters.item()?).ok_or(Refusal::NotAChange)?;
            let counter = u64::try_from(pred_counter).map_err(|_| Refusal::NotAChange)?;
            operations.preds.push(name(counter, pred_actors.item()?)?);
        }
        let order = |pred: &OpName| (pred.counter, actors[pred.actor]);
        if !operations.preds[start..].is_sorted_by(|a, b| order(a) < order(b)) {
            return Err(Refusal::NotAChange);
        }
        operations.all.push(Op { obj, key, action, preds: start..operations.preds.len() });
    }
    if operations.all.is_empty() {
        return Err(Refusal::Shape);
    }
    if named.iter().skip(1).any(|named| !named) {
        return Err(Refusal::Actor);
    }
    no_insert(columns.insert, operations.all.len() as u64)?;
    obj_actors.end()?;
    obj_counters.end()?;
    keys.end()?;
    metas.end()?;
    pred_counts.end()?;
    pred_actors.end()?;
    pred_counters.end()?;
    if values.is_empty() { Ok(operations) } else { Err(Refusal::NotAChange) }
}

fn key<'a>(column: &mut Reader<'a>) -> Result<&'a str, Refusal> {
    let len = column.uleb_max(MAX_KEY)?;
    std::str::from_utf8(column.take(len)?).map_err(|_| Refusal::NotAChange)
}

/// Whether nothing is inserted into a list: one run of `false` for all.
fn no_insert(column: &[u8], ops: u64) -> Result<(), Refusal> {
    let mut column = Reader(column);
    let first = column.uleb()?;
    if !column.is_empty() || first > ops {
        return Err(Refusal::Shape);
    }
    if first == ops { Ok(()) } else { Err(Refusal::NotAChange) }
}

#[derive(PartialEq, Eq)]
enum Value {
    Null,
    Answer,
}

/// Reads a value that may be an answer, given its kind and length.
fn value(meta: u64, values: &mut Reader<'_>) -> Result<Value, Refusal> {
    let mut bytes = Reader(values.take(meta >> 4)?);
    match meta & 15 {
        0 if bytes.is_empty() => return Ok(Value::Null),
        1 | 2 if bytes.is_empty() => {}
        3 => drop(bytes.uleb()?),
        4 => drop(bytes.sleb()?),
        5 => drop(bytes.array::<8>()?),
        6 => {
            std::str::from_utf8(bytes.0).map_err(|_| Refusal::NotAChange)?;
            return Ok(Value::Answer);
        }
        0..=2 => return Err(Refusal::NotAChange),
        // Bytes, counters, times and what is not known yet.
        _ => return Err(Refusal::Shape),
    }
    if bytes.is_empty() { Ok(Value::Answer) } else { Err(Refusal::NotAChange) }
}
