//! Pregnancies: an episode is what books count, the answer to *ibu hamil* only begins or ends one (DOMAIN §2.9).

use chrono::NaiveDate;

use crate::{Bagian, BarisId, Edit, Isian, Kehamilan, Nilai, Rumah, Tempat, WargaId, belum_keluar};

impl Kehamilan {
    /// Whether the pregnancy is open on that day. One without HPHT is open from always.
    pub fn is_terbuka(&self, hari: NaiveDate) -> bool {
        self.hpht.terisi().is_none_or(|hpht| *hpht <= hari) && belum_keluar(&self.tgl_akhir, hari)
    }
}

impl Rumah {
    /// The pregnancies of a person.
    pub fn kehamilan_of(&self, warga: WargaId) -> impl Iterator<Item = (&BarisId, &Kehamilan)> {
        let warga = warga.to_string();
        self.kehamilan.iter().filter(move |(_, episode)| episode.warga.terisi() == Some(&warga))
    }

    /// What follows from the answer to *ibu hamil*: *ya* opens an episode where none is open (the last menstruation is
    /// asked later), *tidak* ends an open one on that day, its outcome still to be told.
    pub fn kehamilan_from(
        &self,
        warga: WargaId,
        hamil: bool,
        hari: NaiveDate,
        baris: impl FnOnce() -> BarisId,
    ) -> Vec<Edit> {
        let terbuka: Vec<&BarisId> = self
            .kehamilan_of(warga)
            .filter(|(_, episode)| belum_keluar(&episode.tgl_akhir, hari))
            .map(|(baris, _)| baris)
            .collect();
        let edit = |baris: BarisId, kunci: &'static str, nilai: Nilai| Edit {
            tempat: Tempat { bagian: Bagian::Kehamilan, baris: Some(baris), kunci },
            isi: Isian::Terisi(nilai),
        };
        match (hamil, terbuka.as_slice()) {
            (true, []) => vec![edit(baris(), "warga", Nilai::Teks(warga.to_string()))],
            (true, _) => Vec::new(),
            (false, open) => {
                open.iter().map(|baris| edit((*baris).clone(), "tgl_akhir", Nilai::Tanggal(hari))).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RumahId;

    #[test]
    fn an_answer_opens_one_episode_and_the_next_ends_it() {
        let mut rumah = Rumah::new(RumahId::from_bytes([1; 16]));
        let (ibu, hari): (_, NaiveDate) = (WargaId::new(1, [7; 10]), "2021-11-09".parse().unwrap());
        let tell = |rumah: &mut Rumah, hamil: bool, row: &str| {
            let edits = rumah.kehamilan_from(ibu, hamil, hari, || BarisId::parse(row).unwrap());
            edits.iter().for_each(|edit| rumah.tulis(&edit.tempat, edit.isi.clone()));
            edits.len()
        };
        let open = |rumah: &Rumah| rumah.kehamilan_of(ibu).filter(|(_, episode)| episode.is_terbuka(hari)).count();
        assert_eq!((tell(&mut rumah, false, "a"), open(&rumah)), (0, 0));
        assert_eq!((tell(&mut rumah, true, "a"), open(&rumah)), (1, 1));
        assert_eq!((tell(&mut rumah, true, "b"), open(&rumah)), (0, 1), "told twice is one pregnancy");
        assert_eq!((tell(&mut rumah, false, "b"), open(&rumah)), (1, 0));
        assert_eq!((tell(&mut rumah, true, "c"), open(&rumah)), (1, 1), "a later one is another");
        assert_eq!(rumah.kehamilan.len(), 2);
    }
}
