//! The team of a kelurahan, read from the answers of its document.

use std::collections::BTreeMap;

use crate::rumah::put;
use crate::{Bagian, BarisId, ButirTerisi, Dasawisma, Isian, Perangkat};

/// The team: which dasawisma there are, and whose device is whose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tim {
    /// Dasawisma by row.
    pub dasawisma: BTreeMap<BarisId, Dasawisma>,
    /// Devices by their id.
    pub perangkat: BTreeMap<BarisId, Perangkat>,
}

impl Tim {
    /// The team from the answers of its document, in any order. Answers of other parts are passed over.
    pub fn from_butir(butir: impl IntoIterator<Item = ButirTerisi>) -> Self {
        let mut tim = Self::default();
        for ButirTerisi { tempat, isi } in butir {
            // What a later version writes stays in the document.
            let Some(baris) = tempat.baris.clone() else { continue };
            match tempat.bagian {
                Bagian::Dasawisma => put(&mut tim.dasawisma, baris, &tempat, isi),
                Bagian::Perangkat => put(&mut tim.perangkat, baris, &tempat, isi),
                _ => continue,
            };
        }
        tim
    }

    /// The dasawisma of an address; of two rows for one, made by two coordinators at once, the lower id.
    pub fn dasawisma_at(&self, rw: &str, rt: &str, nama: &str) -> Option<(&BarisId, &Dasawisma)> {
        let sama = |isi: &Isian<String>, teks: &str| isi.terisi().is_some_and(|isi| isi == teks);
        self.dasawisma.iter().find(|(_, satu)| sama(&satu.rw, rw) && sama(&satu.rt, rt) && sama(&satu.nama, nama))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Nilai, Tempat};

    #[test]
    fn a_dasawisma_is_found_by_its_address() {
        let isi = |kunci: &str, teks: &str| ButirTerisi {
            tempat: Tempat::new(Bagian::Dasawisma, Some(BarisId::new([1; 5])), kunci).unwrap(),
            isi: Isian::Terisi(Nilai::Teks(teks.into())),
        };
        let tim = Tim::from_butir([isi("rw", "001"), isi("rt", "002"), isi("nama", "Melati"), isi("dasar", "ab")]);
        assert_eq!(tim.dasawisma_at("001", "002", "Melati").unwrap().1.dasar, Isian::Terisi("ab".into()));
        assert!(tim.dasawisma_at("001", "003", "Melati").is_none());
    }
}
