//! A village inside one process, for scenes that write what no command of ours writes.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

mod gabung;
mod kunci;
mod peran;
mod sewa;
mod wewenang;

use std::sync::Mutex;

use serde_json::json;
use wakuncar_domain::RumahId;
use wakuncar_sync_server::{Config, Relay};
use wakuncar_wire::{CollId, Control, DeviceId, EntryId, GrantId, Role};

use crate::sinkron::lock;
use crate::{
    AlamatDasawisma, App, BuatKelurahan, Error, HasilSinkron, KeySource, Setuju, Undang, buat_kelurahan, gabung,
    parse_pin, sahkan, segarkan_perangkat, sinkron, undang,
};

/// A device.
pub(crate) struct Hp {
    pub(crate) app: Mutex<App>,
    pub(crate) id: DeviceId,
    _dir: tempfile::TempDir,
}

/// A kelurahan with its relay and its office.
pub(crate) struct Desa {
    pub(crate) kantor: Hp,
    pub(crate) kode_pemulihan: String,
    _relay: Relay,
    _runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
}

impl Hp {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path(), &KeySource::TestFile).unwrap();
        let id = app.diri.id;
        Self { app: Mutex::new(app), id, _dir: dir }
    }

    pub(crate) fn app(&self) -> std::sync::MutexGuard<'_, App> {
        lock(&self.app)
    }

    pub(crate) fn sinkron(&self) -> HasilSinkron {
        sinkron(&self.app).unwrap()
    }

    pub(crate) fn rumah(&self, rt: &str, dasawisma: &str, nomor: &str) -> RumahId {
        let isi = json!({"rw": "001", "rt": rt, "dasawisma": dasawisma, "no_rumah": nomor});
        let id = self.app().tambah_rumah(isi.as_object().unwrap()).unwrap().rumah.id;
        let setuju = Setuju { pemberi: "Contoh".into(), saksi: String::new(), kesehatan: true };
        self.app().setuju(id, &setuju).unwrap();
        id
    }

    pub(crate) fn ubah(&self, rumah: RumahId, alamat: &str) -> Result<(), Error> {
        let isi = json!({ "alamat": alamat });
        self.app().ubah_rumah(rumah, isi.as_object().unwrap()).map(drop)
    }

    pub(crate) fn alamat(&self, rumah: RumahId) -> Option<String> {
        self.app().rumah(rumah).ok()?.sifat.alamat.terisi().cloned()
    }

    /// Writes what our commands would refuse to write.
    pub(crate) fn issue(&self, auth: GrantId, control: Control) -> EntryId {
        self.app().issue(auth, &[control]).unwrap()[0]
    }

    pub(crate) fn grant(&self) -> GrantId {
        self.app().own_grant().unwrap()
    }

    /// The collection of a type in a dasawisma.
    pub(crate) fn coll(&self, dasawisma: &str, jenis: u8) -> CollId {
        let tim = self.app().tim().unwrap();
        let satu = tim.dasawisma.values().find(|satu| satu.nama.terisi().is_some_and(|nama| nama == dasawisma));
        let satu = satu.unwrap();
        let hex = [&satu.dasar, &satu.kesehatan, &satu.validasi][usize::from(jenis) - 1];
        CollId::parse(hex.terisi().unwrap()).unwrap()
    }
}

impl Desa {
    /// A kelurahan with one house in Melati.
    pub(crate) fn new() -> (Self, RumahId) {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let config = Config::new(dir.path().join("relay"), ([127, 0, 0, 1], 0).into());
        let relay = runtime.block_on(Relay::start(config)).unwrap();
        let kantor = Hp::new();
        let buat = BuatKelurahan {
            kode: "18.72.05.1001".into(),
            nama: "Contoh".into(),
            relay: relay.url(),
            pin: parse_pin(&relay.pin().to_string()).unwrap(),
            latihan: true,
        };
        let baru = buat_kelurahan(&kantor.app, &buat).unwrap();
        let desa = Self { kantor, kode_pemulihan: baru.kode_pemulihan, _relay: relay, _runtime: runtime, _dir: dir };
        let rumah = desa.kantor.rumah("002", "Melati", "1");
        desa.kantor.sinkron();
        (desa, rumah)
    }

    /// Somebody who was invited and confirmed and has everything of hers.
    pub(crate) fn anggota(&self, nama: &str, peran: Role, dasawisma: &[(&str, &str)]) -> Hp {
        let alamat =
            |(rt, nama): &(&str, &str)| AlamatDasawisma { rw: "001".into(), rt: (*rt).into(), nama: (*nama).into() };
        let dasawisma = dasawisma.iter().map(alamat).collect();
        let undang = Undang { nama: nama.into(), peran, dasawisma, gantikan: None };
        let undangan = crate::uji::undang(&self.kantor.app, &undang).unwrap();
        let hp = Hp::new();
        gabung(&hp.app, &undangan.kode).unwrap();
        segarkan_perangkat(&self.kantor.app).unwrap();
        sahkan(&self.kantor.app, hp.id).unwrap();
        hp.sinkron();
        hp
    }

    pub(crate) fn kader(&self, nama: &str) -> Hp {
        self.anggota(nama, Role::Kader, &[("002", "Melati")])
    }
}
