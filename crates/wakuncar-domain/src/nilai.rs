//! What an answer is made of.

use std::fmt;

use chrono::NaiveDate;

/// A decimal answer, exact to a thousandth: 8,5 kg is 8500.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Desimal(i64);

impl Desimal {
    /// From thousandths.
    pub const fn from_ribuan(ribuan: i64) -> Self {
        Self(ribuan)
    }

    /// In thousandths.
    pub const fn ribuan(self) -> i64 {
        self.0
    }

    /// Reads `8`, `8,5` or `8.5`; at most three decimals, below one billion, no thousands separators.
    ///
    /// `1.000` and `12.500` are refused: whoever writes them in Indonesia means a thousand and more. A number
    /// that this program or a spreadsheet writes has no such zeros at its end.
    pub fn parse(teks: &str) -> Option<Self> {
        let (minus, angka) = teks.trim().strip_prefix('-').map_or((false, teks.trim()), |sisa| (true, sisa));
        let (utuh, pecahan) = angka.split_once([',', '.']).unwrap_or((angka, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if utuh.is_empty() || utuh.len() > 9 || pecahan.len() > 3 || !digits(utuh) || !digits(pecahan) {
            return None;
        }
        if angka.contains('.') && pecahan.len() == 3 && pecahan.ends_with('0') && utuh != "0" {
            return None;
        }
        let ribuan = utuh.parse::<i64>().ok()? * 1000 + format!("{pecahan:0<3}").parse::<i64>().ok()?;
        Some(Self(if minus { -ribuan } else { ribuan }))
    }
}

impl fmt::Display for Desimal {
    /// Plain form with a point and no trailing zeros: `8.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tanda = if self.0 < 0 { "-" } else { "" };
        let (utuh, pecahan) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if pecahan == 0 {
            return write!(f, "{tanda}{utuh}");
        }
        let pecahan = format!("{pecahan:03}");
        write!(f, "{tanda}{utuh}.{}", pecahan.trim_end_matches('0'))
    }
}

/// One answer, of any kind. Documents store each as a scalar: text, choice code and day as text
/// (days as ISO 8601), number as integer, yes/no as boolean, decimal as a float.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nilai {
    /// Free text, as typed.
    Teks(String),
    /// A whole number.
    Bulat(i64),
    /// A number with decimals.
    Desimal(Desimal),
    /// Yes or no.
    YaTidak(bool),
    /// A day of life, in the kelurahan's own calendar.
    Tanggal(NaiveDate),
    /// The code of a choice, as in [`crate::Jenis::Pilihan`].
    Pilihan(&'static str),
}

impl fmt::Display for Nilai {
    /// The value as files carry it: `ya`/`tidak`, ISO days, codes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Nilai::Teks(teks) => f.write_str(teks),
            Nilai::Bulat(angka) => write!(f, "{angka}"),
            Nilai::Desimal(angka) => write!(f, "{angka}"),
            Nilai::YaTidak(ya) => f.write_str(if *ya { "ya" } else { "tidak" }),
            Nilai::Tanggal(hari) => write!(f, "{hari}"),
            Nilai::Pilihan(kode) => f.write_str(kode),
        }
    }
}
