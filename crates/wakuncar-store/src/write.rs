//! What one transaction may write.

use rusqlite::{Transaction, params};
use wakuncar_domain::{Keparahan, Koleksi, Rumah, RumahId, Temuan, nama_kunci};

use crate::{Error, record};

/// The open transaction; see [`Store::write`](crate::Store::write).
pub struct Write<'a> {
    tx: &'a Transaction<'a>,
}

impl<'a> Write<'a> {
    pub(crate) fn new(tx: &'a Transaction<'a>) -> Self {
        Self { tx }
    }

    pub(crate) fn tx(&self) -> &Transaction<'a> {
        self.tx
    }

    /// Keeps a change; one that is already here is left as it is. `made_here` tells own changes, which still
    /// have to be sent, from changes taken over.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_change(
        &self,
        rumah: RumahId,
        koleksi: Koleksi,
        hash: &[u8; 32],
        body: &[u8],
        made_here: bool,
        unix_ms: i64,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO change (rumah, koleksi, hash, body, made_here, recorded_ms)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (hash) DO NOTHING";
        let row = params![rumah.as_bytes(), koleksi.nama(), hash, body, made_here, unix_ms];
        self.tx.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Keeps a document's bytes and heads, in place of the former.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_document(&self, rumah: RumahId, koleksi: Koleksi, body: &[u8], heads: &[[u8; 32]]) -> Result<(), Error> {
        let sql = "INSERT INTO document (rumah, koleksi, heads, body) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (rumah, koleksi) DO UPDATE SET heads = excluded.heads, body = excluded.body";
        self.tx.prepare_cached(sql)?.execute(params![rumah.as_bytes(), koleksi.nama(), heads.concat(), body])?;
        Ok(())
    }

    /// Replaces the rows, the search texts and the findings of one house.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_rumah(&self, rumah: &Rumah, temuan: &[Temuan]) -> Result<(), Error> {
        self.delete_rows_of(rumah.id)?;
        let id = rumah.id.as_bytes();
        let text = |isi: &wakuncar_domain::Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let sifat = &rumah.sifat;
        let krt = rumah.rumah_tangga.values().map(|krt| text(&krt.nama_krt)).filter(|nama| !nama.is_empty());
        let nama_krt = krt.collect::<Vec<_>>().join(", ");
        let ada = rumah.anggota.values().filter(|warga| warga.keluar_tgl.is_kosong()).count();
        let sql = "INSERT INTO rumah (rumah, rw, rt, dasawisma, no_rumah, nama_krt, jumlah_warga, record)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.tx.prepare_cached(sql)?.execute(params![
            id,
            text(&sifat.rw),
            text(&sifat.rt),
            text(&sifat.dasawisma),
            text(&sifat.no_rumah),
            nama_krt,
            i64::try_from(ada).unwrap_or(i64::MAX),
            record::to_text(rumah),
        ])?;
        self.put_search(rumah.id, "", &format!("{}\n{}\n{nama_krt}", text(&sifat.no_rumah), text(&sifat.alamat)))?;
        let sql = "INSERT INTO warga (rumah, warga, nama, nik, keluar) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.tx.prepare_cached(sql)?;
        for (warga_id, warga) in &rumah.anggota {
            let (nama, nik) = (text(&warga.nama_lengkap), text(&warga.nik));
            let warga_id = warga_id.to_string();
            insert.execute(params![id, warga_id, nama, nik, !warga.keluar_tgl.is_kosong()])?;
            self.put_search(rumah.id, &warga_id, &format!("{nama}\n{}\n{nik}", nama_kunci(&nama)))?;
        }
        let sql = "INSERT INTO finding (rumah, code, path, value, severe) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.tx.prepare_cached(sql)?;
        for satu in temuan {
            let severe = satu.kode.keparahan() == Keparahan::Galat;
            insert.execute(params![id, satu.kode.kode(), satu.jalur, satu.nilai, severe])?;
        }
        Ok(())
    }

    /// Takes away all rows that documents can give again.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_rows(&self) -> Result<(), Error> {
        Ok(self.tx.execute_batch(
            "DELETE FROM search; DELETE FROM searched; DELETE FROM finding; DELETE FROM warga; DELETE FROM rumah;",
        )?)
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_setting(&self, name: &str, value: &[u8]) -> Result<(), Error> {
        let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.tx.prepare_cached(sql)?.execute(params![name, value])?;
        Ok(())
    }

    fn put_search(&self, rumah: RumahId, warga: &str, text: &str) -> Result<(), Error> {
        let sql = "INSERT INTO searched (rumah, warga) VALUES (?1, ?2)";
        self.tx.prepare_cached(sql)?.execute(params![rumah.as_bytes(), warga])?;
        let sql = "INSERT INTO search (rowid, text) VALUES (?1, ?2)";
        self.tx.prepare_cached(sql)?.execute(params![self.tx.last_insert_rowid(), text])?;
        Ok(())
    }

    fn delete_rows_of(&self, rumah: RumahId) -> Result<(), Error> {
        for sql in [
            "DELETE FROM search WHERE rowid IN (SELECT search_id FROM searched WHERE rumah = ?1)",
            "DELETE FROM searched WHERE rumah = ?1",
            "DELETE FROM rumah WHERE rumah = ?1",
        ] {
            self.tx.prepare_cached(sql)?.execute([rumah.as_bytes()])?;
        }
        Ok(())
    }
}
