//! Invariant 11. Blindness: nothing that a person wrote and no key lies at the relay.

use std::collections::{BTreeMap, BTreeSet};

use super::super::berkas;
use super::super::dunia::Dunia;
use super::super::peristiwa::PENANDA;
use super::Invarian;

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 11, langkah: None, diam: Some(diam) };

/// Bytes by which a secret is looked for.
const UJUNG: usize = 8;

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    let mut dicari: BTreeMap<[u8; UJUNG], String> = BTreeMap::new();
    let mut add = |bytes: &[u8], nama: String| {
        if let Some(ujung) = bytes.first_chunk() {
            dicari.insert(*ujung, nama);
        }
    };
    add(PENANDA.as_bytes(), "what a person wrote".into());
    for gawai in dunia.gawai.iter().filter(|gawai| gawai.app.is_some()) {
        let secrets = gawai.lihat(|app| app.simulasi_store().secrets()).unwrap().unwrap();
        // The session's token is the relay's own; it keeps a hash of it.
        for (nama, nilai) in secrets {
            add(&nilai, format!("{nama} of {}", gawai.nama));
            // The second half: signing and sealing keys lie side by side.
            add(&nilai[nilai.len() / 2..], format!("{nama} of {}", gawai.nama));
        }
    }
    let awal: BTreeSet<u8> = dicari.keys().map(|ujung| ujung[0]).collect();
    let mut saring = [false; 256];
    awal.iter().for_each(|byte| saring[usize::from(*byte)] = true);
    let jaringan = dunia.jaringan.borrow();
    for yang in 0..jaringan.banyak() {
        for path in berkas::isi(jaringan.dir(yang)) {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(UJUNG).find_map(|window| {
                let ujung: &[u8; UJUNG] = window.try_into().ok()?;
                saring[usize::from(ujung[0])].then(|| dicari.get(ujung))?
            });
            if let Some(nama) = found {
                return Err(format!("the relay holds {nama}"));
            }
        }
    }
    Ok(())
}
