//! Both values of an answer that two people gave apart.

use std::collections::{BTreeMap, HashSet};

use automerge::{Automerge, ObjId, ROOT, ReadDoc, Value, ValueRef};
use wakuncar_domain::{Bagian, BarisId, Isian, Nilai, Tempat};

use crate::Document;
use crate::document::{object, rows};
use crate::scalar::from_scalar;

/// One of the values, with who wrote it and when by her own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The answer, `Kosong` where somebody took it away; as text what this version cannot read.
    pub isi: Result<Isian<Nilai>, String>,
    /// First 8 bytes of the writer's device id.
    pub device_prefix: [u8; 8],
    /// Claimed time in Unix seconds.
    pub unix_s: i64,
}

/// An answer with more than one value; the document shows the last of them until somebody settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Where.
    pub tempat: Tempat,
    /// The different values, in the library's order (the shown one last). At least two.
    pub candidates: Vec<Candidate>,
}

impl Document {
    /// Every answer with two or more different values. Equal values given apart are no difference.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut all = Vec::new();
        for bagian in Bagian::of_koleksi(self.koleksi) {
            let Some(container) = object(&self.doc, &ROOT, bagian.nama()) else { continue };
            for item in self.doc.map_range(&container, ..) {
                let key = item.key.as_ref();
                match item.value {
                    ValueRef::Scalar(_) if item.conflict && bagian == Bagian::Rumah => {
                        self.add(&mut all, bagian, None, key, std::slice::from_ref(&container), key);
                    }
                    ValueRef::Scalar(_) if item.conflict && bagian.is_flat() => {
                        let Some((baris, kunci)) = key.split_once('.') else { continue };
                        self.add(
                            &mut all,
                            bagian,
                            BarisId::parse(baris).ok(),
                            kunci,
                            std::slice::from_ref(&container),
                            key,
                        );
                    }
                    ValueRef::Object(_) => {
                        let Ok(baris) = BarisId::parse(key) else { continue };
                        let rows = if item.conflict { rows(&self.doc, &container, key) } else { vec![item.id()] };
                        self.add_row(&mut all, bagian, &baris, &rows);
                    }
                    ValueRef::Scalar(_) => {}
                }
            }
        }
        all
    }

    /// The answers of a row; of rows made twice under one id their answers are compared.
    fn add_row(&self, all: &mut Vec<Conflict>, bagian: Bagian, baris: &BarisId, rows: &[ObjId]) {
        let mut keys: BTreeMap<String, bool> = BTreeMap::new();
        for row in rows {
            for item in self.doc.map_range(row, ..) {
                let twice = keys.contains_key(item.key.as_ref());
                keys.insert(item.key.to_string(), twice || item.conflict);
            }
        }
        for (key, _) in keys.iter().filter(|(_, suspect)| **suspect) {
            self.add(all, bagian, Some(baris.clone()), key, rows, key);
        }
    }

    fn add(
        &self,
        all: &mut Vec<Conflict>,
        bagian: Bagian,
        baris: Option<BarisId>,
        kunci: &str,
        objects: &[ObjId],
        key: &str,
    ) {
        let Ok(tempat) = Tempat::new(bagian, baris, kunci) else { return };
        let standing = objects.iter().flat_map(|object| self.doc.get_all(object, key).unwrap_or_default());
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut seen = HashSet::new();
        // Of equal values the last is kept.
        for (value, id) in standing.collect::<Vec<_>>().iter().rev() {
            let Some(candidate) = candidate(&self.doc, &tempat, value, id) else { continue };
            if seen.insert(candidate.isi.clone()) {
                candidates.push(candidate);
            }
        }
        candidates.reverse();
        if candidates.len() > 1 {
            all.push(Conflict { tempat, candidates });
        }
    }
}

fn candidate(doc: &Automerge, tempat: &Tempat, value: &Value<'_>, id: &ObjId) -> Option<Candidate> {
    let Value::Scalar(scalar) = value else { return None };
    let isi = from_scalar(tempat.butir(), &scalar.as_ref().clone().into()).ok_or_else(|| scalar.to_string());
    let meta = doc.get_change_meta_by_hash(&doc.hash_for_opid(id)?)?;
    let actor = meta.actor.to_bytes();
    Some(Candidate { isi, device_prefix: actor.get(..8)?.try_into().ok()?, unix_s: meta.timestamp })
}
