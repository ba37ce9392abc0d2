//! Invariant 4. Roster determinism: what a device knows of the kelurahan is decided by the set of its control entries, in any order.

use wakuncar_roster::Roster;

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 4, langkah: Some(langkah), diam: None };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    if tengok.kini.kontrol == tengok.dulu.kontrol {
        return Ok(());
    }
    let gawai = &dunia.gawai[tengok.siapa];
    let known = gawai.lihat(|app| app.simulasi_known().map(|(roster, _)| roster.clone())).flatten();
    let Some(known) = known else { return Ok(()) };
    if !dunia.daftar.contains_key(&tengok.kini.kontrol) {
        let semua: Vec<_> = tengok.kini.kontrol.iter().map(|id| &dunia.arsip[id]).collect();
        let evaluate = |semua: &[&wakuncar_wire::Entry]| {
            Roster::evaluate(dunia.space, semua.iter().copied()).map_err(|error| error.to_string())
        };
        let first = evaluate(&semua)?;
        // Back to front, and from the middle.
        let reversed: Vec<_> = semua.iter().rev().copied().collect();
        let mut turned = semua.clone();
        turned.rotate_left(semua.len() / 2);
        if evaluate(&reversed)? != first || evaluate(&turned)? != first {
            return Err("another order of the same control entries says something else".into());
        }
        dunia.daftar.insert(tengok.kini.kontrol.clone(), first);
    }
    if dunia.daftar[&tengok.kini.kontrol] != known {
        return Err(format!("{} knows something else than its control entries say", gawai.nama));
    }
    Ok(())
}
