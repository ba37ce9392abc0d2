//! Invariant 10. Keys: a key is held by those only who at some time were allowed to read what it opens, and is what its name says.

use std::collections::BTreeSet;

use wakuncar_seal::ContentKey;
use wakuncar_wire::{DeviceId, KeyId, Perm, Scope};

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 10, langkah: Some(langkah), diam: None };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    if tengok.kini.entri == tengok.dulu.entri {
        return Ok(());
    }
    if tengok.kini.kontrol != tengok.dulu.kontrol {
        boleh_kini(dunia, tengok.siapa);
    }
    let Dunia { gawai, pernah_boleh, .. } = dunia;
    let gawai = &gawai[tengok.siapa];
    let periksa = |app: &mut wakuncar_app::App| {
        let Some((roster, _)) = app.simulasi_known() else { return Ok(()) };
        let me = app.simulasi_id();
        for (nama, nilai) in app.simulasi_store().secrets().unwrap() {
            let Some(id) = nama.strip_prefix("kunci/").and_then(|hex| KeyId::parse(hex).ok()) else { continue };
            let kunci = ContentKey::from_bytes(nilai.as_slice().try_into().map_err(|_| "a key of another length")?);
            if kunci.id() != id {
                return Err(format!("{} holds a key under another's name", gawai.nama));
            }
            let scope = roster.key(id).map(|key| key.scope);
            if scope.is_none_or(|scope| !pernah_boleh.contains(&(me, scope))) {
                return Err(format!("{} holds a key that it was never allowed: {scope:?}", gawai.nama));
            }
        }
        Ok(())
    };
    gawai.lihat(periksa).unwrap_or(Ok(()))
}

/// Writes down who may read what, as an honest device sees it now.
fn boleh_kini(dunia: &mut Dunia, siapa: usize) {
    if !dunia.gawai[siapa].jujur {
        return;
    }
    let kini = dunia.gawai[siapa].lihat(|app| {
        let mut boleh: BTreeSet<(DeviceId, Scope)> = BTreeSet::new();
        let Some((roster, _)) = app.simulasi_known() else { return boleh };
        let mut semua: Vec<DeviceId> = roster.devices().map(|(id, _)| id).collect();
        for (_, seat) in roster.seats() {
            semua.push(seat.holder.device_id());
            boleh.insert((seat.holder.device_id(), Scope::Seat));
        }
        for (coll, _) in roster.collections() {
            let reads = semua.iter().filter(|id| roster.perm(**id, coll).includes(Perm::READ));
            boleh.extend(reads.map(|id| (*id, roster.scope(coll))));
        }
        boleh
    });
    dunia.pernah_boleh.extend(kini.unwrap_or_default());
}
