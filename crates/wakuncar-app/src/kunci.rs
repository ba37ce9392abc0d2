//! Where the database's key comes from: the platform's secret store, a passphrase where there is none, or for
//! tests a file beside the database.
//!
//! The way is chosen once, when the folder is made, and written down in it. A folder that has a database never
//! gets another key.

use std::io::Write;
use std::path::Path;

use wakuncar_store::Key;
use zeroize::Zeroizing;

use crate::{Error, acak};

/// File that says how the folder's key is kept.
const CARA: &str = "kunci.json";
/// Key file of a folder for tests.
const BERKAS: &str = "kunci-uji";
const LAYANAN: &str = "id.wakuncar";

/// How the key of a data folder is kept.
#[derive(Debug)]
pub enum KeySource {
    /// In a file beside the database: whoever has the folder can read it. For tests and practice only.
    TestFile,
    /// In the platform's secret store (Credential Manager, Secret Service).
    SecretStore,
    /// Derived from a passphrase with Argon2id.
    Passphrase(Zeroizing<String>),
}

impl KeySource {
    /// The way in which an existing folder keeps its key; `None` for a new folder. A folder that opens with a
    /// passphrase takes it from `passphrase`.
    ///
    /// # Errors
    /// [`Error::PassphraseNeeded`], [`Error::KeyMissing`], [`Error::File`].
    pub fn of_folder(dir: &Path, passphrase: Option<Zeroizing<String>>) -> Result<Option<Self>, Error> {
        let file = dir.join(CARA);
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let database = dir.join(crate::app::DATABASE).exists();
                return if database { Err(Error::KeyMissing) } else { Ok(None) };
            }
            Err(e) => return Err(Error::file(&file)(e)),
        };
        let cara: serde_json::Value = serde_json::from_str(&text).map_err(|_| Error::KeyMissing)?;
        match cara["cara"].as_str() {
            Some("berkas") => Ok(Some(KeySource::TestFile)),
            Some("penyimpan_rahasia") => Ok(Some(KeySource::SecretStore)),
            Some("sandi") => passphrase.map(KeySource::Passphrase).map(Some).ok_or(Error::PassphraseNeeded),
            _ => Err(Error::KeyMissing),
        }
    }

    /// The way of an existing folder, or for a new one the passphrase where one is given, else `baru`.
    ///
    /// # Errors
    /// As [`KeySource::of_folder`].
    pub fn for_folder(dir: &Path, passphrase: Option<Zeroizing<String>>, baru: Self) -> Result<Self, Error> {
        let known = Self::of_folder(dir, passphrase.clone())?;
        Ok(known.unwrap_or_else(|| passphrase.map_or(baru, KeySource::Passphrase)))
    }

    /// The key; made and kept on first use.
    ///
    /// # Errors
    /// [`Error::KeyMissing`] when the folder has a database and its key is gone.
    pub(crate) fn key(&self, dir: &Path) -> Result<Key, Error> {
        let new = !dir.join(CARA).exists();
        match self {
            KeySource::TestFile => test_file(dir, new),
            KeySource::SecretStore => secret_store(dir, new),
            KeySource::Passphrase(passphrase) => derived(dir, passphrase, new),
        }
    }
}

fn test_file(dir: &Path, new: bool) -> Result<Key, Error> {
    let path = dir.join(BERKAS);
    if new {
        let key = Zeroizing::new(acak::bytes::<32>()?);
        write_durably(&path, key.as_slice())?;
        write_cara(dir, &serde_json::json!({"cara": "berkas"}))?;
    }
    let bytes = Zeroizing::new(std::fs::read(&path).map_err(|_| Error::KeyMissing)?);
    Ok(Key::new(bytes.as_slice().try_into().map_err(|_| Error::KeyMissing)?))
}

#[cfg(not(target_os = "android"))]
fn secret_store(dir: &Path, new: bool) -> Result<Key, Error> {
    let salah = |e: keyring::Error| Error::SecretStore(e.to_string());
    let nama = if new {
        let id = acak::bytes::<8>()?;
        id.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    } else {
        read_cara(dir)?["nama"].as_str().unwrap_or_default().to_owned()
    };
    let entry = keyring::Entry::new(LAYANAN, &nama).map_err(salah)?;
    if new {
        let key = Zeroizing::new(acak::bytes::<32>()?);
        entry.set_secret(key.as_slice()).map_err(salah)?;
        // Read back before anything is encrypted with it.
        if Zeroizing::new(entry.get_secret().map_err(salah)?).as_slice() != key.as_slice() {
            return Err(Error::SecretStore("it does not give back what it was given".into()));
        }
        write_cara(dir, &serde_json::json!({"cara": "penyimpan_rahasia", "nama": nama}))?;
    }
    let secret = Zeroizing::new(entry.get_secret().map_err(|e| match e {
        keyring::Error::NoEntry => Error::KeyMissing,
        lain => salah(lain),
    })?);
    Ok(Key::new(secret.as_slice().try_into().map_err(|_| Error::KeyMissing)?))
}

#[cfg(target_os = "android")]
fn secret_store(_dir: &Path, _new: bool) -> Result<Key, Error> {
    Err(Error::SecretStore(format!("{LAYANAN}: the keystore plugin gives the key on Android")))
}

/// Argon2id with 256 MiB (PROTOCOL §3.2: no Secret Service), three passes; a check value tells a wrong
/// passphrase from a damaged database.
fn derived(dir: &Path, passphrase: &str, new: bool) -> Result<Key, Error> {
    let salt = if new { acak::bytes::<16>()? } else { read_hex(&read_cara(dir)?, "garam").ok_or(Error::KeyMissing)? };
    let params = argon2::Params::new(256 * 1024, 3, 1, Some(64)).map_err(|_| Error::Random)?;
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut out = Zeroizing::new([0u8; 64]);
    argon.hash_password_into(passphrase.as_bytes(), &salt, out.as_mut_slice()).map_err(|_| Error::WrongPassphrase)?;
    let check: [u8; 32] = out[32..].try_into().map_err(|_| Error::WrongPassphrase)?;
    if new {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        write_cara(dir, &serde_json::json!({"cara": "sandi", "garam": hex(&salt), "uji": hex(&check)}))?;
    } else if read_hex::<32>(&read_cara(dir)?, "uji") != Some(check) {
        return Err(Error::WrongPassphrase);
    }
    Ok(Key::new(out[..32].try_into().map_err(|_| Error::WrongPassphrase)?))
}

/// Destroys what opens a folder's database, however it is kept. How it was kept stays written down, so that an
/// interrupted destruction can go on; a second call changes nothing.
pub(crate) fn destroy_key(dir: &Path) -> Result<(), Error> {
    let Ok(cara) = read_cara(dir) else { return Ok(()) };
    match cara["cara"].as_str() {
        Some("penyimpan_rahasia") => forget_secret(cara["nama"].as_str().unwrap_or_default())?,
        // Salt and check value go: the passphrase alone opens nothing.
        Some("sandi") => write_cara(dir, &serde_json::json!({"cara": "sandi"}))?,
        _ => {
            let path = dir.join(BERKAS);
            if path.exists() {
                // Overwritten first: a removed file may be found again.
                write_in_place(&path, &acak::bytes::<32>()?)?;
                std::fs::remove_file(&path).map_err(Error::file(&path))?;
            }
        }
    }
    Ok(())
}

/// The folder becomes a new one.
pub(crate) fn forget_way(dir: &Path) -> Result<(), Error> {
    let path = dir.join(CARA);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(&path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(not(target_os = "android"))]
fn forget_secret(nama: &str) -> Result<(), Error> {
    let salah = |e: keyring::Error| Error::SecretStore(e.to_string());
    match keyring::Entry::new(LAYANAN, nama).map_err(salah)?.delete_credential() {
        Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(lain) => Err(salah(lain)),
    }
}

#[cfg(target_os = "android")]
fn forget_secret(_nama: &str) -> Result<(), Error> {
    Err(Error::SecretStore(format!("{LAYANAN}: the keystore plugin gives the key on Android")))
}

fn write_in_place(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).map_err(Error::file(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::file(path))
}

fn read_cara(dir: &Path) -> Result<serde_json::Value, Error> {
    let text = std::fs::read_to_string(dir.join(CARA)).map_err(|_| Error::KeyMissing)?;
    serde_json::from_str(&text).map_err(|_| Error::KeyMissing)
}

fn read_hex<const N: usize>(cara: &serde_json::Value, nama: &str) -> Option<[u8; N]> {
    let hex = cara[nama].as_str().filter(|hex| hex.len() == N * 2 && hex.is_ascii())?;
    let mut bytes = [0; N];
    for (byte, i) in bytes.iter_mut().zip((0..N * 2).step_by(2)) {
        *byte = u8::from_str_radix(&hex[i..i + 2], 16).ok()?;
    }
    Some(bytes)
}

fn write_cara(dir: &Path, cara: &serde_json::Value) -> Result<(), Error> {
    write_durably(&dir.join(CARA), cara.to_string().as_bytes())
}

/// A file readable by its owner only, whole or not there at all.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = path.with_extension("baru");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary).map_err(Error::file(&temporary))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::file(&temporary))?;
    std::fs::rename(&temporary, path).map_err(Error::file(path))?;
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        std::fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(Error::file(path))?;
    }
    Ok(())
}
