//! Why something could not be sealed or opened.

use thiserror::Error;

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// Sealed for somebody else, under another key, or changed on the way.
    #[error("does not open: another key, or changed on the way")]
    DoesNotOpen,
    /// Opens to another key than the one that its id commits to.
    #[error("opens to another key than it says")]
    OtherKey,
    /// Larger than the protocol allows.
    #[error("larger than the protocol allows")]
    TooLarge,
    /// A public key that nothing may be sealed to.
    #[error("not a usable public key")]
    PublicKey,
    /// The compressor failed.
    #[error("could not be compressed or unpacked")]
    Packing,
}
