//! Logs carried by hand between devices: what counts, what is parked, what is set aside.

use std::path::Path;

use wakuncar_domain::{Isian, RumahId, Tempat};
use wakuncar_store::Applied;
use wakuncar_sync::{Caller, Page, may_fetch};
use wakuncar_wire::{CollId, Control, DeviceId, Entry, Invitation, Kind, LogEnd, Reason, RecoveryCode, Role, Wire};

use super::penitipan::Keadaan;
use super::{Oleh, Pena, Ragu};
use crate::jalur::Relay;
use crate::kelurahan::{AlamatDasawisma, jenis};
use crate::sinkron::HasilSinkron;
use crate::{App, Izin, KeySource, Undang};

const ALAMAT: &str = "https://127.0.0.1:1";

fn buka(dir: &Path) -> App {
    App::open(dir, &KeySource::TestFile).unwrap()
}

fn melati() -> AlamatDasawisma {
    AlamatDasawisma { rw: "001".into(), rt: "002".into(), nama: "Melati".into() }
}

fn kantor(dir: &Path) -> App {
    let mut app = buka(dir);
    let relay = Relay::new(ALAMAT, [7; 16]).unwrap();
    let recovery = RecoveryCode::from_secret([9; 16]);
    app.begin_kelurahan("18.72.05.1001", "Contoh", true, &recovery, &relay).unwrap();
    app.dasawisma(&melati()).unwrap();
    app
}

/// A cadre of Melati who was invited, has asked and was confirmed, all by hand.
fn kader(kantor: &mut App, dir: &Path, nama: &str) -> App {
    let mut hp = buka(dir);
    let mut secret = [0; 16];
    secret[..nama.len().min(16)].copy_from_slice(nama.as_bytes());
    let undang = Undang { nama: nama.into(), peran: Role::Kader, dasawisma: vec![melati()], gantikan: None };
    let (_, sampai) = kantor.write_invite(&undang, &secret).unwrap();
    let relay = Relay::new(ALAMAT, [7; 16]).unwrap();
    let invitation: Invitation = kantor.invitation_code(&relay, secret, sampai).unwrap();
    let control = control(kantor);
    hp.ask_to_join(&invitation, &relay, &control).unwrap();
    bawa(&mut hp, kantor);
    let waiting = hp.diri.id;
    kantor.admit(waiting).unwrap();
    bawa(kantor, &mut hp);
    hp
}

fn control(app: &App) -> Vec<Entry> {
    app.store.control_entries().unwrap().iter().map(|held| Entry::decode(&held.bytes).unwrap()).collect()
}

/// Everything of a device: control entries first, then collection by collection, then beats.
fn semua(app: &App) -> Vec<Entry> {
    let mut entries = control(app);
    for (coll, _) in app.known().unwrap().roster.collections() {
        let held = app.store.counted_entries(coll).unwrap();
        entries.extend(held.iter().map(|held| Entry::decode(&held.bytes).unwrap()));
    }
    entries.extend(app.store.beats().unwrap().iter().map(|held| Entry::decode(&held.bytes).unwrap()));
    entries
}

/// Carries what one device has to another, as far as the other may have it.
fn bawa(dari: &mut App, ke: &mut App) {
    if dari.peran().is_some() {
        dari.susun().unwrap();
        dari.write_beat().unwrap();
    }
    let entries = semua(dari);
    terima(ke, &entries);
}

fn terima(ke: &mut App, entries: &[Entry]) -> HasilSinkron {
    let mut hasil = HasilSinkron::default();
    // Who may have what is said by the control entries, which come first.
    for control in [true, false] {
        let of_part = entries.iter().filter(|entry| (entry.header().kind == Kind::Control) == control);
        let roster = &ke.known().unwrap().roster;
        let caller = Caller::Device(ke.diri.id);
        let entries = of_part
            .filter(|entry| may_fetch(roster, caller, entry.header().kind, entry.header().coll))
            .cloned()
            .collect();
        ke.take_page(&[7; 16], &Page { entries, ..Page::default() }, &mut hasil).unwrap();
    }
    hasil
}

fn rumah_baru(app: &mut App, nomor: &str) -> RumahId {
    let id = RumahId::from_bytes(crate::acak::bytes().unwrap());
    let isi = [("rumah/rw", "001"), ("rumah/rt", "002"), ("rumah/dasawisma", "Melati"), ("rumah/no_rumah", nomor)];
    app.edit(id, &isi.map(|(jalur, isi)| edit(jalur, isi)), Izin::Register).unwrap();
    id
}

fn edit(jalur: &str, isi: &str) -> wakuncar_domain::Edit {
    let tempat = Tempat::parse(jalur).unwrap();
    let isi = tempat.butir().parse(isi).unwrap();
    wakuncar_domain::Edit { tempat, isi }
}

fn jawab(app: &mut App, rumah: RumahId, isi: &str) {
    app.edit(rumah, &[edit("rumah/alamat", isi)], Izin::Register).unwrap();
}

fn alamat(app: &App, rumah: RumahId) -> Option<String> {
    app.rumah(rumah).ok()?.sifat.alamat.terisi().cloned()
}

fn dasar(app: &App) -> CollId {
    let known = app.known().unwrap();
    known.roster.collections().find(|(_, of)| *of == jenis::DASAR).unwrap().0
}

fn cabut(kantor: &mut App, siapa: DeviceId, logs: Vec<LogEnd>, reason: Reason) {
    let auth = kantor.kursi().unwrap();
    kantor.issue(auth, &[Control::Revoke { device: siapa, logs, reason, wipe: false }]).unwrap();
}

/// Up to where the office has seen a device's log of Melati.
fn dilihat(kantor: &App, siapa: DeviceId) -> Vec<LogEnd> {
    let coll = dasar(kantor);
    let seq = kantor.store.log_place(coll, siapa, false, 0).unwrap().head.map_or(0, |(seq, _)| seq);
    vec![(coll, seq)]
}

#[test]
fn what_a_thief_wrote_goes_unless_somebody_built_upon_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let mut wati = kader(&mut kantor, &dir.path().join("wati"), "wati");
    let satu = rumah_baru(&mut ani, "1");
    let dua = rumah_baru(&mut ani, "2");
    bawa(&mut ani, &mut kantor);
    let seen = dilihat(&kantor, ani.diri.id);
    // The phone is stolen. The thief's first answer reaches Wati, who works on; the second reaches only the office.
    jawab(&mut ani, satu, "Jalan Palsu 1");
    bawa(&mut ani, &mut wati);
    jawab(&mut wati, dua, "Gang Mawar");
    wati.susun().unwrap();
    jawab(&mut ani, dua, "Jalan Palsu 2");
    bawa(&mut ani, &mut kantor);
    assert_eq!(alamat(&kantor, dua).as_deref(), Some("Jalan Palsu 2"));

    cabut(&mut kantor, ani.diri.id, seen, Reason::Stolen);
    kantor.apply_waiting().unwrap();
    assert_eq!(alamat(&kantor, satu), None, "nobody built upon what the office knows");
    assert_eq!(alamat(&kantor, dua), None);

    bawa(&mut wati, &mut kantor);
    assert_eq!(alamat(&kantor, satu).as_deref(), Some("Jalan Palsu 1"), "Wati had it when she wrote on");
    assert_eq!(alamat(&kantor, dua).as_deref(), Some("Gang Mawar"));
    // The same, whoever learns of it in whatever order.
    bawa(&mut kantor, &mut wati);
    for rumah in [satu, dua] {
        assert_eq!(wati.rumah(rumah).unwrap(), kantor.rumah(rumah).unwrap());
    }
    assert!(kantor.periksa(false).unwrap().temuan.is_empty());
    assert_eq!(kantor.store.waiting_count().unwrap(), 1, "the last answer is parked, not gone");
    // The office looks at what stays of it and takes it back, as an edit that everybody sees.
    let tinjau = kantor.perlu_ditinjau().unwrap();
    let satu_satunya: Vec<_> = tinjau.iter().map(|satu| (satu.rumah, satu.tempat.as_str(), satu.masih)).collect();
    assert_eq!(satu_satunya, [(satu, "rumah/alamat", true)]);
    assert_eq!((tinjau[0].sebelum.clone(), tinjau[0].nama.as_str()), (serde_json::Value::Null, "ani"));
    assert!(kantor.kembalikan(satu, "rumah/alamat").unwrap());
    assert!(kantor.kembalikan(dua, "rumah/alamat").is_err(), "nobody has to look at Wati's");
    bawa(&mut kantor, &mut wati);
    assert_eq!(alamat(&wati, satu), None);
    assert!(!kantor.kembalikan(satu, "rumah/alamat").unwrap(), "it stands there no more");
}

#[test]
fn own_work_that_is_not_sent_yet_keeps_what_it_rests_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let mut wati = kader(&mut kantor, &dir.path().join("wati"), "wati");
    let rumah = rumah_baru(&mut ani, "1");
    bawa(&mut ani, &mut wati);
    jawab(&mut wati, rumah, "Gang Melati 1");
    // The office never saw anything of that phone.
    cabut(&mut kantor, ani.diri.id, vec![], Reason::Suspect);
    bawa(&mut kantor, &mut wati);
    assert_eq!(alamat(&wati, rumah).as_deref(), Some("Gang Melati 1"));
    bawa(&mut wati, &mut kantor);
    assert_eq!(alamat(&kantor, rumah).as_deref(), Some("Gang Melati 1"));
}

#[test]
fn a_cloned_phone_is_frozen_and_a_seats_word_takes_both_branches_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let (asli, salinan) = (dir.path().join("ani"), dir.path().join("salinan"));
    let mut ani = kader(&mut kantor, &asli, "ani");
    let rumah = rumah_baru(&mut ani, "1");
    bawa(&mut ani, &mut kantor);
    drop(ani);
    std::fs::create_dir(&salinan).unwrap();
    for file in std::fs::read_dir(&asli).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
        std::fs::copy(file.path(), salinan.join(file.file_name())).unwrap();
    }
    let (mut ani, mut kembar) = (buka(&asli), buka(&salinan));
    // The copy has asked the relay, and both live on.
    assert_eq!((ani.ragu, kembar.ragu), (Ragu::Tidak, Ragu::Salinan));
    kembar.settle_doubt().unwrap();
    jawab(&mut ani, rumah, "Gang Asli");
    let dua = rumah_baru(&mut kembar, "2");
    bawa(&mut ani, &mut kantor);
    bawa(&mut kembar, &mut kantor);
    assert_eq!(kantor.store.forks().unwrap().len(), 1);
    assert_eq!(alamat(&kantor, rumah).as_deref(), Some("Gang Asli"), "what was applied stays");
    assert!(kantor.rumah(dua).is_err());
    // Both learn of it and send nothing more; what they record stays with them.
    bawa(&mut kantor, &mut kembar);
    terima(&mut kembar, &semua(&ani));
    assert!(kembar.is_forked().unwrap());
    jawab(&mut kembar, dua, "Gang Kembar");
    assert_eq!(kembar.susun().unwrap(), 1);
    assert_eq!(kembar.status().unwrap().antrean, 3, "nothing of it counts as entrusted");

    // Two branches of a phone that nobody reported stolen are joined without a person.
    assert_eq!(kantor.close_forks().unwrap(), 1);
    assert_eq!(kantor.close_forks().unwrap(), 0, "once");
    assert!(kantor.rumah(dua).is_ok(), "both branches are in");
    assert_eq!(alamat(&kantor, rumah).as_deref(), Some("Gang Asli"));
    assert!(kantor.periksa(false).unwrap().temuan.is_empty());
}

#[test]
fn of_a_closed_fork_a_branch_that_was_not_accepted_goes() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let coll = dasar(&kantor);
    let auth = ani.known().unwrap().roster.writing_grant(ani.diri.id, coll).unwrap();
    // Two entries at one number, by whoever has her keys.
    let mut twins = Vec::new();
    for nomor in ["1", "2"] {
        let dir = tempfile::tempdir().unwrap();
        let mut asing = buka(dir.path());
        asing.diri =
            super::Diri { secret: ani.diri.secret.clone(), id: ani.diri.id, space: ani.diri.space, known: None };
        asing.actor = ani.actor.with_salt(crate::acak::bytes().unwrap());
        let rumah = rumah_baru(&mut asing, nomor);
        let changes: Vec<wakuncar_wire::Bytes> =
            asing.store.outbox().unwrap().into_iter().map(|change| change.body.into()).collect();
        let batch = wakuncar_wire::Batch {
            claimed_at: 1,
            app_version: 1,
            causal: vec![],
            sections: vec![(wakuncar_wire::DocId::from_bytes(*rumah.as_bytes()), changes)],
            blobs: vec![],
        };
        let scope = ani.known().unwrap().roster.scope(coll);
        let key = kantor.writing_key(scope).unwrap().unwrap();
        let mut pena = Pena::new(&asing.store, ani.space().unwrap());
        pena.sealed(Oleh { secret: &ani.diri.secret, auth }, Kind::Batch, coll, &key, &batch.to_wire()).unwrap();
        twins.push((rumah, pena.done().remove(0)));
    }
    terima(&mut kantor, &[twins[0].1.clone()]);
    terima(&mut kantor, &[twins[1].1.clone()]);
    assert!(kantor.rumah(twins[0].0).is_ok() && kantor.rumah(twins[1].0).is_err());
    let auth = kantor.kursi().unwrap();
    let heads = vec![twins[1].1.id()];
    kantor.issue(auth, &[Control::ForkClose { coll, author: ani.diri.id, heads }]).unwrap();
    kantor.apply_waiting().unwrap();
    assert!(kantor.rumah(twins[0].0).is_err() && kantor.rumah(twins[1].0).is_ok());
    assert!(kantor.daftar(&crate::Lingkup::default(), 10, 0).unwrap().iter().all(|satu| satu.id == twins[1].0));
    assert!(kantor.periksa(false).unwrap().temuan.is_empty());
}

#[test]
fn an_entry_that_brings_the_app_down_three_times_is_set_aside_and_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("kantor");
    let mut kantor = kantor(&folder);
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let mut wati = kader(&mut kantor, &dir.path().join("wati"), "wati");
    let (satu, dua) = (rumah_baru(&mut ani, "1"), rumah_baru(&mut wati, "2"));
    ani.susun().unwrap();
    wati.susun().unwrap();
    let baru: Vec<Entry> =
        [&ani, &wati].iter().flat_map(|hp| semua(hp)).filter(|entry| entry.header().kind == Kind::Batch).collect();
    let racun = baru.iter().find(|entry| entry.header().author == ani.diri.id).unwrap().id();
    kantor
        .store
        .write::<_, crate::Error>(|tx| Ok(baru.iter().try_for_each(|entry| tx.put_entry(entry, false))?))
        .unwrap();
    // The app goes down while it applies the page, then three times at the same entry.
    kantor.mark_applying(baru.iter().map(Entry::id)).unwrap();
    for _ in 0..3 {
        drop(kantor);
        kantor = buka(&folder);
        kantor.mark_one(racun).unwrap();
    }
    drop(kantor);
    let mut kantor = buka(&folder);
    kantor.apply_waiting().unwrap();
    assert!(kantor.rumah(satu).is_err() && kantor.rumah(dua).is_ok());
    assert_eq!(kantor.store.quarantined().unwrap(), [racun]);
    assert_eq!(
        kantor.store.entry_at(dasar(&kantor), ani.diri.id, 1, racun.prefix()).unwrap(),
        Some((racun, Applied::No))
    );
    // It is never said to be received.
    bawa(&mut kantor, &mut ani);
    bawa(&mut kantor, &mut wati);
    assert_eq!(ani.status_rumah(satu).unwrap().keadaan, Keadaan::Tersimpan);
    assert_eq!(wati.status_rumah(dua).unwrap().keadaan, Keadaan::Diterima);
}

#[test]
fn a_section_that_is_refused_stops_neither_its_log_nor_the_receipt_of_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let satu = rumah_baru(&mut ani, "1");
    let coll = dasar(&ani);
    let auth = ani.known().unwrap().roster.writing_grant(ani.diri.id, coll).unwrap();
    let scope = ani.known().unwrap().roster.scope(coll);
    let key = ani.writing_key(scope).unwrap().unwrap();
    // Her phone has a fault: one section is garbage, another is whole.
    let changes: Vec<wakuncar_wire::Bytes> =
        ani.store.outbox().unwrap().into_iter().map(|change| change.body.into()).collect();
    let doc = |id: RumahId| wakuncar_wire::DocId::from_bytes(*id.as_bytes());
    let lain = RumahId::from_bytes([5; 16]);
    let batch = wakuncar_wire::Batch {
        claimed_at: 1,
        app_version: 1,
        causal: vec![],
        sections: vec![(doc(lain), vec![vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3].into()]), (doc(satu), changes)],
        blobs: vec![],
    };
    let mut pena = Pena::new(&ani.store, ani.space().unwrap());
    let id = pena.sealed(Oleh { secret: &ani.diri.secret, auth }, Kind::Batch, coll, &key, &batch.to_wire()).unwrap();
    let entry = pena.done();
    let hashes: Vec<[u8; 32]> = ani.store.outbox().unwrap().into_iter().map(|change| change.hash).collect();
    ani.store
        .write::<_, crate::Error>(|tx| {
            super::keep_entries(tx, &entry)?;
            Ok(hashes.iter().try_for_each(|hash| tx.set_change_entry(hash, id))?)
        })
        .unwrap();
    bawa(&mut ani, &mut kantor);
    assert!(kantor.rumah(satu).is_ok() && kantor.rumah(lain).is_err());
    let dua = rumah_baru(&mut ani, "2");
    bawa(&mut ani, &mut kantor);
    bawa(&mut kantor, &mut ani);
    assert_eq!(ani.status_rumah(dua).unwrap().keadaan, Keadaan::Diterima);
    assert_eq!(ani.status_rumah(satu).unwrap().keadaan, Keadaan::Tersimpan, "its entry was refused in part");
}

#[test]
fn one_author_cannot_fill_a_document_and_her_other_houses_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let (satu, dua) = (rumah_baru(&mut ani, "1"), rumah_baru(&mut ani, "2"));
    let (mut written, mut last_taken) = (0, None);
    // Each answer is a change of some 230 bytes; what one author may bring for one document is a mebibyte.
    let isi = "x".repeat(110);
    for n in 0..6000 {
        ani.edit(satu, &[edit("rumah/alamat", &format!("{n} {isi}"))], Izin::Register).unwrap();
        written += 1;
        if n % 500 == 499 {
            bawa(&mut ani, &mut kantor);
            let now = alamat(&kantor, satu);
            if now == last_taken {
                break;
            }
            last_taken = now;
        }
    }
    assert!(written < 6000, "the office takes all of it: {last_taken:?}");
    jawab(&mut ani, dua, "Gang Lain");
    bawa(&mut ani, &mut kantor);
    assert_eq!(alamat(&kantor, dua).as_deref(), Some("Gang Lain"));
    bawa(&mut kantor, &mut ani);
    assert_eq!(ani.status_rumah(dua).unwrap().keadaan, Keadaan::Diterima);
    assert_ne!(ani.status_rumah(satu).unwrap().keadaan, Keadaan::Diterima, "her phone says that it did not arrive");
}

#[test]
fn the_parked_entries_of_one_author_fill_no_disk() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let rumah = rumah_baru(&mut ani, "1");
    for n in 0..300 {
        jawab(&mut ani, rumah, &format!("Gang {n}"));
        ani.susun().unwrap();
    }
    cabut(&mut kantor, ani.diri.id, vec![], Reason::Stolen);
    terima(&mut kantor, &semua(&ani));
    assert_eq!(kantor.store.waiting_count().unwrap(), 256);
    assert_eq!(kantor.apply_waiting().unwrap(), 0);
}

#[test]
fn a_device_put_back_from_an_old_copy_takes_its_own_entries_over_and_writes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let (asli, lama) = (dir.path().join("ani"), dir.path().join("lama"));
    let mut ani = kader(&mut kantor, &asli, "ani");
    let satu = rumah_baru(&mut ani, "1");
    bawa(&mut ani, &mut kantor);
    drop(ani);
    std::fs::create_dir(&lama).unwrap();
    for file in std::fs::read_dir(&asli).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
        std::fs::copy(file.path(), lama.join(file.file_name())).unwrap();
    }
    let mut ani = buka(&asli);
    let dua = rumah_baru(&mut ani, "2");
    bawa(&mut ani, &mut kantor);
    drop(ani);
    let mut ani = buka(&lama);
    assert!(ani.rumah(dua).is_err());
    // It records on, and numbers nothing until it knows how long its logs are.
    jawab(&mut ani, satu, "Gang Baru");
    assert_eq!(ani.susun().unwrap(), 1);
    terima(&mut ani, &semua(&kantor));
    ani.settle_doubt().unwrap();
    assert!(ani.rumah(dua).is_ok());
    bawa(&mut ani, &mut kantor);
    assert_eq!(alamat(&kantor, satu).as_deref(), Some("Gang Baru"));
    assert!(kantor.store.forks().unwrap().is_empty());
}

#[test]
fn everything_counts_the_same_on_all_devices_whatever_the_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut kantor = kantor(&dir.path().join("kantor"));
    let mut ani = kader(&mut kantor, &dir.path().join("ani"), "ani");
    let mut wati = kader(&mut kantor, &dir.path().join("wati"), "wati");
    let rumah = rumah_baru(&mut ani, "1");
    bawa(&mut ani, &mut wati);
    jawab(&mut wati, rumah, "Gang Satu");
    bawa(&mut wati, &mut ani);
    jawab(&mut ani, rumah, "Gang Dua");
    bawa(&mut ani, &mut kantor);
    let entries = semua(&ani);
    let mut last = None;
    for turn in 0..entries.len() {
        let mut hp = kader(&mut kantor, &dir.path().join(format!("hp{turn}")), &format!("baru{turn}"));
        let mut turned = entries.clone();
        turned.rotate_left(turn);
        // A log arrives in its order; whose comes first is chance.
        turned.sort_by_key(|entry| entry.header().seq);
        terima(&mut hp, &turned);
        terima(&mut hp, &turned);
        let now = hp.rumah(rumah).unwrap();
        assert_eq!(last.get_or_insert_with(|| now.clone()), &now);
        assert_eq!(now.sifat.alamat, Isian::Terisi("Gang Dua".into()));
    }
}
