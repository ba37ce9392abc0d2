//! Invariant 12. Monotone roster: a device forgets no control entry, and a newcomer begins with all that her inviter knew.

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 12, langkah: Some(langkah), diam: None };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    let gawai = &dunia.gawai[tengok.siapa];
    if let Some(id) = tengok.dulu.kontrol.difference(&tengok.kini.kontrol).next() {
        return Err(format!("{} forgot {id}", gawai.nama));
    }
    let begins = tengok.dulu.kontrol.is_empty() && !tengok.kini.kontrol.is_empty();
    match &gawai.diundang {
        Some(alas) if begins && !alas.is_subset(&tengok.kini.kontrol) => {
            Err(format!("{} joined with less than its inviter knew", gawai.nama))
        }
        _ => Ok(()),
    }
}
