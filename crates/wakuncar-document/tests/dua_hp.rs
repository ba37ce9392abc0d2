//! Two or three devices edit one house apart and meet again.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use proptest::prelude::*;
use wakuncar_document::{Actor, Change, Document, Outcome, Refusal};
use wakuncar_domain::{Edit, Isian, Koleksi, Nilai, Tempat};

const AT: i64 = 1_636_416_000_000;

/// One device with a copy of the house.
#[derive(Clone)]
struct Hp {
    prefix: [u8; 8],
    actor: Actor,
    document: Document,
}

impl Hp {
    fn new(nomor: u8, koleksi: Koleksi) -> Self {
        let prefix = [nomor; 8];
        Self { prefix, actor: Actor::new(prefix, [9; 8]), document: Document::new(koleksi).unwrap() }
    }

    fn edit(&mut self, jalur: &str, teks: &str) -> Option<Change> {
        let tempat = Tempat::parse(jalur).unwrap();
        let isi = tempat.butir().parse(teks).unwrap();
        self.document.apply_edits(&self.actor, &[Edit { tempat, isi }], AT).unwrap()
    }

    /// Takes every change of another device, each as a section of its own author.
    fn receive(&mut self, from: &Hp) {
        for change in from.document.changes() {
            let actor = automerge::Change::from_bytes(change.bytes.clone()).unwrap().actor_id().to_bytes().to_vec();
            let outcome = self.document.receive(actor[..8].try_into().unwrap(), &[change.bytes]);
            assert!(matches!(outcome, Outcome::Applied(_)), "{outcome:?}");
        }
    }

    fn isi(&self, jalur: &str) -> Isian<Nilai> {
        let tempat = Tempat::parse(jalur).unwrap();
        let butir = self.document.read().butir;
        butir.into_iter().find(|butir| butir.tempat == tempat).map(|butir| butir.isi).unwrap_or_default()
    }

    fn conflicts(&self) -> Vec<(String, Vec<Isian<Nilai>>)> {
        let all = self.document.conflicts().into_iter();
        all.map(|c| (c.tempat.to_string(), c.candidates.into_iter().map(|c| c.isi).collect())).collect()
    }
}

fn teks(teks: &str) -> Isian<Nilai> {
    Isian::Terisi(Nilai::Teks(teks.to_owned()))
}

#[test]
fn edits_of_the_same_answer_are_both_shown() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    ani.edit("rumah/alamat", "Jl. Padi 1");
    wati.edit("rumah/alamat", "Jl. Padi 7");
    wati.edit("rumah/no_rumah", "7");

    wati.receive(&ani);
    ani.receive(&wati);

    assert_eq!(ani.document.heads(), wati.document.heads());
    assert_eq!(ani.document.read(), wati.document.read());
    assert_eq!(ani.conflicts(), wati.conflicts());
    let [(jalur, nilai)] = ani.conflicts().try_into().unwrap();
    assert_eq!(jalur, "rumah/alamat");
    assert!(nilai.contains(&teks("Jl. Padi 1")) && nilai.contains(&teks("Jl. Padi 7")), "{nilai:?}");
    assert_eq!(ani.isi("rumah/no_rumah"), teks("7"), "the neighbour's other edit survives");
}

#[test]
fn a_conflict_says_who_and_when_and_a_later_edit_settles_it() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    ani.edit("rumah/alamat", "Jl. Padi 1");
    wati.edit("rumah/alamat", "Jl. Padi 7");
    wati.receive(&ani);
    let conflict = wati.document.conflicts().remove(0);
    let mut who: Vec<_> = conflict.candidates.iter().map(|c| (c.device_prefix[0], c.unix_s)).collect();
    who.sort_unstable();
    assert_eq!(who, [(1, AT / 1000), (2, AT / 1000)]);
    // Even choosing the value that already stands there settles it.
    let shown = wati.isi("rumah/alamat").terisi().unwrap().to_string();
    wati.edit("rumah/alamat", &shown);
    assert_eq!(wati.conflicts(), []);
}

#[test]
fn equal_answers_given_apart_are_no_difference() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    ani.edit("rumah/alamat", "Jl. Padi 1");
    wati.edit("rumah/alamat", "Jl. Padi 1");
    wati.receive(&ani);
    assert_eq!(wati.conflicts(), []);
}

#[test]
fn both_may_be_the_first_to_answer_about_the_same_persons_health() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Kesehatan), Hp::new(2, Koleksi::Kesehatan));
    let ibu = "01890a5d-ac96-774b-bcce-b302099a8057";
    ani.edit(&format!("kesehatan_warga/{ibu}/ibu_menyusui"), "ya");
    wati.edit(&format!("kesehatan_warga/{ibu}/akseptor_kb"), "tidak");
    ani.receive(&wati);
    assert_eq!(ani.isi(&format!("kesehatan_warga/{ibu}/ibu_menyusui")), Isian::Terisi(Nilai::YaTidak(true)));
    assert_eq!(ani.isi(&format!("kesehatan_warga/{ibu}/akseptor_kb")), Isian::Terisi(Nilai::YaTidak(false)));
    assert_eq!(ani.conflicts(), []);
}

#[test]
fn a_person_moved_in_on_two_phones_loses_no_answer() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    let ibu = "anggota/01890a5d-ac96-774b-bcce-b302099a8057";
    ani.edit(&format!("{ibu}/nama_lengkap"), "SARI CONTOH");
    ani.edit(&format!("{ibu}/agama"), "Islam");
    wati.edit(&format!("{ibu}/nama_lengkap"), "SARI CONTOH");
    wati.edit(&format!("{ibu}/pekerjaan"), "Guru");
    ani.receive(&wati);
    wati.receive(&ani);
    for hp in [&ani, &wati] {
        for (kunci, isi) in [("agama", Nilai::Pilihan("ISLAM")), ("pekerjaan", Nilai::Pilihan("GURU"))] {
            assert_eq!(hp.isi(&format!("{ibu}/{kunci}")), Isian::Terisi(isi));
        }
        assert_eq!(hp.conflicts(), []);
    }
}

#[test]
fn an_answer_that_does_not_change_makes_no_change() {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    assert!(ani.edit("rumah/alamat", "Jl. Padi 1").is_some());
    assert!(ani.edit("rumah/alamat", "Jl. Padi 1").is_none());
    assert!(ani.edit("rumah/no_rumah", "").is_none(), "nothing to take away");
    assert!(ani.edit("rumah/alamat", "").is_some(), "taking an answer away is a change");
    assert_eq!(ani.isi("rumah/alamat"), Isian::Kosong);
    assert!(ani.edit("rumah/alamat", "?").is_some());
    assert_eq!(ani.isi("rumah/alamat"), Isian::TidakTahu);
}

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
    let genesis = include_bytes!("../genesis/kesehatan.1");
    assert_eq!(ani.document.receive([0; 8], &[genesis]), Outcome::Refused(Refusal::Actor));
    assert_eq!(ani.document.heads(), Document::new(Koleksi::Dasar).unwrap().heads());
}

/// A document edited by the library itself, with everything that we never do.
fn foreign(edit: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) -> Vec<u8> {
    let base = Document::new(Koleksi::Dasar).unwrap().save();
    let mut doc = automerge::Automerge::load(&base).unwrap().with_actor(automerge::ActorId::from([2u8; 16]));
    let mut tx = doc.transaction();
    edit(&mut tx);
    tx.commit();
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

#[test]
fn what_is_not_of_the_documents_shape_counts_as_empty() {
    use automerge::transaction::Transactable;
    use automerge::{ObjType, ROOT, ReadDoc, ScalarValue};
    let rumah = |tx: &automerge::transaction::Transaction<'_>| tx.get(ROOT, "rumah").unwrap().unwrap().1;
    let anggota = |tx: &automerge::transaction::Transaction<'_>| tx.get(ROOT, "anggota").unwrap().unwrap().1;
    let cases: [(&str, Vec<u8>); 7] = [
        ("scalar over a row", foreign(|tx| tx.put(anggota(tx), "x", 1).unwrap())),
        ("root", foreign(|tx| tx.put(ROOT, "rumah", "x").unwrap())),
        ("deleted", foreign(|tx| tx.delete(ROOT, "rumah").unwrap())),
        ("list", foreign(|tx| drop(tx.put_object(rumah(tx), "alamat", ObjType::List).unwrap()))),
        ("text", foreign(|tx| drop(tx.put_object(rumah(tx), "alamat", ObjType::Text).unwrap()))),
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
    }
}

#[test]
fn a_key_of_a_newer_version_stays_and_an_unreadable_answer_is_shown() {
    use automerge::transaction::Transactable;
    use automerge::{ROOT, ReadDoc};
    let mut ani = Hp::new(1, Koleksi::Dasar);
    let change = foreign(|tx| {
        let rumah = tx.get(ROOT, "rumah").unwrap().unwrap().1;
        tx.put(&rumah, "butir_baru", 7).unwrap();
        tx.put(&rumah, "kriteria_rumah", "ISTANA").unwrap();
    });
    assert_eq!(ani.document.receive([2; 8], &[&change]), Outcome::Applied(1));
    ani.edit("rumah/alamat", "Jl. Padi 1");
    let contents = ani.document.read();
    assert_eq!(contents.butir.len(), 1);
    assert_eq!(contents.asing.len(), 1);
    assert_eq!(contents.asing[0].jalur, "rumah/kriteria_rumah");
    let kept = automerge::Automerge::load(&ani.document.save()).unwrap();
    let rumah = kept.get(ROOT, "rumah").unwrap().unwrap().1;
    assert_eq!(kept.get(&rumah, "butir_baru").unwrap().unwrap().0.as_i64(), Some(7));
}

#[test]
fn a_list_of_a_million_in_a_hundred_bytes_is_refused_before_it_is_made() {
    use automerge::transaction::Transactable;
    use automerge::{ObjType, ROOT};
    let bomb = foreign(|tx| {
        let list = tx.put_object(ROOT, "l", ObjType::List).unwrap();
        for i in 0..20_000 {
            tx.insert(&list, i, ()).unwrap();
        }
    });
    assert!(bomb.len() < 400, "{}", bomb.len());
    let mut ani = Hp::new(1, Koleksi::Dasar);
    assert_eq!(ani.document.receive([2; 8], &[&bomb]), Outcome::Refused(Refusal::TooManyOps));
}

fn answers() -> impl Strategy<Value = (usize, usize, u8)> {
    (0..3usize, 0..6usize, 0..4u8)
}

const PLACES: [&str; 6] = [
    "rumah/alamat",
    "rumah/no_rumah",
    "rumah_tangga/krt1/nama_krt",
    "rumah_tangga/krt1/jenis_usaha_up2k",
    "anggota/01890a5d-ac96-774b-bcce-b302099a8057/nama_lengkap",
    "anggota/01890a5d-ac96-774b-bcce-b302099a8057/tempat_lahir",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn devices_that_have_the_same_changes_are_equal(
        edits in prop::collection::vec(answers(), 1..30),
        meets in prop::collection::vec((0..30usize, 0..3usize, 0..3usize), 0..8),
    ) {
        let mut hp: Vec<_> = (1..=3).map(|n| Hp::new(n, Koleksi::Dasar)).collect();
        for (i, (who, place, value)) in edits.iter().enumerate() {
            let teks = if *value == 0 { String::new() } else { format!("nilai {value}") };
            hp[*who].edit(PLACES[*place], &teks);
            for (_, to, from) in meets.iter().filter(|(when, to, from)| *when == i && to != from) {
                let sender = hp[*from].clone();
                hp[*to].receive(&sender);
            }
        }
        // Everybody meets everybody until nothing is new.
        for _ in 0..2 {
            for to in 0..3 {
                for from in 0..3 {
                    if to != from {
                        let sender = hp[from].clone();
                        hp[to].receive(&sender);
                    }
                }
            }
        }
        for other in &hp[1..] {
            prop_assert_eq!(hp[0].document.heads(), other.document.heads());
            prop_assert_eq!(hp[0].document.read(), other.document.read());
            prop_assert_eq!(hp[0].document.conflicts(), other.document.conflicts());
        }
        let changes: Vec<_> = hp[0].document.changes().into_iter().rev().map(|change| change.bytes).collect();
        let rebuilt = Document::from_changes(Koleksi::Dasar, &changes).unwrap();
        prop_assert_eq!(rebuilt.heads(), hp[0].document.heads());
        let loaded = Document::load(Koleksi::Dasar, &hp[0].document.save()).unwrap();
        prop_assert_eq!(loaded.read(), hp[0].document.read());
    }

    #[test]
    fn damaged_changes_are_refused_and_never_panic(
        at in prop::collection::vec((any::<prop::sample::Index>(), 1..=255u8), 1..4),
        cut in any::<prop::sample::Index>(),
        remake: bool,
    ) {
        let mut ani = Hp::new(1, Koleksi::Dasar);
        let change = ani.edit("rumah_tangga/krt1/nama_krt", "SARI CONTOH").unwrap();
        let mut bytes = change.bytes.clone();
        for (index, flip) in &at {
            let i = index.index(bytes.len());
            bytes[i] ^= flip;
        }
        if remake {
            // A hostile member makes the checksum again.
            use sha2::Digest;
            let sum = sha2::Sha256::digest(&bytes[8..]);
            bytes[4..8].copy_from_slice(&sum[..4]);
        }
        let mut wati = Hp::new(2, Koleksi::Dasar);
        let outcome = wati.document.receive(ani.prefix, &[&bytes]);
        if !remake && bytes != change.bytes {
            prop_assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
        }
        if !matches!(outcome, Outcome::Applied(_)) {
            prop_assert_eq!(wati.document.heads(), Document::new(Koleksi::Dasar).unwrap().heads());
        }
        wati.edit("rumah/alamat", "Jl. Padi 1");
        let cut = cut.index(change.bytes.len());
        prop_assert!(matches!(wati.document.receive(ani.prefix, &[&change.bytes[..cut]]), Outcome::Refused(_)));
    }
}
