//! Taking back a house that was exported and edited with another Automerge program.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;
use wakuncar_document::{Candidate, Conflict, MAX_SAVED, PlaceRefusal, TakenEdits};
use wakuncar_domain::{Koleksi, RumahId, Temuan};
use wakuncar_exchange::KodeTolakan;

use crate::json::isian_json;
use crate::log::candidates_text;
use crate::{App, Error, acak, clock};

/// What a file brought.
#[derive(Debug, Clone, PartialEq)]
pub struct HasilAutomerge {
    /// The house.
    pub rumah: RumahId,
    /// The collection.
    pub koleksi: Koleksi,
    /// The edits that were recorded as this device's own: place and answer.
    pub diambil: Vec<(String, Value)>,
    /// Those of them whose answer had been changed here meanwhile.
    pub benturan: Vec<Benturan>,
    /// What was not taken.
    pub ditolak: Vec<Ditolak>,
    /// What is odd or impossible in the house now.
    pub temuan: Vec<Temuan>,
}

/// An answer that was changed here and in the file; both values stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Benturan {
    /// Where.
    pub tempat: String,
    /// The values, the shown one last.
    pub calon: Vec<Value>,
}

/// An edit that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ditolak {
    /// Where, as written in the file.
    pub tempat: String,
    /// The beginning of what stands there.
    pub isi: String,
    sebab: PlaceRefusal,
}

impl Ditolak {
    /// The code in JSON.
    pub fn kode(&self) -> &'static str {
        match &self.sebab {
            PlaceRefusal::Unknown => "butir_asing",
            PlaceRefusal::Gone => "dihapus",
            PlaceRefusal::Value(salah) => KodeTolakan::Jawaban(salah.clone()).kode(),
        }
    }

    /// The reason and the remedy.
    pub fn alasan(&self) -> String {
        match &self.sebab {
            PlaceRefusal::Unknown => "Butir ini tidak dikenal di sini.".into(),
            PlaceRefusal::Gone => "Baris tidak pernah dihapus. Isi keluar_tgl dan keluar_alasan.".into(),
            PlaceRefusal::Value(salah) => KodeTolakan::Jawaban(salah.clone()).alasan(),
        }
    }
}

impl App {
    /// Takes the edits of a file that [`App::ekspor`] wrote and another program edited. They are recorded as this
    /// device's own, like a register that the office already has ([`Izin::Register`](crate::Izin::Register)); the
    /// file's changes themselves are not kept. The same file again changes nothing.
    ///
    /// # Errors
    /// [`Error::NamaBerkas`], [`Error::NoSuchRumah`], [`Error::Foreign`], [`Error::File`], [`Error::Store`]; nothing
    /// is changed then.
    pub fn impor_automerge(&mut self, berkas: &Path) -> Result<HasilAutomerge, Error> {
        let (id, koleksi) = named(berkas)
            .ok_or_else(|| Error::NamaBerkas(berkas.file_name().unwrap_or_default().display().to_string()))?;
        self.rumah(id)?;
        let mut bytes = Vec::new();
        let file = File::open(berkas).map_err(Error::file(berkas))?;
        file.take(MAX_SAVED as u64 + 1).read_to_end(&mut bytes).map_err(Error::file(berkas))?;
        let done = self.try_impor_automerge(id, koleksi, &bytes);
        if done.is_err() {
            // The loaded document may hold edits that are not on the disk; it must not be built upon.
            self.documents.clear();
        }
        done
    }

    fn try_impor_automerge(&mut self, id: RumahId, koleksi: Koleksi, bytes: &[u8]) -> Result<HasilAutomerge, Error> {
        let unix_ms = clock::unix_ms();
        self.trim_documents();
        let actor = self.actor.with_salt(acak::bytes()?);
        let document = self.document(id, koleksi)?;
        let TakenEdits { edits, conflicts, refused, change } = document.take_edits(&actor, bytes, unix_ms)?;
        let (body, heads) = (document.save(), document.heads());
        let rumah = self.read_rumah(id)?;
        let temuan = rumah.temuan(clock::today());
        if let Some(change) = change {
            self.store.write::<_, Error>(|tx| {
                tx.put_change(id, koleksi, &change.hash, &change.bytes, true, unix_ms)?;
                tx.put_document(id, koleksi, &body, &heads)?;
                for conflict in &conflicts {
                    tx.put_konflik(id, &conflict.tempat.to_string(), &candidates_text(conflict))?;
                }
                Ok(tx.put_rumah(&rumah, &temuan)?)
            })?;
        }
        let ditolak = refused.into_iter().map(|r| Ditolak { tempat: r.jalur, isi: r.isi, sebab: r.sebab });
        Ok(HasilAutomerge {
            rumah: id,
            koleksi,
            diambil: edits.iter().map(|edit| (edit.tempat.to_string(), isian_json(&edit.isi))).collect(),
            benturan: conflicts.iter().map(benturan).collect(),
            ditolak: ditolak.collect(),
            temuan,
        })
    }
}

/// House and collection of a file by its name, `{id}.{collection}.automerge`.
fn named(berkas: &Path) -> Option<(RumahId, Koleksi)> {
    let nama = berkas.file_name()?.to_str()?.strip_suffix(".automerge")?;
    let (id, koleksi) = nama.split_once('.')?;
    let koleksi = Koleksi::MILIK_RUMAH.into_iter().find(|satu| satu.nama() == koleksi)?;
    Some((RumahId::parse(id).ok()?, koleksi))
}

fn benturan(conflict: &Conflict) -> Benturan {
    let calon = conflict.candidates.iter().map(isi);
    Benturan { tempat: conflict.tempat.to_string(), calon: calon.collect() }
}

fn isi(candidate: &Candidate) -> Value {
    candidate.isi.as_ref().map_or_else(|asing| asing.clone().into(), isian_json)
}
