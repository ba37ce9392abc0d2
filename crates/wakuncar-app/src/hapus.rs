//! A folder whose data are destroyed on the kelurahan's order: the key first, so that what is left cannot be read even
//! if the power fails in the middle; then the files (PROTOCOL §2.16).
//!
//! What was handed over stays beside it: it is sealed to the office. A note says why the folder is empty.

use std::path::{Path, PathBuf};

use serde_json::json;
use wakuncar_store::Store;

use crate::api::rekap::KELUARAN;
use crate::app::DATABASE;
use crate::kunci::{destroy_key, forget_way, write_durably};
use crate::log::{Diri, STAMP};
use crate::{App, Error};

/// The note: written before anything is destroyed, closed when all of it is.
const NOTE: &str = "dihapus.json";

/// Whether data were destroyed in this folder and nobody has joined with it since.
pub(crate) fn is_noted(dir: &Path) -> bool {
    dir.join(NOTE).exists()
}

/// The folder begins anew.
pub(crate) fn forget(dir: &Path) {
    let _ = std::fs::remove_file(dir.join(NOTE));
}

/// Goes on where a power cut stopped it; called before the key is looked for.
pub(crate) fn finish(dir: &Path) -> Result<(), Error> {
    let path = dir.join(NOTE);
    let note = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok());
    let Some(mut note) = note.filter(|note| note["selesai"] != true) else { return Ok(()) };
    destroy_key(dir)?;
    for file in files(dir) {
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::file(&file)(error)),
            Ok(()) | Err(_) => {}
        }
    }
    // Books that were written for people are in clear.
    let books = dir.join(KELUARAN);
    match std::fs::remove_dir_all(&books) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::file(&books)(error)),
        Ok(()) | Err(_) => {}
    }
    forget_way(dir)?;
    note["selesai"] = true.into();
    write_durably(&path, note.to_string().as_bytes())
}

/// The database with everything that SQLite and we keep beside it.
fn files(dir: &Path) -> Vec<PathBuf> {
    let database = dir.join(DATABASE);
    let beside = ["-wal", "-shm", "-journal"].map(|end| dir.join(format!("{DATABASE}{end}")));
    // The stamp says that a database was here; whoever begins anew begins without it.
    let alone = [database.clone(), database.with_extension("sebelum-pembaruan"), dir.join(STAMP)];
    alone.into_iter().chain(beside).collect()
}

impl App {
    /// Destroys key and data. From now on this process has nothing, and records nothing.
    pub(crate) fn destroy(&mut self) -> Result<(), Error> {
        let kelurahan = self.kelurahan().map(|kelurahan| kelurahan.nama).unwrap_or_default();
        let note = json!({"kelurahan": kelurahan, "selesai": false});
        write_durably(&self.dir().join(NOTE), note.to_string().as_bytes())?;
        self.dihapus = true;
        self.documents.clear();
        // Closes the file; what stands in its place is empty and goes with this process.
        self.store = Store::in_memory()?;
        self.diri = Diri::open(&mut self.store)?;
        finish(self.dir())
    }
}
