//! A change in its parts, to be put together otherwise: what a device that keeps no rule can send.

use sha2::{Digest, Sha256};
use wakuncar_domain::{Edit, Koleksi, Tempat};

use super::Hp;

/// A change in its parts, to be put together otherwise.
#[derive(Clone)]
pub struct Parts {
    pub deps: Vec<[u8; 32]>,
    pub actor: Vec<u8>,
    pub seq: u64,
    pub start_op: u64,
    pub time: i64,
    pub message: Vec<u8>,
    pub others: Vec<Vec<u8>>,
    pub columns: Vec<(u64, Vec<u8>)>,
    pub extra: Vec<u8>,
}

impl Parts {
    /// Of a change of our own.
    pub fn of(change: &[u8]) -> Self {
        let mut rest = &change[9..];
        uleb(&mut rest);
        let deps = (0..uleb(&mut rest)).map(|_| take(&mut rest, 32).try_into().unwrap()).collect();
        let len = uleb(&mut rest);
        let actor = take(&mut rest, len);
        let (seq, start_op) = (uleb(&mut rest), uleb(&mut rest));
        let time = read_sleb(&mut rest);
        let len = uleb(&mut rest);
        let message = take(&mut rest, len);
        let others = (0..uleb(&mut rest)).map(|_| {
            let len = uleb(&mut rest);
            take(&mut rest, len)
        });
        let others = others.collect();
        let count = uleb(&mut rest);
        let specs: Vec<_> = (0..count).map(|_| (uleb(&mut rest), uleb(&mut rest))).collect();
        let columns = specs.into_iter().map(|(spec, len)| (spec, take(&mut rest, len))).collect();
        assert!(rest.is_empty());
        Self { deps, actor, seq, start_op, time, message, others, columns, extra: Vec::new() }
    }

    pub fn chunk(&self) -> Vec<u8> {
        let mut data = leb(self.deps.len());
        data.extend(self.deps.concat());
        data.extend(leb(self.actor.len()));
        data.extend(&self.actor);
        data.extend(leb(self.seq as usize));
        data.extend(leb(self.start_op as usize));
        data.extend(sleb(self.time));
        data.extend(leb(self.message.len()));
        data.extend(&self.message);
        data.extend(leb(self.others.len()));
        for other in &self.others {
            data.extend(leb(other.len()));
            data.extend(other);
        }
        data.extend(leb(self.columns.len()));
        for (spec, column) in &self.columns {
            data.extend(leb(usize::try_from(*spec).unwrap()));
            data.extend(leb(column.len()));
        }
        for (_, column) in &self.columns {
            data.extend(column);
        }
        data.extend(&self.extra);
        sealed(&data)
    }

    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut other = self.clone();
        change(&mut other);
        other.chunk()
    }

    /// The change with its one answer put so many times at that key, each time over the one before, or each time as if
    /// nothing stood there.
    pub fn put_again(&self, times: usize, key: &str, over: bool) -> Vec<u8> {
        let n = i64::try_from(times).unwrap();
        let start = i64::try_from(self.start_op).unwrap();
        self.with(|p| {
            p.columns = vec![
                (OBJ_ACTOR, run(n, &[1])),
                (OBJ_CTR, run(n, &[1])),
                (KEY_STR, run(n, &text(key))),
                (INSERT, leb(times)),
                (ACTION, run(n, &[1])),
                (VALUE_META, run(n, &[0])),
            ];
            if over {
                p.columns.push((PRED_COUNT, [vec![0x7f, 0], run(n - 1, &[1])].concat()));
                p.columns.push((PRED_ACTOR, run(n - 1, &[0])));
                p.columns.push((PRED_CTR, [vec![0x7f], sleb(start), run(n - 2, &[1])].concat()));
            } else {
                p.columns.push((PRED_COUNT, run(n, &[0])));
            }
        })
    }

    pub fn column(&mut self, spec: u64) -> &mut Vec<u8> {
        &mut self.columns.iter_mut().find(|(other, _)| *other == spec).unwrap().1
    }
}

/// A saved house, not deflated, in its parts.
#[derive(Clone)]
pub struct SavedParts {
    pub actors: Vec<Vec<u8>>,
    pub heads: Vec<[u8; 32]>,
    pub changes: Vec<(u64, Vec<u8>)>,
    pub operations: Vec<(u64, Vec<u8>)>,
    pub rest: Vec<u8>,
}

impl SavedParts {
    pub fn of(file: &[u8]) -> Self {
        let mut rest = &file[9..];
        uleb(&mut rest);
        let actors = (0..uleb(&mut rest)).map(|_| {
            let len = uleb(&mut rest);
            take(&mut rest, len)
        });
        let actors = actors.collect();
        let heads = (0..uleb(&mut rest)).map(|_| take(&mut rest, 32).try_into().unwrap()).collect();
        let mut specs = || (0..uleb(&mut rest)).map(|_| (uleb(&mut rest), uleb(&mut rest))).collect::<Vec<_>>();
        let (changes, operations) = (specs(), specs());
        let mut columns =
            |specs: Vec<(u64, u64)>| specs.into_iter().map(|(s, len)| (s, take(&mut rest, len))).collect();
        let (changes, operations) = (columns(changes), columns(operations));
        Self { actors, heads, changes, operations, rest: rest.to_vec() }
    }

    pub fn file(&self) -> Vec<u8> {
        let mut data = leb(self.actors.len());
        for actor in &self.actors {
            data.extend(leb(actor.len()));
            data.extend(actor);
        }
        data.extend(leb(self.heads.len()));
        data.extend(self.heads.concat());
        for columns in [&self.changes, &self.operations] {
            data.extend(leb(columns.len()));
            for (spec, column) in columns {
                data.extend(leb(usize::try_from(*spec).unwrap()));
                data.extend(leb(column.len()));
            }
        }
        for (_, column) in self.changes.iter().chain(&self.operations) {
            data.extend(column);
        }
        data.extend(&self.rest);
        sealed_as(0, &data)
    }
}

/// The chunk around a change's data, with its checksum.
pub fn sealed(data: &[u8]) -> Vec<u8> {
    sealed_as(1, data)
}

fn sealed_as(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut body = vec![kind];
    body.extend(leb(data.len()));
    body.extend(data);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(&Sha256::digest(&body)[..4]);
    chunk.extend(body);
    chunk
}

pub fn leb(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(u8::try_from(value & 127).unwrap() | 128);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// A number with a sign.
pub fn sleb(mut value: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let seven = (value & 127) as u8;
        value >>= 7;
        if value == 0 && seven & 64 == 0 || value == -1 && seven & 64 != 0 {
            bytes.push(seven);
            return bytes;
        }
        bytes.push(seven | 128);
    }
}

/// A run of one item.
pub fn run(times: i64, item: &[u8]) -> Vec<u8> {
    [sleb(times), item.to_vec()].concat()
}

/// A text as an item.
pub fn text(text: &str) -> Vec<u8> {
    [leb(text.len()), text.as_bytes().to_vec()].concat()
}

fn uleb(rest: &mut &[u8]) -> u64 {
    let end = rest.iter().position(|byte| byte & 128 == 0).unwrap();
    let value = rest[..=end].iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 127));
    *rest = &rest[end + 1..];
    value
}

fn read_sleb(rest: &mut &[u8]) -> i64 {
    let end = rest.iter().position(|byte| byte & 128 == 0).unwrap();
    let sign = if rest[end] & 64 != 0 { -1 } else { 0 };
    let value = rest[..=end].iter().rev().fold(sign, |value, byte| value << 7 | i64::from(byte & 127));
    *rest = &rest[end + 1..];
    value
}

fn take(rest: &mut &[u8], len: u64) -> Vec<u8> {
    let (head, tail) = rest.split_at(usize::try_from(len).unwrap());
    *rest = tail;
    head.to_vec()
}

/// Changes of one device whose time is 0, and the device.
pub fn honest(edits: &[(&str, &str)]) -> (Hp, Vec<Vec<u8>>) {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    let mut changes = Vec::new();
    for (jalur, teks) in edits {
        let tempat = Tempat::parse(jalur).unwrap();
        let isi = tempat.butir().parse(teks).unwrap();
        changes.push(ani.document.apply_edits(&ani.actor, &[Edit { tempat, isi }], 0).unwrap().unwrap().bytes);
    }
    (ani, changes)
}

pub const OBJ_ACTOR: u64 = 1;
pub const OBJ_CTR: u64 = 2;
pub const KEY_STR: u64 = 1 << 4 | 5;
pub const INSERT: u64 = 3 << 4 | 4;
pub const VALUE_META: u64 = 5 << 4 | 6;
pub const PRED_ACTOR: u64 = 7 << 4 | 1;
pub const PRED_COUNT: u64 = 7 << 4;
pub const PRED_CTR: u64 = 7 << 4 | 3;
pub const ACTION: u64 = 66;
pub const UNKNOWN: u64 = 12 << 4 | 2;
