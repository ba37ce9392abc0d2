//! Random numbers that were drawn elsewhere.

use std::convert::Infallible;

use hpke::rand_core::{TryCryptoRng, TryRng};

/// Stretches 32 random bytes; used once for one purpose.
pub(crate) struct Drawn(blake3::OutputReader);

impl Drawn {
    pub(crate) fn new(random: &[u8; 32]) -> Self {
        Self(blake3::Hasher::new_keyed(random).finalize_xof())
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(dst);
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
