//! Times, their median and tail, and chance without a source.

use std::time::{Duration, Instant};

/// Durations of one kind of work.
#[derive(Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Does the work and keeps how long it took.
    pub(crate) fn take<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.0.push(start.elapsed());
        done
    }

    /// The duration below which so many thousandths lie, in milliseconds.
    pub(crate) fn permille_ms(&self, permille: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * permille / 1000).min(sorted.len() - 1);
        sorted[at].as_secs_f64() * 1000.0
    }

    /// The median in milliseconds.
    pub(crate) fn median_ms(&self) -> f64 {
        self.permille_ms(500)
    }
}

/// Prints one figure.
pub(crate) fn figure(name: &str, value: f64) {
    println!("{name}\t{value:.3}");
}

/// SplitMix64: the same figures from the same work.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
