//! A change looked at before the CRDT library sees it: the library inflates and expands before it checks (250 KB can
//! ask for 2.4 GB), and does not compare the checksum.

use sha2::{Digest, Sha256};

use crate::ops::{self, Operations};
use crate::reader::Reader;
use crate::{Refusal, genesis};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const TYPE_CHANGE: u8 = 1;
/// Longest change, in bytes (PROTOCOL §2.20).
pub(crate) const MAX_BYTES: usize = 256 * 1024;
pub(crate) const MAX_DEPS: u64 = 64;
/// A change that ends a hundred rows names the hundred process starts that made them; bytes bound it too.
pub(crate) const MAX_ACTORS: u64 = 1 << 16;
const MAX_MESSAGE: u64 = 128;
/// Claimed seconds since 1970, either way: nine million years, so that no sum or difference of two overflows.
const MAX_TIME: i64 = 1 << 48;
/// A change as its bytes say it.
#[derive(Debug)]
pub(crate) struct ChangeChunk<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) hash: [u8; 32],
    /// Each once, in order.
    pub(crate) deps: Vec<[u8; 32]>,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    /// The writer, then whoever else is named, each once, in order.
    pub(crate) actors: Vec<[u8; 16]>,
    pub(crate) operations: Operations<'a>,
}

impl<'a> ChangeChunk<'a> {
    /// Reads an uncompressed change of the only shape that an honest device writes.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let (hash, mut rest) = open_change(bytes)?;
        let (deps, writer) = written_by(&mut rest)?;
        if !deps.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::History);
        }
        let seq = rest.uleb_max(1 << 32)?;
        let start_op = rest.uleb_max(1 << 31)?;
        if rest.sleb()?.abs() > MAX_TIME {
            return Err(Refusal::TooLarge);
        }
        let message = rest.uleb_max(MAX_MESSAGE)?;
        rest.take(message)?;
        let count = rest.uleb_max(MAX_ACTORS)?;
        let mut actors = vec![writer];
        for _ in 0..count {
            actors.push(actor(&mut rest)?);
        }
        if !actors[1..].is_sorted_by(|a, b| a < b) || actors[1..].contains(&writer) {
            return Err(Refusal::Actor);
        }
        let operations = ops::read(&mut rest, &actors)?;
        if !rest.is_empty() {
            return Err(Refusal::NotAChange);
        }
        Ok(Self { bytes, hash, deps, seq, start_op, actors, operations })
    }

    pub(crate) fn writer(&self) -> [u8; 16] {
        self.actors[0]
    }
}

/// How a change begins: what it rests on, and who wrote it.
fn written_by(rest: &mut Reader<'_>) -> Result<(Vec<[u8; 32]>, [u8; 16]), Refusal> {
    let count = rest.uleb_max(MAX_DEPS)?;
    let deps = (0..count).map(|_| rest.array()).collect::<Result<_, _>>()?;
    Ok((deps, actor(rest)?))
}

fn actor(rest: &mut Reader<'_>) -> Result<[u8; 16], Refusal> {
    if rest.uleb()? == 16 { rest.array() } else { Err(Refusal::Actor) }
}

/// The hash by which a change is known: of everything after magic and checksum. `None` if it is no change.
pub fn change_hash(chunk: &[u8]) -> Option<[u8; 32]> {
    ChangeChunk::read(chunk).ok().map(|change| change.hash)
}

/// Whether a change is written as a genesis is; those never travel.
pub(crate) fn is_genesis(chunk: &[u8]) -> bool {
    matches!(open_change(chunk).and_then(|(_, mut rest)| written_by(&mut rest)), Ok((_, genesis::ACTOR)))
}

/// How many operations a change claims to have; none if it is no change.
pub(crate) fn claimed_ops(chunk: &[u8]) -> u64 {
    let count = || {
        let (_, mut rest) = open_change(chunk)?;
        written_by(&mut rest)?;
        let _seq = rest.uleb()?;
        let _start_op = rest.uleb()?;
        let _time = rest.sleb()?;
        let _message = rest.text()?;
        for _ in 0..rest.uleb_max(MAX_ACTORS)? {
            actor(&mut rest)?;
        }
        ops::claimed(&mut rest)
    };
    count().unwrap_or(0)
}

fn open_change(bytes: &[u8]) -> Result<([u8; 32], Reader<'_>), Refusal> {
    if bytes.len() > MAX_BYTES { Err(Refusal::TooLarge) } else { open(bytes, TYPE_CHANGE) }
}

/// Hash and body of a chunk that is whole and of the type.
pub(crate) fn open(chunk: &[u8], kind: u8) -> Result<([u8; 32], Reader<'_>), Refusal> {
    let mut rest = Reader(chunk);
    if rest.array()? != MAGIC {
        return Err(Refusal::NotAChange);
    }
    let checksum: [u8; 4] = rest.array()?;
    let body = rest.0;
    if rest.byte()? != kind || rest.uleb()? != rest.0.len() as u64 {
        return Err(Refusal::NotAChange);
    }
    let hash: [u8; 32] = Sha256::digest(body).into();
    if hash[..4] == checksum { Ok((hash, rest)) } else { Err(Refusal::Checksum) }
}
