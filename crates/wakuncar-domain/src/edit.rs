//! An edit names one answer: the neighbour's edit of another answer survives it.

use std::fmt;

use crate::{Bagian, BarisId, Butir, Isian, KodeSalah, Nilai};

/// The place of one answer in a house.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tempat {
    /// The part.
    pub bagian: Bagian,
    /// The row; `None` only in [`Bagian::Rumah`].
    pub baris: Option<BarisId>,
    /// The item's key.
    pub kunci: &'static str,
}

impl Tempat {
    /// The place of an item that exists.
    ///
    /// # Errors
    /// [`KodeSalah`] when the part has no such item, or the row is missing or too much.
    pub fn new(bagian: Bagian, baris: Option<BarisId>, kunci: &str) -> Result<Self, KodeSalah> {
        let salah = KodeSalah { apa: "place" };
        let butir = bagian.butir().iter().find(|butir| butir.kunci == kunci).ok_or(salah.clone())?;
        if baris.is_some() == (bagian == Bagian::Rumah) {
            return Err(salah);
        }
        Ok(Self { bagian, baris, kunci: butir.kunci })
    }

    /// Reads `rumah/no_rumah` or `anggota/{row}/nik`.
    ///
    /// # Errors
    /// [`KodeSalah`] as in [`Tempat::new`].
    pub fn parse(jalur: &str) -> Result<Self, KodeSalah> {
        let salah = KodeSalah { apa: "place" };
        let mut ruas = jalur.split('/');
        let bagian = ruas.next().and_then(Bagian::parse).ok_or(salah.clone())?;
        let baris = match bagian {
            Bagian::Rumah => None,
            _ => Some(BarisId::parse(ruas.next().ok_or(salah.clone())?)?),
        };
        let kunci = ruas.next().ok_or(salah.clone())?;
        if ruas.next().is_some() {
            return Err(salah);
        }
        Self::new(bagian, baris, kunci)
    }

    /// The item that stands at this place.
    pub fn butir(&self) -> &'static Butir {
        // A place is only made for an item that exists.
        let butir = self.bagian.butir();
        butir.iter().find(|butir| butir.kunci == self.kunci).unwrap_or(&butir[0])
    }
}

impl fmt::Display for Tempat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.baris {
            Some(baris) => write!(f, "{}/{baris}/{}", self.bagian.nama(), self.kunci),
            None => write!(f, "{}/{}", self.bagian.nama(), self.kunci),
        }
    }
}

/// One answer, to be put at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub tempat: Tempat,
    /// What; `Kosong` takes an answer away (and stays in the history).
    pub isi: Isian<Nilai>,
}
