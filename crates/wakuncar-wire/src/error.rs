//! Why bytes from elsewhere are not taken.

use thiserror::Error;

/// Why bytes from elsewhere are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireError {
    /// Not CBOR of the expected shape, or in another spelling of it.
    #[error("not in the one spelling of its format")]
    Encoding,
    /// More than the limits of PROTOCOL §2.20.
    #[error("larger than the protocol allows")]
    TooLarge,
    /// A version, suite or kind that this version does not know.
    #[error("of a version that this program does not know")]
    Version,
    /// The body is not the one of the header.
    #[error("body and header do not belong together")]
    BodyHash,
    /// The signature is not the author's.
    #[error("signature does not verify")]
    Signature,
    /// A code with a wrong letter.
    #[error("code with a wrong or missing letter")]
    Code,
}
