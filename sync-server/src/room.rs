//! What everybody who answers knows of a kelurahan, as of the last commit: its roster, who is frozen, and how far
//! entries have arrived. In memory; the writer is the only one who changes it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use wakuncar_roster::{Identities, Roster};
use wakuncar_sync::Caller;
use wakuncar_wire::{CollId, DeviceId, Perm, SpaceId};

/// A kelurahan as the control entries make it.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) roster: Arc<Roster>,
    pub(crate) identities: Arc<Identities>,
    /// Authors of whom two entries stand at one number.
    pub(crate) frozen: Arc<BTreeSet<DeviceId>>,
    /// Counts up with every change of the above.
    pub(crate) version: u64,
}

/// What a caller may fetch, in 16 bytes: if that changes, its cursor says nothing about what is new to it.
pub(crate) type Access = [u8; 16];

impl Known {
    /// What a caller may fetch. A seat may fetch everything, also what does not exist yet.
    pub(crate) fn access(&self, caller: Caller) -> Access {
        let device = match caller {
            Caller::Invite(_) => return [0; 16],
            Caller::Device(device) => device,
        };
        if self.roster.seat_of(device).is_some() {
            return [1; 16];
        }
        let may = |coll: &CollId| self.roster.perm(device, *coll).includes(Perm::FETCH);
        let colls = self.roster.collections().map(|(coll, _)| coll).filter(may);
        let member = u8::from(self.roster.is_member(device));
        let all: Vec<u8> = colls.flat_map(|coll| *coll.as_bytes()).chain([member]).collect();
        let mut access = [0; 16];
        access.copy_from_slice(&blake3::hash(&all).as_bytes()[..16]);
        access
    }
}

/// One kelurahan.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) space: SpaceId,
    known: RwLock<Known>,
    /// The arrival number that is given next.
    next: AtomicU64,
    /// Stretches of arrival numbers that were left out: first, and the first that was given again.
    jumps: Vec<(u64, u64)>,
}

impl Room {
    pub(crate) fn new(space: SpaceId, known: Known, next: u64, jumps: Vec<(u64, u64)>) -> Self {
        Self { space, known: RwLock::new(known), next: AtomicU64::new(next), jumps }
    }

    /// What is known.
    pub(crate) fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last arrival number that was given, or was left out before the next.
    pub(crate) fn newest(&self) -> u64 {
        self.next.load(Ordering::Acquire) - 1
    }

    /// Whether an arrival number was given, or is the last before the one that is given next.
    pub(crate) fn reached(&self, rseq: u64) -> bool {
        rseq <= self.newest() && !self.jumps.iter().any(|(skipped, resumed)| (*skipped..resumed - 1).contains(&rseq))
    }

    pub(crate) fn publish(&self, known: &Known, next: u64) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known.clone();
        self.next.store(next, Ordering::Release);
    }

    pub(crate) fn publish_arrivals(&self, next: u64) {
        self.next.store(next, Ordering::Release);
    }
}

/// All kelurahan.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    open: RwLock<HashMap<SpaceId, Arc<Room>>>,
    /// Those in the file, so that nobody reads it for one that nobody brought here.
    names: RwLock<HashSet<SpaceId>>,
}

impl Rooms {
    pub(crate) fn new(names: HashSet<SpaceId>) -> Self {
        Self { open: RwLock::default(), names: RwLock::new(names) }
    }

    /// A kelurahan that was asked for before.
    pub(crate) fn get(&self, space: SpaceId) -> Option<Arc<Room>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).get(&space).cloned()
    }

    /// Whether it is in the file.
    pub(crate) fn exists(&self, space: SpaceId) -> bool {
        self.names.read().unwrap_or_else(PoisonError::into_inner).contains(&space)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.names.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(crate) fn add(&self, room: Arc<Room>) {
        self.names.write().unwrap_or_else(PoisonError::into_inner).insert(room.space);
        self.open.write().unwrap_or_else(PoisonError::into_inner).insert(room.space, room);
    }
}
