//! A house changes its dasawisma: it goes on as another document, since the document's collection, and with it who may
//! read, is fixed when it begins (DESIGN §5).

use chrono::NaiveDate;

use crate::{AlasanKeluar, Bagian, Edit, Isian, Nilai, Rumah, RumahId, Tempat};

/// What belongs to one document of a house and does not come along.
const TIDAK_IKUT: [&str; 8] =
    ["rw", "rt", "dasawisma", "pengganti", "pendahulu", "dipakai_tgl", "keluar_tgl", "keluar_alasan"];

impl Rumah {
    /// The edits that end this document on a day, and those that begin the other: the same people under the same ids,
    /// the same rows and answers, at the new address. Each names the other.
    pub fn pindah_dasawisma(
        &self,
        baru: RumahId,
        (rw, rt, dasawisma): (&str, &str, &str),
        tgl: NaiveDate,
    ) -> (Vec<Edit>, Vec<Edit>) {
        let lama = vec![
            edit("pengganti", Nilai::Teks(baru.to_string())),
            edit("keluar_tgl", Nilai::Tanggal(tgl)),
            edit("keluar_alasan", Nilai::Pilihan(AlasanKeluar::Pindah.kode())),
        ];
        let ikut = |tempat: &Tempat| tempat.bagian != Bagian::Rumah || !TIDAK_IKUT.contains(&tempat.kunci);
        let semua = self.butir().into_iter().filter(|butir| ikut(&butir.tempat));
        let mut datang: Vec<Edit> = semua.map(|butir| Edit { tempat: butir.tempat, isi: butir.isi }).collect();
        datang.extend([
            edit("rw", Nilai::Teks(rw.to_owned())),
            edit("rt", Nilai::Teks(rt.to_owned())),
            edit("dasawisma", Nilai::Teks(dasawisma.to_owned())),
            edit("pendahulu", Nilai::Teks(self.id.to_string())),
            edit("dipakai_tgl", Nilai::Tanggal(tgl)),
        ]);
        (lama, datang)
    }
}

fn edit(kunci: &'static str, nilai: Nilai) -> Edit {
    Edit { tempat: Tempat { bagian: Bagian::Rumah, baris: None, kunci }, isi: Isian::Terisi(nilai) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Warga, WargaId};

    #[test]
    fn a_house_that_changes_its_dasawisma_is_in_use_in_one_of_two_documents_on_any_day() {
        let mut lama = Rumah::new(RumahId::from_bytes([1; 16]));
        let ibu = WargaId::new(1, [7; 10]);
        lama.anggota.insert(ibu, Warga { nama_lengkap: Isian::Terisi("SARI CONTOH".into()), ..Warga::default() });
        lama.sifat.no_rumah = Isian::Terisi("7".into());
        lama.sifat.dasawisma = Isian::Terisi("Melati".into());
        let mut baru = Rumah::new(RumahId::from_bytes([2; 16]));
        let (keluar, datang) = lama.pindah_dasawisma(baru.id, ("001", "002", "Mawar"), "2021-12-01".parse().unwrap());
        keluar.into_iter().for_each(|edit| lama.tulis(&edit.tempat, edit.isi));
        datang.into_iter().for_each(|edit| baru.tulis(&edit.tempat, edit.isi));

        assert_eq!(baru.anggota, lama.anggota);
        assert_eq!(
            (&baru.sifat.no_rumah, &baru.sifat.dasawisma),
            (&lama.sifat.no_rumah, &Isian::Terisi("Mawar".into()))
        );
        assert_eq!(baru.sifat.pendahulu, Isian::Terisi(lama.id.to_string()));
        assert_eq!(lama.sifat.pengganti, Isian::Terisi(baru.id.to_string()));
        for (hari, dipakai) in [("2021-11-30", (true, false)), ("2021-12-01", (false, true))] {
            let hari = hari.parse().unwrap();
            assert_eq!((lama.is_dipakai(hari), baru.is_dipakai(hari)), dipakai, "{hari}");
        }
        // Once more, elsewhere: the links are of the new pair.
        let (_, lagi) =
            baru.pindah_dasawisma(RumahId::from_bytes([3; 16]), ("001", "003", "Tulip"), "2022-01-01".parse().unwrap());
        let pendahulu: Vec<_> = lagi.iter().filter(|edit| edit.tempat.kunci == "pendahulu").collect();
        assert_eq!(pendahulu, [&edit("pendahulu", Nilai::Teks(baru.id.to_string()))]);
    }
}
