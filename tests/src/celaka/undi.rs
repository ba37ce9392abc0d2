//! Chance that comes out the same each time.

/// Numbers without a pattern from a seed.
#[derive(Debug, Clone)]
pub struct Undi(u64);

impl Undi {
    /// From a seed.
    #[must_use]
    pub fn new(benih: u64) -> Self {
        let mut undi = Self(benih ^ 0x9e37_79b9_7f4a_7c15);
        let _ = undi.next();
        undi
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        // SplitMix64: neighbouring seeds give unrelated numbers.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `batas`, which is not nought.
    pub fn below(&mut self, batas: usize) -> usize {
        usize::try_from(self.next() % batas as u64).unwrap()
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, dari: &'a [T]) -> &'a T {
        &dari[self.below(dari.len())]
    }
}
