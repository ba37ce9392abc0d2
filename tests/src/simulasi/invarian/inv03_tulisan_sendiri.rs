//! Invariant 3. Own writes: an honest device never signs two entries for one place, and what it called saved stays on its disk.

use wakuncar_wire::Kind;

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 3, langkah: Some(langkah), diam: None };

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    let gawai = &dunia.gawai[tengok.siapa];
    if !gawai.jujur {
        return Ok(());
    }
    let me = gawai.lihat(|app| app.simulasi_id());
    for id in tengok.baru() {
        let header = dunia.arsip[&id].header();
        if Some(header.author) != me || gawai.bercabang {
            continue;
        }
        let place = (header.coll, header.author, header.kind == Kind::Beat, header.seq);
        let first = *dunia.ditulis.entry(place).or_insert(id);
        if first != id {
            return Err(format!("{} wrote two entries at one place: {first} and {id}", gawai.nama));
        }
    }
    let mut own = dunia.diakui.iter().filter(|diakui| diakui.gawai == tengok.siapa && !diakui.hangus);
    match own.find(|diakui| !tengok.kini.perubahan.contains(&diakui.hash)) {
        Some(diakui) => Err(format!("{} called a change of {} saved and has it no more", gawai.nama, diakui.rumah)),
        None => Ok(()),
    }
}
