//! What may stand between a device and its relay: a line that breaks, and somebody who answers in the relay's place.

mod jalur;
mod penyamar;

pub(crate) use jalur::{Arah, Jalur};
pub(crate) use penyamar::{Jawab, Kunci, Penyamar};
