//! Names of things on the wire, each a type of its own (PROTOCOL §2.1).

use std::fmt;

use minicbor::{Decode, Encode};

use crate::WireError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] [u8; $len]);

        impl $name {
            /// All bytes zero.
            pub const ZERO: Self = Self([0; $len]);

            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// From bytes of the right number.
            ///
            /// # Errors
            /// [`WireError::Encoding`] for another number.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, WireError> {
                bytes.try_into().map(Self).map_err(|_| WireError::Encoding)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads lower-case hexadecimal digits.
            ///
            /// # Errors
            /// [`WireError::Encoding`] for anything else.
            pub fn parse(text: &str) -> Result<Self, WireError> {
                let digit = |b: u8| char::from(b).to_digit(16).filter(|_| !b.is_ascii_uppercase());
                let mut id = [0; $len];
                if text.len() != 2 * $len {
                    return Err(WireError::Encoding);
                }
                for (byte, pair) in id.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                    let (high, low) = digit(pair[0]).zip(digit(pair[1])).ok_or(WireError::Encoding)?;
                    *byte = u8::try_from(high * 16 + low).map_err(|_| WireError::Encoding)?;
                }
                Ok(Self(id))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

id!(
    /// A kelurahan: the beginning of the id of its genesis.
    SpaceId, 16
);
id!(
    /// A device: a commitment to its two public keys.
    DeviceId, 16
);
id!(
    /// A collection; zeros are the control log.
    CollId, 16
);
id!(
    /// A document.
    DocId, 16
);
id!(
    /// An entry: a hash of its header, without the signature.
    EntryId, 32
);
id!(
    /// A content key: a commitment to the key.
    KeyId, 32
);
id!(
    /// The authority under which an entry was written: the beginning of the id of the entry that gave it.
    GrantId, 16
);

impl CollId {
    /// The control log.
    pub const CONTROL: Self = Self::ZERO;
}

impl EntryId {
    /// What cursors and vectors carry of it.
    pub fn prefix(&self) -> [u8; 8] {
        let mut prefix = [0; 8];
        prefix.copy_from_slice(&self.0[..8]);
        prefix
    }

    fn first_16(&self) -> [u8; 16] {
        let mut first = [0; 16];
        first.copy_from_slice(&self.0[..16]);
        first
    }

    /// The authority that this entry gives.
    pub fn grant(&self) -> GrantId {
        GrantId(self.first_16())
    }

    /// The space that this entry begins, if it is a genesis.
    pub fn space(&self) -> SpaceId {
        SpaceId(self.first_16())
    }
}
