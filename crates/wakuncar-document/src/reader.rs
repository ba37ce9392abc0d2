//! Bytes read one after another: what stands in a chunk is looked at where it lies, and nothing is unpacked.

use crate::Refusal;

/// What is left of some bytes.
#[derive(Clone)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn take(&mut self, len: u64) -> Result<&'a [u8], Refusal> {
        let len = usize::try_from(len).map_err(|_| Refusal::NotAChange)?;
        let (head, rest) = self.0.split_at_checked(len).ok_or(Refusal::NotAChange)?;
        self.0 = rest;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Refusal> {
        let (byte, rest) = self.0.split_first().ok_or(Refusal::NotAChange)?;
        self.0 = rest;
        Ok(*byte)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (head, rest) = self.0.split_first_chunk().ok_or(Refusal::NotAChange)?;
        self.0 = rest;
        Ok(*head)
    }

    /// A number without a sign below 2^63, in as few bytes as it needs.
    pub(crate) fn uleb(&mut self) -> Result<u64, Refusal> {
        let mut value: u64 = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { Err(Refusal::NotAChange) } else { Ok(value) };
            }
        }
        Err(Refusal::NotAChange)
    }

    pub(crate) fn uleb_max(&mut self, max: u64) -> Result<u64, Refusal> {
        self.uleb().and_then(|value| if value <= max { Ok(value) } else { Err(Refusal::TooLarge) })
    }

    /// A number with a sign of at most 63 bits, in as few bytes as it needs.
    pub(crate) fn sleb(&mut self) -> Result<i64, Refusal> {
        let (mut value, mut before): (i64, u8) = (0, 0);
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let (negative, was) = (byte & 0x40 != 0, before & 0x40 != 0);
                if shift > 0 && (byte == 0 && !was || byte == 0x7f && was) {
                    return Err(Refusal::NotAChange);
                }
                return Ok(if negative { value | (-1_i64 << (shift + 7)) } else { value });
            }
            before = byte;
        }
        Err(Refusal::NotAChange)
    }

    pub(crate) fn text(&mut self) -> Result<&'a [u8], Refusal> {
        let len = self.uleb()?;
        self.take(len)
    }
}
