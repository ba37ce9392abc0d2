//! In which house a person counts: in one, however many houses have her (DESIGN §5).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use wakuncar_domain::{Rumah, RumahId, Warga, WargaId, belum_keluar};

use crate::urut::urut_alamat;

/// The houses of all people on a day.
///
/// Made from all houses that a device knows, and not only those of one book, it makes the books add up: a person
/// active in two dasawisma counts in one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keanggotaan {
    hari: NaiveDate,
    /// The first house is the one in which a person counts, if it has her as somebody to count.
    tempat: BTreeMap<WargaId, Vec<Anggota>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anggota {
    rumah: RumahId,
    /// Lives here, and has a rumah tangga here.
    hadir: bool,
}

impl Keanggotaan {
    /// Reads the houses. Of several houses in which a person could be counted, the first by address counts her;
    /// one that she is away from never does.
    pub fn new(rumah: &[Rumah], hari: NaiveDate) -> Self {
        let mut tempat: BTreeMap<WargaId, Vec<Anggota>> = BTreeMap::new();
        for rumah in urut_alamat(rumah).into_iter().filter(|rumah| rumah.is_dipakai(hari)) {
            for (id, warga) in rumah.anggota.iter().filter(|(_, warga)| warga.is_aktif(hari)) {
                let hadir = warga.is_counted(hari) && has_krt(rumah, warga, hari);
                tempat.entry(*id).or_default().push(Anggota { rumah: rumah.id, hadir });
            }
        }
        tempat.values_mut().for_each(|semua| semua.sort_by_key(|anggota| !anggota.hadir));
        Self { hari, tempat }
    }

    /// The day.
    pub fn hari(&self) -> NaiveDate {
        self.hari
    }

    /// Whether what this house says about a person holds: not where she is counted in another house.
    ///
    /// A husband who is away from here and counted elsewhere is still his wife's husband here.
    pub fn is_berlaku(&self, warga: WargaId, rumah: RumahId) -> bool {
        let semua = self.tempat.get(&warga).map(Vec::as_slice).unwrap_or_default();
        match (semua.first(), semua.iter().find(|anggota| anggota.rumah == rumah)) {
            (Some(pertama), Some(di_sini)) => !di_sini.hadir || pertama.rumah == rumah,
            _ => true,
        }
    }

    /// People active in several houses, of which one at least is among these; the house that counts them first.
    pub(crate) fn ganda(&self, rumah: &[&Rumah]) -> Vec<(WargaId, Vec<RumahId>)> {
        let ganda = self.tempat.iter().filter(|(_, semua)| {
            semua.len() > 1 && semua.iter().any(|anggota| rumah.iter().any(|rumah| rumah.id == anggota.rumah))
        });
        ganda.map(|(id, semua)| (*id, semua.iter().map(|anggota| anggota.rumah).collect())).collect()
    }

    /// People who live in one of these houses and are counted nowhere, as no rumah tangga has them.
    pub(crate) fn tanpa_krt(&self, rumah: &[&Rumah]) -> Vec<(WargaId, RumahId)> {
        let mut semua = Vec::new();
        for rumah in rumah {
            for (id, warga) in rumah.anggota.iter().filter(|(_, warga)| warga.is_counted(self.hari)) {
                let dihitung = self.tempat.get(id).and_then(|semua| semua.first()).is_some_and(|anggota| anggota.hadir);
                if !dihitung && !has_krt(rumah, warga, self.hari) {
                    semua.push((*id, rumah.id));
                }
            }
        }
        semua
    }
}

/// Whether the person belongs to a family and a rumah tangga that are there on that day.
fn has_krt(rumah: &Rumah, warga: &Warga, hari: NaiveDate) -> bool {
    let keluarga = rumah.keluarga_of(warga).is_some_and(|(_, keluarga)| belum_keluar(&keluarga.keluar_tgl, hari));
    let krt = rumah.krt_of(warga).and_then(|baris| rumah.rumah_tangga.get(&baris));
    keluarga && krt.is_some_and(|krt| belum_keluar(&krt.keluar_tgl, hari))
}
