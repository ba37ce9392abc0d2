//! A household document: begin, load, save, edit, read.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValueRef, Value, ValueRef};
use wakuncar_domain::{Bagian, BarisId, ButirAsing, ButirTerisi, Edit, Isian, Koleksi, Nilai, Tempat};

use crate::chunk::ChangeChunk;
use crate::scalar::{from_scalar, to_scalar};
use crate::{Error, genesis};

/// Who writes: the device's 8-byte prefix and 8 bytes drawn anew at every process start (PROTOCOL §2.8).
///
/// Never stored: an actor used twice wedges a document for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor([u8; 16]);

impl Actor {
    /// The same device after another process start.
    #[must_use]
    pub fn with_salt(self, salt: [u8; 8]) -> Self {
        Self::new(self.device_prefix(), salt)
    }

    /// The part that names the device.
    pub(crate) fn device_prefix(&self) -> [u8; 8] {
        let mut prefix = [0; 8];
        prefix.copy_from_slice(&self.0[..8]);
        prefix
    }

    /// From the device's prefix and the salt of this process start.
    pub fn new(device_prefix: [u8; 8], salt: [u8; 8]) -> Self {
        let mut actor = [0; 16];
        actor[..8].copy_from_slice(&device_prefix);
        actor[8..].copy_from_slice(&salt);
        Self(actor)
    }
}

/// One change of a document, as an uncompressed chunk: the only form that travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Automerge's hash of it.
    pub hash: [u8; 32],
    /// The chunk.
    pub bytes: Vec<u8>,
}

/// What stands in a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// The answers.
    pub butir: Vec<ButirTerisi>,
    /// Answers that this version cannot read.
    pub asing: Vec<ButirAsing>,
}

/// One household, one collection.
#[derive(Clone)]
pub struct Document {
    pub(crate) koleksi: Koleksi,
    pub(crate) doc: Automerge,
}

/// How the message of a change begins that settles a place; the place follows.
const SETTLES: &str = "putus ";
/// How the message of a change begins whose answers were given on a phone that was shut out; its id follows.
const SALVAGED: &str = "titipan ";

impl Document {
    /// A document in which nothing is recorded: its genesis.
    ///
    /// # Errors
    /// [`Error`] only for a fault of this crate.
    pub fn new(koleksi: Koleksi) -> Result<Self, Error> {
        Ok(Self { koleksi, doc: genesis::document(koleksi)? })
    }

    /// A document from the bytes of [`Document::save`].
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::UnknownGenesis`].
    pub fn load(koleksi: Koleksi, bytes: &[u8]) -> Result<Self, Error> {
        let doc = catch_unwind(|| Automerge::load(bytes)).map_err(|_| Error::Panicked)?;
        let doc = doc.map_err(|e| Error::Damaged(e.to_string()))?;
        if !genesis::is_known(&doc, koleksi)? {
            return Err(Error::UnknownGenesis);
        }
        Ok(Self { koleksi, doc })
    }

    /// A document from its changes in any order, without the genesis.
    ///
    /// # Errors
    /// [`Error::Damaged`] when one of them is no change or a change is missing that others rest on.
    pub fn from_changes<B: AsRef<[u8]>>(koleksi: Koleksi, changes: &[B]) -> Result<Self, Error> {
        let mut document = Self::new(koleksi)?;
        let mut parsed = Vec::with_capacity(changes.len());
        for bytes in changes {
            let bytes = bytes.as_ref();
            ChangeChunk::read(bytes).map_err(|refusal| Error::Damaged(refusal.to_string()))?;
            let change = catch_unwind(|| automerge::Change::from_bytes(bytes.to_vec())).map_err(|_| Error::Panicked)?;
            parsed.push(change.map_err(|e| Error::Damaged(e.to_string()))?);
        }
        let hashes: Vec<_> = parsed.iter().map(automerge::Change::hash).collect();
        let apply = catch_unwind(AssertUnwindSafe(|| document.doc.apply_changes(parsed)));
        apply.map_err(|_| Error::Panicked)??;
        if hashes.iter().any(|hash| document.doc.get_change_meta_by_hash(hash).is_none()) {
            return Err(Error::Damaged("a change is missing that others rest on".into()));
        }
        Ok(document)
    }

    /// The collection it belongs to.
    pub fn koleksi(&self) -> Koleksi {
        self.koleksi
    }

    /// The whole document with its history.
    pub fn save(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// The heads, sorted: equal heads are equal documents.
    pub fn heads(&self) -> Vec<[u8; 32]> {
        let mut heads: Vec<_> = self.doc.get_heads().into_iter().map(|hash| hash.0).collect();
        heads.sort_unstable();
        heads
    }

    /// All changes but the genesis, each after those it rests on.
    pub fn changes(&self) -> Vec<Change> {
        let own = |change: &automerge::Change| !genesis::is_genesis_actor(change.actor_id());
        self.doc.get_changes(&[]).iter().filter(|change| own(change)).map(to_change).collect()
    }

    /// Writes each answer whose value changes, as one change; `None` if none does. A row's map is made by the
    /// first answer of the row. `unix_ms` is the claimed time and decides nothing.
    ///
    /// # Errors
    /// [`Error::OtherCollection`], [`Error::Value`], [`Error::TooMuchAtOnce`]; the document is unchanged then.
    pub fn apply_edits(&mut self, actor: &Actor, edits: &[Edit], unix_ms: i64) -> Result<Option<Change>, Error> {
        self.check(edits)?;
        self.write(actor, edits, unix_ms, None)
    }

    /// Writes an answer that settles what people answered apart there. The change says so: whoever receives it knows
    /// that this was somebody's decision and not the next edit of one who had seen nothing.
    ///
    /// # Errors
    /// As [`Document::apply_edits`].
    pub fn settle(&mut self, actor: &Actor, edit: &Edit, unix_ms: i64) -> Result<Option<Change>, Error> {
        let edits = std::slice::from_ref(edit);
        self.check(edits)?;
        self.write(actor, edits, unix_ms, Some(format!("{SETTLES}{}", edit.tempat)))
    }

    /// Writes answers that somebody else gave on a phone that was shut out; the change names her device.
    ///
    /// # Errors
    /// As [`Document::apply_edits`].
    pub fn salvage(
        &mut self,
        actor: &Actor,
        edits: &[Edit],
        unix_ms: i64,
        device: &str,
    ) -> Result<Option<Change>, Error> {
        self.check(edits)?;
        self.write(actor, edits, unix_ms, Some(format!("{SALVAGED}{device}")))
    }

    /// Whose answers a change of this document carries, if it was written by [`Document::salvage`].
    pub fn salvaged_from(&self, hash: &[u8; 32]) -> Option<String> {
        let meta = self.doc.get_change_meta_by_hash(&ChangeHash(*hash))?;
        meta.message.as_deref()?.strip_prefix(SALVAGED).map(str::to_owned)
    }

    /// What a change of this document settles, if it was written by [`Document::settle`].
    pub fn settled_by(&self, hash: &[u8; 32]) -> Option<Tempat> {
        let meta = self.doc.get_change_meta_by_hash(&ChangeHash(*hash))?;
        let tempat = Tempat::parse(meta.message.as_deref()?.strip_prefix(SETTLES)?).ok()?;
        (tempat.bagian.koleksi() == self.koleksi).then_some(tempat)
    }

    fn check(&self, edits: &[Edit]) -> Result<(), Error> {
        for Edit { tempat, isi } in edits {
            if tempat.bagian.koleksi() != self.koleksi {
                return Err(Error::OtherCollection(tempat.to_string()));
            }
            if let Isian::Terisi(nilai) = isi {
                let salah = tempat.butir().check(nilai);
                salah.map_err(|salah| Error::Value { jalur: tempat.to_string(), salah })?;
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        actor: &Actor,
        edits: &[Edit],
        unix_ms: i64,
        message: Option<String>,
    ) -> Result<Option<Change>, Error> {
        let mut options = CommitOptions::default().with_time(unix_ms.div_euclid(1000));
        options.message = message;
        let written = catch_unwind(AssertUnwindSafe(|| write(self.doc.clone(), actor, edits, options)));
        let Some((doc, change)) = written.map_err(|_| Error::Panicked)?? else { return Ok(None) };
        // What others would refuse must not be saved here: it would never arrive.
        ChangeChunk::read(&change.bytes).map_err(Error::TooMuchAtOnce)?;
        self.doc = doc;
        Ok(Some(change))
    }

    /// Everything that stands in the document. Keys and containers that this version does not know are passed
    /// over and stay; of rows made twice under one id all answers are read.
    pub fn read(&self) -> Contents {
        let mut contents = Contents::default();
        for bagian in Bagian::of_koleksi(self.koleksi) {
            let Some(container) = object(&self.doc, &ROOT, bagian.nama()) else { continue };
            for item in self.doc.map_range(&container, ..) {
                let key = item.key.as_ref();
                match item.value {
                    ValueRef::Scalar(scalar) if bagian == Bagian::Rumah => {
                        contents.add(bagian, None, key, &scalar);
                    }
                    ValueRef::Scalar(scalar) if bagian.is_flat() => {
                        let Some((baris, kunci)) = key.split_once('.') else { continue };
                        let Ok(baris) = BarisId::parse(baris) else { continue };
                        contents.add(bagian, Some(&baris), kunci, &scalar);
                    }
                    ValueRef::Object(ObjType::Map) => {
                        let Ok(baris) = BarisId::parse(key) else { continue };
                        let rows = if item.conflict { rows(&self.doc, &container, key) } else { vec![item.id()] };
                        self.read_row(&mut contents, bagian, &baris, &rows);
                    }
                    ValueRef::Scalar(_) | ValueRef::Object(_) => {}
                }
            }
        }
        contents
    }

    /// The answers of a row; of rows made twice under one id those of both, the winner's before the other's.
    fn read_row(&self, contents: &mut Contents, bagian: Bagian, baris: &BarisId, rows: &[ObjId]) {
        let mut done: BTreeSet<String> = BTreeSet::new();
        for (nth, row) in rows.iter().rev().enumerate() {
            for item in self.doc.map_range(row, ..) {
                let key = item.key.as_ref();
                let ValueRef::Scalar(scalar) = item.value else { continue };
                if nth > 0 && done.contains(key) {
                    continue;
                }
                contents.add(bagian, Some(baris), key, &scalar);
                if rows.len() > 1 {
                    done.insert(key.to_owned());
                }
            }
        }
    }
}

impl Contents {
    fn add(&mut self, bagian: Bagian, baris: Option<&BarisId>, kunci: &str, scalar: &ScalarValueRef<'_>) {
        let Ok(tempat) = Tempat::new(bagian, baris.cloned(), kunci) else { return };
        match from_scalar(tempat.butir(), scalar) {
            Some(Isian::Kosong) => {}
            Some(isi) => self.butir.push(ButirTerisi { tempat, isi }),
            None => self.asing.push(ButirAsing { jalur: tempat.to_string(), isi: scalar.to_string() }),
        }
    }
}

/// The object under a key, if it is one.
pub(crate) fn object(doc: &impl ReadDoc, parent: &ObjId, key: &str) -> Option<ObjId> {
    match doc.get(parent, key) {
        Ok(Some((Value::Object(ObjType::Map), id))) => Some(id),
        _ => None,
    }
}

/// All maps that were made under one row id, the winner last.
pub(crate) fn rows(doc: &impl ReadDoc, container: &ObjId, baris: &str) -> Vec<ObjId> {
    let all = doc.get_all(container, baris).unwrap_or_default();
    all.into_iter().filter(|(value, _)| matches!(value, Value::Object(ObjType::Map))).map(|(_, id)| id).collect()
}

/// The document with one change more; `None` if no answer changes.
pub(crate) fn write(
    mut doc: Automerge,
    actor: &Actor,
    edits: &[Edit],
    options: CommitOptions,
) -> Result<Option<(Automerge, Change)>, Error> {
    doc.set_actor(ActorId::from(actor.0));
    let mut tx = doc.transaction();
    let mut changed = false;
    let settles = options.message.as_deref().is_some_and(|message| message.starts_with(SETTLES));
    for Edit { tempat, isi } in edits {
        if settles {
            // A decision is an answer of its own: the library would only take the other values away from the one that is
            // shown, and whoever answers meanwhile would pass it over unseen. So another value goes first.
            let other = if isi.is_kosong() { Isian::TidakTahu } else { Isian::Kosong };
            changed |= put(&mut tx, tempat, &other)?;
        }
        changed |= put(&mut tx, tempat, isi)?;
    }
    if !changed {
        return Ok(None);
    }
    tx.commit_with(options);
    let change = doc.get_last_local_change().as_ref().map(to_change);
    Ok(change.map(|change| (doc, change)))
}

fn put(tx: &mut Transaction<'_>, tempat: &Tempat, isi: &Isian<Nilai>) -> Result<bool, Error> {
    let bagian = tempat.bagian;
    let Some(container) = object(tx, &ROOT, bagian.nama()) else { return Err(Error::UnknownGenesis) };
    let baris = match &tempat.baris {
        None => return put_scalar(tx, &container, tempat.kunci, isi),
        Some(baris) if bagian.is_flat() => {
            return put_scalar(tx, &container, &format!("{baris}.{}", tempat.kunci), isi);
        }
        Some(baris) => baris.as_str(),
    };
    let mut rows = rows(tx, &container, baris);
    if rows.is_empty() && !isi.is_kosong() {
        rows.push(tx.put_object(&container, baris, ObjType::Map)?);
    }
    // Of a row made twice under one id, each that has such an answer gets the new one: the difference is settled.
    let has = |row: &ObjId| tx.get(row, tempat.kunci).is_ok_and(|value| value.is_some());
    let with: Vec<_> = rows.iter().filter(|row| has(row)).cloned().collect();
    let rows = if with.is_empty() { rows.split_off(rows.len().saturating_sub(1)) } else { with };
    let mut changed = false;
    for row in rows {
        changed |= put_scalar(tx, &row, tempat.kunci, isi)?;
    }
    Ok(changed)
}

fn put_scalar(tx: &mut Transaction<'_>, object: &ObjId, key: &str, isi: &Isian<Nilai>) -> Result<bool, Error> {
    let new = to_scalar(isi);
    let all = tx.get_all(object, key)?;
    let same = match all.as_slice() {
        [] => isi.is_kosong(),
        [(Value::Scalar(old), _)] => **old == new,
        // Several values stand there: writing one settles the difference.
        _ => false,
    };
    if !same {
        tx.put(object, key, new)?;
    }
    Ok(!same)
}

fn to_change(change: &automerge::Change) -> Change {
    Change { hash: change.hash().0, bytes: change.raw_bytes().to_vec() }
}
