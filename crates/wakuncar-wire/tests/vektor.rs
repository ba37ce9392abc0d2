//! Known answers: what one device writes today another reads in ten years.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use wakuncar_wire::{
    Batch, Beat, CollId, Context, Control, Cursor, DeviceId, DocId, Entry, EntryId, GrantId, HandedAnswer, HandedHouse,
    HandedOver, Head, Header, HubCode, Invitation, KeyId, Kind, Notices, Perm, PublicIdentity, PushResult, Reason,
    RecoveryCode, Role, Rules, Scope, Signature, SpaceId, StoredReceipt, Subject, SyncAnswer, SyncRequest, Thing,
    Titipan, TypedCode, Wire, WrapMode, derive, session_text,
};

const VECTORS: &str = include_str!("../vectors/wk1.txt");

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn identity(seed: u8) -> PublicIdentity {
    PublicIdentity { sign: key(seed).verifying_key().to_bytes(), kem: [seed; 32] }
}

fn header(kind: Kind) -> Header {
    let (control, beat) = (kind == Kind::Control, kind == Kind::Beat);
    Header {
        ver: 1,
        suite: 1,
        kind,
        space: SpaceId::from_bytes([1; 16]),
        coll: if control || beat { CollId::CONTROL } else { CollId::from_bytes([2; 16]) },
        author: identity(3).device_id(),
        seq: 300,
        prev: if beat { EntryId::ZERO } else { EntryId::from_bytes([4; 32]) },
        auth: GrantId::from_bytes([5; 16]),
        key: if control { KeyId::ZERO } else { KeyId::from_bytes([6; 32]) },
        schema: 1,
        body_len: 0,
        body_hash: [0; 32],
    }
}

fn controls() -> Vec<(&'static str, Control)> {
    let (grant, coll, id) = (GrantId::from_bytes([5; 16]), CollId::from_bytes([2; 16]), KeyId::from_bytes([6; 32]));
    let device = DeviceId::from_bytes([7; 16]);
    let access = vec![(coll, Perm::READ_WRITE)];
    let wrap = vec![(id, vec![8; 80].into())];
    vec![
        (
            "genesis",
            Control::Genesis {
                root: identity(1),
                superior: vec![],
                superior_mode: 0,
                seats: 8,
                policy: (30, 0),
                kode: "18.72.05.1001".into(),
                nama: "Rejomulyo".into(),
                latihan: true,
                random: [9; 32],
            },
        ),
        (
            "seat_set",
            Control::SeatSet { seat: 1, term: 1, holder: identity(2), cut_offs: vec![(grant, 12)], logs: None },
        ),
        (
            "invite",
            Control::Invite {
                keys: identity(4),
                role: Role::Kader,
                access: access.clone(),
                expiry: 1_800_000_000,
                mode: 0,
            },
        ),
        ("join", Control::Join { invite: grant, keys: identity(3), app_version: 1, invite_sig: [3; 64] }),
        (
            "admit",
            Control::Admit { device, join: grant, role: Role::Kader, access: access.clone(), wraps: wrap.clone() },
        ),
        ("access", Control::Access { device, coll, perm: Perm::READ }),
        ("drop", Control::Drop { grant, cut_off: 0, logs: None }),
        (
            "key",
            Control::Key {
                key: id,
                scope: Scope::Coll(coll),
                parents: wrap,
                accounted: vec![grant],
                for_seats: vec![1; 48].into(),
            },
        ),
        ("wrap", Control::Wrap { key: id, recipient: device, mode: WrapMode::Hpke, ct: vec![1; 80].into() }),
        ("collection", Control::Collection { coll, jenis: 1, purpose: vec![] }),
        (
            "endpoint",
            Control::Endpoint {
                urls: vec!["https://relay.example:8443".into()],
                pins: vec![vec![1; 16].into()],
                lan_port: 0,
                receipt_pk: vec![2; 32].into(),
            },
        ),
        ("greet", Control::Greet { join: grant, nonce: [4; 16] }),
        (
            "seat_set_logs",
            Control::SeatSet {
                seat: 1,
                term: 2,
                holder: identity(2),
                cut_offs: vec![(grant, 12)],
                logs: Some(vec![(grant, coll, 300)]),
            },
        ),
        ("drop_logs", Control::Drop { grant, cut_off: 0, logs: Some(vec![(coll, 300)]) }),
        ("handover", Control::Handover { seat: 1, next: identity(5), logs: vec![(coll, 300)] }),
        ("revoke", Control::Revoke { device, logs: vec![(coll, 300)], reason: Reason::Stolen, wipe: true }),
        ("retire", Control::Retire { logs: vec![(coll, 300)] }),
        ("fork_close", Control::ForkClose { coll, author: device, heads: vec![EntryId::from_bytes([4; 32])] }),
        ("ack", Control::Ack { snapshot: EntryId::from_bytes([4; 32]) }),
        ("purge", Control::Purge { things: vec![Thing::Doc(DocId::from_bytes([9; 16])), Thing::Coll(coll)], basis: 0 }),
        ("root_rotate", Control::RootRotate { old: device, root: identity(6), cut_off: 7 }),
        (
            "policy",
            Control::Policy {
                revision: 1,
                rules: Rules { min_app: 2, warn_days: 30, lock_days: 90, keep_bodies: true },
            },
        ),
        ("hold", Control::Hold { revision: 1, thing: Thing::Coll(coll), held: true }),
        ("raise", Control::Raise { device, logs: vec![(coll, 301)] }),
        ("key_request", Control::KeyRequest { key: id }),
        ("wraps", Control::Wraps { wraps: vec![(id, device, vec![1; 80].into())] }),
    ]
}

fn invitation() -> Invitation {
    Invitation {
        version: 1,
        flags: 0,
        space: SpaceId::from_bytes([1; 16]),
        secret: [2; 16],
        floor: (12, vec![3; 8].into()),
        expiry: 1_800_000_000,
        relay: "relay.kelurahan.example:8443".into(),
        pin: [4; 16],
    }
}

fn titipan() -> Titipan {
    let (space, device) = (SpaceId::from_bytes([1; 16]), identity(3).device_id());
    let wraps = vec![(identity(2).device_id(), vec![1; 80].into())];
    Titipan::sign(space, device, KeyId::from_bytes([5; 32]), wraps, vec![vec![7; 300].into()], &key(3))
}

fn handed_over() -> HandedOver {
    let answer = HandedAnswer { place: "rumah/punya_spal".into(), before: None, now: Some("true".into()) };
    let house = HandedHouse {
        doc: DocId::from_bytes([9; 16]),
        part: "dasar".into(),
        called: "Melati 1 no. 7".into(),
        claimed_at: 1_790_000_000,
        answers: vec![answer],
        changes: vec![vec![2; 12].into()],
    };
    HandedOver { made_at: 1_790_000_000, app_version: 1, houses: vec![house] }
}

#[test]
fn what_was_handed_over_is_of_its_device_and_of_nobody_else() {
    let titipan = titipan();
    let read = Titipan::from_file(&titipan.to_file()).unwrap();
    assert_eq!(read, titipan);
    read.verify(&identity(3).sign).unwrap();
    assert!(read.verify(&identity(4).sign).is_err());
    let bent = |bend: fn(&mut Titipan)| {
        let mut other = titipan.clone();
        bend(&mut other);
        other.verify(&identity(3).sign)
    };
    assert!(bent(|other| other.space = SpaceId::from_bytes([2; 16])).is_err());
    assert!(bent(|other| other.wraps.clear()).is_err());
    assert!(bent(|other| other.parts = vec![vec![8; 300].into()]).is_err());
    let file = titipan.to_file();
    assert!(Titipan::from_file(&file[1..]).is_err());
    assert!(Titipan::from_file(&[file.as_slice(), &[0]].concat()).is_err());
}

fn made() -> BTreeMap<String, Vec<u8>> {
    let head = Head { author: DeviceId::from_bytes([7; 16]), seq: 9, id8: [1; 8] };
    let heads = vec![(CollId::from_bytes([2; 16]), vec![head])];
    let receipt = StoredReceipt::sign(
        SpaceId::from_bytes([1; 16]),
        [2; 16],
        1_790_000_000,
        vec![EntryId::from_bytes([3; 32])],
        &key(9),
    );
    let mut made = BTreeMap::new();
    let mut put = |name: &str, bytes: Vec<u8>| drop(made.insert(name.to_owned(), bytes));
    put("batch_entry", Entry::sign(header(Kind::Batch), vec![7; 40], &key(3)).unwrap().encode());
    put("aad", header(Kind::Batch).aad());
    for (name, control) in controls() {
        let body = control.to_wire();
        put(&format!("control_{name}"), body.clone());
        put(&format!("control_{name}_entry"), Entry::sign(header(Kind::Control), body, &key(3)).unwrap().encode());
    }
    put("device_id", identity(3).device_id().as_bytes().to_vec());
    put("key_id", derive(Context::KeyId, &[&[1; 32]]).to_vec());
    let section = (DocId::from_bytes([1; 16]), vec![vec![2; 12].into(), vec![3; 4].into()]);
    let batch =
        Batch { claimed_at: 1_790_000_000, app_version: 1, causal: vec![head], sections: vec![section], blobs: vec![] };
    put("batch", batch.to_wire());
    put("beat", Beat { claimed_at: 1_790_000_000, app_version: 1, heads: heads.clone(), except: None }.to_wire());
    put("beat_entry", Entry::sign(header(Kind::Beat), vec![7; 40], &key(3)).unwrap().encode());
    put("stored_receipt", receipt.to_wire());
    put("session_text", session_text(&[1; 40], &[2; 16]));
    put("subject_device", Subject::Device(DeviceId::from_bytes([7; 16])).to_wire());
    put("subject_invite", Subject::Invite(DeviceId::from_bytes([7; 16])).to_wire());
    let cursor = Cursor { epoch: [1; 16], rseq: 77 };
    put("sync_request_idle", SyncRequest { cursor: Some(cursor), root: [2; 16], ..Default::default() }.to_wire());
    let full = SyncRequest {
        cursor: None,
        root: [2; 16],
        limit: 65_536,
        push: vec![vec![1; 3].into()],
        want: vec![EntryId::from_bytes([3; 32])],
        vv: heads.clone(),
    };
    put("sync_request", full.to_wire());
    let idle = SyncAnswer {
        cursor,
        more: false,
        ask_vv: false,
        notices: Notices { server_time: 1_790_000_000 },
        results: vec![],
        entries: vec![],
        own: vec![],
        receipt: None,
    };
    put("sync_answer_idle", idle.to_wire());
    let results = vec![
        PushResult::Stored,
        PushResult::Duplicate,
        PushResult::Gap(3),
        PushResult::Fork,
        PushResult::Refused(2),
        PushResult::TooLarge,
        PushResult::Quota(60),
    ];
    let receipt = Some(receipt.to_wire().into());
    put("sync_answer", SyncAnswer { results, entries: vec![vec![1; 3].into()], own: heads, receipt, ..idle }.to_wire());
    put("invitation_qr", invitation().to_qr().into_bytes());
    let hub =
        HubCode { version: 1, space: SpaceId::from_bytes([1; 16]), host: "192.168.1.5:4433".into(), pin: [2; 16] };
    put("hub_qr", hub.to_qr().into_bytes());
    put("typed_code", TypedCode::from_secret([0x5a; 10]).text().into_bytes());
    put("typed_code_lookup", TypedCode::from_secret([0x5a; 10]).lookup().to_vec());
    put("titipan", titipan().to_file());
    put("handed_over", handed_over().to_wire());
    put("recovery_code", RecoveryCode::from_secret([0xa5; 16]).text().into_bytes());
    made
}

#[test]
fn every_format_is_written_as_it_was() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let now: Vec<String> = made().iter().map(|(name, bytes)| format!("{name} {}", hex(bytes))).collect();
    let then: Vec<&str> = VECTORS.lines().filter(|line| !line.starts_with('#')).collect();
    for (now, then) in now.iter().zip(&then) {
        assert_eq!(now, then);
    }
    assert_eq!(now.len(), then.len(), "{}", now.join("\n"));
}

#[test]
fn a_header_takes_181_bytes() {
    let entry = Entry::sign(header(Kind::Batch), vec![7; 40_000], &key(3)).unwrap();
    assert_eq!(entry.header().to_wire().len(), 181);
}

#[test]
fn what_was_signed_verifies_and_nothing_else() {
    let entry = Entry::sign(header(Kind::Batch), vec![7; 40], &key(3)).unwrap();
    let bytes = entry.encode();
    assert_eq!(Entry::decode(&bytes).unwrap(), entry);
    entry.verify(&identity(3).sign).unwrap();
    assert!(entry.verify(&identity(4).sign).is_err());
    // The identity point: a key under which anything verifies.
    let mut weak = [0; 32];
    weak[0] = 1;
    assert!(entry.verify(&weak).is_err());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bent = bytes.clone();
            bent[at] ^= 1 << bit;
            let taken = Entry::decode(&bent).is_ok_and(|entry| entry.verify(&identity(3).sign).is_ok());
            assert!(!taken, "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn receipts_are_of_one_relay_one_space_and_these_entries() {
    let (space, id) = (SpaceId::from_bytes([1; 16]), EntryId::from_bytes([3; 32]));
    let receipt = StoredReceipt::sign(space, [2; 16], 5, vec![id], &key(9));
    receipt.verify(space, &identity(9).sign).unwrap();
    assert!(receipt.verify(space, &identity(8).sign).is_err());
    assert!(receipt.verify(SpaceId::from_bytes([9; 16]), &identity(9).sign).is_err());
    let more = StoredReceipt { entries: vec![id, EntryId::from_bytes([4; 32])], ..receipt };
    assert!(more.verify(space, &identity(9).sign).is_err());
}

#[test]
fn codes_are_read_as_people_type_them_and_a_wrong_letter_is_noticed() {
    let code = TypedCode::from_secret([0x10; 10]);
    let text = code.text();
    assert_eq!(text.len(), 24);
    let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    assert!(TypedCode::parse(&sloppy).unwrap() == code);
    let wrong = |text: &str, at: usize| -> String {
        let swap = |c: char| if c == '7' { '8' } else { '7' };
        text.chars().enumerate().map(|(i, c)| if i == at { swap(c) } else { c }).collect()
    };
    let recovery = RecoveryCode::from_secret([7; 16]).text();
    assert_eq!(recovery.len(), 34);
    for at in (0..24).filter(|at| at % 5 != 4) {
        assert!(TypedCode::parse(&wrong(&text, at)).is_err(), "letter {at}");
        assert!(RecoveryCode::parse(&wrong(&recovery, at)).is_err(), "letter {at}");
    }
    assert!(TypedCode::parse(&text[..23]).is_err());
    let qr = invitation().to_qr();
    assert!(qr.len() <= 180, "{}", qr.len());
    assert_eq!(Invitation::from_qr(&qr).unwrap(), invitation());
    assert!(Invitation::from_qr(&qr.replace('A', "B")).is_err());
    let hub = HubCode { version: 1, space: SpaceId::from_bytes([1; 16]), host: "10.0.0.1:80".into(), pin: [2; 16] };
    let qr = hub.to_qr();
    assert!(qr.len() <= 110 && HubCode::is_meant(&qr), "{}", qr.len());
    assert_eq!(HubCode::from_qr(&format!(" {qr}\n")).unwrap(), hub);
    for at in 0..qr.len() {
        assert!(HubCode::from_qr(&wrong(&qr, at)).is_err(), "letter {at}");
    }
    assert!(Invitation::from_qr(&qr).is_err() && HubCode::from_qr(&invitation().to_qr()).is_err());
}

#[test]
fn a_control_entry_of_a_later_version_is_kept_and_a_spelling_of_ours_is_not_bent() {
    use wakuncar_wire::ControlBody;
    assert_eq!(Control::decode(&[0x82, 0x18, 0x99, 0x01]).unwrap(), ControlBody::Later(0x99));
    for (name, control) in controls() {
        let body = control.to_wire();
        assert_eq!(Control::decode(&body).unwrap(), ControlBody::Known(control), "{name}");
        assert!(Control::decode(&[body.as_slice(), &[0]].concat()).is_err(), "{name}: trailing byte");
        assert!(Control::decode(&body[..body.len() - 1]).is_err(), "{name}: cut");
        assert!(Control::decode(&[&[body[0] + 1], &body[1..], &[0]].concat()).is_err(), "{name}: one field more");
    }
    // A long spelling of the same number.
    assert!(Control::decode(&[0x83, 0x18, 0x08, 0x50]).is_err());
}

#[test]
fn an_idle_sync_is_small() {
    let made = made();
    assert!(made["sync_request_idle"].len() <= 48 && made["sync_answer_idle"].len() <= 40);
}

proptest::proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_or_mean_one_thing(bytes in proptest::collection::vec(0u8.., 0..400)) {
        if let Ok(entry) = Entry::decode(&bytes) {
            proptest::prop_assert_eq!(entry.encode(), bytes.clone());
        }
        if let Ok(batch) = Batch::decode(&bytes) {
            proptest::prop_assert_eq!(batch.to_wire(), bytes.clone());
        }
        if let Ok(request) = SyncRequest::from_wire(&bytes) {
            proptest::prop_assert_eq!(request.to_wire(), bytes.clone());
        }
        let _ = Control::decode(&bytes);
        let _ = Invitation::from_qr(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_bent_byte_of_a_control_body_is_another_meaning_or_none(which in 0usize..12, at in 0usize.., bit in 0u8..8) {
        let body = controls()[which].1.to_wire();
        let mut bent = body.clone();
        bent[at % body.len()] ^= 1 << bit;
        let same = Control::decode(&bent) == Control::decode(&body);
        proptest::prop_assert!(!same);
        let _ = Signature::ALL;
    }
}
