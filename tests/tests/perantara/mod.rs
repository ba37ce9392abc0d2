//! What may stand between a device and its relay: a line that breaks, and somebody who answers in the relay's place.

#![allow(dead_code, unused_imports, reason = "each program of scenes needs a part of it")]

mod jalur;
mod penyamar;
mod siapa_saja;

pub(crate) use jalur::{Arah, Jalur};
pub(crate) use penyamar::{Jawab, Kunci, Penyamar};
pub(crate) use siapa_saja::siapa_saja;
