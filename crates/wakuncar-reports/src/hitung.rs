//! One house to the counts of its rumah tangga.

use chrono::NaiveDate;
use wakuncar_domain::{
    AlasanKeluar, BarisId, HubunganKk, Isian, JenisKelamin, Kebutuhan, KriteriaRumah, MakananPokok, Rumah, RumahTangga,
    SumberAir, Warga, WargaId, belum_keluar, umur_bulan, umur_tahun,
};

use crate::pasangan::istri_bersuami;
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
/// whether a person's membership in this house counts; a person active in two houses counts in one. A rumah tangga
/// of which everybody has died or moved has no row.
pub fn hitung_rumah(
    rumah: &Rumah,
    hari: NaiveDate,
    aturan: &AturanHitung,
    dihitung: impl Fn(WargaId) -> bool,
) -> Vec<HitunganKrt> {
    let mut semua = Vec::new();
    for (baris, krt) in rumah.krt_urut(hari) {
        let (kk, warga) = penghuni(rumah, baris, hari);
        let Some(kk) = kk else { continue };
        let mut hitungan = Hitungan::default();
        if semua.is_empty() {
            hitung_bangunan(&mut hitungan, rumah);
        }
        hitung_krt(&mut hitungan, rumah, baris, krt, hari);
        hitungan.set(Metrik::JmlKrt, Some(1));
        hitungan.set(Metrik::JmlKk, (kk > 0).then_some(kk));
        let nama_krt = krt.nama_krt.terisi().cloned().or_else(|| nama_kepala(&warga)).unwrap_or_default();
        let didata = !warga.is_empty();
        if didata {
            let warga: Vec<_> = warga.into_iter().filter(|(id, _)| dihitung(*id)).collect();
            hitung_warga(&mut hitungan, rumah, &warga, hari, aturan);
        }
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

/// How many families a rumah tangga has, and its active people.
///
/// A family whose people have all left, one by one, is no family any more, nor one that was joined to another.
/// Where nobody is recorded yet, the families that are known count. `None` for a rumah tangga that was left.
fn penghuni<'a>(rumah: &'a Rumah, krt: &BarisId, hari: NaiveDate) -> (Option<u32>, Vec<(WargaId, &'a Warga)>) {
    let salah = |alasan: &Isian<AlasanKeluar>| *alasan == Isian::Terisi(AlasanKeluar::SalahInput);
    let mut warga = Vec::new();
    let (mut berisi, mut baru, mut ditinggal) = (0, 0, 0);
    let milik = |isi: &Isian<String>, baris: &BarisId| isi.terisi().is_some_and(|row| row == baris.as_str());
    for (baris, keluarga) in rumah.keluarga.iter().filter(|(_, keluarga)| milik(&keluarga.rumah_tangga, krt)) {
        if !belum_keluar(&keluarga.keluar_tgl, hari) {
            ditinggal += u32::from(!salah(&keluarga.keluar_alasan));
            continue;
        }
        let sebelum = warga.len();
        warga.extend(rumah.warga_in(baris, hari));
        let pernah = |warga: &Warga| milik(&warga.keluarga, baris) && !salah(&warga.keluar_alasan);
        match (warga.len() > sebelum, rumah.anggota.values().any(pernah)) {
            (true, _) => berisi += 1,
            (false, true) => ditinggal += 1,
            (false, false) => baru += 1,
        }
    }
    let kk = if berisi > 0 { berisi } else { baru };
    ((kk > 0 || ditinggal == 0).then_some(kk), warga)
}

/// The eldest head of a family in the rumah tangga.
fn nama_kepala(warga: &[(WargaId, &Warga)]) -> Option<String> {
    let kepala = warga.iter().filter(|(_, warga)| warga.hubungan_kk == Isian::Terisi(HubunganKk::KepalaKeluarga));
    let nama = kepala.filter_map(|(_, warga)| {
        let lahir = warga.tanggal_lahir.terisi().copied().unwrap_or(NaiveDate::MAX);
        Some((lahir, warga.nama_lengkap.terisi()?))
    });
    nama.min().map(|(_, nama)| nama.clone())
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
    let of_krt = |milik: &Isian<String>| milik.terisi().is_some_and(|row| row == baris.as_str());
    let pekarangan = rumah.pekarangan.values().filter(|row| of_krt(&row.rumah_tangga));
    let pekarangan = kegiatan(pekarangan.map(|row| (&row.keluar_tgl, &row.keluar_alasan)), &krt.pekarangan, hari);
    let industri = rumah.industri.values().filter(|row| of_krt(&row.rumah_tangga));
    let industri = kegiatan(industri.map(|row| (&row.keluar_tgl, &row.keluar_alasan)), &krt.industri_rt, hari);
    hitungan.set(Metrik::Pkr, pekarangan);
    hitungan.set(Metrik::Irt, industri);
}

/// One where a row is there on that day, else the answer, else none where rows have ended.
fn kegiatan<'a>(
    rows: impl Iterator<Item = (&'a Isian<NaiveDate>, &'a Isian<AlasanKeluar>)>,
    jawaban: &Isian<bool>,
    hari: NaiveDate,
) -> Option<u32> {
    let rows: Vec<_> = rows.collect();
    if rows.iter().any(|(keluar, _)| belum_keluar(keluar, hari)) {
        return Some(1);
    }
    let berakhir = rows.iter().any(|(_, alasan)| **alasan != Isian::Terisi(AlasanKeluar::SalahInput));
    ya(jawaban).or(berakhir.then_some(0))
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

    let bersuami = istri_bersuami(warga);
    hitungan.set(Metrik::Pus, count(&|id, w| subur(w) && !menopause(id) && bersuami.contains(&id)));

    // What had to be asked: blank where nobody of the rumah tangga was.
    let asked = |ditanya: &dyn Fn(WargaId, &Warga) -> bool| di_sini.iter().any(|(id, w)| ditanya(*id, w));
    let hamil = |id: WargaId| rumah.kehamilan_of(id).any(|(_, episode)| episode.is_terbuka(hari));
    let tanya_hamil = |id: WargaId| kesehatan(id).is_some_and(|k| k.ibu_hamil.terisi().is_some());
    if asked(&|id, _| tanya_hamil(id) || rumah.kehamilan_of(id).next().is_some()) {
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
