//! *Pasangan usia subur*: couples, not persons.

use wakuncar_domain::{HubunganKk, Isian, JenisKelamin, StatusPerkawinan, Warga, WargaId};

/// The wives among these people of one rumah tangga who have a living husband among them: first by their relations
/// within the family, then any married man who is still without a wife. Each man counts once.
///
/// Of several that could be couples those nearest in age are: the figure follows from what was recorded, not from
/// the order of ids. A husband who works away lives and pairs; one who died or moved is not among the people any more.
pub(crate) fn istri_bersuami(warga: &[(WargaId, &Warga)]) -> Vec<WargaId> {
    let kawin = |jk| move |satu: &&(WargaId, &Warga)| satu.1.jenis_kelamin == Isian::Terisi(jk) && is_kawin(satu.1);
    let mut calon = Vec::new();
    for (istri, w) in warga.iter().filter(kawin(JenisKelamin::Perempuan)) {
        for (suami, l) in warga.iter().filter(kawin(JenisKelamin::Laki)) {
            let disebut = w.keluarga == l.keluarga && is_sepasang(w, l);
            let lahir = (w.tanggal_lahir.terisi(), l.tanggal_lahir.terisi());
            let selisih = lahir.0.zip(lahir.1).map_or(i64::MAX, |(w, l)| (*w - *l).num_days().abs());
            calon.push(((!disebut, selisih, lahir, *istri, *suami), (*istri, *suami)));
        }
    }
    calon.sort_unstable();
    let mut pasangan: Vec<(WargaId, WargaId)> = Vec::new();
    for (_, (istri, suami)) in calon {
        if !pasangan.iter().any(|(w, l)| *w == istri || *l == suami) {
            pasangan.push((istri, suami));
        }
    }
    pasangan.into_iter().map(|(istri, _)| istri).collect()
}

/// Married, by the code and never by a part of the word: *Belum kawin* is not married.
fn is_kawin(warga: &Warga) -> bool {
    warga.status_perkawinan == Isian::Terisi(StatusPerkawinan::Kawin)
}

fn is_sepasang(istri: &Warga, suami: &Warga) -> bool {
    use HubunganKk::{Anak, FamiliLain, Istri, KepalaKeluarga, Menantu, Mertua, OrangTua, Suami};
    let (Isian::Terisi(istri), Isian::Terisi(suami)) = (istri.hubungan_kk, suami.hubungan_kk) else { return false };
    matches!(
        (istri, suami),
        (Istri, KepalaKeluarga | Suami)
            | (KepalaKeluarga, Suami)
            | (Anak, Menantu)
            | (Menantu, Anak)
            | (OrangTua, OrangTua)
            | (Mertua, Mertua)
            | (FamiliLain, FamiliLain)
    )
}
