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

    /// Replaces the rows, the search texts and the findings of one house; what is the same already is not written
    /// again, since one answer changes little of a house.
    ///
    /// # Errors
    /// [`Error`].
    pub fn put_rumah(&self, rumah: &Rumah, temuan: &[Temuan]) -> Result<(), Error> {
        let id = rumah.id.as_bytes();
        let text = |isi: &wakuncar_domain::Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let sifat = &rumah.sifat;
        let krt = rumah.rumah_tangga.values().map(|krt| text(&krt.nama_krt)).filter(|nama| !nama.is_empty());
        let nama_krt = krt.collect::<Vec<_>>().join(", ");
        let ada = rumah.anggota.values().filter(|warga| warga.keluar_tgl.is_kosong()).count();
        let galat = temuan.iter().filter(|satu| is_severe(satu)).count();
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let sql = "INSERT INTO rumah
                     (rumah, rw, rt, dasawisma, no_rumah, nama_krt, jumlah_warga, record, temuan, galat)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                   ON CONFLICT (rumah) DO UPDATE SET
                     rw = excluded.rw, rt = excluded.rt, dasawisma = excluded.dasawisma,
                     no_rumah = excluded.no_rumah, nama_krt = excluded.nama_krt,
                     jumlah_warga = excluded.jumlah_warga, record = excluded.record,
                     temuan = excluded.temuan, galat = excluded.galat";
        self.tx.prepare_cached(sql)?.execute(params![
            id,
            text(&sifat.rw),
            text(&sifat.rt),
            text(&sifat.dasawisma),
            text(&sifat.no_rumah),
            nama_krt,
            number(ada),
            record::to_text(rumah),
            number(temuan.len()),
            number(galat),
        ])?;
        let mut searched =
            vec![(String::new(), format!("{}\n{}\n{nama_krt}", text(&sifat.no_rumah), text(&sifat.alamat)))];
        let mut people = Vec::new();
        for (warga_id, warga) in &rumah.anggota {
            let (nama, nik) = (text(&warga.nama_lengkap), text(&warga.nik));
            searched.push((warga_id.to_string(), format!("{nama}\n{}\n{nik}", nama_kunci(&nama))));
            people.push((warga_id.to_string(), nama, nik, !warga.keluar_tgl.is_kosong()));
        }
        self.put_people(rumah.id, &people)?;
        self.put_searched(rumah.id, searched)?;
        self.put_findings(rumah.id, temuan)
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

    /// The people of a house, in the order of their ids.
    fn put_people(&self, rumah: RumahId, people: &[(String, String, String, bool)]) -> Result<(), Error> {
        let sql = "SELECT warga, nama, nik, keluar FROM warga WHERE rumah = ?1 ORDER BY warga";
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows =
            statement.query_map([rumah.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        if rows.collect::<Result<Vec<(String, String, String, bool)>, _>>()? == people {
            return Ok(());
        }
        self.tx.prepare_cached("DELETE FROM warga WHERE rumah = ?1")?.execute([rumah.as_bytes()])?;
        let sql = "INSERT INTO warga (rumah, warga, nama, nik, keluar) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.tx.prepare_cached(sql)?;
        for (warga, nama, nik, keluar) in people {
            insert.execute(params![rumah.as_bytes(), warga, nama, nik, keluar])?;
        }
        Ok(())
    }

    /// Whom a search finds by which text, in a house; an empty id is the house itself.
    fn put_searched(&self, rumah: RumahId, mut wanted: Vec<(String, String)>) -> Result<(), Error> {
        let sql =
            "SELECT search_id, warga, text FROM searched JOIN search ON search.rowid = search_id WHERE rumah = ?1";
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows = statement.query_map([rumah.as_bytes()], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        for (search_id, there) in rows.collect::<Result<Vec<(i64, (String, String))>, _>>()? {
            if let Some(at) = wanted.iter().position(|satu| *satu == there) {
                wanted.swap_remove(at);
                continue;
            }
            self.tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([search_id])?;
            self.tx.prepare_cached("DELETE FROM searched WHERE search_id = ?1")?.execute([search_id])?;
        }
        for (warga, text) in wanted {
            let sql = "INSERT INTO searched (rumah, warga) VALUES (?1, ?2)";
            self.tx.prepare_cached(sql)?.execute(params![rumah.as_bytes(), warga])?;
            let sql = "INSERT INTO search (rowid, text) VALUES (?1, ?2)";
            self.tx.prepare_cached(sql)?.execute(params![self.tx.last_insert_rowid(), text])?;
        }
        Ok(())
    }

    fn put_findings(&self, rumah: RumahId, temuan: &[Temuan]) -> Result<(), Error> {
        let row =
            |satu: &Temuan| (satu.kode.kode().to_owned(), satu.jalur.clone(), satu.nilai.clone(), is_severe(satu));
        let wanted: Vec<_> = temuan.iter().map(row).collect();
        let sql = "SELECT code, path, value, severe FROM finding WHERE rumah = ?1 ORDER BY rowid";
        let mut statement = self.tx.prepare_cached(sql)?;
        let rows =
            statement.query_map([rumah.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        if rows.collect::<Result<Vec<(String, String, String, bool)>, _>>()? == wanted {
            return Ok(());
        }
        self.tx.prepare_cached("DELETE FROM finding WHERE rumah = ?1")?.execute([rumah.as_bytes()])?;
        let sql = "INSERT INTO finding (rumah, code, path, value, severe) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.tx.prepare_cached(sql)?;
        for (code, path, value, severe) in wanted {
            insert.execute(params![rumah.as_bytes(), code, path, value, severe])?;
        }
        Ok(())
    }
}

fn is_severe(temuan: &Temuan) -> bool {
    temuan.kode.keparahan() == Keparahan::Galat
}
