//! Faults planted in the rows, with the answer key.

use chrono::{Datelike, Duration, NaiveDate};

use crate::acak::Acak;
use crate::baris::Baris;
use crate::kelurahan::Alamat;

/// What is wrong on purpose. Lines are those of `warga.csv` (the headings are line 1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kunci {
    /// Cells that an import must refuse: line, column, the impossible value.
    pub ditolak: Vec<(usize, &'static str, String)>,
    /// The same person on two lines, in two houses, the second with a misspelt name.
    pub ganda: Vec<(usize, usize)>,
    /// Birth dates with day and month exchanged: line and the right date. The NIK still tells.
    pub tanggal_tertukar: Vec<(usize, String)>,
    /// Life events after the file was made.
    pub mutasi: Vec<Mutasi>,
    /// Houses whose family refused.
    pub menolak: Vec<Alamat>,
}

/// A life event that the file does not know yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutasi {
    /// Line of the person.
    pub baris: usize,
    /// `MENINGGAL` or `PINDAH_KELUAR`.
    pub jenis: &'static str,
    /// Day of the event.
    pub tgl: NaiveDate,
}

/// Plants faults: of a thousand rows about 10 impossible, 20 doubled, 10 with an exchanged date, 10 dead, 15 moved.
pub(crate) fn plant(acak: &mut Acak, baris: &mut Vec<Baris>, menolak: Vec<Alamat>, hari: NaiveDate) -> Kunci {
    let mut kunci = Kunci { menolak, ..Kunci::default() };
    let asli = baris.len();
    for i in 0..asli {
        let line = i + 2;
        match acak.antara(0, 999) {
            0..=9 => impossible(acak, &mut baris[i], line, &mut kunci),
            10..=29 if i + 40 < asli && !baris[i].get("nik").is_empty() => {
                let mut lagi = baris[i].clone();
                lagi.set("nama_lengkap", misspelt(lagi.get("nama_lengkap")));
                let tetangga = baris[i + 40].clone();
                for kolom in ["rw", "rt", "dasawisma", "no_rumah", "krt", "nama_krt", "no_kk"] {
                    lagi.set(kolom, tetangga.get(kolom));
                }
                lagi.set("hubungan_kk", "FAMILI_LAIN");
                for kolom in ["kriteria_rumah", "punya_tempat_sampah", "punya_spal", "sumber_air", "makanan_pokok"] {
                    lagi.set(kolom, tetangga.get(kolom));
                }
                for kolom in ["punya_jamban", "jumlah_jamban", "aktivitas_up2k", "aktivitas_kesling", "pekarangan"] {
                    lagi.set(kolom, tetangga.get(kolom));
                }
                baris.push(lagi);
                kunci.ganda.push((line, baris.len() + 1));
            }
            30..=39 => exchange(&mut baris[i], line, &mut kunci, hari),
            40..=49 => event(acak, line, "MENINGGAL", hari, &mut kunci),
            50..=64 => event(acak, line, "PINDAH_KELUAR", hari, &mut kunci),
            _ => {}
        }
    }
    kunci
}

fn impossible(acak: &mut Acak, baris: &mut Baris, line: usize, kunci: &mut Kunci) {
    let nik = baris.get("nik").to_owned();
    let (kolom, salah) = match acak.antara(0, 3) {
        0 if nik.len() == 16 => ("nik", format!("{}13{}", &nik[..8], &nik[10..])),
        1 if nik.len() == 16 => ("nik", nik[..15].to_owned()),
        2 => ("tanggal_lahir", "1990-02-31".to_owned()),
        _ => ("jenis_kelamin", "X".to_owned()),
    };
    baris.set(kolom, salah.clone());
    kunci.ditolak.push((line, kolom, salah));
}

fn exchange(baris: &mut Baris, line: usize, kunci: &mut Kunci, hari: NaiveDate) {
    let benar = baris.get("tanggal_lahir").to_owned();
    let Ok(lahir) = benar.parse::<NaiveDate>() else { return };
    let tukar = NaiveDate::from_ymd_opt(lahir.year(), lahir.day(), lahir.month());
    if let Some(tukar) = tukar.filter(|tukar| *tukar != lahir && *tukar <= hari && !baris.get("nik").is_empty()) {
        baris.set("tanggal_lahir", tukar.to_string());
        kunci.tanggal_tertukar.push((line, benar));
    }
}

fn event(acak: &mut Acak, line: usize, jenis: &'static str, hari: NaiveDate, kunci: &mut Kunci) {
    kunci.mutasi.push(Mutasi { baris: line, jenis, tgl: hari + Duration::days(acak.antara(1, 40)) });
}

/// One letter doubled or left out, as by a tired hand.
fn misspelt(nama: &str) -> String {
    let mut huruf: Vec<char> = nama.chars().collect();
    if huruf.len() > 5 {
        huruf.remove(3);
    } else if let Some(akhir) = huruf.last().copied() {
        huruf.push(akhir);
    }
    huruf.into_iter().collect()
}
