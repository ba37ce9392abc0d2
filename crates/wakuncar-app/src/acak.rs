//! Random bytes from the operating system.

use crate::Error;

/// `N` random bytes.
///
/// # Errors
/// [`Error::Random`] when the system gives none; nothing is made up instead.
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    #[cfg(feature = "simulasi")]
    if crate::simulasi::roll(&mut bytes) {
        return Ok(bytes);
    }
    getrandom::fill(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes)
}
