//! What must hold (PROTOCOL §6), each in a file of its own: after each event what is quick to see, at rest all of it.

mod inv01_keaslian;
mod inv02_satu_rantai;
mod inv03_tulisan_sendiri;
mod inv04_daftar_pasti;
mod inv05_tanpa_naik_pangkat;
mod inv06_satu_pemegang;
mod inv07_penutupan;
mod inv08_sepakat;
mod inv09_tidak_hilang;
mod inv10_kunci;
mod inv11_buta;
mod inv12_daftar_tumbuh;
mod inv13_ongkos_terbatas;
mod inv14_berulang;
mod inv15_ringkas_dan_hapus;

use wakuncar_wire::EntryId;

use super::dunia::Dunia;
use super::gawai::Pandangan;

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pelanggaran {
    /// Its number in PROTOCOL §6; 0: the run itself.
    pub nomor: u8,
    /// What was seen.
    pub apa: String,
}

impl Pelanggaran {
    pub(crate) fn new(nomor: u8, apa: String) -> Self {
        Self { nomor, apa }
    }
}

/// A device that was touched: which, what it held before, what it holds now.
pub(crate) struct Tengok<'a> {
    pub(crate) siapa: usize,
    pub(crate) dulu: &'a Pandangan,
    pub(crate) kini: &'a Pandangan,
}

impl Tengok<'_> {
    /// Entries that it did not hold before.
    fn baru(&self) -> impl Iterator<Item = EntryId> {
        self.kini.entri.keys().filter(|id| !self.dulu.entri.contains_key(id)).copied()
    }
}

type Langkah = fn(&mut Dunia, &Tengok<'_>) -> Result<(), String>;
type Diam = fn(&mut Dunia) -> Result<(), String>;

/// One invariant.
pub(crate) struct Invarian {
    pub(crate) nomor: u8,
    /// Looked at after each event on each device that was touched.
    pub(crate) langkah: Option<Langkah>,
    /// Looked at when everything has gone everywhere.
    pub(crate) diam: Option<Diam>,
}

pub(crate) const SEMUA: &[Invarian] = &[
    inv01_keaslian::INVARIAN,
    inv02_satu_rantai::INVARIAN,
    inv03_tulisan_sendiri::INVARIAN,
    inv04_daftar_pasti::INVARIAN,
    inv05_tanpa_naik_pangkat::INVARIAN,
    inv06_satu_pemegang::INVARIAN,
    inv07_penutupan::INVARIAN,
    inv08_sepakat::INVARIAN,
    inv09_tidak_hilang::INVARIAN,
    inv10_kunci::INVARIAN,
    inv11_buta::INVARIAN,
    inv12_daftar_tumbuh::INVARIAN,
    inv13_ongkos_terbatas::INVARIAN,
    inv14_berulang::INVARIAN,
    inv15_ringkas_dan_hapus::INVARIAN,
];

/// After an event.
pub(crate) fn setelah_langkah(dunia: &mut Dunia) -> Result<(), Pelanggaran> {
    for siapa in std::mem::take(&mut dunia.tersentuh) {
        if dunia.gawai[siapa].app.is_none() {
            continue;
        }
        let (dulu, kini) = dunia.tengok(siapa)?;
        let tengok = Tengok { siapa, dulu: &dulu, kini: &kini };
        for invarian in SEMUA {
            if let Some(langkah) = invarian.langkah {
                langkah(dunia, &tengok).map_err(|apa| Pelanggaran::new(invarian.nomor, apa))?;
            }
        }
    }
    Ok(())
}

/// At rest.
pub(crate) fn saat_diam(dunia: &mut Dunia) -> Result<(), Pelanggaran> {
    setelah_langkah(dunia)?;
    for invarian in SEMUA {
        if let Some(diam) = invarian.diam {
            diam(dunia).map_err(|apa| Pelanggaran::new(invarian.nomor, apa))?;
        }
    }
    Ok(())
}
