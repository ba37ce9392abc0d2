//! Every history of up to four acts in an office of two seats and three devices, in every subset (PROTOCOL §5.1-6).

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod kantor;

use kantor::{HUB, Office, RATNA, ROOT, WATI, id};
use wakuncar_roster::Roster;
use wakuncar_wire::{CollId, Control, Entry, GrantId, Reason};

const PEOPLE: [u8; 3] = [RATNA, HUB, WATI];

/// One of the acts that somebody can try.
#[derive(Debug, Clone, Copy)]
enum Act {
    Seat { who: u8, seat: u8, holder: u8 },
    HandOver { who: u8, seat: u8, next: u8 },
    Revoke { who: u8, device: u8 },
    Retire { who: u8 },
    Rotate,
}

fn acts() -> Vec<Act> {
    let mut acts = Vec::new();
    for holder in PEOPLE {
        acts.extend([1, 2].map(|seat| Act::Seat { who: ROOT, seat, holder }));
        acts.push(Act::Seat { who: RATNA, seat: 2, holder });
        acts.push(Act::Seat { who: HUB, seat: 1, holder });
        acts.push(Act::HandOver { who: RATNA, seat: 1, next: holder });
        acts.push(Act::HandOver { who: HUB, seat: 2, next: holder });
        acts.push(Act::Revoke { who: RATNA, device: holder });
        acts.push(Act::Revoke { who: HUB, device: holder });
        acts.push(Act::Retire { who: holder });
    }
    acts.push(Act::Rotate);
    acts
}

fn perform(office: &mut Office, grants: &[(u8, GrantId)], act: Act) {
    let of = |who: u8| grants.iter().find(|(holder, _)| *holder == who).map_or(GrantId::ZERO, |(_, grant)| *grant);
    match act {
        Act::Seat { who, seat, holder } => {
            let auth = if who == ROOT { GrantId::ZERO } else { of(who) };
            let seen = office.logs.get(&RATNA).map_or(0, |(seq, _)| *seq);
            // As many terms as she knows of, plus one.
            let terms = office.roster().seat_grants().filter(|(_, at)| at.seat == seat).map(|(_, at)| at.term).max();
            office.seat(who, auth, seat, terms.unwrap_or(0) + 1, holder, vec![(of(RATNA), seen)]);
        }
        Act::HandOver { who, seat, next } => drop(office.hand_over(who, of(who), seat, next, &[])),
        Act::Revoke { who, device } => {
            let seen = office.logs.get(&device).map_or(0, |(seq, _)| *seq);
            office.revoke(who, of(who), device, &[(CollId::CONTROL, seen)], Reason::Lost);
        }
        Act::Retire { who } => drop(office.write(who, of(who), &Control::Retire { logs: vec![] })),
        Act::Rotate => {
            let cut_off = office.logs[&ROOT].0 + 1;
            let rotate = Control::RootRotate { old: id(ROOT), root: kantor::keys(20), cut_off };
            office.write(ROOT, GrantId::ZERO, &rotate);
        }
    }
}

/// What must hold of any set of entries that has the beginning.
fn check(roster: &Roster, office: &Office, entries: &[Entry], history: &[Act]) {
    let open = |number| roster.seat_grants().filter(|(_, at)| at.seat == number && at.cut_off.is_none()).count();
    assert_eq!(open(1), 1, "after {history:?}");
    // Who gave the second seat may have lost hers since, with a cut-off before that.
    assert!(open(2) <= 1, "after {history:?}");
    // No lock-out: the root, whoever it is now, can put anybody into any seat.
    let mut with = Office { space: office.space, entries: entries.to_vec(), logs: office.logs.clone() };
    let root = if roster.root() == kantor::keys(20) { 20 } else { ROOT };
    let of_root = with.entries.iter().filter(|entry| entry.header().author == id(root));
    let last = of_root.map(|entry| (entry.header().seq, entry.id())).max();
    with.logs.remove(&root);
    with.logs.extend(last.map(|last| (root, last)));
    for number in [1, 2] {
        // A term that hung in the air may fall into place first; each word uses up one of them.
        let seated = (0..=history.len() + 1).any(|_| {
            let known = with.roster();
            let terms = known.seat_grants().filter(|(_, seat)| seat.seat == number).map(|(_, seat)| seat.term).max();
            let grant = with.seat(root, GrantId::ZERO, number, terms.unwrap_or(0) + 1, 30, vec![]);
            with.roster().seats().any(|(held, _)| held == grant)
        });
        assert!(seated, "seat {number} after {history:?}");
    }
}

#[test]
fn in_every_history_each_seat_has_one_holder_and_the_root_is_never_locked_out() {
    let acts = acts();
    let mut seen = 0;
    let mut histories: Vec<Vec<Act>> = vec![vec![]];
    for length in 1..=3 {
        let longer =
            |history: &Vec<Act>| acts.iter().map(|act| [history.as_slice(), &[*act]].concat()).collect::<Vec<_>>();
        histories = histories.iter().flat_map(longer).collect();
        // All of one and two; of three a third, which is the same one at every run.
        for history in histories.iter().step_by(if length == 3 { 17 } else { 1 }) {
            let (mut office, ratna) = Office::new();
            let hub = office.seat(RATNA, ratna, 2, 1, HUB, vec![]);
            let begun = office.entries.len();
            history.iter().for_each(|act| perform(&mut office, &[(RATNA, ratna), (HUB, hub)], *act));
            // Whatever part of it somebody has seen.
            for part in 0..1_u32 << history.len() {
                let of_part = |at: usize| at < begun || part & (1 << (at - begun)) != 0;
                let entries: Vec<Entry> =
                    office.entries.iter().enumerate().filter(|(at, _)| of_part(*at)).map(|(_, e)| e.clone()).collect();
                let roster = Roster::evaluate(office.space.unwrap(), &entries).unwrap();
                check(&roster, &office, &entries, history);
                let turned: Vec<&Entry> = entries.iter().rev().collect();
                assert_eq!(Roster::evaluate(office.space.unwrap(), turned).unwrap(), roster);
                seen += 1;
            }
        }
    }
    assert!(seen > 8_000, "{seen}");
}
