//! Invariant 9. No silent loss: what a screen called saved, and what any honest device or the relay still has of it, has come at
//! rest to all who may read it; and nobody keeps back what could go.

use std::collections::BTreeMap;

use wakuncar_app::App;
use wakuncar_domain::Isian;
use wakuncar_wire::{CollId, EntryId, Perm};

use super::super::dunia::{Diakui, Dunia};
use super::Invarian;

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 9, langkah: None, diam: Some(diam) };

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    // Which entry carries a change, as any honest device says it.
    let mut dibawa: BTreeMap<[u8; 32], Option<EntryId>> = BTreeMap::new();
    for siapa in dunia.honest() {
        for row in dunia.gawai[siapa].lihat(|app| app.simulasi_store().change_rows(0)).unwrap().unwrap() {
            let known = dibawa.entry(row.hash).or_default();
            *known = known.or(row.entry);
        }
    }
    for diakui in &dunia.diakui {
        let Some(entry) = dibawa.get(&diakui.hash) else { continue };
        let coll: Option<CollId> = entry.and_then(|id| dunia.arsip.get(&id)).map(|entry| entry.header().coll);
        let Some(coll) = coll else {
            if !menunggu_wajar(dunia, diakui) {
                return Err(format!("{} keeps back a change of {}", dunia.gawai[diakui.gawai].nama, diakui.rumah));
            }
            continue;
        };
        for siapa in dunia.honest() {
            let reads = dunia.gawai[siapa].lihat(|app| {
                let me = app.simulasi_id();
                app.simulasi_known().is_some_and(|(roster, _)| roster.perm(me, coll).includes(Perm::READ))
            });
            if reads == Some(true) && !dunia.gawai[siapa].pandangan.perubahan.contains(&diakui.hash) {
                return Err(format!(
                    "{} lacks a change of {} that {} called saved",
                    dunia.gawai[siapa].nama, diakui.rumah, dunia.gawai[diakui.gawai].nama
                ));
            }
        }
    }
    Ok(())
}

/// Whether a device has a reason to have something at rest that went nowhere: it belongs to no kelurahan, may not write
/// where the house lies, or a log of it has two branches.
fn menunggu_wajar(dunia: &Dunia, diakui: &Diakui) -> bool {
    let periksa = |app: &mut App| {
        if app.kelurahan().and_then(|kelurahan| kelurahan.peran).is_none() {
            return true;
        }
        let me = app.simulasi_id();
        if app.simulasi_store().forks().unwrap().iter().any(|(_, author, _)| *author == me) {
            return true;
        }
        let Ok(rumah) = app.rumah(diakui.rumah) else { return false };
        let teks = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let sifat = &rumah.sifat;
        let tim = app.tim().unwrap();
        let there = tim.dasawisma_at(&teks(&sifat.rw), &teks(&sifat.rt), &teks(&sifat.dasawisma));
        let coll = there.and_then(|(_, satu)| satu.dasar.terisi().and_then(|hex| CollId::parse(hex).ok()));
        let Some((roster, _)) = app.simulasi_known() else { return true };
        coll.is_none_or(|coll| roster.writing_grant(me, coll).is_none())
    };
    dunia.gawai[diakui.gawai].lihat(periksa) == Some(true)
}
