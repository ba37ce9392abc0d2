//! Names of things: houses, people, rows, territory.

use std::fmt;

use thiserror::Error;
use uuid::Uuid;

/// A text that is not the name of anything.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a valid {apa}")]
pub struct KodeSalah {
    /// Which kind of name was expected.
    pub apa: &'static str,
}

/// A house: 16 random bytes, the id of its documents in every collection.
///
/// Random and not time-ordered: ids travel in clear `purge` entries (PROTOCOL §2.13).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RumahId([u8; 16]);

impl RumahId {
    /// From 16 random bytes.
    pub const fn from_bytes(acak: [u8; 16]) -> Self {
        Self(acak)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads 32 hexadecimal digits.
    ///
    /// # Errors
    /// [`KodeSalah`] for anything else.
    pub fn parse(teks: &str) -> Result<Self, KodeSalah> {
        let salah = KodeSalah { apa: "house id" };
        // `from_str_radix` alone would take `+f`.
        if teks.len() != 32 || !teks.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(salah);
        }
        let mut id = [0; 16];
        for (byte, i) in id.iter_mut().zip((0..32).step_by(2)) {
            *byte = u8::from_str_radix(&teks[i..i + 2], 16).map_err(|_| salah.clone())?;
        }
        Ok(Self(id))
    }
}

impl fmt::Display for RumahId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RumahId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RumahId({self})")
    }
}

/// A person, for life: UUID version 7. Kept when she moves to another house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WargaId(Uuid);

impl WargaId {
    /// From Unix milliseconds and ten random bytes.
    pub fn new(unix_ms: u64, acak: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &acak).into_uuid())
    }

    /// Reads the hyphenated form in lower case: of two spellings of one id each would be a row of its own.
    ///
    /// # Errors
    /// [`KodeSalah`] for anything else.
    pub fn parse(teks: &str) -> Result<Self, KodeSalah> {
        let id = Uuid::parse_str(teks).ok().filter(|id| *id.as_hyphenated().encode_lower(&mut [0; 36]) == *teks);
        id.map(Self).ok_or(KodeSalah { apa: "person id" })
    }
}

impl fmt::Display for WargaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// A row inside a house document, e.g. a rumah tangga: 1–36 characters of `a-z 0-9 -`.
///
/// Rows that a device makes have 8 random base32 characters; people stand under their [`WargaId`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BarisId(Box<str>);

impl BarisId {
    /// From five random bytes: 8 characters of Crockford's base32 in lower case.
    pub fn new(acak: [u8; 5]) -> Self {
        const HURUF: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let bits = acak.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
        let huruf = (0..8).rev().map(|i| char::from(HURUF[(bits >> (i * 5) & 31) as usize]));
        Self(huruf.collect::<String>().into())
    }

    /// Reads a row id.
    ///
    /// # Errors
    /// [`KodeSalah`] for an empty or longer text, or other characters.
    pub fn parse(teks: &str) -> Result<Self, KodeSalah> {
        let baik = |b: u8| b.is_ascii_digit() || b.is_ascii_lowercase() || b == b'-';
        if teks.is_empty() || teks.len() > 36 || !teks.bytes().all(baik) {
            return Err(KodeSalah { apa: "row id" });
        }
        Ok(Self(teks.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BarisId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<WargaId> for BarisId {
    fn from(id: WargaId) -> Self {
        Self(id.to_string().into())
    }
}

/// A kelurahan by its Kemendagri code, e.g. `18.72.05.1001` (Rejomulyo).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KodeWilayah(Box<str>);

impl KodeWilayah {
    /// Reads `PP.KK.CC.VVVV`, all digits.
    ///
    /// # Errors
    /// [`KodeSalah`] for anything else.
    pub fn parse(teks: &str) -> Result<Self, KodeSalah> {
        let bentuk = teks.split('.').map(str::len).eq([2, 2, 2, 4]);
        if !bentuk || !teks.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(KodeSalah { apa: "kelurahan code" });
        }
        Ok(Self(teks.into()))
    }

    /// The text with its dots.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        for teks in ["+f", "f+", " f", "g0", "é"] {
            assert!(RumahId::parse(&teks.repeat(16)).is_err(), "{teks}");
        }
        let id = WargaId::new(1, [0xab; 10]).to_string();
        assert!(WargaId::parse(&id).is_ok());
        for teks in [id.replace('-', ""), id.to_uppercase(), format!("{{{id}}}"), format!("urn:uuid:{id}")] {
            assert!(WargaId::parse(&teks).is_err(), "{teks}");
        }
    }

    #[test]
    fn a_kelurahan_code_has_its_dots() {
        assert!(KodeWilayah::parse("18.72.05.1001").is_ok());
        for teks in ["1872051001", "18.72.05", "18.72.05.100", "18.72.05.10O1", ""] {
            assert!(KodeWilayah::parse(teks).is_err(), "{teks}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(rumah: [u8; 16], acak: [u8; 10], baris: [u8; 5], ms in 0u64..1 << 48) {
            let (rumah, warga, baris) = (RumahId::from_bytes(rumah), WargaId::new(ms, acak), BarisId::new(baris));
            prop_assert_eq!(RumahId::parse(&rumah.to_string()), Ok(rumah));
            prop_assert_eq!(WargaId::parse(&warga.to_string()), Ok(warga));
            prop_assert_eq!(BarisId::parse(BarisId::from(warga).as_str()), Ok(BarisId::from(warga)));
            prop_assert_eq!(BarisId::parse(baris.as_str()), Ok(baris));
        }
    }
}
