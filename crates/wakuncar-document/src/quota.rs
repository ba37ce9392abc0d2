//! How much one author may bring for one document (PROTOCOL §2.9, §2.20).
//!
//! Counted along her log, entry after entry, whatever else has come here and whatever the guard makes of it: so every
//! device decides alike, in whatever order entries of different authors arrive.

use crate::chunk;

/// Most bytes of changes.
pub(crate) const MAX_BYTES: u64 = 1024 * 1024;
/// Most operations.
pub(crate) const MAX_OPS: u64 = 20_000;

/// What one author has brought for one document so far.
///
/// Along a log that forked it is counted along each branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quota {
    bytes: u64,
    ops: u64,
}

impl Quota {
    /// As it was kept, in the database or in a snapshot; what nobody can have brought counts as all of it.
    pub fn from_counts(bytes: u64, ops: u64) -> Self {
        Self { bytes: bytes.min(MAX_BYTES), ops: ops.min(MAX_OPS) }
    }

    /// Bytes and operations so far, to keep.
    pub fn counts(&self) -> (u64, u64) {
        (self.bytes, self.ops)
    }

    /// With so much more, even if that is too much.
    pub(crate) fn plus(self, bytes: u64, ops: u64) -> Self {
        Self { bytes: self.bytes.saturating_add(bytes), ops: self.ops.saturating_add(ops) }
    }

    /// Whether it is more than anybody may bring.
    pub(crate) fn is_over(self) -> bool {
        self.bytes > MAX_BYTES || self.ops > MAX_OPS
    }

    /// Counts the next section of her log for this document. `false` if that is more than is left: then the section
    /// counts as empty and uses nothing up. What the guard refuses, what waits and what came before is counted all the
    /// same, since that is not known alike everywhere.
    #[must_use]
    pub fn take<B: AsRef<[u8]>>(&mut self, changes: &[B]) -> bool {
        let mut after = *self;
        for change in changes {
            let change = change.as_ref();
            after = after.plus(change.len() as u64, chunk::claimed_ops(change));
            if after.is_over() {
                return false;
            }
        }
        *self = after;
        true
    }
}
