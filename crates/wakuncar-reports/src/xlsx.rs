//! A book as XLSX: header, merges and page as printed.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::{Hitungan, Lampiran, Rekap};

/// A workbook that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct Error(#[from] XlsxError);

const A3: u8 = 8;
/// First row of the three header rows, counted from zero.
const HEADER: u32 = 6;

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
        sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
        sheet.set_repeat_rows(HEADER, HEADER + 2)?;
        sheet.set_freeze_panes(HEADER + 3, 2)?;
        sheet.set_footer("&L&8Wakuncar&RHalaman &P dari &N");
        sheet.set_column_width(0, 5)?.set_column_width(1, 32)?;
        for column in 2..=last {
            sheet.set_column_width(column, 8)?;
        }
        sheet.set_row_height(HEADER + 1, 96)?;
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
        if self.kepala.latihan {
            let latihan = title.set_font_color(Color::Red);
            sheet.merge_range(1, 0, 1, last, "LATIHAN – BUKAN DATA SEBENARNYA", &latihan)?;
        }
        let kepala = &self.kepala;
        let dasawisma = match self.lampiran {
            Lampiran::L416a => kepala.dasawisma.as_str(),
            Lampiran::L416b => "SEMUA",
        };
        for (row, label, isi) in [
            (2, "DASA WISMA", dasawisma.to_owned()),
            (3, "RT/RW", format!("{}/{}", kepala.rt, kepala.rw)),
            (4, "DESA/KELURAHAN", kepala.kelurahan.clone()),
            (5, "TAHUN", self.tgl_acuan.format("%Y (per %d-%m-%Y)").to_string()),
        ] {
            sheet.write_string(row, 1, label)?;
            sheet.write_string(row, 2, format!(": {isi}"))?;
        }
        sheet.write_string(2, last.saturating_sub(4), format!("Lampiran {}", self.lampiran.nomor()))?;
        Ok(())
    }

    /// Three rows: groups, columns, column numbers.
    fn write_header(&self, sheet: &mut Worksheet, last: u16) -> Result<(), Error> {
        let format = header();
        let tall = header().set_rotation(90);
        let (depan, kelompok) = self.lampiran.kolom();
        sheet.merge_range(HEADER, 0, HEADER + 1, 0, "NO", &format)?;
        sheet.merge_range(HEADER, 1, HEADER + 1, 1, self.lampiran.judul_baris(), &format)?;
        let mut column = 2;
        for metrik in depan {
            sheet.merge_range(HEADER, column, HEADER + 1, column, metrik.judul(), &tall)?;
            column += 1;
        }
        for kelompok in &kelompok {
            let end = column + u16::try_from(kelompok.metrik.len()).unwrap_or(1) - 1;
            sheet.merge_range(HEADER, column, HEADER, end, kelompok.judul, &format)?;
            for metrik in kelompok.metrik {
                sheet.write_string_with_format(HEADER + 1, column, metrik.judul(), &tall)?;
                column += 1;
            }
        }
        sheet.merge_range(HEADER, last, HEADER + 1, last, "KET", &format)?;
        for column in 0..=last {
            sheet.write_number_with_format(HEADER + 2, column, f64::from(column + 1), &format)?;
        }
        Ok(())
    }

    /// Rows, JUMLAH and the coverage note; the last row written.
    fn write_rows(&self, sheet: &mut Worksheet, last: u16) -> Result<u32, Error> {
        let cell = Format::new().set_border(FormatBorder::Thin);
        let bold = Format::new().set_border(FormatBorder::Thin).set_bold();
        let mut row = HEADER + 3;
        for (i, baris) in self.baris.iter().enumerate() {
            sheet.write_number_with_format(row, 0, f64::from(u32::try_from(i + 1).unwrap_or(0)), &cell)?;
            // As a string, so that a name that begins with = is no formula.
            sheet.write_string_with_format(row, 1, &baris.nama, &cell)?;
            self.write_counts(sheet, row, last, &baris.hitungan, &cell)?;
            row += 1;
        }
        sheet.write_blank(row, 0, &bold)?;
        sheet.write_string_with_format(row, 1, "JUMLAH", &bold)?;
        self.write_counts(sheet, row, last, &self.jumlah, &bold)?;
        let cakupan = format!(
            "Cakupan: {} dari {} KRT. Kotak kosong berarti tidak ditanyakan, bukan nol.",
            self.cakupan.didata, self.cakupan.dari
        );
        sheet.write_string(row + 2, 1, cakupan)?;
        Ok(row + 2)
    }

    fn write_counts(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        last: u16,
        hitungan: &Hitungan,
        format: &Format,
    ) -> Result<(), Error> {
        for (column, metrik) in (2..).zip(self.lampiran.metrik()) {
            match hitungan.get(metrik) {
                Some(jumlah) => sheet.write_number_with_format(row, column, f64::from(jumlah), format)?,
                None => sheet.write_blank(row, column, format)?,
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
