//! A file from a phone that was shut out.

use serde_json::{Map, Value, json};
use wakuncar_domain::RumahId;
use wakuncar_sync_server::{Config, Relay};
use wakuncar_wire::{Control, LogEnd, Reason, Role};

use super::*;
use crate::sinkron::lock;
use crate::{
    AlamatDasawisma, App, BuatKelurahan, KeySource, Undang, buat_kelurahan, gabung, parse_pin, sahkan, sinkron, undang,
};
use std::sync::Mutex;

struct Hp {
    app: Mutex<App>,
    dir: tempfile::TempDir,
}

impl Hp {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { app: Mutex::new(App::open(dir.path(), &KeySource::TestFile).unwrap()), dir }
    }

    fn ubah(&self, rumah: RumahId, alamat: &str) {
        let isi = Map::from_iter([("alamat".to_owned(), Value::from(alamat))]);
        assert!(lock(&self.app).ubah_rumah(rumah, &isi).unwrap().berubah);
    }

    fn alamat(&self, rumah: RumahId) -> Option<String> {
        lock(&self.app).rumah(rumah).unwrap().sifat.alamat.terisi().cloned()
    }

    fn buat(&self) -> PathBuf {
        let ke = self.dir.path().join("stik.wkb");
        buat_paket(&self.app, &ke, IsiPaket::Semua).unwrap().berkas
    }
}

/// The office with one house, and two cadres who have it. The relay stays as long as the runtime.
fn village() -> (tokio::runtime::Runtime, Hp, [Hp; 2], RumahId) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let kantor = Hp::new();
    let data = kantor.dir.path().join("relay");
    let config = Config::new(data, "127.0.0.1:0".parse().unwrap());
    let relay = runtime.block_on(Relay::start(config)).unwrap();
    let (url, pin) = (relay.url(), parse_pin(&relay.pin()).unwrap());
    runtime.spawn(relay.wait());
    let buat = BuatKelurahan { kode: "18.72.05.1001".into(), nama: "Contoh".into(), relay: url, pin, latihan: true };
    buat_kelurahan(&kantor.app, &buat).unwrap();
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati", "no_rumah": "1", "alamat": "Gang Satu"});
    let rumah = lock(&kantor.app).tambah_rumah(isi.as_object().unwrap()).unwrap().rumah.id;
    sinkron(&kantor.app).unwrap();
    let kader = ["Ani", "Wati"].map(|nama| {
        let hp = Hp::new();
        let alamat = AlamatDasawisma { rw: "001".into(), rt: "002".into(), nama: "Melati".into() };
        let minta = Undang { nama: nama.into(), peran: Role::Kader, dasawisma: vec![alamat], gantikan: None };
        let undangan = undang(&kantor.app, &minta).unwrap();
        gabung(&hp.app, &undangan.kode).unwrap();
        let id = lock(&hp.app).diri.id;
        sahkan(&kantor.app, id).unwrap();
        sinkron(&hp.app).unwrap();
        hp
    });
    (runtime, kantor, kader, rumah)
}

#[test]
fn attack_55_what_a_revoked_phone_brings_by_stick_is_parked() {
    let (_runtime, kantor, [ani, wati], rumah) = village();
    ani.ubah(rumah, "Gang Dua");
    sinkron(&ani.app).unwrap();
    sinkron(&kantor.app).unwrap();
    assert_eq!(kantor.alamat(rumah).as_deref(), Some("Gang Dua"));

    // Her phone is stolen. The office cuts off where it has seen her; the thief writes on.
    let device = lock(&ani.app).diri.id;
    let logs = {
        let app = lock(&kantor.app);
        let heads = app.store.heads().unwrap().into_iter();
        let of_ani = heads.flat_map(|(coll, heads)| heads.into_iter().map(move |head| (coll, head)));
        of_ani.filter(|(_, head)| head.author == device).map(|(coll, head)| (coll, head.seq)).collect::<Vec<LogEnd>>()
    };
    {
        let mut app = lock(&kantor.app);
        let auth = app.kursi().unwrap();
        app.issue(auth, &[Control::Revoke { device, logs, reason: Reason::Stolen, wipe: false }]).unwrap();
    }
    ani.ubah(rumah, "Gang Pencuri");
    let stik = ani.buat();

    let hasil = buka_paket(&kantor.app, &stik).unwrap();
    assert_eq!((hasil.putus, hasil.diterapkan), (None, 0), "{hasil:?}");
    assert!(hasil.diparkir >= 1, "{hasil:?}");
    assert_eq!(kantor.alamat(rumah).as_deref(), Some("Gang Dua"));

    // Wati does not know yet. Once she does, what comes by stick is parked at hers, too, and she brings it to nobody.
    buka_paket(&wati.app, &kantor.buat()).unwrap();
    let hasil = buka_paket(&wati.app, &stik).unwrap();
    assert_eq!(hasil.diterapkan, 0, "{hasil:?}");
    assert_eq!(wati.alamat(rumah).as_deref(), Some("Gang Dua"));
    let hasil = sinkron(&wati.app).unwrap();
    assert_eq!((hasil.ditolak, hasil.menunggu), (0, 0), "{hasil:?}");
}
