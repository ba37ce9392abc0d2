//! The rows of one house to the edits that bring the house to what they say.

use wakuncar_domain::{Bagian, BarisId, Edit, Isian, Nilai, Rumah, Tempat, Warga, WargaId, fold, nama_kunci};

use crate::baca::BarisWarga;
use crate::tolakan::{KodeTolakan, Tolakan};

/// Where ids of new people and rows come from.
pub struct Baru<'a> {
    /// Now, in Unix milliseconds: the first part of a person's id.
    pub unix_ms: u64,
    /// The day of the import.
    pub hari: chrono::NaiveDate,
    /// Ten random bytes, new at each call.
    pub acak: &'a mut dyn FnMut() -> [u8; 10],
}

impl Baru<'_> {
    fn baris(&mut self) -> BarisId {
        let [a, b, c, d, e, ..] = (self.acak)();
        BarisId::new([a, b, c, d, e])
    }

    fn warga(&mut self) -> WargaId {
        WargaId::new(self.unix_ms, (self.acak)())
    }
}

/// The edits for one house, and what was said twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rencana {
    /// One edit for each answer that changes.
    pub edits: Vec<Edit>,
    /// Answers of the house or a rumah tangga that rows give differently.
    pub catatan: Vec<Tolakan>,
    /// People who are new to the house.
    pub warga_baru: usize,
}

/// Brings a house to what its rows say. An empty cell leaves what is there; the same rows again give no edits.
///
/// A rumah tangga is found by its label, a family by its KK number, a person by NIK, else by name and birth
/// date. Rows without a KK number belong to the only numbered family of their rumah tangga, if there is one.
pub fn rencana(rumah: &Rumah, baris: &[&BarisWarga], baru: &mut Baru<'_>) -> Rencana {
    let mut kerja = Kerja { rumah: rumah.clone(), rencana: Rencana::default(), hari: baru.hari };
    let Some(pertama) = baris.first() else { return kerja.rencana };
    for (kunci, teks) in [
        ("rw", &pertama.rumah.rw),
        ("rt", &pertama.rumah.rt),
        ("dasawisma", &pertama.rumah.dasawisma),
        ("no_rumah", &pertama.rumah.no_rumah),
    ] {
        kerja.put(Bagian::Rumah, None, kunci, Isian::Terisi(Nilai::Teks(teks.clone())));
    }
    kerja.put_first(Bagian::Rumah, None, baris);
    for label in labels(baris) {
        let milik: Vec<&BarisWarga> = baris.iter().copied().filter(|b| label_of(b, baris) == label).collect();
        let krt = kerja.rumah_tangga(&label, baru);
        kerja.put_first(Bagian::RumahTangga, Some(&krt), &milik);
        kerja.put_kategori(Bagian::Pekarangan, &krt, milik.iter().flat_map(|b| &b.pekarangan), baru);
        kerja.put_kategori(Bagian::Industri, &krt, milik.iter().flat_map(|b| &b.industri), baru);
        for satu in &milik {
            let kk = kerja.keluarga(&krt, &no_kk_of(satu, &milik), baru);
            kerja.put_warga(satu, &kk, baru);
        }
    }
    kerja.rencana
}

/// The label of a row's rumah tangga: its own, else the only one that other rows name, else `1`.
fn label_of(baris: &BarisWarga, semua: &[&BarisWarga]) -> String {
    if !baris.krt.is_empty() {
        return baris.krt.clone();
    }
    let mut nama: Vec<&str> = semua.iter().map(|b| b.krt.as_str()).filter(|krt| !krt.is_empty()).collect();
    nama.sort_unstable();
    nama.dedup();
    if let [satu] = nama[..] { satu.to_owned() } else { "1".to_owned() }
}

fn labels(baris: &[&BarisWarga]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for satu in baris {
        let label = label_of(satu, baris);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

fn no_kk_of(baris: &BarisWarga, krt: &[&BarisWarga]) -> String {
    if !baris.no_kk.is_empty() {
        return baris.no_kk.clone();
    }
    let mut nomor: Vec<&str> = krt.iter().map(|b| b.no_kk.as_str()).filter(|no_kk| !no_kk.is_empty()).collect();
    nomor.sort_unstable();
    nomor.dedup();
    if let [satu] = nomor[..] { satu.to_owned() } else { String::new() }
}

struct Kerja {
    /// The house with the edits so far.
    rumah: Rumah,
    rencana: Rencana,
    hari: chrono::NaiveDate,
}

impl Kerja {
    fn put(&mut self, bagian: Bagian, baris: Option<&BarisId>, kunci: &str, isi: Isian<Nilai>) {
        let Ok(tempat) = Tempat::new(bagian, baris.cloned(), kunci) else { return };
        if isi.is_kosong() || self.rumah.isi(&tempat) == isi {
            return;
        }
        self.rumah.tulis(&tempat, isi.clone());
        self.rencana.edits.push(Edit { tempat, isi });
    }

    /// Answers of a house or a rumah tangga may stand on any of its rows: the first counts, others are noted.
    fn put_first(&mut self, bagian: Bagian, row: Option<&BarisId>, baris: &[&BarisWarga]) {
        let mut sudah: Vec<(&str, &Isian<Nilai>)> = Vec::new();
        for satu in baris {
            for (_, kunci, isi) in satu.isian.iter().filter(|(b, _, _)| *b == bagian) {
                match sudah.iter().find(|(k, _)| k == kunci) {
                    None => {
                        sudah.push((kunci, isi));
                        self.put(bagian, row, kunci, isi.clone());
                    }
                    Some((_, dipakai)) if *dipakai != isi => {
                        let teks = |isi: &Isian<Nilai>| isi.terisi().map_or("?".to_owned(), ToString::to_string);
                        self.rencana.catatan.push(Tolakan {
                            baris: satu.nomor,
                            kolom: (*kunci).to_owned(),
                            kode: KodeTolakan::Berbeda { dipakai: teks(dipakai) },
                            isi: teks(isi),
                        });
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn rumah_tangga(&mut self, label: &str, baru: &mut Baru<'_>) -> BarisId {
        let ada = self.rumah.krt_urut(self.hari).into_iter().find(|(_, krt)| {
            [&krt.krt, &krt.nama_krt].iter().any(|isi| isi.terisi().is_some_and(|isi| fold(isi) == fold(label)))
        });
        if let Some((baris, _)) = ada {
            return baris.clone();
        }
        let baris = baru.baris();
        self.put(Bagian::RumahTangga, Some(&baris), "krt", Isian::Terisi(Nilai::Teks(label.to_owned())));
        if !label.bytes().all(|b| b.is_ascii_digit()) {
            // A file that names the head instead of a number.
            self.put(Bagian::RumahTangga, Some(&baris), "nama_krt", Isian::Terisi(Nilai::Teks(label.to_owned())));
        }
        baris
    }

    fn keluarga(&mut self, krt: &BarisId, no_kk: &str, baru: &mut Baru<'_>) -> BarisId {
        let semua: Vec<_> = self.rumah.keluarga_in(krt, self.hari).collect();
        let cocok = |isi: &Isian<String>| isi.terisi().map_or(no_kk.is_empty(), |ada| ada == no_kk);
        let ada = match semua[..] {
            [satu] if no_kk.is_empty() => Some(satu),
            _ => semua.into_iter().find(|(_, keluarga)| cocok(&keluarga.no_kk)),
        };
        if let Some((baris, _)) = ada {
            return baris.clone();
        }
        let baris = baru.baris();
        self.put(Bagian::Keluarga, Some(&baris), "rumah_tangga", Isian::Terisi(Nilai::Teks(krt.to_string())));
        if !no_kk.is_empty() {
            self.put(Bagian::Keluarga, Some(&baris), "no_kk", Isian::Terisi(Nilai::Teks(no_kk.to_owned())));
        }
        baris
    }

    fn put_warga(&mut self, satu: &BarisWarga, keluarga: &BarisId, baru: &mut Baru<'_>) {
        let id = match self.find(satu) {
            Some((id, true)) => id,
            Some((_, false)) => {
                // An old file must not bring the dead back to life.
                let isi = satu.teks("nama_lengkap");
                let kode = KodeTolakan::SudahKeluar;
                self.rencana.catatan.push(Tolakan { baris: satu.nomor, kolom: "nama_lengkap".into(), kode, isi });
                return;
            }
            None => {
                self.rencana.warga_baru += 1;
                baru.warga()
            }
        };
        let baris = BarisId::from(id);
        self.put(Bagian::Anggota, Some(&baris), "keluarga", Isian::Terisi(Nilai::Teks(keluarga.to_string())));
        for (bagian, kunci, isi) in &satu.isian {
            match bagian {
                Bagian::Anggota | Bagian::KesehatanWarga => self.put(*bagian, Some(&baris), kunci, isi.clone()),
                Bagian::Keluarga => self.put(*bagian, Some(keluarga), kunci, isi.clone()),
                _ => {}
            }
        }
        let hamil = satu.isi(Bagian::KesehatanWarga, "ibu_hamil") == Isian::Terisi(Nilai::YaTidak(true));
        if hamil {
            for edit in self.rumah.kehamilan_from(id, hamil, self.hari, || baru.baris()) {
                self.put(edit.tempat.bagian, edit.tempat.baris.as_ref(), edit.tempat.kunci, edit.isi);
            }
        }
    }

    /// The person a row is about, and whether she still belongs to the house; who does is found first.
    fn find(&self, satu: &BarisWarga) -> Option<(WargaId, bool)> {
        let (nik, nama, lahir) = (satu.teks("nik"), nama_kunci(&satu.teks("nama_lengkap")), satu.teks("tanggal_lahir"));
        let teks = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let milik = |ada: bool| self.rumah.anggota.iter().filter(move |(_, warga)| warga.keluar_tgl.is_kosong() == ada);
        let sama_nik = |warga: &Warga| !nik.is_empty() && teks(&warga.nik) == nik;
        let sama_nama = |warga: &Warga| {
            let lahir_warga = warga.tanggal_lahir.terisi().map(ToString::to_string).unwrap_or_default();
            let nik_warga = teks(&warga.nik);
            nama_kunci(&teks(&warga.nama_lengkap)) == nama
                && lahir_warga == lahir
                && (nik.is_empty() || nik_warga.is_empty())
        };
        [true, false].into_iter().find_map(|ada| {
            let found = milik(ada).find(|(_, warga)| sama_nik(warga));
            let found = found.or_else(|| milik(ada).find(|(_, warga)| sama_nama(warga)));
            found.map(|(id, _)| (*id, ada))
        })
    }

    fn put_kategori<'a>(
        &mut self,
        bagian: Bagian,
        krt: &BarisId,
        kategori: impl Iterator<Item = &'a &'static str>,
        baru: &mut Baru<'_>,
    ) {
        for kode in kategori {
            let of_krt = |rumah_tangga: &Isian<String>| rumah_tangga.terisi().is_some_and(|row| row == krt.as_str());
            let ada =
                match bagian {
                    Bagian::Pekarangan => self.rumah.pekarangan.values().any(|row| {
                        of_krt(&row.rumah_tangga) && row.kategori.terisi().is_some_and(|k| k.kode() == *kode)
                    }),
                    _ => self.rumah.industri.values().any(|row| {
                        of_krt(&row.rumah_tangga) && row.kategori.terisi().is_some_and(|k| k.kode() == *kode)
                    }),
                };
            if !ada {
                let baris = baru.baris();
                self.put(bagian, Some(&baris), "rumah_tangga", Isian::Terisi(Nilai::Teks(krt.to_string())));
                self.put(bagian, Some(&baris), "kategori", Isian::Terisi(Nilai::Pilihan(kode)));
            }
        }
    }
}
