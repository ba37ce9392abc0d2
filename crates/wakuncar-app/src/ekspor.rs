//! Households as files that outlive this program.

use std::path::Path;

use wakuncar_domain::Koleksi;

use crate::{App, Error, rumah_json};

impl App {
    /// Writes each house as `{id}.{collection}.automerge` and `{id}.json` into a folder; the number of houses.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Store`].
    pub fn ekspor(&mut self, dir: &Path) -> Result<usize, Error> {
        std::fs::create_dir_all(dir).map_err(Error::file(dir))?;
        let semua = self.store.semua_rumah()?;
        for id in &semua {
            for koleksi in Koleksi::MILIK_RUMAH {
                if let Some(bytes) = self.store.document(*id, koleksi)? {
                    let path = dir.join(format!("{id}.{}.automerge", koleksi.nama()));
                    std::fs::write(&path, bytes).map_err(Error::file(&path))?;
                }
            }
            let path = dir.join(format!("{id}.json"));
            let json = rumah_json(&self.rumah(*id)?);
            std::fs::write(&path, format!("{json:#}\n")).map_err(Error::file(&path))?;
        }
        Ok(semua.len())
    }
}
