//! The line breaks after every single byte of a sync, both ways, and after answers that were committed: nothing is lost,
//! nothing is twice, nothing is called sent that is not there.
//!
//! Without `WAKUNCAR_CELAKA=semua` a fixed sample of the bytes is tried.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "how much was tried is said")]

#[path = "perantara/jalur.rs"]
mod jalur;

use jalur::{Arah, Jalur};
use serde_json::{Value, json};
use wakuncar_tests::celaka::{Cara, Folder, Undi, lay, whole};
use wakuncar_tests::{Desa, Hp, Relay};

fn sync(hp: &Hp) -> (Option<i32>, Value) {
    let done = hp.run(&["sinkron", "--json"]);
    (done.status.code(), serde_json::from_slice(&done.stdout).unwrap_or_default())
}

#[test]
fn a_line_cut_after_every_byte_of_a_sync_loses_nothing() {
    let mut desa = Desa::new();
    let jalur = Jalur::to(desa.relay.address());
    desa.kantor = desa.hp_baru("kantor di ujung jalur");
    let buat = ["kelurahan", "buat", "--kode", "18.72.05.1003", "--nama", "Jalur", "--latihan", "--relay"];
    let _ = desa.kantor.json(&[&buat[..], &[&jalur.url(), "--pin", desa.relay.pin()]].concat());
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "7"}).to_string();
    let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "Contoh"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let ani = desa.kader("Ani", &["Melati 1"]);
    for (hp, kata) in [(&desa.kantor, "kantor"), (&ani, "ani")] {
        let isi = json!({"pekarangan": [{"komoditi": kata}]}).to_string();
        let _ = hp.json(&["rumah", "ubah", &rumah, "--isi", &isi]);
    }
    let _ = desa.kantor.json(&["sinkron"]);
    let (alamat, data) = (desa.relay.address(), desa.relay.data());
    desa.relay.kill();
    let asli = [&data, desa.kantor.dir(), ani.dir()];
    let awal = asli.map(|dir| Folder::read(dir).image(Cara::Utuh, &mut Undi::new(0)));
    let uji = ["uji/relay/data", "uji/kantor", "uji/ani"].map(|nama| desa.path(nama));
    let (kantor, hp) = (Hp::new(&uji[1]), Hp::new(&uji[2]));
    let begin = || {
        for i in 0..3 {
            lay(&awal[i], asli[i], &uji[i]);
        }
        Relay::start_at(&desa.path("uji/relay"), alamat).unwrap()
    };

    let relay = begin();
    jalur.lay(None);
    assert_eq!(sync(&hp).0, Some(0));
    let panjang = [Arah::KeRelay, Arah::KeHp].map(|arah| (arah, jalur.lewat(arah)));
    drop(relay);
    let (mut titik, mut putus, mut sampai) = (0, 0, 0);
    for (arah, bytes) in panjang {
        assert!(bytes > 1_000, "{bytes} bytes {arah:?}");
        for at in (0..bytes).step_by(if whole() { 1 } else { bytes / 20 }) {
            let di = format!("{arah:?}, byte {at}");
            let relay = begin();
            jalur.lay(Some((arah, at)));
            titik += 1;
            let (exit, said) = sync(&hp);
            let kena = jalur.putus();
            putus += usize::from(kena);
            assert!(exit == Some(0) || exit == Some(3) && said["galat"] == "tidak_terjangkau", "{di}: {said}");
            jalur.lay(None);
            let sworn = hp.keadaan()[&rumah] != "TERSIMPAN";
            // What the phone calls sent is at the relay, without the phone.
            let (exit, said) = sync(&kantor);
            assert_eq!(exit, Some(0), "{di}: {said}");
            let ada = |hp: &Hp, kata: &str| {
                let isi = hp.json(&["rumah", "lihat", &rumah])["pekarangan"].to_string();
                isi.matches(&format!("\"{kata}\"")).count()
            };
            let di_kantor = ada(&kantor, "ani");
            assert!(!sworn || di_kantor == 1, "{di}: called sent, and not there");
            sampai += di_kantor;
            for satu in [&hp, &kantor, &hp] {
                let (exit, hasil) = sync(satu);
                assert_eq!(exit, Some(0), "{di}: {hasil}");
                for nothing in ["menunggu", "ditolak", "rusak", "diparkir"] {
                    assert_eq!(hasil[nothing], 0, "{di}: {nothing}: {hasil}");
                }
            }
            for satu in [&hp, &kantor] {
                assert_eq!((ada(satu, "ani"), ada(satu, "kantor")), (1, 1), "{di}");
                assert_eq!(satu.json(&["periksa"])["bersih"], true, "{di}");
            }
            assert_eq!(hp.keadaan()[&rumah], "DITERIMA", "{di}");
            drop(relay);
        }
    }
    println!("garis putus: {titik} titik, {putus} putus, {sampai} sampai walau putus, 0 hilang, 0 dobel");
    assert!(putus * 10 > titik * 9);
}
