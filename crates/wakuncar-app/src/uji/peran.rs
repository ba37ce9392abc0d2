//! Who may read and write what: DESIGN §5a, role by role, as a device of each role has it.

use std::collections::BTreeMap;

use wakuncar_wire::{Perm, Role, Scope};

use super::Desa;

const NONE: Perm = Perm::NONE;
const R: Perm = Perm::READ;
const W: Perm = Perm::WRITE;
const RW: Perm = Perm::READ_WRITE;

#[test]
fn each_role_has_what_the_table_says_and_the_keys_to_what_it_reads() {
    // dasar, kesehatan, validasi of its own dasawisma; anggota_tim, program, tindak_lanjut, arseti, perlindungan.
    let table = [
        (Role::Kader, [RW, RW, R, R, R, RW, RW, W]),
        (Role::Pendamping, [RW, RW, R, R, R, RW, RW, W]),
        (Role::PkkRt, [R, NONE, W, R, R, R, R, NONE]),
        (Role::KetuaRt, [R, NONE, W, R, R, R, R, NONE]),
        (Role::Lurah, [R, NONE, R, R, R, R, R, NONE]),
        (Role::Petugas, [NONE, NONE, NONE, R, R, NONE, NONE, RW]),
        (Role::Arsip, [Perm::FETCH; 8]),
    ];
    let (desa, _) = Desa::new();
    // Another dasawisma of the same RT, and one of another.
    let _ = desa.kantor.rumah("002", "Anggrek", "1");
    let _ = desa.kantor.rumah("003", "Mawar", "1");
    desa.kantor.sinkron();
    let dasawisma = |nama: &str| [1, 2, 3].map(|jenis| desa.kantor.coll(nama, jenis));
    let (melati, anggrek, mawar) = (dasawisma("Melati"), dasawisma("Anggrek"), dasawisma("Mawar"));
    for (role, row) in table {
        let hp = desa.anggota("Contoh", role, &[("002", "Melati")]);
        let known = hp.app().known().unwrap();
        let roster = &known.roster;
        let kelurahan: BTreeMap<u8, _> =
            roster.collections().filter(|(_, jenis)| *jenis > 3).map(|(coll, jenis)| (jenis, coll)).collect();
        let own = melati.into_iter().chain(kelurahan.into_values());
        for (coll, wanted) in own.zip(row) {
            assert_eq!(roster.perm(hp.id, coll), wanted, "{role:?} {coll}");
            let Some((key, _)) = roster.writing_key(roster.scope(coll)) else { continue };
            let has = hp.app().content_key(key).unwrap().is_some();
            assert_eq!(has, wanted.includes(R), "{role:?} {coll}");
        }
        let (seats, _) = roster.writing_key(Scope::Seat).unwrap();
        assert!(hp.app().content_key(seats).unwrap().is_none(), "{role:?}");
        let looks_after_rt = matches!(role, Role::PkkRt | Role::KetuaRt | Role::Lurah);
        for (at, jenis) in [0, 1, 2].into_iter().enumerate() {
            let near = if looks_after_rt { row[jenis] } else { NONE };
            assert_eq!(roster.perm(hp.id, anggrek[at]), near, "{role:?}");
            let far = if role == Role::Lurah { row[jenis] } else { NONE };
            assert_eq!(roster.perm(hp.id, mawar[at]), far, "{role:?}");
        }
    }
    for role in [Role::Koordinator, Role::Hub] {
        let undang = crate::Undang { nama: "x".into(), peran: role, dasawisma: vec![], gantikan: None };
        assert!(matches!(crate::undang(&desa.kantor.app, &undang), Err(crate::Error::PeranSalah)));
    }
}
