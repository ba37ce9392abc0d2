//! Checks as findings: an error is impossible, a warning is odd; neither stops saving.

use chrono::NaiveDate;

use crate::{
    Bagian, BarisId, HubunganKk, Isian, JenisKelamin, Koleksi, Nik, NikSalah, NoKk, PunyaKtp, Rumah, StatusPerkawinan,
    Tempat, Warga, WargaId, umur_tahun,
};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keparahan {
    /// Cannot be true; stops *Selesai*, never saving.
    Galat,
    /// Odd; is asked about and kept.
    Peringatan,
}

/// What is wrong. The sentence for it is the screen's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KodeTemuan {
    /// The NIK cannot be one.
    NikMustahil,
    /// The KK number cannot be one.
    NoKkMustahil,
    /// Born after the day of the check.
    LahirDiMasaDepan,
    /// The NIK is a temporary one (leading 0).
    NikSementara,
    /// The NIK says another sex.
    NikBedaJenisKelamin,
    /// The NIK says another birth date.
    NikBedaTanggalLahir,
    /// Neither a NIK nor a reason for its absence.
    NikKosongTanpaAlasan,
    /// Older than 110 years.
    UmurTidakWajar,
    /// A family without a head.
    KkTanpaKepala,
    /// A family with two heads.
    KkBerkepalaDua,
    /// Married, divorced or widowed below 15.
    KawinDiBawah15,
    /// Holds an identity card below 17 and not married.
    KtpDiBawah17,
    /// *Suami* who is a woman, or *istri* who is a man.
    HubunganBedaJenisKelamin,
    /// Pregnant or breastfeeding, and male.
    LakiLakiHamil,
    /// Pregnant outside 15–49 years.
    HamilDiLuarUsia,
    /// A person without a family in this house.
    TanpaKeluarga,
    /// Answers without consent that covers them.
    TanpaPersetujuan,
    /// The same NIK twice in one house.
    NikGandaSerumah,
    /// An answer that this version cannot read.
    TidakTerbaca,
}

impl KodeTemuan {
    /// The code in JSON and tables.
    pub const fn kode(self) -> &'static str {
        match self {
            KodeTemuan::NikMustahil => "nik_mustahil",
            KodeTemuan::NoKkMustahil => "no_kk_mustahil",
            KodeTemuan::LahirDiMasaDepan => "lahir_di_masa_depan",
            KodeTemuan::NikSementara => "nik_sementara",
            KodeTemuan::NikBedaJenisKelamin => "nik_beda_jenis_kelamin",
            KodeTemuan::NikBedaTanggalLahir => "nik_beda_tanggal_lahir",
            KodeTemuan::NikKosongTanpaAlasan => "nik_kosong_tanpa_alasan",
            KodeTemuan::UmurTidakWajar => "umur_tidak_wajar",
            KodeTemuan::KkTanpaKepala => "kk_tanpa_kepala",
            KodeTemuan::KkBerkepalaDua => "kk_berkepala_dua",
            KodeTemuan::KawinDiBawah15 => "kawin_di_bawah_15",
            KodeTemuan::KtpDiBawah17 => "ktp_di_bawah_17",
            KodeTemuan::HubunganBedaJenisKelamin => "hubungan_beda_jenis_kelamin",
            KodeTemuan::LakiLakiHamil => "laki_laki_hamil",
            KodeTemuan::HamilDiLuarUsia => "hamil_di_luar_usia",
            KodeTemuan::TanpaKeluarga => "tanpa_keluarga",
            KodeTemuan::TanpaPersetujuan => "tanpa_persetujuan",
            KodeTemuan::NikGandaSerumah => "nik_ganda_serumah",
            KodeTemuan::TidakTerbaca => "tidak_terbaca",
        }
    }

    /// How bad it is.
    pub const fn keparahan(self) -> Keparahan {
        match self {
            KodeTemuan::NikMustahil | KodeTemuan::NoKkMustahil | KodeTemuan::LahirDiMasaDepan => Keparahan::Galat,
            KodeTemuan::NikSementara
            | KodeTemuan::NikBedaJenisKelamin
            | KodeTemuan::NikBedaTanggalLahir
            | KodeTemuan::NikKosongTanpaAlasan
            | KodeTemuan::UmurTidakWajar
            | KodeTemuan::KkTanpaKepala
            | KodeTemuan::KkBerkepalaDua
            | KodeTemuan::KawinDiBawah15
            | KodeTemuan::KtpDiBawah17
            | KodeTemuan::HubunganBedaJenisKelamin
            | KodeTemuan::LakiLakiHamil
            | KodeTemuan::HamilDiLuarUsia
            | KodeTemuan::TanpaKeluarga
            | KodeTemuan::TanpaPersetujuan
            | KodeTemuan::NikGandaSerumah
            | KodeTemuan::TidakTerbaca => Keparahan::Peringatan,
        }
    }
}

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
    /// Everything odd or impossible in the record of this house, as of a day. Sources: DOMAIN §4.1–4.4.
    pub fn temuan(&self, hari: NaiveDate) -> Vec<Temuan> {
        let mut semua = Daftar(Vec::new());
        for (id, warga) in &self.anggota {
            semua.check_warga(self, *id, warga, hari);
        }
        self.check_keluarga(&mut semua, hari);
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
        for (baris, keluarga) in &self.keluarga {
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
            } else if umur.is_some_and(|umur| umur > 110) {
                self.add(KodeTemuan::UmurTidakWajar, &at("tanggal_lahir"), &lahir.to_string());
            }
        }
        self.check_nik(warga, &at("nik"), hari);
        if rumah.keluarga_of(warga).is_none() {
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
        self.check_hamil(rumah, id, jk, umur);
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
        let lahir = warga.tanggal_lahir.terisi().copied();
        let dari_nik = nik.tanggal_lahir(lahir, hari);
        if let (Some(lahir), Some(dari_nik)) = (lahir, dari_nik)
            && lahir != dari_nik
        {
            self.add(KodeTemuan::NikBedaTanggalLahir, jalur, &dari_nik.to_string());
        }
    }

    fn check_hamil(&mut self, rumah: &Rumah, id: WargaId, jk: Option<JenisKelamin>, umur: Option<u32>) {
        let episode = rumah.kehamilan.values().any(|episode| {
            episode.tgl_akhir.is_kosong() && episode.warga.terisi().is_some_and(|warga| *warga == id.to_string())
        });
        let kesehatan = rumah.kesehatan.get(&id);
        let hamil = episode || kesehatan.is_some_and(|k| k.ibu_hamil == Isian::Terisi(true));
        let menyusui = kesehatan.is_some_and(|k| k.ibu_menyusui == Isian::Terisi(true));
        let jalur = format!("kesehatan_warga/{id}/ibu_hamil");
        if (hamil || menyusui) && jk == Some(JenisKelamin::Laki) {
            self.add(KodeTemuan::LakiLakiHamil, &jalur, "");
        } else if hamil && umur.is_some_and(|umur| !(15..=49).contains(&umur)) {
            self.add(KodeTemuan::HamilDiLuarUsia, &jalur, "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keluarga, KesehatanWarga, RumahId};

    const ID: fn() -> WargaId = || WargaId::new(1_636_416_000_000, [7; 10]);

    /// A house with one family and this one person as its head.
    fn rumah(warga: Warga) -> Rumah {
        let mut rumah = Rumah::new(RumahId::from_bytes([1; 16]));
        rumah.keluarga.insert(BarisId::parse("k").unwrap(), Keluarga::default());
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
}
