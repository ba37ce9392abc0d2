//! Weights and lengths of children, drawn around the WHO medians.

use chrono::{Duration, NaiveDate};
use wakuncar_domain::umur_bulan;

use crate::acak::Acak;
use crate::baris::Baris;

/// One measurement of a child under five.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pengukuran {
    /// The child's NIK; empty if it has none.
    pub nik: String,
    /// Name.
    pub nama: String,
    /// Day of measuring.
    pub tgl: NaiveDate,
    /// Weight in grams.
    pub bb_g: i64,
    /// Length or height in millimetres.
    pub tb_mm: i64,
}

/// Month, then length −2 SD and median in millimetres and weight −2 SD and median in grams: the anchor values of
/// WHO's by-day tables for boys (DOMAIN §3.6.2, computed), to a line between them.
const LAKI: [(i64, i64, i64, i64, i64); 6] = [
    (0, 461, 499, 2500, 3300),
    (6, 634, 676, 6400, 7900),
    (12, 710, 757, 7700, 9600),
    (24, 817, 878, 9700, 12_100),
    (36, 887, 961, 11_300, 14_300),
    (60, 1007, 1100, 14_100, 18_300),
];
/// The same for girls.
const PEREMPUAN: [(i64, i64, i64, i64, i64); 6] = [
    (0, 454, 491, 2400, 3200),
    (6, 612, 657, 5700, 7300),
    (12, 689, 740, 7000, 8900),
    (24, 800, 864, 9000, 11_500),
    (36, 874, 951, 10_800, 13_900),
    (60, 999, 1094, 13_700, 18_200),
];

/// Measures most of the children under five in the month before the day.
pub(crate) fn measure(acak: &mut Acak, baris: &[Baris], hari: NaiveDate) -> Vec<Pengukuran> {
    let mut semua = Vec::new();
    for anak in baris {
        let tgl = hari - Duration::days(acak.antara(0, 27));
        let lahir = anak.get("tanggal_lahir").parse::<NaiveDate>().ok();
        let Some(bulan) = lahir.and_then(|lahir| umur_bulan(lahir, tgl)).filter(|bulan| *bulan < 60) else { continue };
        if acak.permil(150) {
            continue;
        }
        let tabel = if anak.get("jenis_kelamin") == "L" { &LAKI } else { &PEREMPUAN };
        let (tb, tb_sd, bb, bb_sd) = at(tabel, i64::from(bulan));
        // Height for age around −0.7 with deviation 1.1, weight around −0.6: one child in eight is stunted.
        let z_tb = acak.normal_permil() * 11 / 10 - 700;
        let z_bb = (z_tb + acak.normal_permil()) / 2 - 250;
        semua.push(Pengukuran {
            nik: anak.get("nik").to_owned(),
            nama: anak.get("nama_lengkap").to_owned(),
            tgl,
            bb_g: (bb + bb_sd * z_bb / 1000).max(1500) / 100 * 100,
            tb_mm: tb + tb_sd * z_tb / 1000,
        });
    }
    semua
}

/// Median and deviation of length and weight at a month.
fn at(tabel: &[(i64, i64, i64, i64, i64); 6], bulan: i64) -> (i64, i64, i64, i64) {
    let i = tabel.windows(2).position(|dua| bulan < dua[1].0).unwrap_or(tabel.len() - 2);
    let (a, b) = (tabel[i], tabel[i + 1]);
    let garis = |dari: i64, ke: i64| dari + (ke - dari) * (bulan - a.0) / (b.0 - a.0);
    let (tb, bb) = (garis(a.2, b.2), garis(a.4, b.4));
    (tb, (tb - garis(a.1, b.1)) / 2, bb, (bb - garis(a.3, b.3)) / 2)
}
