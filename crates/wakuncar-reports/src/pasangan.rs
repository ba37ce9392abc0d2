//! *Pasangan usia subur*: couples, not persons.

use wakuncar_domain::{BarisId, HubunganKk, Isian, JenisKelamin, StatusPerkawinan, Warga};

/// How many of these wives have a living husband among these people: first by their relations within the
/// family, then any married man of the rumah tangga who is still without a wife. Each man counts once.
///
/// A husband who works away lives and pairs; one who died or moved is not among the people any more.
pub(crate) fn pasangan(istri: &[&Warga], warga: &[&Warga]) -> u32 {
    let mut suami: Vec<&Warga> = warga
        .iter()
        .copied()
        .filter(|warga| warga.jenis_kelamin == Isian::Terisi(JenisKelamin::Laki) && is_kawin(warga))
        .collect();
    // Wives above and below the counted ages take their husbands too.
    let semua_istri: Vec<&Warga> = warga
        .iter()
        .copied()
        .filter(|warga| warga.jenis_kelamin == Isian::Terisi(JenisKelamin::Perempuan) && is_kawin(warga))
        .collect();
    let mut dengan_suami: Vec<*const Warga> = Vec::new();
    let kk = |warga: &Warga| warga.keluarga.terisi().and_then(|baris| BarisId::parse(baris).ok());
    for tahap in [true, false] {
        for istri in &semua_istri {
            if dengan_suami.contains(&std::ptr::from_ref(*istri)) {
                continue;
            }
            let cocok = |suami: &&Warga| !tahap || (kk(suami) == kk(istri) && is_sepasang(istri, suami));
            if let Some(i) = suami.iter().position(cocok) {
                suami.remove(i);
                dengan_suami.push(std::ptr::from_ref(*istri));
            }
        }
    }
    let ada = istri.iter().filter(|istri| dengan_suami.contains(&std::ptr::from_ref(**istri))).count();
    u32::try_from(ada).unwrap_or(u32::MAX)
}

/// Married, by the code and never by a part of the word: *Belum kawin* is not married.
pub(crate) fn is_kawin(warga: &Warga) -> bool {
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
