//! A simulated kelurahan as files.

use std::path::Path;

use serde_json::json;
use wakuncar_app::Error;
use wakuncar_simulasi::Kelurahan;

use crate::jalan::{Cetak, Galat, write_file};
use crate::pesan::{self, Bahasa};

/// Writes the three files into a folder. A file that is there with other content stays as it is.
pub(crate) fn write(keluar: &Path, kelurahan: &Kelurahan, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    let csv = |error: csv::Error| Galat::Usage(error.to_string());
    let files = [
        ("warga.csv", kelurahan.warga_csv().map_err(csv)?),
        ("pengukuran.csv", kelurahan.pengukuran_csv().map_err(csv)?),
        ("kunci.json", kelurahan.kunci_json()),
    ];
    let file = |path: &Path| {
        let path = path.display().to_string();
        move |error| Galat::from(Error::File { path, error })
    };
    std::fs::create_dir_all(keluar).map_err(file(keluar))?;
    for (nama, bytes) in &files {
        let path = keluar.join(nama);
        if path.exists() && std::fs::read(&path).map_err(file(&path))? != *bytes {
            return Err(Galat::Usage(pesan::tidak_ditimpa(bahasa, &path)));
        }
    }
    for (nama, bytes) in &files {
        write_file(&keluar.join(nama), bytes)?;
    }
    let (baris, ditolak) = (kelurahan.baris().len(), kelurahan.kunci().ditolak.len());
    cetak.print(
        || json!({"keluar": keluar.display().to_string(), "baris": baris, "ditolak": ditolak}),
        || pesan::ditulis(bahasa, keluar),
    );
    Ok(0)
}
