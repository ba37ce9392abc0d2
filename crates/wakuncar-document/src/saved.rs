//! A saved document looked at before the CRDT library sees it: one that another program gave back, or one of a
//! snapshot.

use std::io::Read;

use flate2::read::DeflateDecoder;

use crate::Refusal;
use crate::chunk::{self, MAX_ACTORS, MAX_DEPS};
use crate::columns::{self, DEFLATE, Runs};
use crate::reader::Reader;

const TYPE_DOCUMENT: u8 = 0;
/// Longest saved document that is taken, in bytes. A house of ten years has 6 KB.
pub const MAX_SAVED: usize = 4 * 1024 * 1024;
/// The same with its columns inflated and each text written out.
const MAX_INFLATED: u64 = 16 * 1024 * 1024;
/// Most operations of a saved document: a text typed elsewhere is one for each letter.
const MAX_OPS: u64 = 200_000;

// Columns of the changes: number << 4 | kind.
const MAX_OP: u64 = 1 << 4 | 3;
const DEPS_COUNT: u64 = 4 << 4;
const DEPS: u64 = 4 << 4 | 3;

/// Bounds everything that the library would expand in a saved document, which is one chunk: actors, heads, the
/// columns of the changes and those of the operations, each deflated or not.
pub(crate) fn inspect_file(chunk: &[u8]) -> Result<(), Refusal> {
    inspect(chunk, true)
}

/// The same for a document of a snapshot, in which nothing is deflated.
pub(crate) fn inspect_snapshot(chunk: &[u8]) -> Result<(), Refusal> {
    inspect(chunk, false)
}

fn inspect(chunk: &[u8], may_deflate: bool) -> Result<(), Refusal> {
    if chunk.len() > MAX_SAVED {
        return Err(Refusal::TooLarge);
    }
    let (_, mut rest) = chunk::open(chunk, TYPE_DOCUMENT)?;
    for _ in 0..rest.uleb_max(MAX_ACTORS)? {
        rest.text()?;
    }
    let heads = rest.uleb_max(MAX_DEPS)?;
    rest.take(heads * 32)?;
    let (changes, operations) = (columns::heads(&mut rest)?, columns::heads(&mut rest)?);
    let mut left = MAX_INFLATED;
    let mut history = History::default();
    for (nth, (spec, len)) in changes.iter().chain(&operations).enumerate() {
        let column = rest.take(*len)?;
        let inflated = if spec & DEFLATE == 0 {
            None
        } else if may_deflate {
            Some(inflate(column, &mut left)?)
        } else {
            return Err(Refusal::Compressed);
        };
        let column = inflated.unwrap_or_else(|| column.to_vec());
        columns::bound(*spec, &column, MAX_OPS, MAX_INFLATED)?;
        if nth < changes.len() {
            match spec & !DEFLATE {
                MAX_OP => history.max_op = column,
                DEPS_COUNT => history.deps_count = column,
                DEPS => history.deps = column,
                _ => {}
            }
        }
    }
    history.check()
}

fn inflate(column: &[u8], left: &mut u64) -> Result<Vec<u8>, Refusal> {
    let mut inflated = Vec::new();
    DeflateDecoder::new(column).take(*left + 1).read_to_end(&mut inflated).map_err(|_| Refusal::NotAChange)?;
    *left = left.checked_sub(inflated.len() as u64).ok_or(Refusal::TooLarge)?;
    Ok(inflated)
}

/// The last operation of each change, and what it rests on: said beside the operations and believed by the library, which
/// takes a place that is not there for a reason to panic.
#[derive(Default)]
struct History {
    max_op: Vec<u8>,
    deps_count: Vec<u8>,
    deps: Vec<u8>,
}

impl History {
    fn check(&self) -> Result<(), Refusal> {
        let mut max_ops = Runs::loose(&self.max_op, Reader::sleb);
        let mut counts = Runs::loose(&self.deps_count, Reader::uleb);
        let mut deps = Runs::loose(&self.deps, Reader::sleb);
        let (mut max_op, mut dep, mut operations) = (0_i64, 0_i64, 0_u64);
        let mut before: Vec<u64> = Vec::new();
        while let Some(step) = max_ops.next()? {
            max_op = max_op.checked_add(step).ok_or(Refusal::NotAChange)?;
            let mut start = 0;
            for _ in 0..counts.item()? {
                dep = dep.checked_add(deps.item()?).ok_or(Refusal::NotAChange)?;
                // Each change stands after those that it rests on.
                let of = usize::try_from(dep).ok().and_then(|dep| before.get(dep)).ok_or(Refusal::NotAChange)?;
                start = start.max(*of);
            }
            let max_op = u64::try_from(max_op).map_err(|_| Refusal::NotAChange)?;
            operations = operations.saturating_add(max_op.checked_sub(start).ok_or(Refusal::NotAChange)?);
            if operations > MAX_OPS {
                return Err(Refusal::TooManyOps);
            }
            before.push(max_op);
        }
        counts.end()?;
        deps.end()
    }
}
