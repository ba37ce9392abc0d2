//! Pseudo-random numbers that are the same on every machine: SplitMix64.

/// A sequence that its seed decides.
#[derive(Debug, Clone)]
pub(crate) struct Acak(u64);

impl Acak {
    pub(crate) fn new(benih: u64) -> Self {
        Self(benih)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `dari` to `sampai`, both included.
    pub(crate) fn antara(&mut self, dari: i64, sampai: i64) -> i64 {
        let lebar = u64::try_from(sampai - dari + 1).unwrap_or(1);
        dari + i64::try_from(self.next() % lebar).unwrap_or(0)
    }

    /// True so many times in a thousand.
    pub(crate) fn permil(&mut self, permil: u64) -> bool {
        self.next() % 1000 < permil
    }

    pub(crate) fn pilih<'a, T>(&mut self, dari: &'a [T]) -> &'a T {
        let i = usize::try_from(self.next() % dari.len() as u64).unwrap_or(0);
        &dari[i]
    }

    /// About normally distributed around 0 with deviation 1, in thousandths: the sum of twelve even numbers.
    pub(crate) fn normal_permil(&mut self) -> i64 {
        (0..12).map(|_| self.antara(0, 1000)).sum::<i64>() - 6000
    }
}
