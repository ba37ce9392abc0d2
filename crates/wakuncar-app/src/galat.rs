//! An error as screens get it: a code and its numbers. The sentence for a code is the screen's.

use serde::Serialize;
use serde_json::{Value, json};
use wakuncar_domain::{JawabanSalah, MutasiSalah};

use crate::Error;

/// What a command answers when it does not do what was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Galat {
    /// What happened.
    pub kode: KodeGalat,
    /// The numbers and names of the sentence; `null` where there are none.
    #[cfg_attr(test, ts(type = "Record<string, string | number> | null"))]
    pub data: Value,
}

/// The codes once: for screens an enum, for JSON and prompts a text.
macro_rules! kode_galat {
    ($($(#[$doc:meta])* $varian:ident = $kode:tt;)*) => {
        /// What can happen to a command; a screen has a sentence for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ErrorCode"))]
        pub enum KodeGalat { $($(#[$doc])* #[serde(rename = $kode)] $varian,)* }

        impl KodeGalat {
            /// The code in JSON.
            pub const fn kode(self) -> &'static str {
                match self { $(Self::$varian => $kode,)* }
            }
        }
    };
}
kode_galat! {
    /// Another program works on the data folder.
    SedangDipakai = "sedang_dipakai";
    /// The key of the data folder is gone.
    KunciHilang = "kunci_hilang";
    /// The platform's secret store does not answer.
    PenyimpanRahasia = "penyimpan_rahasia";
    /// The passphrase is wrong.
    SandiSalah = "sandi_salah";
    /// A passphrase is needed.
    SandiPerlu = "sandi_perlu";
    /// The system gives no random bytes.
    Acak = "acak";
    /// Data on the disk are damaged.
    Rusak = "rusak";
    /// The data are of a newer version of the program.
    PerbaruiAplikasi = "perbarui_aplikasi";
    /// The disk is full.
    PenyimpananPenuh = "penyimpanan_penuh";
    /// The database, for another reason.
    Database = "database";
    /// A document.
    Dokumen = "dokumen";
    /// A table that is read in.
    Tabel = "tabel";
    /// A workbook that is written.
    Lembar = "lembar";
    /// A file: `berkas`.
    Berkas = "berkas";
    /// No such house.
    RumahTidakAda = "rumah_tidak_ada";
    /// No such person.
    WargaTidakAda = "warga_tidak_ada";
    /// The family's consent is needed first, for `modul`.
    PerluPersetujuan = "perlu_persetujuan";
    /// A house that others know changes its dasawisma by a move only.
    PindahRumah = "pindah_rumah";
    /// A life event that cannot be, and why: `sebab`.
    Mutasi = "mutasi";
    /// An answer that does not fit: `tempat`, `sebab`, and `min` and `maks` where there are bounds.
    Isian = "isian";
    /// A file that another program edited and that is not taken.
    BerkasAsing = "berkas_asing";
    /// The name of such a file does not say which house it is.
    NamaBerkas = "nama_berkas";
    /// This device belongs to no kelurahan yet.
    TanpaKelurahan = "tanpa_kelurahan";
    /// Only a coordinator's device may do this.
    BukanKoordinator = "bukan_koordinator";
    /// This device belongs to a kelurahan already.
    SudahTerdaftar = "sudah_terdaftar";
    /// The code is of another kelurahan.
    KelurahanLain = "kelurahan_lain";
    /// A code, name or number that cannot be read.
    Kode = "kode";
    /// Not the address of a relay, or not its pin.
    AlamatRelay = "alamat_relay";
    /// The invitation is used, taken back or too old.
    UndanganTidakBerlaku = "undangan_tidak_berlaku";
    /// The relay shows an older list of members than the invitation.
    DaftarLama = "daftar_lama";
    /// A role that is not given by invitation.
    PeranSalah = "peran_salah";
    /// No device of that id waits to be confirmed.
    PerangkatTidakAda = "perangkat_tidak_ada";
    /// The key for this is not here yet.
    TanpaKunci = "tanpa_kunci";
    /// This device was shut out: `alasan`.
    Dicabut = "dicabut";
    /// This device's time in the kelurahan has ended.
    Berhenti = "berhenti";
    /// The kelurahan had the data on this device destroyed.
    Dihapus = "dihapus";
    /// Nobody of the kelurahan was met for `hari` days.
    SewaHabis = "sewa_habis";
    /// This device is no member.
    BukanAnggota = "bukan_anggota";
    /// No device of that id belongs to the kelurahan.
    PerangkatAsing = "perangkat_asing";
    /// A device cannot shut itself out.
    PerangkatSendiri = "perangkat_sendiri";
    /// Only somebody who stands above may.
    TidakDiAtas = "tidak_di_atas";
    /// That device was shut out before.
    SudahDicabut = "sudah_dicabut";
    /// Not a seat, or not a holder, that fits.
    KursiSalah = "kursi_salah";
    /// The only seat that is held.
    KursiTerakhir = "kursi_terakhir";
    /// A recovery code that is not this kelurahan's now.
    KodePemulihanLain = "kode_pemulihan_lain";
    /// This device cannot take the office back.
    PemulihanGagal = "pemulihan_gagal";
    /// A file of a phone that was shut out, which cannot be taken.
    TitipanSalah = "titipan_salah";
    /// Sending and fetching is under way already.
    SedangKirim = "sedang_kirim";
    /// This may be an old copy of the device.
    PerluTanya = "perlu_tanya";
    /// The relay has too much to do just now.
    RelaySibuk = "relay_sibuk";
    /// The relay's disk is full.
    RelayPenuh = "relay_penuh";
    /// The relay cannot be reached.
    TidakTerjangkau = "tidak_terjangkau";
    /// What answers is not the kelurahan's relay.
    RelayLain = "relay_lain";
    /// The relay answers garbage.
    RelaySampah = "relay_sampah";
    /// The relay does not know this device.
    TidakDikenal = "tidak_dikenal";
    /// Not a bundle file.
    BukanPaket = "bukan_paket";
    /// A bundle file of another kelurahan.
    PaketLain = "paket_lain";
    /// No hub can run here.
    HubTidakBisa = "hub_tidak_bisa";
    /// No hub of this kelurahan is known here yet.
    HubAsing = "hub_asing";
    /// Sealing, or the form of an entry.
    Segel = "segel";
    /// A call that is not in the list of commands, or not as the list says: a fault of the screen.
    Permintaan = "permintaan";
    /// A fault of the program; what was saved before is safe.
    Program = "program";
}

impl Galat {
    /// A command that ended in a fault of the program.
    pub fn program() -> Self {
        Self { kode: KodeGalat::Program, data: Value::Null }
    }
}

impl From<&Error> for Galat {
    fn from(error: &Error) -> Self {
        let data = match error {
            Error::File { path, .. } => json!({ "berkas": path }),
            Error::PersetujuanPerlu(modul) => json!({ "modul": modul }),
            Error::Mutasi(salah) => json!({ "sebab": sebab_mutasi(*salah) }),
            Error::Isian { jalur, .. } => json!({ "tempat": jalur, "sebab": "tempat_tidak_ada" }),
            Error::Jawaban { jalur, salah } => data_jawaban(jalur, salah),
            Error::Store(wakuncar_store::Error::NewerSchema { found, known }) => {
                json!({ "versi": found, "dikenal": known })
            }
            Error::RelaySibuk { detik } => json!({ "detik": detik }),
            Error::RuangKurang { mb } => json!({ "mb": mb }),
            Error::Dicabut(alasan) => json!({ "alasan": alasan }),
            Error::SewaHabis(hari) => json!({ "hari": hari }),
            // Prose is for whoever looks into the screen's log; no sentence is made of it.
            Error::Permintaan(sebab) => json!({ "sebab": sebab }),
            Error::InUse
            | Error::KeyMissing
            | Error::SecretStore(_)
            | Error::WrongPassphrase
            | Error::PassphraseNeeded
            | Error::Random
            | Error::Store(_)
            | Error::Document(_)
            | Error::Table(_)
            | Error::Workbook(_)
            | Error::NoSuchRumah
            | Error::PindahRumah
            | Error::NoSuchWarga
            | Error::Foreign(_)
            | Error::NamaBerkas(_)
            | Error::TanpaKelurahan
            | Error::BukanKoordinator
            | Error::SudahTerdaftar
            | Error::KelurahanLain
            | Error::Kode(_)
            | Error::DasawismaAsing(_)
            | Error::DasawismaBanyak { .. }
            | Error::AlamatRelay(_)
            | Error::UndanganTidakBerlaku
            | Error::DaftarLama
            | Error::PeranSalah
            | Error::PerangkatTidakAda
            | Error::TanpaKunci
            | Error::Berhenti
            | Error::Dihapus
            | Error::BukanAnggota
            | Error::PerangkatAsing
            | Error::PerangkatSendiri
            | Error::TidakDiAtas
            | Error::SudahDicabut
            | Error::KursiSalah
            | Error::KursiTerakhir
            | Error::KodePemulihanLain
            | Error::PemulihanGagal
            | Error::TitipanSalah(_)
            | Error::SedangKirim
            | Error::PerluTanya
            | Error::RelayPenuh
            | Error::TidakTerjangkau(_)
            | Error::RelayLain
            | Error::RelaySampah(_)
            | Error::TidakDikenal
            | Error::BukanPaket
            | Error::PaketLain
            | Error::PaketBaru
            | Error::HubTidakBisa(_)
            | Error::HubAsing
            | Error::Damaged(_)
            | Error::Seal(_)
            | Error::Wire(_) => Value::Null,
        };
        Self { kode: error.kode(), data }
    }
}

fn sebab_mutasi(salah: MutasiSalah) -> &'static str {
    match salah {
        MutasiSalah::BukanAnggota => "bukan_anggota",
        MutasiSalah::SudahKeluar => "sudah_keluar",
        MutasiSalah::SudahDiSini => "sudah_di_sini",
        MutasiSalah::SudahMeninggal => "sudah_meninggal",
        MutasiSalah::SebelumMasuk => "sebelum_masuk",
        MutasiSalah::SebelumLahir => "sebelum_lahir",
        MutasiSalah::DiMasaDepan => "di_masa_depan",
    }
}

fn data_jawaban(jalur: &str, salah: &JawabanSalah) -> Value {
    let sebab = match salah {
        JawabanSalah::BukanPilihan => "bukan_pilihan",
        JawabanSalah::BukanYaTidak => "bukan_ya_tidak",
        JawabanSalah::BukanTanggal => "bukan_tanggal",
        JawabanSalah::BukanAngka => "bukan_angka",
        JawabanSalah::DiLuarBatas { min, maks } => {
            return json!({ "tempat": jalur, "sebab": "di_luar_batas", "min": min, "maks": maks });
        }
        JawabanSalah::TerlaluPanjang { maks } => {
            return json!({ "tempat": jalur, "sebab": "terlalu_panjang", "maks": maks });
        }
        JawabanSalah::JenisLain => "jenis_lain",
    };
    json!({ "tempat": jalur, "sebab": sebab })
}
