//! Folders in memory, copied and emptied.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder for one run: in memory where the machine has such a place, as nothing of it need last.
pub(crate) fn tempat() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}

/// Copies the files of a folder as they are on the disk at this moment.
pub(crate) fn salin(dari: &Path, ke: &Path) {
    std::fs::create_dir_all(ke).unwrap();
    for path in isi(dari) {
        // The index of the write-ahead log is a cache of it.
        let name = path.file_name().unwrap();
        if !name.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, ke.join(name)).unwrap();
        }
    }
}

/// Takes every file out of a folder.
pub(crate) fn kosongkan(dir: &Path) {
    for path in isi(dir) {
        std::fs::remove_file(path).unwrap();
    }
}

/// The files in a folder.
pub(crate) fn isi(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}
