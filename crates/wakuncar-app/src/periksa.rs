//! *Periksa*: changes come out of the log, documents are a cache of the changes, rows a cache of the documents. All three
//! are compared with what they rest on.

use wakuncar_document::{Document, change_hash};
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_wire::{Entry, EntryId};

use crate::{App, Error, clock};

/// One thing that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemuanPeriksa {
    /// What: `database`, `entri_rusak`, `entri_beda`, `dokumen_rusak`, `dokumen_beda`, `perubahan_rusak`, `baris_beda`,
    /// `baris_tanpa_dokumen`.
    pub kode: &'static str,
    /// Where: an entry, a house and its collection, or what SQLite says.
    pub tempat: String,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Periksa {
    /// What does not agree; empty: clean.
    pub temuan: Vec<TemuanPeriksa>,
    /// Houses looked at.
    pub rumah: usize,
    /// What was put right from the changes.
    pub diperbaiki: usize,
}

impl App {
    /// Opens every applied entry, rebuilds documents from changes and rows from documents and compares both with what is stored. With
    /// `perbaiki`, what disagrees is written anew from the changes; nothing that only the file holds is deleted.
    ///
    /// # Errors
    /// [`Error::Store`] when the file cannot be read at all.
    pub fn periksa(&mut self, perbaiki: bool) -> Result<Periksa, Error> {
        let mut hasil = Periksa::default();
        let add = |hasil: &mut Periksa, kode, tempat: String| hasil.temuan.push(TemuanPeriksa { kode, tempat });
        for salah in self.store.integrity()? {
            add(&mut hasil, "database", salah);
        }
        self.documents.clear();
        for (kode, entry) in self.check_entries(perbaiki)? {
            add(&mut hasil, kode, entry.to_string());
            hasil.diperbaiki += usize::from(perbaiki && kode == "entri_beda");
        }
        let semua = self.store.semua_rumah()?;
        hasil.rumah = semua.len();
        for id in &semua {
            for koleksi in Koleksi::MILIK_RUMAH {
                if let Some(kode) = self.check_document(*id, koleksi)? {
                    add(&mut hasil, kode, format!("{id}/{}", koleksi.nama()));
                    if perbaiki && kode != "perubahan_rusak" {
                        self.rebuild_document(*id, koleksi)?;
                        hasil.diperbaiki += 1;
                    }
                }
            }
            self.trim_documents();
            let Ok(rumah) = self.read_rumah(*id) else { continue };
            let temuan = rumah.temuan(clock::today());
            let stored = self.store.rumah(*id);
            if !matches!(stored, Ok(Some(ref stored)) if *stored == rumah) {
                add(&mut hasil, "baris_beda", id.to_string());
                if perbaiki {
                    self.store.write::<_, Error>(|tx| Ok(tx.put_rumah(&rumah, &temuan)?))?;
                    hasil.diperbaiki += 1;
                }
            }
        }
        for id in self.store.rumah_with_rows()? {
            if !semua.contains(&id) {
                add(&mut hasil, "baris_tanpa_dokumen", id.to_string());
            }
        }
        Ok(hasil)
    }

    /// Every applied entry that opens must have given its changes: documents are a cache of the log. With `perbaiki` a
    /// missing change is taken out of its entry again.
    fn check_entries(&mut self, perbaiki: bool) -> Result<Vec<(&'static str, EntryId)>, Error> {
        let mut wrong = Vec::new();
        for id in self.store.applied_entries()? {
            let Some(bytes) = self.store.entry(id)? else { continue };
            let Ok(entry) = Entry::decode(&bytes) else {
                wrong.push(("entri_rusak", id));
                continue;
            };
            if entry.id() != id {
                wrong.push(("entri_rusak", id));
                continue;
            }
            let Some((koleksi, batch)) = self.open_batch(&entry)? else { continue };
            let own = entry.header().author == self.diri.id;
            for (doc, changes) in &batch.sections {
                let rumah = RumahId::from_bytes(*doc.as_bytes());
                for bytes in changes {
                    let Some(hash) = change_hash(bytes) else { continue };
                    if self.store.holds_change(&hash)? {
                        continue;
                    }
                    wrong.push(("entri_beda", id));
                    if perbaiki {
                        self.store.write::<_, Error>(|tx| {
                            tx.put_change(rumah, koleksi, &hash, bytes, own, clock::unix_ms())?;
                            Ok(tx.set_change_entry(&hash, id)?)
                        })?;
                    }
                }
            }
        }
        Ok(wrong)
    }

    fn check_document(&self, id: RumahId, koleksi: Koleksi) -> Result<Option<&'static str>, Error> {
        let changes = self.store.changes(id, koleksi)?;
        let stored = self.store.document(id, koleksi)?;
        if changes.is_empty() && stored.is_none() {
            return Ok(None);
        }
        let bodies: Vec<_> = changes.iter().map(|change| change.body.as_slice()).collect();
        let Ok(rebuilt) = Document::from_changes(koleksi, &bodies) else { return Ok(Some("perubahan_rusak")) };
        let Some(bytes) = stored else { return Ok(Some("dokumen_rusak")) };
        let Ok(document) = Document::load(koleksi, &bytes) else { return Ok(Some("dokumen_rusak")) };
        Ok((document.heads() != rebuilt.heads()).then_some("dokumen_beda"))
    }

    fn rebuild_document(&mut self, id: RumahId, koleksi: Koleksi) -> Result<(), Error> {
        let changes = self.store.changes(id, koleksi)?;
        let bodies: Vec<_> = changes.iter().map(|change| change.body.as_slice()).collect();
        let document = Document::from_changes(koleksi, &bodies)?;
        self.documents.remove(&(id, koleksi));
        self.store.write::<_, Error>(|tx| Ok(tx.put_document(id, koleksi, &document.save(), &document.heads())?))
    }
}
