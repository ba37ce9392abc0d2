//! A house goes into a snapshot and comes out of it on a phone that has seen none of its changes.

#![allow(clippy::unwrap_used, missing_docs, reason = "a scene fails where it stands")]

mod perangkat;

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};
use perangkat::potongan::{Parts, honest};
use perangkat::{Hp, next};
use proptest::prelude::*;
use wakuncar_document::{Document, Outcome, Quota, Refusal, SnapshotRefusal};
use wakuncar_domain::Koleksi;

/// Three phones that wrote in one house, and know of each other in part.
fn house() -> Hp {
    let (mut ani, mut wati, mut budi) =
        (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar), Hp::new(3, Koleksi::Dasar));
    ani.edit("rumah/alamat", "Jl. Padi 1");
    ani.edit("rumah_tangga/krt1/nama_krt", "SARI CONTOH");
    wati.receive(&ani);
    wati.edit("rumah/alamat", "Jl. Padi 2");
    ani.edit("rumah/alamat", "Jl. Padi 3");
    budi.receive(&ani);
    budi.edit("rumah_tangga/krt1/jumlah_jamban", "2");
    ani.actor = ani.actor.with_salt([8; 8]);
    ani.edit("rumah/no_rumah", "7");
    ani.receive(&wati);
    ani.receive(&budi);
    ani
}

#[test]
fn a_house_comes_out_as_it_went_in_and_goes_on() {
    let mut ani = house();
    let snapshot = ani.document.to_snapshot().unwrap();
    let mut baru = Hp::new(4, Koleksi::Dasar);
    baru.document = Document::from_snapshot(Koleksi::Dasar, &snapshot, &ani.document.heads()).unwrap();
    assert_eq!(baru.document.read(), ani.document.read());
    assert_eq!(baru.document.conflicts(), ani.document.conflicts());
    assert_eq!(baru.document.to_snapshot().unwrap(), snapshot);

    let change = ani.edit("rumah/rt", "002").unwrap();
    assert_eq!(baru.document.receive(ani.prefix, &[&change.bytes]), Outcome::Applied(1));
    let change = baru.edit("rumah/alamat", "Jl. Padi 4").unwrap();
    assert_eq!(ani.document.receive(baru.prefix, &[&change.bytes]), Outcome::Applied(1));
    assert_eq!(baru.document.heads(), ani.document.heads());
}

#[test]
fn it_says_who_brought_how_much() {
    let ani = house();
    let snapshot = ani.document.to_snapshot().unwrap();
    let baru = Document::from_snapshot(Koleksi::Dasar, &snapshot, &ani.document.heads()).unwrap();
    let brought = baru.brought();
    let prefixes: Vec<_> = brought.keys().copied().collect();
    assert_eq!(prefixes, [[1; 8], [2; 8], [3; 8]]);
    assert_eq!(brought[&[1; 8]].counts().1, 5, "a row and four answers");
    let bytes: u64 = brought.values().map(|quota| quota.counts().0).sum();
    assert_eq!(bytes, ani.document.changes().iter().map(|change| change.bytes.len() as u64).sum::<u64>());
}

#[test]
fn attack_67_a_snapshot_of_another_past_is_not_taken() {
    let ani = house();
    let heads = ani.document.heads();
    let mut other = ani.clone();
    other.edit("rumah/no_rumah", "9");
    let refused = |koleksi, bytes: &[u8], heads: &[[u8; 32]]| Document::from_snapshot(koleksi, bytes, heads).err();
    use SnapshotRefusal::{OtherHeads, Refused, UnknownGenesis};
    assert_eq!(refused(Koleksi::Dasar, &other.document.to_snapshot().unwrap(), &heads), Some(OtherHeads));
    assert_eq!(refused(Koleksi::Dasar, &ani.document.to_snapshot().unwrap(), &heads[1..]), Some(OtherHeads));
    let snapshot = ani.document.to_snapshot().unwrap();
    assert_eq!(refused(Koleksi::Kesehatan, &snapshot, &heads), Some(UnknownGenesis));
    assert_eq!(refused(Koleksi::Dasar, &Automerge::new().save_nocompress(), &[]), Some(UnknownGenesis));
    for (bytes, refusal) in [
        (Vec::new(), Refusal::NotAChange),
        (snapshot[..snapshot.len() - 1].to_vec(), Refusal::NotAChange),
        ([&snapshot[..], &snapshot].concat(), Refusal::NotAChange),
        (ani.document.changes()[0].bytes.clone(), Refusal::NotAChange),
        (flipped(&snapshot, 60), Refusal::Checksum),
    ] {
        assert_eq!(refused(Koleksi::Dasar, &bytes, &heads), Some(Refused(refusal)));
    }
}

#[test]
fn what_the_guard_would_refuse_is_not_in_it() {
    type Edit = fn(&mut automerge::transaction::Transaction<'_>);
    let cases: [(&str, Edit); 4] = [
        ("root", |tx| tx.put(ROOT, "catatan", "x").unwrap()),
        ("text", |tx| drop(tx.put_object(rumah(tx), "alamat", ObjType::Text).unwrap())),
        ("list", |tx| drop(tx.put_object(rumah(tx), "alamat", ObjType::List).unwrap())),
        ("deep", |tx| {
            let row = tx.put_object(rumah(tx), "a", ObjType::Map).unwrap();
            tx.put(&row, "b", 1).unwrap();
        }),
    ];
    for (apa, edit) in cases {
        let mut doc = Automerge::load(&house().document.save()).unwrap().with_actor(ActorId::from([3; 16]));
        let mut tx = doc.transaction();
        edit(&mut tx);
        tx.commit();
        let heads: Vec<_> = doc.get_heads().into_iter().map(|hash| hash.0).collect();
        let refused = Document::from_snapshot(Koleksi::Dasar, &doc.save_nocompress(), &heads).err();
        assert_eq!(refused, Some(SnapshotRefusal::Refused(Refusal::Shape)), "{apa}");
    }
}

#[test]
fn nobody_has_more_in_it_than_she_may_bring() {
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    let mut doc = Document::new(Koleksi::Dasar).unwrap();
    let parts = Parts::of(&changes[0]);
    for nth in 0..3_u8 {
        let change = parts.with(|p| p.actor[15] = nth);
        let change = Parts::of(&change).put_again(9_000, "alamat", true);
        assert_eq!(doc.receive(ani.prefix, &[&change]), Outcome::Applied(1));
    }
    let heads = doc.heads();
    let refused = Document::from_snapshot(Koleksi::Dasar, &doc.to_snapshot().unwrap(), &heads).err();
    assert_eq!(refused, Some(SnapshotRefusal::Refused(Refusal::TooLarge)));
    assert!(doc.brought()[&ani.prefix] != Quota::default());
}

fn rumah(tx: &automerge::transaction::Transaction<'_>) -> automerge::ObjId {
    tx.get(ROOT, "rumah").unwrap().unwrap().1
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

const PLACES: [(&str, [&str; 3]); 4] = [
    ("rumah/alamat", ["Jl. Padi 1", "Jl. Padi 2", "Jl. Padi 3"]),
    ("rumah/kriteria_rumah", ["SEHAT", "TIDAK_SEHAT", ""]),
    ("rumah_tangga/krt1/nama_krt", ["AYAH CONTOH", "IBU CONTOH", "?"]),
    ("rumah_tangga/krt2/krt", ["1", "2", ""]),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_house_that_phones_can_make_comes_out_of_a_snapshot(
        steps in prop::collection::vec((0..3_usize, 0..5_usize, 0..3_usize, any::<bool>()), 1..40),
    ) {
        let mut hp: Vec<_> = (1..=3).map(|nomor| Hp::new(nomor, Koleksi::Dasar)).collect();
        for (who, place, nth, restart) in steps {
            if restart {
                hp[who].actor = hp[who].actor.with_salt([u8::try_from(nth).unwrap() + 10; 8]);
            }
            match PLACES.get(place) {
                Some((jalur, isi)) => drop(hp[who].edit(jalur, isi[nth])),
                None => {
                    let from = hp[nth].clone();
                    hp[who].receive(&from);
                }
            }
        }
        for hp in hp {
            let heads = hp.document.heads();
            let out = Document::from_snapshot(Koleksi::Dasar, &hp.document.to_snapshot().unwrap(), &heads).unwrap();
            prop_assert_eq!(out.heads(), heads);
            prop_assert_eq!(out.read(), hp.document.read());
        }
    }

    #[test]
    fn no_damaged_snapshot_is_taken_for_the_house(seed: u64, damages in 1..4_usize) {
        let ani = house();
        let mut bytes = ani.document.to_snapshot().unwrap();
        let mut chance = seed;
        for _ in 0..damages {
            let at = (next(&mut chance) % bytes.len() as u64) as usize;
            bytes[at] = next(&mut chance) as u8;
        }
        let sum = <sha2::Sha256 as sha2::Digest>::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&sum[..4]);
        if let Ok(taken) = Document::from_snapshot(Koleksi::Dasar, &bytes, &ani.document.heads()) {
            prop_assert_eq!(taken.read(), ani.document.read());
        }
    }
}
