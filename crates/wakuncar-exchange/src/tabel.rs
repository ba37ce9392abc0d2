//! A CSV or XLSX file as rows of text.

use std::io::Cursor;

use calamine::{Data, Reader};

/// A file that is no table of residents.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither CSV nor XLSX.
    #[error("neither a CSV nor an XLSX file; save the table as one of them")]
    BukanTabel,
    /// The workbook cannot be read.
    #[error("the workbook cannot be read: {0}")]
    Xlsx(String),
    /// The CSV cannot be read.
    #[error("the CSV cannot be read: {0}")]
    Csv(#[from] csv::Error),
    /// No row at all.
    #[error("the table is empty")]
    Kosong,
    /// Columns that every row needs are not there.
    #[error("missing columns: {}", .0.join(", "))]
    KolomHilang(Vec<&'static str>),
}

/// One cell as text, and whether a program had it as a number too long for a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sel {
    pub(crate) teks: String,
    pub(crate) dibulatkan: bool,
}

/// A table: its headings and its rows, each as long as the headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabel {
    pub(crate) kepala: Vec<String>,
    /// With the row's number in the file; the headings are row 1.
    pub(crate) baris: Vec<(usize, Vec<Sel>)>,
    /// The encoding that was read, or assumed.
    pub pengodean: &'static str,
}

impl Tabel {
    /// Reads a CSV (comma, semicolon or tab; UTF-8, UTF-16 with a mark, else Windows-1252) or the first sheet
    /// of an XLSX. The content decides, not the name of the file.
    ///
    /// # Errors
    /// [`Error`].
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut tabel = if bytes.starts_with(b"PK\x03\x04") {
            read_xlsx(bytes)?
        } else if bytes.contains(&0) && !bytes.starts_with(&[0xff, 0xfe]) && !bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Error::BukanTabel);
        } else {
            read_csv(bytes)?
        };
        tabel.baris.retain(|(_, baris)| baris.iter().any(|sel| !sel.teks.trim().is_empty()));
        Ok(tabel)
    }

    /// How many rows have content.
    pub fn len(&self) -> usize {
        self.baris.len()
    }

    /// Whether no row has content.
    pub fn is_empty(&self) -> bool {
        self.baris.is_empty()
    }
}

fn read_csv(bytes: &[u8]) -> Result<Tabel, Error> {
    let (teks, pengodean, salah) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => {
            let (teks, _, salah) = encoding.decode(bytes);
            (teks, encoding.name(), salah)
        }
        None => match std::str::from_utf8(bytes) {
            Ok(teks) => (teks.into(), "UTF-8", false),
            Err(_) => (encoding_rs::WINDOWS_1252.decode(bytes).0, "windows-1252", false),
        },
    };
    if salah {
        return Err(Error::BukanTabel);
    }
    let kepala = teks.lines().next().ok_or(Error::Kosong)?;
    let pemisah = [b',', b';', b'\t'].into_iter().max_by_key(|p| kepala.bytes().filter(|b| b == p).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(pemisah.unwrap_or(b','))
        .flexible(true)
        .has_headers(false)
        .from_reader(teks.as_bytes());
    let mut semua = Vec::new();
    for record in reader.records() {
        let record = record?;
        let nomor = record.position().map_or(semua.len() + 1, |position| usize::try_from(position.line()).unwrap_or(0));
        let sel = record.iter().map(|teks| Sel { teks: teks.to_owned(), dibulatkan: is_ilmiah(teks) });
        semua.push((nomor, sel.collect()));
    }
    with_header(semua, pengodean)
}

/// `1,87205E+15`: a spreadsheet has thrown the last digits away before writing the CSV.
fn is_ilmiah(teks: &str) -> bool {
    let teks = teks.trim();
    let angka = teks.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'+' | b'E' | b'e'));
    angka && teks.contains(['E', 'e']) && teks.starts_with(|c: char| c.is_ascii_digit())
}

fn read_xlsx(bytes: &[u8]) -> Result<Tabel, Error> {
    let salah = |e: calamine::XlsxError| Error::Xlsx(e.to_string());
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes)).map_err(salah)?;
    let range = book.worksheet_range_at(0).ok_or(Error::Kosong)?.map_err(salah)?;
    let awal = range.start().map_or(0, |(row, _)| row as usize);
    let semua = range.rows().enumerate().map(|(i, baris)| (awal + i + 1, baris.iter().map(cell).collect())).collect();
    with_header(semua, "XLSX")
}

fn cell(data: &Data) -> Sel {
    // A double holds 15 digits; of a longer number the last ones are invented.
    const AMAN: f64 = 1e15;
    match data {
        Data::Empty => Sel::default(),
        Data::Float(angka) => {
            let teks = if angka.fract() == 0.0 { format!("{angka:.0}") } else { angka.to_string() };
            Sel { teks, dibulatkan: angka.abs() >= AMAN }
        }
        Data::Int(angka) => Sel { teks: angka.to_string(), dibulatkan: false },
        Data::Bool(ya) => Sel { teks: if *ya { "ya" } else { "tidak" }.into(), dibulatkan: false },
        Data::DateTime(waktu) => {
            let (tahun, bulan, hari, ..) = waktu.to_ymd_hms_milli();
            Sel { teks: format!("{tahun:04}-{bulan:02}-{hari:02}"), dibulatkan: false }
        }
        lain => Sel { teks: lain.to_string(), dibulatkan: false },
    }
}

fn with_header(mut semua: Vec<(usize, Vec<Sel>)>, pengodean: &'static str) -> Result<Tabel, Error> {
    let at = semua.iter().position(|(_, baris)| baris.iter().any(|sel| !sel.teks.trim().is_empty()));
    let mut baris = semua.split_off(at.ok_or(Error::Kosong)?);
    let (_, kepala) = baris.remove(0);
    let kepala: Vec<String> = kepala.into_iter().map(|sel| sel.teks).collect();
    for (_, baris) in &mut baris {
        baris.resize(kepala.len(), Sel::default());
    }
    Ok(Tabel { kepala, baris, pengodean })
}
