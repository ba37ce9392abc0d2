//! Invariant 1. Authenticity: every entry that is held verifies under the key that is bound to its author.

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 1, langkah: Some(langkah), diam: None };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    let Dunia { gawai, arsip, terbukti, .. } = dunia;
    let gawai = &gawai[tengok.siapa];
    let new: Vec<_> = tengok.baru().filter(|id| !terbukti.contains(id)).collect();
    let periksa = |app: &mut wakuncar_app::App| {
        let Some((_, identities)) = app.simulasi_known() else { return Ok(()) };
        for id in new {
            identities.verify(&arsip[&id]).map_err(|error| format!("{}: {id}: {error}", gawai.nama))?;
            terbukti.insert(id);
        }
        Ok(())
    };
    gawai.lihat(periksa).unwrap_or(Ok(()))
}
