//! Sealed bodies: `nonce24 ‖ ciphertext` of `u32 n ‖ zstd ‖ zeros` up to a Padmé length (PROTOCOL §2.3).

use wakuncar_wire::{Context, Header};

use crate::{ContentKey, SealError};

const LEVEL: i32 = 3;
/// Most bytes of an unpacked payload (PROTOCOL §2.20).
const MAX_PAYLOAD: usize = 2 * 1024 * 1024;
const MIN_PADDED: usize = 256;

/// Seals a payload into the body of the entry whose header this is; `body_len` and `body_hash` do not matter yet.
///
/// # Errors
/// [`SealError::OtherKey`] when the header names another key; [`SealError::TooLarge`], [`SealError::Packing`].
pub fn seal_body(key: &ContentKey, header: &Header, payload: &[u8], random: &[u8; 32]) -> Result<Vec<u8>, SealError> {
    if header.key != key.id() {
        return Err(SealError::OtherKey);
    }
    key.seal(Context::BodyKey, &ContentKey::log(header), &header.aad(), &pack(payload)?, random)
}

/// Opens the body of an entry.
///
/// # Errors
/// [`SealError::OtherKey`], [`SealError::DoesNotOpen`]; [`SealError::Packing`] for what its author packed wrongly,
/// [`SealError::TooLarge`] for more than 2 MiB.
pub fn open_body(key: &ContentKey, header: &Header, body: &[u8]) -> Result<Vec<u8>, SealError> {
    if header.key != key.id() {
        return Err(SealError::OtherKey);
    }
    unpack(&key.open(Context::BodyKey, &ContentKey::log(header), &header.aad(), body)?)
}

/// `u32 n ‖ zstd ‖ zeros`.
pub(crate) fn pack(payload: &[u8]) -> Result<Vec<u8>, SealError> {
    if payload.len() > MAX_PAYLOAD {
        return Err(SealError::TooLarge);
    }
    let packed = zstd::bulk::compress(payload, LEVEL).map_err(|_| SealError::Packing)?;
    let len = u32::try_from(packed.len()).map_err(|_| SealError::TooLarge)?;
    let mut plain = [len.to_be_bytes().as_slice(), &packed].concat();
    plain.resize(padded_len(plain.len()), 0);
    Ok(plain)
}

/// What [`pack`] packed, within its bound.
pub(crate) fn unpack(plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let (len, rest) = plain.split_first_chunk::<4>().ok_or(SealError::Packing)?;
    let len = usize::try_from(u32::from_be_bytes(*len)).map_err(|_| SealError::TooLarge)?;
    let (packed, padding) = rest.split_at_checked(len).ok_or(SealError::Packing)?;
    if plain.len() != padded_len(len + 4) || padding.iter().any(|byte| *byte != 0) {
        return Err(SealError::Packing);
    }
    let size = zstd::zstd_safe::get_frame_content_size(packed).map_err(|_| SealError::Packing)?;
    let size = usize::try_from(size.ok_or(SealError::Packing)?).unwrap_or(usize::MAX);
    if size > MAX_PAYLOAD {
        return Err(SealError::TooLarge);
    }
    zstd::bulk::decompress(packed, size).map_err(|_| SealError::Packing)
}

/// The Padmé length: at most 12 % more, so that a size tells little; at least 256.
pub fn padded_len(len: usize) -> usize {
    if len <= MIN_PADDED {
        return MIN_PADDED;
    }
    let exponent = usize::BITS - 1 - len.leading_zeros();
    let digits = u32::BITS - exponent.leading_zeros();
    let mask = (1usize << (exponent - digits)) - 1;
    (len + mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::padded_len;

    #[test]
    fn lengths_are_those_of_the_protocol() {
        let cases = [(0, 256), (256, 256), (300, 304), (900, 928), (2000, 2048), (4100, 4352), (20_000, 20_480)];
        for (len, padded) in cases.into_iter().chain([(200_000, 200_704)]) {
            assert_eq!(padded_len(len), padded, "{len}");
        }
    }
}
