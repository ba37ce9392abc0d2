//! Handing over, losing, leaving and coming back, as scenes of a small office.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod kantor;

use kantor::{ANI, HUB, MELATI, Office, RATNA, ROOT, TIM, WATI, id, keys, with_ani};
use wakuncar_roster::Roster;
use wakuncar_wire::{CollId, Control, GrantId, KeyId, Reason, Rules, Scope, Thing};

const CONTROL: CollId = CollId::CONTROL;
const KEY: KeyId = KeyId::from_bytes([3; 32]);

fn announce(office: &mut Office, who: u8, auth: GrantId, key: KeyId, scope: Scope, accounted: Vec<GrantId>) {
    office.write(who, auth, &Control::Key { key, scope, parents: vec![], accounted, for_seats: vec![].into() });
}

fn holder(roster: &Roster, number: u8) -> Option<wakuncar_wire::DeviceId> {
    roster.seats().find(|(_, seat)| seat.seat == number).map(|(_, seat)| seat.holder.device_id())
}

#[test]
fn a_seat_goes_from_hand_to_hand_and_each_counts_for_her_time() {
    let (mut office, seat, _) = with_ani();
    announce(&mut office, RATNA, seat, KEY, Scope::Coll(MELATI), vec![]);
    let wati = office.hand_over(RATNA, seat, 1, WATI, &[(MELATI, 7)]);
    let late = office.write(
        RATNA,
        seat,
        &Control::Collection { coll: CollId::from_bytes([9; 16]), jenis: 1, purpose: vec![] },
    );
    let hub = office.hand_over(WATI, wati, 1, HUB, &[]);
    let roster = office.roster();
    assert_eq!(roster.seat_of(id(HUB)).map(|(grant, seat)| (grant, seat.term)), Some((hub, 1)));
    assert!(roster.seat_of(id(RATNA)).is_none() && roster.seat_of(id(WATI)).is_none());
    assert_eq!(roster.collections().count(), 2, "{late} was written after the handover");
    assert!(roster.is_valid(&office.sealed(RATNA, seat, MELATI, 7, KEY)));
    assert!(!roster.is_valid(&office.sealed(RATNA, seat, MELATI, 8, KEY)), "beyond what she gave as her last");
    assert!(!roster.is_valid(&office.sealed(RATNA, seat, TIM, 1, KEY)), "a log that she did not name");
    assert_eq!(roster.writing_key(Scope::Coll(MELATI)), Some((KEY, false)), "Ratna has the key");
}

#[test]
fn of_two_handovers_the_first_counts() {
    let (mut office, seat) = Office::new();
    office.hand_over(RATNA, seat, 1, WATI, &[]);
    office.hand_over(RATNA, seat, 1, HUB, &[]);
    assert_eq!(holder(&office.roster(), 1), Some(id(WATI)));
}

#[test]
fn a_handover_beyond_the_cut_off_of_a_new_term_counts_for_nothing() {
    let (mut office, seat) = Office::new();
    let seen = office.logs[&RATNA].0;
    office.hand_over(RATNA, seat, 1, WATI, &[]);
    office.seat(ROOT, GrantId::ZERO, 1, 2, HUB, vec![(seat, seen)]);
    let roster = office.roster();
    assert_eq!(holder(&roster, 1), Some(id(HUB)));
    assert!(roster.seat_of(id(WATI)).is_none());
}

#[test]
fn a_stolen_phone_counts_up_to_what_was_seen_of_each_of_its_logs() {
    let (mut office, seat, admit) = with_ani();
    announce(&mut office, RATNA, seat, KEY, Scope::Coll(MELATI), vec![]);
    office.revoke(RATNA, seat, ANI, &[(MELATI, 12)], Reason::Stolen);
    let roster = office.roster();
    assert!(roster.is_revoked(id(ANI)) && !roster.is_member(id(ANI)));
    assert!(roster.wipe_order(id(ANI)).is_some());
    assert!(roster.is_valid(&office.sealed(ANI, admit, MELATI, 12, KEY)));
    assert!(!roster.is_valid(&office.sealed(ANI, admit, MELATI, 13, KEY)));
    assert_eq!(roster.ends_of(id(ANI)).unwrap().end(TIM), 0);
    assert_eq!(roster.writing_key(Scope::Coll(MELATI)), Some((KEY, false)));
    // A key that takes the loss into account is clean again.
    let clean = KeyId::from_bytes([4; 32]);
    let lost = roster.lost(Scope::Coll(MELATI)).into_iter().collect();
    announce(&mut office, RATNA, seat, clean, Scope::Coll(MELATI), lost);
    assert_eq!(office.roster().writing_key(Scope::Coll(MELATI)), Some((clean, true)));
    // Admitted again it stays out: a revocation is for ever.
    let invite = office.invite(seat, 0, wakuncar_wire::Role::Kader);
    let join = office.join(WATI, invite);
    office.admit(RATNA, seat, ANI, join);
    assert!(!office.roster().is_member(id(ANI)));
}

#[test]
fn of_two_revocations_the_lower_end_counts_and_only_an_honest_loss_is_raised() {
    let (mut office, seat, _) = with_ani();
    office.revoke(RATNA, seat, ANI, &[(MELATI, 12)], Reason::Lost);
    office.revoke(ROOT, GrantId::ZERO, ANI, &[(MELATI, 9)], Reason::Left);
    let end = |office: &Office| office.roster().ends_of(id(ANI)).unwrap().end(MELATI);
    assert_eq!(end(&office), 9);
    office.write(RATNA, seat, &Control::Raise { device: id(ANI), logs: vec![(MELATI, 20)] });
    assert_eq!(end(&office), 20);
    office.write(RATNA, seat, &Control::Raise { device: id(ANI), logs: vec![(MELATI, 15)] });
    assert_eq!(end(&office), 20, "the highest");
    office.revoke(RATNA, seat, ANI, &[(MELATI, 11)], Reason::Stolen);
    assert_eq!(end(&office), 9, "a thief may have written since");
}

#[test]
fn a_lower_seat_cannot_revoke_a_higher_one_and_the_higher_one_ends_it_at_once() {
    let (mut office, seat, _) = with_ani();
    let hub = office.seat(RATNA, seat, 2, 1, HUB, vec![]);
    office.revoke(HUB, hub, RATNA, &[], Reason::Stolen);
    office.revoke(HUB, hub, HUB, &[], Reason::Stolen);
    let roster = office.roster();
    assert!(!roster.is_revoked(id(RATNA)) && !roster.is_revoked(id(HUB)));
    assert!(roster.stands_above(id(RATNA), id(HUB)) && !roster.stands_above(id(HUB), id(RATNA)));
    let seen = office.logs[&HUB].0;
    office.revoke(RATNA, seat, HUB, &[(CONTROL, seen)], Reason::Stolen);
    office.revoke(HUB, hub, ANI, &[], Reason::Stolen);
    let roster = office.roster();
    assert!(roster.is_revoked(id(HUB)) && roster.seat_of(id(HUB)).is_none());
    assert!(!roster.is_revoked(id(ANI)), "written by the thief");
    assert_eq!(holder(&roster, 2), None, "the seat waits for a new holder");
    office.seat(RATNA, seat, 2, 2, WATI, vec![]);
    assert_eq!(holder(&office.roster(), 2), Some(id(WATI)));
}

#[test]
fn what_a_lower_seat_said_of_the_office_is_nothing_after_the_handover_either() {
    let (mut office, seat) = Office::new();
    let hub = office.seat(RATNA, seat, 2, 1, HUB, vec![]);
    let seen = office.logs[&RATNA].0;
    office.revoke(HUB, hub, RATNA, &[(CONTROL, seen)], Reason::Stolen);
    office.hand_over(RATNA, seat, 1, WATI, &[]);
    let roster = office.roster();
    assert!(!roster.is_revoked(id(RATNA)) && roster.wipe_order(id(RATNA)).is_none(), "her PC would destroy itself");
    // Now that she is somebody else, and that is known: her phone was stolen.
    let seen = office.logs[&RATNA].0;
    office.revoke(HUB, hub, RATNA, &[(CONTROL, seen)], Reason::Stolen);
    assert!(office.roster().is_revoked(id(RATNA)));
}

#[test]
fn who_leaves_says_herself_how_far_her_logs_count_but_not_after_her_phone_was_revoked() {
    let (mut office, seat, admit) = with_ani();
    office.write(ANI, admit, &Control::Retire { logs: vec![(MELATI, 40)] });
    let roster = office.roster();
    assert!(!roster.is_member(id(ANI)) && !roster.is_revoked(id(ANI)));
    assert_eq!(roster.ends_of(id(ANI)).unwrap().end(MELATI), 40);
    // The phone was stolen before, and the thief wants her work out of the books.
    office.revoke(RATNA, seat, ANI, &[(CONTROL, 1), (MELATI, 45)], Reason::Stolen);
    assert_eq!(office.roster().ends_of(id(ANI)).unwrap().end(MELATI), 45);
}

#[test]
fn the_recovery_code_gives_a_seat_and_then_serves_no_more() {
    let (mut office, seat) = Office::new();
    let seen = office.logs[&RATNA].0;
    let wati = office.seat(ROOT, GrantId::ZERO, 1, 2, WATI, vec![(seat, seen)]);
    let last = office.logs[&ROOT].0;
    let rotate = Control::RootRotate { old: id(ROOT), root: keys(20), cut_off: last };
    let rotated = office.write(ROOT, GrantId::ZERO, &rotate);
    // Whoever finds the old envelope later.
    office.seat(ROOT, GrantId::ZERO, 1, 3, ANI, vec![]);
    let roster = office.roster();
    assert_eq!((roster.root(), holder(&roster, 1)), (keys(20), Some(id(WATI))));
    assert!(roster.lost(Scope::Seat).contains(&rotated.grant()), "who has the old code has the seats' key");
    // The new root's word counts.
    office.seat(20, GrantId::ZERO, 1, 3, HUB, vec![(wati, 0)]);
    assert_eq!(holder(&office.roster(), 1), Some(id(HUB)));
}

#[test]
fn rules_are_those_of_the_highest_authority_and_of_its_last_revision() {
    let (mut office, seat) = Office::new();
    assert_eq!(office.roster().rules(), Rules { min_app: 0, warn_days: 30, lock_days: 90, keep_bodies: false });
    let rules = |min_app| Rules { min_app, warn_days: 20, lock_days: 60, keep_bodies: true };
    let hub = office.seat(RATNA, seat, 2, 1, HUB, vec![]);
    office.write(HUB, hub, &Control::Policy { revision: 9, rules: rules(1) });
    office.write(RATNA, seat, &Control::Policy { revision: 2, rules: rules(2) });
    office.write(RATNA, seat, &Control::Policy { revision: 1, rules: rules(3) });
    assert_eq!(office.roster().rules(), rules(2));
}

#[test]
fn a_restriction_is_lifted_by_a_later_word_and_an_erasure_by_none() {
    let (mut office, seat, admit) = with_ani();
    let doc = wakuncar_wire::DocId::from_bytes([5; 16]);
    office.write(ANI, admit, &Control::Purge { things: vec![Thing::Doc(doc)], basis: 0 });
    assert!(!office.roster().is_purged(MELATI, doc), "a kader erases nothing");
    office.write(RATNA, seat, &Control::Hold { revision: 1, thing: Thing::Doc(doc), held: true });
    assert!(office.roster().is_held(MELATI, doc));
    office.write(RATNA, seat, &Control::Hold { revision: 2, thing: Thing::Doc(doc), held: false });
    office.write(RATNA, seat, &Control::Purge { things: vec![Thing::Doc(doc)], basis: 0 });
    let roster = office.roster();
    assert!(!roster.is_held(MELATI, doc) && roster.is_purged(MELATI, doc));
}

#[test]
fn a_key_is_asked_for_only_by_who_may_have_it() {
    let (mut office, seat, admit) = with_ani();
    announce(&mut office, RATNA, seat, KEY, Scope::Coll(MELATI), vec![]);
    office.write(ANI, admit, &Control::KeyRequest { key: KEY });
    office.write(HUB, GrantId::ZERO, &Control::KeyRequest { key: KEY });
    assert_eq!(office.roster().key_requests().collect::<Vec<_>>(), [(KEY, id(ANI))]);
    office.revoke(RATNA, seat, ANI, &[], Reason::Left);
    assert_eq!(office.roster().key_requests().count(), 0);
}

#[test]
fn a_forked_log_is_closed_by_a_seat_and_several_words_add_up() {
    let (mut office, seat, admit) = with_ani();
    let heads = [1, 2].map(|n| wakuncar_wire::EntryId::from_bytes([n; 32]));
    let close = |heads: &[_]| Control::ForkClose { coll: MELATI, author: id(ANI), heads: heads.to_vec() };
    office.write(ANI, admit, &close(&heads));
    assert!(office.roster().accepted_heads(MELATI, id(ANI)).is_none());
    office.write(RATNA, seat, &close(&heads[..1]));
    office.write(RATNA, seat, &close(&heads[1..]));
    assert_eq!(office.roster().accepted_heads(MELATI, id(ANI)).unwrap().len(), 2);
}
