//! What lists, recaps and `periksa` read.

use rusqlite::{OptionalExtension, Row, named_params, params};
use wakuncar_domain::{Isian, Koleksi, Rumah, RumahId, SifatRumah};
use wakuncar_wire::EntryId;

use crate::{Error, Store, record};

/// A part of the kelurahan; `None` is all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lingkup {
    /// RW, three digits.
    pub rw: Option<String>,
    /// RT, three digits.
    pub rt: Option<String>,
    /// Dasawisma by name.
    pub dasawisma: Option<String>,
}

impl Lingkup {
    /// Whether a house with these answers lies in it.
    pub fn is_holding(&self, sifat: &SifatRumah) -> bool {
        let sama = |mau: &Option<String>, ada: &Isian<String>| mau.as_ref().is_none_or(|mau| ada.terisi() == Some(mau));
        sama(&self.rw, &sifat.rw) && sama(&self.rt, &sifat.rt) && sama(&self.dasawisma, &sifat.dasawisma)
    }
}

/// A house as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RingkasanRumah {
    /// The house.
    pub id: RumahId,
    /// RW, three digits.
    pub rw: String,
    /// RT, three digits.
    pub rt: String,
    /// Dasawisma.
    pub dasawisma: String,
    /// House number.
    pub no_rumah: String,
    /// Names of the heads of its rumah tangga.
    pub nama_krt: String,
    /// People recorded and not gone.
    pub jumlah_warga: u32,
    /// Findings, and how many of them are errors.
    pub temuan: (u32, u32),
}

/// A change as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange {
    /// Its hash.
    pub hash: [u8; 32],
    /// The chunk.
    pub body: Vec<u8>,
    /// Made on this device.
    pub made_here: bool,
    /// The entry that carries or brought it.
    pub entry: Option<EntryId>,
}

impl Store {
    /// A setting.
    ///
    /// # Errors
    /// [`Error`].
    pub fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// A document's bytes.
    ///
    /// # Errors
    /// [`Error`].
    pub fn document(&self, rumah: RumahId, koleksi: Koleksi) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT body FROM document WHERE rumah = ?1 AND koleksi = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![rumah.as_bytes(), koleksi.nama()], |row| row.get(0)).optional()?)
    }

    /// All houses that have a document or a change, in a fixed order.
    ///
    /// # Errors
    /// [`Error`].
    pub fn semua_rumah(&self) -> Result<Vec<RumahId>, Error> {
        let sql = "SELECT rumah FROM document WHERE koleksi <> 'anggota_tim'
                   UNION SELECT rumah FROM change WHERE koleksi <> 'anggota_tim' ORDER BY rumah";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The changes of a document in the order in which they came.
    ///
    /// # Errors
    /// [`Error`].
    pub fn changes(&self, rumah: RumahId, koleksi: Koleksi) -> Result<Vec<StoredChange>, Error> {
        let sql =
            "SELECT hash, body, made_here, entry_id FROM change WHERE rumah = ?1 AND koleksi = ?2 ORDER BY change_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![rumah.as_bytes(), koleksi.nama()], |row| {
            let entry: Option<[u8; 32]> = row.get(3)?;
            let entry = entry.map(EntryId::from_bytes);
            Ok(StoredChange { hash: row.get(0)?, body: row.get(1)?, made_here: row.get(2)?, entry })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The record of a house from its rows.
    ///
    /// # Errors
    /// [`Error`].
    pub fn rumah(&self, rumah: RumahId) -> Result<Option<Rumah>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT record FROM rumah WHERE rumah = ?1")?;
        let text: Option<String> = statement.query_row([rumah.as_bytes()], |row| row.get(0)).optional()?;
        text.map(|text| record::from_text(rumah, &text)).transpose()
    }

    /// The records of an area, by address.
    ///
    /// # Errors
    /// [`Error`].
    pub fn rumah_dalam(&self, lingkup: &Lingkup) -> Result<Vec<Rumah>, Error> {
        let sql = "SELECT rumah, record FROM rumah
                   WHERE (:rw IS NULL OR rw = :rw) AND (:rt IS NULL OR rt = :rt)
                     AND (:dasawisma IS NULL OR dasawisma = :dasawisma)
                   ORDER BY rw, rt, dasawisma, no_rumah, rumah";
        let mut statement = self.connection.prepare_cached(sql)?;
        let params = named_params! {":rw": lingkup.rw, ":rt": lingkup.rt, ":dasawisma": lingkup.dasawisma};
        let mut rows = statement.query(params)?;
        let mut semua = Vec::new();
        while let Some(row) = rows.next()? {
            semua.push(record::from_text(
                id(row, 0)?,
                row.get_ref(1)?.as_str().map_err(|e| Error::Row(e.to_string()))?,
            )?);
        }
        Ok(semua)
    }

    /// The houses of an area as lists show them, by address; at most `batas` from the `mulai`-th on.
    ///
    /// # Errors
    /// [`Error`].
    pub fn daftar(&self, lingkup: &Lingkup, batas: u32, mulai: u32) -> Result<Vec<RingkasanRumah>, Error> {
        let sql = "SELECT rumah, rw, rt, dasawisma, no_rumah, nama_krt, jumlah_warga, temuan, galat
                   FROM rumah
                   WHERE (:rw IS NULL OR rw = :rw) AND (:rt IS NULL OR rt = :rt)
                     AND (:dasawisma IS NULL OR dasawisma = :dasawisma)
                   ORDER BY rw, rt, dasawisma, no_rumah, rumah LIMIT :batas OFFSET :mulai";
        let mut statement = self.connection.prepare_cached(sql)?;
        let params = named_params! {
            ":rw": lingkup.rw, ":rt": lingkup.rt, ":dasawisma": lingkup.dasawisma, ":batas": batas, ":mulai": mulai,
        };
        let rows = statement.query_map(params, |row| {
            Ok(RingkasanRumah {
                id: id(row, 0)?,
                rw: row.get(1)?,
                rt: row.get(2)?,
                dasawisma: row.get(3)?,
                no_rumah: row.get(4)?,
                nama_krt: row.get(5)?,
                jumlah_warga: row.get(6)?,
                temuan: (row.get(7)?, row.get(8)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// RW, RT and name of each dasawisma with houses, and how many houses.
    ///
    /// # Errors
    /// [`Error`].
    pub fn wilayah(&self) -> Result<Vec<(String, String, String, u32)>, Error> {
        let sql = "SELECT rw, rt, dasawisma, COUNT(*) FROM rumah GROUP BY rw, rt, dasawisma ORDER BY rw, rt, dasawisma";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The house at an address, the one recorded first if there are two.
    ///
    /// # Errors
    /// [`Error`].
    pub fn rumah_by_alamat(
        &self,
        rw: &str,
        rt: &str,
        dasawisma: &str,
        no_rumah: &str,
    ) -> Result<Option<RumahId>, Error> {
        let sql = "SELECT rumah FROM rumah WHERE rw = ?1 AND rt = ?2 AND dasawisma = ?3 AND no_rumah = ?4
                   ORDER BY rumah.rowid";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([rw, rt, dasawisma, no_rumah], |row| id(row, 0)).optional()?)
    }

    /// The house in which a person has not left, else the one that knows her.
    ///
    /// # Errors
    /// [`Error`].
    pub fn rumah_warga(&self, warga: &str) -> Result<Option<RumahId>, Error> {
        let sql = "SELECT rumah FROM warga WHERE warga = ?1 ORDER BY keluar, rumah LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([warga], |row| id(row, 0)).optional()?)
    }

    /// All houses that have rows.
    ///
    /// # Errors
    /// [`Error`].
    pub fn rumah_with_rows(&self) -> Result<Vec<RumahId>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT rumah FROM rumah ORDER BY rumah")?;
        let rows = statement.query_map([], |row| id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

pub(crate) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<RumahId> {
    row.get(column).map(RumahId::from_bytes)
}
