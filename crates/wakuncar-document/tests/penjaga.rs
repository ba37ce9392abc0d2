//! Changes from a device that is hostile or has a bug: what the guard lets in can be saved, read and edited.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod perangkat;

use perangkat::potongan::{ACTION, INSERT, KEY_STR, OBJ_CTR, PRED_COUNT, PRED_CTR, Parts, UNKNOWN, honest, sealed};
use perangkat::{AT, Hp, foreign, next};
use sha2::{Digest, Sha256};
use wakuncar_document::{Document, Outcome, Refusal};
use wakuncar_domain::{Edit, Koleksi, Tempat};

#[test]
fn nobody_writes_in_anothers_name_and_nothing_is_taken_before_its_time() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    let first = ani.edit("rumah/alamat", "Jl. Padi 1").unwrap();
    let second = ani.edit("rumah/alamat", "Jl. Padi 2").unwrap();
    assert_eq!(wati.document.receive([3; 8], &[&first.bytes]), Outcome::Refused(Refusal::Actor));
    assert_eq!(wati.document.receive(ani.prefix, &[&second.bytes]), Outcome::Waiting);
    assert_eq!(wati.document.receive(ani.prefix, &[&first.bytes, &second.bytes]), Outcome::Applied(2));
    assert_eq!(wati.document.receive(ani.prefix, &[&first.bytes, &second.bytes]), Outcome::Applied(0));
}

#[test]
fn a_genesis_that_travels_counts_as_empty() {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    let change = ani.edit("rumah/alamat", "Jl. Padi 1").unwrap().bytes;
    let mut wati = Hp::new(2, Koleksi::Dasar);
    for genesis in [&include_bytes!("../genesis/dasar.1")[..], include_bytes!("../genesis/kesehatan.1")] {
        assert_eq!(wati.document.receive(ani.prefix, &[genesis]), Outcome::Applied(0));
        assert_eq!(wati.document.heads(), Document::new(Koleksi::Dasar).unwrap().heads());
    }
    let section = [include_bytes!("../genesis/dasar.1").to_vec(), change];
    assert_eq!(wati.document.receive(ani.prefix, &section), Outcome::Applied(1));
    assert_eq!(wati.document.heads(), ani.document.heads());
}

#[test]
fn what_is_not_of_the_documents_shape_counts_as_empty() {
    use automerge::transaction::Transactable;
    use automerge::{ObjType, ROOT, ReadDoc, ScalarValue};
    let rumah = |tx: &automerge::transaction::Transaction<'_>| tx.get(ROOT, "rumah").unwrap().unwrap().1;
    let anggota = |tx: &automerge::transaction::Transaction<'_>| tx.get(ROOT, "anggota").unwrap().unwrap().1;
    let cases: [(&str, Vec<u8>); 10] = [
        ("scalar over a row", foreign(|tx| tx.put(anggota(tx), "x", 1).unwrap())),
        ("root", foreign(|tx| tx.put(ROOT, "rumah", "x").unwrap())),
        ("deleted", foreign(|tx| tx.delete(ROOT, "rumah").unwrap())),
        ("list", foreign(|tx| drop(tx.put_object(rumah(tx), "alamat", ObjType::List).unwrap()))),
        ("text", foreign(|tx| drop(tx.put_object(rumah(tx), "alamat", ObjType::Text).unwrap()))),
        (
            "row taken away",
            foreign(|tx| {
                let anggota = anggota(tx);
                tx.put_object(&anggota, "a", ObjType::Map).unwrap();
                tx.delete(&anggota, "a").unwrap();
            }),
        ),
        (
            "row replaced",
            foreign(|tx| {
                let anggota = anggota(tx);
                tx.put_object(&anggota, "a", ObjType::Map).unwrap();
                tx.put_object(&anggota, "a", ObjType::Map).unwrap();
            }),
        ),
        ("bytes", foreign(|tx| tx.put(rumah(tx), "x", ScalarValue::Bytes(vec![0; 9])).unwrap())),
        ("counter", foreign(|tx| tx.put(rumah(tx), "x", ScalarValue::counter(1)).unwrap())),
        (
            "deep",
            foreign(|tx| {
                let row = tx.put_object(anggota(tx), "a", ObjType::Map).unwrap();
                tx.put_object(&row, "b", ObjType::Map).unwrap();
            }),
        ),
    ];
    for (apa, change) in cases {
        let mut ani = Hp::new(1, Koleksi::Dasar);
        assert_eq!(ani.document.receive([2; 8], &[&change]), Outcome::Refused(Refusal::Shape), "{apa}");
        assert_eq!(ani.document.heads(), Document::new(Koleksi::Dasar).unwrap().heads(), "{apa}");
    }
}

#[test]
fn a_change_put_together_otherwise_counts_as_empty() {
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    let parts = Parts::of(&changes[0]);
    assert_eq!(parts.chunk(), changes[0], "the parts are the whole");
    let genesis = parts.deps[0];
    let cases: [(&str, Vec<u8>, Refusal); 17] = [
        ("rests on nothing", parts.with(|p| p.deps.clear()), Refusal::History),
        ("rests on one thing twice", parts.with(|p| p.deps.push(genesis)), Refusal::History),
        ("rests on 65 things", parts.with(|p| p.deps = vec![genesis; 65]), Refusal::TooLarge),
        ("numbers ahead", parts.with(|p| p.start_op += 1), Refusal::History),
        ("numbers near the end", parts.with(|p| p.start_op = (1 << 32) - 21), Refusal::TooLarge),
        ("numbers again", parts.with(|p| p.start_op -= 1), Refusal::History),
        ("a change left out", parts.with(|p| p.seq += 1), Refusal::History),
        ("no number", parts.with(|p| p.seq = 0), Refusal::History),
        ("short actor", parts.with(|p| p.actor.truncate(15)), Refusal::Actor),
        ("short actor of another", parts.with(|p| p.others[0].truncate(15)), Refusal::Actor),
        ("a letter along with it", parts.with(|p| p.message = vec![b'x'; 129]), Refusal::TooLarge),
        ("something behind it", parts.with(|p| p.extra = vec![0]), Refusal::NotAChange),
        ("deflated column", parts.with(|p| p.columns[0].0 |= 8), Refusal::Compressed),
        ("a column of its own", parts.with(|p| p.columns.push((UNKNOWN, vec![0x7f, 5]))), Refusal::Shape),
        ("a run of one", parts.with(|p| *p.column(ACTION) = vec![1, 1]), Refusal::NotAChange),
        ("no operation", parts.with(|p| p.columns.clear()), Refusal::Shape),
        ("a container that is not there", parts.with(|p| *p.column(OBJ_CTR) = vec![0x7f, 60]), Refusal::Shape),
    ];
    for (apa, change, refusal) in cases {
        let mut wati = Hp::new(2, Koleksi::Dasar);
        assert_eq!(wati.document.receive(ani.prefix, &[&change]), Outcome::Refused(refusal), "{apa}");
        assert_eq!(wati.document.heads(), Document::new(Koleksi::Dasar).unwrap().heads(), "{apa}");
    }
    // The length written in two bytes more than it needs.
    let mut long = changes[0].clone();
    long[9] |= 128;
    long.splice(10..10, [0x80, 0]);
    let sum = Sha256::digest(&long[8..]);
    long[4..8].copy_from_slice(&sum[..4]);
    let mut wati = Hp::new(2, Koleksi::Dasar);
    assert!(matches!(wati.document.receive(ani.prefix, &[&long]), Outcome::Refused(_)));
    // A chunk longer than a change may be, of another type, compressed.
    for (chunk, refusal) in [
        (vec![0; 256 * 1024 + 1], Refusal::TooLarge),
        (ani.document.save(), Refusal::NotAChange),
        (Vec::new(), Refusal::NotAChange),
    ] {
        assert_eq!(wati.document.receive(ani.prefix, &[&chunk]), Outcome::Refused(refusal));
    }
}

#[test]
fn a_million_operations_in_a_hundred_bytes_are_refused_before_they_are_made() {
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1"), ("rumah/alamat", "Jl. Padi 2")]);
    let parts = Parts::of(&changes[1]);
    let million = [0xc0, 0x84, 0x3d];
    let run = [&million[..], &[1]].concat();
    let null_run = [&[0], &million[..]].concat();
    let literal_run = [0xc0, 0xfb, 0x42].to_vec();
    let texts = [&million[..], &[1, b'x']].concat();
    for (apa, spec, column) in [
        ("actions", ACTION, run.clone()),
        ("absent actions", ACTION, null_run.clone()),
        ("actions one by one", ACTION, literal_run),
        ("objects", OBJ_CTR, run.clone()),
        ("keys", KEY_STR, texts),
        ("inserts", INSERT, million.to_vec()),
        ("lists of what is overwritten", PRED_COUNT, run.clone()),
        ("what is overwritten", PRED_CTR, run),
    ] {
        let bomb = parts.with(|p| *p.column(spec) = column);
        assert!(bomb.len() < 250, "{}", bomb.len());
        let mut wati = Hp::new(2, Koleksi::Dasar);
        let refused = wati.document.receive(ani.prefix, &[&changes[0], &bomb]);
        assert!(matches!(refused, Outcome::Refused(Refusal::NotAChange | Refusal::Shape)), "{apa}: {refused:?}");
    }
    // One list that says it is a million long, of one.
    let claim = parts.with(|p| *p.column(PRED_COUNT) = vec![0x7f, 0xc0, 0x84, 0x3d]);
    let mut wati = Hp::new(2, Koleksi::Dasar);
    assert_eq!(wati.document.receive(ani.prefix, &[&changes[0], &claim]), Outcome::Refused(Refusal::TooManyOps));
}

/// What somebody can have seen is decided by what her change rests on, not by what has come here besides:
/// otherwise a change would count on one phone and not on the next.
#[test]
fn an_edit_of_what_its_author_cannot_have_seen_counts_nowhere() {
    for (apa, there, then) in [
        ("a row", "rumah_tangga/krt1/nama_krt", "rumah_tangga/krt1/jenis_usaha_up2k"),
        ("an answer", "rumah/alamat", "rumah/alamat"),
    ] {
        let (ani, changes) = honest(&[(there, "SARI CONTOH")]);
        let mut wati = Hp::new(2, Koleksi::Dasar);
        wati.receive(&ani);
        let tempat = Tempat::parse(then).unwrap();
        let isi = tempat.butir().parse("Warung").unwrap();
        let edit = wati.document.clone().apply_edits(&wati.actor, &[Edit { tempat, isi }], 0).unwrap().unwrap();
        let first = Parts::of(&changes[0]);
        let blind = Parts::of(&edit.bytes).with(|p| {
            p.deps = first.deps.clone();
            p.start_op = first.start_op;
        });
        for mut hp in [Hp::new(3, Koleksi::Dasar), wati.clone()] {
            let refused = Outcome::Refused(Refusal::Shape);
            assert_eq!(hp.document.receive(wati.prefix, &[&blind]), refused, "{apa}");
        }
        let mut budi = Hp::new(3, Koleksi::Dasar);
        assert_eq!(budi.document.receive(wati.prefix, &[&edit.bytes]), Outcome::Waiting, "{apa}");
        budi.receive(&ani);
        assert_eq!(budi.document.receive(wati.prefix, &[&edit.bytes]), Outcome::Applied(1), "{apa}");
    }
}

/// Two changes of one actor that do not know each other would give one name to two operations.
#[test]
fn nobody_counts_twice() {
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1"), ("rumah/no_rumah", "7")]);
    let first = Parts::of(&changes[0]);
    let twin = Parts::of(&changes[1]).with(|p| {
        p.deps = first.deps.clone();
        p.start_op = first.start_op;
    });
    let mut wati = Hp::new(2, Koleksi::Dasar);
    assert_eq!(wati.document.receive(ani.prefix, &[&changes[0], &twin]), Outcome::Refused(Refusal::History));
    assert_eq!(wati.document.receive(ani.prefix, &[&changes[0]]), Outcome::Applied(1));
    assert_eq!(wati.document.receive(ani.prefix, &[&twin]), Outcome::Refused(Refusal::History));
    let again = Parts::of(&twin).with(|p| p.seq = 1);
    assert!(matches!(wati.document.receive(ani.prefix, &[&again]), Outcome::Refused(_)));
    assert_eq!(wati.document.receive(ani.prefix, &[&changes[1]]), Outcome::Applied(1));
}

#[test]
fn a_genesis_that_this_version_does_not_know_is_waited_for() {
    let (ani, changes) = honest(&[("rumah/alamat", "Jl. Padi 1")]);
    let newer = Parts::of(&changes[0]).with(|p| p.deps = vec![[7; 32]]);
    let mut wati = Hp::new(2, Koleksi::Dasar);
    assert_eq!(wati.document.receive(ani.prefix, &[&newer]), Outcome::Waiting);
    let mut kesehatan = Hp::new(2, Koleksi::Kesehatan);
    assert_eq!(kesehatan.document.receive(ani.prefix, &[&changes[0]]), Outcome::Waiting);
}

#[test]
fn three_thousand_damaged_changes_neither_panic_nor_spoil_the_house() {
    let (ani, changes) = honest(&[
        ("rumah/alamat", "Jl. Padi 1"),
        ("rumah_tangga/krt1/nama_krt", "SARI CONTOH"),
        ("rumah_tangga/krt1/jumlah_jamban", "2"),
        ("rumah/alamat", "Jl. Padi 2"),
        ("anggota/01890a5d-ac96-774b-bcce-b302099a8057/tanggal_lahir", "17 Agustus 1990"),
        ("rumah_tangga/krt1/nama_krt", ""),
    ]);
    // The house as it is before each of the changes.
    let mut before = vec![Hp::new(2, Koleksi::Dasar)];
    for change in &changes {
        let mut hp = before.last().unwrap().clone();
        assert_eq!(hp.document.receive(ani.prefix, &[change]), Outcome::Applied(1));
        before.push(hp);
    }
    let (mut chance, mut refused, mut applied) = (AT as u64, 0, 0);
    for nth in 0..3000 {
        let at = nth % changes.len();
        let mut bytes = changes[at].clone();
        let hostile = nth % 4 != 0;
        for _ in 0..=next(&mut chance) % 3 {
            let i = (next(&mut chance) % bytes.len() as u64) as usize;
            match next(&mut chance) % 4 {
                0 => bytes[i] = (next(&mut chance) & 255) as u8,
                1 => bytes[i] ^= 1 << (next(&mut chance) % 8),
                2 => bytes.insert(i, (next(&mut chance) & 255) as u8),
                _ => drop(bytes.remove(i)),
            }
        }
        if bytes == changes[at] {
            continue;
        }
        if hostile && bytes.len() > 12 {
            // A hostile member makes length and checksum again.
            let length = bytes[9..].iter().position(|byte| byte & 128 == 0).unwrap_or(0);
            bytes = sealed(&bytes[10 + length..]);
        }
        let mut hp = before[at].clone();
        match hp.document.receive(ani.prefix, &[&bytes]) {
            Outcome::Refused(_) => refused += 1,
            Outcome::Waiting => assert!(hostile),
            Outcome::Applied(_) => {
                assert!(hostile || bytes == changes[at], "a checksum that does not match got in");
                applied += 1;
            }
        }
        let mut loaded = Document::load(Koleksi::Dasar, &hp.document.save()).unwrap();
        assert_eq!(loaded.read(), hp.document.read());
        assert_eq!(loaded.conflicts(), hp.document.conflicts());
        let tempat = Tempat::parse("rumah/no_rumah").unwrap();
        let isi = tempat.butir().parse("7").unwrap();
        assert!(loaded.apply_edits(&hp.actor, &[Edit { tempat, isi }], AT).unwrap().is_some());
    }
    assert!(refused > 2000 && applied > 30, "{refused} refused, {applied} are valid changes of other content");
}
