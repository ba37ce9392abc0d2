//! Collections, keys, addresses, and what the kelurahan asks, restricts and erases: stratum S3.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{CollId, Control, DeviceId, EntryId, GrantId, KeyId, Rules, Thing, WrapMode};

use crate::authority::{Act, Authority, Rank};
use crate::{Endpoint, KeyEntry};

/// How one word about a thing stands against another: the greatest holds.
type Standing = (u32, u64, EntryId);

/// What authorised entries say of content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Content {
    pub(crate) collections: BTreeMap<CollId, u8>,
    pub(crate) keys: BTreeMap<KeyId, KeyEntry>,
    pub(crate) wraps: BTreeMap<(KeyId, DeviceId), BTreeSet<Vec<u8>>>,
    pub(crate) seat_wraps: BTreeMap<KeyId, BTreeSet<Vec<u8>>>,
    pub(crate) key_requests: BTreeSet<(KeyId, DeviceId)>,
    /// The last word of an author on each relay: a seat may have the internet's and a hub.
    pub(crate) endpoints: BTreeMap<(DeviceId, Vec<u8>), (u64, Endpoint)>,
    pub(crate) fork_closes: BTreeMap<(CollId, DeviceId), BTreeSet<EntryId>>,
    pub(crate) acks: BTreeMap<EntryId, BTreeMap<DeviceId, GrantId>>,
    pub(crate) purges: BTreeMap<Thing, u8>,
    policy: Option<(Rank, Standing, Rules)>,
    holds: BTreeMap<Thing, (Standing, bool)>,
}

impl Content {
    pub(crate) fn evaluate(authority: &Authority, acts: &[Act<'_>]) -> Self {
        let mut content = Self::default();
        for act in acts {
            content.words_of_anybody(act);
            if authority.is_authorised(act.1) {
                content.words_of_seats(authority.rank(act.1), act);
            }
        }
        content
    }

    /// The rules in force, if any were given.
    pub(crate) fn rules(&self) -> Option<Rules> {
        self.policy.map(|(_, _, rules)| rules)
    }

    /// Whether the use of a thing is restricted.
    pub(crate) fn is_held(&self, thing: Thing) -> bool {
        self.holds.get(&thing).is_some_and(|(_, held)| *held)
    }

    /// What needs no authority: a wrap is worthless unless it opens to the committed key, a request and an ack count as
    /// their author's.
    fn words_of_anybody(&mut self, (_, header, control): &Act<'_>) {
        match control {
            Control::Admit { device, wraps, .. } => {
                for (key, ct) in wraps {
                    self.wraps.entry((*key, *device)).or_default().insert(ct.to_vec());
                }
            }
            Control::Wrap { key, recipient, mode, ct } => match mode {
                WrapMode::Hpke => {
                    self.wraps.entry((*key, *recipient)).or_default().insert(ct.to_vec());
                }
                WrapMode::Seat => {
                    self.seat_wraps.entry(*key).or_default().insert(ct.to_vec());
                }
            },
            Control::Wraps { wraps } => {
                for (key, recipient, ct) in wraps {
                    self.wraps.entry((*key, *recipient)).or_default().insert(ct.to_vec());
                }
            }
            Control::KeyRequest { key } => {
                self.key_requests.insert((*key, header.author));
            }
            Control::Ack { snapshot } => {
                self.acks.entry(*snapshot).or_default().entry(header.author).or_insert(header.auth);
            }
            _ => {}
        }
    }

    fn words_of_seats(&mut self, rank: Rank, (id, header, control): &Act<'_>) {
        match control {
            Control::Collection { coll, jenis, .. } => {
                self.collections.entry(*coll).or_insert(*jenis);
            }
            Control::Key { key, scope, parents, accounted, for_seats } => {
                let (parents, accounted) = (parents.clone(), accounted.clone());
                let entry = KeyEntry { scope: *scope, parents, accounted, for_seats: for_seats.to_vec() };
                self.keys.entry(*key).or_insert(entry);
            }
            Control::Endpoint { urls, pins, lan_port, receipt_pk } => {
                let pins: Vec<Vec<u8>> = pins.iter().map(|pin| pin.to_vec()).collect();
                let of = (header.author, pins.first().cloned().unwrap_or_default());
                let receipt_pk = receipt_pk.as_slice().try_into().ok();
                let endpoint = Endpoint { urls: urls.clone(), pins, lan_port: *lan_port, receipt_pk };
                let last = self.endpoints.get(&of).map_or(0, |(seq, _)| *seq);
                if header.seq > last {
                    self.endpoints.insert(of, (header.seq, endpoint));
                }
            }
            Control::ForkClose { coll, author, heads } => {
                self.fork_closes.entry((*coll, *author)).or_default().extend(heads);
            }
            Control::Purge { things, basis } => {
                for thing in things {
                    self.purges.entry(*thing).or_insert(*basis);
                }
            }
            Control::Policy { revision, rules } => {
                let standing = (*revision, header.seq, *id);
                let over = self.policy.is_none_or(|(by, before, _)| rank < by || rank == by && standing > before);
                if over {
                    self.policy = Some((rank, standing, *rules));
                }
            }
            Control::Hold { revision, thing, held } => {
                let standing = (*revision, header.seq, *id);
                let word = self.holds.entry(*thing).or_insert((standing, *held));
                if standing > word.0 {
                    *word = (standing, *held);
                }
            }
            _ => {}
        }
    }
}
