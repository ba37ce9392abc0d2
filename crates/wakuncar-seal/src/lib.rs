//! Content keys: made, wrapped for a device, sealed under one another; bodies sealed, padded, opened.
//!
//! No function takes a bare `[u8]` key: a [`ContentKey`] and a [`SecretIdentity`] cannot be printed, compared or
//! serialised by accident, and are wiped when dropped. Randomness is an argument. There is no path without a key
//! (PROTOCOL §2.1, §2.7).

mod body;
mod bundle;
mod error;
mod identity;
mod invite;
mod key;
mod pictures;
mod random;
mod titipan;

pub use body::{open_body, padded_len, seal_body};
pub use bundle::{BundleOpener, BundleSealer};
pub use error::SealError;
pub use identity::SecretIdentity;
pub use invite::{open_invitation, seal_invitation};
pub use key::ContentKey;
pub use pictures::{PICTURES, Picture, pictures};
pub use titipan::{open_titipan, seal_titipan};
