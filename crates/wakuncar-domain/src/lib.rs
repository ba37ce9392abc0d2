//! What a house, household, family and person are, which edits exist, and when a record is wrong,
//! in the words of the PKK forms.
//!
//! Nothing here touches a file, a clock, a document or a database: days and random bytes are
//! arguments. A rule about households stands here once; screens, prints and imports ask.
//!
//! # Glossary
//!
//! | word | meaning |
//! | --- | --- |
//! | *rumah* | a dwelling; one document per collection |
//! | *rumah tangga* (KRT) | people who cook together; one form 4.14.2a each; a house may hold several |
//! | *keluarga* (KK) | a family on one family card; a rumah tangga may hold several |
//! | *warga* | a person, with one id for life |
//! | *dasawisma* | group of ten to twenty houses, the cadre's area |
//! | *butir* | one item of a form, with its key, printed label and kind of answer |
//! | *isian* | the answer to one butir: `Kosong`, `TidakTahu` or `Terisi` |
//! | *bagian* | the part of a document where a row of items lives |
//! | *tim*, *perangkat* | the team of the kelurahan and its devices; a document of its own |
//! | *tempat* | the place of one answer: bagian, row and key |
//! | *temuan* | something odd or impossible in a record, with its place |
//! | *mutasi* | life event: birth, death, move, marriage … |
//! | *persetujuan* | the family's consent, with the version of the text that was read to them |
#![forbid(unsafe_code)]

mod butir;
mod catatan;
mod edit;
mod isian;
mod jawaban;
mod keadaan;
mod kehamilan;
mod kode;
mod kode_temuan;
mod mutasi;
mod nama;
mod nik;
mod nilai;
mod pilihan;
mod pindah_rumah;
mod rumah;
mod temuan;
mod tim;
mod umur;

pub use butir::{Bagian, Butir, Catatan, Jenis, Koleksi, Opsi, SalahJenis};
pub use catatan::{
    Dasawisma, Industri, Kehamilan, Keluarga, KesehatanWarga, Mutasi, Pekarangan, Perangkat, Persetujuan, RumahTangga,
    SifatRumah, Warga,
};
pub use edit::{Edit, Tempat};
pub use isian::Isian;
pub use jawaban::{JawabanSalah, fold};
pub use keadaan::belum_keluar;
pub use kode::{BarisId, KodeSalah, KodeWilayah, RumahId, WargaId};
pub use kode_temuan::{Keparahan, KodeTemuan};
pub use mutasi::{Catat, MutasiSalah};
pub use nama::nama_kunci;
pub use nik::{Nik, NikSalah, NoKk, susun_nik};
pub use nilai::{Desimal, Nilai};
pub use pilihan::*;
pub use rumah::{ButirAsing, ButirTerisi, Rumah};
pub use temuan::Temuan;
pub use tim::Tim;
pub use umur::{umur_bulan, umur_tahun};
