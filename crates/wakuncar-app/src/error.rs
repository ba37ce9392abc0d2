//! What can go wrong in the application, with codes for screens and prompts.

use thiserror::Error;

use crate::KodeGalat;

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
    /// A file that another program edited.
    #[error(transparent)]
    Foreign(wakuncar_document::ForeignFile),
    /// The name of such a file does not say which house it is.
    #[error("{0}: the name must be as exported, HOUSE.dasar.automerge or HOUSE.kesehatan.automerge")]
    NamaBerkas(String),
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
    #[error("no such house; see: wakuncar rumah daftar")]
    NoSuchRumah,
    /// The person is not in this house.
    #[error("no such person; see: wakuncar warga cari")]
    NoSuchWarga,
    /// Answers without the family's consent.
    #[error("the family's consent is needed first, for: {0}")]
    PersetujuanPerlu(&'static str),
    /// A house that others know changes its dasawisma by a move, not by an answer.
    #[error("the house is already shared in its dasawisma; move it: wakuncar rumah pindah")]
    PindahRumah,
    /// A life event that cannot be.
    #[error(transparent)]
    Mutasi(#[from] wakuncar_domain::MutasiSalah),
    /// An answer that does not fit its item.
    #[error("{jalur}: {salah}")]
    Jawaban {
        /// Where.
        jalur: String,
        /// Why.
        salah: wakuncar_domain::JawabanSalah,
    },
    /// A call of a command that is not in the list, or not as the list says.
    #[error("{0}")]
    Permintaan(String),
    /// JSON that names no item, or a row where none can be.
    #[error("{jalur}: {sebab}")]
    Isian {
        /// Where.
        jalur: String,
        /// Why.
        sebab: String,
    },
    /// This device belongs to no kelurahan.
    #[error("this device belongs to no kelurahan yet; join one or make one")]
    TanpaKelurahan,
    /// Only a coordinator's device may do this.
    #[error("only a coordinator's device may do this; ask the coordinator")]
    BukanKoordinator,
    /// A device belongs to one kelurahan for life.
    #[error("this device has joined a kelurahan already; use another data folder")]
    SudahTerdaftar,
    /// A code of another kelurahan than the one that this device asked to join.
    #[error("the code is of another kelurahan than this device's; nothing was changed; ask for the right code")]
    KelurahanLain,
    /// A code, name or number that cannot be read.
    #[error("{0}; nothing was changed")]
    Kode(String),
    /// A dasawisma of that name is not known; RW and RT would begin it.
    #[error("no dasawisma {0} is known; name its RW and RT to begin it; nothing was changed")]
    DasawismaAsing(String),
    /// Several dasawisma have that name: in these RW and RT.
    #[error("there are several dasawisma {nama}: {di}; name RW and RT; nothing was changed")]
    DasawismaBanyak {
        /// The name.
        nama: String,
        /// `RW 001 RT 002, …`.
        di: String,
    },
    /// Not the address of a relay.
    #[error("not the address of a relay (https://host:port and its pin): {0}")]
    AlamatRelay(String),
    /// Used, taken back, expired, or asked for too often.
    #[error("the invitation is used, taken back or older than ten minutes; ask the office for a new one")]
    UndanganTidakBerlaku,
    /// The relay shows a list of members that is older than the invitation.
    #[error("the relay shows an old list of members; ask the office for a new code")]
    DaftarLama,
    /// Seats are not given by invitation.
    #[error("a coordinator is not made by invitation; choose another role")]
    PeranSalah,
    /// This device was shut out, for that reason.
    #[error(
        "this device was shut out by its kelurahan ({0}); what it had not sent lies sealed in its folder \
         (titipan-….wkt); bring that file to the office and join with a new device"
    )]
    Dicabut(&'static str),
    /// This device has left, or its seat went to somebody else.
    #[error(
        "this device's time in its kelurahan has ended; what it holds can be looked at; what it had not sent lies \
         sealed in its folder (titipan-….wkt) for the office; to go on, join with another data folder"
    )]
    Berhenti,
    /// The kelurahan had key and data destroyed.
    #[error(
        "the kelurahan had the data on this device destroyed; what it had not sent was sealed to the office before \
         (titipan-….wkt in its folder); ask the coordinator"
    )]
    Dihapus,
    /// Nobody of the kelurahan was met for so many days.
    #[error("no contact with the kelurahan for {0} days: closed; the data are safe; send and fetch once to open")]
    SewaHabis(u64),
    /// This device is no member.
    #[error("this device is not a member of the kelurahan; nothing was changed")]
    BukanAnggota,
    /// No device of that id belongs, or belonged, to the kelurahan.
    #[error("no device of that id belongs to the kelurahan; see: wakuncar perangkat daftar; nothing was changed")]
    PerangkatAsing,
    /// A device cannot shut itself out.
    #[error("this is the device itself; to leave: wakuncar perangkat berhenti; nothing was changed")]
    PerangkatSendiri,
    /// Only somebody above may.
    #[error(
        "that device stands above this one or beside it; only a lower seat number or the recovery code may; nothing \
         was changed"
    )]
    TidakDiAtas,
    /// It was shut out before.
    #[error("that device was shut out before; nothing was changed")]
    SudahDicabut,
    /// Not a seat below, or not a member who does not hold it.
    #[error(
        "that seat or its next holder does not fit: a seat below your own, to a confirmed member who does not hold \
         it; see: wakuncar jabatan daftar; nothing was changed"
    )]
    KursiSalah,
    /// The only seat that is held.
    #[error("nobody else holds a seat; hand yours over first: wakuncar jabatan serahkan; nothing was changed")]
    KursiTerakhir,
    /// A code that is well written and not this kelurahan's, or not any more.
    #[error(
        "this recovery code is another kelurahan's, or was replaced by a newer one; look into the other envelope; \
         nothing was changed"
    )]
    KodePemulihanLain,
    /// This device cannot be seated.
    #[error(
        "this device cannot take the office back, since it has left the kelurahan; do it with another one; nothing \
         was changed, and the code still holds"
    )]
    PemulihanGagal,
    /// A file of a phone that was shut out, which cannot be taken.
    #[error("this file cannot be taken: {0}; nothing was changed; open it at the seat that was held then")]
    TitipanSalah(&'static str),
    /// No device of that id has asked.
    #[error("no device of that id waits to be confirmed; see: wakuncar perangkat daftar")]
    PerangkatTidakAda,
    /// The content key is not here yet.
    #[error("the key for this is not on this device yet; send and fetch again")]
    TanpaKunci,
    /// Another sync is under way.
    #[error("sending and fetching is under way already; wait a moment")]
    SedangKirim,
    /// This may be an old copy of the device: the relay or the hub must be asked before anything is decided with it.
    #[error("this may be an old copy of the device")]
    PerluTanya,
    /// The relay has too much to do just now.
    #[error("the relay is busy; the data are safe here; try again in {detik} s")]
    RelaySibuk {
        /// Seconds after which it asks to be asked again.
        detik: u64,
    },
    /// The relay's disk is full.
    #[error("the relay has no room; the data are safe here; tell whoever runs it")]
    RelayPenuh,
    /// Too little room on this device to begin.
    #[error("{mb} MB more must be free on this device")]
    RuangKurang {
        /// Megabytes that are missing.
        mb: u64,
    },
    /// Nobody answers.
    #[error("the relay cannot be reached: {0}; the data are safe here; try again later")]
    TidakTerjangkau(String),
    /// Somebody else answers.
    #[error(
        "what answers is not the kelurahan's relay: its certificate has another key; nothing was sent; the data are safe here; tell the office"
    )]
    RelayLain,
    /// What answers does not speak the protocol.
    #[error("what answers is no relay of Wakuncar: {0}; the data are safe here; tell the office")]
    RelaySampah(String),
    /// The relay knows neither this device nor its invitation.
    #[error("the relay does not know this device; the data are safe here; wait to be confirmed or ask the office")]
    TidakDikenal,
    /// Not a bundle file, or nothing is left of one.
    #[error(
        "not a bundle file of Wakuncar (.wkb), or damaged at its beginning; nothing was changed; choose another file"
    )]
    BukanPaket,
    /// A bundle file of another kelurahan.
    #[error("this bundle file is of another kelurahan; nothing was changed; the data here are safe")]
    PaketLain,
    /// A bundle file of a later version.
    #[error("this bundle file is of a newer Wakuncar; nothing was changed; update the application")]
    PaketBaru,
    /// No hub can run here.
    #[error(
        "the hub cannot run here: {0}; the data are safe; close the program that has its port, or use another computer"
    )]
    HubTidakBisa(String),
    /// No seat has published a hub yet, or this device has not heard of it.
    #[error("this device knows no hub of the kelurahan yet; the data are safe here; scan the QR on the hub's screen")]
    HubAsing,
    /// Something that this program wrote itself cannot be read.
    #[error("the database is damaged: {0}")]
    Damaged(&'static str),
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] wakuncar_seal::SealError),
    /// Something does not fit the wire formats.
    #[error(transparent)]
    Wire(#[from] wakuncar_wire::WireError),
}

impl From<wakuncar_document::Error> for Error {
    fn from(error: wakuncar_document::Error) -> Self {
        match error {
            wakuncar_document::Error::Foreign(file) => Error::Foreign(file),
            other => Error::Document(Box::new(other)),
        }
    }
}

impl Error {
    /// The code for screens.
    pub fn kode(&self) -> KodeGalat {
        use wakuncar_store::Error as Store;
        match self {
            Error::InUse | Error::Store(Store::Busy) => KodeGalat::SedangDipakai,
            Error::KeyMissing => KodeGalat::KunciHilang,
            Error::SecretStore(_) => KodeGalat::PenyimpanRahasia,
            Error::WrongPassphrase => KodeGalat::SandiSalah,
            Error::PassphraseNeeded => KodeGalat::SandiPerlu,
            Error::Random => KodeGalat::Acak,
            Error::Store(Store::WrongKey | Store::Damaged(_) | Store::Row(_)) => KodeGalat::Rusak,
            Error::Store(Store::NewerSchema { .. }) => KodeGalat::PerbaruiAplikasi,
            Error::Store(Store::DiskFull) => KodeGalat::PenyimpananPenuh,
            Error::Store(Store::NoCipher | Store::Sqlite(_)) => KodeGalat::Database,
            Error::Foreign(_) => KodeGalat::BerkasAsing,
            Error::NamaBerkas(_) => KodeGalat::NamaBerkas,
            Error::Document(_) => KodeGalat::Dokumen,
            Error::Table(_) => KodeGalat::Tabel,
            Error::Workbook(_) => KodeGalat::Lembar,
            Error::File { .. } => KodeGalat::Berkas,
            Error::NoSuchRumah => KodeGalat::RumahTidakAda,
            Error::NoSuchWarga => KodeGalat::WargaTidakAda,
            Error::PersetujuanPerlu(_) => KodeGalat::PerluPersetujuan,
            Error::PindahRumah => KodeGalat::PindahRumah,
            Error::Mutasi(_) => KodeGalat::Mutasi,
            Error::Isian { .. } | Error::Jawaban { .. } => KodeGalat::Isian,
            Error::TanpaKelurahan => KodeGalat::TanpaKelurahan,
            Error::BukanKoordinator => KodeGalat::BukanKoordinator,
            Error::SudahTerdaftar => KodeGalat::SudahTerdaftar,
            Error::KelurahanLain => KodeGalat::KelurahanLain,
            Error::Kode(_) | Error::DasawismaAsing(_) | Error::DasawismaBanyak { .. } => KodeGalat::Kode,
            Error::AlamatRelay(_) => KodeGalat::AlamatRelay,
            Error::UndanganTidakBerlaku => KodeGalat::UndanganTidakBerlaku,
            Error::DaftarLama => KodeGalat::DaftarLama,
            Error::PeranSalah => KodeGalat::PeranSalah,
            Error::PerangkatTidakAda => KodeGalat::PerangkatTidakAda,
            Error::TanpaKunci => KodeGalat::TanpaKunci,
            Error::Dicabut(_) => KodeGalat::Dicabut,
            Error::Berhenti => KodeGalat::Berhenti,
            Error::Dihapus => KodeGalat::Dihapus,
            Error::SewaHabis(_) => KodeGalat::SewaHabis,
            Error::BukanAnggota => KodeGalat::BukanAnggota,
            Error::PerangkatAsing => KodeGalat::PerangkatAsing,
            Error::PerangkatSendiri => KodeGalat::PerangkatSendiri,
            Error::TidakDiAtas => KodeGalat::TidakDiAtas,
            Error::SudahDicabut => KodeGalat::SudahDicabut,
            Error::KursiSalah => KodeGalat::KursiSalah,
            Error::KursiTerakhir => KodeGalat::KursiTerakhir,
            Error::KodePemulihanLain => KodeGalat::KodePemulihanLain,
            Error::PemulihanGagal => KodeGalat::PemulihanGagal,
            Error::TitipanSalah(_) => KodeGalat::TitipanSalah,
            Error::SedangKirim => KodeGalat::SedangKirim,
            Error::PerluTanya => KodeGalat::PerluTanya,
            Error::RelaySibuk { .. } => KodeGalat::RelaySibuk,
            Error::RelayPenuh => KodeGalat::RelayPenuh,
            Error::RuangKurang { .. } => KodeGalat::PenyimpananPenuh,
            Error::TidakTerjangkau(_) => KodeGalat::TidakTerjangkau,
            Error::RelayLain => KodeGalat::RelayLain,
            Error::RelaySampah(_) => KodeGalat::RelaySampah,
            Error::TidakDikenal => KodeGalat::TidakDikenal,
            Error::BukanPaket => KodeGalat::BukanPaket,
            Error::PaketLain => KodeGalat::PaketLain,
            Error::PaketBaru => KodeGalat::PerbaruiAplikasi,
            Error::HubTidakBisa(_) => KodeGalat::HubTidakBisa,
            Error::HubAsing => KodeGalat::HubAsing,
            Error::Damaged(_) => KodeGalat::Rusak,
            Error::Seal(_) | Error::Wire(_) => KodeGalat::Segel,
            Error::Permintaan(_) => KodeGalat::Permintaan,
        }
    }

    /// The code for JSON and prompts.
    pub fn code(&self) -> &'static str {
        self.kode().kode()
    }

    /// Whether data on the disk are damaged (exit code 4 of the command line).
    pub fn is_damage(&self) -> bool {
        self.code() == "rusak" || matches!(self, Error::KeyMissing | Error::Document(_))
    }

    /// Whether nothing that could take the data was reached (exit code 3 of the command line).
    pub fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Error::TidakTerjangkau(_)
                | Error::RelaySibuk { .. }
                | Error::RelayPenuh
                | Error::RelayLain
                | Error::RelaySampah(_)
                | Error::TidakDikenal
        )
    }

    pub(crate) fn damaged(what: &'static str) -> Self {
        Error::Damaged(what)
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
