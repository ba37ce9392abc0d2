//! Who may do what, as scenes of a small office.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod kantor;

use ed25519_dalek::Signer;
use kantor::{ANI, HUB, MELATI, Office, RATNA, ROOT, TIM, WATI, access, id, key, keys, with_ani};
use proptest::prelude::*;
use wakuncar_roster::{Identities, floor};
use wakuncar_wire::{CollId, Control, Entry, EntryId, GrantId, Header, KeyId, Kind, Perm, Reason, Role, Scope, Wire};

#[test]
fn an_admitted_kader_may_do_what_her_admission_says() {
    let (office, seat, admit) = with_ani();
    let roster = office.roster();
    assert_eq!(roster.genesis().nama, "Rejomulyo");
    assert_eq!(roster.seat_of(id(RATNA)).unwrap().0, seat);
    assert_eq!((roster.perm(id(ANI), MELATI), roster.perm(id(ANI), TIM)), (Perm::READ_WRITE, Perm::READ));
    assert_eq!(roster.writing_grant(id(ANI), MELATI), Some(admit));
    assert_eq!(roster.writing_grant(id(ANI), TIM), None);
    assert_eq!(roster.perm(id(RATNA), MELATI), Perm::READ_WRITE);
    assert_eq!(roster.perm(id(WATI), MELATI), Perm::NONE);
    assert_eq!(roster.pending_joins().count(), 0);
}

#[test]
fn what_a_kader_writes_as_if_she_held_a_seat_counts_nowhere() {
    let (mut office, seat, admit) = with_ani();
    let invite = office.invite(seat, 0, Role::Kader);
    let join = office.join(WATI, invite);
    let before = office.roster();
    let coll = CollId::from_bytes([9; 16]);
    let key = Control::Key {
        key: KeyId::from_bytes([3; 32]),
        scope: Scope::Coll(MELATI),
        parents: vec![],
        accounted: vec![],
        for_seats: vec![].into(),
    };
    // Under her own grant, under Ratna's, and as if she were root.
    for auth in [admit, seat, GrantId::ZERO] {
        office.admit(ANI, auth, WATI, join);
        office.seat(ANI, auth, 1, 2, ANI, vec![]);
        office.seat(ANI, auth, 2, 1, ANI, vec![]);
        office.write(ANI, auth, &Control::Drop { grant: admit, cut_off: 0, logs: None });
        office.write(ANI, auth, &Control::Access { device: id(ANI), coll: TIM, perm: Perm::READ_WRITE });
        office.write(ANI, auth, &Control::Collection { coll, jenis: 1, purpose: vec![] });
        office.write(ANI, auth, &key);
    }
    assert_eq!(office.roster(), before);
}

#[test]
fn a_lower_seat_cannot_touch_a_higher_one_and_terms_leave_no_gap() {
    let (mut office, seat) = Office::new();
    let hub = office.seat(RATNA, seat, 2, 1, HUB, vec![]);
    assert!(office.roster().seat_of(id(HUB)).is_some());
    office.seat(HUB, hub, 1, 2, HUB, vec![]);
    office.seat(HUB, hub, 2, 2, WATI, vec![]);
    office.seat(RATNA, seat, 2, u32::MAX, WATI, vec![]);
    let roster = office.roster();
    assert_eq!(roster.seat_of(id(RATNA)).map(|(_, seat)| (seat.seat, seat.term)), Some((1, 1)));
    assert_eq!(roster.seat_of(id(HUB)).map(|(_, seat)| (seat.seat, seat.term)), Some((2, 1)));
    assert!(roster.seat_of(id(WATI)).is_none());
}

#[test]
fn after_a_new_holder_the_old_one_counts_up_to_her_cut_off() {
    let (mut office, seat, _) = with_ani();
    let seen = office.logs[&RATNA].0;
    let invite = office.invite(seat, 0, Role::Kader);
    let join = office.join(WATI, invite);
    office.admit(RATNA, seat, WATI, join);
    office.seat(ROOT, GrantId::ZERO, 1, 2, HUB, vec![(seat, seen)]);
    let roster = office.roster();
    assert!(roster.seat_of(id(RATNA)).is_none() && roster.seat_of(id(HUB)).is_some());
    assert!(roster.is_member(id(ANI)), "admitted before");
    assert!(!roster.is_member(id(WATI)), "admitted after");
    assert!(roster.invite(invite).is_none());
}

#[test]
fn a_dropped_grant_counts_up_to_its_cut_off_and_never_again() {
    let (mut office, seat, admit) = with_ani();
    let melati = KeyId::from_bytes([3; 32]);
    let scope = Scope::Coll(MELATI);
    let announce = Control::Key { key: melati, scope, parents: vec![], accounted: vec![], for_seats: vec![].into() };
    office.write(RATNA, seat, &announce);
    assert_eq!(office.roster().writing_key(scope), Some((melati, true)));
    for cut_off in [5, 2, 9] {
        office.write(RATNA, seat, &Control::Drop { grant: admit, cut_off, logs: None });
    }
    let roster = office.roster();
    assert!(!roster.is_member(id(ANI)));
    assert_eq!(roster.writing_key(scope), Some((melati, false)), "Ani has the key");
    let entry = |seq, key, auth, coll| Header {
        kind: Kind::Batch,
        coll,
        seq,
        key,
        auth,
        ..office.entries.iter().rev().find(|entry| entry.header().author == id(ANI)).unwrap().header().clone()
    };
    assert!(roster.is_valid(&entry(2, melati, admit, MELATI)));
    assert!(!roster.is_valid(&entry(3, melati, admit, MELATI)), "beyond the lowest cut-off");
    assert!(!roster.is_valid(&entry(2, KeyId::from_bytes([4; 32]), admit, MELATI)), "a key of nothing");
    assert!(!roster.is_valid(&entry(2, melati, admit, TIM)), "a collection she only reads");
    assert!(!roster.is_valid(&entry(2, melati, seat, MELATI)), "a grant of somebody else");
}

#[test]
fn a_seat_is_never_given_by_an_invite() {
    let (mut office, seat) = Office::new();
    for role in [Role::Koordinator, Role::Hub] {
        let invite = office.invite(seat, 0, role);
        assert!(office.roster().invite(invite).is_none());
    }
}

#[test]
fn a_printed_invite_lets_one_in_and_of_two_none() {
    let (mut office, seat) = Office::new();
    let invite = office.invite(seat, 1, Role::Kader);
    office.join(ANI, invite);
    assert_eq!(office.roster().perm(id(ANI), MELATI), Perm::READ_WRITE);
    office.join(WATI, invite);
    let roster = office.roster();
    assert_eq!((roster.is_member(id(ANI)), roster.is_member(id(WATI))), (false, false));
    assert_eq!(roster.pending_joins().count(), 2);
}

#[test]
fn a_join_without_the_invites_secret_is_none() {
    let (mut office, seat) = Office::new();
    let invite = office.invite(seat, 0, Role::Kader);
    let text = Control::join_text(office.space.unwrap(), invite, &keys(ANI));
    let invite_sig = key(ANI).sign(&text).to_bytes();
    let forged = Control::Join { invite, keys: keys(ANI), app_version: 1, invite_sig };
    office.write(ANI, GrantId::ZERO, &forged);
    assert_eq!(office.roster().pending_joins().count(), 0);
}

#[test]
fn a_new_key_replaces_its_parents_and_two_at_once_have_an_order() {
    let (mut office, seat, admit) = with_ani();
    office.write(RATNA, seat, &Control::Drop { grant: admit, cut_off: 1, logs: None });
    let scope = Scope::Coll(MELATI);
    let [old, stale, clean] = [1, 2, 3].map(|n| KeyId::from_bytes([n; 32]));
    let mut announce = |key, parents: &[KeyId], accounted: Vec<GrantId>| {
        let parents = parents.iter().map(|id| (*id, vec![0; 72].into())).collect();
        office.write(RATNA, seat, &Control::Key { key, scope, parents, accounted, for_seats: vec![1].into() });
        office.roster().writing_key(scope)
    };
    assert_eq!(announce(old, &[], vec![]), Some((old, false)));
    assert_eq!(announce(stale, &[old], vec![]), Some((stale, false)));
    assert_eq!(announce(clean, &[old], vec![admit]), Some((clean, true)), "though its id is higher");
}

#[test]
fn signatures_are_checked_with_keys_that_ids_commit_to() {
    let (office, _, _) = with_ani();
    let mut identities = Identities::default();
    for entry in &office.entries {
        identities.verify(entry).unwrap_or_else(|_| {
            let author = entry.header().author;
            assert!(identities.get(author).is_none(), "named by an earlier entry");
        });
        identities.learn(entry);
    }
    assert!(office.entries.iter().all(|entry| identities.verify(entry).is_ok()));
    let (stranger, _) = Office::new();
    let forged = Entry::sign(stranger.entries[1].header().clone(), vec![0x81, 0x02], &key(ANI)).unwrap();
    assert!(identities.verify(&forged).is_err());
}

#[test]
fn the_last_word_of_a_seat_on_each_of_its_relays_counts() {
    let (mut office, grant) = Office::new();
    let endpoint = |pin: u8, lan_port, receipt: u8| Control::Endpoint {
        urls: vec![],
        pins: vec![vec![pin; 16].into()],
        lan_port,
        receipt_pk: vec![receipt; 32].into(),
    };
    for (pin, lan_port, receipt) in [(1, 0, 1), (2, 4433, 2), (1, 0, 3)] {
        office.write(RATNA, grant, &endpoint(pin, lan_port, receipt));
    }
    office.write(ANI, GrantId::ZERO, &endpoint(9, 0, 9));
    let roster = office.roster();
    let mut known: Vec<_> =
        roster.endpoints().iter().map(|at| (at.pins[0][0], at.lan_port, at.receipt_pk.unwrap()[0])).collect();
    known.sort_unstable();
    assert_eq!(known, [(1, 0, 3), (2, 4433, 2)]);
}

#[test]
fn the_floor_is_of_the_set() {
    let ids = [1, 2, 3].map(|n| EntryId::from_bytes([n; 32]));
    assert_eq!(floor(ids), floor([ids[2], ids[0], ids[1], ids[0]]));
    assert_ne!(floor(ids), floor([ids[0], ids[1]]));
}

/// Anybody writes anything under any grant.
fn random_office(steps: &[(u8, u8, u8, u8)]) -> Office {
    let (mut office, seat) = Office::new();
    let mut grants = vec![GrantId::ZERO, seat];
    for (who, auth, what, with) in steps {
        let (who, with) = (1 + who % 5, 1 + with % 5);
        let auth = grants[usize::from(*auth) % grants.len()];
        let some = grants[usize::from(with) % grants.len()];
        let (seat, term) = (1 + with % 3, u32::from(1 + with % 4));
        let grant = match what % 12 {
            0 => office.seat(who, auth, seat, term, with, vec![(some, 3)]),
            1 => {
                let access = access();
                let invite = Control::Invite { keys: keys(100), role: Role::Kader, access, expiry: 9, mode: with % 2 };
                office.write(who, auth, &invite).grant()
            }
            2 if !office.logs.contains_key(&with) => office.join(with, some),
            3 => office.admit(who, auth, with, some),
            4 => office.write(who, auth, &Control::Drop { grant: some, cut_off: u64::from(with), logs: None }).grant(),
            6 => office.hand_over(who, auth, seat, with, &[(MELATI, 2)]),
            7 => office.revoke(who, auth, with, &[(CollId::CONTROL, 3)], Reason::Lost).grant(),
            8 => office.revoke(who, auth, with, &[], Reason::Stolen).grant(),
            9 => office.write(who, auth, &Control::Retire { logs: vec![(MELATI, 1)] }).grant(),
            10 => {
                let logs = vec![(CollId::CONTROL, u64::from(with) * 2)];
                office.write(who, auth, &Control::Raise { device: id(with), logs }).grant()
            }
            11 => {
                let rotate = Control::RootRotate { old: id(ROOT), root: keys(with), cut_off: u64::from(with) };
                office.write(who, auth, &rotate).grant()
            }
            5 => office.write(who, auth, &Control::Access { device: id(with), coll: TIM, perm: Perm::READ }).grant(),
            _ => office.write(who, auth, &Control::Greet { join: some, nonce: [with; 16] }).grant(),
        };
        grants.push(grant);
    }
    office
}

proptest! {
    #[test]
    fn neither_order_nor_repetition_matters(
        steps in proptest::collection::vec(any::<(u8, u8, u8, u8)>(), 0..40),
        shuffle in any::<u64>(),
    ) {
        let mut office = random_office(&steps);
        let before = office.roster();
        let again: Vec<Entry> = office.entries.iter().rev().step_by(3).cloned().collect();
        office.entries.extend(again);
        office.entries.sort_by_key(|entry| {
            let id = entry.id();
            let first: [u8; 8] = id.prefix();
            u64::from_le_bytes(first) ^ shuffle.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        prop_assert_eq!(office.roster(), before);
    }

    #[test]
    fn every_seat_has_at_most_one_holder_and_nobody_without_authority_adds_anything(
        steps in proptest::collection::vec(any::<(u8, u8, u8, u8)>(), 0..40),
    ) {
        let office = random_office(&steps);
        let roster = office.roster();
        // Whoever was shut out keeps her seat until another is put there.
        let open = roster.seat_grants().filter(|(_, seat)| seat.cut_off.is_none());
        let mut held: Vec<u8> = open.map(|(_, seat)| seat.seat).collect();
        held.sort_unstable();
        let all = held.len();
        held.dedup();
        prop_assert_eq!(held.len(), all);
        prop_assert!(held.contains(&1));
        // Only what counts, and joins, which anybody with the secret writes.
        let mut counting = Office { space: office.space, ..Office::default() };
        counting.entries = office.entries.iter().filter(|entry| {
            let join = matches!(Control::from_wire(entry.body()), Ok(Control::Join { .. } | Control::Genesis { .. }));
            // An invite without authority still names the key that proves a join.
            let invite = matches!(Control::from_wire(entry.body()), Ok(Control::Invite { .. }));
            // What a seat wrote in a term that another won stays without effect, and is needed by no one.
            // A device's word about its own end needs no authority.
            let retire = matches!(Control::from_wire(entry.body()), Ok(Control::Retire { .. }));
            join || invite || retire || roster.is_authorised(entry.header())
        }).cloned().collect();
        prop_assert_eq!(counting.roster(), roster);
    }

    #[test]
    fn arbitrary_bodies_are_passed_over(body in proptest::collection::vec(any::<u8>(), 0..60)) {
        let (mut office, seat) = Office::new();
        let before = office.roster();
        let last = office.entries.last().unwrap().header().clone();
        let header = Header { seq: last.seq + 1, auth: seat, ..last };
        office.entries.push(Entry::sign(header, body.clone(), &key(RATNA)).unwrap());
        if Control::decode(&body).is_err() {
            prop_assert_eq!(office.roster(), before);
        }
    }
}
