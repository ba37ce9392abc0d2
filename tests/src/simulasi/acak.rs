//! Chance that a seed decides.

/// A sequence of numbers that is the same on every machine: SplitMix64.
#[derive(Debug, Clone)]
pub(crate) struct Acak(u64);

impl Acak {
    /// The sequence of a seed.
    #[must_use]
    pub(crate) fn new(benih: u64) -> Self {
        Self(benih)
    }

    /// The next number.
    pub(crate) fn angka(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `batas`.
    pub(crate) fn di_bawah(&mut self, batas: u64) -> u64 {
        self.angka() % batas.max(1)
    }

    /// A byte: what events choose by.
    pub(crate) fn bita(&mut self) -> u8 {
        self.angka().to_be_bytes()[0]
    }

    /// True so many times in a hundred.
    pub(crate) fn persen(&mut self, persen: u64) -> bool {
        self.di_bawah(100) < persen
    }
}

/// The dice of one event for one side: the same whatever other events there are, so that a scene from which events were
/// taken away still throws what it threw.
#[must_use]
pub(crate) fn dadu(benih: u64, bulir: u32, pihak: u8) -> [u8; 32] {
    let mut acak = Acak::new(benih ^ (u64::from(bulir) << 24) ^ (u64::from(pihak) << 56));
    let mut dadu = [0; 32];
    for bagian in dadu.chunks_exact_mut(8) {
        bagian.copy_from_slice(&acak.angka().to_be_bytes());
    }
    dadu
}
