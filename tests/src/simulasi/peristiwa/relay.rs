//! What becomes of the relay.

use super::super::dunia::Dunia;
use super::ke;

/// Most copies that its operator keeps.
const CADANGAN: usize = 3;

pub(crate) fn cadangan(dunia: &mut Dunia) {
    let at = dunia.cadangan.len() % CADANGAN;
    let dir = dunia.folder(&format!("cadangan-{}", dunia.cadangan.len()));
    dunia.jaringan.borrow().salin(&dir);
    if dunia.cadangan.len() < CADANGAN {
        dunia.cadangan.push(dir);
    } else {
        dunia.cadangan[at] = dir;
    }
}

pub(crate) fn pulih(dunia: &mut Dunia, yang: u8) {
    if let Some(dari) = ke(&dunia.cadangan, yang).cloned() {
        dunia.jaringan.borrow_mut().pulihkan(Some(&dari));
    }
}

pub(crate) fn hilang(dunia: &mut Dunia) {
    dunia.jaringan.borrow_mut().pulihkan(None);
}

/// All that it had is gone, its keys too: it signs its receipts with another one.
pub(crate) fn kunci_baru(dunia: &mut Dunia) {
    dunia.jaringan.borrow_mut().ganti_kunci();
    hilang(dunia);
}

pub(crate) fn mulai_ulang(dunia: &mut Dunia) {
    dunia.jaringan.borrow_mut().hidupkan();
}

/// An old copy answers a device, with the relay's key and without a word about it.
pub(crate) fn bohong(dunia: &mut Dunia, gawai: u8, yang: Option<u8>) {
    let siapa = dunia.pilih(gawai);
    let mut jaringan = dunia.jaringan.borrow_mut();
    jaringan.rute.retain(|(gawai, _)| *gawai != siapa);
    let Some(dari) = yang.and_then(|yang| ke(&dunia.cadangan, yang)) else { return };
    if jaringan.banyak() < 3 {
        let dir = dunia.folder(&format!("bohong-{}", jaringan.banyak()));
        let yang = jaringan.pembohong(dari, &dir);
        jaringan.rute.push((siapa, yang));
    } else {
        jaringan.rute.push((siapa, 1 + usize::from(yang.unwrap_or(0)) % 2));
    }
}
