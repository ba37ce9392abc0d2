//! Keys: made after every loss and never otherwise, asked for once, never taken from whoever forges them.

use std::collections::BTreeSet;

use wakuncar_seal::ContentKey;
use wakuncar_wire::{Batch, Control, KeyId, Kind, Role, Scope, Wire, WrapMode};

use super::{Desa, Hp};
use crate::cabut::Cabut;
use crate::kelurahan::jenis;
use crate::log::{Asal, Oleh, Pena, announce, keep_entries, keep_keys};
use crate::{Reason, beri_kursi};

fn keys(hp: &Hp) -> BTreeSet<KeyId> {
    hp.app().known().unwrap().roster.keys().map(|(id, _)| id).collect()
}

fn writing(hp: &Hp, scope: Scope) -> (KeyId, bool) {
    hp.app().known().unwrap().roster.writing_key(scope).unwrap()
}

fn hilang(hp: &Hp) -> Cabut {
    Cabut { perangkat: hp.id, alasan: Reason::Lost, hapus: false, pengganti: None }
}

fn requests(hp: &Hp) -> usize {
    hp.app().known().unwrap().roster.key_requests().count()
}

/// A key of the dasar collection that the office announces and gives to nobody, and a batch under it.
fn withheld(desa: &Desa) -> ContentKey {
    let coll = desa.kantor.coll("Melati", jenis::DASAR);
    let mut app = desa.kantor.app();
    let (auth, space) = (app.kursi().unwrap(), app.space().unwrap());
    let seats = app.writing_key(Scope::Seat).unwrap();
    let oleh = Oleh { secret: &app.diri.secret, auth };
    let mut pena = Pena::new(&app.store, space);
    let key = announce(&mut pena, oleh, space, Scope::Coll(coll), seats.as_ref(), Asal::default()).unwrap();
    let batch = Batch { claimed_at: 0, app_version: 1, causal: vec![], sections: vec![], blobs: vec![] };
    pena.sealed(oleh, Kind::Batch, coll, &key, &batch.to_wire()).unwrap();
    let entries = pena.done();
    app.store
        .write::<_, crate::Error>(|tx| {
            keep_entries(tx, &entries)?;
            keep_keys(tx, std::slice::from_ref(&key))
        })
        .unwrap();
    app.refresh_known().unwrap();
    key
}

#[test]
fn new_keys_are_made_once_after_a_loss_and_never_when_somebody_is_added() {
    let (desa, rumah) = Desa::new();
    let ani = desa.kader("Ani");
    let before = keys(&desa.kantor);
    let wati = desa.kader("Wati");
    let _ = desa.anggota("Pak RT", Role::KetuaRt, &[("002", "Melati")]);
    desa.kantor.sinkron();
    assert_eq!(keys(&desa.kantor), before, "adding asks for no new key");

    desa.kantor.app().shut_out(&hilang(&ani)).unwrap();
    let after = keys(&desa.kantor);
    // What she could read: three collections of her dasawisma, program, follow-up, arseti, the names; and nothing more.
    assert_eq!(after.len() - before.len(), 7);
    let seats = writing(&desa.kantor, Scope::Seat);
    assert!(seats.1 && before.contains(&seats.0), "she never had the seats' key");
    for _ in 0..2 {
        desa.kantor.sinkron();
        wati.sinkron();
    }
    assert_eq!(keys(&desa.kantor), after);
    desa.kantor.ubah(rumah, "Gang Baru").unwrap();
    desa.kantor.sinkron();
    wati.sinkron();
    assert_eq!(wati.alamat(rumah).as_deref(), Some("Gang Baru"));
    assert_eq!((requests(&desa.kantor), wati.app().keanggotaan().unwrap().menunggu_kunci), (0, 0));
}

#[test]
fn two_losses_that_two_offices_hear_of_apart_end_in_one_key_with_both_as_parents() {
    let (desa, rumah) = Desa::new();
    let (ani, budi, siti) = (desa.kader("Ani"), desa.kader("Budi"), desa.kader("Siti"));
    let wati = desa.kader("Wati");
    beri_kursi(&desa.kantor.app, Some(2), wati.id).unwrap();
    wati.sinkron();
    let scope = Scope::Coll(desa.kantor.coll("Melati", jenis::DASAR));
    // Nobody is reached.
    desa.kantor.app().shut_out(&hilang(&ani)).unwrap();
    wati.app().shut_out(&hilang(&budi)).unwrap();
    desa.kantor.ubah(rumah, "Gang Kantor").unwrap();
    let apart = [writing(&desa.kantor, scope), writing(&wati, scope)];
    assert!(apart[0].1 && apart[1].1 && apart[0].0 != apart[1].0);

    desa.kantor.sinkron();
    wati.sinkron();
    desa.kantor.sinkron();
    siti.sinkron();
    let (id, clean) = writing(&siti, scope);
    assert!(clean);
    let known = siti.app().known().unwrap();
    let parents: BTreeSet<KeyId> = known.roster.key(id).unwrap().parents.iter().map(|(id, _)| *id).collect();
    assert_eq!(parents, apart.map(|(id, _)| id).into());
    assert_eq!(siti.alamat(rumah).as_deref(), Some("Gang Kantor"));
    // Who comes now reads all of it with the newest key alone.
    let joko = desa.kader("Joko");
    assert_eq!(joko.alamat(rumah).as_deref(), Some("Gang Kantor"));
    for hp in [&siti, &joko] {
        for key in keys(hp) {
            let may = known.roster.may_hold(hp.id, known.roster.key(key).unwrap().scope);
            assert!(!may || hp.app().content_key(key).unwrap().is_some());
        }
    }
}

#[test]
fn a_missing_key_is_asked_for_once_and_what_it_seals_is_kept_meanwhile() {
    let (desa, _) = Desa::new();
    let ani = desa.kader("Ani");
    let key = withheld(&desa);
    desa.kantor.sinkron();
    // The office has not heard of the request when Ani syncs again.
    for _ in 0..3 {
        ani.sinkron();
        assert_eq!(ani.app().keanggotaan().unwrap().menunggu_kunci, 1);
        assert_eq!(requests(&ani), 1);
    }
    desa.kantor.sinkron();
    ani.sinkron();
    assert_eq!(ani.app().keanggotaan().unwrap().menunggu_kunci, 0);
    assert!(ani.app().content_key(key.id()).unwrap().is_some());
    let wraps = |hp: &Hp| hp.app().known().unwrap().roster.wraps(key.id(), ani.id).count();
    desa.kantor.sinkron();
    ani.sinkron();
    assert_eq!((wraps(&ani), requests(&ani)), (1, 1), "answered once");
}

#[test]
fn a_kader_who_has_the_key_answers_as_well() {
    let (desa, _) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    let key = withheld(&desa);
    let keys = *wati.app().known().unwrap().identities.get(wati.id).unwrap();
    let ct = key.wrap_for(desa.kantor.app().space().unwrap(), &keys, &[5; 32]).unwrap().into();
    let wrap = Control::Wrap { key: key.id(), recipient: wati.id, mode: WrapMode::Hpke, ct };
    desa.kantor.issue(desa.kantor.grant(), wrap);
    desa.kantor.sinkron();
    ani.sinkron();
    wati.sinkron();
    ani.sinkron();
    assert!(ani.app().content_key(key.id()).unwrap().is_some());
}

#[test]
fn attack_45_two_keys_under_one_id() {
    let (desa, _) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    let key = withheld(&desa);
    let space = desa.kantor.app().space().unwrap();
    // A malicious office gives each of them another key under the id of the first.
    for (hp, bytes) in [(&ani, [1; 32]), (&wati, [2; 32])] {
        let keys = *desa.kantor.app().known().unwrap().identities.get(hp.id).unwrap();
        let ct = ContentKey::from_bytes(&bytes).wrap_for(space, &keys, &[9; 32]).unwrap().into();
        let wrap = Control::Wrap { key: key.id(), recipient: hp.id, mode: WrapMode::Hpke, ct };
        desa.kantor.issue(desa.kantor.grant(), wrap);
    }
    desa.kantor.sinkron();
    for hp in [&ani, &wati] {
        hp.sinkron();
        assert!(hp.app().content_key(key.id()).unwrap().is_none());
        assert_eq!(requests(hp), if hp.id == ani.id { 1 } else { 2 }, "and it asks for the real one");
    }
}

#[test]
fn attack_47_forged_wraps_and_unannounced_keys() {
    let (desa, rumah) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    let key = withheld(&desa);
    let coll = desa.kantor.coll("Melati", jenis::DASAR);
    desa.kantor.sinkron();
    ani.sinkron();
    wati.sinkron();
    // Wati wraps garbage for Ani, and a key of her own that nobody announced, and writes with it.
    let own = ContentKey::from_bytes(&[7; 32]);
    let space = wati.app().space().unwrap();
    let keys = *wati.app().known().unwrap().identities.get(ani.id).unwrap();
    let wraps = vec![
        (key.id(), ani.id, vec![8; 80].into()),
        (own.id(), ani.id, own.wrap_for(space, &keys, &[3; 32]).unwrap().into()),
    ];
    wati.issue(wati.grant(), Control::Wraps { wraps });
    {
        let mut app = wati.app();
        let auth = app.own_grant().unwrap();
        let oleh = Oleh { secret: &app.diri.secret, auth };
        let mut pena = Pena::new(&app.store, space);
        let batch = Batch { claimed_at: 0, app_version: 1, causal: vec![], sections: vec![], blobs: vec![] };
        pena.sealed(oleh, Kind::Batch, coll, &own, &batch.to_wire()).unwrap();
        let entries = pena.done();
        app.store.write::<_, crate::Error>(|tx| keep_entries(tx, &entries)).unwrap();
    }
    assert_eq!(wati.sinkron().ditolak, 1, "the relay does not take it either");
    ani.sinkron();
    assert!(ani.app().content_key(key.id()).unwrap().is_none());
    assert!(ani.app().writing_key(Scope::Coll(coll)).is_ok());
    assert!(ani.app().known().unwrap().roster.key(own.id()).is_none());
    // What was forged does not keep the office from answering.
    desa.kantor.sinkron();
    ani.sinkron();
    assert!(ani.app().content_key(key.id()).unwrap().is_some());
    assert_eq!(ani.alamat(rumah), None);
}

#[test]
fn attack_48_a_key_is_not_given_to_who_may_not_read() {
    let (desa, _) = Desa::new();
    let ani = desa.kader("Ani");
    let ketua = desa.anggota("Pak RT", Role::KetuaRt, &[("002", "Melati")]);
    let kesehatan = Scope::Coll(desa.kantor.coll("Melati", jenis::KESEHATAN));
    let (health, _) = writing(&desa.kantor, kesehatan);
    let (seats, _) = writing(&desa.kantor, Scope::Seat);
    for key in [health, seats] {
        ketua.issue(ketua.grant(), Control::KeyRequest { key });
    }
    // A kader who was shut out, and asks before she hears of it.
    let grant = ani.grant();
    desa.kantor.app().shut_out(&hilang(&ani)).unwrap();
    let scope = Scope::Coll(desa.kantor.coll("Melati", jenis::DASAR));
    let (new, _) = writing(&desa.kantor, scope);
    ani.issue(grant, Control::KeyRequest { key: new });
    let _ = crate::sinkron(&ani.app);
    ketua.sinkron();
    for _ in 0..2 {
        desa.kantor.sinkron();
        assert_eq!(desa.kantor.app().answer_key_requests().unwrap(), 0);
    }
    let known = desa.kantor.app().known().unwrap();
    for (key, device) in [(health, ketua.id), (seats, ketua.id), (new, ani.id)] {
        assert_eq!(known.roster.wraps(key, device).count(), 0);
    }
}
