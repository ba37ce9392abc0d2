//! The real relay on port 0, over TLS: what it takes, what it gives, to whom, and what it swears to.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod kelurahan;

use kelurahan::{ANI, INVITE, Kelurahan, Line, MAWAR, MELATI, RATNA, ROOT, WATI, id, ids, pushing};
use wakuncar_sync::SyncMachine;
use wakuncar_sync_server::Limits;
use wakuncar_wire::{
    Control, Cursor, DeviceId, Entry, EntryId, GrantId, Header, PushResult, StoredReceipt, Subject, SyncRequest,
    TypedCode,
};

/// Ani keeps Melati, Wati Mawar.
async fn village() -> (Line, Kelurahan) {
    let line = Line::new().await;
    let mut kelurahan = Kelurahan::new(1);
    kelurahan.kader(ANI, MELATI);
    kelurahan.kader(WATI, MAWAR);
    assert_eq!(line.found(&kelurahan).await, 200);
    (line, kelurahan)
}

#[tokio::test]
async fn what_a_kader_brings_is_sworn_to_and_reaches_whom_it_may() {
    let (line, mut kelurahan) = village().await;
    let batch = kelurahan.batch(ANI, MELATI, vec![7; 300]);
    let (ani, receipt_pk) = line.device(&kelurahan, ANI).await;
    let answer = line.sync(&ani, &pushing(std::slice::from_ref(&batch))).await;
    assert_eq!(answer.results, [PushResult::Stored]);
    let receipt = StoredReceipt::decode(answer.receipt.as_ref().unwrap()).unwrap();
    receipt.verify(kelurahan.space(), &receipt_pk).unwrap();
    assert_eq!(receipt.entries, [batch.id()]);
    assert_eq!(receipt.relay_epoch, answer.cursor.epoch);
    // Again, as after a lost answer: the same, and nothing twice.
    let again = line.sync(&ani, &pushing(std::slice::from_ref(&batch))).await;
    assert_eq!(again.results, [PushResult::Duplicate]);
    assert!(again.receipt.is_some());

    let control = kelurahan.entries.len() - 1;
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let office = ids(&line.sync(&ratna, &SyncRequest::default()).await);
    assert!(office.contains(&batch.id()) && office.len() == control + 1);
    let (wati, _) = line.device(&kelurahan, WATI).await;
    let neighbour = ids(&line.sync(&wati, &SyncRequest::default()).await);
    assert!(!neighbour.contains(&batch.id()) && neighbour.len() == control);
}

#[tokio::test]
async fn a_sync_without_news_is_one_small_round() {
    let (line, kelurahan) = village().await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let first = line.sync(&ani, &SyncRequest::default()).await;
    let request = SyncRequest { cursor: Some(first.cursor), ..SyncRequest::default() };
    let answer = line.sync(&ani, &request).await;
    assert!(answer.entries.is_empty() && answer.receipt.is_none() && !answer.more && !answer.ask_vv);
    assert_eq!(answer.cursor, first.cursor);
}

#[tokio::test]
async fn nobody_gets_in_with_anothers_name_an_old_answer_or_one_for_another_relay() {
    let (line, kelurahan) = village().await;
    let (space, ani) = (kelurahan.space(), Subject::Device(id(ANI)));
    let challenge = line.challenge(space, ani).await;
    assert_eq!(line.answer(space, ani, &challenge, WATI, line.pin()).await, Err(401));
    // The wrong answer used it up.
    assert_eq!(line.answer(space, ani, &challenge, ANI, line.pin()).await, Err(401));
    let challenge = line.challenge(space, ani).await;
    assert_eq!(line.answer(space, ani, &challenge, ANI, [9; 16]).await, Err(401));
    let challenge = line.challenge(space, ani).await;
    assert!(line.answer(space, ani, &challenge, ANI, line.pin()).await.is_ok());
    assert_eq!(line.answer(space, ani, &challenge, ANI, line.pin()).await, Err(401), "replayed");
    let mut bent = line.challenge(space, ani).await;
    bent[20] ^= 1;
    assert_eq!(line.answer(space, ani, &bent, ANI, line.pin()).await, Err(401));
    let stranger = Subject::Device(DeviceId::from_bytes([9; 16]));
    let challenge = line.challenge(space, stranger).await;
    assert_eq!(line.answer(space, stranger, &challenge, ANI, line.pin()).await, Err(401));
    // A challenge for one cannot be answered by another.
    let challenge = line.challenge(space, Subject::Device(id(WATI))).await;
    assert_eq!(line.answer(space, ani, &challenge, ANI, line.pin()).await, Err(401));
    for token in [None, Some("00000000000000000000000000000000"), Some("x")] {
        // Whoever asks without a session is not even read.
        assert_eq!(line.post("/v1/sync", token, vec![]).await.0, 401);
        let body = wakuncar_wire::Wire::to_wire(&SyncRequest::default());
        assert_eq!(line.post("/v1/sync", token, body).await.0, 401);
    }
}

#[tokio::test]
async fn what_is_bent_misplaced_or_not_allowed_is_refused_and_the_log_stays() {
    let (line, mut kelurahan) = village().await;
    let log: Vec<Entry> = (0..3).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 40])).collect();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let answer = line.sync(&ani, &pushing(&[log[0].clone(), log[2].clone()])).await;
    assert_eq!(answer.results, [PushResult::Stored, PushResult::Gap(1)]);
    let mut bent = log[1].encode();
    let sig = usize::from(u16::from_be_bytes([bent[0], bent[1]])) + 2;
    bent[sig] ^= 1;
    let request = SyncRequest { push: vec![bent.into(), vec![0, 2, 3].into()], ..SyncRequest::default() };
    assert_eq!(line.sync(&ani, &request).await.results, [PushResult::Refused(2), PushResult::Refused(1)]);
    // Wati's collection, under Ani's grant.
    let header = Header { coll: MAWAR, key: kelurahan::content_key(MAWAR), ..log[0].header().clone() };
    let foreign = Entry::sign(header, vec![99; 40], &kelurahan::key(ANI)).unwrap();
    let mut elsewhere = Kelurahan::new(2);
    elsewhere.kader(ANI, MELATI);
    let other = elsewhere.batch(ANI, MELATI, vec![1; 40]);
    let answer = line.sync(&ani, &pushing(&[foreign, other])).await;
    assert_eq!(answer.results, [PushResult::Refused(4), PushResult::Refused(5)]);
    assert!(answer.receipt.is_none());
    let answer = line.sync(&ani, &pushing(&log)).await;
    assert_eq!(answer.results, [PushResult::Duplicate, PushResult::Stored, PushResult::Stored]);
    assert_eq!(answer.own.iter().map(|(_, heads)| heads[0].seq).max(), Some(3));
}

#[tokio::test]
async fn an_invite_shows_who_is_there_and_lets_one_ask_to_join() {
    let (line, mut kelurahan) = village().await;
    let batch = kelurahan.batch(ANI, MELATI, vec![7; 300]);
    let (invite, join) = kelurahan.join(5);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(&[invite.clone(), batch.clone()])).await;
    let subject = Subject::Invite(id(INVITE));
    let (guest, receipt_pk) = line.session(kelurahan.space(), subject, INVITE).await;
    let seen = ids(&line.sync(&guest, &SyncRequest::default()).await);
    assert!(seen.contains(&invite.id()) && !seen.contains(&batch.id()));
    let more = kelurahan.batch(ANI, MELATI, vec![8; 300]);
    let grab = kelurahan.control(5, GrantId::ZERO, &Control::Drop { grant: GrantId::ZERO, cut_off: 0, logs: None });
    let answer = line.sync(&guest, &pushing(&[join.clone(), more, grab])).await;
    assert_eq!(answer.results, [PushResult::Stored, PushResult::Refused(4), PushResult::Refused(4)]);
    let receipt = StoredReceipt::decode(answer.receipt.as_ref().unwrap()).unwrap();
    assert!(receipt.verify(kelurahan.space(), &receipt_pk).is_ok());
    assert!(ids(&line.sync(&ratna, &SyncRequest::default()).await).contains(&join.id()));
    // Asked, not admitted: she sees what an invite shows and no more.
    let (newcomer, _) = line.device(&kelurahan, 5).await;
    assert!(!ids(&line.sync(&newcomer, &SyncRequest::default()).await).contains(&batch.id()));
}

#[tokio::test]
async fn who_may_read_more_now_is_asked_what_she_has_and_gets_the_past() {
    let (line, mut kelurahan) = village().await;
    let old = kelurahan.batch(WATI, MAWAR, vec![7; 300]);
    let (wati, _) = line.device(&kelurahan, WATI).await;
    line.sync(&wati, &pushing(std::slice::from_ref(&old))).await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let cursor = line.sync(&ani, &SyncRequest::default()).await.cursor;
    let access = Control::Access { device: id(ANI), coll: MAWAR, perm: wakuncar_wire::Perm::READ };
    let access = kelurahan.control(RATNA, kelurahan.seat.unwrap(), &access);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(&[access])).await;
    let with = |cursor| SyncRequest { cursor, ..SyncRequest::default() };
    let answer = line.sync(&ani, &with(Some(cursor))).await;
    assert!(answer.ask_vv && answer.entries.is_empty());
    assert!(ids(&line.sync(&ani, &with(None)).await).contains(&old.id()));
    for cursor in [Cursor { rseq: 1 << 40, ..cursor }, Cursor { epoch: [9; 16], ..cursor }] {
        assert!(line.sync(&ani, &with(Some(cursor))).await.ask_vv, "a cursor of nowhere skips nothing");
    }
}

#[tokio::test]
async fn a_long_log_comes_page_by_page_and_a_restarted_relay_goes_on() {
    let (mut line, mut kelurahan) = village().await;
    let log: Vec<Entry> = (0..40).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 10_000])).collect();
    let (ani, receipt_pk) = line.device(&kelurahan, ANI).await;
    let outbox = log.iter().map(|entry| (entry.id(), entry.encode())).collect();
    let mut machine = SyncMachine::new(kelurahan.space(), Some(receipt_pk), None, vec![], outbox, 0);
    let mut stored = Vec::new();
    while let Some(request) = machine.request() {
        stored.extend(machine.answer(&line.sync(&ani, &request).await).unwrap().stored);
    }
    assert_eq!(stored.len(), 40);

    let pin = line.pin();
    line.restart(Limits::default(), |_| ()).await;
    assert_eq!(line.pin(), pin);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let mut machine = SyncMachine::new(kelurahan.space(), Some(receipt_pk), None, vec![], vec![], 100_000);
    let (mut pages, mut entries): (usize, Vec<EntryId>) = (0, Vec::new());
    while let Some(request) = machine.request() {
        let page = machine.answer(&line.sync(&ratna, &request).await).unwrap();
        entries.extend(page.entries.iter().map(Entry::id));
        pages += 1;
    }
    assert!(pages > 3);
    assert_eq!(entries.len(), kelurahan.entries.len());
    assert!(log.iter().all(|entry| entries.contains(&entry.id())));
}

#[tokio::test]
async fn a_relay_takes_in_what_begins_a_kelurahan_and_so_many_of_them() {
    let line = Line::new().await;
    let begun = Kelurahan::new(1);
    let mut headless = Kelurahan::new(2);
    headless.entries.remove(0);
    assert_eq!(line.found(&headless).await, 400);
    for (random, status) in [(1, 200), (1, 200), (3, 200), (4, 200), (5, 507), (1, 200)] {
        assert_eq!(line.found(&Kelurahan::new(random)).await, status);
    }
    let (_, _) = line.device(&begun, RATNA).await;
    let (_, _) = line.device(&begun, ROOT).await;
}

#[tokio::test]
async fn a_typed_code_is_given_five_times_and_only_a_seat_may_leave_one() {
    let (line, kelurahan) = village().await;
    let lookup: String = TypedCode::from_secret([5; 10]).lookup().iter().map(|byte| format!("{byte:02x}")).collect();
    let path = format!("/v1/invite/{lookup}");
    let put = async |token: &str, body: Vec<u8>| {
        let request = line.http.put(format!("{}{path}", line.url())).header("authorization", token).body(body);
        request.send().await.unwrap().status().as_u16()
    };
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    assert_eq!(put(&ani, vec![1; 80]).await, 403);
    assert_eq!(put(&ratna, vec![1; 2000]).await, 413);
    assert_eq!(put(&ratna, vec![1; 80]).await, 200);
    for _ in 0..5 {
        assert_eq!(line.post(&path, None, vec![]).await, (200, vec![1; 80]));
    }
    assert_eq!(line.post(&path, None, vec![]).await.0, 404);
    assert_eq!(line.post("/v1/invite/zz", None, vec![]).await.0, 400);
}

#[tokio::test]
async fn too_much_and_packed_bodies_are_turned_away() {
    let (line, kelurahan) = village().await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    assert_eq!(line.post("/v1/sync", Some(&ani), vec![0; 2 * 1024 * 1024]).await.0, 413);
    let packed = line.http.post(format!("{}/v1/sync", line.url())).header("content-encoding", "gzip");
    assert_eq!(packed.body(vec![1]).send().await.unwrap().status().as_u16(), 415);
    assert_eq!(line.post("/v1/sync", Some(&ani), vec![0xff; 100]).await.0, 400);
}
