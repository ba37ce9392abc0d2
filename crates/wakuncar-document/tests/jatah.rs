//! How much an author may bring for a house is counted along her log, so that every phone decides alike.

#![allow(clippy::unwrap_used, missing_docs, reason = "a scene fails where it stands")]

mod perangkat;

use std::collections::{BTreeMap, BTreeSet};

use perangkat::potongan::{Parts, honest};
use perangkat::{Hp, next};
use proptest::prelude::*;
use wakuncar_document::{Document, Outcome, Quota, Refusal};
use wakuncar_domain::Koleksi;

#[test]
fn more_than_she_may_bring_counts_as_empty_and_uses_nothing_up() {
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    let parts = Parts::of(&changes[0]);
    let nine = parts.put_again(9_000, "alamat", true);
    let mut quota = Quota::default();
    assert!(quota.take(&[&nine, &nine]));
    assert_eq!(quota.counts().1, 18_000);
    assert!(!quota.take(&[&nine]), "27,000 operations");
    assert!(!quota.take(&[vec![0; 1_050_000]]), "a megabyte");
    assert!(quota.take(&[parts.put_again(2_000, "alamat", true)]));
    assert!(!quota.take(&changes), "not one more");
    let (bytes, ops) = quota.counts();
    assert_eq!(Quota::from_counts(bytes, ops), quota, "it is kept");
    assert!(!Quota::from_counts(u64::MAX, u64::MAX).take(&changes));
    drop(ani);
}

#[test]
fn what_is_no_change_counts_by_its_bytes() {
    let mut quota = Quota::default();
    assert!(quota.take(&[vec![0; 1024 * 1024]]));
    assert_eq!(quota.counts(), (1024 * 1024, 0));
    assert!(!quota.take(&[[0]]));
    assert!(quota.take::<[u8; 0]>(&[]));
}

/// Every phone would refuse what its own phone lets through, so the limit holds there first.
#[test]
fn a_phone_knows_before_it_writes_what_is_left() {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    let mut quota = Quota::default();
    for nth in 0..200 {
        let change = ani.edit("rumah/alamat", &format!("Jl. Padi {nth}")).unwrap();
        assert!(quota.take(&[&change.bytes]));
    }
    assert!(quota.counts().0 < 32 * 1024, "two hundred answers are far below it");
    assert_eq!(ani.document.brought()[&ani.prefix], quota);
}

/// A section of a log: who wrote it, and its changes for the one house.
#[derive(Debug, Clone)]
struct Bagian {
    author: usize,
    changes: Vec<Vec<u8>>,
}

/// A phone that takes entries as §2.9 says: of one author in the order of her log, whatever waits is tried again.
struct Penerima {
    document: Document,
    quotas: BTreeMap<usize, Quota>,
    /// Sections that were counted, by author, with what became of them.
    decided: BTreeMap<(usize, usize), Outcome>,
    arrived: BTreeMap<(usize, usize), Bagian>,
}

impl Penerima {
    fn new() -> Self {
        Self {
            document: Document::new(Koleksi::Dasar).unwrap(),
            quotas: BTreeMap::new(),
            decided: BTreeMap::new(),
            arrived: BTreeMap::new(),
        }
    }

    fn arrive(&mut self, seq: usize, section: Bagian) {
        self.arrived.insert((section.author, seq), section);
        loop {
            let before = self.decided.len();
            for author in 0..AUTHORS {
                self.go_on(author);
            }
            if self.decided.len() == before {
                return;
            }
        }
    }

    /// The next of an author's log, as far as it is here and need not wait.
    fn go_on(&mut self, author: usize) {
        loop {
            let seq = self.decided.keys().filter(|(other, _)| *other == author).count();
            let Some(section) = self.arrived.get(&(author, seq)) else { return };
            let mut quota = self.quotas.get(&author).copied().unwrap_or_default();
            let outcome = if quota.take(&section.changes) {
                self.document.receive([u8::try_from(author).unwrap() + 1; 8], &section.changes)
            } else {
                Outcome::Refused(Refusal::TooLarge)
            };
            if outcome == Outcome::Waiting {
                return;
            }
            self.quotas.insert(author, quota);
            self.decided.insert((author, seq), outcome);
        }
    }
}

const AUTHORS: usize = 3;

/// What three authors write, one of whom keeps no rule.
fn logs(mut chance: u64, steps: usize) -> Vec<Vec<Bagian>> {
    let mut hp: Vec<_> = (1..=3).map(|nomor| Hp::new(nomor, Koleksi::Dasar)).collect();
    let mut logs: Vec<Vec<Bagian>> = vec![Vec::new(); AUTHORS];
    for nth in 0..steps {
        let author = (next(&mut chance) % 3) as usize;
        let change = hp[author].edit("rumah/alamat", &format!("Jl. Padi {nth}")).unwrap().bytes;
        let plain = honest(&[("rumah/alamat", "Jl. Padi 1")]).1.remove(0);
        let parts = Parts::of(&plain);
        let changes = match next(&mut chance) % 8 {
            // Much at once, by an actor of its own.
            0 | 1 => vec![change, {
                let mine = parts.with(|p| {
                    p.actor = [vec![author as u8 + 1; 8], next(&mut chance).to_be_bytes().to_vec()].concat();
                });
                Parts::of(&mine).put_again(4_000 + (next(&mut chance) % 5_000) as usize, "rt", true)
            }],
            2 => vec![change, vec![0; 300_000]],
            3 => vec![plain, change],
            _ => vec![change],
        };
        logs[author].push(Bagian { author, changes });
        let (one, other) = ((next(&mut chance) % 3) as usize, (next(&mut chance) % 3) as usize);
        let from = hp[other].clone();
        hp[one].receive(&from);
    }
    logs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn in_whatever_order_logs_arrive_the_same_counts(seed: u64, steps in 3..14_usize, orders: [u64; 3]) {
        let logs = logs(seed, steps);
        let all: Vec<(usize, Bagian)> = logs.into_iter().flat_map(|log| log.into_iter().enumerate()).collect();
        let mut ends = BTreeSet::new();
        for order in orders {
            let (mut chance, mut all) = (order, all.clone());
            for i in (1..all.len()).rev() {
                all.swap(i, (next(&mut chance) % (i as u64 + 1)) as usize);
            }
            let mut hp = Penerima::new();
            for (seq, section) in all {
                hp.arrive(seq, section);
            }
            let counts: Vec<_> = hp.quotas.values().map(Quota::counts).collect();
            // How many of a section were new depends on what came before; that it counts does not.
            let decided: Vec<_> = hp.decided.iter().map(|(at, outcome)| match outcome {
                Outcome::Applied(_) => format!("{at:?} counts"),
                other => format!("{at:?} {other:?}"),
            }).collect();
            ends.insert((hp.document.heads(), counts, decided));
        }
        prop_assert_eq!(ends.len(), 1);
    }
}
