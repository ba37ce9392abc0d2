//! The bundle file `.wkb`: what a sync would carry, on a stick, and the backup (PROTOCOL §2.12).
//!
//! `"WKB1" ‖ u32 len ‖ header ‖ frames ‖ BLAKE3 of all of this`. A frame is `u32 len ‖ bytes`: first the control
//! entries in the clear, as many as the header says; then the chunks of the sealed part, the last of them with the
//! highest bit of its length set. What is inside a chunk is opened by `wakuncar-seal` and taken apart by [`Frames`].
//!
//! A reader holds one frame at a time, whatever the file says of itself. Nothing in a file is believed because of its
//! place there: entries carry their own signatures, and the sum at the end only tells whether the file is whole.

use std::io::{ErrorKind, Read, Write};

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::{Bytes, DeviceId, KeyId, MAX_ENTRY, SpaceId, Wire};

const MAGIC: &[u8; 4] = b"WKB1";
/// Most bytes of a header; ours has about 120.
const MAX_HEADER: usize = 1024;
/// Bytes of plaintext in a chunk; the last may have fewer.
pub const CHUNK: usize = 64 * 1024;
/// Bytes that sealing adds to a chunk.
const TAG: usize = 16;
/// The highest bit of a chunk's length: it is the last one.
const LAST: u32 = 1 << 31;
/// Length of a frame in three bytes; the byte before is its kind, 0 for an entry.
const MAX_OTHER: usize = (1 << 24) - 1;

/// The sealed part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct BundleSeal {
    /// The members' key under which it is sealed.
    #[n(0)]
    pub key: KeyId,
    /// The first 19 bytes of every chunk's nonce; its number and whether it is the last follow.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: [u8; 19],
}

/// What stands at the beginning of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BundleHeader {
    /// The kelurahan.
    #[n(0)]
    pub space: SpaceId,
    /// Who made it; decides nothing.
    #[n(1)]
    pub made_by: DeviceId,
    /// The digest of the heads that its reader is taken to have; empty for a bundle that assumes nothing.
    #[n(2)]
    pub assumes: Bytes,
    /// How many control entries follow in the clear.
    #[n(3)]
    pub control: u32,
    /// What is sealed, if anything is.
    #[n(4)]
    pub sealed: Option<BundleSeal>,
}

/// Why a bundle is not read, or not further.
#[derive(Debug, Error)]
pub enum BundleFault {
    /// Not a bundle at all.
    #[error("not a bundle file of Wakuncar")]
    NotBundle,
    /// A bundle of a later version.
    #[error("a bundle file of a later version")]
    Version,
    /// It ends before its end.
    #[error("the file ends early")]
    Truncated,
    /// Some byte of it is another one than was written.
    #[error("the file is damaged")]
    Damaged,
    /// The disk or the stick.
    #[error(transparent)]
    Io(std::io::Error),
}

impl From<std::io::Error> for BundleFault {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == ErrorKind::UnexpectedEof { Self::Truncated } else { Self::Io(error) }
    }
}

/// A piece of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The bytes of a control entry, unchecked.
    Control(Vec<u8>),
    /// A sealed chunk, and whether it says that it is the last.
    Chunk(Vec<u8>, bool),
}

/// Reads a bundle from the beginning to its end or its damage.
#[derive(Debug)]
pub struct BundleReader<R> {
    read: R,
    sum: blake3::Hasher,
    at: u64,
    header: BundleHeader,
    control: u32,
    sealed: bool,
}

impl<R: Read> BundleReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`BundleFault`].
    pub fn new(mut read: R) -> Result<Self, BundleFault> {
        let mut magic = [0; 4];
        read.read_exact(&mut magic).map_err(|error| match BundleFault::from(error) {
            BundleFault::Truncated => BundleFault::NotBundle,
            other => other,
        })?;
        match &magic {
            MAGIC => {}
            [b'W', b'K', b'B', _] => return Err(BundleFault::Version),
            _ => return Err(BundleFault::NotBundle),
        }
        let mut sum = blake3::Hasher::new();
        sum.update(&magic);
        let empty = BundleHeader {
            space: SpaceId::ZERO,
            made_by: DeviceId::ZERO,
            assumes: Vec::new().into(),
            control: 0,
            sealed: None,
        };
        let mut reader = Self { read, sum, at: 4, header: empty, control: 0, sealed: false };
        let header = reader.frame(|len| usize::try_from(len).ok().filter(|len| *len <= MAX_HEADER))?.0;
        reader.header = BundleHeader::from_wire(&header).map_err(|_| BundleFault::Damaged)?;
        reader.control = reader.header.control;
        reader.sealed = reader.header.sealed.is_some();
        Ok(reader)
    }

    /// What stands at the beginning.
    pub fn header(&self) -> &BundleHeader {
        &self.header
    }

    /// How many bytes were read and understood.
    pub fn position(&self) -> u64 {
        self.at
    }

    /// The next piece; `None` at the end of a whole file.
    ///
    /// # Errors
    /// [`BundleFault`]; there is nothing after it.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, BundleFault> {
        if self.control > 0 {
            let fits = |len| usize::try_from(len).ok().filter(|len| (1..=MAX_ENTRY).contains(len));
            let (entry, _) = self.frame(fits)?;
            self.control -= 1;
            return Ok(Some(Piece::Control(entry)));
        }
        if self.sealed {
            // Only the last chunk may be shorter.
            let fits = |len: u32| {
                let bytes = usize::try_from(len & !LAST).ok()?;
                let whole = bytes == CHUNK + TAG;
                (whole || len & LAST != 0 && (TAG..CHUNK + TAG).contains(&bytes)).then_some(bytes)
            };
            let (chunk, len) = self.frame(fits)?;
            let last = len & LAST != 0;
            self.sealed = !last;
            return Ok(Some(Piece::Chunk(chunk, last)));
        }
        let sum = self.sum.finalize();
        let mut said = [0; 32];
        self.read.read_exact(&mut said)?;
        let mut more = [0; 1];
        if sum != said || self.read.read(&mut more)? != 0 {
            return Err(BundleFault::Damaged);
        }
        Ok(None)
    }

    /// `u32 len ‖ bytes`, where `fits` says how many bytes a length stands for, if it may be.
    fn frame(&mut self, fits: impl Fn(u32) -> Option<usize>) -> Result<(Vec<u8>, u32), BundleFault> {
        let mut raw = [0; 4];
        self.read.read_exact(&mut raw)?;
        let len = u32::from_be_bytes(raw);
        let bytes = fits(len).ok_or(BundleFault::Damaged)?;
        let mut frame = vec![0; bytes];
        self.read.read_exact(&mut frame)?;
        self.sum.update(&raw);
        self.sum.update(&frame);
        self.at += 4 + u64::try_from(bytes).unwrap_or(0);
        Ok((frame, len))
    }
}

/// Writes a bundle.
#[derive(Debug)]
pub struct BundleWriter<W> {
    write: W,
    sum: blake3::Hasher,
}

impl<W: Write> BundleWriter<W> {
    /// Writes the header. As many control entries as it says have to follow, and chunks up to the last one if it says
    /// that there are any.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn new(write: W, header: &BundleHeader) -> Result<Self, std::io::Error> {
        let mut writer = Self { write, sum: blake3::Hasher::new() };
        writer.put(MAGIC)?;
        writer.frame(&header.to_wire(), 0)?;
        Ok(writer)
    }

    /// Writes a control entry.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn control(&mut self, entry: &[u8]) -> Result<(), std::io::Error> {
        self.frame(entry, 0)
    }

    /// Writes a sealed chunk.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn chunk(&mut self, chunk: &[u8], last: bool) -> Result<(), std::io::Error> {
        self.frame(chunk, if last { LAST } else { 0 })
    }

    /// Writes the sum.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn finish(mut self) -> Result<W, std::io::Error> {
        let sum = self.sum.finalize();
        self.write.write_all(sum.as_bytes())?;
        self.write.flush()?;
        Ok(self.write)
    }

    fn frame(&mut self, bytes: &[u8], flag: u32) -> Result<(), std::io::Error> {
        let len = u32::try_from(bytes.len()).map_err(|_| ErrorKind::InvalidInput)?;
        self.put(&(len | flag).to_be_bytes())?;
        self.put(bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), std::io::Error> {
        self.sum.update(bytes);
        self.write.write_all(bytes)
    }
}

/// An entry as it stands inside the sealed part.
///
/// # Errors
/// [`crate::WireError::TooLarge`] for more than [`MAX_ENTRY`] bytes.
pub fn entry_frame(entry: &[u8]) -> Result<Vec<u8>, crate::WireError> {
    let len = u32::try_from(entry.len()).ok().filter(|_| entry.len() <= MAX_ENTRY);
    let len = len.ok_or(crate::WireError::TooLarge)?;
    Ok([&len.to_be_bytes(), entry].concat())
}

/// Takes opened chunks and gives the entries in them, wherever a chunk was cut. Of an entry that is not whole yet it
/// holds the beginning, and nothing of what a later version put between the entries (files, say).
#[derive(Debug, Default)]
pub struct Frames {
    held: Vec<u8>,
    skip: usize,
}

impl Frames {
    /// Takes the plaintext of a chunk; what is whole now.
    ///
    /// # Errors
    /// [`BundleFault::Damaged`] for an entry larger than any is.
    pub fn push(&mut self, mut plain: &[u8]) -> Result<Vec<Vec<u8>>, BundleFault> {
        let mut whole = Vec::new();
        while !plain.is_empty() {
            let skipped = self.skip.min(plain.len());
            self.skip -= skipped;
            plain = plain.get(skipped..).unwrap_or_default();
            let missing = match self.held.split_first_chunk::<4>() {
                None => 4 - self.held.len(),
                Some((len, held)) => entry_len(len)?.saturating_sub(held.len()),
            };
            let (taken, rest) = plain.split_at(missing.min(plain.len()));
            self.held.extend_from_slice(taken);
            plain = rest;
            let Some((len, held)) = self.held.split_first_chunk::<4>() else { continue };
            if len[0] != 0 {
                self.skip = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(MAX_OTHER) & MAX_OTHER;
                self.held.clear();
            } else if held.len() == entry_len(len)? {
                whole.push(held.to_vec());
                self.held.clear();
            }
        }
        Ok(whole)
    }

    /// Whether the sealed part may end here.
    pub fn is_at_end(&self) -> bool {
        self.held.is_empty() && self.skip == 0
    }
}

fn entry_len(len: &[u8; 4]) -> Result<usize, BundleFault> {
    let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
    if (1..=MAX_ENTRY).contains(&len) || len > MAX_OTHER { Ok(len) } else { Err(BundleFault::Damaged) }
}
