//! What goes wrong with devices and lines.

use std::collections::BTreeSet;

use wakuncar_app::simulasi::{Fault, arm};

use super::super::dunia::Dunia;
use super::super::jaringan::Gangguan;
use super::{Kerja, kerja};

/// Milliseconds of a year.
const TAHUN: i64 = 365 * 24 * 3_600_000;

pub(crate) fn sinkron(dunia: &mut Dunia, gawai: u8, gangguan: Gangguan) {
    let siapa = dunia.pilih(gawai);
    // To an old copy that asks what it wrote since, a relay that lies is past help.
    let bohong = matches!(gangguan, Gangguan::Rusak(..) | Gangguan::Tertukar(_)) && dunia.gawai[siapa].bercabang;
    dunia.jaringan.borrow_mut().ganggu(if bohong { Gangguan::Tidak } else { gangguan });
    let _ = dunia.pada(siapa, wakuncar_app::sinkron);
    dunia.jaringan.borrow_mut().ganggu(Gangguan::Tidak);
}

pub(crate) fn mati_saat(dunia: &mut Dunia, gawai: u8, tulisan: u8, sesudah: bool, kerja: Kerja) {
    let siapa = dunia.pilih(gawai);
    let fault = if sesudah { Fault::CutAfter } else { Fault::CutBefore };
    arm(Some((u32::from(tulisan), fault)));
    kerja::lakukan(dunia, siapa, kerja);
    arm(None);
}

pub(crate) fn penuh(dunia: &mut Dunia, gawai: u8, tulisan: u8, kerja: Kerja) {
    let siapa = dunia.pilih(gawai);
    arm(Some((u32::from(tulisan), Fault::Full)));
    kerja::lakukan(dunia, siapa, kerja);
    arm(None);
}

pub(crate) fn mati(dunia: &mut Dunia, gawai: u8) {
    let siapa = dunia.pilih(gawai);
    if let Some(app) = dunia.gawai[siapa].app.take() {
        dunia.tersentuh.insert(siapa);
        dunia.gawai[siapa].mati(app, true);
    }
}

pub(crate) fn jam(dunia: &mut Dunia, gawai: u8, tahun: i8) {
    let siapa = dunia.pilih(gawai);
    dunia.gawai[siapa].selisih = i64::from(tahun) * TAHUN;
}

/// The phone is gone. The office is not: somebody must stay who can let people in.
pub(crate) fn hilang(dunia: &mut Dunia, gawai: u8) {
    let siapa = dunia.pilih(gawai);
    let others = dunia.gawai.iter().filter(|gawai| !gawai.hilang && gawai.app.is_some()).count();
    if siapa > 0 && others > 3 {
        dunia.gawai[siapa].app = None;
        dunia.gawai[siapa].hilang = true;
    }
}

pub(crate) fn simpan_citra(dunia: &mut Dunia, gawai: u8) {
    let siapa = dunia.pilih(gawai);
    dunia.gawai[siapa].simpan_citra();
}

pub(crate) fn pulihkan_citra(dunia: &mut Dunia, gawai: u8, cakram: bool) {
    let siapa = dunia.pilih(gawai);
    let gawai = &mut dunia.gawai[siapa];
    if let (Some(citra), true) = (gawai.citra.clone(), gawai.app.is_some()) {
        gawai.pulihkan(&citra, cakram);
        let rows = gawai.lihat(|app| app.simulasi_store().change_hashes()).into_iter().flatten().flatten();
        let there: BTreeSet<[u8; 32]> = rows.map(|(_, hash)| hash).collect();
        let own = dunia.diakui.iter_mut().filter(|diakui| diakui.gawai == siapa);
        own.for_each(|diakui| diakui.hangus |= !there.contains(&diakui.hash));
        dunia.mendua(siapa);
        dunia.tersentuh.insert(siapa);
    }
}

pub(crate) fn klon(dunia: &mut Dunia, gawai: u8) {
    let siapa = dunia.pilih(gawai);
    if dunia.gawai.len() > 6 || dunia.gawai[siapa].app.is_none() {
        return;
    }
    dunia.gawai[siapa].simpan_citra();
    let Some(citra) = dunia.gawai[siapa].citra.clone() else { return };
    let kembar = dunia.gawai_baru("Kembar");
    dunia.gawai[kembar].pulihkan(&citra, false);
    dunia.mendua(kembar);
    dunia.mendua(siapa);
    dunia.tersentuh.insert(kembar);
}
