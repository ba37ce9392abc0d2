//! The only place that reads the device's clock. Nothing is decided by it: it dates what is recorded.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// Western Indonesian time, the zone of the kelurahan; WITA and WIT come with the setting of a kelurahan there.
const WIB_SECONDS: i32 = 7 * 3600;

/// Now.
#[expect(clippy::disallowed_methods, reason = "the one reader of the clock")]
pub fn now() -> DateTime<Utc> {
    #[cfg(feature = "simulasi")]
    if let Some(now) = crate::simulasi::now() {
        return now;
    }
    Utc::now()
}

/// Now, in Unix milliseconds.
pub fn unix_ms() -> i64 {
    now().timestamp_millis()
}

/// The kelurahan's day.
pub fn today() -> NaiveDate {
    let zone = FixedOffset::east_opt(WIB_SECONDS);
    zone.map_or_else(|| now().date_naive(), |zone| now().with_timezone(&zone).date_naive())
}
