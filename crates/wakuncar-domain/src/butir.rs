//! Items of the forms as data: one list gives the typed record, the document keys, the import
//! columns, the fields of a screen and the labels of a print.

use crate::{Isian, Nilai};

/// Which documents of a house a part belongs to: whoever holds the key of the collection may read it
/// (DESIGN §5a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Koleksi {
    /// House, people, economy, sanitation.
    Dasar,
    /// Health, pregnancy, growth, disability.
    Kesehatan,
    /// The team of the kelurahan: its dasawisma, the names of cadres and devices.
    AnggotaTim,
}

impl Koleksi {
    /// The collection's name in files and tables.
    pub const fn nama(self) -> &'static str {
        match self {
            Koleksi::Dasar => "dasar",
            Koleksi::Kesehatan => "kesehatan",
            Koleksi::AnggotaTim => "anggota_tim",
        }
    }

    /// The collections that hold documents of a house.
    pub const MILIK_RUMAH: [Koleksi; 2] = [Koleksi::Dasar, Koleksi::Kesehatan];

    /// The collection of that name.
    pub fn parse(nama: &str) -> Option<Self> {
        [Koleksi::Dasar, Koleksi::Kesehatan, Koleksi::AnggotaTim].into_iter().find(|k| k.nama() == nama)
    }
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bagian {
    /// The house itself; the only part without rows.
    Rumah,
    /// Rumah tangga (KRT), one form 4.14.2a each.
    RumahTangga,
    /// Rows of 4.14.2b.
    Pekarangan,
    /// Rows of 4.14.2c.
    Industri,
    /// Families (KK).
    Keluarga,
    /// People, one form 4.14.1a each.
    Anggota,
    /// Life events.
    Mutasi,
    /// Consent.
    Persetujuan,
    /// Health answers about a person; rows have the person's id.
    KesehatanWarga,
    /// Pregnancy episodes.
    Kehamilan,
    /// The dasawisma of the kelurahan with their collections.
    Dasawisma,
    /// The devices of the team with the names of their people; rows have the device's id.
    Perangkat,
}

impl Bagian {
    /// The parts of a house.
    pub const MILIK_RUMAH: [Bagian; 10] = [
        Bagian::Rumah,
        Bagian::RumahTangga,
        Bagian::Pekarangan,
        Bagian::Industri,
        Bagian::Keluarga,
        Bagian::Anggota,
        Bagian::Mutasi,
        Bagian::Persetujuan,
        Bagian::KesehatanWarga,
        Bagian::Kehamilan,
    ];

    /// The parts of the team's document.
    pub const MILIK_TIM: [Bagian; 2] = [Bagian::Dasawisma, Bagian::Perangkat];

    /// The parts of a collection's documents.
    pub fn of_koleksi(koleksi: Koleksi) -> impl Iterator<Item = Bagian> {
        let semua = Self::MILIK_RUMAH.into_iter().chain(Self::MILIK_TIM);
        semua.filter(move |bagian| bagian.koleksi() == koleksi)
    }

    /// The container's name in the document and in paths. Unique over all collections.
    pub const fn nama(self) -> &'static str {
        match self {
            Bagian::Rumah => "rumah",
            Bagian::RumahTangga => "rumah_tangga",
            Bagian::Pekarangan => "pekarangan",
            Bagian::Industri => "industri",
            Bagian::Keluarga => "keluarga",
            Bagian::Anggota => "anggota",
            Bagian::Mutasi => "mutasi",
            Bagian::Persetujuan => "persetujuan",
            Bagian::KesehatanWarga => "kesehatan_warga",
            Bagian::Kehamilan => "kehamilan",
            Bagian::Dasawisma => "dasawisma",
            Bagian::Perangkat => "perangkat",
        }
    }

    /// The part of that name.
    pub fn parse(nama: &str) -> Option<Self> {
        Self::MILIK_RUMAH.into_iter().chain(Self::MILIK_TIM).find(|bagian| bagian.nama() == nama)
    }

    /// The collection whose key opens this part.
    pub const fn koleksi(self) -> Koleksi {
        match self {
            Bagian::KesehatanWarga | Bagian::Kehamilan => Koleksi::Kesehatan,
            Bagian::Dasawisma | Bagian::Perangkat => Koleksi::AnggotaTim,
            Bagian::Rumah
            | Bagian::RumahTangga
            | Bagian::Pekarangan
            | Bagian::Industri
            | Bagian::Keluarga
            | Bagian::Anggota
            | Bagian::Mutasi
            | Bagian::Persetujuan => Koleksi::Dasar,
        }
    }

    /// Whether rows are flat keys `row.key` of the container instead of a map each.
    ///
    /// A row of [`Bagian::KesehatanWarga`] has no maker of its own: two cadres may both be the first
    /// to answer about the same person, and two maps made under one key would hide each other.
    pub const fn is_flat(self) -> bool {
        matches!(self, Bagian::KesehatanWarga)
    }

    /// The items of this part.
    pub fn butir(self) -> &'static [Butir] {
        use crate::catatan::*;
        match self {
            Bagian::Rumah => SifatRumah::BUTIR,
            Bagian::RumahTangga => RumahTangga::BUTIR,
            Bagian::Pekarangan => Pekarangan::BUTIR,
            Bagian::Industri => Industri::BUTIR,
            Bagian::Keluarga => Keluarga::BUTIR,
            Bagian::Anggota => Warga::BUTIR,
            Bagian::Mutasi => Mutasi::BUTIR,
            Bagian::Persetujuan => Persetujuan::BUTIR,
            Bagian::KesehatanWarga => KesehatanWarga::BUTIR,
            Bagian::Kehamilan => Kehamilan::BUTIR,
            Bagian::Dasawisma => Dasawisma::BUTIR,
            Bagian::Perangkat => Perangkat::BUTIR,
        }
    }
}

/// The kind of answer an item takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jenis {
    /// Text of at most so many characters.
    Teks {
        /// Longest text, in characters.
        maks: usize,
    },
    /// A whole number within bounds, both included.
    Bulat {
        /// Least value.
        min: i64,
        /// Greatest value.
        maks: i64,
    },
    /// A decimal number ≥ 0.
    Desimal,
    /// Yes or no.
    YaTidak,
    /// A day.
    Tanggal,
    /// One of these codes, each with its printed label and the spellings that files use.
    Pilihan(&'static [Opsi]),
}

/// One choice: code, printed label, other spellings accepted from files (lower case).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opsi {
    /// Stored code.
    pub kode: &'static str,
    /// As the form prints it.
    pub label: &'static str,
    /// Other spellings in files.
    pub ejaan: &'static [&'static str],
}

/// One item of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Butir {
    /// Key in documents, JSON and files.
    pub kunci: &'static str,
    /// As the form prints it; for machinery keys a plain name.
    pub label: &'static str,
    /// Kind of answer.
    pub jenis: Jenis,
    /// Form and item, e.g. `4.14.1a butir 3`, or the section that decided it.
    pub sumber: &'static str,
}

/// The value is not of the kind that the item takes, or the key is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("value does not fit the item")]
pub struct SalahJenis;

/// A record whose fields are items.
pub trait Catatan: Default {
    /// The part of the document where it lives.
    const BAGIAN: Bagian;
    /// Its items, in the order of the form.
    const BUTIR: &'static [Butir];
    /// The answer under a key; `None` for an unknown key.
    fn isi(&self, kunci: &str) -> Option<Isian<Nilai>>;
    /// Puts an answer under a key.
    ///
    /// # Errors
    /// [`SalahJenis`] for an unknown key or a value of another kind; nothing is changed then.
    fn tulis(&mut self, kunci: &str, isi: Isian<Nilai>) -> Result<(), SalahJenis>;
}

/// A Rust type that holds the answer of one kind of item.
pub(crate) trait Jawaban: Sized + Clone {
    fn to_nilai(&self) -> Nilai;
    fn from_nilai(nilai: Nilai) -> Option<Self>;
}

macro_rules! jawaban {
    ($($t:ty = $v:ident;)*) => {$(
        impl Jawaban for $t {
            fn to_nilai(&self) -> Nilai { Nilai::$v(self.clone()) }
            fn from_nilai(nilai: Nilai) -> Option<Self> {
                if let Nilai::$v(isi) = nilai { Some(isi) } else { None }
            }
        }
    )*};
}
jawaban! { String = Teks; i64 = Bulat; bool = YaTidak; chrono::NaiveDate = Tanggal; crate::Desimal = Desimal; }

pub(crate) fn to_isian_nilai<T: Jawaban>(isi: &Isian<T>) -> Isian<Nilai> {
    match isi {
        Isian::Kosong => Isian::Kosong,
        Isian::TidakTahu => Isian::TidakTahu,
        Isian::Terisi(jawaban) => Isian::Terisi(jawaban.to_nilai()),
    }
}

pub(crate) fn from_isian_nilai<T: Jawaban>(isi: Isian<Nilai>) -> Result<Isian<T>, SalahJenis> {
    Ok(match isi {
        Isian::Kosong => Isian::Kosong,
        Isian::TidakTahu => Isian::TidakTahu,
        Isian::Terisi(nilai) => Isian::Terisi(T::from_nilai(nilai).ok_or(SalahJenis)?),
    })
}

/// A form's items, once: the struct with a typed [`Isian`] per item, and the table of the same items.
macro_rules! catatan {
    ($(#[$doc:meta])* $nama:ident in $bagian:ident {
        $($(#[$fdoc:meta])* $kunci:ident: $t:ty, $jenis:expr, $label:literal, $sumber:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $nama {
            $($(#[$fdoc])* #[doc = concat!("*", $label, "* (", $sumber, ").")] pub $kunci: crate::Isian<$t>,)*
        }

        impl crate::Catatan for $nama {
            const BAGIAN: crate::Bagian = crate::Bagian::$bagian;
            const BUTIR: &'static [crate::Butir] = &[$(crate::Butir {
                kunci: stringify!($kunci), label: $label, jenis: $jenis, sumber: $sumber,
            },)*];

            fn isi(&self, kunci: &str) -> Option<crate::Isian<crate::Nilai>> {
                match kunci {
                    $(stringify!($kunci) => Some(crate::butir::to_isian_nilai(&self.$kunci)),)*
                    _ => None,
                }
            }

            fn tulis(&mut self, kunci: &str, isi: crate::Isian<crate::Nilai>) -> Result<(), crate::SalahJenis> {
                match kunci {
                    $(stringify!($kunci) => self.$kunci = crate::butir::from_isian_nilai(isi)?,)*
                    _ => return Err(crate::SalahJenis),
                }
                Ok(())
            }
        }
    };
}
pub(crate) use catatan;

/// The choices of one item, once: the enum, its codes, printed labels and the spellings of files.
macro_rules! pilihan {
    ($($(#[$doc:meta])* $nama:ident { $($varian:ident = $kode:literal, $label:literal $(, $ejaan:literal)*;)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $nama { $(#[doc = $label] $varian,)* }

        impl $nama {
            /// All choices in the order of the form.
            pub const SEMUA: &'static [Self] = &[$(Self::$varian,)*];
            /// Codes, labels and spellings in the order of the form.
            pub const OPSI: &'static [crate::Opsi] =
                &[$(crate::Opsi { kode: $kode, label: $label, ejaan: &[$($ejaan),*] },)*];

            /// The stored code.
            pub const fn kode(self) -> &'static str {
                match self { $(Self::$varian => $kode,)* }
            }

            /// The choice with that code.
            pub fn from_kode(kode: &str) -> Option<Self> {
                Self::SEMUA.iter().copied().find(|pilihan| pilihan.kode() == kode)
            }

            /// As the form prints it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$varian => $label,)* }
            }
        }

        impl crate::butir::Jawaban for $nama {
            fn to_nilai(&self) -> crate::Nilai { crate::Nilai::Pilihan(self.kode()) }
            fn from_nilai(nilai: crate::Nilai) -> Option<Self> {
                if let crate::Nilai::Pilihan(kode) = nilai { Self::from_kode(kode) } else { None }
            }
        }
    )*};
}
pub(crate) use pilihan;
