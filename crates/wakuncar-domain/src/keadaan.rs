//! Who and what counts on a day: rows have a beginning and an end, and are never deleted.

use chrono::NaiveDate;

use crate::{BarisId, Domisili, Isian, Keluarga, Koleksi, Rumah, RumahTangga, Warga, WargaId};

/// Whether a row with this end is still there on a day. One that ended on a day that nobody knows has ended.
pub fn belum_keluar(keluar_tgl: &Isian<NaiveDate>, hari: NaiveDate) -> bool {
    match keluar_tgl {
        Isian::Kosong => true,
        Isian::TidakTahu => false,
        Isian::Terisi(keluar) => hari < *keluar,
    }
}

impl Warga {
    /// Whether she belongs to the house on that day: born, come in, not gone.
    pub fn is_aktif(&self, hari: NaiveDate) -> bool {
        let sudah = |mulai: &Isian<NaiveDate>| mulai.terisi().is_none_or(|mulai| *mulai <= hari);
        sudah(&self.tanggal_lahir) && sudah(&self.masuk_tgl) && belum_keluar(&self.keluar_tgl, hari)
    }

    /// Whether the books count her on that day: active, and living here (DOMAIN §2.8.1). An unasked domicile
    /// of somebody recorded in this house is this house.
    pub fn is_counted(&self, hari: NaiveDate) -> bool {
        let di_sini = match self.domisili {
            Isian::Terisi(Domisili::Merantau | Domisili::Pindah) => false,
            Isian::Terisi(Domisili::DiSini) | Isian::Kosong | Isian::TidakTahu => true,
        };
        di_sini && self.is_aktif(hari)
    }
}

impl Rumah {
    /// The house in use on that day: this document has begun and is not replaced by another.
    pub fn is_dipakai(&self, hari: NaiveDate) -> bool {
        let begun = self.sifat.dipakai_tgl.terisi().is_none_or(|begun| *begun <= hari);
        begun && belum_keluar(&self.sifat.keluar_tgl, hari)
    }

    /// The family of a person.
    pub fn keluarga_of(&self, warga: &Warga) -> Option<(BarisId, &Keluarga)> {
        let baris = BarisId::parse(warga.keluarga.terisi()?).ok()?;
        self.keluarga.get(&baris).map(|keluarga| (baris, keluarga))
    }

    /// The rumah tangga of a person, through her family.
    pub fn krt_of(&self, warga: &Warga) -> Option<BarisId> {
        let (_, keluarga) = self.keluarga_of(warga)?;
        let baris = BarisId::parse(keluarga.rumah_tangga.terisi()?).ok()?;
        self.rumah_tangga.contains_key(&baris).then_some(baris)
    }

    /// The rumah tangga on that day in the order of the book: by KRT label (numbers as numbers), then row.
    pub fn krt_urut(&self, hari: NaiveDate) -> Vec<(&BarisId, &RumahTangga)> {
        let mut krt: Vec<_> = self.rumah_tangga.iter().filter(|(_, krt)| belum_keluar(&krt.keluar_tgl, hari)).collect();
        krt.sort_by_cached_key(|(baris, krt)| {
            let label = krt.krt.terisi().cloned().unwrap_or_default();
            (label.parse::<u64>().unwrap_or(u64::MAX), label, (*baris).clone())
        });
        krt
    }

    /// The families of a rumah tangga on that day.
    pub fn keluarga_in(&self, krt: &BarisId, hari: NaiveDate) -> impl Iterator<Item = (&BarisId, &Keluarga)> {
        let krt = krt.clone();
        self.keluarga.iter().filter(move |(_, keluarga)| {
            keluarga.rumah_tangga.terisi().is_some_and(|baris| baris == krt.as_str())
                && belum_keluar(&keluarga.keluar_tgl, hari)
        })
    }

    /// The people of a family that are active on that day.
    pub fn warga_in(&self, keluarga: &BarisId, hari: NaiveDate) -> impl Iterator<Item = (WargaId, &Warga)> {
        let keluarga = keluarga.clone();
        self.anggota.iter().filter_map(move |(id, warga)| {
            let di_sini = warga.keluarga.terisi().is_some_and(|baris| baris == keluarga.as_str());
            (di_sini && warga.is_aktif(hari)).then_some((*id, warga))
        })
    }

    /// Whether the family has agreed, and not withdrawn, that data of this collection are recorded.
    ///
    /// Its latest word holds (DOMAIN §4.7: default *no*): a refusal takes away consents up to its day, a
    /// withdrawal those before its day and the one that it stands on. An older consent never revives.
    pub fn persetujuan_berlaku(&self, koleksi: Koleksi, hari: NaiveDate) -> bool {
        let (mut ya, mut tidak, mut dicabut) = (None, None, None);
        for setuju in self.persetujuan.values() {
            let modul = match koleksi {
                Koleksi::Dasar => &setuju.modul_dasar,
                Koleksi::Kesehatan => &setuju.modul_kesehatan,
                // The team's document says nothing of a family.
                Koleksi::AnggotaTim => return false,
            };
            let (Some(tgl), Some(modul)) = (setuju.tgl.terisi().filter(|tgl| **tgl <= hari), modul.terisi()) else {
                continue;
            };
            match (modul, belum_keluar(&setuju.dicabut_tgl, hari)) {
                (false, _) => tidak = tidak.max(Some(*tgl)),
                (true, true) => ya = ya.max(Some(*tgl)),
                (true, false) => dicabut = dicabut.max(Some(*setuju.dicabut_tgl.terisi().unwrap_or(tgl))),
            }
        }
        ya.is_some_and(|_| ya > tidak && ya >= dicabut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RumahId;

    fn hari(teks: &str) -> NaiveDate {
        teks.parse().unwrap()
    }

    #[test]
    fn a_person_counts_from_her_coming_to_the_day_before_her_going() {
        let warga = Warga {
            tanggal_lahir: Isian::Terisi(hari("2020-05-01")),
            keluar_tgl: Isian::Terisi(hari("2021-05-01")),
            ..Warga::default()
        };
        for (tanggal, aktif) in
            [("2020-04-30", false), ("2020-05-01", true), ("2021-04-30", true), ("2021-05-01", false)]
        {
            assert_eq!(warga.is_aktif(hari(tanggal)), aktif, "{tanggal}");
        }
    }

    #[test]
    fn someone_away_belongs_to_the_house_but_not_to_the_books() {
        let hari = hari("2021-11-09");
        for (domisili, dihitung) in [
            (Isian::Kosong, true),
            (Isian::TidakTahu, true),
            (Isian::Terisi(Domisili::DiSini), true),
            (Isian::Terisi(Domisili::Merantau), false),
            (Isian::Terisi(Domisili::Pindah), false),
        ] {
            let warga = Warga { domisili, ..Warga::default() };
            assert!(warga.is_aktif(hari));
            assert_eq!(warga.is_counted(hari), dihitung, "{domisili:?}");
        }
    }

    #[test]
    fn krt_two_stands_before_krt_ten() {
        let mut rumah = Rumah::new(RumahId::from_bytes([1; 16]));
        for (baris, label) in [("b", "10"), ("a", "2"), ("c", "Sukarti"), ("d", "1")] {
            let krt = RumahTangga { krt: Isian::Terisi(label.to_owned()), ..RumahTangga::default() };
            rumah.rumah_tangga.insert(BarisId::parse(baris).unwrap(), krt);
        }
        let urut: Vec<_> = rumah.krt_urut(hari("2021-11-09")).iter().map(|(b, _)| b.to_string()).collect();
        assert_eq!(urut, ["d", "a", "b", "c"]);
    }

    #[test]
    fn consent_holds_for_its_module_until_it_is_withdrawn() {
        let mut rumah = Rumah::new(RumahId::from_bytes([1; 16]));
        let setuju = crate::Persetujuan {
            tgl: Isian::Terisi(hari("2021-11-09")),
            modul_dasar: Isian::Terisi(true),
            dicabut_tgl: Isian::Terisi(hari("2022-01-01")),
            ..Default::default()
        };
        rumah.persetujuan.insert(BarisId::parse("p").unwrap(), setuju);
        for (tanggal, dasar) in [("2021-11-08", false), ("2021-11-09", true), ("2022-01-01", false)] {
            assert_eq!(rumah.persetujuan_berlaku(Koleksi::Dasar, hari(tanggal)), dasar, "{tanggal}");
            assert!(!rumah.persetujuan_berlaku(Koleksi::Kesehatan, hari(tanggal)));
        }
    }

    #[test]
    fn who_left_on_an_unknown_day_has_left() {
        let warga = Warga { keluar_tgl: Isian::TidakTahu, ..Warga::default() };
        assert!(!warga.is_aktif(hari("2021-11-09")));
        assert!(!belum_keluar(&Isian::TidakTahu, hari("1900-01-01")));
    }

    #[test]
    fn the_latest_word_of_the_family_about_a_module_holds() {
        use crate::Persetujuan;
        let kata = |tgl: &str, dasar: Isian<bool>, dicabut: Isian<&str>| Persetujuan {
            tgl: Isian::Terisi(hari(tgl)),
            modul_dasar: dasar,
            dicabut_tgl: dicabut.map(hari),
            ..Default::default()
        };
        let (ya, tidak) = (Isian::Terisi(true), Isian::Terisi(false));
        let (tetap, kosong) = (Isian::Kosong, Isian::Kosong);
        for (apa, kata, berlaku) in [
            ("a later refusal", vec![kata("2021-01-01", ya, tetap), kata("2021-06-01", tidak, tetap)], false),
            ("a later consent", vec![kata("2021-01-01", tidak, tetap), kata("2021-06-01", ya, tetap)], true),
            ("refusal on the same day", vec![kata("2021-06-01", ya, tetap), kata("2021-06-01", tidak, tetap)], false),
            ("not asked again", vec![kata("2021-01-01", ya, tetap), kata("2021-06-01", kosong, tetap)], true),
            (
                "an older consent does not revive",
                vec![kata("2021-01-01", ya, tetap), kata("2021-06-01", ya, Isian::Terisi("2021-07-01"))],
                false,
            ),
            (
                "a new consent on the day of the withdrawal",
                vec![kata("2021-01-01", ya, Isian::Terisi("2021-06-01")), kata("2021-06-01", ya, tetap)],
                true,
            ),
            ("a withdrawal still to come", vec![kata("2021-01-01", ya, Isian::Terisi("2022-01-01"))], true),
            ("withdrawn on an unknown day", vec![kata("2021-01-01", ya, Isian::TidakTahu)], false),
            ("a refusal still to come", vec![kata("2021-01-01", ya, tetap), kata("2022-01-01", tidak, tetap)], true),
        ] {
            for urut in [kata.clone(), kata.into_iter().rev().collect()] {
                let mut rumah = Rumah::new(RumahId::from_bytes([1; 16]));
                for (i, satu) in (0u8..).zip(urut) {
                    rumah.persetujuan.insert(BarisId::new([i; 5]), satu);
                }
                assert_eq!(rumah.persetujuan_berlaku(Koleksi::Dasar, hari("2021-11-09")), berlaku, "{apa}");
            }
        }
    }
}
