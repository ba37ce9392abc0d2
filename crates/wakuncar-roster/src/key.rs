//! Content keys as they were announced: which to write with (PROTOCOL §2.7).

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{GrantId, KeyId, Scope, WrappedKey};

/// An announced key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// What it opens.
    pub scope: Scope,
    /// Earlier keys, sealed under it.
    pub parents: Vec<WrappedKey>,
    /// Ended grants that it takes into account: who had them never had this key.
    pub accounted: Vec<GrantId>,
    /// The key under the seats' key; empty for that key itself.
    pub for_seats: Vec<u8>,
}

/// Among the keys of a scope: nobody's parent; preferably one that all who lost the right to read do not have; then
/// the lowest id.
pub(crate) fn writing_key(
    keys: &BTreeMap<KeyId, KeyEntry>,
    scope: Scope,
    lost: &BTreeSet<GrantId>,
) -> Option<(KeyId, bool)> {
    let of_scope = || keys.iter().filter(move |(_, key)| key.scope == scope);
    let parents: BTreeSet<KeyId> = of_scope().flat_map(|(_, key)| key.parents.iter().map(|(id, _)| *id)).collect();
    let clean = |key: &KeyEntry| lost.iter().all(|grant| key.accounted.contains(grant));
    let newest = of_scope().filter(|(id, _)| !parents.contains(*id)).map(|(id, key)| (!clean(key), *id));
    newest.min().map(|(stale, id)| (id, !stale))
}
