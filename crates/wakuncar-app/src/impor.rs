//! Taking over a table of residents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wakuncar_domain::{Edit, Rumah, RumahId};
use wakuncar_exchange::{BarisWarga, KunciRumah, Tabel, Tolakan, baca_warga, rencana, tolakan_csv};

use crate::{App, Error, Izin, acak};

/// Houses saved in one transaction: a cut import keeps whole houses, and the next run goes on from there.
const SEKALI: usize = 100;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HasilImpor {
    /// Rows with content.
    pub baris: usize,
    /// Encoding of the file, read or assumed.
    pub pengodean: &'static str,
    /// Houses that are new.
    pub rumah_baru: usize,
    /// Houses known before that changed.
    pub rumah_berubah: usize,
    /// Houses of the file that did not change.
    pub rumah_sama: usize,
    /// People that are new to their house.
    pub warga_baru: usize,
    /// Refused rows.
    pub tolakan: Vec<Tolakan>,
    /// Remarks on rows taken.
    pub catatan: Vec<Tolakan>,
    /// Headings without a place here.
    pub kolom_asing: Vec<String>,
    /// Where the refusals were written, if there are any.
    pub berkas_tolakan: Option<PathBuf>,
}

impl App {
    /// Imports a CSV or XLSX of residents. The same file again changes nothing. Refusals are written beside
    /// the file, or to `tolakan`.
    ///
    /// # Errors
    /// [`Error::Table`], [`Error::File`]; also when the refusals cannot be written, before anything is taken.
    pub fn impor_warga(&mut self, berkas: &Path, tolakan: Option<&Path>) -> Result<HasilImpor, Error> {
        let bytes = std::fs::read(berkas).map_err(Error::file(berkas))?;
        let tabel = Tabel::read(&bytes)?;
        let bacaan = baca_warga(&tabel)?;
        let mut hasil = HasilImpor {
            baris: tabel.len(),
            pengodean: tabel.pengodean,
            tolakan: bacaan.tolakan,
            catatan: bacaan.catatan,
            kolom_asing: bacaan.kolom_asing,
            ..HasilImpor::default()
        };
        if !hasil.tolakan.is_empty() {
            let path = tolakan.map_or_else(|| berkas.with_extension("tolakan.csv"), Path::to_owned);
            let isi = tolakan_csv(&hasil.tolakan).map_err(wakuncar_exchange::Error::Csv)?;
            std::fs::write(&path, isi).map_err(Error::file(&path))?;
            hasil.berkas_tolakan = Some(path);
        }
        let mut rumah: BTreeMap<&KunciRumah, Vec<&BarisWarga>> = BTreeMap::new();
        for baris in &bacaan.baris {
            rumah.entry(&baris.rumah).or_default().push(baris);
        }
        let rumah: Vec<_> = rumah.into_iter().collect();
        for bagian in rumah.chunks(SEKALI) {
            let mut edits = Vec::with_capacity(bagian.len());
            for (kunci, baris) in bagian {
                self.plan(kunci, baris, &mut hasil, &mut edits)?;
            }
            self.edit_many(&edits, Izin::Register)?;
        }
        Ok(hasil)
    }

    fn plan(
        &self,
        kunci: &KunciRumah,
        baris: &[&BarisWarga],
        hasil: &mut HasilImpor,
        edits: &mut Vec<(RumahId, Vec<Edit>)>,
    ) -> Result<(), Error> {
        let ada = self.store.rumah_by_alamat(&kunci.rw, &kunci.rt, &kunci.dasawisma, &kunci.no_rumah)?;
        let rumah = match ada {
            Some(id) => self.rumah(id)?,
            None => Rumah::new(RumahId::from_bytes(acak::bytes()?)),
        };
        let rencana = self.with_new_ids(|baru| rencana(&rumah, baris, baru))?;
        match (ada, rencana.edits.is_empty()) {
            (None, _) => hasil.rumah_baru += 1,
            (Some(_), false) => hasil.rumah_berubah += 1,
            (Some(_), true) => hasil.rumah_sama += 1,
        }
        hasil.warga_baru += rencana.warga_baru;
        hasil.catatan.extend(rencana.catatan);
        if !rencana.edits.is_empty() {
            edits.push((rumah.id, rencana.edits));
        }
        Ok(())
    }
}
