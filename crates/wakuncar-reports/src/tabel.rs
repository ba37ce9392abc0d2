//! A book as plain text for the prompt.

use crate::{Hitungan, Rekap};

impl Rekap {
    /// The book as aligned columns with its column codes as headings, between its title and its notes; blank where
    /// nothing was asked.
    pub fn tabel_teks(&self) -> String {
        let metrik = self.lampiran.metrik();
        let row = |nomor: String, nama: String, hitungan: &Hitungan| -> Vec<String> {
            let jumlah = metrik.iter().map(|metrik| hitungan.get(*metrik).map(|n| n.to_string()).unwrap_or_default());
            [nomor, nama].into_iter().chain(jumlah).collect()
        };
        let judul = ["NO", self.lampiran.judul_baris()].into_iter().chain(metrik.iter().map(|metrik| metrik.kode()));
        let mut rows: Vec<Vec<String>> = vec![judul.map(str::to_owned).collect()];
        for (i, baris) in self.baris.iter().enumerate() {
            rows.push(row((i + 1).to_string(), satu_baris(&baris.nama), &baris.hitungan));
        }
        rows.push(row(String::new(), "JUMLAH".to_owned(), &self.jumlah));

        let mut text = format!("Lampiran {} – {}\n", self.lampiran.nomor(), self.lampiran.judul());
        if let Some(latihan) = self.kepala.latihan() {
            text.push_str(&format!("{latihan}\n"));
        }
        for (judul, isi) in self.isi_kepala() {
            text.push_str(&format!("{judul}: {isi}\n"));
        }
        text.push('\n');
        let width: Vec<usize> = (0..rows[0].len())
            .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        for row in rows {
            for (column, (cell, width)) in row.iter().zip(&width).enumerate() {
                let pad = " ".repeat(width - cell.chars().count());
                let (left, right) = if column == 1 { ("", pad.as_str()) } else { (pad.as_str(), "") };
                text.push_str(&format!("{left}{cell}{right}  "));
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text.push('\n');
        for catatan in self.catatan() {
            text.push_str(&format!("{catatan}\n"));
        }
        text
    }
}

/// A name as one short line: a record from elsewhere may hold anything, and neither a terminal nor a cell takes all.
pub(crate) fn satu_baris(teks: &str) -> String {
    teks.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
