//! Checks as findings: an error is impossible, a warning is odd; neither stops saving.

use chrono::{Datelike, NaiveDate};

use crate::{
    Bagian, BarisId, HubunganKk, Isian, JawabanSalah, JenisKelamin, Keluarga, KodeTemuan, Koleksi, Nik, NikSalah, NoKk,
    PresisiTanggal, PunyaKtp, Rumah, StatusPerkawinan, Tempat, Warga, WargaId, belum_keluar, umur_tahun,
};

/// Something odd or impossible in a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Temuan {
    /// What.
    pub kode: KodeTemuan,
    /// Where: the path of an answer or of a row.
    pub jalur: String,
    /// What stands there, or what it was compared with.
    pub nilai: String,
}

impl Rumah {
    /// Everything odd or impossible in the record of this house, as of a day. Sources: DOMAIN §4.1–4.4. Of people
    /// and families that have left nothing is asked any more.
    pub fn temuan(&self, hari: NaiveDate) -> Vec<Temuan> {
        let mut semua = Daftar(Vec::new());
        for (id, warga) in self.anggota.iter().filter(|(_, warga)| belum_keluar(&warga.keluar_tgl, hari)) {
            semua.check_warga(self, *id, warga, hari);
        }
        self.check_keluarga(&mut semua, hari);
        for butir in self.butir() {
            let nilai = butir.isi.terisi();
            if let Some((nilai, salah)) = nilai.and_then(|n| Some((n, butir.tempat.butir().check(n).err()?)))
                && matches!(salah, JawabanSalah::DiLuarBatas { .. } | JawabanSalah::TerlaluPanjang { .. })
            {
                semua.add(KodeTemuan::DiLuarBatas, &butir.tempat.to_string(), &nilai.to_string());
            }
        }
        for (koleksi, ada, jalur) in [
            (Koleksi::Dasar, !self.rumah_tangga.is_empty() || !self.anggota.is_empty(), "rumah"),
            (Koleksi::Kesehatan, !self.kesehatan.is_empty() || !self.kehamilan.is_empty(), "kesehatan_warga"),
        ] {
            if ada && !self.persetujuan_berlaku(koleksi, hari) {
                semua.add(KodeTemuan::TanpaPersetujuan, jalur, koleksi.nama());
            }
        }
        for asing in &self.asing {
            semua.add(KodeTemuan::TidakTerbaca, &asing.jalur, &asing.isi);
        }
        semua.0.sort();
        semua.0
    }

    fn check_keluarga(&self, semua: &mut Daftar, hari: NaiveDate) {
        let ada = |keluarga: &Keluarga| belum_keluar(&keluarga.keluar_tgl, hari);
        for (baris, keluarga) in self.keluarga.iter().filter(|(_, keluarga)| ada(keluarga)) {
            let jalur = format!("keluarga/{baris}");
            if let Some(no_kk) = keluarga.no_kk.terisi()
                && let Err(salah) = NoKk::parse(no_kk)
                && salah != NikSalah::Sementara
            {
                semua.add(KodeTemuan::NoKkMustahil, &format!("{jalur}/no_kk"), no_kk);
            }
            let warga: Vec<_> = self.warga_in(baris, hari).collect();
            let kepala =
                warga.iter().filter(|(_, w)| w.hubungan_kk == Isian::Terisi(HubunganKk::KepalaKeluarga)).count();
            let krt = keluarga.rumah_tangga.terisi().and_then(|krt| self.rumah_tangga.get(&BarisId::parse(krt).ok()?));
            if !warga.is_empty() && !krt.is_some_and(|krt| belum_keluar(&krt.keluar_tgl, hari)) {
                semua.add(KodeTemuan::KeluargaTanpaRumahTangga, &jalur, "");
            }
            let disebut = warga.iter().any(|(_, w)| !w.hubungan_kk.is_kosong());
            match kepala {
                0 if disebut => semua.add(KodeTemuan::KkTanpaKepala, &jalur, ""),
                0 | 1 => {}
                _ => semua.add(KodeTemuan::KkBerkepalaDua, &jalur, &kepala.to_string()),
            }
        }
        let mut nik: Vec<_> = self.anggota.iter().filter(|(_, w)| w.is_aktif(hari)).collect();
        nik.retain(|(_, w)| w.nik.terisi().is_some_and(|nik| Nik::parse(nik).is_ok()));
        nik.sort_by_key(|(_, w)| w.nik.terisi().cloned());
        for dua in nik.windows(2) {
            if dua[0].1.nik == dua[1].1.nik {
                let lain = dua[0].0.to_string();
                semua.add(KodeTemuan::NikGandaSerumah, &format!("anggota/{}/nik", dua[1].0), &lain);
            }
        }
    }
}

struct Daftar(Vec<Temuan>);

impl Daftar {
    fn add(&mut self, kode: KodeTemuan, jalur: &str, nilai: &str) {
        self.0.push(Temuan { kode, jalur: jalur.to_owned(), nilai: nilai.to_owned() });
    }

    fn check_warga(&mut self, rumah: &Rumah, id: WargaId, warga: &Warga, hari: NaiveDate) {
        let at = |kunci: &str| {
            Tempat::new(Bagian::Anggota, Some(BarisId::from(id)), kunci)
                .map(|tempat| tempat.to_string())
                .unwrap_or_default()
        };
        let lahir = warga.tanggal_lahir.terisi().copied();
        let umur = lahir.and_then(|lahir| umur_tahun(lahir, hari));
        if let Some(lahir) = lahir {
            if lahir > hari {
                self.add(KodeTemuan::LahirDiMasaDepan, &at("tanggal_lahir"), &lahir.to_string());
            } else if umur.is_some_and(|umur| umur > 120) {
                self.add(KodeTemuan::UmurMustahil, &at("tanggal_lahir"), &lahir.to_string());
            } else if umur.is_some_and(|umur| umur > 110) {
                self.add(KodeTemuan::UmurTidakWajar, &at("tanggal_lahir"), &lahir.to_string());
            }
        }
        self.check_nik(warga, &at("nik"), hari);
        if rumah.keluarga_of(warga).is_none_or(|(_, keluarga)| !belum_keluar(&keluarga.keluar_tgl, hari)) {
            self.add(KodeTemuan::TanpaKeluarga, &format!("anggota/{id}"), "");
        }
        let pernah_kawin = matches!(
            warga.status_perkawinan,
            Isian::Terisi(StatusPerkawinan::Kawin | StatusPerkawinan::CeraiHidup | StatusPerkawinan::CeraiMati)
        );
        if pernah_kawin && umur.is_some_and(|umur| umur < 15) {
            self.add(KodeTemuan::KawinDiBawah15, &at("status_perkawinan"), "");
        }
        if warga.punya_ktp == Isian::Terisi(PunyaKtp::Ya) && !pernah_kawin && umur.is_some_and(|umur| umur < 17) {
            self.add(KodeTemuan::KtpDiBawah17, &at("punya_ktp"), "");
        }
        let jk = warga.jenis_kelamin.terisi().copied();
        let salah_jk = matches!(
            (warga.hubungan_kk, jk),
            (Isian::Terisi(HubunganKk::Suami), Some(JenisKelamin::Perempuan))
                | (Isian::Terisi(HubunganKk::Istri), Some(JenisKelamin::Laki))
        );
        if salah_jk {
            self.add(KodeTemuan::HubunganBedaJenisKelamin, &at("hubungan_kk"), "");
        }
        self.check_hamil(rumah, id, jk, umur, hari);
    }

    fn check_nik(&mut self, warga: &Warga, jalur: &str, hari: NaiveDate) {
        let Some(teks) = warga.nik.terisi() else {
            if warga.nik.is_kosong() && warga.alasan_nik_kosong.is_kosong() {
                self.add(KodeTemuan::NikKosongTanpaAlasan, jalur, "");
            }
            return;
        };
        let nik = match Nik::parse(teks) {
            Ok(nik) => nik,
            Err(NikSalah::Sementara) => return self.add(KodeTemuan::NikSementara, jalur, teks),
            Err(_) => return self.add(KodeTemuan::NikMustahil, jalur, teks),
        };
        if warga.jenis_kelamin.terisi().is_some_and(|jk| *jk != nik.jenis_kelamin()) {
            self.add(KodeTemuan::NikBedaJenisKelamin, jalur, nik.jenis_kelamin().kode());
        }
        if !nik.is_provinsi_known() {
            self.add(KodeTemuan::NikWilayahTidakDikenal, jalur, nik.kode_kecamatan());
        }
        let lahir = warga.tanggal_lahir.terisi().copied();
        let dari_nik = nik.tanggal_lahir(lahir, hari);
        if let (Some(lahir), Some(dari_nik)) = (lahir, dari_nik)
            && !is_same(lahir, dari_nik, warga.presisi_tgl_lahir)
        {
            self.add(KodeTemuan::NikBedaTanggalLahir, jalur, &dari_nik.to_string());
        }
    }

    fn check_hamil(
        &mut self,
        rumah: &Rumah,
        id: WargaId,
        jk: Option<JenisKelamin>,
        umur: Option<u32>,
        hari: NaiveDate,
    ) {
        let episode = rumah.kehamilan_of(id).any(|(_, episode)| episode.is_terbuka(hari));
        let kesehatan = rumah.kesehatan.get(&id);
        let hamil = episode || kesehatan.is_some_and(|k| k.ibu_hamil == Isian::Terisi(true));
        let menyusui = kesehatan.is_some_and(|k| k.ibu_menyusui == Isian::Terisi(true));
        let jalur = format!("kesehatan_warga/{id}/{}", if hamil { "ibu_hamil" } else { "ibu_menyusui" });
        if (hamil || menyusui) && jk == Some(JenisKelamin::Laki) {
            self.add(KodeTemuan::LakiLakiHamil, &jalur, "");
        } else if hamil && umur.is_some_and(|umur| !(15..=49).contains(&umur)) {
            self.add(KodeTemuan::HamilDiLuarUsia, &jalur, "");
        }
    }
}

/// Whether two birth dates agree as far as the first is known.
fn is_same(lahir: NaiveDate, lain: NaiveDate, presisi: Isian<PresisiTanggal>) -> bool {
    match presisi {
        Isian::Terisi(PresisiTanggal::Tahun) => lahir.year() == lain.year(),
        Isian::Terisi(PresisiTanggal::Bulan) => (lahir.year(), lahir.month()) == (lain.year(), lain.month()),
        Isian::Terisi(PresisiTanggal::Tanggal) | Isian::TidakTahu | Isian::Kosong => lahir == lain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kehamilan, Keparahan, KesehatanWarga, RumahId, RumahTangga};

    const ID: fn() -> WargaId = || WargaId::new(1_636_416_000_000, [7; 10]);

    fn baris(teks: &str) -> BarisId {
        BarisId::parse(teks).unwrap()
    }

    fn hari(teks: &str) -> Isian<NaiveDate> {
        Isian::Terisi(teks.parse().unwrap())
    }

    /// A house with one family and this one person as its head.
    fn rumah(warga: Warga) -> Rumah {
        let mut rumah = Rumah::new(RumahId::from_bytes([1; 16]));
        rumah.rumah_tangga.insert(baris("t"), RumahTangga::default());
        let keluarga = Keluarga { rumah_tangga: Isian::Terisi("t".into()), ..Keluarga::default() };
        rumah.keluarga.insert(baris("k"), keluarga);
        let kepala = Isian::Terisi(HubunganKk::KepalaKeluarga);
        let hubungan_kk = if warga.hubungan_kk.is_kosong() { kepala } else { warga.hubungan_kk };
        rumah.anggota.insert(ID(), Warga { keluarga: Isian::Terisi("k".into()), hubungan_kk, ..warga });
        rumah
    }

    fn kode(rumah: &Rumah) -> Vec<&'static str> {
        let semua = rumah.temuan("2021-11-09".parse().unwrap());
        let tanpa = semua.iter().filter(|t| t.kode != KodeTemuan::TanpaPersetujuan);
        tanpa.map(|t| t.kode.kode()).collect()
    }

    fn ibu() -> Warga {
        Warga {
            nik: Isian::Terisi("1872054509909001".into()),
            jenis_kelamin: Isian::Terisi(JenisKelamin::Perempuan),
            tanggal_lahir: Isian::Terisi("1990-09-05".parse().unwrap()),
            ..Warga::default()
        }
    }

    #[test]
    fn a_sound_record_has_no_finding() {
        assert_eq!(kode(&rumah(ibu())), [] as [&str; 0]);
    }

    #[test]
    fn a_nik_that_disagrees_is_a_warning_and_an_impossible_one_an_error() {
        let nik = |nik: &str| rumah(Warga { nik: Isian::Terisi(nik.into()), ..ibu() });
        for (teks, temuan) in [
            ("1872050509909001", ["nik_beda_jenis_kelamin"]),
            ("1872054609909001", ["nik_beda_tanggal_lahir"]),
            ("1872054513909001", ["nik_mustahil"]),
            ("0872054509909001", ["nik_sementara"]),
        ] {
            assert_eq!(kode(&nik(teks)), temuan, "{teks}");
        }
        assert_eq!(KodeTemuan::NikMustahil.keparahan(), Keparahan::Galat);
        assert_eq!(KodeTemuan::NikBedaJenisKelamin.keparahan(), Keparahan::Peringatan);
    }

    #[test]
    fn an_unasked_nik_wants_a_reason_and_an_unknown_one_does_not() {
        assert_eq!(kode(&rumah(Warga { nik: Isian::Kosong, ..ibu() })), ["nik_kosong_tanpa_alasan"]);
        assert_eq!(kode(&rumah(Warga { nik: Isian::TidakTahu, ..ibu() })), [] as [&str; 0]);
    }

    #[test]
    fn a_pregnant_grandmother_is_asked_about_and_kept() {
        let tua = Warga { tanggal_lahir: Isian::Terisi("1960-09-05".parse().unwrap()), ..ibu() };
        let mut rumah = rumah(tua);
        rumah.kesehatan.insert(ID(), KesehatanWarga { ibu_hamil: Isian::Terisi(true), ..Default::default() });
        assert_eq!(kode(&rumah), ["nik_beda_tanggal_lahir", "hamil_di_luar_usia"]);
    }

    #[test]
    fn a_family_wants_one_head() {
        let anak = Warga { hubungan_kk: Isian::Terisi(HubunganKk::Anak), ..ibu() };
        assert_eq!(kode(&rumah(anak)), ["kk_tanpa_kepala"]);
        let mut dua = rumah(ibu());
        let kedua = Warga { nik: Isian::TidakTahu, ..dua.anggota[&ID()].clone() };
        dua.anggota.insert(WargaId::new(1, [1; 10]), kedua);
        assert_eq!(kode(&dua), ["kk_berkepala_dua"]);
    }

    #[test]
    fn who_has_left_is_not_asked_about_any_more() {
        let salah = Warga { nik: Isian::Terisi("1".into()), tanggal_lahir: hari("1900-09-05"), ..ibu() };
        assert_eq!(kode(&rumah(salah.clone())), ["nik_mustahil", "umur_mustahil"]);
        assert_eq!(kode(&rumah(Warga { keluar_tgl: hari("2021-01-01"), ..salah })), [] as [&str; 0]);

        let mut keluarga = rumah(Warga { keluar_tgl: hari("2021-01-01"), ..ibu() });
        let kk = keluarga.keluarga.get_mut(&baris("k")).unwrap();
        (kk.no_kk, kk.keluar_tgl) = (Isian::Terisi("1".into()), hari("2021-01-01"));
        assert_eq!(kode(&keluarga), [] as [&str; 0]);
    }

    #[test]
    fn who_would_be_missing_from_the_books_is_found() {
        let mut tanpa_krt = rumah(ibu());
        tanpa_krt.rumah_tangga.clear();
        assert_eq!(kode(&tanpa_krt), ["keluarga_tanpa_rumah_tangga"]);

        let mut krt_keluar = rumah(ibu());
        krt_keluar.rumah_tangga.get_mut(&baris("t")).unwrap().keluar_tgl = hari("2021-01-01");
        assert_eq!(kode(&krt_keluar), ["keluarga_tanpa_rumah_tangga"]);

        let mut keluarga_keluar = rumah(ibu());
        keluarga_keluar.keluarga.get_mut(&baris("k")).unwrap().keluar_tgl = hari("2021-01-01");
        assert_eq!(kode(&keluarga_keluar), ["tanpa_keluarga"]);
    }

    #[test]
    fn an_age_is_odd_before_it_is_impossible() {
        for (lahir, temuan) in [
            ("1911-11-09", &["nik_beda_tanggal_lahir"][..]),
            ("1910-11-09", &["nik_beda_tanggal_lahir", "umur_tidak_wajar"]),
            ("1900-11-10", &["nik_beda_tanggal_lahir", "umur_tidak_wajar"]),
            ("1900-11-09", &["nik_beda_tanggal_lahir", "umur_mustahil"]),
            ("1090-09-05", &["nik_beda_tanggal_lahir", "umur_mustahil"]),
        ] {
            let mut semua = kode(&rumah(Warga { tanggal_lahir: hari(lahir), ..ibu() }));
            semua.sort_unstable();
            assert_eq!(semua, temuan, "{lahir}");
        }
        assert_eq!(KodeTemuan::UmurMustahil.keparahan(), Keparahan::Galat);
    }

    #[test]
    fn an_estimated_birth_date_is_compared_as_far_as_it_is_known() {
        for (presisi, lahir, beda) in [
            (PresisiTanggal::Tahun, "1990-07-01", false),
            (PresisiTanggal::Tahun, "1991-07-01", true),
            (PresisiTanggal::Bulan, "1990-09-01", false),
            (PresisiTanggal::Bulan, "1990-08-05", true),
            (PresisiTanggal::Tanggal, "1990-09-01", true),
        ] {
            let warga = Warga { tanggal_lahir: hari(lahir), presisi_tgl_lahir: Isian::Terisi(presisi), ..ibu() };
            assert_eq!(kode(&rumah(warga)).contains(&"nik_beda_tanggal_lahir"), beda, "{presisi:?} {lahir}");
        }
    }

    #[test]
    fn a_nik_of_an_unknown_province_is_asked_about_and_a_migrants_is_not() {
        for (nik, temuan) in [
            ("9972054509909001", &["nik_wilayah_tidak_dikenal"][..]),
            ("3372054509909001", &[]),
            ("5472054509909001", &[]),
        ] {
            assert_eq!(kode(&rumah(Warga { nik: Isian::Terisi(nik.into()), ..ibu() })), temuan, "{nik}");
        }
    }

    #[test]
    fn health_findings_stand_by_their_own_answer() {
        let pria = Warga { jenis_kelamin: Isian::Terisi(JenisKelamin::Laki), nik: Isian::TidakTahu, ..ibu() };
        let mut rumah = rumah(pria);
        rumah.kesehatan.insert(ID(), KesehatanWarga { ibu_menyusui: Isian::Terisi(true), ..Default::default() });
        let semua = rumah.temuan("2021-11-09".parse().unwrap());
        let jalur: Vec<_> = semua.iter().filter(|t| t.kode == KodeTemuan::LakiLakiHamil).map(|t| &t.jalur).collect();
        assert_eq!(jalur, [&format!("kesehatan_warga/{}/ibu_menyusui", ID())]);
    }

    #[test]
    fn a_pregnancy_counts_from_its_beginning_to_its_end() {
        for (hpht, akhir, temuan) in [
            (Isian::Kosong, Isian::Kosong, &["hamil_di_luar_usia"][..]),
            (Isian::Kosong, hari("2021-11-09"), &[]),
            (Isian::Kosong, hari("2021-11-10"), &["hamil_di_luar_usia"]),
            (hari("2021-11-10"), Isian::Kosong, &[]),
        ] {
            let mut rumah = rumah(Warga { tanggal_lahir: hari("1960-09-05"), nik: Isian::TidakTahu, ..ibu() });
            let warga = Isian::Terisi(ID().to_string());
            let episode = Kehamilan { warga, hpht, tgl_akhir: akhir, ..Kehamilan::default() };
            rumah.kehamilan.insert(baris("h"), episode);
            assert_eq!(kode(&rumah), temuan, "{hpht:?} {akhir:?}");
        }
    }

    #[test]
    fn a_value_out_of_bounds_from_another_device_is_a_finding() {
        let mut rumah = rumah(ibu());
        rumah.rumah_tangga.get_mut(&baris("t")).unwrap().jumlah_jamban = Isian::Terisi(-9);
        let semua = rumah.temuan("2021-11-09".parse().unwrap());
        let temuan = semua.iter().find(|t| t.kode == KodeTemuan::DiLuarBatas).unwrap();
        assert_eq!((temuan.jalur.as_str(), temuan.nilai.as_str()), ("rumah_tangga/t/jumlah_jamban", "-9"));
    }
}
