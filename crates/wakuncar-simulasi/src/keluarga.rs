//! One family: who they are, how old, and how they belong together.

use chrono::{Datelike, Duration, NaiveDate};
use wakuncar_domain::{HubunganKk, JenisKelamin, StatusPerkawinan, susun_nik, umur_tahun};

use crate::acak::Acak;
use crate::baris::Baris;
use crate::nama::nama;

/// Kecamatan of first registration: most from Metro Selatan, many adults from elsewhere.
const KECAMATAN: [&str; 8] = ["187205", "187205", "187205", "187201", "180204", "180712", "331205", "350412"];

/// What all people of a family share while it is made.
pub(crate) struct Pembuat<'a> {
    pub(crate) acak: &'a mut Acak,
    pub(crate) hari: NaiveDate,
    /// Runs through the kelurahan, so that no NIK comes twice.
    pub(crate) seri: &'a mut u32,
}

struct Orang {
    jk: JenisKelamin,
    lahir: NaiveDate,
    hubungan: HubunganKk,
    status: StatusPerkawinan,
}

impl Pembuat<'_> {
    /// A day so many years before the reference day, and some days more.
    fn lahir(&mut self, umur: i64) -> NaiveDate {
        self.hari - Duration::days(umur * 365 + umur / 4 + self.acak.antara(0, 364))
    }

    /// The rows of one family, its head first.
    pub(crate) fn keluarga(&mut self, muda: bool) -> Vec<Baris> {
        use HubunganKk::{Anak, Istri, KepalaKeluarga, OrangTua};
        use JenisKelamin::{Laki, Perempuan};
        use StatusPerkawinan::{BelumKawin, CeraiHidup, CeraiMati, Kawin};
        let umur = if muda { self.acak.antara(22, 34) } else { self.acak.antara(27, 76) };
        let berdua = self.acak.permil(830);
        let kepala = if berdua || self.acak.permil(350) { Laki } else { Perempuan };
        let status = match (berdua, umur) {
            (true, _) => Kawin,
            (false, ..=29) => BelumKawin,
            (false, 30..=54) => CeraiHidup,
            (false, _) => CeraiMati,
        };
        let mut semua = vec![Orang { jk: kepala, lahir: self.lahir(umur), hubungan: KepalaKeluarga, status }];
        let umur_ibu = if berdua { (umur - self.acak.antara(-1, 7)).max(19) } else { umur };
        if berdua {
            semua.push(Orang { jk: Perempuan, lahir: self.lahir(umur_ibu), hubungan: Istri, status: Kawin });
        }
        let anak = if berdua || kepala == Perempuan { self.acak.antara(0, 4) } else { 0 };
        for _ in 0..anak {
            // The mother was 18–44 when the child was born, and grown children have mostly left.
            let umur_anak = umur_ibu - self.acak.antara(18, 44);
            if (0..=30).contains(&umur_anak) && (umur_anak < 22 || self.acak.permil(300)) {
                let jk = if self.acak.permil(500) { Laki } else { Perempuan };
                semua.push(Orang { jk, lahir: self.lahir(umur_anak), hubungan: Anak, status: BelumKawin });
            }
        }
        if umur < 50 && self.acak.permil(120) {
            let jk = if self.acak.permil(300) { Laki } else { Perempuan };
            let tua = umur + self.acak.antara(20, 32);
            semua.push(Orang { jk, lahir: self.lahir(tua), hubungan: OrangTua, status: CeraiMati });
        }
        let agama = if self.acak.permil(930) { "ISLAM" } else { *self.acak.pilih(&["KRISTEN", "KATOLIK", "HINDU"]) };
        let no_kk = self.no_kk();
        semua.iter().map(|orang| self.row(orang, &no_kk, agama)).collect()
    }

    fn no_kk(&mut self) -> String {
        let terbit = self.hari - Duration::days(self.acak.antara(30, 7000));
        susun_nik("187205", JenisKelamin::Laki, terbit, self.next_serial())
    }

    fn next_serial(&mut self) -> u32 {
        *self.seri += 1;
        9000 + *self.seri % 1000
    }

    fn row(&mut self, orang: &Orang, no_kk: &str, agama: &str) -> Baris {
        let umur = umur_tahun(orang.lahir, self.hari).unwrap_or(0);
        let mut baris = Baris::new();
        baris.set("no_kk", no_kk);
        if umur > 0 || self.acak.permil(700) {
            let kecamatan = if umur < 20 { "187205" } else { *self.acak.pilih(&KECAMATAN) };
            let seri = self.next_serial();
            baris.set("nik", susun_nik(kecamatan, orang.jk, orang.lahir, seri));
        }
        baris.set("nama_lengkap", nama(self.acak, orang.jk, orang.lahir));
        baris.set("jenis_kelamin", orang.jk.kode());
        baris.set(
            "tempat_lahir",
            if orang.lahir.year() < 1990 && self.acak.permil(300) { "LAMPUNG TENGAH" } else { "METRO" },
        );
        baris.set("tanggal_lahir", orang.lahir.to_string());
        baris.set("hubungan_kk", orang.hubungan.kode());
        baris.set("status_perkawinan", orang.status.kode());
        baris.set("agama", agama);
        let pendidikan = match umur {
            0..=3 => "BELUM_SEKOLAH",
            4..=6 => "PAUD",
            7..=12 => "TIDAK_TAMAT_SD",
            13..=15 => "SD",
            16..=18 => "SMP",
            19..=59 => *self.acak.pilih(&["SD", "SMP", "SMA", "SMA", "SMA", "DIPLOMA", "S1"]),
            _ => *self.acak.pilih(&["TIDAK_TAMAT_SD", "SD", "SD", "SMP", "SMA"]),
        };
        baris.set("pendidikan", pendidikan);
        let pekerjaan = match (umur, orang.jk) {
            (0..=6, _) => "TIDAK_BEKERJA",
            (7..=18, _) => "PELAJAR",
            (66.., _) => *self.acak.pilih(&["TIDAK_BEKERJA", "PETANI", "PENSIUNAN"]),
            (_, JenisKelamin::Perempuan) if orang.status == StatusPerkawinan::Kawin => {
                *self.acak.pilih(&["IRT", "IRT", "IRT", "PEDAGANG", "GURU", "BURUH_TANI", "SWASTA"])
            }
            _ => {
                *self.acak.pilih(&["PETANI", "BURUH", "SWASTA", "SWASTA", "PEDAGANG", "WIRAUSAHA", "PNS", "BURUH_TANI"])
            }
        };
        baris.set("pekerjaan", pekerjaan);
        baris.set("domisili", if (19..=45).contains(&umur) && self.acak.permil(40) { "MERANTAU" } else { "DI_SINI" });
        self.answers(&mut baris, orang, umur);
        baris
    }

    /// What a visit asks; now and then it was not asked, or not known.
    fn answers(&mut self, baris: &mut Baris, orang: &Orang, umur: u32) {
        let asked = self.acak.permil(900);
        if asked && umur >= 14 {
            let buta = umur > 60 && self.acak.permil(120);
            for kunci in ["buta_baca", "buta_tulis", "buta_hitung"] {
                let satu = buta && (kunci != "buta_hitung" || self.acak.permil(700));
                baris.set(kunci, if satu { "ya" } else { "tidak" });
            }
            baris.set("memiliki_tabungan", *self.acak.pilih(&["ya", "tidak", "?"]));
        }
        if asked {
            let khusus = if self.acak.permil(15) { *self.acak.pilih(&["FISIK", "NETRA", "MENTAL"]) } else { "TIDAK" };
            baris.set("berkebutuhan_khusus", khusus);
        }
        if asked && orang.jk == JenisKelamin::Perempuan && (15..=49).contains(&umur) {
            let kawin = orang.status == StatusPerkawinan::Kawin;
            let hamil = kawin && umur < 43 && self.acak.permil(60);
            baris.set("ibu_hamil", if hamil { "ya" } else { "tidak" });
            baris.set("ibu_menyusui", if kawin && !hamil && self.acak.permil(90) { "ya" } else { "tidak" });
            if kawin && !hamil {
                baris.set("akseptor_kb", *self.acak.pilih(&["ya", "ya", "tidak", "?"]));
            }
        }
    }
}
