//! What a device holds: heads by collection, their digest, what another lacks.

use std::collections::BTreeMap;

use wakuncar_wire::{CollHeads, CollId, Context, DeviceId, Head, derive};

/// First 16 bytes of the digest of all heads; the order of the argument does not matter.
pub fn root_digest(heads: &[CollHeads]) -> [u8; 16] {
    let all = heads.iter().flat_map(|(coll, heads)| heads.iter().map(move |head| (*coll, *head)));
    let sorted: BTreeMap<(CollId, DeviceId), Head> = all.map(|(coll, head)| ((coll, head.author), head)).collect();
    let mut bytes = Vec::with_capacity(sorted.len() * 48);
    for ((coll, author), head) in &sorted {
        bytes.extend_from_slice(coll.as_bytes());
        bytes.extend_from_slice(author.as_bytes());
        bytes.extend_from_slice(&head.seq.to_be_bytes());
        bytes.extend_from_slice(&head.id8);
    }
    let mut digest = [0; 16];
    digest.copy_from_slice(&derive(Context::Root, &[&bytes])[..16]);
    digest
}

/// The logs of which `mine` has more than `theirs`, with the number after which to begin. Where both have a head at
/// one number with two ids, the whole log is named: the other must see the fork.
pub fn missing(mine: &[CollHeads], theirs: &[CollHeads]) -> Vec<(CollId, DeviceId, u64)> {
    let mut has: BTreeMap<(CollId, DeviceId), Head> = BTreeMap::new();
    for (coll, heads) in theirs {
        for head in heads {
            // Of two for one log the lower counts: too much is sent rather than too little.
            let kept = has.entry((*coll, head.author)).or_insert(*head);
            if head.seq < kept.seq {
                *kept = *head;
            }
        }
    }
    let mut missing = Vec::new();
    for (coll, heads) in mine {
        for head in heads {
            match has.get(&(*coll, head.author)) {
                None => missing.push((*coll, head.author, 0)),
                Some(theirs) if theirs.seq < head.seq => missing.push((*coll, head.author, theirs.seq)),
                Some(theirs) if theirs.seq == head.seq && theirs.id8 != head.id8 => {
                    missing.push((*coll, head.author, 0));
                }
                Some(_) => {}
            }
        }
    }
    missing
}
