//! A saved document that another program has edited and given back.
//!
//! What that program wrote is not taken over: its changes have foreign actors, texts instead of scalars, whole maps
//! in place of one answer, and nobody's signature. Read is what it edited, i.e. how its state differs from the one
//! in which the file left us; that is recorded anew as one change of this device, resting on just that state, so
//! that an answer which was changed here meanwhile keeps both values like any other answer given apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::CommitOptions;
use automerge::{Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value, ValueRef};
use sha2::{Digest, Sha256};
use thiserror::Error;
use wakuncar_domain::{
    Bagian, BarisId, ButirTerisi, Edit, Isian, JawabanSalah, Koleksi, Nilai, Rumah, RumahId, Tempat,
};

use crate::document::{object, rows, write};
use crate::scalar::{from_scalar, to_scalar};
use crate::{Actor, Change, Conflict, Document, Error, Outcome, Refusal, genesis, saved};

/// Longest piece of a refused value that is shown, in characters.
const SHOWN: usize = 60;

/// Why nothing at all is taken from a file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ForeignFile {
    /// Not one whole saved document, or larger than a house can be.
    #[error("not a saved document: {0}")]
    NotADocument(Refusal),
    /// The library cannot read it.
    #[error("the CRDT library cannot read it: {0}")]
    Unreadable(String),
    /// It does not begin with the genesis of this collection.
    #[error("not a household document of this collection")]
    UnknownGenesis,
    /// Nothing that was recorded in this house is in it.
    #[error("it shares no history with this house")]
    OtherHistory,
}

/// Why an edit was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlaceRefusal {
    /// There is no such item, or no such row can be.
    #[error("no such item")]
    Unknown,
    /// Rows and parts are never taken away or replaced; one that ends gets the day on which it does.
    #[error("rows are ended by a day, never taken away")]
    Gone,
    /// The value does not fit the item.
    #[error(transparent)]
    Value(#[from] JawabanSalah),
}

/// An edit that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPlace {
    /// Where, as written in the file.
    pub jalur: String,
    /// The beginning of what stands there; empty where something is gone.
    pub isi: String,
    /// Why.
    pub sebab: PlaceRefusal,
}

/// What a file brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakenEdits {
    /// The edits, recorded as this device's own.
    pub edits: Vec<Edit>,
    /// Those of them whose answer had been changed here meanwhile to something else; both values stand.
    pub conflicts: Vec<Conflict>,
    /// What was not taken.
    pub refused: Vec<RefusedPlace>,
    /// The change that holds the edits; none if there is nothing new.
    pub change: Option<Change>,
}

impl Document {
    /// Takes the edits of a file that was saved from this document and edited by another program. `actor` must be a
    /// new one: its change rests on what the file knew, not on this device's last change. The same file again
    /// changes nothing, even after its answers were changed here.
    ///
    /// # Errors
    /// [`Error::Foreign`], [`Error::TooMuchAtOnce`]; the document is unchanged then.
    pub fn take_edits(&mut self, actor: &Actor, file: &[u8], unix_ms: i64) -> Result<TakenEdits, Error> {
        saved::inspect_file(file).map_err(ForeignFile::NotADocument)?;
        let panicked = |_| ForeignFile::Unreadable("it panicked".into());
        let read = catch_unwind(AssertUnwindSafe(|| self.compare(file))).map_err(panicked)??;
        let Compared { base, label, edits, refused } = read;
        let mut taken = TakenEdits { refused, ..TakenEdits::default() };
        let again = self.doc.get_changes_meta(&[]).iter().any(|meta| meta.message.as_deref() == Some(label.as_str()));
        if again || edits.is_empty() {
            return Ok(taken);
        }
        let options = CommitOptions::default().with_time(unix_ms.div_euclid(1000)).with_message(label);
        let written = catch_unwind(AssertUnwindSafe(|| write(base, actor, &edits, options)));
        let Some((_, change)) = written.map_err(|_| Error::Panicked)?? else { return Ok(taken) };
        // The way of every other change: what the guard would refuse elsewhere must not be saved here.
        match self.receive(actor.device_prefix(), &[&change.bytes]) {
            Outcome::Applied(_) => {}
            Outcome::Waiting => return Err(Error::TooMuchAtOnce(Refusal::History)),
            Outcome::Refused(refusal) => return Err(Error::TooMuchAtOnce(refusal)),
        }
        let edited = |conflict: &Conflict| edits.iter().any(|edit| edit.tempat == conflict.tempat);
        taken.conflicts = self.conflicts().into_iter().filter(edited).collect();
        taken.edits = edits;
        taken.change = Some(change);
        Ok(taken)
    }

    /// What the file's program edited. Only reads; runs inside `catch_unwind`.
    fn compare(&self, file: &[u8]) -> Result<Compared, Error> {
        let unreadable = |error: automerge::AutomergeError| ForeignFile::Unreadable(error.to_string());
        let foreign = Automerge::load(file).map_err(unreadable)?;
        if !genesis::is_known(&foreign, self.koleksi)? {
            return Err(ForeignFile::UnknownGenesis.into());
        }
        let base = self.doc.fork_at(&self.known_heads(&foreign)?)?;
        let (before, after) = (Survey::new(&base, self.koleksi), Survey::new(&foreign, self.koleksi));
        let mut compared = Compared { label: label(&foreign), base, edits: Vec::new(), refused: Vec::new() };
        let mut gone = BTreeSet::new();
        let paths: BTreeSet<&Vec<String>> = before.leaves.keys().chain(after.leaves.keys()).collect();
        for path in paths {
            let (old, new) = (before.leaves.get(path), after.leaves.get(path));
            if old == new {
                continue;
            }
            let parent = &path[..path.len() - 1];
            if new.is_none() && before.objects.get(parent) != after.objects.get(parent) {
                gone.insert(parent);
                continue;
            }
            match self.edit(path, old, new) {
                // The same answer may have been given here meanwhile.
                Ok(Some(edit)) if values(&self.doc, &edit.tempat) == [to_scalar(&edit.isi)] => {}
                Ok(Some(edit)) => compared.edits.push(edit),
                Ok(None) => {}
                Err(sebab) => {
                    let isi = new.map(Leaf::shown).unwrap_or_default();
                    compared.refused.push(RefusedPlace { jalur: path.join("/"), isi, sebab });
                }
            }
        }
        compared.refused.extend(gone.into_iter().map(|parent| RefusedPlace {
            jalur: parent.join("/"),
            isi: String::new(),
            sebab: PlaceRefusal::Gone,
        }));
        Ok(compared)
    }

    /// The state in which the file left us: the newest of its changes that are also ours.
    fn known_heads(&self, foreign: &Automerge) -> Result<Vec<ChangeHash>, Error> {
        let genesis = genesis::hash(self.koleksi)?;
        let mut heads = BTreeSet::new();
        let mut recorded = false;
        // Each after those it rests on.
        for meta in foreign.get_changes_meta(&[]) {
            if self.doc.get_change_meta_by_hash(&meta.hash).is_none() {
                continue;
            }
            for dep in &meta.deps {
                heads.remove(dep);
            }
            recorded |= meta.hash != genesis;
            heads.insert(meta.hash);
        }
        if recorded { Ok(heads.into_iter().collect()) } else { Err(ForeignFile::OtherHistory.into()) }
    }

    /// The edit that makes an answer what stands in the file; `None` if the answer is the same, only written in
    /// another way.
    fn edit(&self, path: &Path, old: Option<&Leaf>, new: Option<&Leaf>) -> Result<Option<Edit>, PlaceRefusal> {
        let tempat = place(self.koleksi, path).ok_or(PlaceRefusal::Unknown)?;
        let isi = match new {
            Some(leaf) => leaf.answer(&tempat)?,
            None => Isian::Kosong,
        };
        let butir = ButirTerisi { tempat: tempat.clone(), isi: isi.clone() };
        if !Rumah::from_butir(RumahId::from_bytes([0; 16]), [butir]).asing.is_empty() {
            return Err(PlaceRefusal::Unknown);
        }
        let same = match old {
            Some(old) => old.answer(&tempat).as_ref() == Ok(&isi),
            None => isi.is_kosong(),
        };
        Ok((!same).then_some(Edit { tempat, isi }))
    }
}

/// The state in which a file left us, and what was edited there.
struct Compared {
    base: Automerge,
    label: String,
    edits: Vec<Edit>,
    refused: Vec<RefusedPlace>,
}

/// Keys from the root down.
type Path = [String];

/// What stands in a document, place by place, in whatever shape another program left it. Goes no deeper than
/// answers can stand.
#[derive(Default)]
struct Survey {
    objects: BTreeMap<Vec<String>, ObjId>,
    leaves: BTreeMap<Vec<String>, Leaf>,
}

impl Survey {
    fn new(doc: &Automerge, koleksi: Koleksi) -> Self {
        let mut survey = Self::default();
        survey.objects.insert(Vec::new(), ROOT);
        let mut open = vec![(Vec::new(), ROOT)];
        while let Some((path, id)) = open.pop() {
            for item in doc.map_range(&id, ..) {
                let mut at = path.clone();
                at.push(item.key.to_string());
                match item.value {
                    ValueRef::Object(ObjType::Map) if holds(koleksi, &at) => {
                        survey.objects.insert(at.clone(), item.id());
                        open.push((at, item.id()));
                    }
                    ValueRef::Object(ObjType::Text) => {
                        let teks = doc.text(item.id()).unwrap_or_default();
                        survey.leaves.insert(at, Leaf::Scalar(ScalarValue::Str(teks.into())));
                    }
                    ValueRef::Object(_) => {
                        survey.leaves.insert(at, Leaf::Object(item.id()));
                    }
                    ValueRef::Scalar(scalar) => {
                        survey.leaves.insert(at, Leaf::Scalar(scalar.into()));
                    }
                }
            }
        }
        survey
    }
}

/// Whether a map belongs at a path: a part, or a row of a part that has rows.
fn holds(koleksi: Koleksi, path: &Path) -> bool {
    let bagian = path.first().and_then(|nama| Bagian::of_koleksi(koleksi).find(|bagian| bagian.nama() == nama));
    bagian.is_some_and(|bagian| path.len() == 1 || path.len() == 2 && bagian != Bagian::Rumah && !bagian.is_flat())
}

/// The place that keys name, if they name one.
fn place(koleksi: Koleksi, path: &Path) -> Option<Tempat> {
    let (nama, rest) = path.split_first()?;
    let bagian = Bagian::of_koleksi(koleksi).find(|bagian| bagian.nama() == nama)?;
    let (baris, kunci) = match rest {
        [kunci] if bagian == Bagian::Rumah => (None, kunci.as_str()),
        [key] if bagian.is_flat() => {
            let (baris, kunci) = key.split_once('.')?;
            (Some(baris), kunci)
        }
        [baris, kunci] => (Some(baris.as_str()), kunci.as_str()),
        _ => return None,
    };
    let baris = baris.map(BarisId::parse).transpose().ok()?;
    Tempat::new(bagian, baris, kunci).ok()
}

/// A value where an answer stands; a text counts as the scalar of its letters.
#[derive(PartialEq)]
enum Leaf {
    Scalar(ScalarValue),
    Object(ObjId),
}

impl Leaf {
    fn answer(&self, tempat: &Tempat) -> Result<Isian<Nilai>, JawabanSalah> {
        let butir = tempat.butir();
        let scalar = match self {
            Leaf::Scalar(ScalarValue::Str(teks)) => return butir.parse(teks),
            Leaf::Scalar(scalar) => scalar,
            Leaf::Object(_) => return Err(JawabanSalah::JenisLain),
        };
        let isi = from_scalar(butir, &scalar.clone().into()).ok_or(JawabanSalah::JenisLain)?;
        if let Isian::Terisi(nilai) = &isi {
            butir.check(nilai)?;
        }
        Ok(isi)
    }

    fn shown(&self) -> String {
        match self {
            Leaf::Scalar(ScalarValue::Str(teks)) => teks.chars().take(SHOWN).collect(),
            Leaf::Scalar(scalar) => scalar.to_string().chars().take(SHOWN).collect(),
            Leaf::Object(_) => String::new(),
        }
    }
}

/// Every scalar that stands at a place, in all rows of that id.
fn values(doc: &Automerge, tempat: &Tempat) -> Vec<ScalarValue> {
    let bagian = tempat.bagian;
    let Some(container) = object(doc, &ROOT, bagian.nama()) else { return Vec::new() };
    let (objects, key) = match &tempat.baris {
        None => (vec![container], tempat.kunci.to_owned()),
        Some(baris) if bagian.is_flat() => (vec![container], format!("{baris}.{}", tempat.kunci)),
        Some(baris) => (rows(doc, &container, baris.as_str()), tempat.kunci.to_owned()),
    };
    let all = objects.iter().flat_map(|object| doc.get_all(object, &key).unwrap_or_default());
    all.filter_map(|(value, _)| if let Value::Scalar(scalar) = value { Some(scalar.into_owned()) } else { None })
        .collect()
}

/// Names a state of a file in the change that takes its edits, so that the same file is known when it comes again.
fn label(foreign: &Automerge) -> String {
    let mut heads = foreign.get_heads();
    heads.sort_unstable();
    let mut hash = Sha256::new();
    heads.iter().for_each(|head| hash.update(head.0));
    let mut label = String::from("berkas ");
    for byte in &hash.finalize()[..16] {
        let _ = write!(label, "{byte:02x}");
    }
    label
}
