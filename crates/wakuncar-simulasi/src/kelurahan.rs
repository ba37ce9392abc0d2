//! The kelurahan: RW, RT, dasawisma, houses, rumah tangga.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::acak::Acak;
use crate::baris::Baris;
use crate::keluarga::Pembuat;
use crate::nama::DASAWISMA;
use crate::salah::{Kunci, plant};
use crate::ukur::{Pengukuran, measure};

/// Houses of a dasawisma, dasawisma of an RT, RT of an RW.
const RUMAH_SEDASAWISMA: usize = 20;
const DASAWISMA_SERT: usize = 4;
const RT_SERW: usize = 5;

/// Where a house is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alamat {
    /// RW, three digits.
    pub rw: String,
    /// RT, three digits; runs through the kelurahan.
    pub rt: String,
    /// Dasawisma.
    pub dasawisma: String,
    /// House number.
    pub no_rumah: String,
}

/// A simulated kelurahan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kelurahan {
    pub(crate) benih: u64,
    pub(crate) rumah: usize,
    pub(crate) hari: NaiveDate,
    pub(crate) baris: Vec<Baris>,
    pub(crate) kunci: Kunci,
    pub(crate) pengukuran: Vec<Pengukuran>,
}

impl Kelurahan {
    /// Code of Rejomulyo, Kota Metro.
    pub const KODE: &'static str = "18.72.05.1001";

    /// So many houses as of a day; the same arguments give the same people.
    pub fn new(benih: u64, rumah: usize, hari: NaiveDate) -> Self {
        let mut acak = Acak::new(benih);
        let (mut baris, mut menolak, mut seri) = (Vec::new(), Vec::new(), 0);
        for nomor in 0..rumah {
            let alamat = alamat(nomor);
            // A family that refuses leaves no row.
            if acak.permil(15) {
                menolak.push(alamat);
                continue;
            }
            let mut pembuat = Pembuat { acak: &mut acak, hari, seri: &mut seri };
            baris.extend(house(&mut pembuat, &alamat));
        }
        let pengukuran = measure(&mut acak, &baris, hari);
        let kunci = plant(&mut acak, &mut baris, menolak, hari);
        Self { benih, rumah, hari, baris, kunci, pengukuran }
    }

    /// The rows of `warga.csv`; row `i` stands on line `i + 2` of the file.
    pub fn baris(&self) -> &[Baris] {
        &self.baris
    }

    /// The answer key.
    pub fn kunci(&self) -> &Kunci {
        &self.kunci
    }

    /// Measurements of the children under five.
    pub fn pengukuran(&self) -> &[Pengukuran] {
        &self.pengukuran
    }

    /// How many rows each dasawisma has.
    pub fn dasawisma(&self) -> BTreeMap<(String, String, String), usize> {
        let mut semua = BTreeMap::new();
        for baris in &self.baris {
            let kunci = (baris.get("rw").to_owned(), baris.get("rt").to_owned(), baris.get("dasawisma").to_owned());
            *semua.entry(kunci).or_default() += 1;
        }
        semua
    }
}

fn alamat(nomor: usize) -> Alamat {
    let dasawisma = nomor / RUMAH_SEDASAWISMA;
    let rt = dasawisma / DASAWISMA_SERT;
    Alamat {
        rw: format!("{:03}", rt / RT_SERW + 1),
        rt: format!("{:03}", rt + 1),
        dasawisma: format!("{} {}", DASAWISMA[dasawisma % DASAWISMA.len()], dasawisma / DASAWISMA.len() + 1),
        no_rumah: (nomor % RUMAH_SEDASAWISMA + 1).to_string(),
    }
}

/// The rows of one house: mostly one rumah tangga with one family, now and then two of either.
fn house(pembuat: &mut Pembuat<'_>, alamat: &Alamat) -> Vec<Baris> {
    let krt = if pembuat.acak.permil(60) { 2 } else { 1 };
    let mut rumah = Vec::new();
    let sifat = house_answers(pembuat.acak);
    for nomor in 1..=krt {
        let mut semua = pembuat.keluarga(nomor == 2);
        if pembuat.acak.permil(90) {
            semua.extend(pembuat.keluarga(true));
        }
        let nama_krt = semua.first().map(|kepala| kepala.get("nama_lengkap").to_owned()).unwrap_or_default();
        let jawaban = krt_answers(pembuat.acak);
        for baris in &mut semua {
            for (kolom, isi) in [
                ("rw", alamat.rw.as_str()),
                ("rt", &alamat.rt),
                ("dasawisma", &alamat.dasawisma),
                ("no_rumah", &alamat.no_rumah),
                ("krt", &nomor.to_string()),
                ("nama_krt", &nama_krt),
            ] {
                baris.set(kolom, isi);
            }
            for (kolom, isi) in sifat.iter().chain(&jawaban) {
                baris.set(kolom, *isi);
            }
        }
        rumah.extend(semua);
    }
    rumah
}

type Jawaban = Vec<(&'static str, &'static str)>;

fn house_answers(acak: &mut Acak) -> Jawaban {
    vec![
        ("kriteria_rumah", *acak.pilih(&["SEHAT", "SEHAT", "SEHAT", "TIDAK_SEHAT", ""])),
        ("punya_tempat_sampah", *acak.pilih(&["ya", "ya", "tidak", ""])),
        ("punya_spal", *acak.pilih(&["ya", "tidak", "?", ""])),
    ]
}

fn krt_answers(acak: &mut Acak) -> Jawaban {
    let jamban = *acak.pilih(&["ya", "ya", "ya", "ya", "tidak", ""]);
    vec![
        ("sumber_air", *acak.pilih(&["SUMUR", "SUMUR", "SUMUR", "PDAM", "SUNGAI", "LAINNYA", ""])),
        ("makanan_pokok", *acak.pilih(&["BERAS", "BERAS", "BERAS", "BERAS", "NON_BERAS", "?"])),
        ("punya_jamban", jamban),
        ("jumlah_jamban", if jamban == "ya" { *acak.pilih(&["1", "1", "2"]) } else { "" }),
        ("aktivitas_up2k", *acak.pilih(&["tidak", "tidak", "tidak", "ya", ""])),
        ("aktivitas_kesling", *acak.pilih(&["ya", "tidak", ""])),
        ("pekarangan", *acak.pilih(&["ya", "tidak", "Warung hidup; TOGA", ""])),
    ]
}
