//! Misfortune for the real program: a shim that records its writes, lets them fail, or tells another time; and the
//! folders that a power cut could have left of such a record.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a scene fails where it stands")]

mod folder;
mod jejak;
mod perekam;
mod undi;

pub use folder::{Cara, Folder, lay};
pub use jejak::{Apa, Langkah};
pub use perekam::{Perekam, scratch};
pub use undi::Undi;

/// Whether everything is to be tried, not only the sample of a build machine: `WAKUNCAR_CELAKA=semua`.
#[must_use]
pub fn whole() -> bool {
    std::env::var_os("WAKUNCAR_CELAKA").is_some_and(|how| how == "semua")
}
