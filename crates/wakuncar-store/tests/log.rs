//! The log: what is held, what waits, and how far own changes have come.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use ed25519_dalek::SigningKey;
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_store::{Applied, LogPlace, Penitipan, Store};
use wakuncar_wire::{CollId, DeviceId, Entry, EntryId, GrantId, Header, KeyId, Kind, SpaceId};

const MELATI: CollId = CollId::from_bytes([3; 16]);
const ME: DeviceId = DeviceId::from_bytes([4; 16]);
const RELAY: [u8; 16] = [8; 16];
const HUB: [u8; 16] = [9; 16];
const RUMAH: RumahId = RumahId::from_bytes([5; 16]);

fn entry(kind: Kind, seq: u64, prev: EntryId) -> Entry {
    let sealed = kind == Kind::Batch;
    let header = Header {
        ver: 1,
        suite: 1,
        kind,
        space: SpaceId::from_bytes([1; 16]),
        coll: if sealed { MELATI } else { CollId::CONTROL },
        author: ME,
        seq,
        prev,
        auth: GrantId::from_bytes([5; 16]),
        key: if kind == Kind::Control { KeyId::ZERO } else { KeyId::from_bytes([6; 32]) },
        schema: 1,
        body_len: 0,
        body_hash: [0; 32],
    };
    Entry::sign(header, vec![seq as u8; 30], &SigningKey::from_bytes(&[4; 32])).unwrap()
}

fn log(n: u64) -> Vec<Entry> {
    let mut prev = EntryId::ZERO;
    let mut make = |seq| {
        let made = entry(Kind::Batch, seq, prev);
        prev = made.id();
        made
    };
    (1..=n).map(&mut make).collect()
}

#[test]
fn a_log_knows_its_end_and_where_its_first_hole_is() {
    let mut store = Store::in_memory().unwrap();
    let log = log(4);
    store
        .write(|tx| {
            for (n, entry) in log.iter().enumerate() {
                tx.put_entry(entry, n != 2)?;
                tx.put_entry(entry, true)?;
            }
            Ok::<_, wakuncar_store::Error>(())
        })
        .unwrap();
    let place = store.log_place(MELATI, ME, false, 2).unwrap();
    assert_eq!(place, LogPlace { head: Some((4, log[3].id())), standing: Some(log[1].id()) });
    assert_eq!(store.heads().unwrap()[0].1[0].seq, 4);
    assert_eq!(store.applied_heads().unwrap()[0].1[0].seq, 2, "what lies behind a hole is not received");
    let waiting: Vec<EntryId> = store.waiting_entries().unwrap().into_iter().map(|entry| entry.id).collect();
    assert_eq!(waiting, [log[2].id()]);
    store.write(|tx| tx.set_applied(log[2].id(), Applied::Partly, b"")).unwrap();
    assert_eq!(store.partly_applied().unwrap(), [(MELATI, ME, 3)]);
    assert_eq!(store.applied_heads().unwrap()[0].1[0].seq, 4);
}

#[test]
fn a_newer_beat_replaces_the_older_and_never_the_other_way() {
    let mut store = Store::in_memory().unwrap();
    let beats = [2, 1, 3].map(|seq| entry(Kind::Beat, seq, EntryId::ZERO));
    store.write(|tx| beats.iter().try_for_each(|beat| tx.put_entry(beat, true))).unwrap();
    let held = store.beats().unwrap();
    assert_eq!(held.last().unwrap().id, beats[2].id());
    assert_eq!(store.log_place(CollId::CONTROL, ME, true, 3).unwrap().head, Some((3, beats[2].id())));
    assert!(store.heads().unwrap().is_empty(), "beats have no chain");
}

#[test]
fn an_own_change_is_kept_then_sworn_to_then_received() {
    let mut store = Store::in_memory().unwrap();
    let log = log(2);
    store
        .write(|tx| {
            for hash in [[1; 32], [2; 32], [3; 32]] {
                tx.put_change(RUMAH, Koleksi::Dasar, &hash, b"change", true, 0)?;
            }
            Ok::<_, wakuncar_store::Error>(())
        })
        .unwrap();
    assert_eq!(store.outbox().unwrap().len(), 3);
    let state = |store: &Store, received: u64| store.penitipan(|_, _, seq| seq <= received, ME, None).unwrap()[&RUMAH];
    assert_eq!(state(&store, 0), Penitipan { tersimpan: 3, ..Penitipan::default() });
    store
        .write(|tx| {
            log.iter().try_for_each(|entry| tx.put_entry(entry, true))?;
            tx.set_change_entry(&[1; 32], log[0].id())?;
            tx.set_change_entry(&[2; 32], log[1].id())
        })
        .unwrap();
    assert_eq!(store.outbox().unwrap().len(), 1);
    assert_eq!(state(&store, 0), Penitipan { tersimpan: 3, ..Penitipan::default() }, "an entry is no receipt");
    store
        .write(|tx| {
            tx.put_remote(&RELAY, "https://relay.invalid", false)?;
            tx.put_remote(&HUB, "", true)?;
            log.iter().try_for_each(|entry| tx.set_stored(&RELAY, entry.id(), 7))
        })
        .unwrap();
    assert_eq!(state(&store, 0), Penitipan { tersimpan: 1, dititipkan: 2, diterima: 0 });
    assert_eq!(state(&store, 1), Penitipan { tersimpan: 1, dititipkan: 1, diterima: 1 });
    assert!(store.unsworn_entries(ME, None).unwrap().is_empty());
    // The relay lost its disk; the hub had sworn to the first one, too.
    store.write(|tx| tx.set_stored(&HUB, log[0].id(), 9)).unwrap();
    store.write(|tx| tx.unset_stored(&RELAY, MELATI, ME, 0)).unwrap();
    assert_eq!(store.unsworn_entries(ME, None).unwrap().len(), 1);
    store.write(|tx| tx.unset_all_stored(&HUB)).unwrap();
    assert_eq!(store.unsworn_entries(ME, None).unwrap().len(), 2);
}

#[test]
fn what_came_by_file_is_entrusted_to_nobody_until_a_relay_has_it() {
    let mut store = Store::in_memory().unwrap();
    let log = log(2);
    let other = DeviceId::from_bytes([1; 16]);
    store
        .write(|tx| {
            tx.put_remote(&RELAY, "https://relay.invalid", false)?;
            for (entry, hash) in log.iter().zip([[1; 32], [2; 32]]) {
                tx.put_change(RUMAH, Koleksi::Dasar, &hash, b"change", false, 0)?;
                tx.put_entry(entry, true)?;
                tx.set_change_entry(&hash, entry.id())?;
                tx.set_carried(entry.id())?;
            }
            Ok::<_, wakuncar_store::Error>(())
        })
        .unwrap();
    let state = |store: &Store| store.penitipan(|_, _, _| false, other, None).unwrap()[&RUMAH];
    assert_eq!(state(&store), Penitipan { tersimpan: 2, ..Penitipan::default() });
    store.write(|tx| tx.set_given(&RELAY, log[0].id(), log[0].header())).unwrap();
    assert_eq!(state(&store), Penitipan { tersimpan: 1, dititipkan: 1, diterima: 0 });
    store.write(|tx| tx.set_stored(&RELAY, log[1].id(), 3)).unwrap();
    assert_eq!(state(&store), Penitipan { tersimpan: 0, dititipkan: 2, diterima: 0 });
}

#[test]
fn to_each_relay_goes_what_it_lacks_whoever_wrote_it() {
    let mut store = Store::in_memory().unwrap();
    let log = log(3);
    let beat = entry(Kind::Beat, 5, EntryId::ZERO);
    store
        .write(|tx| {
            tx.put_remote(&RELAY, "https://relay.invalid", false)?;
            tx.put_remote(&HUB, "", true)?;
            log.iter().chain([&beat]).try_for_each(|entry| tx.put_entry(entry, true))
        })
        .unwrap();
    let lacking = |store: &Store, pin| {
        let semua = store.lacking(pin, 10, 0).unwrap();
        semua.into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    let ids: Vec<EntryId> = log.iter().chain([&beat]).map(Entry::id).collect();
    assert_eq!(lacking(&store, &RELAY), ids);
    store.write(|tx| tx.set_given(&RELAY, log[1].id(), log[1].header())).unwrap();
    assert_eq!(lacking(&store, &RELAY), ids[2..]);
    assert_eq!(lacking(&store, &HUB), ids, "each relay by itself");
    store.write(|tx| tx.set_stored(&RELAY, beat.id(), 3)).unwrap();
    assert_eq!(lacking(&store, &RELAY), ids[2..3]);
    // It says that it has less than was thought, and then everything.
    let heads = store.heads().unwrap();
    store.write(|tx| tx.set_own_logs(&RELAY, ME, &[])).unwrap();
    assert_eq!(lacking(&store, &RELAY), ids[..3]);
    store.write(|tx| tx.survey(&RELAY, &heads)).unwrap();
    assert!(lacking(&store, &RELAY).is_empty());
    assert!(store.remote(&RELAY).unwrap().unwrap().surveyed);
}

#[test]
fn the_last_days_begin_where_their_first_day_began() {
    let mut store = Store::in_memory().unwrap();
    let log = log(3);
    for (entry, day) in log.iter().zip(["2026-03-01", "2026-03-02", "2026-03-05"]) {
        store
            .write(|tx| tx.note_day(day).and_then(|()| tx.put_entry(entry, true)).and_then(|()| tx.note_day(day)))
            .unwrap();
    }
    let since = |day: &str| store.entries_after(store.entry_before(day).unwrap(), 10).unwrap().len();
    for (day, entries) in
        [("2026-02-01", 3), ("2026-03-01", 3), ("2026-03-02", 2), ("2026-03-04", 2), ("2026-03-05", 1)]
    {
        assert_eq!(since(day), entries, "{day}");
    }
}
