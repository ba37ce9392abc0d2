//! Invariant 15. Compaction and erasure: not to be seen yet, as nothing makes snapshots or carries out a purge. Until then the file
//! on each device is checked against its own log, which is what compaction must not change.

use super::super::dunia::Dunia;
use super::Invarian;

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 15, langkah: None, diam: Some(diam) };

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    for siapa in dunia.honest().collect::<Vec<_>>() {
        let gawai = &dunia.gawai[siapa];
        match gawai.lihat(|app| app.periksa(false)) {
            Some(Ok(periksa)) if periksa.temuan.is_empty() => {}
            Some(Ok(periksa)) => return Err(format!("{}: {:?}", gawai.nama, periksa.temuan)),
            Some(Err(error)) => return Err(format!("{}: {error}", gawai.nama)),
            None => {}
        }
    }
    Ok(())
}
