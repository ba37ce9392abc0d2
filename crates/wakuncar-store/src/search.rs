//! Search as she types: by a part of a name, a NIK, a house number.

use rusqlite::{Row, params};
use wakuncar_domain::{RumahId, nama_kunci};

use crate::read::id;
use crate::{Error, Store};

/// A house, or a person in it, that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HasilCari {
    /// The house.
    pub rumah: RumahId,
    /// The person's id; empty when the house itself was found.
    pub warga: String,
    /// The person's name, or the heads of the house's rumah tangga.
    pub nama: String,
    /// RT, three digits.
    pub rt: String,
    /// House number.
    pub no_rumah: String,
}

const COLUMNS: &str =
    "SELECT searched.rumah, searched.warga, COALESCE(warga.nama, rumah.nama_krt), rumah.rt, rumah.no_rumah
     FROM searched JOIN rumah INDEXED BY rumah_hasil ON rumah.rumah = searched.rumah
     LEFT JOIN warga ON warga.rumah = searched.rumah AND warga.warga = searched.warga";

impl Store {
    /// At most `batas` houses and people whose name (as written, or spelled otherwise), NIK or house number
    /// holds the text. Fewer than three characters look at the beginning of names and house numbers only.
    ///
    /// # Errors
    /// [`Error`].
    pub fn cari(&self, teks: &str, batas: u32) -> Result<Vec<HasilCari>, Error> {
        let teks = teks.trim();
        if teks.is_empty() {
            return Ok(Vec::new());
        }
        if teks.chars().count() < 3 {
            let sql = "SELECT warga.rumah, warga.warga, warga.nama, rumah.rt, rumah.no_rumah
                       FROM warga JOIN rumah INDEXED BY rumah_hasil ON rumah.rumah = warga.rumah
                       WHERE warga.nama >= ?1 COLLATE NOCASE AND warga.nama < ?2 COLLATE NOCASE
                       UNION ALL
                       SELECT rumah, '', nama_krt, rt, no_rumah FROM rumah
                       WHERE no_rumah >= ?1 COLLATE NOCASE AND no_rumah < ?2 COLLATE NOCASE
                       LIMIT ?3";
            // Every text with this beginning, and no other, comes before the beginning with the last character.
            let sampai = format!("{teks}{}", char::MAX);
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![teks, sampai, batas], found)?;
            return Ok(rows.collect::<Result<_, _>>()?);
        }
        let kunci = nama_kunci(teks);
        let quoted = |teks: &str| format!("\"{}\"", teks.replace('"', "\"\""));
        let cari = if kunci.chars().count() < 3 || kunci == teks {
            quoted(teks)
        } else {
            format!("{} OR {}", quoted(teks), quoted(&kunci))
        };
        let sql =
            format!("{COLUMNS} WHERE searched.search_id IN (SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2)");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![cari, batas], found)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn found(row: &Row<'_>) -> rusqlite::Result<HasilCari> {
    Ok(HasilCari { rumah: id(row, 0)?, warga: row.get(1)?, nama: row.get(2)?, rt: row.get(3)?, no_rumah: row.get(4)? })
}
