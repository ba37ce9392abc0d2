//! The sync machine against answers good, cut and false.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use wakuncar_sync::{LogHead, Place, SyncError, SyncMachine, Waiting, missing, place, root_digest};
use wakuncar_wire::{
    CollHeads, CollId, Cursor, DeviceId, Entry, EntryId, GrantId, Head, Header, KeyId, Kind, Notices, PushResult,
    SpaceId, StoredReceipt, SyncAnswer, SyncRequest, Wire,
};

const SPACE: SpaceId = SpaceId::from_bytes([1; 16]);
const EPOCH: [u8; 16] = [2; 16];

fn relay() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn relay_pk() -> [u8; 32] {
    relay().verifying_key().to_bytes()
}

fn entry(kind: Kind, seq: u64, prev: EntryId) -> Entry {
    let coll = if kind == Kind::Beat { CollId::CONTROL } else { CollId::from_bytes([3; 16]) };
    let header = Header {
        ver: 1,
        suite: 1,
        kind,
        space: SPACE,
        coll,
        author: DeviceId::from_bytes([4; 16]),
        seq,
        prev,
        auth: GrantId::from_bytes([5; 16]),
        key: KeyId::from_bytes([6; 32]),
        schema: 1,
        body_len: 0,
        body_hash: [0; 32],
    };
    Entry::sign(header, vec![7; 300], &SigningKey::from_bytes(&[4; 32])).unwrap()
}

fn log(n: u64) -> Vec<Entry> {
    let mut prev = EntryId::ZERO;
    let mut log = Vec::new();
    for seq in 1..=n {
        let entry = entry(Kind::Batch, seq, prev);
        prev = entry.id();
        log.push(entry);
    }
    log
}

fn waiting(log: &[Entry]) -> Vec<Waiting> {
    log.iter().map(|entry| (entry.id(), entry.encode())).collect()
}

fn machine(outbox: Vec<Waiting>) -> SyncMachine {
    SyncMachine::new(SPACE, Some(relay_pk()), Some(Cursor { epoch: EPOCH, rseq: 5 }), vec![], outbox, 0)
}

fn answer(request: &SyncRequest, signer: &SigningKey) -> SyncAnswer {
    let ids: Vec<EntryId> = request.push.iter().map(|bytes| Entry::decode(bytes).unwrap().id()).collect();
    let receipt = StoredReceipt::sign(SPACE, EPOCH, 1, ids.clone(), signer).to_wire();
    SyncAnswer {
        cursor: Cursor { epoch: EPOCH, rseq: 6 },
        more: false,
        ask_vv: false,
        notices: Notices::default(),
        results: ids.iter().map(|_| PushResult::Stored).collect(),
        entries: vec![],
        own: vec![],
        receipt: (!ids.is_empty()).then(|| receipt.into()),
    }
}

#[test]
fn what_the_relay_signed_for_is_stored_and_the_sync_ends() {
    let log = log(3);
    let mut machine = machine(waiting(&log));
    let request = machine.request().unwrap();
    assert_eq!(request.push.len(), 3);
    assert!(request.vv.is_empty());
    let page = machine.answer(&answer(&request, &relay())).unwrap();
    assert_eq!(page.stored.len(), 3);
    assert!(page.receipt.is_some());
    assert!(machine.request().is_none());
}

#[test]
fn a_relay_that_says_stored_without_its_signature_is_told_no_more_and_heard_all_the_same() {
    let stranger = SigningKey::from_bytes(&[8; 32]);
    for forge in [
        |_: &SyncRequest, good: SyncAnswer| SyncAnswer { receipt: None, ..good },
        |request: &SyncRequest, _: SyncAnswer| answer(request, &SigningKey::from_bytes(&[8; 32])),
        |_: &SyncRequest, good: SyncAnswer| SyncAnswer { receipt: Some(vec![0; 40].into()), ..good },
        |_: &SyncRequest, good: SyncAnswer| SyncAnswer { cursor: Cursor { epoch: [7; 16], rseq: 6 }, ..good },
    ] {
        let mut machine = machine(waiting(&log(2)));
        let request = machine.request().unwrap();
        let news = log(3).split_off(2);
        let good = SyncAnswer {
            entries: news.iter().map(|entry| entry.encode().into()).collect(),
            ..answer(&request, &relay())
        };
        let forged = forge(&request, good);
        let page = machine.answer(&forged).unwrap();
        assert!(page.unproven && page.stored.is_empty() && page.receipt.is_none());
        assert_eq!(page.entries.len(), forged.entries.len());
        assert!(machine.request().is_none());
    }
    // Without a published key nothing counts as stored, and nothing is wrong either.
    let mut machine = SyncMachine::new(SPACE, None, None, vec![], waiting(&log(1)), 0);
    let request = machine.request().unwrap();
    assert!(machine.answer(&answer(&request, &stranger)).unwrap().stored.is_empty());
}

#[test]
fn a_poisoned_entry_blocks_nothing_behind_it() {
    let log = log(3);
    let mut machine = machine(waiting(&log));
    let request = machine.request().unwrap();
    let good = answer(&request, &relay());
    let results = vec![PushResult::Refused(4), PushResult::Stored, PushResult::Stored];
    let receipt = StoredReceipt::sign(SPACE, EPOCH, 1, vec![log[1].id(), log[2].id()], &relay()).to_wire();
    let page = machine.answer(&SyncAnswer { results, receipt: Some(receipt.into()), ..good }).unwrap();
    assert_eq!(page.refused, [(log[0].id(), PushResult::Refused(4))]);
    assert_eq!(page.stored.len(), 2);
}

#[test]
fn a_relay_of_another_life_is_asked_with_everything_once() {
    let heads = vec![(CollId::from_bytes([3; 16]), vec![Head { author: DeviceId::ZERO, seq: 1, id8: [1; 8] }])];
    let cursor = Some(Cursor { epoch: EPOCH, rseq: 5 });
    let mut machine = SyncMachine::new(SPACE, Some(relay_pk()), cursor, heads.clone(), vec![], 0);
    let request = machine.request().unwrap();
    let ask = SyncAnswer { ask_vv: true, ..answer(&request, &relay()) };
    assert_eq!(machine.answer(&ask).unwrap().cursor, None);
    let request = machine.request().unwrap();
    assert_eq!((request.cursor, &request.vv), (None, &heads));
    assert_eq!(machine.answer(&ask), Err(SyncError::Stuck));
}

#[test]
fn an_answer_that_does_not_fit_is_garbage_and_one_that_never_ends_is_noticed() {
    let mut machine = machine(waiting(&log(2)));
    let request = machine.request().unwrap();
    let good = answer(&request, &relay());
    let short = SyncAnswer { results: vec![PushResult::Stored], ..good.clone() };
    assert_eq!(machine.clone().answer(&short), Err(SyncError::Garbage));
    let more = SyncAnswer { more: true, ..good };
    machine.answer(&more).unwrap();
    let request = machine.request().unwrap();
    assert!(request.push.is_empty());
    let again = SyncAnswer { more: true, ..answer(&request, &relay()) };
    assert_eq!(machine.answer(&again), Err(SyncError::Stuck));
    assert_eq!(machine.answer(&again), Err(SyncError::Garbage), "nothing was asked");
}

#[test]
fn entries_of_elsewhere_are_left_out() {
    let mut machine = machine(vec![]);
    let request = machine.request().unwrap();
    let mine = entry(Kind::Batch, 1, EntryId::ZERO);
    let header = Header { space: SpaceId::from_bytes([9; 16]), ..mine.header().clone() };
    let other = Entry::sign(header, vec![], &SigningKey::from_bytes(&[4; 32])).unwrap();
    let entries = vec![mine.encode().into(), other.encode().into(), vec![1, 2, 3].into()];
    let page = machine.answer(&SyncAnswer { entries, ..answer(&request, &relay()) }).unwrap();
    assert_eq!((page.entries.len(), page.spoiled), (1, 2));
}

#[test]
fn an_entry_has_one_place_in_its_log() {
    let log = log(4);
    let head = |n: usize| Some(LogHead { seq: log[n - 1].header().seq, id: log[n - 1].id() });
    let at = |n: usize, head, standing| place(log[n - 1].header(), log[n - 1].id(), head, standing);
    assert_eq!(at(1, None, None), Place::Next);
    assert_eq!(at(3, head(2), None), Place::Next);
    assert_eq!(at(2, head(3), Some(log[1].id())), Place::Known);
    assert_eq!(at(4, head(2), None), Place::Gap(2));
    assert_eq!(at(2, head(3), Some(EntryId::ZERO)), Place::Fork);
    assert_eq!(at(3, Some(LogHead { seq: 2, id: EntryId::ZERO }), None), Place::Fork);
    let beat = entry(Kind::Beat, 7, EntryId::ZERO);
    let beat_at = |seq| place(beat.header(), beat.id(), Some(LogHead { seq, id: EntryId::ZERO }), None);
    assert_eq!((beat_at(3), beat_at(7), beat_at(9)), (Place::Next, Place::Known, Place::Known));
}

fn heads() -> impl Strategy<Value = Vec<CollHeads>> {
    let head = (0u8..4, 1u64..5, 0u8..2);
    let head =
        head.prop_map(|(author, seq, id)| Head { author: DeviceId::from_bytes([author; 16]), seq, id8: [id; 8] });
    let coll = (0u8..3, proptest::collection::vec(head, 0..4));
    proptest::collection::vec(coll.prop_map(|(coll, heads)| (CollId::from_bytes([coll; 16]), heads)), 0..3)
}

proptest! {
    #[test]
    fn nothing_is_missing_of_what_one_holds(mine in heads()) {
        let mut once = std::collections::BTreeMap::new();
        for (coll, heads) in mine {
            for head in heads {
                once.insert((coll, head.author), head);
            }
        }
        let mine: Vec<CollHeads> = once.into_iter().map(|((coll, _), head)| (coll, vec![head])).collect();
        prop_assert!(missing(&mine, &mine).is_empty());
        prop_assert_eq!(missing(&mine, &[]).len(), mine.len());
        let mut turned = mine.clone();
        turned.reverse();
        prop_assert_eq!(root_digest(&mine), root_digest(&turned));
    }

    #[test]
    fn what_one_lacks_is_sent_from_where_it_ends(mine in heads(), theirs in heads()) {
        for (coll, author, after) in missing(&mine, &theirs) {
            let of = |heads: &[CollHeads]| -> Vec<Head> {
                heads.iter().filter(|(id, _)| *id == coll).flat_map(|(_, heads)| heads.clone())
                    .filter(|head| head.author == author).collect()
            };
            prop_assert!(of(&mine).iter().any(|head| head.seq > after));
            prop_assert!(after == 0 || of(&theirs).iter().all(|head| head.seq >= after));
        }
    }

    #[test]
    fn whatever_a_relay_answers_only_its_signature_marks_an_entry_stored(
        n in 1u64..6, results in proptest::collection::vec(0u8..4, 0..8), signed in proptest::collection::vec(any::<bool>(), 6),
        more in any::<bool>(), ask_vv in any::<bool>(), true_key in any::<bool>(),
    ) {
        let log = log(n);
        let mut machine = machine(waiting(&log));
        let request = machine.request().unwrap();
        let ids: Vec<EntryId> = log.iter().zip(&signed).filter(|(_, signed)| **signed).map(|(entry, _)| entry.id()).collect();
        let signer = if true_key { relay() } else { SigningKey::from_bytes(&[8; 32]) };
        let kinds = [PushResult::Stored, PushResult::Duplicate, PushResult::Fork, PushResult::Quota(9)];
        let answer = SyncAnswer {
            results: results.iter().map(|kind| kinds[usize::from(*kind)]).collect(),
            receipt: Some(StoredReceipt::sign(SPACE, EPOCH, 1, ids.clone(), &signer).to_wire().into()),
            more, ask_vv, ..answer(&request, &relay())
        };
        if let Ok(page) = machine.answer(&answer) {
            prop_assert!(true_key || page.stored.is_empty() && page.unproven);
            prop_assert!(page.stored.iter().all(|id| ids.contains(id)));
        }
    }
}
