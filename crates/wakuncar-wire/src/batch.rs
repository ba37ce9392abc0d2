//! What is inside a sealed body: a batch of changes, or a beat (PROTOCOL §2.8, §2.10a).

use minicbor::{Decode, Encode};

use crate::{Bytes, CollId, DeviceId, DocId, Wire, WireError};

/// Most bytes of an unpacked payload (PROTOCOL §2.20).
const MAX_PAYLOAD: usize = 2 * 1024 * 1024;
const MAX_SECTIONS: usize = 256;
const MAX_CHANGES: usize = 4096;

/// The newest entry of an author in a collection: number and the beginning of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Head {
    /// Author.
    #[n(0)]
    pub author: DeviceId,
    /// Number in the log.
    #[n(1)]
    pub seq: u64,
    /// First 8 bytes of the entry's id, so that a fork shows.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub id8: [u8; 8],
}

/// A place in a log: collection, author, number.
pub type EntryPlace = (CollId, DeviceId, u64);
/// The heads of a collection.
pub type CollHeads = (CollId, Vec<Head>);
/// The changes of one document.
pub type Section = (DocId, Vec<Bytes>);

/// The changes of one author in one collection since her last batch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Batch {
    /// Claimed time in Unix seconds; decides nothing.
    #[n(0)]
    pub claimed_at: u64,
    /// Version of the app.
    #[n(1)]
    pub app_version: u32,
    /// Heads of other authors that moved since the author's last batch.
    #[n(2)]
    pub causal: Vec<Head>,
    /// Changes by document, in the order they were made.
    #[n(3)]
    pub sections: Vec<Section>,
    /// Files that became known.
    #[n(4)]
    pub blobs: Vec<Bytes>,
}

impl Batch {
    /// Reads a batch within its bounds.
    ///
    /// # Errors
    /// [`WireError::TooLarge`], [`WireError::Encoding`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > MAX_PAYLOAD {
            return Err(WireError::TooLarge);
        }
        let batch = Self::from_wire(bytes)?;
        let changes: usize = batch.sections.iter().map(|(_, changes)| changes.len()).sum();
        if batch.sections.len() > MAX_SECTIONS || changes > MAX_CHANGES {
            return Err(WireError::TooLarge);
        }
        Ok(batch)
    }
}

/// What a device has durably applied. Of a seat or hub it is the receipt behind *Sudah diterima kelurahan*.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Beat {
    /// Claimed time in Unix seconds.
    #[n(0)]
    pub claimed_at: u64,
    /// Version of the app.
    #[n(1)]
    pub app_version: u32,
    /// Heads by collection.
    #[n(2)]
    pub heads: Vec<CollHeads>,
    /// Entries at or below these heads of which a section was refused: they are not received.
    #[n(3)]
    pub except: Option<Vec<EntryPlace>>,
}
