//! The lease: a phone that meets nobody for a long time warns, then closes; contact opens, a clock does not.

use wakuncar_wire::{Control, Rules};

use super::{Desa, Hp};
use crate::{Error, clock};

const DAY: i64 = 24 * 60 * 60;

/// As if the last contact had been so many days ago.
fn ago(hp: &Hp, days: i64) {
    let now = clock::unix_ms() / 1000;
    set(hp, "kontak", now - days * DAY);
    set(hp, "waktu_tertinggi", now);
}

fn set(hp: &Hp, name: &str, value: i64) {
    hp.app().store.write::<_, Error>(|tx| Ok(tx.set_setting(name, &value.to_be_bytes())?)).unwrap();
}

#[test]
fn attack_56_a_phone_that_met_nobody_for_ninety_days_is_closed_until_it_does() {
    let (desa, rumah) = Desa::new();
    let ani = desa.kader("Ani");
    for (days, warning, closed) in
        [(0, false, false), (29, false, false), (30, true, false), (89, true, false), (90, true, true)]
    {
        ago(&ani, days);
        let sewa = ani.app().sewa().unwrap().unwrap();
        assert_eq!((i64::try_from(sewa.hari).unwrap(), sewa.is_warning(), sewa.is_closed()), (days, warning, closed));
        assert_eq!(ani.ubah(rumah, &format!("Gang {days}")).is_err(), closed);
    }
    ago(&ani, 91);
    assert!(matches!(ani.app().rumah(rumah), Err(Error::SewaHabis(91))));
    assert!(matches!(ani.app().cari("Gang", 9), Err(Error::SewaHabis(91))));
    assert!(matches!(ani.app().daftar(&crate::Lingkup::default(), 9, 0), Err(Error::SewaHabis(_))));
    // What waits goes out in spite of it, and then it is open.
    ani.sinkron();
    desa.kantor.sinkron();
    assert_eq!(desa.kantor.alamat(rumah).as_deref(), Some("Gang 89"));
    assert_eq!(ani.app().sewa().unwrap().unwrap().hari, 0);
    assert!(ani.ubah(rumah, "Gang Lagi").is_ok());
}

#[test]
fn a_clock_that_was_set_back_gains_nothing_and_one_that_ran_ahead_is_mended_by_contact() {
    let (desa, _) = Desa::new();
    let ani = desa.kader("Ani");
    let now = clock::unix_ms() / 1000;
    // It was a hundred days later when the clock was set back to today.
    set(&ani, "kontak", now);
    set(&ani, "waktu_tertinggi", now + 100 * DAY);
    assert!(ani.app().sewa().unwrap().unwrap().is_closed());
    ani.app().note_time().unwrap();
    assert!(ani.app().sewa().unwrap().unwrap().is_closed());
    ani.sinkron();
    assert_eq!(ani.app().sewa().unwrap().unwrap().hari, 0);
    // From now on days count again.
    ago(&ani, 91);
    assert!(ani.app().sewa().unwrap().unwrap().is_closed());
}

#[test]
fn the_kelurahan_says_how_many_days() {
    let (desa, rumah) = Desa::new();
    let ani = desa.kader("Ani");
    let rules = Rules { min_app: 0, warn_days: 5, lock_days: 10, keep_bodies: false };
    desa.kantor.issue(desa.kantor.grant(), Control::Policy { revision: 1, rules });
    desa.kantor.sinkron();
    ani.sinkron();
    ago(&ani, 10);
    assert!(matches!(ani.ubah(rumah, "x"), Err(Error::SewaHabis(10))));
    ago(&desa.kantor, 4);
    assert!(!desa.kantor.app().sewa().unwrap().unwrap().is_warning());
}
