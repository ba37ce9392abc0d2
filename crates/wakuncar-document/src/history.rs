//! What one change of a document wrote, and what stood there before.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ChangeHash, ReadDoc};
use wakuncar_domain::{Isian, Nilai, Tempat};

use crate::{Document, Error};

/// An answer as a change wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAnswer {
    /// Where.
    pub tempat: Tempat,
    /// What its author had before her.
    pub sebelum: Isian<Nilai>,
    /// What she wrote.
    pub sesudah: Isian<Nilai>,
}

impl Document {
    /// The answers that a change wrote, each with the one that its author had before her; nothing if the document does
    /// not hold it.
    ///
    /// # Errors
    /// [`Error`] where the library cannot read its own history.
    pub fn written_by(&self, hash: &[u8; 32]) -> Result<Vec<WrittenAnswer>, Error> {
        let Some(change) = self.doc.get_change_by_hash(&ChangeHash(*hash)) else { return Ok(Vec::new()) };
        let at = |heads: &[ChangeHash]| -> Result<BTreeMap<Tempat, Isian<Nilai>>, Error> {
            let doc = catch_unwind(AssertUnwindSafe(|| self.doc.fork_at(heads))).map_err(|_| Error::Panicked)??;
            let contents = Self { koleksi: self.koleksi, doc }.read();
            Ok(contents.butir.into_iter().map(|butir| (butir.tempat, butir.isi)).collect())
        };
        let (before, after) = (at(change.deps())?, at(&[change.hash()])?);
        let changed = before.keys().chain(after.keys()).filter(|tempat| before.get(tempat) != after.get(tempat));
        let places: std::collections::BTreeSet<&Tempat> = changed.collect();
        let isi =
            |state: &BTreeMap<Tempat, Isian<Nilai>>, tempat: &Tempat| state.get(tempat).cloned().unwrap_or_default();
        let written = places.into_iter().map(|tempat| {
            let (sebelum, sesudah) = (isi(&before, tempat), isi(&after, tempat));
            WrittenAnswer { tempat: tempat.clone(), sebelum, sesudah }
        });
        Ok(written.collect())
    }
}
