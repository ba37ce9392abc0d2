//! From a run that goes wrong to the few events that it needs.

use super::jalan::{Gagal, jalankan};
use super::peristiwa::Kejadian;

/// Takes events away, in ever smaller pieces, as long as the same invariant breaks.
pub fn susutkan(benih: u64, kejadian: &[Kejadian], gagal: &Gagal) -> (Vec<Kejadian>, Gagal) {
    // What comes after the failure is not needed.
    let mut kini: Vec<Kejadian> = kejadian.iter().take(gagal.langkah + 1).copied().collect();
    let mut terakhir = gagal.clone();
    let mut potong = kini.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let mut lebih_pendek = false;
        while at < kini.len() {
            let mut coba = kini.clone();
            coba.drain(at..(at + potong).min(kini.len()));
            match jalankan(benih, &coba) {
                Err(gagal) if gagal.pelanggaran.nomor == terakhir.pelanggaran.nomor => {
                    (kini, terakhir, lebih_pendek) = (coba, gagal, true);
                }
                Ok(_) | Err(_) => at += potong,
            }
        }
        match (potong, lebih_pendek) {
            (1, false) => return (kini, terakhir),
            (1, true) => {}
            _ => potong = potong.div_ceil(2),
        }
    }
}
