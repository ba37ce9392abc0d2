//! Invariant 14. Idempotence: all that a device has been given, given to it twice more and in another order, changes nothing.

use wakuncar_app::simulasi::Page;

use super::super::dunia::Dunia;
use super::super::jaringan::PIN;
use super::Invarian;

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 14, langkah: None, diam: Some(diam) };

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    for siapa in dunia.honest().collect::<Vec<_>>() {
        let held = dunia.gawai[siapa].pandangan.entri.keys().map(|id| dunia.arsip[id].clone());
        let entries: Vec<_> = held.collect();
        let reversed: Vec<_> = entries.iter().rev().cloned().collect();
        let cursor = dunia.gawai[siapa].lihat(|app| app.simulasi_cursor(&PIN).ok().flatten()).flatten();
        for entries in [entries, reversed] {
            let page = Page { entries, cursor, ..Page::default() };
            let _ = dunia.pada(siapa, |app| {
                app.lock().unwrap_or_else(std::sync::PoisonError::into_inner).simulasi_take(&PIN, &page)
            });
        }
        let before = dunia.gawai[siapa].pandangan.clone();
        let (_, after) = dunia.tengok(siapa).map_err(|pelanggaran| pelanggaran.apa)?;
        if before.entri != after.entri || before.perubahan != after.perubahan {
            return Err(format!("{} changes when it gets again what it has", dunia.gawai[siapa].nama));
        }
    }
    Ok(())
}
