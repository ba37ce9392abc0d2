//! The list of commands as a screen meets it.

use std::path::{Path, PathBuf};

use serde_json::json;
use ts_rs::TS;

use super::*;
use crate::{KeySource, KodeGalat};

struct Hp {
    app: Mutex<App>,
    dir: tempfile::TempDir,
}

impl Hp {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { app: open(dir.path()), dir }
    }

    fn started_again(self) -> Self {
        drop(self.app);
        Self { app: open(self.dir.path()), dir: self.dir }
    }

    fn call(&self, perintah: &str, isi: Value) -> Value {
        dispatch(&self.app, perintah, isi.clone()).unwrap_or_else(|galat| panic!("{perintah} {isi}: {galat:?}"))
    }

    fn refused(&self, perintah: &str, isi: Value) -> Galat {
        dispatch(&self.app, perintah, isi).unwrap_err()
    }

    fn rumah(&self) -> String {
        let alamat = json!({"rw": "1", "rt": "2", "dasawisma": "Melati", "noRumah": "7", "alamat": "Jl. Contoh 7"});
        self.call("tambah_rumah", alamat)["rumah"].as_str().unwrap().to_owned()
    }

    fn rumah_setuju(&self) -> String {
        let rumah = self.rumah();
        self.call("setuju", json!({"rumah": rumah, "pemberi": "SARI CONTOH", "saksi": "", "kesehatan": true}));
        rumah
    }
}

fn open(dir: &Path) -> Mutex<App> {
    Mutex::new(App::open(dir, &KeySource::TestFile).unwrap())
}

fn jawaban(rumah: &str, bagian: &str, baris: Value, kunci: &str, isi: Value) -> Value {
    json!({"rumah": rumah, "bagian": bagian, "baris": baris, "kunci": kunci, "isi": isi})
}

#[test]
fn a_call_that_is_not_in_the_list_is_refused() {
    let hp = Hp::new();
    for (perintah, isi) in [
        ("hapus_semua", json!({})),
        ("keadaan", json!({"semua": true})),
        ("keadaan", json!(null)),
        ("daftar_rumah", json!({"RW": "001"})),
        ("lihat_rumah", json!({})),
        ("rekap", json!({"lampiran": "4.99"})),
    ] {
        assert_eq!(hp.refused(perintah, isi.clone()).kode, KodeGalat::Permintaan, "{perintah} {isi}");
    }
}

#[test]
fn an_answer_that_was_saved_is_there_after_a_restart() {
    let hp = Hp::new();
    let rumah = hp.rumah_setuju();
    let spal = jawaban(&rumah, "rumah", json!(null), "punya_spal", json!(true));
    let simpan = hp.call("simpan_jawaban", spal.clone());
    assert_eq!((&simpan["berubah"], &simpan["status"]), (&json!(true), &json!("TERSIMPAN")));
    assert_eq!(hp.call("simpan_jawaban", spal)["berubah"], false);
    let baris = hp.call("baris_baru", json!({}))["baris"].clone();
    hp.call("simpan_jawaban", jawaban(&rumah, "rumah_tangga", baris.clone(), "jumlah_jamban", json!(2)));
    hp.call("simpan_jawaban", jawaban(&rumah, "rumah_tangga", baris.clone(), "makanan_pokok", json!("?")));

    let hp = hp.started_again();
    let isi = hp.call("lihat_rumah", json!({"id": rumah}));
    assert_eq!((&isi["rumah"]["rw"], &isi["rumah"]["punya_spal"]), (&json!("001"), &json!(true)));
    assert_eq!(isi["rumah"]["rumah_tangga"], json!([{"id": baris, "makanan_pokok": "?", "jumlah_jamban": 2}]));
    assert_eq!(isi["menunggu"], 5, "address, consent and three answers are changes of their own");
    let daftar = hp.call("daftar_rumah", json!({"rw": "1", "dasawisma": ""}));
    assert_eq!((&daftar[0]["id"], &daftar[0]["noRumah"]), (&json!(rumah), &json!("7")));
    assert_eq!(hp.call("daftar_rumah", json!({"rw": "2"})), json!([]));
    let wilayah = json!([{"rw": "001", "rt": "002", "dasawisma": "Melati", "rumah": 1}]);
    assert_eq!(hp.call("wilayah", json!({})), wilayah);
    assert_eq!(hp.call("keadaan", json!({}))["antrean"], 5);
}

#[test]
fn an_answer_that_does_not_fit_says_where_and_why() {
    let hp = Hp::new();
    let rumah = hp.rumah();
    let spal = |isi: Value| jawaban(&rumah, "rumah", json!(null), "punya_spal", isi);
    let galat = hp.refused("simpan_jawaban", spal(json!(true)));
    assert_eq!((galat.kode, galat.data), (KodeGalat::PerluPersetujuan, json!({"modul": "dasar"})));

    hp.call("setuju", json!({"rumah": rumah, "pemberi": "SARI CONTOH", "saksi": "", "kesehatan": false}));
    let galat = hp.refused("simpan_jawaban", spal(json!("mungkin")));
    let data = json!({"tempat": "rumah/punya_spal", "sebab": "bukan_ya_tidak"});
    assert_eq!((galat.kode, galat.data), (KodeGalat::Isian, data));
    let jamban = jawaban(&rumah, "rumah_tangga", json!("t1"), "jumlah_jamban", json!(21));
    let data = json!({"tempat": "rumah_tangga/jumlah_jamban", "sebab": "di_luar_batas", "min": 0, "maks": 20});
    assert_eq!(hp.refused("simpan_jawaban", jamban).data, data);

    let orang = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (isi, kode) in [
        (jawaban(&rumah, "rumah", json!(null), "tinggi", json!(3)), KodeGalat::Isian),
        (jawaban(&rumah, "rumah_tangga", json!(null), "krt", json!("1")), KodeGalat::Isian),
        (jawaban(&rumah, "rumah_tangga", json!("../1"), "krt", json!("1")), KodeGalat::Isian),
        (jawaban(&rumah, "persetujuan", json!("p1"), "modul_kesehatan", json!(true)), KodeGalat::Isian),
        (jawaban(&rumah, "mutasi", json!("m1"), "jenis", json!("LAHIR")), KodeGalat::Isian),
        (jawaban(&rumah, "anggota", json!(orang), "agama", json!("ISLAM")), KodeGalat::WargaTidakAda),
        (jawaban(&"0".repeat(32), "rumah", json!(null), "alamat", json!("x")), KodeGalat::RumahTidakAda),
        (jawaban("7", "rumah", json!(null), "alamat", json!("x")), KodeGalat::RumahTidakAda),
    ] {
        assert_eq!(hp.refused("simpan_jawaban", isi.clone()).kode, kode, "{isi}");
    }
}

#[test]
fn a_person_is_added_answered_for_and_found_and_an_event_ends_her_stay() {
    let hp = Hp::new();
    let rumah = hp.rumah_setuju();
    let isi = json!({"krt": "1", "no_kk": "1872050101109001", "nama_lengkap": "SARI CONTOH", "jenis_kelamin": "P",
        "tanggal_lahir": "1990-09-05", "nik": "1872054509909001", "hubungan_kk": "KEPALA_KELUARGA"});
    let warga = hp.call("tambah_warga", json!({"rumah": rumah, "isi": isi}));
    let id = warga["warga"].clone();
    assert_eq!((&warga["berubah"], &warga["temuan"]), (&json!(true), &json!([])));
    hp.call("simpan_jawaban", jawaban(&rumah, "kesehatan_warga", id.clone(), "ibu_hamil", json!(true)));

    let hasil = hp.call("cari", json!({"teks": "sari"}));
    assert_eq!((&hasil[0]["warga"], &hasil[0]["nama"]), (&id, &json!("SARI CONTOH")));
    let nomor = hp.call("cari", json!({"teks": "7"}));
    assert_eq!((&nomor[0]["rumah"], &nomor[0]["warga"]), (&json!(rumah), &json!(null)));
    let anggota = hp.call("lihat_rumah", json!({"id": rumah}))["rumah"]["anggota"][0].clone();
    assert_eq!((&anggota["id"], &anggota["ibu_hamil"]), (&id, &json!(true)));

    let wafat =
        |tgl: &str| json!({"rumah": rumah, "warga": id, "apa": "meninggal", "tgl": tgl, "ke": null, "keterangan": ""});
    let galat = hp.refused("peristiwa", wafat("1980-01-01"));
    assert_eq!((galat.kode, galat.data), (KodeGalat::Mutasi, json!({"sebab": "sebelum_lahir"})));
    assert_eq!(hp.refused("peristiwa", wafat("kemarin")).kode, KodeGalat::Isian);
    assert_eq!(hp.call("peristiwa", wafat("2021-11-01"))["berubah"], true);
    assert_eq!(hp.call("daftar_rumah", json!({}))[0]["jumlahWarga"], 0);
}

#[test]
fn what_nobody_asked_stays_null_in_a_book() {
    let hp = Hp::new();
    let rumah = hp.rumah_setuju();
    hp.call("simpan_jawaban", jawaban(&rumah, "rumah_tangga", json!("t1"), "nama_krt", json!("SARI CONTOH")));
    hp.call("simpan_jawaban", jawaban(&rumah, "rumah", json!(null), "punya_spal", json!(false)));
    let minta = json!({"lampiran": "4.16a", "rw": "1", "rt": "2", "dasawisma": "Melati", "tglAcuan": "2099-12-31"});
    let buku = hp.call("rekap", minta.clone());
    let baris = &buku["baris"][0];
    assert_eq!((&baris["nama_krt"], &baris["rumah"]), (&json!("SARI CONTOH"), &json!([rumah])));
    assert_eq!((&baris["SPAL"], &baris["SMP"], &buku["jumlah"]["SMP"]), (&json!(0), &json!(null), &json!(null)));
    let kolom = buku["kolom"].as_array().unwrap();
    assert_eq!((kolom.len(), &kolom[0]), (26, &json!({"grup": [], "judul": "JML KK", "metrik": "JML_KK"})));

    let path = PathBuf::from(hp.call("rekap_xlsx", minta)["path"].as_str().unwrap());
    assert_eq!(path, hp.dir.path().join("keluaran/rekap-4.16a-RW001-RT002-Melati-2099-12-31.xlsx"));
    assert_eq!(std::fs::read(path).unwrap()[..2], *b"PK");
}

#[test]
fn every_item_of_a_screen_can_be_answered() {
    let hp = Hp::new();
    let bagian = hp.call("butir", json!({}));
    let nama = bagian.as_array().unwrap().iter().map(|b| b["bagian"].as_str().unwrap()).collect::<Vec<_>>().join(" ");
    assert_eq!(nama, "rumah rumah_tangga pekarangan industri keluarga anggota kesehatan_warga kehamilan");
    assert_eq!(bagian[6]["kesehatan"], true);
    let kriteria = &bagian[0]["butir"][5];
    assert_eq!((&kriteria["jenis"], &kriteria["opsi"][0]["kode"]), (&json!("pilihan"), &json!("SEHAT")));
}

#[test]
fn what_needs_a_kelurahan_says_so() {
    let hp = Hp::new();
    let undang = json!({"nama": "WATI CONTOH", "peran": "kader", "dasawisma": []});
    for (perintah, isi) in [("sinkron", json!({})), ("daftar_perangkat", json!({})), ("lanjut_gabung", json!({}))] {
        assert_eq!(hp.refused(perintah, isi).kode, KodeGalat::TanpaKelurahan, "{perintah}");
    }
    hp.refused("undang", undang);
    assert_eq!(hp.refused("gabung", json!({"kode": "WKN1:7"})).kode, KodeGalat::Kode);
    assert_eq!(hp.call("keadaan", json!({}))["kelurahan"], json!(null));
    let rumah = hp.rumah();
    let putus = json!({"rumah": rumah, "tempat": "rumah/punya_spal", "isi": true});
    assert_eq!(hp.refused("putuskan", putus).kode, KodeGalat::Isian, "nothing was answered apart");
}

#[test]
fn two_devices_meet_over_a_relay_by_the_commands_of_their_screens() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let data = dir.path().join("relay");
    let config = wakuncar_sync_server::Config::new(data, ([127, 0, 0, 1], 0).into());
    let relay = runtime.block_on(wakuncar_sync_server::Relay::start(config)).unwrap();
    let (kantor, wati) = (Hp::new(), Hp::new());

    let buat =
        json!({"kode": "18.72.05.1001", "nama": "Contoh", "relay": relay.url(), "pin": relay.pin(), "latihan": true});
    assert_eq!(kantor.call("buat_kelurahan", buat)["terkirim"], true);
    let keadaan = kantor.call("keadaan", json!({}));
    assert_eq!(keadaan["kelurahan"], json!({"nama": "Contoh", "kode": "18.72.05.1001", "latihan": true}));
    assert_eq!(keadaan["peran"], "koordinator");
    let melati = json!([{"rw": "1", "rt": "2", "nama": "Melati"}]);
    let undangan = kantor.call("undang", json!({"nama": "WATI CONTOH", "peran": "kader", "dasawisma": melati}));
    let qr = undangan["qr"].as_array().unwrap();
    assert!(qr.len() >= 21 && qr.iter().all(|row| row.as_str().unwrap().len() == qr.len()));
    assert!(qr[0].as_str().unwrap().starts_with("11111110"), "the corner that a camera looks for");

    let gabung = wati.call("gabung", json!({"kode": undangan["kodeKetik"]}));
    assert_eq!((&gabung["keadaan"], &gabung["gambar"]), (&json!("menunggu"), &json!(null)));
    assert_eq!(wati.call("keadaan", json!({}))["kelurahan"], json!(null), "not yet confirmed");
    let perangkat = kantor.call("daftar_perangkat", json!({"segarkan": true}))[0].clone();
    let gabung = wati.call("lanjut_gabung", json!({}));
    assert_eq!((&gabung["keadaan"], &gabung["gambar"]), (&json!("bandingkan"), &perangkat["gambar"]));
    kantor.call("sahkan_perangkat", json!({"id": perangkat["id"]}));
    assert_eq!(wati.call("lanjut_gabung", json!({}))["keadaan"], "sah");
    let keadaan = wati.call("keadaan", json!({}));
    assert_eq!((&keadaan["nama"], &keadaan["gabung"]), (&json!("WATI CONTOH"), &json!(null)));

    let rumah = wati.rumah_setuju();
    wati.call("simpan_jawaban", jawaban(&rumah, "rumah", json!(null), "punya_spal", json!(true)));
    let status = |hp: &Hp| hp.call("lihat_rumah", json!({"id": rumah}))["status"].clone();
    assert_eq!(status(&wati), "TERSIMPAN");
    assert_eq!(wati.call("sinkron", json!({}))["menunggu"], 0);
    assert_eq!(status(&wati), "DITITIPKAN");
    kantor.call("sinkron", json!({}));
    assert_eq!(kantor.call("lihat_rumah", json!({"id": rumah}))["rumah"]["punya_spal"], true);
    wati.call("sinkron", json!({}));
    assert_eq!(status(&wati), "DITERIMA");

    // Both answer without seeing each other's answer; one of them settles it.
    let spal = |isi: Value| jawaban(&rumah, "rumah", json!(null), "tempel_stiker_p4k", isi);
    wati.call("simpan_jawaban", spal(json!(true)));
    kantor.call("simpan_jawaban", spal(json!(false)));
    for hp in [&wati, &kantor, &wati] {
        hp.call("sinkron", json!({}));
    }
    let berbeda = wati.call("berbeda", json!({}));
    assert_eq!((&berbeda[0]["rumah"], &berbeda[0]["tempat"]), (&json!(rumah), &json!("rumah/tempel_stiker_p4k")));
    assert_eq!(berbeda[0]["calon"].as_array().unwrap().len(), 2);
    wati.call("putuskan", json!({"rumah": rumah, "tempat": berbeda[0]["tempat"], "isi": true}));
    assert_eq!(wati.call("keadaan", json!({}))["berbeda"], 0);

    runtime.block_on(relay.stop());
    assert_eq!(wati.refused("sinkron", json!({})).kode, KodeGalat::TidakTerjangkau);

    // By file, in the pieces in which a page reads it.
    wati.call("simpan_jawaban", jawaban(&rumah, "rumah", json!(null), "alamat", json!("Gang Contoh")));
    let paket = wati.call("buat_paket", json!({"semua": true, "untuk": null, "folder": null}));
    let bytes = std::fs::read(paket["path"].as_str().unwrap()).unwrap();
    assert_eq!(paket["bita"], bytes.len());
    let piece = |pada: usize, bytes: &[u8]| {
        let isi: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        json!({"pada": pada, "isi": isi})
    };
    kantor.call("potongan_paket", piece(0, b"what was left of another one"));
    for (nomor, satu) in bytes.chunks(1000).enumerate() {
        let sampai = kantor.call("potongan_paket", piece(nomor * 1000, satu));
        assert_eq!(sampai["bita"], nomor * 1000 + satu.len());
    }
    assert_eq!(kantor.refused("potongan_paket", piece(7, b"x")).kode, KodeGalat::Permintaan);
    let hasil = kantor.call("buka_paket", json!({}));
    assert_eq!((&hasil["dari"], &hasil["putus"]), (&json!("WATI CONTOH"), &json!(null)), "{hasil}");
    assert_eq!(kantor.call("lihat_rumah", json!({"id": rumah}))["rumah"]["alamat"], "Gang Contoh");
    assert_eq!(kantor.refused("buka_paket", json!({})).kode, KodeGalat::Berkas, "it is read once");
    let ke = json!({"semua": false, "untuk": null, "folder": paket["path"]});
    assert_eq!(wati.refused("buat_paket", ke).kode, KodeGalat::Berkas, "a file is no folder");
}

#[test]
fn a_command_that_panicked_does_not_lock_out_the_next() {
    let hp = Hp::new();
    let broken = std::thread::scope(|threads| {
        threads.spawn(|| panic!("{:p}", &raw const *hp.app.lock().unwrap())).join().is_err()
    });
    assert!(broken && hp.app.is_poisoned());
    hp.call("keadaan", json!({}));
    assert!(!hp.app.is_poisoned());
}

/// `WAKUNCAR_TULIS_TS=1 cargo test -p wakuncar-app commands_for_typescript` writes the file anew.
// One test for the whole file: ts-rs's own tests would write it from one process each and overwrite one another.
#[test]
fn commands_for_typescript_are_current() {
    let dir = tempfile::tempdir().unwrap();
    let config = ts_rs::Config::new().with_out_dir(dir.path()).with_large_int("number");
    let mut types = Types { config: &config, seen: std::collections::BTreeMap::new() };
    ts_rs::TypeVisitor::visit::<Commands>(&mut types);
    ts_rs::TypeVisitor::visit::<Galat>(&mut types);
    ts_rs::TypeVisitor::visit::<rumah::Catatan>(&mut types);
    ts_rs::TypeVisitor::visit::<rekap::BarisRekap>(&mut types);
    ts_rs::TypeVisitor::visit::<rekap::KolomCetak>(&mut types);
    let kode = crate::domain::KodeTemuan::SEMUA.map(|kode| format!("{:?}", kode.kode())).join(" | ");
    let docs = "/**\n * The code of a finding; a screen has a sentence for each.\n */\n";
    types.seen.insert("KodeTemuan".into(), format!("{docs}export type KodeTemuan = {kode};\n\n"));
    let text = types.seen.into_values().collect::<Vec<_>>().join("");
    let text = format!("{}\n", text.trim_end());
    let new =
        format!("// Written by a test of wakuncar-app from crates/wakuncar-app/src/api.rs. Do not edit.\n\n{text}");

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api/commands.gen.ts");
    if std::env::var_os("WAKUNCAR_TULIS_TS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &new).unwrap();
    }
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(old == new, "{} is not what the list of commands says; WAKUNCAR_TULIS_TS=1 writes it", file.display());
}

/// Every type that the list of commands leads to, by its name, as TypeScript.
struct Types<'a> {
    config: &'a ts_rs::Config,
    seen: std::collections::BTreeMap<String, String>,
}

impl ts_rs::TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Lists, options and numbers are TypeScript's own.
        if T::output_path().is_some() && !self.seen.contains_key(&T::name(self.config)) {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n\n", T::decl(self.config));
            self.seen.insert(T::name(self.config), text);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}
