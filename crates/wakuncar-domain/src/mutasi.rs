//! Life events as edits: the only way membership changes (DOMAIN §4.5).
//!
//! A person keeps one id for life. A move is an end in the old house and a membership with the same id in the
//! new one; nothing is deleted, so that a neighbour's edit of the same person survives.

use chrono::NaiveDate;

use crate::{
    AlasanKeluar, AlasanNikKosong, Bagian, BarisId, Domisili, Edit, Isian, JenisMutasi, Koleksi, Nilai, Rumah, RumahId,
    StatusPerkawinan, Tempat, Warga, WargaId,
};

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
    /// The person belongs to this house already.
    #[error("the person is already in this house")]
    SudahDiSini,
    /// The person has died.
    #[error("the person has died")]
    SudahMeninggal,
    /// The event lies before the day on which the person came.
    #[error("the event lies before the person came to this house")]
    SebelumMasuk,
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

    /// The same person in this house, with everything that is known of her in the old one: her answers, her health,
    /// her pregnancies.
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
        let dari = lama.anggota.get(&warga).ok_or(MutasiSalah::BukanAnggota)?;
        check_lahir(dari, catat)?;
        let dulu = self.anggota.get(&warga);
        if self.id == lama.id || dulu.is_some_and(|dulu| dulu.keluar_tgl.is_kosong()) {
            return Err(MutasiSalah::SudahDiSini);
        }
        let meninggal = |warga: &Warga| warga.keluar_alasan == Isian::Terisi(AlasanKeluar::Meninggal);
        if meninggal(dari) || dulu.is_some_and(meninggal) {
            return Err(MutasiSalah::SudahMeninggal);
        }
        let baris = BarisId::from(warga);
        let tidak_ikut = ["keluarga", "asal", "masuk_tgl", "keluar_tgl", "keluar_alasan", "keluar_ke"];
        let pindah = Isian::Terisi(Nilai::Pilihan(Domisili::Pindah.kode()));
        let nama = warga.to_string();
        let ikut = |tempat: &Tempat| match (tempat.bagian, &tempat.baris) {
            (Bagian::Anggota | Bagian::KesehatanWarga, row) => {
                row.as_ref() == Some(&baris) && !tidak_ikut.contains(&tempat.kunci)
            }
            // A pregnancy that stayed behind would be counted in neither house.
            (Bagian::Kehamilan, Some(row)) => lama.kehamilan.get(row).is_some_and(|k| k.warga.terisi() == Some(&nama)),
            _ => false,
        };
        let mut edits: Vec<Edit> = lama
            .butir()
            .into_iter()
            .filter(|butir| ikut(&butir.tempat) && !(butir.tempat.kunci == "domisili" && butir.isi == pindah))
            .map(|butir| Edit { tempat: butir.tempat, isi: butir.isi })
            .collect();
        put(&mut edits, Bagian::Anggota, &baris, "keluarga", Nilai::Teks(keluarga.to_string()));
        put(&mut edits, Bagian::Anggota, &baris, "asal", Nilai::Teks(lama.id.to_string()));
        put(&mut edits, Bagian::Anggota, &baris, "masuk_tgl", Nilai::Tanggal(catat.tgl));
        if dulu.is_some() {
            // She comes back: the end of her former membership is taken away.
            for kunci in ["keluar_tgl", "keluar_alasan", "keluar_ke"] {
                erase(&mut edits, &baris, kunci);
            }
        }
        event(&mut edits, JenisMutasi::PindahDatang, warga, catat);
        Ok(edits)
    }

    /// The birth of a child whose own answers are given as edits of her row. A newborn without a NIK has the reason
    /// for it (DOMAIN §4.1d).
    ///
    /// # Errors
    /// [`MutasiSalah::DiMasaDepan`], [`MutasiSalah::SudahDiSini`].
    pub fn lahir(&self, anak: WargaId, butir: Vec<Edit>, catat: &Catat<'_>) -> Result<Vec<Edit>, MutasiSalah> {
        check_tgl(catat)?;
        if self.anggota.contains_key(&anak) {
            return Err(MutasiSalah::SudahDiSini);
        }
        let baris = BarisId::from(anak);
        let tanpa_nik = !butir.iter().any(|edit| matches!(edit.tempat.kunci, "nik" | "alasan_nik_kosong"));
        let mut edits = butir;
        put(&mut edits, Bagian::Anggota, &baris, "tanggal_lahir", Nilai::Tanggal(catat.tgl));
        if tanpa_nik {
            let alasan = Nilai::Pilihan(AlasanNikKosong::BayiBaru.kode());
            put(&mut edits, Bagian::Anggota, &baris, "alasan_nik_kosong", alasan);
        }
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
        let mut edits = Vec::new();
        put(&mut edits, Bagian::Anggota, &BarisId::from(warga), "keluarga", Nilai::Teks(keluarga.to_string()));
        self.peristiwa(warga, jenis, edits, catat)
    }

    /// An event of a member who stays, with the answers that it changes: a wedding, a divorce, a correction, a new
    /// head of the rumah tangga. Wedding and divorce bring the new marital status with them.
    ///
    /// # Errors
    /// [`MutasiSalah`].
    pub fn peristiwa(
        &self,
        warga: WargaId,
        jenis: JenisMutasi,
        butir: Vec<Edit>,
        catat: &Catat<'_>,
    ) -> Result<Vec<Edit>, MutasiSalah> {
        self.check_anggota(warga, catat)?;
        let status = match jenis {
            JenisMutasi::Nikah => Some(StatusPerkawinan::Kawin),
            JenisMutasi::Cerai => Some(StatusPerkawinan::CeraiHidup),
            JenisMutasi::Lahir
            | JenisMutasi::Meninggal
            | JenisMutasi::PindahKeluar
            | JenisMutasi::PindahDatang
            | JenisMutasi::PisahKk
            | JenisMutasi::GabungKk
            | JenisMutasi::Koreksi
            | JenisMutasi::GantiKrt => None,
        };
        let mut edits = butir;
        if let Some(status) = status {
            let nilai = Nilai::Pilihan(status.kode());
            put(&mut edits, Bagian::Anggota, &BarisId::from(warga), "status_perkawinan", nilai);
        }
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
        check_lahir(warga, catat)?;
        match warga.masuk_tgl.terisi() {
            Some(masuk) if *masuk > catat.tgl => Err(MutasiSalah::SebelumMasuk),
            _ => Ok(()),
        }
    }
}

fn check_lahir(warga: &Warga, catat: &Catat<'_>) -> Result<(), MutasiSalah> {
    match warga.tanggal_lahir.terisi() {
        Some(lahir) if *lahir > catat.tgl => Err(MutasiSalah::SebelumLahir),
        _ => Ok(()),
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
    use crate::{Kehamilan, Keluarga};

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

    #[test]
    fn a_pregnancy_moves_with_her_and_the_word_moved_does_not() {
        let (mut lama, mut baru) = (rumah_ibu(), rumah(2));
        let m = baris("m1");
        lama.anggota.get_mut(&ibu()).unwrap().domisili = Isian::Terisi(Domisili::Pindah);
        let hamil = Kehamilan { warga: Isian::Terisi(ibu().to_string()), ..Kehamilan::default() };
        let lain = Kehamilan { warga: Isian::Terisi(WargaId::new(9, [9; 10]).to_string()), ..Kehamilan::default() };
        lama.kehamilan.insert(baris("h1"), hamil.clone());
        lama.kehamilan.insert(baris("h2"), lain);
        let datang = baru.pindah_datang(ibu(), &lama, &baris("k"), &catat(&m, "2021-11-01")).unwrap();
        apply(&mut baru, datang);
        assert_eq!(baru.kehamilan, [(baris("h1"), hamil)].into());
        assert!(baru.anggota[&ibu()].is_counted(hari("2021-11-09")));
    }

    #[test]
    fn nobody_comes_twice_nor_before_birth_nor_after_death() {
        let (mut lama, mut baru) = (rumah_ibu(), rumah(2));
        let m = baris("m1");
        let (k, tgl) = (baris("k"), catat(&m, "2021-11-01"));
        assert_eq!(lama.pindah_datang(ibu(), &lama, &k, &tgl), Err(MutasiSalah::SudahDiSini));
        assert_eq!(baru.pindah_datang(ibu(), &lama, &k, &catat(&m, "1980-01-01")), Err(MutasiSalah::SebelumLahir));
        let datang = baru.pindah_datang(ibu(), &lama, &k, &tgl).unwrap();
        apply(&mut baru, datang);
        assert_eq!(baru.pindah_datang(ibu(), &lama, &k, &tgl), Err(MutasiSalah::SudahDiSini));
        assert_eq!(baru.lahir(ibu(), Vec::new(), &tgl), Err(MutasiSalah::SudahDiSini));
        assert_eq!(baru.pindah_keluar(ibu(), None, &catat(&m, "2021-10-31")), Err(MutasiSalah::SebelumMasuk));
        let wafat = lama.meninggal(ibu(), &tgl).unwrap();
        apply(&mut lama, wafat);
        assert_eq!(rumah(3).pindah_datang(ibu(), &lama, &k, &tgl), Err(MutasiSalah::SudahMeninggal));
    }

    #[test]
    fn a_wedding_and_a_divorce_change_the_status() {
        let mut rumah = rumah_ibu();
        for (jenis, tgl, status) in [
            (JenisMutasi::Nikah, "2021-10-01", StatusPerkawinan::Kawin),
            (JenisMutasi::Cerai, "2021-11-01", StatusPerkawinan::CeraiHidup),
        ] {
            let m = baris(&tgl.replace('-', ""));
            let edits = rumah.peristiwa(ibu(), jenis, Vec::new(), &catat(&m, tgl)).unwrap();
            apply(&mut rumah, edits);
            assert_eq!(rumah.anggota[&ibu()].status_perkawinan, Isian::Terisi(status));
            assert_eq!(rumah.mutasi[&m].jenis, Isian::Terisi(jenis));
        }
    }

    #[test]
    fn a_newborn_without_a_nik_has_the_reason() {
        let mut rumah = rumah_ibu();
        let anak = WargaId::new(2, [2; 10]);
        let m = baris("m1");
        let lahir = rumah.lahir(anak, Vec::new(), &catat(&m, "2021-11-02")).unwrap();
        apply(&mut rumah, lahir);
        assert_eq!(rumah.anggota[&anak].alasan_nik_kosong, Isian::Terisi(crate::AlasanNikKosong::BayiBaru));
    }
}
