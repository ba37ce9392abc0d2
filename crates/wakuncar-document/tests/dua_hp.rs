//! Two or three devices edit one house apart and meet again.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod perangkat;

use perangkat::{AT, Hp, foreign};
use proptest::prelude::*;
use wakuncar_document::{Actor, Document, Error, Outcome};
use wakuncar_domain::{Bagian, Edit, Isian, Koleksi, Nilai, Tempat, WargaId};

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
fn a_settling_answer_says_so_to_those_who_receive_it() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Kesehatan), Hp::new(2, Koleksi::Kesehatan));
    // The longest place that there is.
    let jalur = format!("kesehatan_warga/{}/berkebutuhan_khusus", WargaId::new(1, [7; 10]));
    ani.edit(&jalur, "TIDAK");
    wati.edit(&jalur, "FISIK");
    wati.receive(&ani);
    ani.receive(&wati);
    let tempat = Tempat::parse(&jalur).unwrap();
    for pilihan in [wati.isi(&jalur), Isian::Kosong, Isian::Kosong, Isian::TidakTahu, Isian::TidakTahu] {
        // Also where the answer stands alone by now: others learn that it was chosen.
        let edit = Edit { tempat: tempat.clone(), isi: pilihan.clone() };
        let change = wati.document.settle(&wati.actor, &edit, AT).unwrap().unwrap();
        let outcome = ani.document.receive(wati.prefix, &[&change.bytes]);
        assert!(matches!(outcome, Outcome::Applied(1)), "{outcome:?}");
        assert_eq!(ani.document.settled_by(&change.hash), Some(tempat.clone()));
        assert_eq!((ani.isi(&jalur), ani.conflicts()), (pilihan, Vec::new()));
    }
    let edit = ani.edit(&jalur, "FISIK").unwrap();
    assert_eq!(ani.document.settled_by(&edit.hash), None, "an ordinary edit settles nothing for others");
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
fn what_two_phones_say_differently_about_one_newcomer_can_be_settled() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    let ibu = "anggota/01890a5d-ac96-774b-bcce-b302099a8057";
    let (nama, lahir, agama) = (format!("{ibu}/nama_lengkap"), format!("{ibu}/tempat_lahir"), format!("{ibu}/agama"));
    for (hp, isi) in [(&mut ani, "SARI CONTOH"), (&mut wati, "SARI CONTOH BINTI CONTOH")] {
        hp.edit(&nama, isi);
    }
    ani.edit(&lahir, "Metro");
    wati.edit(&agama, "Islam");
    ani.receive(&wati);
    wati.receive(&ani);
    assert_eq!(ani.conflicts().len(), 1);

    // Whichever she chooses, and whichever of the two rows an answer stands in.
    let shown = ani.isi(&nama).terisi().unwrap().to_string();
    assert!(ani.edit(&nama, &shown).is_some());
    assert!(ani.edit(&nama, &shown).is_none());
    for kunci in [&lahir, &agama] {
        let shown = ani.isi(kunci).terisi().unwrap().to_string();
        assert!(ani.edit(kunci, &shown).is_none(), "{kunci}");
        assert!(ani.edit(kunci, "").is_some(), "{kunci}");
        assert_eq!(ani.isi(kunci), Isian::Kosong);
    }
    wati.receive(&ani);
    assert_eq!(wati.conflicts(), []);
    assert_eq!(wati.document.read(), ani.document.read());
    assert_eq!(wati.isi(&nama), teks(&shown));
}

#[test]
fn an_answer_of_a_newer_version_is_one_of_the_two() {
    use automerge::transaction::Transactable;
    use automerge::{ROOT, ReadDoc};
    let mut ani = Hp::new(1, Koleksi::Dasar);
    ani.edit("rumah/kriteria_rumah", "Sehat");
    let newer = foreign(|tx| {
        let rumah = tx.get(ROOT, "rumah").unwrap().unwrap().1;
        tx.put(&rumah, "kriteria_rumah", "ISTANA").unwrap();
    });
    assert_eq!(ani.document.receive([2; 8], &[&newer]), Outcome::Applied(1));
    let conflict = ani.document.conflicts().remove(0);
    let isi: Vec<_> = conflict.candidates.into_iter().map(|candidate| candidate.isi).collect();
    assert!(isi.iter().any(|isi| isi.as_ref().is_err_and(|teks| teks.contains("ISTANA"))), "{isi:?}");
    assert!(isi.contains(&Ok(ani_sehat())), "{isi:?}");
}

fn ani_sehat() -> Isian<Nilai> {
    Tempat::parse("rumah/kriteria_rumah").unwrap().butir().parse("Sehat").unwrap()
}

/// A dormitory: every text of so many people.
fn asrama(orang: std::ops::Range<u8>) -> Vec<Edit> {
    let butir = Bagian::Anggota.butir().iter().filter(|b| matches!(b.jenis, wakuncar_domain::Jenis::Teks { .. }));
    let kunci: Vec<_> = butir.map(|butir| butir.kunci).collect();
    orang
        .flat_map(|i| kunci.iter().map(move |kunci| (i, *kunci)))
        .map(|(i, kunci)| {
            let baris = WargaId::new(1, [i; 10]).into();
            Edit { tempat: Tempat::new(Bagian::Anggota, Some(baris), kunci).unwrap(), isi: teks(&format!("c{i}")) }
        })
        .collect()
}

#[test]
fn what_would_be_too_much_for_others_is_refused_here() {
    let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    let alamat = Tempat::parse("rumah/alamat").unwrap();
    let edits: Vec<_> =
        (0..10_001).map(|i| Edit { tempat: alamat.clone(), isi: teks(&format!("Jl. Padi {i}")) }).collect();
    let before = ani.document.heads();
    assert!(matches!(ani.document.apply_edits(&ani.actor, &edits, AT), Err(Error::TooMuchAtOnce(_))));
    assert_eq!(ani.document.heads(), before);
    assert!(ani.document.apply_edits(&ani.actor, &edits[..10_000], AT).unwrap().is_some());
    wati.receive(&ani);
    assert_eq!(wati.isi("rumah/alamat"), teks("Jl. Padi 9999"));
}

#[test]
fn a_dormitory_filled_in_a_hundred_sittings_ends_in_one() {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    for i in 0..100 {
        let sitting = Actor::new(ani.prefix, [i; 8]);
        ani.document.apply_edits(&sitting, &asrama(i..i + 1), AT).unwrap();
    }
    let keluar = (0..100).map(|i| {
        let baris = WargaId::new(1, [i; 10]).into();
        let tempat = Tempat::new(Bagian::Anggota, Some(baris), "keluar_tgl").unwrap();
        Edit { tempat, isi: Isian::Terisi(Nilai::Tanggal("2021-11-09".parse().unwrap())) }
    });
    ani.document.apply_edits(&ani.actor, &keluar.collect::<Vec<_>>(), AT).unwrap();
    let mut wati = Hp::new(2, Koleksi::Dasar);
    wati.receive(&ani);
    assert_eq!(wati.document.heads(), ani.document.heads());
    assert_eq!(wati.document.read(), ani.document.read());
}

#[test]
fn a_stored_change_that_is_damaged_is_named_so() {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    ani.edit("rumah/alamat", "Jl. Padi 1");
    ani.edit("rumah/alamat", "Jl. Padi 2");
    let changes: Vec<_> = ani.document.changes().into_iter().map(|change| change.bytes).collect();
    assert!(matches!(Document::from_changes(Koleksi::Dasar, &changes[1..]), Err(Error::Damaged(_))));
    for i in 0..changes[0].len() {
        let mut damaged = changes.clone();
        damaged[0][i] ^= 1;
        assert!(matches!(Document::from_changes(Koleksi::Dasar, &damaged), Err(Error::Damaged(_))), "{i}");
    }
    let saved = ani.document.save();
    for i in 0..saved.len() {
        let mut damaged = saved.clone();
        damaged[i] ^= 1;
        assert!(matches!(Document::load(Koleksi::Dasar, &damaged), Err(Error::Damaged(_))), "{i}");
    }
    assert!(matches!(Document::load(Koleksi::Kesehatan, &saved), Err(Error::UnknownGenesis)));
    assert!(matches!(Document::load(Koleksi::Dasar, &[]), Err(Error::UnknownGenesis)));
}

#[test]
fn an_answer_that_does_not_change_makes_no_change() {
    let mut ani = Hp::new(1, Koleksi::Dasar);
    assert!(ani.edit("rumah/alamat", "").is_none());
    assert_eq!(ani.document.save(), Document::new(Koleksi::Dasar).unwrap().save());
    assert!(ani.edit("rumah/alamat", "Jl. Padi 1").is_some());
    assert!(ani.edit("rumah/alamat", "Jl. Padi 1").is_none());
    assert!(ani.edit("rumah/no_rumah", "").is_none(), "nothing to take away");
    assert!(ani.edit("rumah/alamat", "").is_some(), "taking an answer away is a change");
    assert_eq!(ani.isi("rumah/alamat"), Isian::Kosong);
    assert!(ani.edit("rumah/alamat", "?").is_some());
    assert_eq!(ani.isi("rumah/alamat"), Isian::TidakTahu);
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
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn devices_that_have_the_same_changes_are_equal(
        edits in prop::collection::vec(answers(), 1..30),
        meets in prop::collection::vec((0..30usize, 0..3usize, 0..3usize), 0..8),
        chance: u64,
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
                        hp[to].receive_shuffled(&sender, chance);
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
}

#[test]
fn an_answer_of_a_phone_that_was_shut_out_is_the_offices_and_names_the_phone() {
    let (mut kantor, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
    let device = "0123456789abcdef0123456789abcdef";
    let tempat = Tempat::parse("rumah/alamat").unwrap();
    let edit = Edit { tempat, isi: teks("Jl. Padi 1") };
    let change = kantor.document.salvage(&kantor.actor, std::slice::from_ref(&edit), AT, device).unwrap().unwrap();
    let outcome = wati.document.receive(kantor.prefix, &[&change.bytes]);
    assert!(matches!(outcome, Outcome::Applied(1)), "{outcome:?}");
    assert_eq!(wati.document.salvaged_from(&change.hash).as_deref(), Some(device));
    assert_eq!((wati.isi("rumah/alamat"), wati.document.settled_by(&change.hash)), (teks("Jl. Padi 1"), None));
    let ordinary = wati.edit("rumah/alamat", "Jl. Padi 2").unwrap();
    assert_eq!(wati.document.salvaged_from(&ordinary.hash), None);
}
