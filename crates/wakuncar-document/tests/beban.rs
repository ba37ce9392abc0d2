//! What hostile bytes may cost, measured on the heap: each of these small changes once asked for much.

#![allow(clippy::unwrap_used, missing_docs, reason = "a scene fails where it stands")]

mod perangkat;

use std::sync::{Mutex, MutexGuard};

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};
use peak_alloc::PeakAlloc;
use perangkat::potongan::{PRED_COUNT, PRED_CTR, Parts, SavedParts, honest, leb, run, sleb};
use perangkat::{AT, Hp};
use wakuncar_document::{Actor, Document, Outcome, Refusal, SnapshotRefusal};
use wakuncar_domain::Koleksi;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The heap is one for all: who measures is alone.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

const KIB: usize = 1024;
const MIB: usize = 1024 * 1024;

/// The result, and the bytes of heap that it took on the way.
fn measured<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let result = work();
    (result, HEAP.peak_usage().saturating_sub(before))
}

/// 250 KB became 2.4 GB and seven seconds: the library writes a key that stands in a run out for each operation.
#[test]
fn a_long_key_in_a_run_is_refused_for_a_kilobyte() {
    let _alone = alone();
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    for (key, over) in [("k".repeat(250_000), false), ("k".repeat(250_000), true), ("k".repeat(257), true)] {
        let bomb = Parts::of(&changes[0]).put_again(10_000, &key, over);
        let mut wati = Hp::new(2, Koleksi::Dasar);
        let (outcome, heap) = measured(|| wati.document.receive(ani.prefix, &[&bomb]));
        assert_eq!(outcome, Outcome::Refused(Refusal::TooLarge));
        assert!(heap < 64 * KIB, "{heap}");
    }
}

#[test]
fn attack_40_a_million_operations_values_or_dependencies_are_refused_for_two_megabytes() {
    let _alone = alone();
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1"), ("rumah/alamat", "Jl. Padi 2")]);
    let parts = Parts::of(&changes[1]);
    let bombs = [
        ("operations", parts.put_again(1_000_000, "alamat", true)),
        ("values of one operation", parts.with(|p| *p.column(PRED_COUNT) = vec![0x7f, 0xc0, 0x84, 0x3d])),
        ("values that stand nowhere", parts.with(|p| *p.column(PRED_CTR) = run(1_000_000, &[1]))),
        ("dependencies", parts.with(|p| p.deps = vec![[7; 32]; 65])),
        ("dependencies that are not there", parts.with(|p| p.deps = (0..8000_u16).map(wide).collect())),
        ("actors", parts.with(|p| p.others = (0..14_000_u16).map(|n| wide(n)[..16].to_vec()).collect())),
    ];
    for (apa, bomb) in bombs {
        let mut wati = Hp::new(2, Koleksi::Dasar);
        let (outcome, heap) = measured(|| wati.document.receive(ani.prefix, &[&changes[0], &bomb]));
        assert!(matches!(outcome, Outcome::Refused(_)), "{apa}: {outcome:?}");
        assert!(heap < 2 * MIB, "{apa}: {heap}");
    }
    // What rests on changes that never come waits, and costs nothing; a change cannot rest on itself.
    let waits = parts.with(|p| p.deps = (0..64_u16).map(wide).collect());
    let mut wati = Hp::new(2, Koleksi::Dasar);
    let (outcome, heap) = measured(|| wati.document.receive(ani.prefix, &[&waits]));
    assert_eq!(outcome, Outcome::Waiting);
    assert!(heap < 64 * KIB, "{heap}");
}

fn wide(number: u16) -> [u8; 32] {
    let mut wide = [0; 32];
    wide[..2].copy_from_slice(&number.to_be_bytes());
    wide
}

#[test]
fn attack_37_half_a_megabyte_that_inflates_to_half_a_gigabyte_is_refused_before_it_does() {
    use std::io::Write;
    let _alone = alone();
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..512 {
        packed.write_all(&vec![0; MIB]).unwrap();
    }
    let packed = packed.finish().unwrap();
    let mut bomb = vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3, 4, 2];
    bomb.extend(leb(packed.len()));
    bomb.extend(&packed);
    assert!(bomb.len() > 400 * KIB);
    let mut wati = Hp::new(2, Koleksi::Dasar);
    let (outcome, heap) = measured(|| wati.document.receive(ani.prefix, &[&bomb]));
    assert!(matches!(outcome, Outcome::Refused(_)));
    assert!(heap < MIB, "{heap}");

    // Small enough for a change, as a chunk of its own kind, as a column, and in a snapshot.
    let mut deflated = automerge::Change::from_bytes(keys(100)).unwrap().bytes().to_vec();
    assert_eq!(deflated[8], 2);
    assert_eq!(wati.document.receive(ani.prefix, &[&deflated]), Outcome::Refused(Refusal::NotAChange));
    deflated[8] = 1;
    assert!(matches!(wati.document.receive(ani.prefix, &[&deflated]), Outcome::Refused(_)));
    let column = Parts::of(&changes[0]).with(|p| p.columns[0].0 |= 8);
    assert_eq!(wati.document.receive(ani.prefix, &[&column]), Outcome::Refused(Refusal::Compressed));
    let mut long = Hp::new(1, Koleksi::Dasar);
    for nth in 0..40 {
        long.edit("rumah/alamat", &format!("Jl. Padi {nth} {}", "a".repeat(90)));
    }
    let (refused, heap) =
        measured(|| Document::from_snapshot(Koleksi::Dasar, &long.document.save(), &long.document.heads()).err());
    assert_eq!(refused, Some(SnapshotRefusal::Refused(Refusal::Compressed)));
    assert!(heap < MIB, "{heap}");
}

/// A whole life of hostile entries in one house, sent as fast as can be.
#[test]
fn what_one_author_may_bring_at_most_stays_within_forty_megabytes() {
    let _alone = alone();
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    let parts = Parts::of(&changes[0]);
    let fresh: Vec<_> =
        (0_u32..2000).map(|nth| parts.with(|p| p.actor[8..12].copy_from_slice(&nth.to_be_bytes()))).collect();
    let long = "k".repeat(256);
    for (apa, section, expected) in [
        ("actors", fresh, Outcome::Applied(2000)),
        ("answers over each other", vec![parts.put_again(10_000, "alamat", true)], Outcome::Applied(1)),
        ("the longest key", vec![parts.put_again(10_000, &long, true)], Outcome::Applied(1)),
        ("answers beside each other", vec![parts.put_again(10_000, "alamat", false)], Outcome::Refused(Refusal::Shape)),
        ("keys", vec![keys(9_999)], Outcome::Applied(1)),
        ("small changes", vec![parts.put_again(10_000, "alamat", true); 3], Outcome::Refused(Refusal::TooManyOps)),
    ] {
        let mut wati = Hp::new(2, Koleksi::Dasar);
        let (outcome, heap) = measured(|| wati.document.receive(ani.prefix, &section));
        assert_eq!(outcome, expected, "{apa}");
        assert!(heap < 40 * MIB, "{apa}: {heap}");
        let (_, heap) = measured(|| (wati.document.save(), wati.document.conflicts(), wati.document.read()));
        assert!(heap < 40 * MIB, "{apa} afterwards: {heap}");
    }
}

/// A change of device 1 that makes a row of so many answers.
fn keys(count: usize) -> Vec<u8> {
    let base = Document::new(Koleksi::Dasar).unwrap().save();
    let mut doc = Automerge::load(&base).unwrap().with_actor(ActorId::from([1_u8; 16]));
    let mut tx = doc.transaction();
    let anggota = tx.get(ROOT, "anggota").unwrap().unwrap().1;
    let row = tx.put_object(&anggota, "a", ObjType::Map).unwrap();
    for nth in 0..count {
        tx.put(&row, format!("k{nth}"), 1).unwrap();
    }
    tx.commit();
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[test]
fn a_saved_document_of_long_keys_or_deep_maps_is_refused_for_a_megabyte() {
    let _alone = alone();
    let mut ani = Hp::new(1, Koleksi::Dasar);
    ani.edit("rumah/alamat", "Jl. Padi 1");
    let saved = ani.document.save();
    let file = |edit: &dyn Fn(&mut automerge::transaction::Transaction<'_>)| {
        let mut doc = Automerge::load(&saved).unwrap().with_actor(ActorId::from([3_u8; 16]));
        let mut tx = doc.transaction();
        edit(&mut tx);
        tx.commit();
        (doc.save(), doc.save_nocompress(), doc.get_heads().into_iter().map(|hash| hash.0).collect::<Vec<_>>())
    };
    let rumah = |tx: &automerge::transaction::Transaction<'_>| tx.get(ROOT, "rumah").unwrap().unwrap().1;
    let (long_keys, plain, heads) = file(&|tx| {
        let (rumah, key) = (rumah(tx), "k".repeat(60_000));
        (0..2000).for_each(|nth| tx.put(&rumah, &key, nth).unwrap());
    });
    assert!(long_keys.len() < 5 * KIB);
    let (refused, heap) = measured(|| ani.document.take_edits(&Actor::new([1; 8], [2; 8]), &long_keys, AT).is_err());
    assert!(refused && heap < MIB, "{heap}");
    let (refused, heap) = measured(|| Document::from_snapshot(Koleksi::Dasar, &plain, &heads).err());
    assert_eq!(refused, Some(SnapshotRefusal::Refused(Refusal::TooLarge)));
    assert!(heap < MIB, "{heap}");

    let (deep, plain, heads) = file(&|tx| {
        let mut object = rumah(tx);
        for _ in 0..10_000 {
            object = tx.put_object(&object, "a", ObjType::Map).unwrap();
        }
    });
    let (taken, heap) = measured(|| ani.document.take_edits(&Actor::new([1; 8], [2; 8]), &deep, AT).unwrap());
    assert!(taken.edits.is_empty() && heap < 16 * MIB, "{heap}");
    let (refused, heap) = measured(|| Document::from_snapshot(Koleksi::Dasar, &plain, &heads).err());
    assert_eq!(refused, Some(SnapshotRefusal::Refused(Refusal::Shape)));
    assert!(heap < 16 * MIB, "{heap}");
}

/// Where each change ends is said beside it, under no hash: the library takes a million for it, and who had such a house
/// would count on from there alone.
#[test]
fn a_snapshot_whose_changes_say_to_end_elsewhere_is_refused() {
    let _alone = alone();
    let (ani, _) = honest(&[("rumah/alamat", "Jl. Padi 1"), ("rumah/alamat", "Jl. Padi 2")]);
    let plain = ani.document.to_snapshot().unwrap();
    let parts = SavedParts::of(&plain);
    assert_eq!(parts.file(), plain, "the parts are the whole");
    let with = |max_op: &[i64], deps_count: &[u8], deps: &[i64]| {
        let mut parts = parts.clone();
        let list = |items: Vec<Vec<u8>>| [sleb(-i64::try_from(items.len()).unwrap()), items.concat()].concat();
        for (spec, column) in &mut parts.changes {
            match *spec {
                19 => *column = list(max_op.iter().map(|n| sleb(*n)).collect()),
                64 => *column = list(deps_count.iter().map(|n| vec![*n]).collect()),
                67 => *column = list(deps.iter().map(|n| sleb(*n)).collect()),
                _ => {}
            }
        }
        parts.file()
    };
    let (same, _) = measured(|| {
        Document::from_snapshot(Koleksi::Dasar, &with(&[9, 1, 1], &[0, 1, 1], &[0, 1]), &ani.document.heads())
    });
    assert!(same.is_ok());
    for (apa, file) in [
        ("one more", with(&[9, 1, 2], &[0, 1, 1], &[0, 1])),
        ("the last", with(&[9, 1, 100_000], &[0, 1, 1], &[0, 1])),
        ("each", with(&[150_000, 1, 50_001], &[0, 1, 1], &[0, -1])),
        ("all of the bits", with(&[9, 1, (1 << 32) - 11], &[0, 1, 1], &[0, 1])),
        ("backwards", with(&[9, 1, -5], &[0, 1, 1], &[0, 1])),
        ("rests on itself", with(&[9, 1, 1], &[0, 1, 1], &[0, 2])),
        ("rests on what is not there", with(&[9, 1, 1], &[0, 1, 1], &[0, 9])),
    ] {
        let (refused, heap) = measured(|| Document::from_snapshot(Koleksi::Dasar, &file, &ani.document.heads()).err());
        use Refusal::{History, Library, NotAChange, TooManyOps};
        let refusal = matches!(refused, Some(SnapshotRefusal::Refused(TooManyOps | NotAChange | History | Library)));
        assert!(refusal, "{apa}: {refused:?}");
        assert!(heap < 48 * MIB, "{apa}: {heap}");
    }
}
