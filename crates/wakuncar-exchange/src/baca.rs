//! Rows of a table to people with their house, or to refusals.

use std::collections::BTreeMap;

use wakuncar_domain::{
    Bagian, Butir, Isian, Jenis, KategoriIndustri, KategoriPekarangan, Nik, NikSalah, Nilai, NoKk, Opsi, nama_kunci,
};

use crate::kepala::{Kolom, kolom};
use crate::tabel::{Error, Sel, Tabel};
use crate::tolakan::{KodeTolakan, Tolakan};

/// The address that tells one house from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KunciRumah {
    /// RW, three digits.
    pub rw: String,
    /// RT, three digits.
    pub rt: String,
    /// Dasawisma.
    pub dasawisma: String,
    /// House number.
    pub no_rumah: String,
}

/// One person as a row says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarisWarga {
    /// Row in the file.
    pub nomor: usize,
    /// Her house.
    pub rumah: KunciRumah,
    /// Label of her rumah tangga; empty if the file has none.
    pub krt: String,
    /// KK number; empty if there is none.
    pub no_kk: String,
    /// The other answers, none of them `Kosong`.
    pub isian: Vec<(Bagian, &'static str, Isian<Nilai>)>,
    /// Categories of 4.14.2b that the cell *pekarangan* names.
    pub pekarangan: Vec<&'static str>,
    /// Categories of 4.14.2c that the cell *industri_rt* names.
    pub industri: Vec<&'static str>,
}

impl BarisWarga {
    /// An answer of the row; `Kosong` where there is none.
    pub fn isi(&self, bagian: Bagian, kunci: &str) -> Isian<Nilai> {
        let satu = self.isian.iter().find(|(b, k, _)| *b == bagian && *k == kunci);
        satu.map(|(_, _, isi)| isi.clone()).unwrap_or_default()
    }

    pub(crate) fn teks(&self, kunci: &str) -> String {
        self.isi(Bagian::Anggota, kunci).terisi().map(ToString::to_string).unwrap_or_default()
    }
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacaanWarga {
    /// Rows that can be taken, in the order of the file.
    pub baris: Vec<BarisWarga>,
    /// Rows that cannot.
    pub tolakan: Vec<Tolakan>,
    /// Remarks on rows that are taken all the same.
    pub catatan: Vec<Tolakan>,
    /// Headings that this program has no place for.
    pub kolom_asing: Vec<String>,
}

const WAJIB: [&str; 5] = ["rw", "rt", "dasawisma", "no_rumah", "nama_lengkap"];

/// Reads a table of residents, one row a person.
///
/// # Errors
/// [`Error::KolomHilang`] names the columns that every table must have.
pub fn baca_warga(tabel: &Tabel) -> Result<BacaanWarga, Error> {
    let kolom: Vec<Kolom> = tabel.kepala.iter().map(|judul| kolom(judul)).collect();
    let ada = |kunci: &str| kolom.iter().any(|k| matches!(k, Kolom::Butir(_, butir) if butir.kunci == kunci));
    let hilang: Vec<_> = WAJIB.into_iter().filter(|kunci| !ada(kunci)).collect();
    if !hilang.is_empty() {
        return Err(Error::KolomHilang(hilang));
    }
    let asing = tabel.kepala.iter().zip(&kolom).filter(|(judul, k)| **k == Kolom::Asing && !judul.trim().is_empty());
    let mut bacaan = BacaanWarga {
        baris: Vec::new(),
        tolakan: Vec::new(),
        catatan: Vec::new(),
        kolom_asing: asing.map(|(judul, _)| judul.clone()).collect(),
    };
    let mut terlihat: BTreeMap<(KunciRumah, String), usize> = BTreeMap::new();
    for (nomor, sel) in &tabel.baris {
        let mut satu = Baris { nomor: *nomor, tolakan: Vec::new(), catatan: Vec::new() };
        let Some(warga) = satu.read(&tabel.kepala, &kolom, sel) else {
            bacaan.tolakan.append(&mut satu.tolakan);
            continue;
        };
        let orang = (warga.rumah.clone(), orang(&warga));
        if let Some(baris) = terlihat.get(&orang) {
            let kode = KodeTolakan::Ganda { baris: *baris };
            bacaan.tolakan.push(Tolakan {
                baris: *nomor,
                kolom: "nama_lengkap".into(),
                kode,
                isi: warga.teks("nama_lengkap"),
            });
            continue;
        }
        terlihat.insert(orang, *nomor);
        bacaan.catatan.append(&mut satu.catatan);
        bacaan.baris.push(warga);
    }
    Ok(bacaan)
}

/// Whom a row is about: her NIK, else her name and birth date.
pub(crate) fn orang(warga: &BarisWarga) -> String {
    let nik = warga.teks("nik");
    if nik.is_empty() {
        format!("{}|{}", nama_kunci(&warga.teks("nama_lengkap")), warga.teks("tanggal_lahir"))
    } else {
        nik
    }
}

struct Baris {
    nomor: usize,
    tolakan: Vec<Tolakan>,
    catatan: Vec<Tolakan>,
}

impl Baris {
    /// The person, or `None` with at least one refusal.
    fn read(&mut self, kepala: &[String], kolom: &[Kolom], sel: &[Sel]) -> Option<BarisWarga> {
        let kosong = String::new;
        let mut warga = BarisWarga {
            nomor: self.nomor,
            rumah: KunciRumah { rw: kosong(), rt: kosong(), dasawisma: kosong(), no_rumah: kosong() },
            krt: kosong(),
            no_kk: kosong(),
            isian: Vec::new(),
            pekarangan: Vec::new(),
            industri: Vec::new(),
        };
        for ((judul, kolom), sel) in kepala.iter().zip(kolom).zip(sel) {
            let Kolom::Butir(bagian, butir) = kolom else { continue };
            match self.cell(butir, sel, &mut warga) {
                Ok(Isian::Kosong) if WAJIB.contains(&butir.kunci) => self.refuse(judul, KodeTolakan::WajibKosong, sel),
                Ok(Isian::TidakTahu) if WAJIB.contains(&butir.kunci) => {
                    self.refuse(judul, KodeTolakan::WajibKosong, sel)
                }
                Ok(isi) => place(&mut warga, *bagian, butir, isi),
                Err(KodeTolakan::Nomor(NikSalah::Sementara)) => {
                    let kode = KodeTolakan::Nomor(NikSalah::Sementara);
                    self.catatan.push(Tolakan { baris: self.nomor, kolom: judul.clone(), kode, isi: sel.teks.clone() });
                }
                Err(kode) => self.refuse(judul, kode, sel),
            }
        }
        self.tolakan.is_empty().then_some(warga)
    }

    fn refuse(&mut self, judul: &str, kode: KodeTolakan, sel: &Sel) {
        self.tolakan.push(Tolakan { baris: self.nomor, kolom: judul.to_owned(), kode, isi: sel.teks.clone() });
    }

    fn cell(&mut self, butir: &Butir, sel: &Sel, warga: &mut BarisWarga) -> Result<Isian<Nilai>, KodeTolakan> {
        let teks = sel.teks.trim();
        match butir.kunci {
            "nik" | "no_kk" if matches!(teks, "-" | "0") => Ok(Isian::Kosong),
            "nik" | "no_kk" if sel.dibulatkan => Err(KodeTolakan::Dibulatkan),
            "nik" => nomor(butir, teks, |teks| Nik::parse(teks).map(|nik| nik.to_string())),
            "no_kk" => nomor(butir, teks, |teks| NoKk::parse(teks).map(|no_kk| no_kk.to_string())),
            "rw" | "rt" => {
                let angka = teks.strip_suffix(".0").unwrap_or(teks);
                let baku = if angka.bytes().all(|b| b.is_ascii_digit()) && !angka.is_empty() {
                    format!("{:0>3}", angka.trim_start_matches('0'))
                } else {
                    angka.to_owned()
                };
                butir.parse(&baku).map_err(KodeTolakan::Jawaban)
            }
            "pekarangan" => kategori(butir, teks, KategoriPekarangan::OPSI, &mut warga.pekarangan),
            "industri_rt" => kategori(butir, teks, KategoriIndustri::OPSI, &mut warga.industri),
            _ => butir.parse(teks).map_err(KodeTolakan::Jawaban),
        }
    }
}

fn nomor(
    butir: &Butir,
    teks: &str,
    baca: impl Fn(&str) -> Result<String, NikSalah>,
) -> Result<Isian<Nilai>, KodeTolakan> {
    // `?` and the empty cell are not numbers.
    match butir.parse(if teks.len() > 16 { "" } else { teks }) {
        Ok(Isian::TidakTahu) => return Ok(Isian::TidakTahu),
        Ok(Isian::Kosong) if teks.is_empty() => return Ok(Isian::Kosong),
        _ => {}
    }
    baca(teks).map(|nomor| Isian::Terisi(Nilai::Teks(nomor))).map_err(KodeTolakan::Nomor)
}

/// `ya`, `tidak`, or categories with `;` or `,` between them.
fn kategori(
    butir: &Butir,
    teks: &str,
    opsi: &'static [Opsi],
    ada: &mut Vec<&'static str>,
) -> Result<Isian<Nilai>, KodeTolakan> {
    if let Ok(isi) = butir.parse(teks) {
        return Ok(isi);
    }
    let satu = Butir { jenis: Jenis::Pilihan(opsi), ..*butir };
    for bagian in teks.split([';', ',']) {
        // `Warung hidup: cabai` names the category before the colon.
        let nama = bagian.split(':').next().unwrap_or(bagian);
        match satu.parse(nama).map_err(KodeTolakan::Jawaban)? {
            Isian::Terisi(Nilai::Pilihan(kode)) => ada.push(kode),
            _ => return Err(KodeTolakan::Jawaban(wakuncar_domain::JawabanSalah::BukanPilihan)),
        }
    }
    Ok(Isian::Terisi(Nilai::YaTidak(true)))
}

fn place(warga: &mut BarisWarga, bagian: Bagian, butir: &'static Butir, isi: Isian<Nilai>) {
    let teks = || isi.terisi().map(ToString::to_string).unwrap_or_default();
    match butir.kunci {
        "rw" => warga.rumah.rw = teks(),
        "rt" => warga.rumah.rt = teks(),
        "dasawisma" => warga.rumah.dasawisma = teks(),
        "no_rumah" => warga.rumah.no_rumah = teks(),
        "krt" => warga.krt = teks(),
        "no_kk" => warga.no_kk = teks(),
        _ if isi.is_kosong() => {}
        kunci => warga.isian.push((bagian, kunci, isi)),
    }
}
