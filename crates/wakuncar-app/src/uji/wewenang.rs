//! Words that count for nothing: of a kader, of a lower seat, of one that was given away.

use wakuncar_roster::Roster;
use wakuncar_seal::SecretIdentity;
use wakuncar_wire::{CollId, Control, GrantId, KeyId, Perm, Role, Scope};

use super::{Desa, Hp};
use crate::{Akhir, Cabut, Reason, beri_kursi, serahkan};

fn roster(hp: &Hp) -> Roster {
    hp.app().known().unwrap().roster.clone()
}

fn seats(hp: &Hp) -> Vec<(u8, wakuncar_wire::DeviceId)> {
    let mut seats: Vec<_> = roster(hp).seats().map(|(_, seat)| (seat.seat, seat.holder.device_id())).collect();
    seats.sort_unstable();
    seats
}

fn keys_of(byte: u8) -> wakuncar_wire::PublicIdentity {
    SecretIdentity::from_bytes(&[byte; 64]).public().unwrap()
}

#[test]
fn attack_12_a_kader_appoints_and_shuts_out() {
    let (desa, _) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    let before = (seats(&desa.kantor), roster(&desa.kantor).keys().count());
    let grant = ani.grant();
    let coll = desa.kantor.coll("Melati", 2);
    let revoke = |device| Control::Revoke { device, logs: vec![], reason: Reason::Stolen, wipe: true };
    let me = *ani.app().known().unwrap().identities.get(ani.id).unwrap();
    for word in [
        revoke(wati.id),
        revoke(desa.kantor.id),
        Control::SeatSet { seat: 1, term: 2, holder: me, cut_offs: vec![], logs: None },
        Control::SeatSet { seat: 2, term: 1, holder: me, cut_offs: vec![], logs: None },
        Control::Access { device: ani.id, coll, perm: Perm::READ_WRITE },
        Control::Drop { grant: wati.grant(), cut_off: 0, logs: None },
        Control::Key {
            key: KeyId::from_bytes([1; 32]),
            scope: Scope::Coll(coll),
            parents: vec![],
            accounted: vec![],
            for_seats: vec![].into(),
        },
        Control::Handover { seat: 1, next: me, logs: vec![] },
    ] {
        ani.issue(grant, word);
    }
    ani.sinkron();
    desa.kantor.sinkron();
    wati.sinkron();
    assert_eq!((seats(&desa.kantor), roster(&desa.kantor).keys().count()), before);
    assert!(wati.app().akhir().is_none() && desa.kantor.app().akhir().is_none());
    assert!(roster(&desa.kantor).is_member(wati.id));
}

#[test]
fn attack_13_14_15_seats_reach_neither_up_nor_into_the_future_nor_back() {
    let (desa, rumah) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    beri_kursi(&desa.kantor.app, Some(2), wati.id).unwrap();
    wati.sinkron();
    let second = wati.app().kursi().unwrap();
    let me = *wati.app().known().unwrap().identities.get(wati.id).unwrap();
    for (seat, term) in [(1, 2), (2, 2), (1, u32::MAX), (2, u32::MAX), (8, u32::MAX)] {
        wati.issue(second, Control::SeatSet { seat, term, holder: me, cut_offs: vec![], logs: None });
    }
    wati.sinkron();
    desa.kantor.sinkron();
    let expected = vec![(1, desa.kantor.id), (2, wati.id)];
    assert_eq!(seats(&desa.kantor), expected);
    assert!(desa.kantor.app().akhir().is_none());

    // The office gives its seat away and goes on as if it had not.
    let first = desa.kantor.app().kursi().unwrap();
    serahkan(&desa.kantor.app, ani.id).unwrap();
    desa.kantor.issue(first, Control::SeatSet { seat: 3, term: 1, holder: keys_of(9), cut_offs: vec![], logs: None });
    let revoke = Control::Revoke { device: ani.id, logs: vec![], reason: Reason::Stolen, wipe: true };
    desa.kantor.issue(first, revoke);
    let coll = Control::Collection { coll: CollId::from_bytes([9; 16]), jenis: 1, purpose: vec![] };
    desa.kantor.issue(first, coll);
    let _ = crate::sinkron(&desa.kantor.app);
    ani.sinkron();
    wati.sinkron();
    for hp in [&ani, &wati] {
        assert_eq!(seats(hp), vec![(1, ani.id), (2, wati.id)]);
        assert!(roster(hp).collections().all(|(coll, _)| coll != CollId::from_bytes([9; 16])));
        assert!(hp.app().akhir().is_none());
    }
    assert_eq!(desa.kantor.app().akhir(), Some(Akhir::Berhenti));
    assert!(matches!(desa.kantor.ubah(rumah, "x"), Err(crate::Error::Berhenti)));
}

/// What a seat below said of her while she was above is nothing, also after she gave her seat away; what it says then
/// counts.
#[test]
fn a_lower_seat_shuts_a_higher_one_out_only_when_it_knows_that_one_is_higher_no_more() {
    let (desa, _) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    beri_kursi(&desa.kantor.app, Some(2), wati.id).unwrap();
    wati.sinkron();
    let revoke = Control::Revoke { device: desa.kantor.id, logs: vec![], reason: Reason::Suspect, wipe: false };
    wati.issue(wati.grant(), revoke);
    wati.sinkron();
    desa.kantor.sinkron();
    assert!(desa.kantor.app().akhir().is_none());
    let _ = serahkan(&desa.kantor.app, ani.id);
    assert_eq!(desa.kantor.app().akhir(), Some(Akhir::Berhenti));
    ani.sinkron();
    assert_eq!(seats(&ani), vec![(1, ani.id), (2, wati.id)]);
    wati.sinkron();
    let seen = wati.app().store.log_place(CollId::CONTROL, desa.kantor.id, false, 0).unwrap().head.unwrap().0;
    let logs = vec![(CollId::CONTROL, seen)];
    let revoke = Control::Revoke { device: desa.kantor.id, logs, reason: Reason::Suspect, wipe: false };
    wati.issue(wati.grant(), revoke);
    assert!(wati.app().known().unwrap().roster.is_revoked(desa.kantor.id));
}

#[test]
fn attack_66_a_wipe_order_of_who_may_not_give_it() {
    let (desa, rumah) = Desa::new();
    let (ani, wati, budi) = (desa.kader("Ani"), desa.kader("Wati"), desa.kader("Budi"));
    beri_kursi(&desa.kantor.app, Some(2), wati.id).unwrap();
    wati.sinkron();
    let grant = wati.app().kursi().unwrap();
    let wipe = |hp: &Hp| Control::Revoke { device: hp.id, logs: vec![], reason: Reason::Stolen, wipe: true };
    // A kader; a seat that was taken away; somebody in the name of root.
    budi.issue(budi.grant(), wipe(&ani));
    budi.issue(GrantId::ZERO, wipe(&ani));
    let cabut = Cabut { perangkat: wati.id, alasan: Reason::Stolen, hapus: false, pengganti: None };
    desa.kantor.app().shut_out(&cabut).unwrap();
    wati.issue(grant, wipe(&ani));
    let _ = crate::sinkron(&wati.app);
    budi.sinkron();
    desa.kantor.sinkron();
    ani.sinkron();
    assert!(ani.app().akhir().is_none());
    assert_eq!(roster(&ani).wipe_order(ani.id), None);

    // One of another kelurahan, with the same words about the same device.
    let (lain, _) = Desa::new();
    let other = lain.kantor.issue(lain.kantor.grant(), wipe(&ani));
    let bytes = lain.kantor.app().store.entry(other).unwrap().unwrap();
    let entry = wakuncar_wire::Entry::decode(&bytes).unwrap();
    ani.app().store.write::<_, crate::Error>(|tx| Ok(tx.put_entry(&entry, true)?)).unwrap();
    ani.app().refresh_known().unwrap();
    assert!(ani.app().akhir().is_none());
    assert_eq!(ani.alamat(rumah), None);
    assert!(ani.ubah(rumah, "Gang Aman").is_ok());
}

#[test]
fn an_office_is_taken_back_from_whoever_holds_it_whatever_she_did() {
    let (desa, rumah) = Desa::new();
    let (ani, wati) = (desa.kader("Ani"), desa.kader("Wati"));
    // The office is in wrong hands: it gives seats to strangers, far into the future, and shuts Wati out.
    let first = desa.kantor.app().kursi().unwrap();
    for (seat, term) in [(2, 1), (2, 2), (1, 3), (1, 4), (1, 9)] {
        let holder = keys_of(seat * 16 + u8::try_from(term).unwrap());
        desa.kantor.issue(first, Control::SeatSet { seat, term, holder, cut_offs: vec![], logs: None });
    }
    let cabut = Cabut { perangkat: wati.id, alasan: Reason::Left, hapus: false, pengganti: None };
    desa.kantor.app().shut_out(&cabut).unwrap();
    desa.kantor.sinkron();
    ani.sinkron();
    let baru = crate::kode_pemulihan_baru().unwrap();
    let hasil = crate::pakai_pemulihan(&ani.app, &desa.kode_pemulihan, &baru).unwrap();
    assert_eq!((hasil.kursi, hasil.tanpa_kunci), (1, 0));
    assert_eq!(roster(&ani).seat_of(ani.id).unwrap().1.seat, 1);
    assert!(matches!(ani.app().uji_pemulihan(&desa.kode_pemulihan), Err(crate::Error::KodePemulihanLain)));
    assert!(ani.app().uji_pemulihan(&baru).unwrap().membuka);
    assert!(matches!(crate::pakai_pemulihan(&ani.app, &baru, &baru), Err(crate::Error::Kode(_))));
    // Used again, by another device, it takes the office from Ani.
    ani.ubah(rumah, "Gang Ani").unwrap();
    ani.sinkron();
    let siti = desa_anggota(&ani);
    let lagi = crate::kode_pemulihan_baru().unwrap();
    let hasil = crate::pakai_pemulihan(&siti.app, &baru, &lagi).unwrap();
    assert_eq!((hasil.tanpa_kunci, hasil.belum_ditutup), (0, false));
    assert_eq!(siti.alamat(rumah).as_deref(), Some("Gang Ani"), "what she had sent counts");
    let _ = crate::sinkron(&ani.app);
    assert!(ani.app().kursi().is_err());
    // What she writes on under the seat that she had counts nowhere.
    assert_eq!(roster(&siti).seats().filter(|(_, seat)| seat.seat == 1).count(), 1);
}

/// A guest whom another office than the first has invited.
fn desa_anggota(kantor: &Hp) -> Hp {
    let undang = crate::Undang { nama: "Siti".into(), peran: Role::Kader, dasawisma: vec![], gantikan: None };
    let undangan = crate::undang(&kantor.app, &undang).unwrap();
    let hp = Hp::new();
    crate::gabung(&hp.app, &undangan.kode).unwrap();
    hp
}
