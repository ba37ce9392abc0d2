//! Whether this may be an old copy of the device (PROTOCOL §2.15 b).
//!
//! A device that was put back from an old copy has numbered entries that its file does not know: writing on would fork
//! its logs, and a forked device is frozen. So a stamp stands in the database and in a file beside it, renewed at each
//! clean start; the database also knows which file that was. Who finds them apart asks first: what the relay or the hub
//! has of the own logs is taken over, then the device writes on. A start after the machine was started anew asks as well,
//! since a whole disk may have been put back; that only costs a question, and nothing is refused until then.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use wakuncar_store::Store;

use crate::app::DATABASE;
use crate::{App, Error, acak};

/// The file with the stamp, and the setting.
pub(crate) const STAMP: &str = "cap";
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

/// How sure this device is that it is the newest of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ragu {
    /// Stamp and start agree.
    Tidak,
    /// The machine was started since, or does not tell.
    Mulai,
    /// The database and the file beside it are not of one time.
    Salinan,
}

/// Refuses to begin anew where a database has been: it is gone, and SQLite would make an empty one without a word.
pub(crate) fn check_database(dir: &Path) -> Result<(), Error> {
    let there = std::fs::metadata(dir.join(DATABASE)).is_ok_and(|file| file.len() > 0);
    if !there && dir.join(STAMP).exists() {
        return Err(Error::damaged(DATABASE));
    }
    Ok(())
}

impl Ragu {
    /// Compares the stamps at a start; where they agree they are renewed.
    pub(crate) fn at_start(store: &mut Store, dir: &Path) -> Result<Self, Error> {
        let mut found = Vec::new();
        let _ = File::open(dir.join(STAMP)).and_then(|mut file| file.read_to_end(&mut found));
        let Some(known) = store.setting(STAMP)? else {
            // A first start that was cut short leaves a first stamp, which follows none.
            if found.get(16..32).is_some_and(|before| before != [0; 16]) {
                return Err(Error::damaged(DATABASE));
            }
            renew(store, dir)?;
            return Ok(Self::Tidak);
        };
        let of_file = |found: &[u8]| found.get(..64).map(<[u8]>::to_vec);
        let Some(found) = of_file(&found) else { return Ok(Self::Salinan) };
        let stamp = known.get(..16).unwrap_or_default();
        let same_file = known.get(16..24) == Some(&identity(&dir.join(STAMP))[..]);
        // The file is written first: it holds the new stamp and the one before.
        if !same_file || (stamp != &found[..16] && stamp != &found[16..32]) {
            return Ok(Self::Salinan);
        }
        if boot().is_none_or(|boot| boot != found[32..64]) {
            return Ok(Self::Mulai);
        }
        renew(store, dir)?;
        Ok(Self::Tidak)
    }
}

impl App {
    /// A relay or hub was asked for everything it has of the own logs, and all of it is here.
    pub(crate) fn settle_doubt(&mut self) -> Result<(), Error> {
        if self.ragu != Ragu::Tidak {
            renew(&mut self.store, &self.dir)?;
            self.ragu = Ragu::Tidak;
        }
        Ok(())
    }

    /// Refuses to write control entries while the own logs may be longer than is known here.
    pub(crate) fn check_stamp(&self) -> Result<(), Error> {
        if self.ragu == Ragu::Salinan { Err(Error::PerluTanya) } else { Ok(()) }
    }
}

fn renew(store: &mut Store, dir: &Path) -> Result<(), Error> {
    let path = dir.join(STAMP);
    let (new, before) = (acak::bytes::<16>()?, store.setting(STAMP)?.unwrap_or_default());
    let mut stamps = [0; 64];
    stamps[..16].copy_from_slice(&new);
    if let Some(before) = before.get(..16) {
        stamps[16..32].copy_from_slice(before);
    }
    stamps[32..].copy_from_slice(&boot().unwrap_or_default());
    let write = |stamps: &[u8]| -> std::io::Result<()> {
        // In its place: another file would be another identity.
        let mut file = File::options().write(true).create(true).truncate(false).open(&path)?;
        file.write_all(stamps)?;
        file.sync_all()
    };
    write(&stamps).map_err(Error::file(&path))?;
    let known = [new.as_slice(), &identity(&path)].concat();
    store.write::<_, Error>(|tx| Ok(tx.set_setting(STAMP, &known)?))
}

/// What tells the machine's start from the one before.
fn boot() -> Option<[u8; 32]> {
    #[cfg(feature = "simulasi")]
    if let Some(boot) = crate::simulasi::boot() {
        return Some(boot);
    }
    let text = std::fs::read(BOOT).ok()?;
    Some(*blake3::hash(&text).as_bytes())
}

/// What tells a file from a copy of it; zeros where the system does not say.
fn identity(path: &Path) -> [u8; 8] {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).map_or([0; 8], |of| of.ino().to_be_bytes())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        [0; 8]
    }
}
