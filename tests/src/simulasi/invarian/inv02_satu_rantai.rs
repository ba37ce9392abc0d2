//! Invariant 2. Single chain: of every log a prefix is held, each entry resting on the one before it; heads never go back.

use wakuncar_wire::{EntryId, Kind};

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 2, langkah: Some(langkah), diam: None };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    let nama = &dunia.gawai[tengok.siapa].nama;
    for id in tengok.baru() {
        let header = dunia.arsip[&id].header();
        if dunia.mendua.contains(&header.author) {
            continue;
        }
        let chained = header.kind == Kind::Beat || header.prev == EntryId::ZERO;
        if !chained && !tengok.kini.entri.contains_key(&header.prev) {
            return Err(format!("{nama} holds number {} of a log and not the one before it: {id}", header.seq));
        }
    }
    for (log, dulu) in &tengok.dulu.kepala {
        if dunia.mendua.contains(&log.1) {
            continue;
        }
        let kini = tengok.kini.kepala.get(log).copied().unwrap_or(0);
        if kini < *dulu {
            return Err(format!("{nama}: a log went back from {dulu} to {kini}: {log:?}"));
        }
    }
    Ok(())
}
