//! The recap books over the houses of this device.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use wakuncar_domain::Rumah;
use wakuncar_reports::{AturanHitung, Hitungan, Keanggotaan, Kepala, Lampiran, Metrik, Rekap};
use wakuncar_store::Lingkup;

use crate::{App, Error};

impl App {
    /// A recap book of an area for a day.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn rekap(&self, lampiran: Lampiran, lingkup: &Lingkup, hari: NaiveDate) -> Result<Rekap, Error> {
        self.check_reading()?;
        // Who lives in two areas is decided over the whole kelurahan, so that the books add up.
        let semua = self.store.rumah_dalam(&Lingkup::default())?;
        let keanggotaan = Keanggotaan::new(&semua, hari);
        let rumah: Vec<Rumah> = semua.into_iter().filter(|rumah| lingkup.is_holding(&rumah.sifat)).collect();
        let text = |isi: &Option<String>| isi.clone().unwrap_or_default();
        let kelurahan = self.kelurahan();
        let kepala = Kepala {
            dasawisma: text(&lingkup.dasawisma),
            rw: text(&lingkup.rw),
            rt: text(&lingkup.rt),
            kelurahan: kelurahan.as_ref().map(|kelurahan| kelurahan.nama.clone()).unwrap_or_default(),
            latihan: kelurahan.is_some_and(|kelurahan| kelurahan.latihan),
        };
        Ok(Rekap::with_keanggotaan(lampiran, &rumah, &keanggotaan, &AturanHitung::rakernas_ix(), kepala))
    }
}

/// A recap book as the command line and screens give it; `null` where nothing was asked.
pub fn rekap_json(rekap: &Rekap) -> Value {
    let counts = |hitungan: &Hitungan, row: &mut Map<String, Value>| {
        for metrik in Metrik::SEMUA {
            row.insert(metrik.kode().to_owned(), hitungan.get(metrik).map_or(Value::Null, Value::from));
        }
    };
    let baris = rekap.baris.iter().map(|baris| {
        let mut row = Map::new();
        match rekap.lampiran {
            Lampiran::L416a => {
                row.insert("krt".into(), baris.kunci.clone().into());
                row.insert("nama_krt".into(), baris.nama.clone().into());
            }
            Lampiran::L416b => {
                row.insert("dasawisma".into(), baris.kunci.clone().into());
            }
        }
        row.insert("rw".into(), baris.rw.clone().into());
        row.insert("rt".into(), baris.rt.clone().into());
        let rumah: Vec<String> = baris.asal.iter().map(|(rumah, _)| rumah.to_string()).collect();
        row.insert("rumah".into(), rumah.into());
        counts(&baris.hitungan, &mut row);
        Value::Object(row)
    });
    let mut jumlah = Map::new();
    counts(&rekap.jumlah, &mut jumlah);
    let ganda = rekap.ganda.iter().map(|(warga, rumah)| {
        json!({"warga": warga.to_string(), "rumah": rumah.iter().map(ToString::to_string).collect::<Vec<_>>()})
    });
    let tanpa_krt = rekap.tanpa_krt.iter();
    let tanpa_krt = tanpa_krt.map(|(warga, rumah)| json!({"warga": warga.to_string(), "rumah": rumah.to_string()}));
    json!({
        "lampiran": rekap.lampiran.nomor(),
        "baris": baris.collect::<Vec<_>>(),
        "jumlah": jumlah,
        "cakupan": {"didata": rekap.cakupan.didata, "dari": rekap.cakupan.dari},
        "tgl_acuan": rekap.tgl_acuan.to_string(),
        "ganda": ganda.collect::<Vec<_>>(),
        "tanpa_krt": tanpa_krt.collect::<Vec<_>>(),
    })
}
