//! Invariant 13. Bounded cost: whatever a member sends, what lies at the relay and on devices because of it stays within bounds.
//! That her entries keep nobody else's from being applied is looked at in 7, 8 and 9, which hold beside her.

use std::collections::BTreeMap;

use wakuncar_wire::{DeviceId, MAX_ENTRY};

use super::super::dunia::Dunia;
use super::Invarian;

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 13, langkah: None, diam: Some(diam) };

/// Most entries of one author that wait on a device (PROTOCOL §2.20).
const MENUNGGU: usize = 256;

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    let jaringan = dunia.jaringan.borrow();
    for yang in 0..jaringan.banyak() {
        if let Some(bytes) = jaringan.isi(yang, dunia.space).iter().find(|bytes| bytes.len() > MAX_ENTRY) {
            return Err(format!("the relay took an entry of {} bytes", bytes.len()));
        }
    }
    for gawai in dunia.gawai.iter().filter(|gawai| gawai.jujur && gawai.app.is_some()) {
        let mut menunggu: BTreeMap<DeviceId, usize> = BTreeMap::new();
        for (id, (applied, _)) in &gawai.pandangan.entri {
            *menunggu.entry(dunia.arsip[id].header().author).or_default() += usize::from(!applied);
        }
        if let Some((author, banyak)) = menunggu.iter().find(|(_, banyak)| **banyak > MENUNGGU) {
            return Err(format!("{} keeps {banyak} entries of {author} waiting", gawai.nama));
        }
    }
    Ok(())
}
