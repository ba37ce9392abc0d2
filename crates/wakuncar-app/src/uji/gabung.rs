//! Codes that are none, or somebody else's; a join that somebody put in place of another.

use wakuncar_wire::Role;

use super::{Desa, Hp};
use crate::{Error, KeadaanPerangkat, Undang, gabung, lanjut_gabung, segarkan_perangkat, undang};

fn undangan(desa: &Desa) -> String {
    let undang_siti = Undang { nama: "Siti".into(), peran: Role::Kader, dasawisma: vec![], gantikan: None };
    undang(&desa.kantor.app, &undang_siti).unwrap().kode
}

#[test]
fn attack_63_a_code_of_another_kelurahan_a_link_or_garbage() {
    let (desa, rumah) = Desa::new();
    let (lain, _) = Desa::new();
    let ani = desa.kader("Ani");
    let code = undangan(&lain);
    let before = ani.app().kelurahan();
    // A member links to nothing, whoever's code it is.
    assert!(matches!(gabung(&ani.app, &code), Err(Error::KelurahanLain | Error::SudahTerdaftar)));
    // One that waits to be let in takes no other kelurahan's.
    let siti = Hp::new();
    gabung(&siti.app, &undangan(&desa)).unwrap();
    assert!(matches!(gabung(&siti.app, &code), Err(Error::KelurahanLain)));
    let garbage = ["https://contoh.invalid/gabung?k=1".into(), "WKN1:".into(), "A".repeat(4096), format!("{code}A")];
    for text in &garbage {
        for hp in [&ani, &siti] {
            assert!(matches!(gabung(&hp.app, text), Err(Error::Kode(_))), "{}", &text[..text.len().min(40)]);
        }
    }
    assert_eq!(ani.app().kelurahan(), before);
    ani.ubah(rumah, "Gang Aman").unwrap();
    ani.sinkron();
    desa.kantor.sinkron();
    assert_eq!(desa.kantor.alamat(rumah).as_deref(), Some("Gang Aman"));
}

#[test]
fn attack_65_a_join_in_the_place_of_another_shows_other_pictures() {
    let (desa, _) = Desa::new();
    let code = undangan(&desa);
    // Whoever stands between has the code as well, and asks with keys of her own.
    let (siti, penyusup) = (Hp::new(), Hp::new());
    for hp in [&siti, &penyusup] {
        gabung(&hp.app, &code).unwrap();
    }
    segarkan_perangkat(&desa.kantor.app).unwrap();
    let at_office = desa.kantor.app().perangkat().unwrap();
    let pictures = |hp: &Hp| {
        let at_office = at_office.iter().find(|satu| satu.id == hp.id && satu.keadaan == KeadaanPerangkat::Menunggu);
        let own = lanjut_gabung(&hp.app).unwrap().gambar.unwrap();
        assert_eq!(at_office.unwrap().gambar, Some(own), "each sees what the office sees of it");
        own.map(|picture| picture.nama)
    };
    // The office compares with the phone in its hand: the other one's pictures are not these.
    assert_ne!(pictures(&siti), pictures(&penyusup));
}
