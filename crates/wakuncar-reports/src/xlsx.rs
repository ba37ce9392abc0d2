//! A book as XLSX: header, merges and page as printed.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::buku::belahan;
use crate::tabel::satu_baris;
use crate::{Hitungan, Rekap};

/// A workbook that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct Error(#[from] XlsxError);

const A3: u8 = 8;
/// First of the header rows, counted from zero: groups, headings, their halves, column numbers.
const HEADER: u32 = 6;
const NUMBERS: u32 = HEADER + 3;

impl Rekap {
    /// The book as the bytes of an XLSX file: landscape A3, one page wide, header rows repeated on each page.
    ///
    /// # Errors
    /// [`Error`].
    pub fn xlsx(&self) -> Result<Vec<u8>, Error> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.lampiran.nomor())?;
        let last = self.last_column();
        sheet.set_landscape().set_paper_size(A3).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(HEADER, NUMBERS)?;
        sheet.set_freeze_panes(NUMBERS + 1, 2)?;
        if let Some(latihan) = self.kepala.latihan() {
            // The title stands on the first page only.
            sheet.set_header(format!("&C{latihan}"));
        }
        sheet.set_footer("&LWakuncar&RHalaman &P dari &N");
        sheet.set_column_width(0, 5)?.set_column_width(1, 32)?;
        for column in 2..=last {
            sheet.set_column_width(column, 8)?;
        }
        sheet.set_row_height(HEADER + 1, 84)?.set_row_height(HEADER + 2, 24)?;
        self.write_head(sheet, last)?;
        self.write_header(sheet, last)?;
        let end = self.write_rows(sheet, last)?;
        sheet.set_print_area(0, 0, end, last)?;
        Ok(workbook.save_to_buffer()?)
    }

    fn last_column(&self) -> u16 {
        // NO and name before, KET after.
        u16::try_from(self.lampiran.metrik().len() + 2).unwrap_or(u16::MAX)
    }

    fn write_head(&self, sheet: &mut Worksheet, last: u16) -> Result<(), Error> {
        let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
        sheet.merge_range(0, 0, 0, last, self.lampiran.judul(), &title)?;
        if let Some(latihan) = self.kepala.latihan() {
            sheet.merge_range(1, 0, 1, last, latihan, &title.set_font_color(Color::Red))?;
        }
        for (row, (judul, isi)) in (2..).zip(self.isi_kepala()) {
            sheet.write_string(row, 1, judul)?;
            sheet.write_string(row, 2, format!(": {isi}"))?;
        }
        sheet.write_string(2, last.saturating_sub(4), format!("Lampiran {}", self.lampiran.nomor()))?;
        Ok(())
    }

    /// Four rows: groups, headings, the halves of some, column numbers.
    fn write_header(&self, sheet: &mut Worksheet, last: u16) -> Result<(), Error> {
        let format = header();
        let tall = header().set_rotation(90);
        let (depan, kelompok) = self.lampiran.kolom();
        sheet.merge_range(HEADER, 0, HEADER + 2, 0, "NO", &format)?;
        sheet.merge_range(HEADER, 1, HEADER + 2, 1, self.lampiran.judul_baris(), &format)?;
        let mut column = 2;
        for metrik in depan {
            sheet.merge_range(HEADER, column, HEADER + 2, column, metrik.judul(), &tall)?;
            column += 1;
        }
        for kelompok in &kelompok {
            let end = column + u16::try_from(kelompok.metrik.len()).unwrap_or(1) - 1;
            sheet.merge_range(HEADER, column, HEADER, end, kelompok.judul, &format)?;
            for metrik in kelompok.metrik {
                match belahan(*metrik) {
                    None => {
                        sheet.merge_range(HEADER + 1, column, HEADER + 2, column, metrik.judul(), &tall)?;
                    }
                    Some((judul, belah)) => {
                        if belah == "L" {
                            sheet.merge_range(HEADER + 1, column, HEADER + 1, column + 1, judul, &format)?;
                        }
                        sheet.write_string_with_format(HEADER + 2, column, belah, &format)?;
                    }
                }
                column += 1;
            }
        }
        sheet.merge_range(HEADER, last, HEADER + 2, last, "KET", &format)?;
        for column in 0..=last {
            sheet.write_number_with_format(NUMBERS, column, f64::from(column + 1), &format)?;
        }
        Ok(())
    }

    /// Rows, JUMLAH and the notes; the last row written.
    fn write_rows(&self, sheet: &mut Worksheet, last: u16) -> Result<u32, Error> {
        let cell = Format::new().set_border(FormatBorder::Thin);
        let bold = cell.clone().set_bold();
        let mut row = NUMBERS + 1;
        for (i, baris) in self.baris.iter().enumerate() {
            let nomor = f64::from(u32::try_from(i + 1).unwrap_or(0));
            sheet.write_number_with_format(row, 0, nomor, &cell.clone().set_align(FormatAlign::Center))?;
            // As a string, so that a name that begins with = is no formula.
            sheet.write_string_with_format(row, 1, satu_baris(&baris.nama), &cell)?;
            self.write_counts(sheet, row, last, &baris.hitungan, &cell)?;
            row += 1;
        }
        sheet.write_blank(row, 0, &bold)?;
        sheet.write_string_with_format(row, 1, "JUMLAH", &bold)?;
        self.write_counts(sheet, row, last, &self.jumlah, &bold)?;
        row += 1;
        for catatan in self.catatan() {
            row += 1;
            sheet.write_string(row, 1, catatan)?;
        }
        Ok(row)
    }

    fn write_counts(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        last: u16,
        hitungan: &Hitungan,
        format: &Format,
    ) -> Result<(), Error> {
        let tengah = format.clone().set_align(FormatAlign::Center);
        for (column, metrik) in (2..).zip(self.lampiran.metrik()) {
            match hitungan.get(metrik) {
                Some(jumlah) => sheet.write_number_with_format(row, column, f64::from(jumlah), &tengah)?,
                None => sheet.write_blank(row, column, &tengah)?,
            };
        }
        sheet.write_blank(row, last, format)?;
        Ok(())
    }
}

fn header() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_font_size(9)
}
