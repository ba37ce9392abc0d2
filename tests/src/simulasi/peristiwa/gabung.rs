//! Coming in: the office invites, a device asks, the office says yes or no.

use wakuncar_app::{
    KeadaanPerangkat, Role, Undang, gabung as ask, sahkan as admit, segarkan_perangkat, tolak, undang as invite,
};

use super::super::dunia::Dunia;
use super::ke;

/// Most devices of a run.
const PALING_BANYAK: usize = 7;

/// A seat invites a cadre for a dasawisma.
pub(crate) fn undang(dunia: &mut Dunia, siapa: usize, nama: &str, dasawisma: usize) {
    let undang =
        Undang { nama: nama.into(), peran: Role::Kader, dasawisma: vec![Dunia::dasawisma(dasawisma)], gantikan: None };
    if let Some(undangan) = dunia.pada(siapa, |app| invite(app, &undang)).jadi() {
        // With the QR or by typing, in turn.
        let typed = dunia.undangan.len() % 2 == 1;
        let kode = if typed { undangan.kode_ketik } else { undangan.kode };
        let rows = dunia.gawai[siapa].lihat(|app| app.simulasi_store().control_entries());
        let known = rows.into_iter().flatten().flatten().map(|entry| entry.id).collect();
        dunia.undangan.push((kode, known));
    }
}

/// A new device asks with a code that was given out, whatever has become of it.
pub(crate) fn gabung(dunia: &mut Dunia, kode: usize) {
    if kode < dunia.undangan.len() {
        let siapa = dunia.gawai_baru("Baru");
        tanya(dunia, siapa, kode);
    }
}

fn tanya(dunia: &mut Dunia, siapa: usize, kode: usize) {
    let Some((kode, known)) = dunia.undangan.get(kode).cloned() else { return };
    dunia.gawai[siapa].diundang = Some(known);
    let _ = dunia.pada(siapa, |app| ask(app, &kode));
}

pub(crate) fn gabung_dengan(dunia: &mut Dunia, undangan: u8) {
    // One that asked in vain asks again before another device is unpacked.
    let waits = |gawai: &super::super::gawai::Gawai| gawai.lihat(|app| app.kelurahan().is_none()).unwrap_or(false);
    let Some(kode) = usize::from(undangan).checked_rem(dunia.undangan.len()) else { return };
    match dunia.gawai.iter().position(waits) {
        Some(siapa) => tanya(dunia, siapa, kode),
        None if dunia.gawai.len() < PALING_BANYAK => gabung(dunia, kode),
        None => {}
    }
}

/// A seat looks at those who ask and decides about one.
pub(crate) fn sahkan(dunia: &mut Dunia, siapa: usize, yang: u8, ya: bool) {
    let _ = dunia.pada(siapa, segarkan_perangkat);
    let semua = dunia.gawai[siapa].lihat(|app| app.perangkat());
    let Some(Ok(semua)) = semua else { return };
    let menunggu: Vec<_> = semua.iter().filter(|satu| satu.keadaan == KeadaanPerangkat::Menunggu).collect();
    let Some(satu) = ke(&menunggu, yang) else { return };
    let _ = dunia.pada(siapa, |app| if ya { admit(app, satu.id) } else { tolak(app, satu.id) });
}
