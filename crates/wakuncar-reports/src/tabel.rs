//! A book as plain text for the prompt.

use crate::{Hitungan, Rekap};

impl Rekap {
    /// The book as aligned columns with its column codes as headings; blank where nothing was asked.
    pub fn tabel_teks(&self) -> String {
        let metrik = self.lampiran.metrik();
        let cells = |hitungan: &Hitungan| -> Vec<String> {
            metrik.iter().map(|metrik| hitungan.get(*metrik).map(|n| n.to_string()).unwrap_or_default()).collect()
        };
        let mut rows = vec![
            [vec!["NO".to_owned(), self.lampiran.judul_baris().to_owned()], {
                metrik.iter().map(|metrik| metrik.kode().to_owned()).collect()
            }]
            .concat(),
        ];
        for (i, baris) in self.baris.iter().enumerate() {
            rows.push([vec![(i + 1).to_string(), baris.nama.clone()], cells(&baris.hitungan)].concat());
        }
        rows.push([vec![String::new(), "JUMLAH".to_owned()], cells(&self.jumlah)].concat());
        let width: Vec<usize> = (0..rows[0].len())
            .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let mut text = String::new();
        for row in rows {
            for (column, (cell, width)) in row.iter().zip(&width).enumerate() {
                let pad = " ".repeat(width - cell.chars().count());
                let (left, right) = if column == 1 { ("", pad.as_str()) } else { (pad.as_str(), "") };
                text.push_str(&format!("{left}{cell}{right}  "));
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }
}
