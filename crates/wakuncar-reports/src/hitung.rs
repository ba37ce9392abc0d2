//! One house to the counts of its rumah tangga.

use chrono::NaiveDate;
use wakuncar_domain::{
    BarisId, Isian, JenisKelamin, Kebutuhan, KriteriaRumah, MakananPokok, Rumah, RumahTangga, SumberAir, Warga,
    WargaId, belum_keluar, umur_bulan, umur_tahun,
};

use crate::pasangan::{is_kawin, pasangan};
use crate::{AturanHitung, Hitungan, Metrik};

/// The counts of one rumah tangga.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitunganKrt {
    /// Its row in the house document.
    pub baris: BarisId,
    /// Its label, e.g. `1`.
    pub krt: String,
    /// Name of its head; empty if unknown.
    pub nama_krt: String,
    /// Whether anybody is recorded in it.
    pub didata: bool,
    /// The counts.
    pub hitungan: Hitungan,
}

/// The counts of every rumah tangga of a house on a day, in the order of the book.
///
/// What belongs to the building (criteria, waste place, drain) stands on the first row only. `dihitung` says
/// whether a person's membership in this house counts; a person active in two houses counts in one.
pub fn hitung_rumah(
    rumah: &Rumah,
    hari: NaiveDate,
    aturan: &AturanHitung,
    dihitung: impl Fn(WargaId) -> bool,
) -> Vec<HitunganKrt> {
    let krt = rumah.krt_urut(hari);
    let mut semua = Vec::with_capacity(krt.len());
    for (i, (baris, krt)) in krt.into_iter().enumerate() {
        let mut hitungan = Hitungan::default();
        if i == 0 {
            hitung_bangunan(&mut hitungan, rumah);
        }
        hitung_krt(&mut hitungan, rumah, baris, krt, hari);
        let mut warga: Vec<(WargaId, &Warga)> = Vec::new();
        let mut kk = 0;
        for (keluarga, _) in rumah.keluarga_in(baris, hari) {
            kk += 1;
            warga.extend(rumah.warga_in(keluarga, hari).filter(|(id, _)| dihitung(*id)));
        }
        hitungan.set(Metrik::JmlKrt, Some(1));
        hitungan.set(Metrik::JmlKk, Some(kk));
        let didata = !warga.is_empty();
        if didata {
            hitung_warga(&mut hitungan, rumah, &warga, hari, aturan);
        }
        let nama_krt = krt.nama_krt.terisi().cloned().or_else(|| nama_kepala(&warga)).unwrap_or_default();
        semua.push(HitunganKrt {
            baris: baris.clone(),
            krt: krt.krt.terisi().cloned().unwrap_or_default(),
            nama_krt,
            didata,
            hitungan,
        });
    }
    semua
}

fn nama_kepala(warga: &[(WargaId, &Warga)]) -> Option<String> {
    let kepala = Isian::Terisi(wakuncar_domain::HubunganKk::KepalaKeluarga);
    warga.iter().find(|(_, warga)| warga.hubungan_kk == kepala)?.1.nama_lengkap.terisi().cloned()
}

fn ya(isi: &Isian<bool>) -> Option<u32> {
    isi.terisi().map(|ya| u32::from(*ya))
}

fn hitung_bangunan(hitungan: &mut Hitungan, rumah: &Rumah) {
    let sehat = rumah.sifat.kriteria_rumah.terisi().map(|kriteria| *kriteria == KriteriaRumah::Sehat);
    hitungan.set(Metrik::Rsh, sehat.map(u32::from));
    hitungan.set(Metrik::Rtsh, sehat.map(|sehat| u32::from(!sehat)));
    hitungan.set(Metrik::Smp, ya(&rumah.sifat.punya_tempat_sampah));
    hitungan.set(Metrik::Spal, ya(&rumah.sifat.punya_spal));
}

fn hitung_krt(hitungan: &mut Hitungan, rumah: &Rumah, baris: &BarisId, krt: &RumahTangga, hari: NaiveDate) {
    hitungan.set(Metrik::MckB, ya(&krt.punya_jamban));
    if let Some(air) = krt.sumber_air.terisi() {
        for (metrik, sumber) in [
            (Metrik::AirPdam, &[SumberAir::Pdam][..]),
            (Metrik::AirSumur, &[SumberAir::Sumur]),
            (Metrik::AirSungai, &[SumberAir::Sungai]),
            (Metrik::AirDll, &[SumberAir::Lainnya, SumberAir::Sungai]),
        ] {
            hitungan.set(metrik, Some(u32::from(sumber.contains(air))));
        }
    }
    let beras = krt.makanan_pokok.terisi().map(|makanan| *makanan == MakananPokok::Beras);
    hitungan.set(Metrik::Beras, beras.map(u32::from));
    hitungan.set(Metrik::Nonb, beras.map(|beras| u32::from(!beras)));
    hitungan.set(Metrik::Up2k, ya(&krt.aktivitas_up2k));
    hitungan.set(Metrik::Ksl, ya(&krt.aktivitas_kesling));
    let of_krt = |rumah_tangga: &Isian<String>| rumah_tangga.terisi().is_some_and(|row| row == baris.as_str());
    let pekarangan =
        rumah.pekarangan.values().any(|row| of_krt(&row.rumah_tangga) && belum_keluar(&row.keluar_tgl, hari));
    let industri = rumah.industri.values().any(|row| of_krt(&row.rumah_tangga) && belum_keluar(&row.keluar_tgl, hari));
    for (metrik, ada_baris, jawaban) in
        [(Metrik::Pkr, pekarangan, &krt.pekarangan), (Metrik::Irt, industri, &krt.industri_rt)]
    {
        hitungan.set(metrik, if ada_baris { Some(1) } else { ya(jawaban) });
    }
}

fn hitung_warga(
    hitungan: &mut Hitungan,
    rumah: &Rumah,
    warga: &[(WargaId, &Warga)],
    hari: NaiveDate,
    aturan: &AturanHitung,
) {
    let di_sini: Vec<_> = warga.iter().filter(|(_, warga)| warga.is_counted(hari)).collect();
    let count = |ada: &dyn Fn(WargaId, &Warga) -> bool| {
        Some(u32::try_from(di_sini.iter().filter(|(id, warga)| ada(*id, warga)).count()).unwrap_or(u32::MAX))
    };
    let laki = |w: &Warga| w.jenis_kelamin == Isian::Terisi(JenisKelamin::Laki);
    let perempuan = |w: &Warga| w.jenis_kelamin == Isian::Terisi(JenisKelamin::Perempuan);
    let tahun = |w: &Warga| w.tanggal_lahir.terisi().and_then(|lahir| umur_tahun(*lahir, hari));
    let balita = |w: &Warga| {
        let bulan = w.tanggal_lahir.terisi().and_then(|lahir| umur_bulan(*lahir, hari));
        bulan.is_some_and(|bulan| bulan <= aturan.balita_maks_bulan)
    };
    let subur = |w: &Warga| perempuan(w) && tahun(w).is_some_and(|umur| (aturan.wus.0..=aturan.wus.1).contains(&umur));
    let kesehatan = |id: WargaId| rumah.kesehatan.get(&id);
    let menopause = |id: WargaId| kesehatan(id).is_some_and(|k| k.menopause_dini == Isian::Terisi(true));

    hitungan.set(Metrik::TL, count(&|_, w| laki(w)));
    hitungan.set(Metrik::TP, count(&|_, w| perempuan(w)));
    hitungan.set(Metrik::BalL, count(&|_, w| laki(w) && balita(w)));
    hitungan.set(Metrik::BalP, count(&|_, w| perempuan(w) && balita(w)));
    hitungan.set(Metrik::Wus, count(&|id, w| subur(w) && !menopause(id)));
    hitungan.set(Metrik::Lans, count(&|_, w| tahun(w).is_some_and(|umur| umur >= aturan.lansia_min)));

    let istri: Vec<&Warga> =
        di_sini.iter().filter(|(id, w)| subur(w) && is_kawin(w) && !menopause(*id)).map(|(_, w)| *w).collect();
    let semua: Vec<&Warga> = warga.iter().map(|(_, w)| *w).collect();
    hitungan.set(Metrik::Pus, Some(pasangan(&istri, &semua)));

    // What had to be asked: blank where nobody of the rumah tangga was.
    let asked = |ditanya: &dyn Fn(WargaId, &Warga) -> bool| di_sini.iter().any(|(id, w)| ditanya(*id, w));
    let hamil = |id: WargaId| episode(rumah, id, hari);
    let tanya_hamil = |id: WargaId| kesehatan(id).is_some_and(|k| k.ibu_hamil.terisi().is_some());
    if asked(&|id, _| tanya_hamil(id) || hamil(id)) {
        hitungan.set(Metrik::Hamil, count(&|id, w| !laki(w) && hamil(id)));
    }
    if asked(&|id, _| kesehatan(id).is_some_and(|k| k.ibu_menyusui.terisi().is_some())) {
        let menyusui = |id: WargaId| kesehatan(id).is_some_and(|k| k.ibu_menyusui == Isian::Terisi(true));
        hitungan.set(Metrik::Susu, count(&|id, w| perempuan(w) && menyusui(id)));
    }
    if asked(&|_, w| [&w.buta_baca, &w.buta_tulis, &w.buta_hitung].iter().any(|buta| buta.terisi().is_some())) {
        let tiga =
            |w: &Warga| [&w.buta_baca, &w.buta_tulis, &w.buta_hitung].iter().all(|buta| **buta == Isian::Terisi(true));
        hitungan.set(Metrik::Buta3, count(&|_, w| tiga(w) && tahun(w).is_some_and(|umur| umur >= aturan.buta_min)));
    }
    if asked(&|id, _| kesehatan(id).is_some_and(|k| k.berkebutuhan_khusus.terisi().is_some())) {
        let khusus = |id: WargaId| {
            kesehatan(id).and_then(|k| k.berkebutuhan_khusus.terisi()).is_some_and(|khusus| *khusus != Kebutuhan::Tidak)
        };
        hitungan.set(Metrik::Abk, count(&|id, _| khusus(id)));
    }
}

/// Whether a pregnancy of this person is open on that day. One without HPHT is open from always.
fn episode(rumah: &Rumah, id: WargaId, hari: NaiveDate) -> bool {
    let id = id.to_string();
    rumah.kehamilan.values().any(|episode| {
        episode.warga.terisi() == Some(&id)
            && episode.hpht.terisi().is_none_or(|hpht| *hpht <= hari)
            && belum_keluar(&episode.tgl_akhir, hari)
    })
}
