//! Codes that people scan, read out or write down: the invitation, its typed form, the recovery code
//! (PROTOCOL §2.5, §2.17).

use minicbor::{Decode, Encode};

use crate::{Bytes, Context, SpaceId, Wire, WireError, derive};

/// What the QR of an invitation holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Invitation {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// 0 live, 1 printed.
    #[n(1)]
    pub flags: u8,
    /// The kelurahan.
    #[n(2)]
    pub space: SpaceId,
    /// From which the invite's keys derive.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub secret: [u8; 16],
    /// Control entries that the inviter knows: how many, and their digest.
    #[n(4)]
    pub floor: (u32, Bytes),
    /// Unix seconds.
    #[n(5)]
    pub expiry: u32,
    /// Host and port of the relay.
    #[n(6)]
    pub relay: String,
    /// BLAKE3-128 of the relay's TLS key.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub pin: [u8; 16],
}

/// What the QR on a hub's screen holds: where it is and its key. Nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HubCode {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// The kelurahan.
    #[n(1)]
    pub space: SpaceId,
    /// Host and port on the office's network.
    #[n(2)]
    pub host: String,
    /// BLAKE3-128 of the hub's TLS key.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub pin: [u8; 16],
}

const QR_PREFIX: &str = "WKN1:";
const HUB_PREFIX: &str = "WKH1:";
const BASE45: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Invitation {
    /// The text of the QR: only the in-app scanner reads it, it is no link.
    pub fn to_qr(&self) -> String {
        checked(QR_PREFIX, self.to_wire())
    }

    /// Reads the text of a QR.
    ///
    /// # Errors
    /// [`WireError::Code`] when a letter is wrong; [`WireError::Version`] for a later form.
    pub fn from_qr(text: &str) -> Result<Self, WireError> {
        let invitation = Self::from_wire(&unchecked(QR_PREFIX, text)?).map_err(|_| WireError::Code)?;
        if invitation.version == 1 { Ok(invitation) } else { Err(WireError::Version) }
    }
}

impl HubCode {
    /// The text of the QR.
    pub fn to_qr(&self) -> String {
        checked(HUB_PREFIX, self.to_wire())
    }

    /// Whether a text is meant to be one.
    pub fn is_meant(text: &str) -> bool {
        text.trim().starts_with(HUB_PREFIX)
    }

    /// Reads the text of a QR.
    ///
    /// # Errors
    /// [`WireError::Code`] when a letter is wrong; [`WireError::Version`] for a later form.
    pub fn from_qr(text: &str) -> Result<Self, WireError> {
        let code = Self::from_wire(&unchecked(HUB_PREFIX, text)?).map_err(|_| WireError::Code)?;
        if code.version == 1 { Ok(code) } else { Err(WireError::Version) }
    }
}

/// A code as letters, with four bytes of check.
fn checked(prefix: &str, mut bytes: Vec<u8>) -> String {
    let check = derive(Context::CodeCheck, &[&bytes]);
    bytes.extend_from_slice(&check[..4]);
    format!("{prefix}{}", base45(&bytes))
}

fn unchecked(prefix: &str, text: &str) -> Result<Vec<u8>, WireError> {
    let mut bytes = text.trim().strip_prefix(prefix).and_then(from_base45).ok_or(WireError::Code)?;
    let (body, check) = bytes.split_last_chunk::<4>().ok_or(WireError::Code)?;
    if derive(Context::CodeCheck, &[body])[..4] != *check {
        return Err(WireError::Code);
    }
    bytes.truncate(bytes.len() - 4);
    Ok(bytes)
}

/// Two bytes are three letters, a last one two (RFC 9285).
fn base45(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut push = |value: usize| text.push(char::from(BASE45[value % 45]));
    for pair in bytes.chunks(2) {
        let value = pair.iter().fold(0, |value, byte| value * 256 + usize::from(*byte));
        push(value);
        push(value / 45);
        if pair.len() == 2 {
            push(value / 2025);
        }
    }
    text
}

fn from_base45(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for letters in text.as_bytes().chunks(3) {
        let mut value = 0;
        for letter in letters.iter().rev() {
            value = value * 45 + BASE45.iter().position(|other| other == letter)?;
        }
        match letters.len() {
            3 => bytes.extend_from_slice(&u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

/// The code that is typed when no camera helps: the relay's short name, and 20 letters that hold an 80-bit secret
/// and a 20-bit check. The secret is never sent.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode {
    secret: [u8; 10],
}

impl TypedCode {
    /// From 10 random bytes.
    pub const fn from_secret(secret: [u8; 10]) -> Self {
        Self { secret }
    }

    /// Where the relay keeps the sealed invitation.
    pub fn lookup(&self) -> [u8; 16] {
        let mut lookup = [0; 16];
        lookup.copy_from_slice(&derive(Context::InviteCode, &[&self.secret])[..16]);
        lookup
    }

    /// The key that seals the invitation there.
    pub fn key(&self) -> [u8; 32] {
        derive(Context::InviteCodeKey, &[&self.secret])
    }

    /// Five groups of four letters.
    pub fn text(&self) -> String {
        groups(&self.secret, 20)
    }

    /// Reads the letters in any case, with any spaces or dashes; `O` is 0, `I` and `L` are 1.
    ///
    /// # Errors
    /// [`WireError::Code`] when a letter is wrong or missing.
    pub fn parse(text: &str) -> Result<Self, WireError> {
        from_groups::<10>(text, 20).map(|secret| Self { secret })
    }
}

/// The code from which root's keys derive: 128 bits and a 12-bit check, 7 groups of 4 letters; kept on paper in two
/// envelopes.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode {
    secret: [u8; 16],
}

impl RecoveryCode {
    /// From 16 random bytes.
    pub const fn from_secret(secret: [u8; 16]) -> Self {
        Self { secret }
    }

    /// The 16 bytes.
    pub const fn secret(&self) -> &[u8; 16] {
        &self.secret
    }

    /// Seven groups of four letters.
    pub fn text(&self) -> String {
        groups(&self.secret, 12)
    }

    /// Reads the letters as [`TypedCode::parse`] does.
    ///
    /// # Errors
    /// [`WireError::Code`] when a letter is wrong or missing.
    pub fn parse(text: &str) -> Result<Self, WireError> {
        from_groups::<16>(text, 12).map(|secret| Self { secret })
    }
}

/// Secret and check as letters of five bits each, in groups of four.
fn groups(secret: &[u8], check_bits: usize) -> String {
    let check = derive(Context::CodeCheck, &[secret]);
    let bit = |bytes: &[u8], at: usize| bytes[at / 8] >> (7 - at % 8) & 1;
    let bits = (0..secret.len() * 8).map(|at| bit(secret, at)).chain((0..check_bits).map(|at| bit(&check, at)));
    let bits: Vec<u8> = bits.collect();
    let letter = |five: &[u8]| CROCKFORD[five.iter().fold(0, |value, bit| value * 2 + usize::from(*bit))];
    let letters: Vec<u8> = bits.chunks(5).map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join("-")
}

fn from_groups<const N: usize>(text: &str, check_bits: usize) -> Result<[u8; N], WireError> {
    let mut bits: Vec<u8> = Vec::new();
    for letter in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'-') {
        let letter = match letter.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            letter => letter,
        };
        let five = CROCKFORD.iter().position(|other| *other == letter).ok_or(WireError::Code)?;
        bits.extend((0..5).rev().map(|at| u8::from(five >> at & 1 == 1)));
    }
    if bits.len() != (N * 8 + check_bits).div_ceil(5) * 5 {
        return Err(WireError::Code);
    }
    let mut secret = [0; N];
    for (at, bit) in bits.iter().take(N * 8).enumerate() {
        secret[at / 8] |= bit << (7 - at % 8);
    }
    let typed = groups(&secret, check_bits).replace('-', "");
    let given: String = bits
        .chunks(5)
        .map(|five| char::from(CROCKFORD[five.iter().fold(0, |value, bit| value * 2 + usize::from(*bit))]))
        .collect();
    if typed == given { Ok(secret) } else { Err(WireError::Code) }
}
