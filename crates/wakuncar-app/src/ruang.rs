//! Room on the disk, looked at before it is needed: who is refused before she begins loses nothing.

use std::path::Path;

use crate::Error;

/// Bytes that must be free before a sync: a page and what it makes of documents and rows. Where it is more after all,
/// the database says so and nothing of the page is kept.
const FOR_SYNC: u64 = 2 * 1024 * 1024;
/// Bytes that must be free before something is recorded: a house with its rows in the write-ahead log.
const FOR_SAVE: u64 = 256 * 1024;

/// Before a sync.
///
/// # Errors
/// [`Error::RuangKurang`].
pub(crate) fn for_sync(dir: &Path) -> Result<(), Error> {
    check(dir, FOR_SYNC)
}

/// Before something is recorded.
///
/// # Errors
/// [`Error::RuangKurang`].
pub(crate) fn for_save(dir: &Path) -> Result<(), Error> {
    check(dir, FOR_SAVE)
}

fn check(dir: &Path, needed: u64) -> Result<(), Error> {
    // A system that does not say is believed to have room: writing finds out.
    let Ok(free) = fs4::available_space(dir) else { return Ok(()) };
    if free >= needed { Ok(()) } else { Err(Error::RuangKurang { mb: (needed - free).div_ceil(1_000_000) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_megabytes() {
        let dir = tempfile::tempdir().unwrap();
        assert!(for_save(dir.path()).is_ok());
        let refused = check(dir.path(), u64::MAX).unwrap_err();
        assert!(matches!(refused, Error::RuangKurang { mb } if mb > 1_000_000));
    }
}
