//! Ages in completed years and months.

use chrono::{Datelike, NaiveDate};

/// Completed months from birth to a day; `None` if born after it. Someone born on the 31st completes the
/// month on the first day after a shorter month's end (day-of-month rule of DOMAIN §2.8.1).
pub fn umur_bulan(lahir: NaiveDate, hari: NaiveDate) -> Option<u32> {
    if hari < lahir {
        return None;
    }
    let bulan = (hari.year() - lahir.year()) * 12 + hari.month() as i32 - lahir.month() as i32;
    u32::try_from(bulan - i32::from(hari.day() < lahir.day())).ok()
}

/// Completed years from birth to a day; `None` if born after it.
pub fn umur_tahun(lahir: NaiveDate, hari: NaiveDate) -> Option<u32> {
    umur_bulan(lahir, hari).map(|bulan| bulan / 12)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hari(teks: &str) -> NaiveDate {
        teks.parse().unwrap()
    }

    #[test]
    fn a_month_is_complete_on_its_day_and_not_before() {
        for (lahir, hari_ini, bulan, tahun) in [
            ("2020-01-31", "2020-02-29", Some(0), Some(0)),
            ("2020-01-31", "2020-03-01", Some(1), Some(0)),
            ("2016-12-31", "2021-11-30", Some(58), Some(4)),
            ("2016-12-31", "2021-12-30", Some(59), Some(4)),
            ("2016-12-31", "2021-12-31", Some(60), Some(5)),
            ("2000-02-29", "2001-02-28", Some(11), Some(0)),
            ("2000-02-29", "2001-03-01", Some(12), Some(1)),
            ("2021-01-02", "2021-01-01", None, None),
        ] {
            assert_eq!(umur_bulan(hari(lahir), hari(hari_ini)), bulan, "{lahir} {hari_ini}");
            assert_eq!(umur_tahun(hari(lahir), hari(hari_ini)), tahun, "{lahir} {hari_ini}");
        }
    }

    proptest! {
        #[test]
        fn age_never_falls_from_day_to_day(lahir in 0i64..20_000, lewat in 0i64..40_000) {
            let lahir = NaiveDate::from_ymd_opt(1930, 1, 1).unwrap() + chrono::Duration::days(lahir);
            let hari = lahir + chrono::Duration::days(lewat);
            let besok = hari + chrono::Duration::days(1);
            prop_assert!(umur_bulan(lahir, besok) >= umur_bulan(lahir, hari));
            prop_assert!(umur_bulan(lahir, besok).unwrap() - umur_bulan(lahir, hari).unwrap() <= 1);
        }
    }
}
