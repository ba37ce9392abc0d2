//! A log: the entries of one author in one collection, numbered from 1 and chained (PROTOCOL §2.9 step 5).

use wakuncar_wire::{EntryId, Header, Kind};

/// The newest entry of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogHead {
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
}

/// Where an entry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Right after the head.
    Next,
    /// It is here, or a newer beat is.
    Known,
    /// Entries after this number are missing before it.
    Gap(u64),
    /// Another entry stands in its place, or before it.
    Fork,
}

/// Where an entry belongs in its log, given the log's head and what stands at the entry's own number.
pub fn place(header: &Header, id: EntryId, head: Option<LogHead>, standing: Option<EntryId>) -> Place {
    let have = head.map_or(0, |head| head.seq);
    if header.kind == Kind::Beat {
        return if header.seq > have { Place::Next } else { Place::Known };
    }
    if header.seq <= have {
        return if standing == Some(id) { Place::Known } else { Place::Fork };
    }
    if header.seq > have + 1 {
        return Place::Gap(have);
    }
    if header.prev == head.map_or(EntryId::ZERO, |head| head.id) { Place::Next } else { Place::Fork }
}
