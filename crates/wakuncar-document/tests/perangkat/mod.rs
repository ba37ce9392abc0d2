//! Devices of the scenes, and a device that keeps no rule.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "shared by the binaries of scenes"
)]

pub mod potongan;

use wakuncar_document::{Actor, Change, Document, Outcome};
use wakuncar_domain::{Edit, Isian, Koleksi, Nilai, Tempat};

/// When everything is said, in Unix milliseconds.
pub const AT: i64 = 1_636_416_000_000;

/// One device with a copy of the house.
#[derive(Clone)]
pub struct Hp {
    pub prefix: [u8; 8],
    pub actor: Actor,
    pub document: Document,
}

impl Hp {
    pub fn new(nomor: u8, koleksi: Koleksi) -> Self {
        let prefix = [nomor; 8];
        Self { prefix, actor: Actor::new(prefix, [9; 8]), document: Document::new(koleksi).unwrap() }
    }

    pub fn edit(&mut self, jalur: &str, teks: &str) -> Option<Change> {
        let tempat = Tempat::parse(jalur).unwrap();
        let isi = tempat.butir().parse(teks).unwrap();
        self.document.apply_edits(&self.actor, &[Edit { tempat, isi }], AT).unwrap()
    }

    /// Takes every change of another device, each as a section of its own author.
    pub fn receive(&mut self, from: &Hp) {
        for change in from.document.changes() {
            let outcome = self.document.receive(author(&change), &[change.bytes]);
            assert!(matches!(outcome, Outcome::Applied(_)), "{outcome:?}");
        }
    }

    /// Takes the changes of another device in an order of chance; what waits is brought again.
    pub fn receive_shuffled(&mut self, from: &Hp, mut chance: u64) {
        let mut changes = from.document.changes();
        for i in (1..changes.len()).rev() {
            changes.swap(i, (next(&mut chance) % (i as u64 + 1)) as usize);
        }
        while !changes.is_empty() {
            let before = changes.len();
            changes.retain(|change| match self.document.receive(author(change), &[&change.bytes]) {
                Outcome::Applied(_) => false,
                Outcome::Waiting => true,
                Outcome::Refused(refusal) => panic!("{refusal}"),
            });
            assert!(changes.len() < before, "all wait");
        }
    }

    pub fn isi(&self, jalur: &str) -> Isian<Nilai> {
        let tempat = Tempat::parse(jalur).unwrap();
        let butir = self.document.read().butir;
        butir.into_iter().find(|butir| butir.tempat == tempat).map(|butir| butir.isi).unwrap_or_default()
    }

    pub fn conflicts(&self) -> Vec<(String, Vec<Isian<Nilai>>)> {
        let all = self.document.conflicts().into_iter();
        all.map(|c| (c.tempat.to_string(), c.candidates.into_iter().map(|c| c.isi.unwrap()).collect())).collect()
    }
}

/// SplitMix64.
pub fn next(chance: &mut u64) -> u64 {
    *chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*chance ^ (*chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn author(change: &Change) -> [u8; 8] {
    let change = automerge::Change::from_bytes(change.bytes.clone()).unwrap();
    change.actor_id().to_bytes()[..8].try_into().unwrap()
}

/// A document edited by the library itself, with everything that we never do.
pub fn foreign(edit: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) -> Vec<u8> {
    let base = Document::new(Koleksi::Dasar).unwrap().save();
    let mut doc = automerge::Automerge::load(&base).unwrap().with_actor(automerge::ActorId::from([2u8; 16]));
    let mut tx = doc.transaction();
    edit(&mut tx);
    tx.commit();
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}
