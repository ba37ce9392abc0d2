//! A whole house, read from the answers of its documents.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::{
    Bagian, BarisId, Catatan, Industri, Isian, Kehamilan, Keluarga, KesehatanWarga, Mutasi, Nilai, Pekarangan,
    Persetujuan, RumahId, RumahTangga, SifatRumah, Tempat, Warga, WargaId,
};

/// One answer with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ButirTerisi {
    /// Where.
    pub tempat: Tempat,
    /// What; never `Kosong`.
    pub isi: Isian<Nilai>,
}

/// An answer that this version cannot read: an unknown code, or a value of another kind. It stays in
/// the document untouched and is shown as a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ButirAsing {
    /// Path in the document.
    pub jalur: String,
    /// What stands there, as text.
    pub isi: String,
}

/// A house with everything recorded about it that the reader may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rumah {
    /// The house's id.
    pub id: RumahId,
    /// Address and items of the building.
    pub sifat: SifatRumah,
    /// Rumah tangga by row.
    pub rumah_tangga: BTreeMap<BarisId, RumahTangga>,
    /// Use of the yard.
    pub pekarangan: BTreeMap<BarisId, Pekarangan>,
    /// Home industries.
    pub industri: BTreeMap<BarisId, Industri>,
    /// Families.
    pub keluarga: BTreeMap<BarisId, Keluarga>,
    /// People.
    pub anggota: BTreeMap<WargaId, Warga>,
    /// Health answers by person; may name a person who is not in `anggota` (another device's, not yet here).
    pub kesehatan: BTreeMap<WargaId, KesehatanWarga>,
    /// Pregnancy episodes.
    pub kehamilan: BTreeMap<BarisId, Kehamilan>,
    /// Life events.
    pub mutasi: BTreeMap<BarisId, Mutasi>,
    /// Consents.
    pub persetujuan: BTreeMap<BarisId, Persetujuan>,
    /// Answers that this version cannot read.
    pub asing: Vec<ButirAsing>,
}

impl Rumah {
    /// A house of which nothing is recorded.
    pub fn new(id: RumahId) -> Self {
        Self {
            id,
            sifat: SifatRumah::default(),
            rumah_tangga: BTreeMap::new(),
            pekarangan: BTreeMap::new(),
            industri: BTreeMap::new(),
            keluarga: BTreeMap::new(),
            anggota: BTreeMap::new(),
            kesehatan: BTreeMap::new(),
            kehamilan: BTreeMap::new(),
            mutasi: BTreeMap::new(),
            persetujuan: BTreeMap::new(),
            asing: Vec::new(),
        }
    }

    /// A house from its answers, in any order.
    pub fn from_butir(id: RumahId, butir: impl IntoIterator<Item = ButirTerisi>) -> Self {
        let mut rumah = Self::new(id);
        for ButirTerisi { tempat, isi } in butir {
            rumah.tulis(&tempat, isi);
        }
        rumah
    }

    /// Puts one answer into its record; what does not fit is kept in [`Rumah::asing`]. A row is there as long as
    /// one of its answers is.
    pub fn tulis(&mut self, tempat: &Tempat, isi: Isian<Nilai>) {
        let teks = isi.terisi().map(ToString::to_string).unwrap_or_default();
        let muat = match (tempat.bagian, &tempat.baris) {
            (Bagian::Rumah, _) => self.sifat.tulis(tempat.kunci, isi).is_ok(),
            (Bagian::RumahTangga, Some(baris)) => put(&mut self.rumah_tangga, baris.clone(), tempat, isi),
            (Bagian::Pekarangan, Some(baris)) => put(&mut self.pekarangan, baris.clone(), tempat, isi),
            (Bagian::Industri, Some(baris)) => put(&mut self.industri, baris.clone(), tempat, isi),
            (Bagian::Keluarga, Some(baris)) => put(&mut self.keluarga, baris.clone(), tempat, isi),
            (Bagian::Kehamilan, Some(baris)) => put(&mut self.kehamilan, baris.clone(), tempat, isi),
            (Bagian::Mutasi, Some(baris)) => put(&mut self.mutasi, baris.clone(), tempat, isi),
            (Bagian::Persetujuan, Some(baris)) => put(&mut self.persetujuan, baris.clone(), tempat, isi),
            (Bagian::Anggota, Some(baris)) => match WargaId::parse(baris.as_str()) {
                Ok(warga) => put(&mut self.anggota, warga, tempat, isi),
                Err(_) => false,
            },
            (Bagian::KesehatanWarga, Some(baris)) => match WargaId::parse(baris.as_str()) {
                Ok(warga) => put(&mut self.kesehatan, warga, tempat, isi),
                Err(_) => false,
            },
            (Bagian::Dasawisma | Bagian::Perangkat, _) | (_, None) => false,
        };
        if !muat {
            self.asing.push(ButirAsing { jalur: tempat.to_string(), isi: teks });
        }
    }

    /// The answer at a place; `Kosong` where nothing stands.
    pub fn isi(&self, tempat: &Tempat) -> Isian<Nilai> {
        let kunci = tempat.kunci;
        let baris = tempat.baris.as_ref();
        fn get<K: Ord, C: Catatan>(rows: &BTreeMap<K, C>, baris: Option<K>, kunci: &str) -> Option<Isian<Nilai>> {
            rows.get(&baris?)?.isi(kunci)
        }
        let warga = baris.and_then(|baris| WargaId::parse(baris.as_str()).ok());
        match tempat.bagian {
            Bagian::Rumah => self.sifat.isi(kunci),
            Bagian::RumahTangga => get(&self.rumah_tangga, baris.cloned(), kunci),
            Bagian::Pekarangan => get(&self.pekarangan, baris.cloned(), kunci),
            Bagian::Industri => get(&self.industri, baris.cloned(), kunci),
            Bagian::Keluarga => get(&self.keluarga, baris.cloned(), kunci),
            Bagian::Kehamilan => get(&self.kehamilan, baris.cloned(), kunci),
            Bagian::Mutasi => get(&self.mutasi, baris.cloned(), kunci),
            Bagian::Persetujuan => get(&self.persetujuan, baris.cloned(), kunci),
            Bagian::Anggota => get(&self.anggota, warga, kunci),
            Bagian::KesehatanWarga => get(&self.kesehatan, warga, kunci),
            Bagian::Dasawisma | Bagian::Perangkat => None,
        }
        .unwrap_or_default()
    }

    /// All answers, in a fixed order.
    pub fn butir(&self) -> Vec<ButirTerisi> {
        let mut semua = Vec::new();
        collect(&mut semua, [(None, &self.sifat)]);
        collect(&mut semua, rows(&self.rumah_tangga));
        collect(&mut semua, rows(&self.pekarangan));
        collect(&mut semua, rows(&self.industri));
        collect(&mut semua, rows(&self.keluarga));
        collect(&mut semua, rows(&self.anggota));
        collect(&mut semua, rows(&self.mutasi));
        collect(&mut semua, rows(&self.persetujuan));
        collect(&mut semua, rows(&self.kesehatan));
        collect(&mut semua, rows(&self.kehamilan));
        semua
    }
}

/// Puts an answer into its row. A row is there as long as one of its answers is.
pub(crate) fn put<K: Ord, C: Catatan + PartialEq>(
    rows: &mut BTreeMap<K, C>,
    baris: K,
    tempat: &Tempat,
    isi: Isian<Nilai>,
) -> bool {
    let kosong = isi.is_kosong();
    match rows.entry(baris) {
        Entry::Occupied(mut row) => {
            let muat = row.get_mut().tulis(tempat.kunci, isi).is_ok();
            if kosong && *row.get() == C::default() {
                row.remove();
            }
            muat
        }
        Entry::Vacant(row) => {
            let mut catatan = C::default();
            let muat = catatan.tulis(tempat.kunci, isi).is_ok();
            if muat && !kosong {
                row.insert(catatan);
            }
            muat
        }
    }
}

fn rows<K: Clone + Into<BarisId>, C>(rows: &BTreeMap<K, C>) -> impl Iterator<Item = (Option<BarisId>, &C)> {
    rows.iter().map(|(baris, catatan)| (Some(baris.clone().into()), catatan))
}

fn collect<'a, C: Catatan + 'a>(
    semua: &mut Vec<ButirTerisi>,
    catatan: impl IntoIterator<Item = (Option<BarisId>, &'a C)>,
) {
    for (baris, catatan) in catatan {
        for butir in C::BUTIR {
            let isi = catatan.isi(butir.kunci).unwrap_or_default();
            if !isi.is_kosong() {
                let tempat = Tempat { bagian: C::BAGIAN, baris: baris.clone(), kunci: butir.kunci };
                semua.push(ButirTerisi { tempat, isi });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catatan::semua_butir;
    use crate::{Desimal, Jenis};

    /// An answer of any item, at one of three rows.
    fn butir_terisi() -> impl Strategy<Value = ButirTerisi> {
        let semua: Vec<_> = semua_butir().collect();
        (0..semua.len(), 0u8..3, 0u32..40_000, any::<bool>(), "[A-Z]{1,9}").prop_map(move |(i, row, n, ya, teks)| {
            let (bagian, butir) = semua[i];
            let baris = match bagian {
                Bagian::Rumah => None,
                Bagian::Anggota | Bagian::KesehatanWarga => Some(WargaId::new(1, [row; 10]).into()),
                _ => Some(BarisId::new([row; 5])),
            };
            let nilai = match butir.jenis {
                Jenis::Teks { .. } => Nilai::Teks(teks),
                Jenis::Bulat { .. } => Nilai::Bulat(n.into()),
                Jenis::Desimal => Nilai::Desimal(Desimal::from_ribuan(n.into())),
                Jenis::YaTidak => Nilai::YaTidak(ya),
                Jenis::Tanggal => Nilai::Tanggal(chrono::NaiveDate::default() + chrono::Duration::days(n.into())),
                Jenis::Pilihan(opsi) => Nilai::Pilihan(opsi[n as usize % opsi.len()].kode),
            };
            let isi = if n % 7 == 0 { Isian::TidakTahu } else { Isian::Terisi(nilai) };
            ButirTerisi { tempat: Tempat { bagian, baris, kunci: butir.kunci }, isi }
        })
    }

    const ID: RumahId = RumahId::from_bytes([1; 16]);

    proptest! {
        #[test]
        fn a_house_is_its_answers(butir in proptest::collection::vec(butir_terisi(), 0..60)) {
            let rumah = Rumah::from_butir(ID, butir.clone());
            let semua = rumah.butir();
            prop_assert_eq!(&rumah.asing, &[]);
            prop_assert_eq!(Rumah::from_butir(ID, semua.iter().rev().cloned()), rumah.clone());
            for satu in &butir {
                let terakhir = butir.iter().rfind(|lain| lain.tempat == satu.tempat).unwrap();
                prop_assert_eq!(rumah.isi(&satu.tempat), terakhir.isi.clone());
                prop_assert!(semua.contains(terakhir));
                prop_assert_eq!(Tempat::parse(&satu.tempat.to_string()), Ok(satu.tempat.clone()));
            }
        }

        #[test]
        fn what_is_taken_away_leaves_no_empty_row(butir in proptest::collection::vec(butir_terisi(), 0..30)) {
            let mut rumah = Rumah::from_butir(ID, butir.clone());
            for satu in butir.iter().chain(&butir) {
                rumah.tulis(&satu.tempat, Isian::Kosong);
            }
            prop_assert_eq!(rumah, Rumah::new(ID));
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_makes_no_row() {
        let mut rumah = Rumah::new(ID);
        let tempat = Tempat::new(Bagian::RumahTangga, Some(BarisId::new([1; 5])), "jumlah_jamban").unwrap();
        rumah.tulis(&tempat, Isian::Terisi(Nilai::Teks("dua".into())));
        assert_eq!(rumah.asing, [ButirAsing { jalur: tempat.to_string(), isi: "dua".into() }]);
        assert!(rumah.rumah_tangga.is_empty());
    }
}
