//! What the shim wrote down: the steps of a program on its data folder, in the order of all processes of a scene.

use std::path::Path;

/// One step.
#[derive(Debug, Clone)]
pub struct Langkah {
    /// Its place among the steps of all processes.
    pub nomor: u64,
    /// What was done.
    pub apa: Apa,
}

/// What can be done to a folder, and what can be said.
#[derive(Debug, Clone)]
pub enum Apa {
    /// Bytes of a file.
    Tulis {
        /// Name of the file.
        nama: String,
        /// Where.
        at: usize,
        /// What.
        isi: Vec<u8>,
    },
    /// The length of a file.
    Potong {
        /// Name of the file.
        nama: String,
        /// Its new length.
        len: usize,
    },
    /// A new name.
    Ganti {
        /// From.
        dari: String,
        /// To.
        ke: String,
    },
    /// A file is taken away.
    Hapus(String),
    /// A file is asked to be on the disk.
    Sinkron(String),
    /// The folder is.
    SinkronFolder,
    /// A new file.
    Buat(String),
    /// Printed on stdout: from here on it is acknowledged.
    Kata(String),
}

/// Reads a record.
pub(super) fn read(path: &Path) -> Vec<Langkah> {
    let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
    let mut rest = bytes.as_slice();
    let mut semua = Vec::new();
    while let Some((nomor, apa)) = step(&mut rest) {
        semua.push(Langkah { nomor, apa });
    }
    assert!(rest.is_empty(), "the record ends with a whole step");
    semua
}

fn step(rest: &mut &[u8]) -> Option<(u64, Apa)> {
    if rest.is_empty() {
        return None;
    }
    let mut take = |n: usize| {
        let (taken, left) = rest.split_at(n);
        *rest = left;
        taken
    };
    let mut number = |n: usize| take(n).iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let (nomor, apa, name_len, at, len) = (number(8), number(4), number(4), number(8), number(8));
    let size = |n: u64| usize::try_from(n).unwrap();
    let nama = String::from_utf8(take(size(name_len)).to_vec()).unwrap();
    let isi = take(size(len)).to_vec();
    let text = |isi: Vec<u8>| String::from_utf8_lossy(&isi).into_owned();
    // The numbers of `perekam.c`.
    let apa = match apa {
        1 => Apa::Tulis { nama, at: size(at), isi },
        2 => Apa::Potong { nama, len: size(at) },
        3 => Apa::Ganti { dari: nama, ke: text(isi) },
        4 => Apa::Hapus(nama),
        5 => Apa::Sinkron(nama),
        6 => Apa::SinkronFolder,
        7 => Apa::Buat(nama),
        8 => Apa::Kata(text(isi)),
        other => panic!("step {other}"),
    };
    Some((nomor, apa))
}
