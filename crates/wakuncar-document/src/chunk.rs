//! A change chunk looked at before the CRDT library sees it: the library inflates and expands before it
//! checks (104 bytes can ask for half a gigabyte), and does not compare the checksum.

use std::io::Read;

use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};

use crate::Refusal;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const TYPE_DOCUMENT: u8 = 0;
const TYPE_CHANGE: u8 = 1;
/// Longest change, in bytes (PROTOCOL §2.20).
pub(crate) const MAX_BYTES: usize = 256 * 1024;
/// Most operations in a change (PROTOCOL §2.20).
pub(crate) const MAX_OPS: u64 = 10_000;
const MAX_DEPS: u64 = 64;
/// A change that ends a hundred rows names the hundred process starts that made them; bytes bound it too.
const MAX_ACTORS: u64 = 1 << 16;
const MAX_TEXT: u64 = 128;
const MAX_COLUMNS: u64 = 32;
/// Longest saved document that is taken from another program, in bytes. A house of ten years has 6 KB.
pub const MAX_SAVED: usize = 4 * 1024 * 1024;
/// The same with its columns inflated.
const MAX_INFLATED: u64 = 16 * 1024 * 1024;
/// Most operations of a saved document: a text typed elsewhere is one for each letter.
const MAX_SAVED_OPS: u64 = 200_000;

/// What the guard needs to know of a change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) deps: Vec<[u8; 32]>,
    pub(crate) actor: [u8; 16],
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
}

/// The hash by which a change is known: of everything after magic and checksum. `None` if it is no change.
pub fn change_hash(chunk: &[u8]) -> Option<[u8; 32]> {
    inspect(chunk).ok()?;
    Some(Sha256::digest(chunk.get(8..)?).into())
}

/// Reads the head of an uncompressed change and bounds everything that the library would expand.
pub(crate) fn inspect(chunk: &[u8]) -> Result<Head, Refusal> {
    if chunk.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let mut rest = open(chunk, TYPE_CHANGE)?;
    let count = rest.uleb_max(MAX_DEPS)?;
    let deps = (0..count).map(|_| rest.array()).collect::<Result<_, _>>()?;
    if rest.uleb()? != 16 {
        return Err(Refusal::Actor);
    }
    let actor = rest.array()?;
    let seq = rest.uleb_max(1 << 32)?;
    let start_op = rest.uleb_max(1 << 31)?;
    let _time = rest.sleb()?;
    let message = rest.uleb_max(MAX_TEXT)?;
    rest.skip(message)?;
    for _ in 0..rest.uleb_max(MAX_ACTORS)? {
        if rest.uleb()? != 16 {
            return Err(Refusal::Actor);
        }
        rest.skip(16)?;
    }
    inspect_columns(&mut rest)?;
    if !rest.0.is_empty() {
        return Err(Refusal::NotAChange);
    }
    Ok(Head { deps, actor, seq, start_op })
}

/// Bounds everything that the library would expand in a saved document, which is one chunk: actors, heads, the
/// columns of the changes and those of the operations, each deflated or not.
pub(crate) fn inspect_saved(chunk: &[u8]) -> Result<(), Refusal> {
    if chunk.len() > MAX_SAVED {
        return Err(Refusal::TooLarge);
    }
    let mut rest = open(chunk, TYPE_DOCUMENT)?;
    for _ in 0..rest.uleb_max(MAX_ACTORS)? {
        let len = rest.uleb()?;
        rest.skip(len)?;
    }
    let heads = rest.uleb_max(MAX_DEPS)?;
    rest.skip(heads * 32)?;
    let columns = [column_heads(&mut rest)?, column_heads(&mut rest)?].concat();
    let mut left = MAX_INFLATED;
    for (spec, len) in columns {
        let column = rest.take(usize::try_from(len).map_err(|_| Refusal::NotAChange)?)?;
        if spec & DEFLATE == 0 {
            count_items(spec, column, MAX_SAVED_OPS)?;
            continue;
        }
        let mut inflated = Vec::new();
        DeflateDecoder::new(column).take(left + 1).read_to_end(&mut inflated).map_err(|_| Refusal::NotAChange)?;
        left = left.checked_sub(inflated.len() as u64).ok_or(Refusal::TooLarge)?;
        count_items(spec, &inflated, MAX_SAVED_OPS)?;
    }
    Ok(())
}

/// The body of a chunk that is whole and of the type.
fn open(chunk: &[u8], kind: u8) -> Result<Reader<'_>, Refusal> {
    let mut rest = Reader(chunk);
    if rest.take(4)? != MAGIC {
        return Err(Refusal::NotAChange);
    }
    let checksum = rest.take(4)?;
    let body = rest.0;
    if rest.byte()? != kind {
        return Err(Refusal::NotAChange);
    }
    if rest.uleb()? != rest.0.len() as u64 {
        return Err(Refusal::NotAChange);
    }
    if Sha256::digest(body)[..4] != *checksum {
        return Err(Refusal::Checksum);
    }
    Ok(rest)
}

/// The bit of a column's specification that says it is deflated.
const DEFLATE: u64 = 8;

/// Column metadata, then the columns: none deflated, none that repeats more often than a change may have
/// operations.
fn inspect_columns(rest: &mut Reader<'_>) -> Result<(), Refusal> {
    for (spec, len) in column_heads(rest)? {
        if spec & DEFLATE != 0 {
            return Err(Refusal::Compressed);
        }
        let column = rest.take(usize::try_from(len).map_err(|_| Refusal::NotAChange)?)?;
        count_items(spec, column, MAX_OPS)?;
    }
    Ok(())
}

/// Specification and length of each column.
fn column_heads(rest: &mut Reader<'_>) -> Result<Vec<(u64, u64)>, Refusal> {
    let count = rest.uleb_max(MAX_COLUMNS)?;
    (0..count).map(|_| Ok((rest.uleb()?, rest.uleb()?))).collect()
}

/// Refuses a column of more items than `max`.
fn count_items(spec: u64, column: &[u8], max: u64) -> Result<(), Refusal> {
    match spec & 7 {
        4 => count_boolean(Reader(column), max),
        5 => count_runs(Reader(column), Run::Text, max),
        3 => count_runs(Reader(column), Run::Signed, max),
        7 => Ok(()),
        _ => count_runs(Reader(column), Run::Unsigned, max),
    }
}

#[derive(Clone, Copy)]
enum Run {
    Unsigned,
    Signed,
    Text,
}

impl Run {
    fn skip(self, column: &mut Reader<'_>) -> Result<(), Refusal> {
        match self {
            Run::Unsigned => column.uleb().map(|_| ()),
            Run::Signed => column.sleb().map(|_| ()),
            Run::Text => {
                let len = column.uleb()?;
                column.skip(len)
            }
        }
    }
}

fn count_runs(mut column: Reader<'_>, run: Run, max: u64) -> Result<(), Refusal> {
    let mut total: u64 = 0;
    while !column.0.is_empty() {
        let length = column.sleb()?;
        let items = match length {
            0 => column.uleb()?,
            1.. => {
                run.skip(&mut column)?;
                length.unsigned_abs()
            }
            _ => {
                for _ in 0..length.unsigned_abs().min(max + 1) {
                    run.skip(&mut column)?;
                }
                length.unsigned_abs()
            }
        };
        total = bounded(total, items, max)?;
    }
    Ok(())
}

fn count_boolean(mut column: Reader<'_>, max: u64) -> Result<(), Refusal> {
    let mut total: u64 = 0;
    while !column.0.is_empty() {
        total = bounded(total, column.uleb()?, max)?;
    }
    Ok(())
}

fn bounded(total: u64, items: u64, max: u64) -> Result<u64, Refusal> {
    total.checked_add(items).filter(|total| *total <= max).ok_or(Refusal::TooManyOps)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        let (head, rest) = self.0.split_at_checked(len).ok_or(Refusal::NotAChange)?;
        self.0 = rest;
        Ok(head)
    }

    fn skip(&mut self, len: u64) -> Result<(), Refusal> {
        self.take(usize::try_from(len).map_err(|_| Refusal::NotAChange)?).map(|_| ())
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        Ok(self.take(1)?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        self.take(N)?.try_into().map_err(|_| Refusal::NotAChange)
    }

    fn uleb(&mut self) -> Result<u64, Refusal> {
        let mut value: u64 = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Refusal::NotAChange)
    }

    fn uleb_max(&mut self, max: u64) -> Result<u64, Refusal> {
        self.uleb().and_then(|value| if value <= max { Ok(value) } else { Err(Refusal::TooLarge) })
    }

    fn sleb(&mut self) -> Result<i64, Refusal> {
        let mut value: i64 = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                return Ok(if negative { value | (-1_i64 << (shift + 7)) } else { value });
            }
        }
        Err(Refusal::NotAChange)
    }
}
