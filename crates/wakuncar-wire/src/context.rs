//! What a hash, a key or a signature is for: no text is ever used for two purposes (PROTOCOL §2.1).

/// What is derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// The id of an entry from its header.
    EntryId,
    /// The id of a device from its public keys.
    DeviceId,
    /// The id of a content key from the key.
    KeyId,
    /// The key of one log's bodies from a content key.
    BodyKey,
    /// The key that hedges nonces.
    NonceKey,
    /// The key under which one content key seals another.
    KeyWrap,
    /// The key of a view.
    ViewKey,
    /// The id of a file.
    BlobId,
    /// The signing key of an invite.
    InviteSign,
    /// The sealing key of an invite.
    InviteKem,
    /// Where a relay keeps the object of a typed code.
    InviteCode,
    /// The key that seals the object of a typed code.
    InviteCodeKey,
    /// The check letters of a code.
    CodeCheck,
    /// The root's signing key from the recovery code.
    RecoverySign,
    /// The root's sealing key from the recovery code.
    RecoveryKem,
    /// The three pictures.
    Sas,
    /// The beacon of a hub.
    Beacon,
    /// The key of a bundle file.
    BundleKey,
    /// The key that wraps the database's key.
    DbKek,
    /// What a revoked phone hands over.
    Rescue,
    /// The digest of everything that a device holds.
    Root,
    /// The digest of the control entries that a device knows.
    Floor,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 22] = [
        Self::EntryId,
        Self::DeviceId,
        Self::KeyId,
        Self::BodyKey,
        Self::NonceKey,
        Self::KeyWrap,
        Self::ViewKey,
        Self::BlobId,
        Self::InviteSign,
        Self::InviteKem,
        Self::InviteCode,
        Self::InviteCodeKey,
        Self::CodeCheck,
        Self::RecoverySign,
        Self::RecoveryKem,
        Self::Sas,
        Self::Beacon,
        Self::BundleKey,
        Self::DbKek,
        Self::Rescue,
        Self::Root,
        Self::Floor,
    ];

    /// Its text.
    pub const fn text(self) -> &'static str {
        match self {
            Self::EntryId => "wakuncar 2026-11 v1 entry-id",
            Self::DeviceId => "wakuncar 2026-11 v1 device-id",
            Self::KeyId => "wakuncar 2026-11 v1 key-id",
            Self::BodyKey => "wakuncar 2026-11 v1 body-key",
            Self::NonceKey => "wakuncar 2026-11 v1 nonce-key",
            Self::KeyWrap => "wakuncar 2026-11 v1 key-wrap",
            Self::ViewKey => "wakuncar 2026-11 v1 view-key",
            Self::BlobId => "wakuncar 2026-11 v1 blob-id",
            Self::InviteSign => "wakuncar 2026-11 v1 invite-sign",
            Self::InviteKem => "wakuncar 2026-11 v1 invite-kem",
            Self::InviteCode => "wakuncar 2026-11 v1 invite-code",
            Self::InviteCodeKey => "wakuncar 2026-11 v1 invite-code-key",
            Self::CodeCheck => "wakuncar 2026-11 v1 code-check",
            Self::RecoverySign => "wakuncar 2026-11 v1 recovery-sign",
            Self::RecoveryKem => "wakuncar 2026-11 v1 recovery-kem",
            Self::Sas => "wakuncar 2026-11 v1 sas",
            Self::Beacon => "wakuncar 2026-11 v1 beacon",
            Self::BundleKey => "wakuncar 2026-11 v1 bundle-key",
            Self::DbKek => "wakuncar 2026-11 v1 db-kek",
            Self::Rescue => "wakuncar 2026-11 v1 rescue",
            Self::Root => "wakuncar 2026-11 v1 root",
            Self::Floor => "wakuncar 2026-11 v1 floor",
        }
    }
}

/// `D(context, parts joined)`: 32 bytes. Parts before the last have a fixed length, so that no two lists join alike.
pub fn derive(context: Context, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(context.text());
    parts.iter().for_each(|part| {
        hasher.update(part);
    });
    *hasher.finalize().as_bytes()
}

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// The header of an entry.
    Entry,
    /// A join, by the invite's key.
    InviteJoin,
    /// A session's challenge.
    Session,
    /// A relay's receipt.
    Receipt,
    /// What a phone that was shut out hands over.
    Rescue,
}

impl Signature {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Entry, Self::InviteJoin, Self::Session, Self::Receipt, Self::Rescue];

    /// What stands before the signed bytes.
    pub const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Entry => b"wakuncar/v1/entry\0",
            Self::InviteJoin => b"wakuncar/v1/invite-join\0",
            Self::Session => b"wakuncar/v1/session\0",
            Self::Receipt => b"wakuncar/v1/receipt\0",
            Self::Rescue => b"wakuncar/v1/rescue\0",
        }
    }

    /// The signed bytes: the prefix, then the parts.
    pub fn text(self, parts: &[&[u8]]) -> Vec<u8> {
        [self.prefix()].iter().chain(parts).flat_map(|part| part.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_text_serves_two_purposes() {
        let contexts: BTreeSet<_> = Context::ALL.iter().map(|context| context.text().as_bytes()).collect();
        let signatures: BTreeSet<_> = Signature::ALL.iter().map(|signature| signature.prefix()).collect();
        assert_eq!((contexts.len(), signatures.len()), (Context::ALL.len(), Signature::ALL.len()));
        assert!(contexts.is_disjoint(&signatures));
        for (a, b) in signatures.iter().flat_map(|a| signatures.iter().map(move |b| (a, b))) {
            assert!(a == b || !a.starts_with(b));
        }
    }
}
