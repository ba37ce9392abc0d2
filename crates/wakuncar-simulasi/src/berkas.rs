//! The kelurahan as files.

use serde_json::json;

use crate::{KOLOM, Kelurahan};

impl Kelurahan {
    /// `warga.csv`: one row a person, by the import's file contract.
    ///
    /// # Errors
    /// None in practice: the bytes are in memory.
    pub fn warga_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(KOLOM)?;
        for baris in &self.baris {
            writer.write_record(baris.sel())?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }

    /// `pengukuran.csv`: weights in kilograms, lengths in centimetres.
    ///
    /// # Errors
    /// None in practice: the bytes are in memory.
    pub fn pengukuran_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["nik", "nama_lengkap", "tgl_ukur", "bb_kg", "tb_cm"])?;
        for ukur in &self.pengukuran {
            let bb = format!("{}.{}", ukur.bb_g / 1000, ukur.bb_g % 1000 / 100);
            let tb = format!("{}.{}", ukur.tb_mm / 10, ukur.tb_mm % 10);
            writer.write_record([&ukur.nik, &ukur.nama, &ukur.tgl.to_string(), &bb, &tb])?;
        }
        writer.into_inner().map_err(|e| e.into_error().into())
    }

    /// `kunci.json`: what is wrong on purpose.
    pub fn kunci_json(&self) -> Vec<u8> {
        let kunci = &self.kunci;
        let ditolak =
            kunci.ditolak.iter().map(|(baris, kolom, isi)| json!({"baris": baris, "kolom": kolom, "isi": isi}));
        let ganda = kunci.ganda.iter().map(|(asli, lagi)| json!({"baris": asli, "baris_lagi": lagi}));
        let tertukar =
            kunci.tanggal_tertukar.iter().map(|(baris, benar)| json!({"baris": baris, "tanggal_lahir": benar}));
        let mutasi = kunci.mutasi.iter().map(|m| json!({"baris": m.baris, "jenis": m.jenis, "tgl": m.tgl.to_string()}));
        let menolak = kunci
            .menolak
            .iter()
            .map(|a| json!({"rw": a.rw, "rt": a.rt, "dasawisma": a.dasawisma, "no_rumah": a.no_rumah}));
        let isi = json!({
            "kelurahan": Self::KODE,
            "benih": self.benih,
            "rumah": self.rumah,
            "hari": self.hari.to_string(),
            "ditolak": ditolak.collect::<Vec<_>>(),
            "ganda": ganda.collect::<Vec<_>>(),
            "tanggal_tertukar": tertukar.collect::<Vec<_>>(),
            "mutasi": mutasi.collect::<Vec<_>>(),
            "menolak": menolak.collect::<Vec<_>>(),
        });
        format!("{isi:#}\n").into_bytes()
    }
}
