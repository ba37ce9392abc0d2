//! The codes of findings, and how bad each is. The sentence for a code is the screen's.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keparahan {
    /// Cannot be true; stops *Selesai*, never saving.
    Galat,
    /// Odd; is asked about and kept.
    Peringatan,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KodeTemuan {
    /// The NIK cannot be one.
    NikMustahil,
    /// The KK number cannot be one.
    NoKkMustahil,
    /// Born after the day of the check.
    LahirDiMasaDepan,
    /// Older than 120 years: the year was mistyped.
    UmurMustahil,
    /// The NIK is a temporary one (leading 0).
    NikSementara,
    /// The NIK says another sex.
    NikBedaJenisKelamin,
    /// The NIK says another birth date.
    NikBedaTanggalLahir,
    /// The NIK begins with a province that there is not.
    NikWilayahTidakDikenal,
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
    /// A person without a family in this house; the books would miss her.
    TanpaKeluarga,
    /// A family with people, but without a rumah tangga in this house; the books would miss them.
    KeluargaTanpaRumahTangga,
    /// Answers without consent that covers them.
    TanpaPersetujuan,
    /// The same NIK twice in one house.
    NikGandaSerumah,
    /// A value beyond the bounds of its item, as another version or program may write it.
    DiLuarBatas,
    /// An answer that this version cannot read.
    TidakTerbaca,
}

impl KodeTemuan {
    /// All of them, in the order in which they are declared.
    pub const SEMUA: [KodeTemuan; 23] = [
        KodeTemuan::NikMustahil,
        KodeTemuan::NoKkMustahil,
        KodeTemuan::LahirDiMasaDepan,
        KodeTemuan::UmurMustahil,
        KodeTemuan::NikSementara,
        KodeTemuan::NikBedaJenisKelamin,
        KodeTemuan::NikBedaTanggalLahir,
        KodeTemuan::NikWilayahTidakDikenal,
        KodeTemuan::NikKosongTanpaAlasan,
        KodeTemuan::UmurTidakWajar,
        KodeTemuan::KkTanpaKepala,
        KodeTemuan::KkBerkepalaDua,
        KodeTemuan::KawinDiBawah15,
        KodeTemuan::KtpDiBawah17,
        KodeTemuan::HubunganBedaJenisKelamin,
        KodeTemuan::LakiLakiHamil,
        KodeTemuan::HamilDiLuarUsia,
        KodeTemuan::TanpaKeluarga,
        KodeTemuan::KeluargaTanpaRumahTangga,
        KodeTemuan::TanpaPersetujuan,
        KodeTemuan::NikGandaSerumah,
        KodeTemuan::DiLuarBatas,
        KodeTemuan::TidakTerbaca,
    ];

    /// The code in JSON and tables.
    pub const fn kode(self) -> &'static str {
        match self {
            KodeTemuan::NikMustahil => "nik_mustahil",
            KodeTemuan::NoKkMustahil => "no_kk_mustahil",
            KodeTemuan::LahirDiMasaDepan => "lahir_di_masa_depan",
            KodeTemuan::UmurMustahil => "umur_mustahil",
            KodeTemuan::NikSementara => "nik_sementara",
            KodeTemuan::NikBedaJenisKelamin => "nik_beda_jenis_kelamin",
            KodeTemuan::NikBedaTanggalLahir => "nik_beda_tanggal_lahir",
            KodeTemuan::NikWilayahTidakDikenal => "nik_wilayah_tidak_dikenal",
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
            KodeTemuan::KeluargaTanpaRumahTangga => "keluarga_tanpa_rumah_tangga",
            KodeTemuan::TanpaPersetujuan => "tanpa_persetujuan",
            KodeTemuan::NikGandaSerumah => "nik_ganda_serumah",
            KodeTemuan::DiLuarBatas => "di_luar_batas",
            KodeTemuan::TidakTerbaca => "tidak_terbaca",
        }
    }

    /// How bad it is.
    pub const fn keparahan(self) -> Keparahan {
        match self {
            KodeTemuan::NikMustahil
            | KodeTemuan::NoKkMustahil
            | KodeTemuan::LahirDiMasaDepan
            | KodeTemuan::UmurMustahil => Keparahan::Galat,
            KodeTemuan::NikSementara
            | KodeTemuan::NikBedaJenisKelamin
            | KodeTemuan::NikBedaTanggalLahir
            | KodeTemuan::NikWilayahTidakDikenal
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
            | KodeTemuan::KeluargaTanpaRumahTangga
            | KodeTemuan::TanpaPersetujuan
            | KodeTemuan::NikGandaSerumah
            | KodeTemuan::DiLuarBatas
            | KodeTemuan::TidakTerbaca => Keparahan::Peringatan,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_is_whole() {
        let urutan: Vec<usize> = KodeTemuan::SEMUA.iter().map(|kode| *kode as usize).collect();
        assert_eq!(urutan, (0..=KodeTemuan::TidakTerbaca as usize).collect::<Vec<_>>());
    }
}
