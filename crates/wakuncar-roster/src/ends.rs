//! How far logs count.

use std::collections::BTreeMap;

use wakuncar_wire::{CollId, LogEnd};

/// The last numbers that count in the logs of a grant or a device that has ended. Of each log apart: an author's logs
/// have numbers of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ends {
    /// In logs that are not named.
    other: u64,
    logs: BTreeMap<CollId, u64>,
}

impl Ends {
    /// Of these logs; nothing of others counts. Of two numbers for one log the lower.
    pub(crate) fn of(logs: &[LogEnd]) -> Self {
        Self::with_other(0, logs)
    }

    /// Of these logs, and one number for all others.
    pub(crate) fn with_other(other: u64, logs: &[LogEnd]) -> Self {
        let mut ends = Self { other, logs: BTreeMap::new() };
        for (coll, seq) in logs {
            let end = ends.logs.entry(*coll).or_insert(*seq);
            *end = (*end).min(*seq);
        }
        ends
    }

    /// With the control log ending there.
    pub(crate) fn control(mut self, seq: u64) -> Self {
        self.logs.insert(CollId::CONTROL, seq);
        self
    }

    /// The last number that counts in the log of a collection.
    pub fn end(&self, coll: CollId) -> u64 {
        self.logs.get(&coll).copied().unwrap_or(self.other)
    }

    /// The lower of both, log by log.
    pub(crate) fn lowest(&self, with: &Self) -> Self {
        let named = self.logs.keys().chain(with.logs.keys());
        let logs = named.map(|coll| (*coll, self.end(*coll).min(with.end(*coll)))).collect();
        Self { other: self.other.min(with.other), logs }
    }

    /// Raised to these numbers where they are higher.
    pub(crate) fn raised(mut self, logs: &[LogEnd]) -> Self {
        for (coll, seq) in logs {
            let end = self.end(*coll).max(*seq);
            self.logs.insert(*coll, end);
        }
        self
    }
}
