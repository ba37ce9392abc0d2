//! What of a collection counts (PROTOCOL §2.6, §2.15): what is valid, and whatever that rests on.
//!
//! A cut-off stops new entries; it never tears out what honest people have built upon. A forked log counts up to its
//! fork, and from there on along the heads that a seat has accepted.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{DeviceId, EntryId, Head};

/// A sealed entry of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Its id.
    pub id: EntryId,
    /// Its author.
    pub author: DeviceId,
    /// Its number.
    pub seq: u64,
    /// The entry before it in its log.
    pub prev: EntryId,
    /// The heads of others that its author had applied.
    pub causal: Vec<Head>,
    /// Whether it counts by itself.
    pub valid: bool,
}

/// The entries that count: the valid ones and, of those that are here, everything on which one that counts rests.
pub fn included(entries: &[Counted]) -> BTreeSet<EntryId> {
    let by_id: BTreeMap<EntryId, &Counted> = entries.iter().map(|entry| (entry.id, entry)).collect();
    let mut by_place: BTreeMap<(DeviceId, u64), Vec<EntryId>> = BTreeMap::new();
    for entry in entries {
        by_place.entry((entry.author, entry.seq)).or_default().push(entry.id);
    }
    let mut included = BTreeSet::new();
    let mut open: Vec<EntryId> = entries.iter().filter(|entry| entry.valid).map(|entry| entry.id).collect();
    while let Some(id) = open.pop() {
        let Some(entry) = by_id.get(&id).filter(|_| included.insert(id)) else { continue };
        open.push(entry.prev);
        for head in &entry.causal {
            let there = by_place.get(&(head.author, head.seq)).map(Vec::as_slice).unwrap_or_default();
            open.extend(there.iter().filter(|id| id.prefix() == head.id8));
        }
    }
    included
}

/// Of a log that forked at a number, the entries that a seat's word takes in: the accepted heads, what lies before them,
/// and the part before the fork.
pub fn accepted<'a>(
    log: impl IntoIterator<Item = (EntryId, u64, EntryId)>,
    fork: u64,
    heads: impl IntoIterator<Item = &'a EntryId>,
) -> BTreeSet<EntryId> {
    let log: BTreeMap<EntryId, (u64, EntryId)> = log.into_iter().map(|(id, seq, prev)| (id, (seq, prev))).collect();
    let mut accepted: BTreeSet<EntryId> = log.iter().filter(|(_, (seq, _))| *seq < fork).map(|(id, _)| *id).collect();
    for head in heads {
        let mut at = *head;
        while let Some((_, prev)) = log.get(&at).filter(|_| accepted.insert(at)) {
            at = *prev;
        }
    }
    accepted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANI: DeviceId = DeviceId::from_bytes([1; 16]);
    const WATI: DeviceId = DeviceId::from_bytes([2; 16]);

    fn id(author: DeviceId, seq: u64) -> EntryId {
        let mut bytes = [author.as_bytes()[0]; 32];
        bytes[..8].copy_from_slice(&(seq * 256 + u64::from(author.as_bytes()[0])).to_be_bytes());
        if seq == 0 { EntryId::ZERO } else { EntryId::from_bytes(bytes) }
    }

    fn entry(author: DeviceId, seq: u64, rests_on: &[(DeviceId, u64)], valid: bool) -> Counted {
        let causal =
            rests_on.iter().map(|(author, seq)| Head { author: *author, seq: *seq, id8: id(*author, *seq).prefix() });
        Counted { id: id(author, seq), author, seq, prev: id(author, seq - 1), causal: causal.collect(), valid }
    }

    #[test]
    fn what_an_honest_person_built_upon_stays_and_nothing_more() {
        // Ani's phone was stolen after her first entry; Wati had seen the second before she knew.
        let all = [
            entry(ANI, 1, &[], true),
            entry(ANI, 2, &[], false),
            entry(ANI, 3, &[], false),
            entry(WATI, 1, &[(ANI, 2)], true),
        ];
        assert_eq!(included(&all), [id(ANI, 1), id(ANI, 2), id(WATI, 1)].into());
    }

    #[test]
    fn of_a_fork_only_the_accepted_branch_counts_and_two_words_add_up() {
        let [a, b, c] = [1, 2, 3].map(|n| EntryId::from_bytes([n; 32]));
        let log = [(a, 1, EntryId::ZERO), (b, 2, a), (c, 2, a)];
        assert_eq!(accepted(log, 2, []), [a].into());
        assert_eq!(accepted(log, 2, [&b]), [a, b].into());
        assert_eq!(accepted(log, 2, [&b, &c]), [a, b, c].into());
    }

    proptest! {
        /// Closed under what entries rest on, whatever the order in which they came; more entries take none away.
        #[test]
        fn what_counts_is_closed_and_grows(
            entries in proptest::collection::vec((0..3_u8, 1..6_u64, 0..3_u8, 0..6_u64, any::<bool>()), 0..30),
            cut in 0..30_usize,
        ) {
            let mut seen = BTreeSet::new();
            let all: Vec<Counted> = entries.iter().filter_map(|(author, seq, other, other_seq, valid)| {
                let author = DeviceId::from_bytes([*author + 1; 16]);
                let other = DeviceId::from_bytes([*other + 1; 16]);
                seen.insert((author, *seq)).then(|| {
                    let rests: &[_] = if *other_seq > 0 { &[(other, *other_seq)] } else { &[] };
                    entry(author, *seq, rests, *valid)
                })
            }).collect();
            let counted = included(&all);
            for entry in all.iter().filter(|entry| counted.contains(&entry.id)) {
                prop_assert!(entry.prev == EntryId::ZERO || counted.contains(&entry.prev)
                    || all.iter().all(|other| other.id != entry.prev));
                for head in &entry.causal {
                    let on = all.iter().find(|other| (other.author, other.seq) == (head.author, head.seq));
                    prop_assert!(on.is_none_or(|on| counted.contains(&on.id)));
                }
            }
            let turned: Vec<Counted> = all.iter().rev().cloned().collect();
            prop_assert_eq!(&included(&turned), &counted);
            let fewer = included(&all[..cut.min(all.len())]);
            prop_assert!(fewer.is_subset(&counted));
        }
    }
}
