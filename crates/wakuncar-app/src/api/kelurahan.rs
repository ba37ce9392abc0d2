//! Founding a kelurahan, and sending and fetching its data.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::Kosong;
use crate::{App, Error, parse_pin};

/// A kelurahan to be founded with this device as its coordinator.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuatKelurahan {
    /// Kode wilayah, `NN.NN.NN.NNNN`.
    kode: String,
    nama: String,
    /// Address of its relay, `https://host:port`.
    relay: String,
    /// The relay's pin, 32 hexadecimal digits.
    pin: String,
    /// For practice, for ever.
    latihan: bool,
}

/// A kelurahan that was just founded.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct KelurahanBaru {
    space: String,
    /// Shown once, to be written on paper.
    kode_pemulihan: String,
    /// Whether the relay has it; if not, the next sync brings it.
    terkirim: bool,
}

/// What one sync did, in entries of the log.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HasilSinkron {
    /// Own ones for which the relay's receipt came.
    keluar: usize,
    /// Those of others that were applied.
    masuk: usize,
    /// Own changes and entries that no relay has sworn to.
    menunggu: usize,
    /// Own ones that the relay did not take.
    ditolak: usize,
    /// Those of others that are kept and not applied.
    diparkir: usize,
    /// Those that were no entries, or came with a wrong signature.
    rusak: usize,
    /// Ways (relay, hub) that were not reached, beside at least one that was.
    gagal: usize,
    /// Bytes over the internet, both ways, about, and what they cost in rupiah.
    bita: u64,
    rupiah: u64,
    /// The same since the first of this month.
    bulan_ini: u64,
    rupiah_bulan_ini: u64,
}

pub(super) fn buat_kelurahan(app: &Mutex<App>, buat: BuatKelurahan) -> Result<KelurahanBaru, Error> {
    let pin = parse_pin(&buat.pin)?;
    let BuatKelurahan { kode, nama, relay, latihan, .. } = buat;
    let baru = crate::buat_kelurahan(app, &crate::BuatKelurahan { kode, nama, relay, pin, latihan })?;
    Ok(KelurahanBaru { space: baru.space, kode_pemulihan: baru.kode_pemulihan, terkirim: baru.terkirim })
}

pub(super) fn sinkron(app: &Mutex<App>, _: Kosong) -> Result<HasilSinkron, Error> {
    let crate::HasilSinkron { keluar, masuk, menunggu, ditolak, diparkir, rusak, gagal, bita } = crate::sinkron(app)?;
    let bulan_ini = crate::sinkron::lock(app).pemakaian()?.bulan_ini;
    let rupiah = crate::Pemakaian::rupiah;
    let (rupiah, rupiah_bulan_ini) = (rupiah(bita), rupiah(bulan_ini));
    Ok(HasilSinkron {
        keluar,
        masuk,
        menunggu,
        ditolak,
        diparkir,
        rusak,
        gagal,
        bita,
        rupiah,
        bulan_ini,
        rupiah_bulan_ini,
    })
}
