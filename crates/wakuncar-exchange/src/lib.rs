//! Foreign tables of residents to records and refusals.
//!
//! A table is read ([`Tabel`]), its rows become [`BarisWarga`] or [`Tolakan`] ([`baca_warga`]), and the rows of
//! one house become the edits that bring the house to what they say ([`rencana`]): the same rows again give no
//! edits. Nothing is dropped silently; what cannot be taken stands in the refusals with row, column and reason.
#![forbid(unsafe_code)]

mod baca;
mod kepala;
mod rencana;
mod tabel;
mod tolakan;

pub use baca::{BacaanWarga, BarisWarga, KunciRumah, baca_warga};
pub use rencana::{Baru, Rencana, rencana};
pub use tabel::{Error, Tabel};
pub use tolakan::{KodeTolakan, Tolakan, tolakan_csv};
