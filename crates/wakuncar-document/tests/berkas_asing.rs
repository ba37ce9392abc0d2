//! A saved house goes to another program, is edited there, and comes back.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod perangkat;

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use perangkat::{AT, Hp, next};
use proptest::prelude::*;
use wakuncar_document::{Actor, Document, Error, ForeignFile, PlaceRefusal, TakenEdits};
use wakuncar_domain::{Isian, JawabanSalah, Koleksi, Nilai};

const IBU: &str = "anggota/01890a5d-ac96-774b-bcce-b302099a8057";

fn ani() -> Hp {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    ani.edit("rumah/alamat", "Jl. Padi 1");
    ani.edit("rumah/punya_spal", "ya");
    ani.edit("rumah_tangga/krt1/jumlah_jamban", "1");
    ani.edit(&format!("{IBU}/nama_lengkap"), "SARI CONTOH");
    ani
}

/// The saved house as another program gives it back.
fn edited(hp: &Hp, edit: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
    again(&hp.document.save(), edit)
}

fn again(saved: &[u8], edit: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
    let mut doc = Automerge::load(saved).unwrap();
    doc.set_actor(ActorId::random());
    let mut tx = doc.transaction();
    edit(&mut tx);
    tx.commit();
    doc.save()
}

fn part(tx: &Transaction<'_>, keys: &[&str]) -> ObjId {
    keys.iter().fold(ROOT, |object, key| tx.get(&object, *key).unwrap().unwrap().1)
}

/// As JavaScript writes a string: a text of single letters.
fn put_text(tx: &mut Transaction<'_>, object: &ObjId, key: &str, isi: &str) {
    let text = tx.put_object(object, key, ObjType::Text).unwrap();
    tx.splice_text(&text, 0, 0, isi).unwrap();
}

/// Takes a file as a process does that has never written before.
fn take(hp: &mut Hp, salt: u8, file: &[u8]) -> Result<TakenEdits, Error> {
    hp.document.take_edits(&Actor::new(hp.prefix, [salt; 8]), file, AT)
}

fn teks(teks: &str) -> Isian<Nilai> {
    Isian::Terisi(Nilai::Teks(teks.to_owned()))
}

/// Every change is this device's and would be taken by another one.
fn arrives_elsewhere(hp: &Hp) {
    let mut wati = Hp::new(2, hp.document.koleksi());
    for change in hp.document.changes() {
        let outcome = wati.document.receive(hp.prefix, &[change.bytes]);
        assert_eq!(outcome, wakuncar_document::Outcome::Applied(1));
    }
    assert_eq!(wati.document.heads(), hp.document.heads());
}

#[test]
fn edits_made_elsewhere_become_this_devices_own() {
    let mut ani = ani();
    let file = edited(&ani, |tx| {
        let rumah = part(tx, &["rumah"]);
        put_text(tx, &rumah, "alamat", "Jl. Padi 9");
        tx.put(&rumah, "punya_spal", false).unwrap();
        put_text(tx, &rumah, "kriteria_rumah", "Sehat");
        let krt = part(tx, &["rumah_tangga", "krt1"]);
        tx.put(&krt, "jumlah_jamban", 2.0).unwrap();
        tx.put(&krt, "jumlah_jamban", 2_i64).unwrap();
        let container = part(tx, &["rumah_tangga"]);
        let baru = tx.put_object(&container, "krt2", ObjType::Map).unwrap();
        put_text(tx, &baru, "nama_krt", "WATI CONTOH");
    });

    let taken = take(&mut ani, 7, &file).unwrap();

    assert_eq!((taken.edits.len(), taken.refused, taken.conflicts), (5, vec![], vec![]));
    assert_eq!(ani.isi("rumah/alamat"), teks("Jl. Padi 9"));
    assert_eq!(ani.isi("rumah/punya_spal"), Isian::Terisi(Nilai::YaTidak(false)));
    assert_eq!(ani.isi("rumah/kriteria_rumah"), Isian::Terisi(Nilai::Pilihan("SEHAT")));
    assert_eq!(ani.isi("rumah_tangga/krt1/jumlah_jamban"), Isian::Terisi(Nilai::Bulat(2)));
    assert_eq!(ani.isi("rumah_tangga/krt2/nama_krt"), teks("WATI CONTOH"));
    assert_eq!(ani.isi(&format!("{IBU}/nama_lengkap")), teks("SARI CONTOH"));
    arrives_elsewhere(&ani);
}

#[test]
fn a_house_rewritten_as_texts_without_an_edit_brings_nothing() {
    let mut ani = ani();
    let before = ani.document.heads();
    let file = edited(&ani, |tx| {
        put_text(tx, &part(tx, &["rumah"]), "alamat", "Jl. Padi 1");
        put_text(tx, &part(tx, &["anggota", &IBU[8..]]), "nama_lengkap", "SARI CONTOH");
    });
    assert_eq!(take(&mut ani, 7, &file).unwrap(), TakenEdits::default());
    assert_eq!(ani.document.heads(), before);
}

#[test]
fn an_answer_changed_here_meanwhile_keeps_both_values() {
    let mut ani = ani();
    let file = edited(&ani, |tx| {
        let rumah = part(tx, &["rumah"]);
        put_text(tx, &rumah, "alamat", "Jl. Padi 9");
        put_text(tx, &rumah, "no_rumah", "7");
        tx.put(&rumah, "punya_spal", false).unwrap();
    });
    ani.edit("rumah/alamat", "Jl. Melati 4");
    ani.edit("rumah/punya_spal", "tidak");

    let taken = take(&mut ani, 7, &file).unwrap();

    assert_eq!(taken.edits.len(), 2, "the answer that is the same already is none");
    let jalur: Vec<_> = taken.conflicts.iter().map(|conflict| conflict.tempat.to_string()).collect();
    assert_eq!(jalur, ["rumah/alamat"]);
    let [(_, nilai)] = ani.conflicts().try_into().unwrap();
    assert!(nilai.contains(&teks("Jl. Padi 9")) && nilai.contains(&teks("Jl. Melati 4")), "{nilai:?}");
    assert_eq!(ani.isi("rumah/no_rumah"), teks("7"));
    arrives_elsewhere(&ani);
}

#[test]
fn the_same_file_again_changes_nothing_even_after_a_person_chose_otherwise() {
    let mut ani = ani();
    let file = edited(&ani, |tx| put_text(tx, &part(tx, &["rumah"]), "alamat", "Jl. Padi 9"));
    take(&mut ani, 7, &file).unwrap();
    ani.edit("rumah/alamat", "Jl. Melati 4");
    let before = ani.document.heads();

    assert_eq!(take(&mut ani, 8, &file).unwrap(), TakenEdits::default());

    assert_eq!(ani.document.heads(), before);
    // Edited further and brought again, it tells only what is new in it.
    let file = again(&file, |tx| put_text(tx, &part(tx, &["rumah"]), "no_rumah", "7"));
    ani.edit("rumah/alamat", "Jl. Padi 9");
    let taken = take(&mut ani, 6, &file).unwrap();
    assert_eq!((taken.edits.len(), taken.conflicts), (1, vec![]));
}

#[test]
fn what_does_not_fit_is_named_with_its_place_and_reason() {
    let mut ani = ani();
    let file = edited(&ani, |tx| {
        let rumah = part(tx, &["rumah"]);
        tx.put(&rumah, "warna", "biru").unwrap();
        tx.put(&rumah, "no_rumah", 7_i64).unwrap();
        put_text(tx, &rumah, "kriteria_rumah", "Istana");
        tx.put_object(&rumah, "rw", ObjType::Map).unwrap();
        tx.put(part(tx, &["rumah_tangga", "krt1"]), "jumlah_jamban", 21_i64).unwrap();
        tx.put(part(tx, &["rumah_tangga", "krt1"]), "makanan_pokok", ScalarValue::counter(1)).unwrap();
        let orang = tx.put_object(part(tx, &["anggota"]), "sari", ObjType::Map).unwrap();
        tx.put(&orang, "nama_lengkap", "SARI CONTOH").unwrap();
        tx.put(ROOT, "catatan", "apa saja").unwrap();
        put_text(tx, &rumah, "alamat", "Jl. Padi 9");
    });

    let taken = take(&mut ani, 7, &file).unwrap();

    let refused: Vec<_> = taken.refused.iter().map(|r| (r.jalur.as_str(), r.isi.as_str(), r.sebab.clone())).collect();
    use PlaceRefusal::{Unknown, Value};
    assert_eq!(
        refused,
        [
            ("anggota/sari/nama_lengkap", "SARI CONTOH", Unknown),
            ("catatan", "apa saja", Unknown),
            ("rumah/kriteria_rumah", "Istana", Value(JawabanSalah::BukanPilihan)),
            ("rumah/no_rumah", "7", Value(JawabanSalah::JenisLain)),
            ("rumah/rw", "", Value(JawabanSalah::JenisLain)),
            ("rumah/warna", "biru", Unknown),
            ("rumah_tangga/krt1/jumlah_jamban", "21", Value(JawabanSalah::DiLuarBatas { min: 0, maks: 20 })),
            ("rumah_tangga/krt1/makanan_pokok", "Counter: 1", Value(JawabanSalah::JenisLain)),
        ]
    );
    assert_eq!(taken.edits.len(), 1, "what fits is taken all the same");
    arrives_elsewhere(&ani);
}

#[test]
fn an_answer_can_be_taken_away_elsewhere_a_row_or_part_cannot() {
    let mut ani = ani();
    let file = edited(&ani, |tx| {
        tx.delete(part(tx, &["rumah"]), "alamat").unwrap();
        tx.delete(part(tx, &["anggota"]), &IBU[8..]).unwrap();
        let baru = tx.put_object(part(tx, &["rumah_tangga"]), "krt1", ObjType::Map).unwrap();
        tx.put(&baru, "nama_krt", "WATI CONTOH").unwrap();
    });

    let taken = take(&mut ani, 7, &file).unwrap();

    assert_eq!(ani.isi("rumah/alamat"), Isian::Kosong);
    assert_eq!(ani.isi(&format!("{IBU}/nama_lengkap")), teks("SARI CONTOH"));
    assert_eq!(ani.isi("rumah_tangga/krt1/nama_krt"), teks("WATI CONTOH"));
    assert_eq!(ani.isi("rumah_tangga/krt1/jumlah_jamban"), Isian::Terisi(Nilai::Bulat(1)));
    let refused: Vec<_> = taken.refused.iter().map(|refused| (refused.jalur.as_str(), &refused.sebab)).collect();
    assert_eq!(refused, [(IBU, &PlaceRefusal::Gone), ("rumah_tangga/krt1", &PlaceRefusal::Gone)]);
}

#[test]
fn a_file_that_is_not_this_house_brings_nothing() {
    let mut ani = ani();
    let before = ani.document.heads();
    let mut lain = Hp::new(2, Koleksi::Dasar);
    lain.edit("rumah/alamat", "Jl. Lain 3");
    let mut kesehatan = Hp::new(1, Koleksi::Kesehatan);
    kesehatan.edit("kesehatan_warga/01890a5d-ac96-774b-bcce-b302099a8057/ibu_hamil", "ya");
    let asing = Automerge::new().save();
    for (file, salah) in [
        (lain.document.save(), ForeignFile::OtherHistory),
        (Document::new(Koleksi::Dasar).unwrap().save(), ForeignFile::OtherHistory),
        (kesehatan.document.save(), ForeignFile::UnknownGenesis),
        (asing, ForeignFile::UnknownGenesis),
    ] {
        assert!(matches!(take(&mut ani, 7, &file), Err(Error::Foreign(ref error)) if *error == salah), "{salah}");
    }
    let change = ani.document.changes().remove(0).bytes;
    let large = [ani.document.save(), vec![0; 5 << 20]].concat();
    for file in [&b"PK\x03\x04"[..], &[], &change, &large] {
        assert!(matches!(take(&mut ani, 7, file), Err(Error::Foreign(ForeignFile::NotADocument(_)))));
    }
    assert_eq!(ani.document.heads(), before);
}

#[test]
fn a_small_file_that_would_become_a_giant_is_refused_before_it_does() {
    let mut ani = ani();
    let file = edited(&ani, |tx| {
        let text = tx.put_object(part(tx, &["rumah"]), "alamat", ObjType::Text).unwrap();
        tx.splice_text(&text, 0, 0, &"a".repeat(300_000)).unwrap();
    });
    assert!(file.len() < 10_000, "{}", file.len());
    assert!(matches!(take(&mut ani, 7, &file), Err(Error::Foreign(ForeignFile::NotADocument(_)))));
}

/// Answers that both sides edit, and what they may become.
const PLACES: [(&str, [&str; 3]); 4] = [
    ("rumah/alamat", ["Jl. Padi 1", "Jl. Padi 2", "Jl. Padi 3"]),
    ("rumah/kriteria_rumah", ["SEHAT", "TIDAK_SEHAT", ""]),
    ("rumah_tangga/krt1/nama_krt", ["AYAH CONTOH", "IBU CONTOH", "?"]),
    ("rumah_tangga/krt2/krt", ["1", "2", ""]),
];

fn put_foreign(tx: &mut Transaction<'_>, jalur: &str, isi: &str, text: bool) {
    let mut keys: Vec<&str> = jalur.split('/').collect();
    let key = keys.pop().unwrap();
    if keys.len() == 2 && tx.get(part(tx, &keys[..1]), keys[1]).unwrap().is_none() {
        tx.put_object(part(tx, &keys[..1]), keys[1], ObjType::Map).unwrap();
    }
    let object = part(tx, &keys);
    if text {
        put_text(tx, &object, key, isi);
    } else {
        tx.put(&object, key, isi).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn each_answer_is_what_the_side_that_changed_it_says_or_both(
        start in prop::collection::vec((0..4_usize, 0..3_usize), 1..6),
        here in prop::collection::vec((0..4_usize, 0..3_usize), 0..5),
        there in prop::collection::vec((0..4_usize, 0..3_usize, any::<bool>()), 0..5),
    ) {
        let parse = |at: usize, nth: usize| {
            let tempat = wakuncar_domain::Tempat::parse(PLACES[at].0).unwrap();
            tempat.butir().parse(PLACES[at].1[nth]).unwrap()
        };
        let mut ani = Hp::new(1, Koleksi::Dasar);
        ani.edit("rumah/rt", "002");
        for (at, nth) in start {
            ani.edit(PLACES[at].0, PLACES[at].1[nth]);
        }
        let before: Vec<_> = PLACES.iter().map(|(jalur, _)| ani.isi(jalur)).collect();
        let file = edited(&ani, |tx| {
            for (at, nth, text) in &there {
                put_foreign(tx, PLACES[*at].0, PLACES[*at].1[*nth], *text);
            }
        });
        for (at, nth) in here {
            ani.edit(PLACES[at].0, PLACES[at].1[nth]);
        }
        let mine: Vec<_> = PLACES.iter().map(|(jalur, _)| ani.isi(jalur)).collect();

        let taken = take(&mut ani, 7, &file).unwrap();

        prop_assert_eq!(&taken.refused, &vec![]);
        for (at, (jalur, _)) in PLACES.iter().enumerate() {
            let last = there.iter().rev().find(|(place, ..)| *place == at).map(|(_, nth, _)| parse(at, *nth));
            let theirs = last.unwrap_or_else(|| before[at].clone());
            let both: Vec<_> = ani.conflicts().into_iter().filter(|(place, _)| place == jalur).collect();
            if theirs == before[at] || theirs == mine[at] {
                prop_assert_eq!(ani.isi(jalur), mine[at].clone());
                prop_assert!(both.is_empty());
            } else if mine[at] == before[at] && both.is_empty() {
                prop_assert_eq!(ani.isi(jalur), theirs);
            } else {
                prop_assert_eq!(both.len(), 1);
                prop_assert!(both[0].1.contains(&theirs) && both[0].1.contains(&mine[at]));
                prop_assert!(taken.conflicts.iter().any(|conflict| conflict.tempat.to_string() == *jalur));
            }
        }
        arrives_elsewhere(&ani);
        let heads = ani.document.heads();
        prop_assert_eq!(take(&mut ani, 8, &file).unwrap(), TakenEdits::default());
        prop_assert_eq!(ani.document.heads(), heads);
    }

    #[test]
    fn no_damaged_file_changes_the_house_or_brings_the_program_down(seed: u64, damages in 1..4_usize, resealed: bool) {
        let mut ani = ani();
        let mut file = edited(&ani, |tx| put_text(tx, &part(tx, &["rumah"]), "alamat", "Jl. Padi 9"));
        let mut chance = seed;
        for _ in 0..damages {
            let at = (next(&mut chance) % file.len() as u64) as usize;
            file[at] = next(&mut chance) as u8;
        }
        if resealed {
            reseal(&mut file);
        }
        let before = ani.document.heads();
        if take(&mut ani, 7, &file).is_err() {
            prop_assert_eq!(ani.document.heads(), before);
        }
        arrives_elsewhere(&ani);
        Document::load(Koleksi::Dasar, &ani.document.save()).unwrap();
    }
}

/// The checksum of a chunk whose body was changed by somebody who knows what he does.
fn reseal(file: &mut [u8]) {
    use sha2::{Digest, Sha256};
    let sum = Sha256::digest(&file[8..]);
    file[4..8].copy_from_slice(&sum[..4]);
}
