//! What is sealed opens for whom it is meant, to what it says, and for nobody else.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use wakuncar_seal::{
    ContentKey, PICTURES, SealError, SecretIdentity, open_body, open_invitation, open_titipan, pictures, seal_body,
    seal_invitation, seal_titipan,
};
use wakuncar_wire::{
    CollId, DeviceId, EntryId, GrantId, Header, Invitation, KeyId, Kind, RecoveryCode, SpaceId, TypedCode,
};

const VECTORS: &str = include_str!("../vectors/segel.txt");
const SPACE: SpaceId = SpaceId::from_bytes([1; 16]);

fn secret(seed: u8) -> SecretIdentity {
    SecretIdentity::from_bytes(&[seed; 64])
}

fn header(key: KeyId) -> Header {
    Header {
        ver: 1,
        suite: 1,
        kind: Kind::Batch,
        space: SPACE,
        coll: CollId::from_bytes([2; 16]),
        author: DeviceId::from_bytes([3; 16]),
        seq: 1,
        prev: EntryId::ZERO,
        auth: GrantId::from_bytes([4; 16]),
        key,
        schema: 1,
        body_len: 0,
        body_hash: [0; 32],
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_wrap_takes_80_bytes_and_opens_for_one_device_in_one_space() {
    let (key, ani, wati) = (ContentKey::from_bytes(&[7; 32]), secret(1), secret(2));
    let wrap = key.wrap_for(SPACE, &ani.public().unwrap(), &[9; 32]).unwrap();
    assert_eq!(wrap.len(), 80);
    assert!(ContentKey::unwrap_from(SPACE, key.id(), &wrap, &ani).unwrap().id() == key.id());
    assert!(ContentKey::unwrap_from(SPACE, key.id(), &wrap, &wati).is_err());
    assert!(ContentKey::unwrap_from(SpaceId::from_bytes([2; 16]), key.id(), &wrap, &ani).is_err());
    assert!(ContentKey::unwrap_from(SPACE, ContentKey::from_bytes(&[8; 32]).id(), &wrap, &ani).is_err());
    assert!(ContentKey::unwrap_from(SPACE, key.id(), &wrap[..10], &ani).is_err());
}

#[test]
fn a_key_under_another_opens_to_what_its_id_says() {
    let (outer, inner) = (ContentKey::from_bytes(&[1; 32]), ContentKey::from_bytes(&[2; 32]));
    let sealed = outer.seal_key(SPACE, &inner, &[3; 32]).unwrap();
    assert!(outer.open_key(SPACE, inner.id(), &sealed).unwrap().id() == inner.id());
    assert_eq!(outer.open_key(SPACE, outer.id(), &sealed).err(), Some(SealError::DoesNotOpen));
    assert_eq!(inner.open_key(SPACE, inner.id(), &sealed).err(), Some(SealError::DoesNotOpen));
}

#[test]
fn a_body_belongs_to_its_place_in_its_log() {
    let key = ContentKey::from_bytes(&[5; 32]);
    let at = header(key.id());
    let body = seal_body(&key, &at, b"Jl. Padi 1", &[6; 32]).unwrap();
    assert_eq!(open_body(&key, &at, &body).unwrap(), b"Jl. Padi 1");
    let elsewhere = [
        Header { seq: 2, ..at.clone() },
        Header { author: DeviceId::from_bytes([9; 16]), ..at.clone() },
        Header { coll: CollId::from_bytes([9; 16]), ..at.clone() },
        Header { space: SpaceId::from_bytes([9; 16]), ..at.clone() },
        Header { auth: GrantId::from_bytes([9; 16]), ..at.clone() },
        Header { schema: 2, ..at.clone() },
    ];
    for header in elsewhere {
        assert_eq!(open_body(&key, &header, &body), Err(SealError::DoesNotOpen));
    }
    let other = ContentKey::from_bytes(&[4; 32]);
    assert_eq!(open_body(&other, &at, &body), Err(SealError::OtherKey));
    assert_eq!(seal_body(&other, &at, b"", &[6; 32]), Err(SealError::OtherKey));
    // The length and hash of the body come after it is sealed.
    assert!(open_body(&key, &Header { body_len: 9, body_hash: [1; 32], ..at }, &body).is_ok());
}

#[test]
fn a_megabyte_of_nothing_does_not_unpack_to_gigabytes() {
    let key = ContentKey::from_bytes(&[5; 32]);
    let at = header(key.id());
    let body = seal_body(&key, &at, &vec![0; 2 * 1024 * 1024], &[6; 32]).unwrap();
    assert!(body.len() < 1000);
    assert_eq!(open_body(&key, &at, &body).unwrap().len(), 2 * 1024 * 1024);
    assert_eq!(seal_body(&key, &at, &vec![0; 2 * 1024 * 1024 + 1], &[6; 32]), Err(SealError::TooLarge));
}

#[test]
fn a_beacon_is_of_one_key_and_one_number() {
    let (key, other) = (ContentKey::from_bytes(&[1; 32]), ContentKey::from_bytes(&[2; 32]));
    let beacon = key.beacon(&[3; 8]);
    assert_eq!(beacon, key.beacon(&[3; 8]));
    assert!(beacon != key.beacon(&[4; 8]) && beacon != other.beacon(&[3; 8]));
}

#[test]
fn the_same_random_bytes_twice_make_two_nonces() {
    let key = ContentKey::from_bytes(&[5; 32]);
    let at = header(key.id());
    let (one, two) = (seal_body(&key, &at, b"a", &[6; 32]).unwrap(), seal_body(&key, &at, b"b", &[6; 32]).unwrap());
    assert_ne!(one[..24], two[..24]);
}

#[test]
fn identities_and_sealings_are_what_they_were() {
    let root = SecretIdentity::from_recovery(&RecoveryCode::from_secret([7; 16])).public().unwrap();
    let invite = SecretIdentity::from_invite(&[7; 16], SPACE).public().unwrap();
    let key = ContentKey::from_bytes(&[5; 32]);
    let wrap = key.wrap_for(SPACE, &secret(1).public().unwrap(), &[9; 32]).unwrap();
    let made = [
        hex(root.device_id().as_bytes()),
        hex(invite.device_id().as_bytes()),
        hex(secret(1).public().unwrap().device_id().as_bytes()),
        hex(&wrap),
        hex(&key.seal_key(SPACE, &key, &[3; 32]).unwrap()),
    ];
    let mut then: Vec<&str> = VECTORS.lines().filter(|line| !line.starts_with('#')).collect();
    // The compressor may find shorter ways; what it once packed must open.
    let body = then.pop().unwrap();
    assert_eq!(made.join("\n"), then.join("\n"));
    let digit = |at: usize| u8::from_str_radix(&body[at..at + 2], 16).unwrap();
    let body: Vec<u8> = (0..body.len()).step_by(2).map(digit).collect();
    assert_eq!(open_body(&key, &header(key.id()), &body).unwrap(), b"Jl. Padi 1");
}

#[test]
fn an_invitation_opens_with_its_code_only() {
    let invitation = Invitation {
        version: 1,
        flags: 0,
        space: SPACE,
        secret: [2; 16],
        floor: (3, vec![4; 8].into()),
        expiry: 5,
        relay: "127.0.0.1:1".into(),
        pin: [6; 16],
    };
    let code = TypedCode::from_secret([8; 10]);
    let sealed = seal_invitation(&code, &invitation, &[1; 32]).unwrap();
    assert!(sealed.len() <= 1024);
    assert_eq!(open_invitation(&code, &sealed).unwrap(), invitation);
    assert!(open_invitation(&TypedCode::from_secret([9; 10]), &sealed).is_err());
}

#[test]
fn sixty_four_pictures_have_sixty_four_names() {
    let names: BTreeSet<_> = PICTURES.iter().map(|picture| picture.nama).collect();
    let drawn: BTreeSet<_> = PICTURES.iter().map(|picture| picture.gambar).collect();
    assert_eq!((names.len(), drawn.len()), (64, 64));
    let join = EntryId::from_bytes([1; 32]);
    assert_ne!(pictures(&join, &[1; 16]), pictures(&join, &[2; 16]));
}

proptest! {
    #[test]
    fn every_payload_comes_back(payload in proptest::collection::vec(0u8.., 0..5000), random in proptest::array::uniform32(0u8..)) {
        let key = ContentKey::from_bytes(&[5; 32]);
        let at = header(key.id());
        let body = seal_body(&key, &at, &payload, &random).unwrap();
        prop_assert_eq!(open_body(&key, &at, &body).unwrap(), payload);
    }

    #[test]
    fn a_bent_body_does_not_open(at in 0usize..320, bit in 0u8..8) {
        let key = ContentKey::from_bytes(&[5; 32]);
        let header = header(key.id());
        let mut body = seal_body(&key, &header, b"Jl. Padi 1", &[6; 32]).unwrap();
        let at = at % body.len();
        body[at] ^= 1 << bit;
        prop_assert_eq!(open_body(&key, &header, &body), Err(SealError::DoesNotOpen));
    }
}

#[test]
fn what_is_handed_over_opens_for_its_key_and_device_only() {
    let (key, device) = (ContentKey::from_bytes(&[3; 32]), DeviceId::from_bytes([4; 16]));
    let sealed = seal_titipan(&key, SPACE, device, b"Jl. Padi 1", &[9; 32]).unwrap();
    assert_eq!(open_titipan(&key, SPACE, device, &sealed).unwrap(), b"Jl. Padi 1");
    let other = ContentKey::from_bytes(&[5; 32]);
    for (key, space, device) in [
        (&other, SPACE, device),
        (&key, SpaceId::from_bytes([2; 16]), device),
        (&key, SPACE, DeviceId::from_bytes([5; 16])),
    ] {
        assert_eq!(open_titipan(key, space, device, &sealed), Err(SealError::DoesNotOpen));
    }
    // It is no body of an entry, whatever header somebody writes before it.
    assert_eq!(open_body(&key, &header(key.id()), &sealed), Err(SealError::DoesNotOpen));
    assert_eq!(seal_titipan(&key, SPACE, device, &vec![0; 3 << 20], &[9; 32]), Err(SealError::TooLarge));
}
