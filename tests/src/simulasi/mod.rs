//! The deterministic simulation (PROTOCOL §5.1-2): one seed is one run, on one thread, with a clock and dice of its own.
//!
//! It drives the product itself: each phone is an [`App`](wakuncar_app::App) on its SQLCipher file, the relay its own
//! router on its own file, called without sockets. What happens is a list of [`Apa`], drawn from the seed beforehand; what
//! must hold is the list of [`invarian`]s, looked at after each event and at rest. A run that breaks one is shrunk to the
//! events that it needs, which can be committed as a scene.
//!
//! One more thing that can happen is a variant of [`Apa`], a line in its table of weights, and a function in
//! `peristiwa/`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a simulation fails where it stands"
)]

mod acak;
mod berkas;
mod dunia;
mod gawai;
mod invarian;
mod jalan;
mod jaringan;
mod peristiwa;
mod susut;

pub use invarian::Pelanggaran;
pub use jalan::{Gagal, Laporan, jalankan, jalankan_benih, susun};
pub use jaringan::Gangguan;
pub use peristiwa::{Apa, Kejadian, Kerja};
pub use susut::susutkan;
