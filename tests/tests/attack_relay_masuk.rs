//! Attacks on the relay, first part: getting in (PROTOCOL §5.2, numbers 1–5, 16–18 and 36).
//!
//! All numbers of the list and where they stand:
//!
//! | numbers | file |
//! | --- | --- |
//! | 1–5, 16–18, 36 | here |
//! | 6–15, 24 | `attack_relay_entri.rs` |
//! | 19–23, 26, 29 | `attack_relay_beban.rs` |
//! | 30–35 | `attack_relay_pulih.rs` |
//!
//! Not here, with the reason: 25 (a reader beside slow writers on PostgreSQL) waits for a relay on PostgreSQL; on SQLite
//! a number is given by the one writer and seen after its commit, which 24 shows. 27 and 28 (files in pieces) wait for
//! photographs, which no device sends yet: the relay has no such endpoint, which 36 shows.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

#[path = "../../sync-server/tests/kelurahan/mod.rs"]
mod kelurahan;

use std::time::{Duration, Instant};

use kelurahan::{ANI, Kelurahan, Line, MAWAR, MELATI, RATNA, WATI, Who, id, ids, key, pushing};
use reqwest::Method;
use wakuncar_sync_server::Limits;
use wakuncar_wire::{
    Control, DeviceId, Entry, GrantId, Head, Kind, PushResult, RelayNotes, Role, SessionRequest, Subject, SyncRequest,
    Wire, session_text,
};

/// Ani keeps Melati, Wati Mawar.
async fn village(limits: Limits) -> (Line, Kelurahan) {
    let line = Line::with(limits).await;
    let mut kelurahan = Kelurahan::new(1);
    kelurahan.kader(ANI, MELATI);
    kelurahan.kader(WATI, MAWAR);
    assert_eq!(line.found(&kelurahan).await, 200);
    (line, kelurahan)
}

/// Whose secrets the invites of these scenes have.
const LIVE: Who = 110;
const PRINTED: Who = 111;

fn many_mistakes() -> Limits {
    Limits { mistakes: 10_000, ..Limits::default() }
}

/// An invite of Ratna, not one that is used already.
fn invite(kelurahan: &mut Kelurahan, who: Who, expiry: u32, mode: u8) -> Entry {
    let invite = Control::Invite { keys: kelurahan::keys(who), role: Role::Kader, access: vec![], expiry, mode };
    kelurahan.control(RATNA, kelurahan.seat.unwrap(), &invite)
}

/// A device asks to join with an invite.
fn join(kelurahan: &mut Kelurahan, who: Who, invite: &Entry, with: Who) -> Entry {
    use ed25519_dalek::Signer;
    let keys = kelurahan::keys(who);
    let text = Control::join_text(kelurahan.space(), invite.id().grant(), &keys);
    let invite_sig = key(with).sign(&text).to_bytes();
    let join = Control::Join { invite: invite.id().grant(), keys, app_version: 1, invite_sig };
    kelurahan.control(who, GrantId::ZERO, &join)
}

#[tokio::test]
async fn attack_01_an_unknown_device_is_answered_as_one_with_a_wrong_signature() {
    let (line, kelurahan) = village(many_mistakes()).await;
    let space = kelurahan.space();
    let (known, unknown) = (Subject::Device(id(ANI)), Subject::Device(DeviceId::from_bytes([9; 16])));
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..60 {
        for (fastest, subject) in fastest.iter_mut().zip([known, unknown]) {
            let challenge = line.challenge(space, subject).await;
            let sig = ed25519_dalek::Signer::sign(&key(WATI), &session_text(&challenge, &line.pin())).to_bytes();
            let body = SessionRequest { space, subject, challenge: challenge.into(), sig }.to_wire();
            let begun = Instant::now();
            let (status, later, said) = line.call(Method::POST, "/v1/session", None, body).await;
            *fastest = begun.elapsed().min(*fastest);
            assert_eq!((status, later, said), (401, None, vec![]));
        }
    }
    // The fastest of many: what the work costs, without what else the machine does.
    let [known, unknown] = fastest.map(|time| time.as_secs_f64());
    assert!(unknown > known * 0.75 && known > unknown * 0.75, "{known} s and {unknown} s");
    // A kelurahan that nobody brought here says no more.
    let elsewhere = Kelurahan::new(7).space();
    let challenge = line.challenge(elsewhere, known_of(ANI)).await;
    assert_eq!(line.answer(elsewhere, known_of(ANI), &challenge, ANI, line.pin()).await, Err(401));
}

fn known_of(who: Who) -> Subject {
    Subject::Device(id(who))
}

#[tokio::test]
async fn attack_02_a_session_signature_serves_once() {
    let (line, kelurahan) = village(Limits::default()).await;
    let challenge = line.challenge(kelurahan.space(), known_of(ANI)).await;
    let answer = || line.answer(kelurahan.space(), known_of(ANI), &challenge, ANI, line.pin());
    assert!(answer().await.is_ok());
    assert_eq!(answer().await, Err(401));
}

#[tokio::test]
async fn attack_03_a_challenge_carried_to_another_relay_opens_nothing_there() {
    let (line, kelurahan) = village(Limits::default()).await;
    let (middle, _) = village(Limits::default()).await;
    // Who stands between shows his own certificate: the device signs for that one.
    let challenge = line.challenge(kelurahan.space(), known_of(ANI)).await;
    assert_eq!(line.answer(kelurahan.space(), known_of(ANI), &challenge, ANI, middle.pin()).await, Err(401));
    // Nor is a challenge of one relay one of another.
    let challenge = middle.challenge(kelurahan.space(), known_of(ANI)).await;
    assert_eq!(line.answer(kelurahan.space(), known_of(ANI), &challenge, ANI, line.pin()).await, Err(401));
}

#[tokio::test]
async fn attack_04_a_token_opens_one_kelurahan_and_what_its_device_may_read() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let mut other = Kelurahan::new(2);
    other.kader(WATI, MELATI);
    assert_eq!(line.found(&other).await, 200);
    let secret = kelurahan.batch(ANI, MELATI, vec![7; 300]);
    let (ani, _) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(std::slice::from_ref(&secret))).await;

    let (wati, _) = line.device(&kelurahan, WATI).await;
    let heads = vec![(MELATI, vec![Head { author: id(ANI), seq: 1, id8: secret.id().prefix() }])];
    let asked = SyncRequest { want: vec![secret.id()], vv: heads.clone(), ..SyncRequest::default() };
    let answer = line.sync(&wati, &asked).await;
    assert!(
        !ids(&answer).contains(&secret.id())
            && answer.receipt.is_none()
            && answer.own.iter().all(|(coll, _)| *coll != MELATI)
    );
    // Whether it is there at all is not said either.
    assert_eq!(
        line.post("/v1/heads", Some(&wati), heads.to_wire()).await,
        (200, Vec::<wakuncar_wire::CollHeads>::new().to_wire())
    );
    let (there, _) = line.device(&other, WATI).await;
    assert!(!ids(&line.sync(&there, &asked).await).contains(&secret.id()));
    let brought = other.batch(WATI, MELATI, vec![1; 40]);
    assert_eq!(line.sync(&wati, &pushing(&[brought])).await.results, [PushResult::Refused(5)]);
    // What is for seats is for seats.
    for path in ["/v1/notes", "/v1/rescue/00112233445566778899aabbccddeeff"] {
        assert_eq!(line.call(Method::GET, path, Some(&wati), vec![]).await, (403, None, vec![]));
    }
}

#[tokio::test]
async fn attack_05_a_revoked_device_learns_that_it_is_and_leaves_its_work_and_no_more() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let before = kelurahan.batch(ANI, MELATI, vec![7; 300]);
    let (ani, _) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(std::slice::from_ref(&before))).await;
    let cursor = line.sync(&ani, &SyncRequest::default()).await.cursor;

    let revoke = kelurahan.revoke(ANI);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    assert_eq!(line.sync(&ratna, &pushing(std::slice::from_ref(&revoke))).await.results, [PushResult::Stored]);
    let news = kelurahan.batch(RATNA, MELATI, vec![8; 300]);
    line.sync(&ratna, &pushing(std::slice::from_ref(&news))).await;

    // Its session is over at once; the one it may open shows it the word about itself.
    let asked = SyncRequest { cursor: Some(cursor), ..SyncRequest::default() };
    assert_eq!(line.post("/v1/sync", Some(&ani), asked.to_wire()).await, (401, vec![]));
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let seen = line.sync(&ani, &SyncRequest::default()).await;
    assert!(ids(&seen).contains(&revoke.id()) && !ids(&seen).contains(&news.id()));
    let all_control = seen.entries.iter().all(|bytes| Entry::decode(bytes).unwrap().header().kind == Kind::Control);
    assert!(all_control, "control entries only");
    assert!(line.sync(&ani, &SyncRequest { want: vec![before.id()], ..asked.clone() }).await.entries.is_empty());
    let late = kelurahan.batch(ANI, MELATI, vec![9; 300]);
    let word = kelurahan.control(ANI, GrantId::ZERO, &Control::KeyRequest { key: kelurahan::content_key(MELATI) });
    let answer = line.sync(&ani, &pushing(&[late.clone(), word])).await;
    assert_eq!(answer.results, [PushResult::Refused(6), PushResult::Refused(6)]);

    // What it could not send waits for a seat; once a day, and the same again is the same.
    let sealed = vec![5; 300_000];
    assert_eq!(line.post("/v1/rescue", Some(&ani), sealed.clone()).await.0, 200);
    assert_eq!(line.post("/v1/rescue", Some(&ani), sealed.clone()).await.0, 200);
    let (status, later, _) = line.call(Method::POST, "/v1/rescue", Some(&ani), vec![6; 100]).await;
    assert!(status == 429 && later.is_some_and(|seconds| seconds <= 86_400));
    assert_eq!(line.post("/v1/rescue", Some(&ani), vec![0; 6 << 20]).await.0, 413);
    let (_, _, notes) = line.call(Method::GET, "/v1/notes", Some(&ratna), vec![]).await;
    let notes = RelayNotes::from_wire(&notes).unwrap();
    let [left] = notes.rescues.as_slice() else { panic!("{notes:?}") };
    assert_eq!((left.device, left.len), (id(ANI), 300_000));
    // 9: it brought something; 10: it left something.
    for what in [9, 10] {
        assert!(notes.happened.iter().any(|happened| (happened.what, happened.device) == (what, id(ANI))), "{notes:?}");
    }
    let name: String = left.id.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = format!("/v1/rescue/{name}");
    assert_eq!(line.call(Method::GET, &path, Some(&ani), vec![]).await.0, 403);
    assert_eq!(line.call(Method::GET, &path, Some(&ratna), vec![]).await, (200, None, sealed));
    assert_eq!(line.call(Method::DELETE, &path, Some(&ratna), vec![]).await.0, 200);
    assert_eq!(line.call(Method::GET, &path, Some(&ratna), vec![]).await.0, 404);

    // A neighbour who has met the phone since brings what it wrote: others may have built on it.
    let (wati, _) = line.device(&kelurahan, WATI).await;
    assert_eq!(line.sync(&wati, &pushing(&[late])).await.results, [PushResult::Stored]);
}

#[tokio::test]
async fn attack_16_an_invite_that_let_one_in_lets_no_other_ask() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    // Live: while one waits, the office sees whoever asks. Printed: nobody compares pictures, so the first one only.
    let (live, printed) = (invite(&mut kelurahan, LIVE, u32::MAX, 0), invite(&mut kelurahan, PRINTED, u32::MAX, 1));
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(&[live.clone(), printed.clone()])).await;
    let (first, second) = (join(&mut kelurahan, 5, &live, LIVE), join(&mut kelurahan, 6, &live, LIVE));
    let (guest, _) = line.session(kelurahan.space(), Subject::Invite(id(LIVE)), LIVE).await;
    assert_eq!(line.sync(&guest, &pushing(&[first.clone(), second])).await.results, [PushResult::Stored; 2]);
    let admit = kelurahan.admit(5, &first, MELATI);
    line.sync(&ratna, &pushing(&[admit])).await;
    let third = join(&mut kelurahan, 7, &live, LIVE);
    assert_eq!(line.sync(&guest, &pushing(std::slice::from_ref(&third))).await.results, [PushResult::Refused(4)]);

    let (guest, _) = line.session(kelurahan.space(), Subject::Invite(id(PRINTED)), PRINTED).await;
    let (eighth, ninth) = (join(&mut kelurahan, 8, &printed, PRINTED), join(&mut kelurahan, 9, &printed, PRINTED));
    let answer = line.sync(&guest, &pushing(&[eighth.clone(), ninth.clone()])).await;
    assert_eq!(answer.results, [PushResult::Stored, PushResult::Refused(4)]);
    // A device that lost the answer asks again, and that is no second one.
    assert_eq!(line.sync(&guest, &pushing(&[eighth])).await.results, [PushResult::Duplicate]);
    // What a cadre met on the local network she does not bring; a seat does, so that somebody sees it.
    let (wati, _) = line.device(&kelurahan, WATI).await;
    assert_eq!(line.sync(&wati, &pushing(&[ninth.clone(), third])).await.results, [PushResult::Refused(4); 2]);
    assert_eq!(line.sync(&ratna, &pushing(&[ninth])).await.results, [PushResult::Stored]);
}

#[tokio::test]
async fn attack_17_the_sixth_guess_at_an_invite_closes_it_to_that_address_and_the_office_hears_of_it() {
    let (line, mut kelurahan) = village(many_mistakes()).await;
    let entry = invite(&mut kelurahan, LIVE, u32::MAX, 0);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(&[entry])).await;
    let (space, subject) = (kelurahan.space(), Subject::Invite(id(LIVE)));
    for guess in 20..25 {
        let challenge = line.challenge(space, subject).await;
        assert_eq!(line.answer(space, subject, &challenge, guess, line.pin()).await, Err(401));
    }
    // Now also with the right secret, for that day.
    let challenge = line.challenge(space, subject).await;
    let sig = ed25519_dalek::Signer::sign(&key(LIVE), &session_text(&challenge, &line.pin())).to_bytes();
    let body = SessionRequest { space, subject, challenge: challenge.into(), sig }.to_wire();
    let (status, later, _) = line.call(Method::POST, "/v1/session", None, body).await;
    assert!(status == 429 && later.is_some_and(|seconds| seconds > 80_000), "{status} {later:?}");
    // Everybody else behind that address goes on.
    let (_, _) = line.device(&kelurahan, ANI).await;
    let (_, _, notes) = line.call(Method::GET, "/v1/notes", Some(&ratna), vec![]).await;
    let notes = RelayNotes::from_wire(&notes).unwrap();
    let guessed: Vec<_> = notes.happened.iter().filter(|happened| happened.what == 4).collect();
    assert!(matches!(guessed.as_slice(), [one] if one.device == id(LIVE) && one.times == 5), "{notes:?}");
}

#[tokio::test]
async fn attack_17_wrong_answers_are_slowed_down_and_right_ones_are_not() {
    let (line, kelurahan) = village(Limits::default()).await;
    let space = kelurahan.space();
    let mut answers = Vec::new();
    for _ in 0..12 {
        let challenge = line.challenge(space, known_of(ANI)).await;
        answers.push(line.answer(space, known_of(ANI), &challenge, WATI, line.pin()).await.unwrap_err());
    }
    assert_eq!(answers[..10], [401; 10]);
    assert_eq!(answers[10..], [429; 2]);
    assert_eq!(line.post("/v1/invite/00112233445566778899aabbccddeeff", None, vec![]).await.0, 429);
    let (_, _) = line.device(&kelurahan, ANI).await;
}

#[tokio::test]
async fn attack_18_an_expired_invite_opens_nothing_at_the_relay() {
    let (line, mut kelurahan) = village(Limits::default()).await;
    let old = invite(&mut kelurahan, LIVE, 1_700_000_000, 1);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(std::slice::from_ref(&old))).await;
    let (space, subject) = (kelurahan.space(), Subject::Invite(id(LIVE)));
    for _ in 0..20 {
        // To come late is no guess: it is told so as often as it asks.
        let challenge = line.challenge(space, subject).await;
        assert_eq!(line.answer(space, subject, &challenge, LIVE, line.pin()).await, Err(401));
    }
    // By hand: a seat has the join from the device itself and brings it with its word.
    let asked = join(&mut kelurahan, 5, &old, LIVE);
    let admit = kelurahan.admit(5, &asked, MELATI);
    assert_eq!(line.sync(&ratna, &pushing(&[asked, admit])).await.results, [PushResult::Stored; 2]);
    let (_, _) = line.device(&kelurahan, 5).await;
}

#[tokio::test]
async fn attack_36_whoever_asks_without_a_session_learns_no_id() {
    let (line, kelurahan) = village(many_mistakes()).await;
    let (_, _) = line.device(&kelurahan, ANI).await;
    let space = kelurahan.space().to_string();
    let paths = [
        "/",
        "/metrics",
        "/health",
        "/healthz",
        "/status",
        "/debug",
        "/v1",
        "/v1/",
        "/v1/space",
        "/v1/sync",
        "/v1/notes",
        "/v1/heads",
        "/v1/rescue",
        "/v1/rescue/00112233445566778899aabbccddeeff",
        "/v1/blob/00112233445566778899aabbccddeeff",
        "/v1/session",
        "/v1/session/challenge",
        "/v1/invite/00112233445566778899aabbccddeeff",
        "/relay.sqlite",
    ];
    for path in paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::TRACE] {
            let request = line.http.request(method.clone(), format!("{}{path}", line.url()));
            let answer = request.send().await.unwrap();
            let said = format!("{:?}", answer.headers());
            assert!(matches!(answer.status().as_u16(), 400..=404 | 405 | 429), "{method} {path}: {}", answer.status());
            assert!(!said.contains(&space) && !said.contains("server:"), "{said}");
            assert!(answer.bytes().await.unwrap().is_empty(), "{method} {path}");
        }
    }
}
