//! Invariant 6. One holder: a seat has at most one, the first seat always one, and whoever has the recovery code can seat anybody.

use std::collections::BTreeSet;

use wakuncar_roster::Roster;
use wakuncar_seal::SecretIdentity;
use wakuncar_wire::{CollId, Control, Entry, EntryId, GrantId, Header, KeyId, Kind, Wire};

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 6, langkah: Some(langkah), diam: Some(diam) };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    if tengok.kini.kontrol == tengok.dulu.kontrol {
        return Ok(());
    }
    let gawai = &dunia.gawai[tengok.siapa];
    let periksa = |app: &mut wakuncar_app::App| {
        let Some((roster, _)) = app.simulasi_known() else { return Ok(()) };
        let open: Vec<u8> =
            roster.seat_grants().filter(|(_, seat)| seat.cut_off.is_none()).map(|(_, seat)| seat.seat).collect();
        let numbers: BTreeSet<u8> = open.iter().copied().collect();
        if numbers.len() != open.len() || !numbers.contains(&1) {
            return Err(format!("{} sees these seats held: {open:?}", gawai.nama));
        }
        Ok(())
    };
    gawai.lihat(periksa).unwrap_or(Ok(()))
}

/// Root gives the first seat to somebody new.
fn diam(dunia: &mut Dunia) -> Result<(), String> {
    let root = SecretIdentity::from_recovery(&dunia.kode_pemulihan);
    let author = root.public().map_err(|error| error.to_string())?.device_id();
    let pandangan = &dunia.gawai[0].pandangan;
    let entries: Vec<&Entry> = pandangan.kontrol.iter().map(|id| &dunia.arsip[id]).collect();
    let before = Roster::evaluate(dunia.space, entries.iter().copied()).map_err(|error| error.to_string())?;
    let (_, seat) = before.seats().find(|(_, seat)| seat.seat == 1).ok_or("nobody holds the first seat")?;
    let last = entries.iter().filter(|entry| entry.header().author == author);
    let last = last.max_by_key(|entry| entry.header().seq);
    let next = SecretIdentity::from_bytes(&[99; 64]).public().map_err(|error| error.to_string())?;
    let control = Control::SeatSet { seat: 1, term: seat.term + 1, holder: next, cut_offs: Vec::new(), logs: None };
    let header = Header {
        ver: 1,
        suite: 1,
        kind: Kind::Control,
        space: dunia.space,
        coll: CollId::CONTROL,
        author,
        seq: last.map_or(0, |entry| entry.header().seq) + 1,
        prev: last.map_or(EntryId::ZERO, |entry| entry.id()),
        auth: GrantId::ZERO,
        key: KeyId::ZERO,
        schema: 1,
        body_len: 0,
        body_hash: [0; 32],
    };
    let entry = Entry::sign(header, control.to_wire(), root.signing_key()).map_err(|error| error.to_string())?;
    let after =
        Roster::evaluate(dunia.space, entries.into_iter().chain([&entry])).map_err(|error| error.to_string())?;
    match after.seats().find(|(_, seat)| seat.seat == 1) {
        Some((_, seat)) if seat.holder == next => Ok(()),
        _ => Err("the recovery code does not seat anybody".into()),
    }
}
