//! A filled recap book: rows, JUMLAH, coverage, and the houses behind each row.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use wakuncar_domain::{Rumah, RumahId, WargaId};

use crate::{AturanHitung, Hitungan, HitunganKrt, Lampiran, Metrik, hitung_rumah};

/// The heading of a book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kepala {
    /// Dasawisma, in 4.16a.
    pub dasawisma: String,
    /// RW, three digits.
    pub rw: String,
    /// RT, three digits.
    pub rt: String,
    /// Name of the kelurahan.
    pub kelurahan: String,
    /// Whether the kelurahan is one for practice: every print says so.
    pub latihan: bool,
}

/// One row of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarisRekap {
    /// In 4.16a the label of the rumah tangga; in 4.16b the dasawisma.
    pub kunci: String,
    /// As printed: the head's name, or the dasawisma.
    pub nama: String,
    /// The counts.
    pub hitungan: Hitungan,
    /// The houses behind the row, with each rumah tangga's own counts.
    pub asal: Vec<(RumahId, HitunganKrt)>,
}

/// How much of the area the counts cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cakupan {
    /// Rumah tangga with at least one person recorded.
    pub didata: u32,
    /// Rumah tangga known, and houses in use of which none is known.
    pub dari: u32,
}

/// A recap book for a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekap {
    /// Which book.
    pub lampiran: Lampiran,
    /// Its heading.
    pub kepala: Kepala,
    /// Its rows.
    pub baris: Vec<BarisRekap>,
    /// The last row.
    pub jumlah: Hitungan,
    /// Coverage.
    pub cakupan: Cakupan,
    /// The day for which it counts.
    pub tgl_acuan: NaiveDate,
    /// People active in more than one of the houses, and the houses: counted in the first.
    pub ganda: Vec<(WargaId, Vec<RumahId>)>,
}

impl Rekap {
    /// Fills a book from the houses of its area, in the order in which they are given (by address).
    pub fn new(lampiran: Lampiran, rumah: &[Rumah], hari: NaiveDate, aturan: &AturanHitung, kepala: Kepala) -> Self {
        let rumah: Vec<&Rumah> = rumah.iter().filter(|rumah| rumah.is_dipakai(hari)).collect();
        let tempat = memberships(&rumah, hari);
        let mut semua: Vec<(&Rumah, HitunganKrt)> = Vec::new();
        let mut cakupan = Cakupan { didata: 0, dari: 0 };
        for rumah in &rumah {
            let di_sini = |id: WargaId| tempat.get(&id).is_none_or(|rumah_warga| rumah_warga[0] == rumah.id);
            let krt = hitung_rumah(rumah, hari, aturan, di_sini);
            cakupan.dari += u32::try_from(krt.len().max(1)).unwrap_or(u32::MAX);
            cakupan.didata += u32::try_from(krt.iter().filter(|krt| krt.didata).count()).unwrap_or(u32::MAX);
            semua.extend(krt.into_iter().map(|krt| (*rumah, krt)));
        }
        let mut jumlah = Hitungan::default();
        semua.iter().for_each(|(_, krt)| jumlah.add(&krt.hitungan));
        let baris = match lampiran {
            Lampiran::L416a => semua.into_iter().map(|(rumah, krt)| row_of_krt(rumah, krt)).collect(),
            Lampiran::L416b => rows_of_dasawisma(&rumah, semua),
        };
        let ganda = tempat.into_iter().filter(|(_, rumah)| rumah.len() > 1).collect();
        Self { lampiran, kepala, baris, jumlah, cakupan, tgl_acuan: hari, ganda }
    }

    /// The houses behind a cell: those that add to it.
    pub fn asal(&self, baris: usize, metrik: Metrik) -> Vec<RumahId> {
        let asal = self.baris.get(baris).map(|baris| baris.asal.as_slice()).unwrap_or_default();
        let ada = asal.iter().filter(|(_, krt)| krt.hitungan.get(metrik).is_some_and(|jumlah| jumlah > 0));
        let mut rumah: Vec<RumahId> = ada.map(|(rumah, _)| *rumah).collect();
        rumah.dedup();
        rumah
    }
}

/// The houses in which each person is active, in the order given.
fn memberships(rumah: &[&Rumah], hari: NaiveDate) -> BTreeMap<WargaId, Vec<RumahId>> {
    let mut tempat: BTreeMap<WargaId, Vec<RumahId>> = BTreeMap::new();
    for rumah in rumah {
        for (id, warga) in &rumah.anggota {
            if warga.is_aktif(hari) {
                tempat.entry(*id).or_default().push(rumah.id);
            }
        }
    }
    tempat
}

fn row_of_krt(rumah: &Rumah, krt: HitunganKrt) -> BarisRekap {
    BarisRekap {
        kunci: krt.krt.clone(),
        nama: krt.nama_krt.clone(),
        hitungan: krt.hitungan.clone(),
        asal: vec![(rumah.id, krt)],
    }
}

fn rows_of_dasawisma(rumah: &[&Rumah], semua: Vec<(&Rumah, HitunganKrt)>) -> Vec<BarisRekap> {
    let nama = |rumah: &Rumah| rumah.sifat.dasawisma.terisi().cloned().unwrap_or_default();
    // A dasawisma of which no rumah tangga is known yet has its row, too: blank.
    let mut baris: BTreeMap<String, BarisRekap> = rumah
        .iter()
        .map(|rumah| nama(rumah))
        .map(|nama| {
            let kosong =
                BarisRekap { kunci: nama.clone(), nama: nama.clone(), hitungan: Hitungan::default(), asal: Vec::new() };
            (nama, kosong)
        })
        .collect();
    for (rumah, krt) in semua {
        if let Some(baris) = baris.get_mut(&nama(rumah)) {
            baris.hitungan.add(&krt.hitungan);
            baris.asal.push((rumah.id, krt));
        }
    }
    baris.into_values().collect()
}
