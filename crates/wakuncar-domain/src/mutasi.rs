//! Life events as edits: the only way membership changes (DOMAIN §4.5).
//!
//! A person keeps one id for life. A move is an end in the old house and a membership with the same id in the
//! new one; nothing is deleted, so that a neighbour's edit of the same person survives.

use chrono::NaiveDate;

use crate::{AlasanKeluar, Bagian, BarisId, Edit, Isian, JenisMutasi, Koleksi, Nilai, Rumah, RumahId, Tempat, WargaId};

/// Who records an event, and when.
#[derive(Debug, Clone, Copy)]
pub struct Catat<'a> {
    /// Row for the event, new.
    pub baris: &'a BarisId,
    /// Day of the event.
    pub tgl: NaiveDate,
    /// Day of recording.
    pub dicatat: NaiveDate,
    /// Who records; may be empty.
    pub pencatat: &'a str,
    /// In words: where to, which letter; may be empty.
    pub keterangan: &'a str,
}

/// Why an event cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MutasiSalah {
    /// The person is not in this house.
    #[error("the person is not in this house")]
    BukanAnggota,
    /// The person has already left or died.
    #[error("the person has already left this house")]
    SudahKeluar,
    /// The event lies before the person's birth.
    #[error("the event lies before the birth")]
    SebelumLahir,
    /// The event lies after the day of recording.
    #[error("the event lies in the future")]
    DiMasaDepan,
}

impl Rumah {
    /// The death of a member; she leaves all counts from that day and keeps her history.
    ///
    /// # Errors
    /// [`MutasiSalah`].
    pub fn meninggal(&self, warga: WargaId, catat: &Catat<'_>) -> Result<Vec<Edit>, MutasiSalah> {
        self.keluar(warga, AlasanKeluar::Meninggal, JenisMutasi::Meninggal, None, catat)
    }

    /// A member moves away, to another house of the kelurahan where it is known.
    ///
    /// # Errors
    /// [`MutasiSalah`].
    pub fn pindah_keluar(
        &self,
        warga: WargaId,
        ke: Option<RumahId>,
        catat: &Catat<'_>,
    ) -> Result<Vec<Edit>, MutasiSalah> {
        self.keluar(warga, AlasanKeluar::Pindah, JenisMutasi::PindahKeluar, ke, catat)
    }

    /// The same person in this house, with everything that is known of her in the old one.
    ///
    /// # Errors
    /// [`MutasiSalah::BukanAnggota`] when the old house does not know her.
    pub fn pindah_datang(
        &self,
        warga: WargaId,
        lama: &Rumah,
        keluarga: &BarisId,
        catat: &Catat<'_>,
    ) -> Result<Vec<Edit>, MutasiSalah> {
        check_tgl(catat)?;
        if !lama.anggota.contains_key(&warga) {
            return Err(MutasiSalah::BukanAnggota);
        }
        let baris = BarisId::from(warga);
        let tidak_ikut = ["keluarga", "asal", "masuk_tgl", "keluar_tgl", "keluar_alasan", "keluar_ke"];
        let mut edits: Vec<Edit> = lama
            .butir()
            .into_iter()
            .filter(|butir| butir.tempat.baris.as_ref() == Some(&baris) && !tidak_ikut.contains(&butir.tempat.kunci))
            .filter(|butir| matches!(butir.tempat.bagian, Bagian::Anggota | Bagian::KesehatanWarga))
            .map(|butir| Edit { tempat: butir.tempat, isi: butir.isi })
            .collect();
        put(&mut edits, Bagian::Anggota, &baris, "keluarga", Nilai::Teks(keluarga.to_string()));
        put(&mut edits, Bagian::Anggota, &baris, "asal", Nilai::Teks(lama.id.to_string()));
        put(&mut edits, Bagian::Anggota, &baris, "masuk_tgl", Nilai::Tanggal(catat.tgl));
        if self.anggota.contains_key(&warga) {
            // She comes back: the end of her former membership is taken away.
            for kunci in ["keluar_tgl", "keluar_alasan", "keluar_ke"] {
                erase(&mut edits, &baris, kunci);
            }
        }
        event(&mut edits, JenisMutasi::PindahDatang, warga, catat);
        Ok(edits)
    }

    /// The birth of a child whose own answers are given as edits of her row.
    ///
    /// # Errors
    /// [`MutasiSalah::DiMasaDepan`].
    pub fn lahir(&self, anak: WargaId, butir: Vec<Edit>, catat: &Catat<'_>) -> Result<Vec<Edit>, MutasiSalah> {
        check_tgl(catat)?;
        let mut edits = butir;
        put(&mut edits, Bagian::Anggota, &BarisId::from(anak), "tanggal_lahir", Nilai::Tanggal(catat.tgl));
        event(&mut edits, JenisMutasi::Lahir, anak, catat);
        Ok(edits)
    }

    /// A member goes to another family of the same house: splits off, joins, or marries within it.
    ///
    /// # Errors
    /// [`MutasiSalah`].
    pub fn ganti_keluarga(
        &self,
        warga: WargaId,
        jenis: JenisMutasi,
        keluarga: &BarisId,
        catat: &Catat<'_>,
    ) -> Result<Vec<Edit>, MutasiSalah> {
        self.check_anggota(warga, catat)?;
        let mut edits = Vec::new();
        put(&mut edits, Bagian::Anggota, &BarisId::from(warga), "keluarga", Nilai::Teks(keluarga.to_string()));
        event(&mut edits, jenis, warga, catat);
        Ok(edits)
    }

    fn keluar(
        &self,
        warga: WargaId,
        alasan: AlasanKeluar,
        jenis: JenisMutasi,
        ke: Option<RumahId>,
        catat: &Catat<'_>,
    ) -> Result<Vec<Edit>, MutasiSalah> {
        self.check_anggota(warga, catat)?;
        let baris = BarisId::from(warga);
        let mut edits = Vec::new();
        put(&mut edits, Bagian::Anggota, &baris, "keluar_tgl", Nilai::Tanggal(catat.tgl));
        put(&mut edits, Bagian::Anggota, &baris, "keluar_alasan", Nilai::Pilihan(alasan.kode()));
        if let Some(ke) = ke {
            put(&mut edits, Bagian::Anggota, &baris, "keluar_ke", Nilai::Teks(ke.to_string()));
        }
        event(&mut edits, jenis, warga, catat);
        Ok(edits)
    }

    fn check_anggota(&self, warga: WargaId, catat: &Catat<'_>) -> Result<(), MutasiSalah> {
        check_tgl(catat)?;
        let warga = self.anggota.get(&warga).ok_or(MutasiSalah::BukanAnggota)?;
        if !warga.keluar_tgl.is_kosong() {
            return Err(MutasiSalah::SudahKeluar);
        }
        match warga.tanggal_lahir.terisi() {
            Some(lahir) if *lahir > catat.tgl => Err(MutasiSalah::SebelumLahir),
            _ => Ok(()),
        }
    }
}

fn check_tgl(catat: &Catat<'_>) -> Result<(), MutasiSalah> {
    if catat.tgl > catat.dicatat { Err(MutasiSalah::DiMasaDepan) } else { Ok(()) }
}

fn event(edits: &mut Vec<Edit>, jenis: JenisMutasi, warga: WargaId, catat: &Catat<'_>) {
    put(edits, Bagian::Mutasi, catat.baris, "warga", Nilai::Teks(warga.to_string()));
    put(edits, Bagian::Mutasi, catat.baris, "jenis", Nilai::Pilihan(jenis.kode()));
    put(edits, Bagian::Mutasi, catat.baris, "tgl", Nilai::Tanggal(catat.tgl));
    put(edits, Bagian::Mutasi, catat.baris, "tgl_dicatat", Nilai::Tanggal(catat.dicatat));
    for (kunci, teks) in [("pencatat", catat.pencatat), ("keterangan", catat.keterangan)] {
        if !teks.is_empty() {
            put(edits, Bagian::Mutasi, catat.baris, kunci, Nilai::Teks(teks.to_owned()));
        }
    }
}

/// One edit more; the keys of this file all exist in their part (a test writes each of them).
fn put(edits: &mut Vec<Edit>, bagian: Bagian, baris: &BarisId, kunci: &'static str, nilai: Nilai) {
    debug_assert!(bagian.koleksi() == Koleksi::Dasar && bagian.butir().iter().any(|butir| butir.kunci == kunci));
    edits.push(Edit { tempat: Tempat { bagian, baris: Some(baris.clone()), kunci }, isi: Isian::Terisi(nilai) });
}

fn erase(edits: &mut Vec<Edit>, baris: &BarisId, kunci: &'static str) {
    let tempat = Tempat { bagian: Bagian::Anggota, baris: Some(baris.clone()), kunci };
    edits.push(Edit { tempat, isi: Isian::Kosong });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keluarga, Warga};

    fn hari(teks: &str) -> NaiveDate {
        teks.parse().unwrap()
    }

    fn baris(teks: &str) -> BarisId {
        BarisId::parse(teks).unwrap()
    }

    fn ibu() -> WargaId {
        WargaId::new(1_636_416_000_000, [7; 10])
    }

    fn rumah(id: u8) -> Rumah {
        let mut rumah = Rumah::new(RumahId::from_bytes([id; 16]));
        rumah.keluarga.insert(baris("k"), Keluarga::default());
        rumah
    }

    fn rumah_ibu() -> Rumah {
        let mut rumah = rumah(1);
        let warga = Warga {
            keluarga: Isian::Terisi("k".into()),
            nama_lengkap: Isian::Terisi("SARI CONTOH".into()),
            tanggal_lahir: Isian::Terisi(hari("1990-09-05")),
            ..Warga::default()
        };
        rumah.anggota.insert(ibu(), warga);
        rumah
    }

    fn apply(rumah: &mut Rumah, edits: Vec<Edit>) {
        for edit in edits {
            rumah.tulis(&edit.tempat, edit.isi);
        }
        assert_eq!(rumah.asing, []);
    }

    fn catat<'a>(row: &'a BarisId, tgl: &str) -> Catat<'a> {
        Catat { baris: row, tgl: hari(tgl), dicatat: hari("2021-11-09"), pencatat: "kader", keterangan: "ke RT 004" }
    }

    #[test]
    fn a_person_who_moves_keeps_her_id_and_is_active_in_one_house() {
        let (mut lama, mut baru) = (rumah_ibu(), rumah(2));
        let m = baris("m1");
        let keluar = lama.pindah_keluar(ibu(), Some(baru.id), &catat(&m, "2021-11-01")).unwrap();
        let datang = baru.pindah_datang(ibu(), &lama, &baris("k"), &catat(&m, "2021-11-01")).unwrap();
        apply(&mut lama, keluar);
        apply(&mut baru, datang);

        let kini = hari("2021-11-09");
        assert!(!lama.anggota[&ibu()].is_aktif(kini));
        assert!(baru.anggota[&ibu()].is_aktif(kini));
        assert_eq!(baru.anggota[&ibu()].nama_lengkap, lama.anggota[&ibu()].nama_lengkap);
        assert_eq!(baru.anggota[&ibu()].asal, Isian::Terisi(lama.id.to_string()));
        assert_eq!(lama.anggota[&ibu()].keluar_ke, Isian::Terisi(baru.id.to_string()));
        assert!(lama.anggota[&ibu()].is_aktif(hari("2021-10-31")), "the past stays");
    }

    #[test]
    fn who_comes_back_is_active_again() {
        let (mut lama, mut baru) = (rumah_ibu(), rumah(2));
        let (m1, m2) = (baris("m1"), baris("m2"));
        let keluar = lama.pindah_keluar(ibu(), None, &catat(&m1, "2021-10-01")).unwrap();
        apply(&mut lama, keluar);
        let datang = baru.pindah_datang(ibu(), &lama, &baris("k"), &catat(&m1, "2021-10-01")).unwrap();
        apply(&mut baru, datang);
        let pulang = lama.pindah_datang(ibu(), &baru, &baris("k"), &catat(&m2, "2021-11-01")).unwrap();
        apply(&mut lama, pulang);
        assert!(lama.anggota[&ibu()].is_aktif(hari("2021-11-09")));
    }

    #[test]
    fn impossible_events_are_refused_with_their_reason() {
        let mut rumah = rumah_ibu();
        let m = baris("m1");
        let lain = WargaId::new(1, [1; 10]);
        assert_eq!(rumah.meninggal(lain, &catat(&m, "2021-11-01")), Err(MutasiSalah::BukanAnggota));
        assert_eq!(rumah.meninggal(ibu(), &catat(&m, "1980-01-01")), Err(MutasiSalah::SebelumLahir));
        assert_eq!(rumah.meninggal(ibu(), &catat(&m, "2021-11-10")), Err(MutasiSalah::DiMasaDepan));
        let wafat = rumah.meninggal(ibu(), &catat(&m, "2021-11-01")).unwrap();
        apply(&mut rumah, wafat);
        assert_eq!(rumah.meninggal(ibu(), &catat(&m, "2021-11-02")), Err(MutasiSalah::SudahKeluar));
    }

    #[test]
    fn a_birth_and_a_split_of_a_family_leave_an_event() {
        let mut rumah = rumah_ibu();
        let anak = WargaId::new(2, [2; 10]);
        let (m1, m2) = (baris("m1"), baris("m2"));
        let lahir = rumah.lahir(anak, Vec::new(), &catat(&m1, "2021-11-02")).unwrap();
        apply(&mut rumah, lahir);
        let pisah = rumah.ganti_keluarga(ibu(), JenisMutasi::PisahKk, &baris("k2"), &catat(&m2, "2021-11-03"));
        apply(&mut rumah, pisah.unwrap());
        let jenis: Vec<_> = rumah.mutasi.values().map(|mutasi| mutasi.jenis).collect();
        assert_eq!(jenis, [Isian::Terisi(JenisMutasi::Lahir), Isian::Terisi(JenisMutasi::PisahKk)]);
    }
}
