//! A data folder as a disk knows it: what is surely there, what may be, and what a power cut can leave of both.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::jejak::Apa;
use super::undi::Undi;

/// What a disk writes as one.
const SECTOR: usize = 512;

/// What is left of what was written and not yet asked to be on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cara {
    /// All: the program died, the machine did not.
    Utuh,
    /// Nothing.
    Hilang,
    /// Of each file what was written first, the last of it torn.
    Awalan,
    /// Any sectors.
    Acak,
    /// Any sectors, and names that only a synced folder keeps, as POSIX has it.
    Ketat,
}

impl Cara {
    /// All of them.
    pub const SEMUA: [Self; 5] = [Self::Utuh, Self::Hilang, Self::Awalan, Self::Acak, Self::Ketat];
}

type Names = BTreeMap<String, usize>;

#[derive(Debug, Clone)]
enum Change {
    Tulis(usize, Vec<u8>),
    Potong(usize),
}

#[derive(Debug, Clone, Default)]
struct File {
    sure: Vec<u8>,
    pending: Vec<Change>,
}

/// A folder at one moment of a record.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    files: Vec<File>,
    /// Names as they are on the disk, then after each step since; a file that is synced takes them along, as journalling
    /// file systems do.
    names: Vec<Names>,
    /// The same where only a synced folder does.
    strict: Vec<Names>,
}

impl Folder {
    /// One that has nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { files: Vec::new(), names: vec![Names::new()], strict: vec![Names::new()] }
    }

    /// One as it lies there.
    #[must_use]
    pub fn read(dir: &Path) -> Self {
        let mut folder = Self::new();
        let mut names = Names::new();
        for file in std::fs::read_dir(dir).unwrap() {
            let file = file.unwrap();
            names.insert(file.file_name().into_string().unwrap(), folder.files.len());
            folder.files.push(File { sure: std::fs::read(file.path()).unwrap(), pending: Vec::new() });
        }
        folder.names = vec![names.clone()];
        folder.strict = vec![names];
        folder
    }

    /// After one more step.
    pub fn step(&mut self, apa: &Apa) {
        match apa {
            Apa::Tulis { nama, at, isi } => self.file(nama).pending.push(Change::Tulis(*at, isi.clone())),
            Apa::Potong { nama, len } => self.file(nama).pending.push(Change::Potong(*len)),
            Apa::Ganti { dari, ke } => self.rename(|names, _| {
                if let Some(file) = names.remove(dari) {
                    names.insert(ke.clone(), file);
                }
            }),
            Apa::Hapus(nama) => self.rename(|names, _| {
                names.remove(nama);
            }),
            Apa::Buat(nama) => {
                self.files.push(File::default());
                self.rename(|names, new| {
                    names.insert(nama.clone(), new);
                });
            }
            Apa::Sinkron(nama) => {
                let file = self.file(nama);
                for change in std::mem::take(&mut file.pending) {
                    put(&mut file.sure, &change);
                }
                self.names.drain(..self.names.len() - 1);
            }
            Apa::SinkronFolder => {
                self.names.drain(..self.names.len() - 1);
                self.strict.drain(..self.strict.len() - 1);
            }
            Apa::Kata(_) => {}
        }
    }

    /// What a power cut leaves at this moment.
    #[must_use]
    pub fn image(&self, cara: Cara, undi: &mut Undi) -> BTreeMap<String, Vec<u8>> {
        let names = match cara {
            Cara::Utuh => self.names.last(),
            Cara::Hilang => self.names.first(),
            Cara::Awalan | Cara::Acak => Some(&self.names[undi.below(self.names.len())]),
            Cara::Ketat => Some(&self.strict[undi.below(self.strict.len())]),
        };
        let names = names.unwrap().iter();
        names.map(|(nama, file)| (nama.clone(), self.files[*file].image(cara, undi))).collect()
    }

    fn file(&mut self, nama: &str) -> &mut File {
        let at = self.names.last().and_then(|names| names.get(nama));
        let at = *at.unwrap_or_else(|| panic!("a step on {nama}, which was never made"));
        &mut self.files[at]
    }

    fn rename(&mut self, step: impl Fn(&mut Names, usize)) {
        let new = self.files.len().saturating_sub(1);
        for all in [&mut self.names, &mut self.strict] {
            let mut names = all.last().unwrap().clone();
            step(&mut names, new);
            all.push(names);
        }
    }
}

impl File {
    fn image(&self, cara: Cara, undi: &mut Undi) -> Vec<u8> {
        let mut bytes = self.sure.clone();
        match cara {
            Cara::Utuh => self.pending.iter().for_each(|change| put(&mut bytes, change)),
            Cara::Hilang => {}
            Cara::Awalan => {
                let left = undi.below(self.pending.len() + 1);
                self.pending[..left].iter().for_each(|change| put(&mut bytes, change));
                if let Some(Change::Tulis(at, isi)) = self.pending.get(left) {
                    let torn = undi.below(isi.len() + 1) / SECTOR * SECTOR;
                    put(&mut bytes, &Change::Tulis(*at, isi[..torn].to_vec()));
                }
            }
            Cara::Acak | Cara::Ketat => self.pending.iter().for_each(|change| match change {
                Change::Potong(_) => {
                    if undi.below(2) == 0 {
                        put(&mut bytes, change);
                    }
                }
                Change::Tulis(at, isi) => {
                    for (i, sector) in isi.chunks(SECTOR).enumerate() {
                        if undi.below(2) == 0 {
                            put(&mut bytes, &Change::Tulis(at + i * SECTOR, sector.to_vec()));
                        }
                    }
                }
            }),
        }
        bytes
    }
}

fn put(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Potong(len) => bytes.resize(*len, 0),
        Change::Tulis(_, isi) if isi.is_empty() => {}
        Change::Tulis(at, isi) => {
            let end = at + isi.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(isi);
        }
    }
}

/// Lays an image out as a folder. A file that the device knows by its place on the disk (`cap`) is the one of `asli`.
pub fn lay(image: &BTreeMap<String, Vec<u8>>, asli: &Path, dir: &Path) {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).unwrap();
    for (nama, isi) in image {
        let path = dir.join(nama);
        if nama == "cap" {
            let _ = std::fs::hard_link(asli.join(nama), &path);
        }
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(isi).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tulis(at: usize, isi: &[u8]) -> Apa {
        Apa::Tulis { nama: "a".into(), at, isi: isi.to_vec() }
    }

    #[test]
    fn what_was_synced_survives_and_what_was_not_may() {
        let mut folder = Folder::new();
        let synced = tulis(0, &[1; 1024]);
        for apa in [Apa::Buat("a".into()), synced, Apa::Sinkron("a".into()), tulis(512, &[2; 1024])] {
            folder.step(&apa);
        }
        let mut torn = false;
        for benih in 0..50 {
            let mut undi = Undi::new(benih);
            for cara in Cara::SEMUA {
                let Some(a) = folder.image(cara, &mut undi).remove("a") else {
                    assert_eq!(cara, Cara::Ketat, "a synced file keeps its name");
                    continue;
                };
                assert_eq!(a[..512], [1; 512]);
                assert!(a[512..1024] == [1; 512] || a[512..1024] == [2; 512], "a sector is whole");
                torn |= cara == Cara::Acak && a[512..1024] == [1; 512] && a.len() == 1536;
                match cara {
                    Cara::Utuh => assert_eq!((a.len(), a[1535]), (1536, 2)),
                    Cara::Hilang => assert_eq!(a, [1; 1024]),
                    Cara::Awalan | Cara::Acak | Cara::Ketat => {}
                }
            }
        }
        assert!(torn, "the later sector may be there without the earlier");
    }

    #[test]
    fn a_new_name_is_sure_when_the_folder_is() {
        let mut folder = Folder::new();
        for apa in [Apa::Buat("b".into()), Apa::Sinkron("b".into()), Apa::SinkronFolder] {
            folder.step(&apa);
        }
        folder.step(&Apa::Ganti { dari: "b".into(), ke: "c".into() });
        let names = |folder: &Folder, cara| folder.image(cara, &mut Undi::new(1)).into_keys().collect::<Vec<_>>();
        assert_eq!((names(&folder, Cara::Hilang), names(&folder, Cara::Utuh)), (vec!["b".into()], vec!["c".into()]));
        folder.step(&Apa::SinkronFolder);
        assert_eq!(names(&folder, Cara::Hilang), ["c"]);
    }
}
