//! CBOR of one spelling.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Decoder, Encode};

use crate::WireError;

/// A byte string inside CBOR.
pub type Bytes = ByteVec;

/// A value that travels.
pub trait Wire: Sized + Encode<()> + for<'b> Decode<'b, ()> {
    /// Its only spelling.
    fn to_wire(&self) -> Vec<u8> {
        // Writing into memory cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`WireError::Encoding`] for another shape, another spelling (long integers, indefinite lengths, duplicate or
    /// missing fields) or trailing bytes.
    fn from_wire(bytes: &[u8]) -> Result<Self, WireError> {
        let mut decoder = Decoder::new(bytes);
        let value: Self = decoder.decode().map_err(|_| WireError::Encoding)?;
        if decoder.position() == bytes.len() && value.to_wire() == bytes { Ok(value) } else { Err(WireError::Encoding) }
    }
}

impl<T: Encode<()> + for<'b> Decode<'b, ()>> Wire for T {}
