//! Invariant 7. Closure: what is applied rests on what is held, and at rest on what is applied; nothing honest waits that need not.
//! And of 10: an entry that two devices open says the same to both.

use wakuncar_wire::{EntryId, Kind};

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 7, langkah: Some(langkah), diam: Some(diam) };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    let Dunia { gawai, arsip, isi, .. } = dunia;
    let gawai = &gawai[tengok.siapa];
    for (id, (applied, _)) in &tengok.kini.entri {
        let entry = &arsip[id];
        let before = tengok.dulu.entri.get(id).is_some_and(|(applied, _)| *applied);
        if !applied || before || entry.header().kind != Kind::Batch {
            continue;
        }
        let Some(Ok(Some(batch))) = gawai.lihat(|app| app.simulasi_batch(entry)) else {
            return Err(format!("{} applied what it cannot open or what does not count: {id}", gawai.nama));
        };
        for head in &batch.causal {
            let held = tengok.kini.entri.keys().any(|id| {
                let header = arsip[id].header();
                (header.author, header.coll, header.seq) == (head.author, entry.header().coll, head.seq)
                    && id.prefix() == head.id8
            });
            if !held {
                return Err(format!("{} applied {id} without what its author had applied", gawai.nama));
            }
        }
        let sama = isi.entry(*id).or_insert_with(|| batch.clone());
        if *sama != batch {
            return Err(format!("{id} says to {} something else than to another", gawai.nama));
        }
    }
    Ok(())
}

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    let honest: Vec<_> = dunia.honest().filter_map(|siapa| dunia.gawai[siapa].lihat(|app| app.simulasi_id())).collect();
    for siapa in dunia.honest().collect::<Vec<_>>() {
        let gawai = &dunia.gawai[siapa];
        let entri = &gawai.pandangan.entri;
        let applied = |id: &EntryId| entri.get(id).is_some_and(|(applied, _)| *applied);
        for id in entri.keys() {
            let header = dunia.arsip[id].header();
            if header.kind != Kind::Batch {
                continue;
            }
            if applied(id) {
                if header.prev != EntryId::ZERO && !applied(&header.prev) && honest.contains(&header.author) {
                    return Err(format!("{}: {id} is applied and the one before it is not", gawai.nama));
                }
                continue;
            }
            let reads = |app: &mut wakuncar_app::App| {
                let Some((roster, _)) = app.simulasi_known() else { return false };
                let read = roster.perm(app.simulasi_id(), header.coll).includes(wakuncar_wire::Perm::READ);
                read && roster.is_valid(header)
            };
            // Of a log with two branches nothing new counts until somebody closes it.
            let forks = gawai.lihat(|app| app.simulasi_store().forks().unwrap()).unwrap_or_default();
            if forks.iter().any(|(_, author, _)| *author == header.author) {
                continue;
            }
            if honest.contains(&header.author) && gawai.lihat(reads).unwrap_or(false) {
                return Err(format!("{}: an honest entry waits that could be applied: {id}", gawai.nama));
            }
        }
    }
    Ok(())
}
