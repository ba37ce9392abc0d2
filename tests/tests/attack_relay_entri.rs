//! Attacks on the relay, second part: what is brought (PROTOCOL §5.2, numbers 6–15 and 24). The list of all numbers
//! stands in `attack_relay_masuk.rs`.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a scene fails where it stands")]

#[path = "../../sync-server/tests/kelurahan/mod.rs"]
mod kelurahan;

use std::collections::BTreeSet;
use std::sync::Arc;

use ed25519_dalek::Signer;
use kelurahan::{ANI, Kelurahan, Line, MAWAR, MELATI, RATNA, ROOT, WATI, Who, id, ids, key, keys, pushing};
use wakuncar_roster::Roster;
use wakuncar_sync_server::Limits;
use wakuncar_wire::{
    Control, Cursor, Entry, EntryId, GrantId, Header, PublicIdentity, PushResult, Reason, Role, Signature,
    StoredReceipt, Subject, SyncRequest, Wire,
};

/// The second seat's holder.
const SARI: Who = 5;

/// Ani keeps Melati, Wati Mawar.
async fn village(limits: Limits) -> (Line, Kelurahan) {
    let line = Line::with(limits).await;
    let mut kelurahan = Kelurahan::new(1);
    kelurahan.kader(ANI, MELATI);
    kelurahan.kader(WATI, MAWAR);
    assert_eq!(line.found(&kelurahan).await, 200);
    (line, kelurahan)
}

/// Everything that a seat is handed out from the beginning.
async fn all(line: &Line, kelurahan: &Kelurahan) -> Vec<Entry> {
    let (ratna, _) = line.device(kelurahan, RATNA).await;
    let mut entries = Vec::new();
    let mut request = SyncRequest::default();
    loop {
        let page = line.sync(&ratna, &request).await;
        entries.extend(page.entries.iter().map(|bytes| Entry::decode(bytes).unwrap()));
        request.cursor = Some(page.cursor);
        if !page.more {
            return entries;
        }
    }
}

async fn roster(line: &Line, kelurahan: &Kelurahan) -> Roster {
    Roster::evaluate(kelurahan.space(), &all(line, kelurahan).await).unwrap()
}

/// The bytes of an entry with a header as it is given, well signed.
fn signed(header: &[u8], body: &[u8], who: Who) -> Vec<u8> {
    let sig = key(who).sign(&Signature::Entry.text(&[header])).to_bytes();
    let len = u16::try_from(header.len()).unwrap().to_be_bytes();
    [&len[..], header, &sig, body].concat()
}

fn raw(entries: Vec<Vec<u8>>) -> SyncRequest {
    SyncRequest { push: entries.into_iter().map(Into::into).collect(), ..SyncRequest::default() }
}

#[tokio::test]
async fn attack_06_no_bit_of_an_entry_can_be_turned() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let before = all(&line, &kelurahan).await.len();
    let entry = kelurahan.batch(ANI, MELATI, vec![7; 60]);
    let bytes = entry.encode();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let bent = |at: usize| {
        let mut bent = bytes.clone();
        bent[at / 8] ^= 1 << (at % 8);
        bent
    };
    // Every bit, in requests of a few hundred.
    let bits: Vec<usize> = (0..bytes.len() * 8).collect();
    for some in bits.chunks(400) {
        let answer = line.sync(&ani, &raw(some.iter().map(|at| bent(*at)).collect())).await;
        let refused = |result: &PushResult| matches!(result, PushResult::Refused(1..=5) | PushResult::TooLarge);
        assert!(answer.results.iter().all(refused), "{:?}", answer.results);
        assert!(answer.receipt.is_none());
    }
    assert_eq!(all(&line, &kelurahan).await.len(), before);
    assert_eq!(line.sync(&ani, &raw(vec![bytes])).await.results, [PushResult::Stored]);
}

#[tokio::test]
async fn attack_07_an_entry_in_another_spelling_is_none_however_well_it_is_signed() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let entry = kelurahan.batch(ANI, MELATI, vec![7; 60]);
    let header = entry.header().to_wire();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    // Array of 13, then ver, suite, kind as one byte each; the number follows space, collection and author.
    assert_eq!(header[..4], [0x8d, 1, 1, 1]);
    let seq = 4 + 3 * 17;
    assert_eq!(header[seq], 1);
    let with = |from: usize, to: usize, by: &[u8]| [&header[..from], by, &header[to..]].concat();
    let spellings: [(&str, Vec<u8>); 9] = [
        ("a long count", with(0, 1, &[0x98, 13])),
        ("a long version", with(1, 2, &[0x18, 1])),
        ("a long number", with(seq, seq + 1, &[0x18, 1])),
        ("a longer number", with(seq, seq + 1, &[0x1b, 0, 0, 0, 0, 0, 0, 0, 1])),
        ("a float", with(seq, seq + 1, &[0xf9, 0x3c, 0x00])),
        ("an array without end", [&[0x9f], &header[1..], &[0xff]].concat()),
        ("a byte more", [header.as_slice(), &[0]].concat()),
        ("a tag", with(seq, seq + 1, &[0xc1, 1])),
        ("a field more", [&[0x8e], &header[1..], &[0]].concat()),
    ];
    for (what, header) in spellings {
        let answer = line.sync(&ani, &raw(vec![signed(&header, &[7; 60], ANI)])).await;
        assert_eq!(answer.results, [PushResult::Refused(1)], "{what}");
    }
    // The request as well has one spelling.
    let mut request = SyncRequest::default().to_wire();
    request.push(0);
    assert_eq!(line.post("/v1/sync", Some(&ani), request).await.0, 400);
    assert_eq!(line.sync(&ani, &raw(vec![signed(&header, &[7; 60], ANI)])).await.results, [PushResult::Stored]);
}

#[tokio::test]
async fn attack_08_weak_keys_and_signatures_with_a_part_of_small_order_are_refused() {
    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::edwards::EdwardsPoint;
    use curve25519_dalek::scalar::Scalar;
    use sha2::{Digest, Sha512};

    let (line, mut kelurahan) = village(Limits::default()).await;
    let invite = keys(110);
    let invite = Control::Invite { keys: invite, role: Role::Kader, access: vec![], expiry: u32::MAX, mode: 0 };
    let invite = kelurahan.control(RATNA, kelurahan.seat.unwrap(), &invite);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(std::slice::from_ref(&invite))).await;
    let (guest, _) = line.session(kelurahan.space(), Subject::Invite(id(110)), 110).await;
    // Under each of these eight keys a signature of anything can be made without a secret.
    for point in EIGHT_TORSION {
        let keys = PublicIdentity { sign: point.compress().to_bytes(), kem: [9; 32] };
        let text = Control::join_text(kelurahan.space(), invite.id().grant(), &keys);
        let invite_sig = key(110).sign(&text).to_bytes();
        let join = Control::Join { invite: invite.id().grant(), keys, app_version: 1, invite_sig }.to_wire();
        let template = kelurahan.entries.iter().find(|entry| entry.header().author == id(ANI)).unwrap();
        let header = Header {
            author: keys.device_id(),
            body_len: u32::try_from(join.len()).unwrap(),
            body_hash: blake3_of(&join),
            ..template.header().clone()
        };
        let header = header.to_wire();
        let len = u16::try_from(header.len()).unwrap().to_be_bytes();
        for nonce in EIGHT_TORSION {
            let sig = [nonce.compress().to_bytes(), [0; 32]].concat();
            let entry = [&len[..], &header, &sig, &join].concat();
            assert_eq!(line.sync(&guest, &raw(vec![entry])).await.results, [PushResult::Refused(2)]);
        }
    }

    // Ani herself, with a nonce to which a point of small order was added: a check that multiplies by eight takes it.
    let entry = kelurahan.batch(ANI, MELATI, vec![7; 60]);
    let header = entry.header().to_wire();
    let text = Signature::Entry.text(&[&header]);
    let secret = key(ANI).to_scalar();
    let nonce = Scalar::from_bytes_mod_order([42; 32]);
    for torsion in EIGHT_TORSION {
        let r = (EdwardsPoint::mul_base(&nonce) + torsion).compress().to_bytes();
        let mut hash = Sha512::new();
        for part in [&r[..], &keys(ANI).sign, &text] {
            hash.update(part);
        }
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        let sig = [r, (nonce + k * secret).to_bytes()].concat();
        let len = u16::try_from(header.len()).unwrap().to_be_bytes();
        let bytes = [&len[..], &header, &sig, &[7; 60]].concat();
        let plain = torsion == EIGHT_TORSION[0];
        let (ani, _) = line.device(&kelurahan, ANI).await;
        let result = line.sync(&ani, &raw(vec![bytes])).await.results;
        // The one without is hers and shows that the others were made well.
        assert_eq!(result == [PushResult::Stored], plain, "{result:?}");
        if plain {
            break;
        }
    }
}

fn blake3_of(body: &[u8]) -> [u8; 32] {
    let template = Kelurahan::new(1).entries[0].header().clone();
    *Entry::sign(template, body.to_vec(), &key(ROOT)).unwrap().header().body_hash.first_chunk().unwrap()
}

#[tokio::test]
async fn attack_09_a_log_has_no_gap_no_other_past_and_no_number_outside() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let log: Vec<Entry> = (0..3).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 40])).collect();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(&log[..1])).await;
    assert_eq!(line.sync(&ani, &pushing(&log[2..])).await.results, [PushResult::Gap(1)]);
    let head = log[1].header();
    let strange = EntryId::from_bytes([9; 32]);
    let wrong = Entry::sign(Header { prev: strange, ..head.clone() }, vec![9; 40], &key(ANI)).unwrap();
    // What it rests on is not here: the whole log is asked for.
    assert_eq!(line.sync(&ani, &pushing(&[wrong])).await.results, [PushResult::Gap(0)]);
    for (seq, prev) in
        [(0, EntryId::ZERO), (0, head.prev), (1 << 63, head.prev), (u64::MAX, head.prev), (1 << 49, head.prev)]
    {
        let outside = Header { seq, prev, ..head.clone() }.to_wire();
        let bytes = signed(&outside, &[1; 40], ANI);
        assert_eq!(line.sync(&ani, &raw(vec![bytes])).await.results, [PushResult::Refused(1)], "{seq}");
    }
    // Nothing of it has moved the head, or frozen her.
    let answer = line.sync(&ani, &pushing(&log)).await;
    assert_eq!(answer.results, [PushResult::Duplicate, PushResult::Stored, PushResult::Stored]);
}

#[tokio::test]
async fn attack_10_of_two_entries_with_one_number_both_are_shown_to_all_and_their_author_is_frozen() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let shared = kelurahan.batch(ANI, MELATI, vec![1; 40]);
    // Two phones go on from the same copy.
    let first: Vec<Entry> = (2..5).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 40])).collect();
    kelurahan.restore(ANI, MELATI, Some(&shared));
    let second: Vec<Entry> = (12..15).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 40])).collect();
    let (ani, receipt_pk) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(std::slice::from_ref(&shared))).await;
    assert_eq!(line.sync(&ani, &pushing(&first)).await.results, [PushResult::Stored; 3]);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let cursor = line.sync(&ratna, &SyncRequest::default()).await.cursor;

    // The other phone comes: all of its branch is kept, none of it is called stored.
    let answer = line.sync(&ani, &pushing(&second)).await;
    assert_eq!(answer.results, [PushResult::Fork; 3]);
    assert!(answer.receipt.is_none());
    assert_eq!(line.sync(&ani, &pushing(&second)).await.results, [PushResult::Duplicate; 3]);
    // Her own heads show her both.
    let own = answer.own.iter().find(|(coll, _)| *coll == MELATI).unwrap();
    let heads: Vec<_> = own.1.iter().map(|head| (head.seq, head.id8)).collect();
    assert_eq!(heads, [(4, first[2].id().prefix()), (4, second[2].id().prefix())]);

    // Whoever reads goes on with her cursor and has the proof.
    let news = ids(&line.sync(&ratna, &SyncRequest { cursor: Some(cursor), ..SyncRequest::default() }).await);
    assert_eq!(news, second.iter().map(Entry::id).collect::<Vec<_>>());
    // Who holds one of the branches is handed the other.
    for (held, other) in [(&first, &second), (&second, &first)] {
        let head = wakuncar_wire::Head { author: id(ANI), seq: 4, id8: held[2].id().prefix() };
        let request = SyncRequest { vv: vec![(MELATI, vec![head])], ..SyncRequest::default() };
        let given: BTreeSet<EntryId> = ids(&line.sync(&ratna, &request).await).into_iter().collect();
        assert!(other.iter().all(|entry| given.contains(&entry.id())));
        assert!(!held.iter().any(|entry| given.contains(&entry.id())) && !given.contains(&shared.id()));
    }

    // Frozen: nothing more of hers, of either phone, in any log; it may leave its work, and it may read.
    let more = kelurahan.batch(ANI, MELATI, vec![20; 40]);
    let word = kelurahan.control(ANI, GrantId::ZERO, &Control::KeyRequest { key: kelurahan::content_key(MELATI) });
    assert_eq!(line.sync(&ani, &pushing(&[more.clone(), word])).await.results, [PushResult::Fork; 2]);
    assert_eq!(line.post("/v1/rescue", Some(&ani), vec![1; 50]).await.0, 200);
    assert!(!line.sync(&ani, &SyncRequest::default()).await.entries.is_empty());
    // A neighbour may bring what she met.
    let (wati, _) = line.device(&kelurahan, WATI).await;
    let answer = line.sync(&wati, &pushing(std::slice::from_ref(&more))).await;
    assert_eq!(answer.results, [PushResult::Stored]);
    let receipt = StoredReceipt::decode(answer.receipt.as_ref().unwrap()).unwrap();
    receipt.verify(kelurahan.space(), &receipt_pk).unwrap();
    assert_eq!(receipt.entries, [more.id()]);
}

#[tokio::test]
async fn attack_11_of_a_thousand_branches_four_are_kept() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let shared = kelurahan.batch(ANI, MELATI, vec![1; 40]);
    let mut branches = Vec::new();
    for n in 0..1000_u32 {
        kelurahan.restore(ANI, MELATI, Some(&shared));
        branches.push(kelurahan.batch(ANI, MELATI, n.to_be_bytes().repeat(25)));
    }
    // By a neighbour who is in it with her: she herself is stopped after the first.
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let (wati, _) = line.device(&kelurahan, WATI).await;
    line.sync(&ani, &pushing(&[shared])).await;
    let before = all(&line, &kelurahan).await.len();
    let mut stored = 0;
    for some in branches.chunks(250) {
        let results = line.sync(&wati, &pushing(some)).await.results;
        stored += results.iter().filter(|result| **result == PushResult::Stored).count();
        assert!(results.iter().all(|result| matches!(result, PushResult::Stored | PushResult::Fork)));
    }
    assert_eq!(stored, 4);
    assert_eq!(all(&line, &kelurahan).await.len(), before + 4);
    let refused = line.sync(&ani, &pushing(&branches[500..510])).await.results;
    assert_eq!(refused, [PushResult::Fork; 10]);
    assert_eq!(all(&line, &kelurahan).await.len(), before + 4);
}

#[tokio::test]
async fn attack_12_what_a_cadre_signs_with_an_authority_that_she_has_not_changes_nothing() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let before = roster(&line, &kelurahan).await;
    let (_, asked) = kelurahan.join(9);
    let seat = kelurahan.seat.unwrap();
    let own = kelurahan.grants[&ANI];
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let invites = kelurahan.entries.iter().filter(|entry| entry.header().author == id(RATNA)).cloned();
    line.sync(&ratna, &pushing(&invites.collect::<Vec<_>>())).await;
    line.sync(&ratna, &pushing(std::slice::from_ref(&asked))).await;
    let access = vec![(MAWAR, wakuncar_wire::Perm::READ_WRITE)];
    let join = asked.id().grant();
    let words = [
        Control::Admit { device: id(9), join, role: Role::Kader, access: access.clone(), wraps: vec![] },
        Control::Revoke { device: id(RATNA), logs: vec![], reason: Reason::Stolen, wipe: true },
        Control::Key {
            key: wakuncar_wire::KeyId::from_bytes([77; 32]),
            scope: wakuncar_wire::Scope::Coll(MAWAR),
            parents: vec![],
            accounted: vec![],
            for_seats: vec![1; 72].into(),
        },
        Control::SeatSet { seat: 1, term: 2, holder: keys(ANI), cut_offs: vec![], logs: None },
        Control::Access { device: id(ANI), coll: MAWAR, perm: wakuncar_wire::Perm::READ_WRITE },
    ];
    // Under her own authority, and under the seat's and the root's names.
    for auth in [own, seat, GrantId::ZERO] {
        for word in &words {
            let entry = kelurahan.control(ANI, auth, word);
            let result = line.sync(&ani, &pushing(&[entry])).await.results;
            assert!(matches!(result[0], PushResult::Stored | PushResult::Refused(4)), "{result:?}");
        }
    }
    let after = roster(&line, &kelurahan).await;
    assert_eq!(after.seat_of(id(RATNA)).map(|(grant, _)| grant), Some(seat));
    assert!(after.seat_of(id(ANI)).is_none() && !after.is_revoked(id(RATNA)) && !after.is_member(id(9)));
    assert_eq!(after.perm(id(ANI), MAWAR), before.perm(id(ANI), MAWAR));
    assert_eq!(after.keys().count(), before.keys().count());
    let (_, secret) = (0, kelurahan.batch(WATI, MAWAR, vec![1; 40]));
    let (wati, _) = line.device(&kelurahan, WATI).await;
    line.sync(&wati, &pushing(std::slice::from_ref(&secret))).await;
    assert!(!ids(&line.sync(&ani, &SyncRequest::default()).await).contains(&secret.id()));
}

/// A second seat, held by Sari.
async fn with_second_seat() -> (Line, Kelurahan, GrantId) {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let second = Control::SeatSet { seat: 2, term: 1, holder: keys(SARI), cut_offs: vec![], logs: None };
    let second = kelurahan.control(RATNA, kelurahan.seat.unwrap(), &second);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(std::slice::from_ref(&second))).await;
    (line, kelurahan, second.id().grant())
}

#[tokio::test]
async fn attack_13_the_second_seat_takes_neither_the_first_nor_its_own() {
    let (line, mut kelurahan, grant) = with_second_seat().await;
    let (sari, _) = line.device(&kelurahan, SARI).await;
    for (seat, term) in [(1, 2), (2, 2)] {
        let word = Control::SeatSet { seat, term, holder: keys(SARI), cut_offs: vec![], logs: None };
        let word = kelurahan.control(SARI, grant, &word);
        line.sync(&sari, &pushing(&[word])).await;
    }
    let after = roster(&line, &kelurahan).await;
    assert_eq!(after.seat_of(id(RATNA)).map(|(_, seat)| (seat.seat, seat.term)), Some((1, 1)));
    assert_eq!(after.seat_of(id(SARI)).map(|(_, seat)| (seat.seat, seat.term)), Some((2, 1)));
}

#[tokio::test]
async fn attack_14_nobody_jumps_to_the_last_term() {
    let (line, mut kelurahan, _) = with_second_seat().await;
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let word = Control::SeatSet { seat: 2, term: u32::MAX, holder: keys(WATI), cut_offs: vec![], logs: None };
    let word = kelurahan.control(RATNA, kelurahan.seat.unwrap(), &word);
    line.sync(&ratna, &pushing(&[word])).await;
    let after = roster(&line, &kelurahan).await;
    assert_eq!(after.seat_of(id(SARI)).map(|(_, seat)| seat.term), Some(1));
    assert!(after.seat_of(id(WATI)).is_none());
}

#[tokio::test]
async fn attack_15_after_the_handover_the_old_coordinators_word_counts_no_more() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let seat = kelurahan.seat.unwrap();
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let give = kelurahan.control(RATNA, seat, &Control::Handover { seat: 1, next: keys(SARI), logs: vec![] });
    line.sync(&ratna, &pushing(&[give])).await;
    let grab = Control::Access { device: id(ANI), coll: MAWAR, perm: wakuncar_wire::Perm::READ_WRITE };
    let grab = kelurahan.control(RATNA, seat, &grab);
    let late = kelurahan.batch(RATNA, MAWAR, vec![1; 40]);
    let results = line.sync(&ratna, &pushing(&[grab, late])).await.results;
    assert_eq!(results, [PushResult::Refused(4); 2]);
    let after = roster_of(&line, &kelurahan, SARI).await;
    assert!(after.seat_of(id(RATNA)).is_none() && after.seat_of(id(SARI)).is_some());
    assert_eq!(after.perm(id(ANI), MAWAR), wakuncar_wire::Perm::NONE);
    // She asks as whoever she is now: nobody in particular.
    assert_eq!(line.call(reqwest::Method::GET, "/v1/notes", Some(&ratna), vec![]).await.0, 403);
}

async fn roster_of(line: &Line, kelurahan: &Kelurahan, who: Who) -> Roster {
    let (token, _) = line.device(kelurahan, who).await;
    let answer = line.sync(&token, &SyncRequest::default()).await;
    let entries: Vec<Entry> = answer.entries.iter().map(|bytes| Entry::decode(bytes).unwrap()).collect();
    Roster::evaluate(kelurahan.space(), &entries).unwrap()
}

/// Reads from a cursor on until a number of sealed entries is there; every id in the order it came.
async fn follow(line: &Line, token: &str, mut cursor: Option<Cursor>, wanted: usize) -> Vec<EntryId> {
    let mut seen = Vec::new();
    while seen.len() < wanted {
        let page = line.sync(token, &SyncRequest { cursor, ..SyncRequest::default() }).await;
        assert!(!page.ask_vv);
        let sealed = page.entries.iter().map(|bytes| Entry::decode(bytes).unwrap());
        seen.extend(sealed.filter(|entry| entry.header().coll == MELATI).map(|entry| entry.id()));
        cursor = Some(page.cursor);
        tokio::task::yield_now().await;
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_24_of_two_who_bring_one_number_at_once_one_wins_and_a_reader_misses_nothing() {
    const ROUNDS: usize = 1000;
    let limits = Limits { requests: 1_000_000, device_entries: 1_000_000, ..Limits::default() };
    let (line, mut kelurahan) = village(limits).await;
    let log: Vec<Entry> = (0..ROUNDS).map(|n| kelurahan.batch(ANI, MELATI, n.to_be_bytes().to_vec())).collect();
    // One phone whose line breaks and comes back brings everything twice at once.
    let tokens = [line.device(&kelurahan, ANI).await.0, line.device(&kelurahan, ANI).await.0];
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let cursor = line.sync(&ratna, &SyncRequest::default()).await.cursor;
    let bring = async {
        let mut stored = 0;
        for entry in &log {
            let request = pushing(std::slice::from_ref(entry));
            let (one, two) = tokio::join!(line.sync(&tokens[0], &request), line.sync(&tokens[1], &request));
            let results = [one.results[0], two.results[0]];
            assert!(results.contains(&PushResult::Stored) && results.contains(&PushResult::Duplicate), "{results:?}");
            assert!(one.receipt.is_some() && two.receipt.is_some());
            stored += 1;
        }
        stored
    };
    let (stored, seen) = tokio::join!(bring, follow(&line, &ratna, Some(cursor), ROUNDS));
    assert_eq!(stored, ROUNDS);
    assert_eq!(seen, log.iter().map(Entry::id).collect::<Vec<_>>(), "each once, in order, none skipped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_24_of_two_copies_of_a_phone_that_come_at_once_exactly_one_wins() {
    const PHONES: Who = 1000;
    let limits = Limits { seat_control: 10_000, calls: 1_000_000, ..Limits::default() };
    let (line, mut kelurahan) = village(limits).await;
    let begun = kelurahan.entries.len();
    for who in 1000..1000 + PHONES {
        kelurahan.kader(who, MELATI);
    }
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    for some in kelurahan.entries[begun..].chunks(900) {
        let results = line.sync(&ratna, &pushing(some)).await.results;
        assert!(results.iter().all(|result| *result == PushResult::Stored), "{results:?}");
    }
    let mut races: Vec<(Who, Entry, Entry)> = Vec::new();
    for who in 1000..1000 + PHONES {
        let one = kelurahan.batch(who, MELATI, vec![1; 40]);
        kelurahan.restore(who, MELATI, None);
        races.push((who, one, kelurahan.batch(who, MELATI, vec![2; 40])));
    }
    let (mut winners, mut proofs) = (BTreeSet::new(), BTreeSet::new());
    let (line, kelurahan) = (Arc::new(line), Arc::new(kelurahan));
    // Twenty races at a time: those who are not racing each other are in each other's way as well.
    for some in races.chunks(20) {
        let mut running = tokio::task::JoinSet::new();
        for race in some.iter().cloned() {
            running.spawn(race_of(line.clone(), kelurahan.clone(), race));
        }
        for [won, lost] in running.join_all().await {
            winners.insert(won);
            proofs.insert(lost);
        }
    }
    assert_eq!((winners.len(), proofs.len()), (usize::from(PHONES), usize::from(PHONES)));
    let mut there: Vec<EntryId> = all(&line, &kelurahan).await.iter().map(Entry::id).collect();
    there.retain(|id| winners.contains(id) || proofs.contains(id));
    assert_eq!(there.len(), 2 * usize::from(PHONES), "both of each, and each once");
}

/// Two copies of a phone come at once: whose entry stands, and whose is the proof.
async fn race_of(line: Arc<Line>, kelurahan: Arc<Kelurahan>, (who, one, two): (Who, Entry, Entry)) -> [EntryId; 2] {
    let tokens = [line.device(&kelurahan, who).await.0, line.device(&kelurahan, who).await.0];
    let requests = [&one, &two].map(|entry| pushing(std::slice::from_ref(entry)));
    let (first, second) = tokio::join!(line.sync(&tokens[0], &requests[0]), line.sync(&tokens[1], &requests[1]));
    let ids = match (first.results.as_slice(), second.results.as_slice()) {
        ([PushResult::Stored], [PushResult::Fork]) => [one.id(), two.id()],
        ([PushResult::Fork], [PushResult::Stored]) => [two.id(), one.id()],
        other => panic!("{other:?}"),
    };
    assert_ne!(first.receipt.is_some(), second.receipt.is_some());
    ids
}
