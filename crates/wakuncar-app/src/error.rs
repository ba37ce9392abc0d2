//! What can go wrong in the application, with codes for screens and prompts.

use thiserror::Error;

/// An error about the application; what is odd in a record is a finding instead.
#[derive(Debug, Error)]
pub enum Error {
    /// Another process works on this folder.
    #[error("another program is using this data folder; close it first")]
    InUse,
    /// The folder has a database, and its key is not where it was kept.
    #[error("the key of this data folder is missing; nothing was changed")]
    KeyMissing,
    /// The platform's secret store does not answer.
    #[error("the secret store of this computer does not answer: {0}; set a passphrase instead")]
    SecretStore(String),
    /// The passphrase is not the one of this folder.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// A passphrase is needed and was not given.
    #[error("this data folder opens with a passphrase")]
    PassphraseNeeded,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random,
    /// The database.
    #[error(transparent)]
    Store(#[from] wakuncar_store::Error),
    /// A document.
    #[error(transparent)]
    Document(Box<wakuncar_document::Error>),
    /// A table.
    #[error(transparent)]
    Table(#[from] wakuncar_exchange::Error),
    /// A workbook.
    #[error(transparent)]
    Workbook(#[from] wakuncar_reports::Error),
    /// A file.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The house is not known here.
    #[error("no such house")]
    NoSuchRumah,
    /// The person is not in this house.
    #[error("no such person")]
    NoSuchWarga,
    /// Answers without the family's consent.
    #[error("the family's consent is needed first, for: {0}")]
    PersetujuanPerlu(&'static str),
    /// A life event that cannot be.
    #[error(transparent)]
    Mutasi(#[from] wakuncar_domain::MutasiSalah),
    /// JSON that names no item, or an answer that does not fit.
    #[error("{jalur}: {sebab}")]
    Isian {
        /// Where.
        jalur: String,
        /// Why.
        sebab: String,
    },
}

impl From<wakuncar_document::Error> for Error {
    fn from(error: wakuncar_document::Error) -> Self {
        Error::Document(Box::new(error))
    }
}

impl Error {
    /// The code for JSON and screens.
    pub fn code(&self) -> &'static str {
        use wakuncar_store::Error as Store;
        match self {
            Error::InUse | Error::Store(Store::Busy) => "sedang_dipakai",
            Error::KeyMissing => "kunci_hilang",
            Error::SecretStore(_) => "penyimpan_rahasia",
            Error::WrongPassphrase => "sandi_salah",
            Error::PassphraseNeeded => "sandi_perlu",
            Error::Random => "acak",
            Error::Store(Store::WrongKey | Store::Damaged(_) | Store::Row(_)) => "rusak",
            Error::Store(Store::NewerSchema { .. }) => "perbarui_aplikasi",
            Error::Store(Store::DiskFull) => "penyimpanan_penuh",
            Error::Store(Store::NoCipher | Store::Sqlite(_)) => "database",
            Error::Document(_) => "dokumen",
            Error::Table(_) => "tabel",
            Error::Workbook(_) => "lembar",
            Error::File { .. } => "berkas",
            Error::NoSuchRumah => "rumah_tidak_ada",
            Error::NoSuchWarga => "warga_tidak_ada",
            Error::PersetujuanPerlu(_) => "perlu_persetujuan",
            Error::Mutasi(_) => "mutasi",
            Error::Isian { .. } => "isian",
        }
    }

    /// Whether data on the disk are damaged (exit code 4 of the command line).
    pub fn is_damage(&self) -> bool {
        self.code() == "rusak" || matches!(self, Error::KeyMissing | Error::Document(_))
    }

    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.display().to_string();
        move |error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Error::Store(wakuncar_store::Error::DiskFull)
            }
            _ => Error::File { path, error },
        }
    }
}
