//! The relay's clock: for sessions, invitations and receipts, never for what counts.

/// Now, in Unix seconds.
#[expect(clippy::disallowed_methods, reason = "the relay's edge: times of others are arguments everywhere else")]
pub(crate) fn now() -> u64 {
    #[cfg(feature = "simulasi")]
    if let Some(now) = crate::simulasi::now() {
        return now;
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
