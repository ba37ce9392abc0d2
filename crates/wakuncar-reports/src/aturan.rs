//! Bounds of the counting rules, as dated data.

use chrono::NaiveDate;

/// The bounds that decide who is counted where. Readings of the PKK fill-in notes (DOMAIN §2.8.1); the
/// official counting text was not found, so they are data, not constants in formulas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AturanHitung {
    /// Where the bounds come from.
    pub sumber: &'static str,
    /// First day for which they hold.
    pub berlaku: NaiveDate,
    /// Last completed month of a *balita*. \[S\]
    pub balita_maks_bulan: u32,
    /// First and last completed year of WUS and of the wife of a PUS ("between 14 and 50", read exclusively). \[S\]
    pub wus: (u32, u32),
    /// First completed year of a *lansia* (UU 13/1998). \[M\]
    pub lansia_min: u32,
    /// First completed year of *3 buta* ("above 13 years"). \[S\]
    pub buta_min: u32,
}

impl AturanHitung {
    /// The reading used for the books of Rakernas IX (2021) and X.
    pub fn rakernas_ix() -> Self {
        Self {
            sumber: "Rakernas IX PKK 2021, Lampiran 4.14–4.17, bacaan Wakuncar",
            berlaku: NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default(),
            balita_maks_bulan: 59,
            wus: (15, 49),
            lansia_min: 60,
            buta_min: 14,
        }
    }
}
