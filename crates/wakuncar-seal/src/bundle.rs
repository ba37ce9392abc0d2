//! The sealed part of a bundle file: STREAM over XChaCha20-Poly1305 in chunks of 64 KiB (PROTOCOL §2.12), so that a stick
//! that was lost shows nothing of who wrote how much where, and a large file needs little memory.
//!
//! Chunks can be neither reordered nor left out, nor the end cut off, without the next one failing to open; every chunk
//! is bound to the file's header.

use aead_stream::{DecryptorBE32, EncryptorBE32, NewStream, StreamBE32};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use wakuncar_wire::{BundleHeader, BundleSeal, CHUNK, Context, Wire, derive};
use zeroize::Zeroizing;

use crate::{ContentKey, SealError};

/// Seals what is pushed, chunk by chunk.
pub struct BundleSealer {
    stream: EncryptorBE32<XChaCha20Poly1305>,
    aad: Vec<u8>,
    /// Plaintext that does not fill a chunk yet.
    held: Zeroizing<Vec<u8>>,
}

impl BundleSealer {
    /// How a bundle with this content is sealed. `content` names what is in it (a digest of the entries' ids): random
    /// bytes that were drawn twice (a cloned machine) do no harm unless the content is the same, too.
    pub fn seal(key: &ContentKey, random: &[u8; 32], content: &[u8; 32]) -> BundleSeal {
        let nonce_key = Zeroizing::new(derive(Context::NonceKey, &[&*key.to_bytes()]));
        let mut hasher = blake3::Hasher::new_keyed(&nonce_key);
        hasher.update(random).update(content);
        let mut nonce = [0; 19];
        nonce.copy_from_slice(&hasher.finalize().as_bytes()[..19]);
        BundleSeal { key: key.id(), nonce }
    }

    /// Begins the sealed part of the file with this header.
    ///
    /// # Errors
    /// [`SealError::OtherKey`] when the header names another key, or none.
    pub fn new(key: &ContentKey, header: &BundleHeader) -> Result<Self, SealError> {
        let stream = EncryptorBE32::from_stream_primitive(stream(key, header)?);
        Ok(Self { stream, aad: header.to_wire(), held: Zeroizing::new(Vec::with_capacity(2 * CHUNK)) })
    }

    /// Takes plaintext; the chunks that are full now.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] after 2^32 chunks.
    pub fn push(&mut self, plain: &[u8]) -> Result<Vec<Vec<u8>>, SealError> {
        self.held.extend_from_slice(plain);
        let mut chunks = Vec::new();
        // A full chunk is held until more comes: it might be the last one.
        while self.held.len() > CHUNK {
            let payload = Payload { msg: &self.held[..CHUNK], aad: &self.aad };
            chunks.push(self.stream.encrypt_next(payload).map_err(|_| SealError::TooLarge)?);
            self.held.drain(..CHUNK);
        }
        Ok(chunks)
    }

    /// The last chunk; it may be empty but for its tag.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] after 2^32 chunks.
    pub fn finish(self) -> Result<Vec<u8>, SealError> {
        let payload = Payload { msg: &self.held, aad: &self.aad };
        self.stream.encrypt_last(payload).map_err(|_| SealError::TooLarge)
    }
}

/// Opens the chunks of a bundle in their order.
pub struct BundleOpener {
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    aad: Vec<u8>,
}

impl BundleOpener {
    /// Begins with the header of the file.
    ///
    /// # Errors
    /// [`SealError::OtherKey`] when the header names another key, or none.
    pub fn new(key: &ContentKey, header: &BundleHeader) -> Result<Self, SealError> {
        let stream = DecryptorBE32::from_stream_primitive(stream(key, header)?);
        Ok(Self { stream: Some(stream), aad: header.to_wire() })
    }

    /// The plaintext of the next chunk, which is the last one or is not, as it says.
    ///
    /// # Errors
    /// [`SealError::DoesNotOpen`]; nothing after it opens.
    pub fn open(&mut self, chunk: &[u8], last: bool) -> Result<Vec<u8>, SealError> {
        let mut stream = self.stream.take().ok_or(SealError::DoesNotOpen)?;
        let payload = Payload { msg: chunk, aad: &self.aad };
        if last {
            return stream.decrypt_last(payload).map_err(|_| SealError::DoesNotOpen);
        }
        let plain = stream.decrypt_next(payload).map_err(|_| SealError::DoesNotOpen)?;
        self.stream = Some(stream);
        Ok(plain)
    }
}

fn stream(key: &ContentKey, header: &BundleHeader) -> Result<StreamBE32<XChaCha20Poly1305>, SealError> {
    let seal = header.sealed.filter(|seal| seal.key == key.id()).ok_or(SealError::OtherKey)?;
    Ok(StreamBE32::from_aead(key.cipher(Context::BundleKey, &[]), &seal.nonce.into()))
}
