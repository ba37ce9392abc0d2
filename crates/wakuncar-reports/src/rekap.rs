//! A filled recap book: rows, JUMLAH, coverage, and the houses behind each row.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use wakuncar_domain::{Isian, Rumah, RumahId, WargaId};

use crate::tabel::satu_baris;
use crate::urut::{kunci_urut, urut_alamat};
use crate::{AturanHitung, Hitungan, HitunganKrt, Keanggotaan, Lampiran, Metrik, hitung_rumah};

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

impl Kepala {
    /// The line for a kelurahan made for practice.
    pub(crate) fn latihan(&self) -> Option<&'static str> {
        self.latihan.then_some("LATIHAN – BUKAN DATA SEBENARNYA")
    }
}

/// One row of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarisRekap {
    /// In 4.16a the label of the rumah tangga; in 4.16b the dasawisma.
    pub kunci: String,
    /// As printed: the head's name, or the dasawisma.
    pub nama: String,
    /// RW, three digits.
    pub rw: String,
    /// RT, three digits.
    pub rt: String,
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
    /// People active in more than one house, and the houses: counted in the first.
    pub ganda: Vec<(WargaId, Vec<RumahId>)>,
    /// People who live in one of the houses and are in no row, as no rumah tangga has them.
    pub tanpa_krt: Vec<(WargaId, RumahId)>,
}

impl Rekap {
    /// Fills a book from the houses of its area, as if there were no others.
    pub fn new(lampiran: Lampiran, rumah: &[Rumah], hari: NaiveDate, aturan: &AturanHitung, kepala: Kepala) -> Self {
        Self::with_keanggotaan(lampiran, rumah, &Keanggotaan::new(rumah, hari), aturan, kepala)
    }

    /// Fills a book from the houses of its area, by address. `keanggotaan` knows the houses of other areas, too, so
    /// that a person who is active in two of them counts in one book only.
    pub fn with_keanggotaan(
        lampiran: Lampiran,
        rumah: &[Rumah],
        keanggotaan: &Keanggotaan,
        aturan: &AturanHitung,
        kepala: Kepala,
    ) -> Self {
        let hari = keanggotaan.hari();
        let mut rumah = urut_alamat(rumah);
        rumah.retain(|rumah| rumah.is_dipakai(hari));
        let mut semua: Vec<(&Rumah, HitunganKrt)> = Vec::new();
        let mut cakupan = Cakupan { didata: 0, dari: 0 };
        for rumah in &rumah {
            let krt = hitung_rumah(rumah, hari, aturan, |warga| keanggotaan.is_berlaku(warga, rumah.id));
            let tanpa_krt = rumah.krt_urut(hari).is_empty();
            cakupan.dari += u32::try_from(krt.len() + usize::from(tanpa_krt)).unwrap_or(u32::MAX);
            cakupan.didata += u32::try_from(krt.iter().filter(|krt| krt.didata).count()).unwrap_or(u32::MAX);
            semua.extend(krt.into_iter().map(|krt| (*rumah, krt)));
        }
        let mut jumlah = Hitungan::default();
        semua.iter().for_each(|(_, krt)| jumlah.add(&krt.hitungan));
        let baris = match lampiran {
            Lampiran::L416a => semua.into_iter().map(|(rumah, krt)| row_of_krt(rumah, krt)).collect(),
            Lampiran::L416b => rows_of_dasawisma(&rumah, semua),
        };
        let (ganda, tanpa_krt) = (keanggotaan.ganda(&rumah), keanggotaan.tanpa_krt(&rumah));
        Self { lampiran, kepala, baris, jumlah, cakupan, tgl_acuan: hari, ganda, tanpa_krt }
    }

    /// The lines of the heading, as printed.
    pub(crate) fn isi_kepala(&self) -> [(&'static str, String); 4] {
        let kepala = &self.kepala;
        let dasawisma = match self.lampiran {
            Lampiran::L416a => satu_baris(&kepala.dasawisma),
            Lampiran::L416b => "SEMUA".to_owned(),
        };
        [
            ("DASA WISMA", dasawisma),
            ("RT/RW", format!("{}/{}", satu_baris(&kepala.rt), satu_baris(&kepala.rw))),
            ("DESA/KELURAHAN", satu_baris(&kepala.kelurahan)),
            ("TAHUN", self.tgl_acuan.format("%Y (per %d-%m-%Y)").to_string()),
        ]
    }

    /// What the figures do not say: coverage, people recorded twice, people in no row.
    pub(crate) fn catatan(&self) -> Vec<String> {
        let Cakupan { didata, dari } = self.cakupan;
        let mut catatan =
            vec![format!("Cakupan: {didata} dari {dari} KRT. Kotak kosong berarti tidak ditanyakan, bukan nol.")];
        if !self.ganda.is_empty() {
            catatan.push(format!("{} orang tercatat di lebih dari satu rumah; dihitung satu kali.", self.ganda.len()));
        }
        if !self.tanpa_krt.is_empty() {
            catatan.push(format!("{} orang belum punya rumah tangga dan belum dihitung.", self.tanpa_krt.len()));
        }
        catatan
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

fn text(isi: &Isian<String>) -> String {
    isi.terisi().cloned().unwrap_or_default()
}

fn row_of_krt(rumah: &Rumah, krt: HitunganKrt) -> BarisRekap {
    BarisRekap {
        kunci: krt.krt.clone(),
        nama: krt.nama_krt.clone(),
        rw: text(&rumah.sifat.rw),
        rt: text(&rumah.sifat.rt),
        hitungan: krt.hitungan.clone(),
        asal: vec![(rumah.id, krt)],
    }
}

/// One row a dasawisma: two RT may each have a Melati.
fn rows_of_dasawisma(rumah: &[&Rumah], semua: Vec<(&Rumah, HitunganKrt)>) -> Vec<BarisRekap> {
    let tempat = |rumah: &Rumah| [&rumah.sifat.rw, &rumah.sifat.rt, &rumah.sifat.dasawisma].map(text);
    // A dasawisma of which no rumah tangga is known yet has its row, too: blank.
    let mut baris: BTreeMap<[String; 3], BarisRekap> = BTreeMap::new();
    for rumah in rumah {
        let [rw, rt, nama] = tempat(rumah);
        baris.entry(tempat(rumah)).or_insert_with(|| BarisRekap {
            kunci: nama.clone(),
            nama,
            rw,
            rt,
            hitungan: Hitungan::default(),
            asal: Vec::new(),
        });
    }
    for (rumah, krt) in semua {
        if let Some(baris) = baris.get_mut(&tempat(rumah)) {
            baris.hitungan.add(&krt.hitungan);
            baris.asal.push((rumah.id, krt));
        }
    }
    let mut baris: Vec<BarisRekap> = baris.into_values().collect();
    if baris.windows(2).any(|dua| (&dua[0].rw, &dua[0].rt) != (&dua[1].rw, &dua[1].rt)) {
        baris.iter_mut().for_each(|baris| baris.nama = format!("{} (RT {}/RW {})", baris.kunci, baris.rt, baris.rw));
    }
    baris.sort_by_cached_key(|baris| [&baris.rw, &baris.rt, &baris.kunci].map(|teks| kunci_urut(teks)));
    baris
}
