//! The data folder behind the window.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use wakuncar_app::api::dispatch;
use wakuncar_app::{App, Error, Galat, KeySource};

/// A data folder that is opened at the first call, and at each further one until it opens: the page can say what is
/// wrong, and that it was put right.
pub(crate) struct Ruang {
    dir: PathBuf,
    /// How a new folder keeps its key: one named by `WAKUNCAR_DATA_DIR` (tests, practice) in a file, the user's own
    /// in the platform's secret store.
    baru: fn() -> KeySource,
    app: Mutex<Option<Arc<Mutex<App>>>>,
}

impl Ruang {
    pub(crate) fn new(named: Option<PathBuf>, own: PathBuf) -> Self {
        let (dir, baru): (_, fn() -> KeySource) = match named {
            Some(dir) => (dir, || KeySource::TestFile),
            None => (own, || KeySource::SecretStore),
        };
        Self { dir, baru, app: Mutex::new(None) }
    }

    pub(crate) fn panggil(&self, perintah: &str, isi: Value) -> Result<Value, Galat> {
        let app = self.app().map_err(|error| Galat::from(&error))?;
        dispatch(&app, perintah, isi)
    }

    fn app(&self) -> Result<Arc<Mutex<App>>, Error> {
        let mut app = self.app.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(app) = &*app {
            return Ok(Arc::clone(app));
        }
        let opened = open(&self.dir, (self.baru)())?;
        Ok(Arc::clone(app.insert(Arc::new(Mutex::new(opened)))))
    }
}

/// Where there is no secret store, the key comes from the passphrase in `WAKUNCAR_SANDI`, as at the prompt.
fn open(dir: &Path, baru: KeySource) -> Result<App, Error> {
    let sandi = std::env::var("WAKUNCAR_SANDI").ok().map(Into::into);
    App::open(dir, &KeySource::for_folder(dir, sandi, baru)?)
}
