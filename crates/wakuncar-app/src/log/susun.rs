//! The outbox becomes sealed entries: stored before anything is sent, so that a retry sends the same bytes.

use std::collections::BTreeMap;

use wakuncar_domain::{Isian, Koleksi, RumahId};
use wakuncar_seal::SealError;
use wakuncar_store::OutboxChange;
use wakuncar_wire::{Batch, CollId, DocId, EntryId, Head, Kind, Wire, WireError};

use super::{Oleh, Pena, pena};
use crate::kelurahan::AlamatDasawisma;
use crate::{App, Error, clock};

/// Bytes of changes in one batch; sealed it stays below 256 KiB.
const BATCH: usize = 160 * 1024;
/// Most changes in one batch (PROTOCOL §2.20 allows 4,096 and 256 documents).
const MAX_CHANGES: usize = 2000;
const MAX_SECTIONS: usize = 250;
/// Version of this app in batches.
pub(crate) const APP_VERSION: u32 = 1;

/// Own changes of one collection that make one entry.
#[derive(Default)]
struct Isi {
    bytes: usize,
    changes: Vec<OutboxChange>,
}

impl App {
    /// Puts every own change into an entry of its collection. Changes without a collection that we may write stay
    /// where they are; how many.
    pub(crate) fn susun(&mut self) -> Result<usize, Error> {
        let outbox = self.store.outbox()?;
        // A log of ours forked, or would: what is recorded waits here.
        if self.ragu == super::Ragu::Salinan || self.is_forked()? {
            return Ok(outbox.len());
        }
        let mut tinggal = 0;
        let mut by_coll: BTreeMap<CollId, Vec<Isi>> = BTreeMap::new();
        let mut colls: BTreeMap<(RumahId, Koleksi), Option<CollId>> = BTreeMap::new();
        for change in outbox {
            let document = (change.rumah, change.koleksi);
            let coll = match colls.get(&document) {
                Some(coll) => *coll,
                None => {
                    let coll = self.coll_of(change.rumah, change.koleksi)?;
                    colls.insert(document, coll);
                    coll
                }
            };
            match coll {
                Some(coll) => by_coll.entry(coll).or_default().push_change(change),
                None => tinggal += 1,
            }
        }
        for (coll, semua) in by_coll {
            for isi in semua {
                if !self.write_batch(coll, isi.changes)? {
                    tinggal += 1;
                }
            }
        }
        Ok(tinggal)
    }

    /// The collection of a document: as before, or that of the house's dasawisma, which a seat makes where there is
    /// none yet. `None`: it has no dasawisma, or nobody has made it.
    fn coll_of(&mut self, rumah: RumahId, koleksi: Koleksi) -> Result<Option<CollId>, Error> {
        if let Some(coll) = self.store.document_coll(rumah, koleksi)? {
            return Ok(Some(coll));
        }
        if koleksi == Koleksi::AnggotaTim {
            return self.coll_tim().map(Some);
        }
        let Some(record) = self.store.rumah(rumah)? else { return Ok(None) };
        let teks = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let sifat = &record.sifat;
        let alamat = AlamatDasawisma { rw: teks(&sifat.rw), rt: teks(&sifat.rt), nama: teks(&sifat.dasawisma) };
        if self.kursi().is_ok() && !alamat.nama.is_empty() {
            self.dasawisma(&alamat)?;
        }
        let tim = self.tim()?;
        let Some((_, dasawisma)) = tim.dasawisma_at(&alamat.rw, &alamat.rt, &alamat.nama) else { return Ok(None) };
        let coll = match koleksi {
            Koleksi::Dasar => &dasawisma.dasar,
            Koleksi::Kesehatan => &dasawisma.kesehatan,
            Koleksi::AnggotaTim => return Ok(None),
        };
        Ok(coll.terisi().and_then(|hex| CollId::parse(hex).ok()))
    }

    /// One entry over changes of one collection; `false` if we may not write there or have no key yet.
    fn write_batch(&mut self, coll: CollId, changes: Vec<OutboxChange>) -> Result<bool, Error> {
        let known = self.known()?;
        let Some(auth) = known.roster.writing_grant(self.diri.id, coll) else { return Ok(false) };
        let Some(key) = self.writing_key(known.roster.scope(coll))? else { return Ok(false) };
        let mut sections: Vec<(DocId, Vec<wakuncar_wire::Bytes>)> = Vec::new();
        for change in &changes {
            let doc = DocId::from_bytes(*change.rumah.as_bytes());
            match sections.iter_mut().find(|(id, _)| *id == doc) {
                Some((_, section)) => section.push(change.body.clone().into()),
                None => sections.push((doc, vec![change.body.clone().into()])),
            }
        }
        let heads = self.store.applied_heads()?;
        let others = heads.into_iter().filter(|(id, _)| *id == coll).flat_map(|(_, heads)| heads);
        let causal: Vec<Head> = others.filter(|head| head.author != self.diri.id).collect();
        let claimed_at = u64::try_from(clock::unix_ms() / 1000).unwrap_or(0);
        let batch = Batch { claimed_at, app_version: APP_VERSION, causal, sections, blobs: Vec::new() };
        let mut pena = Pena::new(&self.store, self.space()?);
        let oleh = Oleh { secret: &self.diri.secret, auth };
        let id: EntryId = match pena.sealed(oleh, Kind::Batch, coll, &key, &batch.to_wire()) {
            // One that no relay would take must not keep the others from going.
            Err(Error::Seal(SealError::TooLarge) | Error::Wire(WireError::TooLarge)) => return Ok(false),
            sealed => sealed?,
        };
        let made = pena.done();
        let causal = batch.causal.to_wire();
        self.store.write::<_, Error>(|tx| {
            pena::keep(tx, &made)?;
            tx.set_causal(id, &causal)?;
            for change in &changes {
                tx.set_change_entry(&change.hash, id)?;
                tx.set_document_coll(change.rumah, change.koleksi, coll)?;
            }
            Ok(())
        })?;
        Ok(true)
    }

    /// The collection of the team's document.
    pub(crate) fn coll_tim(&self) -> Result<CollId, Error> {
        let known = self.known()?;
        let mut colls = known.roster.collections();
        let coll = colls.find(|(_, jenis)| *jenis == crate::kelurahan::jenis::ANGGOTA_TIM);
        coll.map(|(coll, _)| coll).ok_or(Error::TanpaKelurahan)
    }
}

trait Susun {
    fn push_change(&mut self, change: OutboxChange);
}

impl Susun for Vec<Isi> {
    /// Into the last entry, or a new one where it is full.
    fn push_change(&mut self, change: OutboxChange) {
        let full = self.last().is_none_or(|isi| {
            let documents = isi.changes.iter().map(|change| change.rumah).collect::<std::collections::BTreeSet<_>>();
            isi.bytes + change.body.len() > BATCH
                || isi.changes.len() >= MAX_CHANGES
                || documents.len() >= MAX_SECTIONS && !documents.contains(&change.rumah)
        });
        if full {
            self.push(Isi::default());
        }
        if let Some(isi) = self.last_mut() {
            isi.bytes += change.body.len();
            isi.changes.push(change);
        }
    }
}
