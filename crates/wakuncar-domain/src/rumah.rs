//! A whole house, read from the answers of its documents.

use std::collections::BTreeMap;

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

    /// Puts one answer into its record; what does not fit is kept in [`Rumah::asing`].
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
            (_, None) => false,
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

fn put<K: Ord, C: Catatan>(rows: &mut BTreeMap<K, C>, baris: K, tempat: &Tempat, isi: Isian<Nilai>) -> bool {
    rows.entry(baris).or_default().tulis(tempat.kunci, isi).is_ok()
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
