//! What sending and fetching costs her: bytes over the internet by month, and about how many rupiah.
//!
//! Counted are bodies and what HTTP and TLS put around them, estimated; the office's own network is free and not counted.

use wakuncar_store::Write;

use crate::{App, Error, clock};

/// Bytes around one request and its answer: heads of both, records of TLS, segments of TCP.
pub(crate) const AROUND: u64 = 420;
/// Bytes of a new connection: TCP and the handshake of TLS 1.3 with one certificate.
pub(crate) const HANDSHAKE: u64 = 2_200;
/// Rupiah a megabyte: packets of 2026 cost 3 to 15 (prices printed by operators in 2026-11; an assumption, not a tariff).
const RUPIAH_PER_MB: u64 = 10;
const PER_MONTH: &str = "meter/";

/// What was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pemakaian {
    /// Bytes of the last sync.
    pub terakhir: u64,
    /// Bytes since the first of this month.
    pub bulan_ini: u64,
}

impl Pemakaian {
    /// About how many rupiah so many bytes cost, rounded up.
    pub fn rupiah(bytes: u64) -> u64 {
        bytes.saturating_mul(RUPIAH_PER_MB).div_ceil(1_000_000)
    }
}

impl App {
    /// What was used over the internet.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn pemakaian(&self) -> Result<Pemakaian, Error> {
        let read = |name: &str| -> Result<u64, Error> {
            let bytes = self.store.setting(name)?;
            Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes))
        };
        Ok(Pemakaian { terakhir: read(&format!("{PER_MONTH}terakhir"))?, bulan_ini: read(&this_month())? })
    }

    /// Adds the bytes of one sync.
    pub(crate) fn note_usage(&mut self, bytes: u64) -> Result<(), Error> {
        let before = self.pemakaian()?.bulan_ini;
        self.store.write(|tx: &Write<'_>| {
            tx.set_setting(&format!("{PER_MONTH}terakhir"), &bytes.to_be_bytes())?;
            Ok(tx.set_setting(&this_month(), &before.saturating_add(bytes).to_be_bytes())?)
        })
    }
}

fn this_month() -> String {
    format!("{PER_MONTH}{}", clock::today().format("%Y-%m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_without_news_costs_less_than_a_rupiah_and_a_month_of_photos_what_it_costs() {
        let cost = [0, 1, 700, 100_000, 100_001, 1_500_000].map(Pemakaian::rupiah);
        assert_eq!(cost, [0, 1, 1, 1, 2, 15]);
    }
}
