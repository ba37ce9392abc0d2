//! Invariant 8. Convergence: at rest all who may read a collection hold the same of it: entries, changes, documents, rows. Of an
//! author whose log has two branches, only after somebody has closed it (PROTOCOL §6).

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_app::App;
use wakuncar_document::Document;
use wakuncar_domain::{Koleksi, RumahId};
use wakuncar_wire::{CollId, DeviceId, EntryId, Kind, Perm};

use super::super::dunia::Dunia;
use super::Invarian;

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 8, langkah: None, diam: Some(diam) };

/// What a device has of one document.
#[derive(Debug, PartialEq, Eq)]
struct Dokumen {
    perubahan: BTreeSet<[u8; 32]>,
    kepala: Vec<[u8; 32]>,
}

/// What a device has of the collections that it may read.
struct Isi {
    siapa: usize,
    boleh: BTreeSet<CollId>,
    entri: BTreeMap<CollId, BTreeSet<EntryId>>,
    dokumen: BTreeMap<(CollId, RumahId, Koleksi), Dokumen>,
    rumah: BTreeMap<RumahId, String>,
}

fn diam(dunia: &mut Dunia) -> Result<(), String> {
    let terbelah = terbelah(dunia);
    let semua: Vec<Isi> = dunia.honest().filter_map(|siapa| isi(dunia, siapa, &terbelah)).collect();
    for (at, satu) in semua.iter().enumerate() {
        for lain in &semua[at + 1..] {
            banding(dunia, satu, lain)?;
        }
    }
    Ok(())
}

/// Authors of whom an honest device holds two branches, and the documents to which they wrote.
#[derive(Default)]
struct Terbelah {
    penulis: BTreeSet<DeviceId>,
    dokumen: BTreeSet<(RumahId, Koleksi)>,
}

fn terbelah(dunia: &Dunia) -> Terbelah {
    let mut terbelah = Terbelah::default();
    for siapa in dunia.honest() {
        let forks = dunia.gawai[siapa].lihat(|app| app.simulasi_store().forks()).unwrap().unwrap();
        terbelah.penulis.extend(forks.into_iter().map(|(_, author, _)| author));
    }
    if !terbelah.penulis.is_empty() {
        for siapa in dunia.honest() {
            let rows = dunia.gawai[siapa].lihat(|app| app.simulasi_store().change_rows(0)).unwrap().unwrap();
            let by =
                |entry: Option<EntryId>| entry.and_then(|id| dunia.arsip.get(&id)).map(|entry| entry.header().author);
            let theirs = rows.into_iter().filter(|row| by(row.entry).is_some_and(|by| terbelah.penulis.contains(&by)));
            terbelah.dokumen.extend(theirs.map(|row| (row.rumah, row.koleksi)).collect::<Vec<_>>());
        }
    }
    terbelah
}

fn isi(dunia: &Dunia, siapa: usize, terbelah: &Terbelah) -> Option<Isi> {
    let gawai = &dunia.gawai[siapa];
    let mut entri: BTreeMap<CollId, BTreeSet<EntryId>> = BTreeMap::new();
    for (id, (applied, _)) in &gawai.pandangan.entri {
        let header = dunia.arsip[id].header();
        if *applied && header.kind == Kind::Batch && !terbelah.penulis.contains(&header.author) {
            entri.entry(header.coll).or_default().insert(*id);
        }
    }
    gawai.lihat(|app| {
        let (me, colls) = (app.simulasi_id(), app.simulasi_known()?.0.collections().map(|(coll, _)| coll));
        let colls: Vec<CollId> = colls.collect();
        let boleh = colls
            .into_iter()
            .filter(|coll| app.simulasi_known().is_some_and(|(roster, _)| roster.perm(me, *coll).includes(Perm::READ)));
        let boleh: BTreeSet<CollId> = boleh.collect();
        let (mut dokumen, mut rumah) = (dokumen(app), rumah(app));
        dokumen.retain(|(_, rumah, koleksi), _| !terbelah.dokumen.contains(&(*rumah, *koleksi)));
        rumah.retain(|id, _| terbelah.dokumen.iter().all(|(rumah, _)| rumah != id));
        Some(Isi { siapa, boleh, entri, dokumen, rumah })
    })?
}

fn dokumen(app: &App) -> BTreeMap<(CollId, RumahId, Koleksi), Dokumen> {
    let store = app.simulasi_store();
    let mut semua: BTreeMap<(RumahId, Koleksi), BTreeSet<[u8; 32]>> = BTreeMap::new();
    for row in store.change_rows(0).unwrap() {
        semua.entry((row.rumah, row.koleksi)).or_default().insert(row.hash);
    }
    let satu = |((rumah, koleksi), perubahan): ((RumahId, Koleksi), BTreeSet<[u8; 32]>)| {
        let coll = store.document_coll(rumah, koleksi).unwrap()?;
        let body = store.document(rumah, koleksi).unwrap()?;
        let kepala = Document::load(koleksi, &body).unwrap().heads();
        Some(((coll, rumah, koleksi), Dokumen { perubahan, kepala }))
    };
    semua.into_iter().filter_map(satu).collect()
}

fn rumah(app: &App) -> BTreeMap<RumahId, String> {
    let semua = app.simulasi_store().semua_rumah().unwrap();
    semua.into_iter().filter_map(|id| Some((id, format!("{:?}", app.rumah(id).ok()?)))).collect()
}

fn banding(dunia: &Dunia, satu: &Isi, lain: &Isi) -> Result<(), String> {
    let nama = format!("{} and {}", dunia.gawai[satu.siapa].nama, dunia.gawai[lain.siapa].nama);
    let bersama: BTreeSet<CollId> = satu.boleh.intersection(&lain.boleh).copied().collect();
    for coll in &bersama {
        let (a, b) = (satu.entri.get(coll), lain.entri.get(coll));
        if a != b {
            let of = |isi: Option<&BTreeSet<EntryId>>| isi.map_or(0, BTreeSet::len);
            return Err(format!("{nama} have applied {} and {} entries of {coll}", of(a), of(b)));
        }
    }
    let keys: BTreeSet<_> = satu.dokumen.keys().chain(lain.dokumen.keys()).collect();
    for key in keys.into_iter().filter(|(coll, ..)| bersama.contains(coll)) {
        let (a, b) = (satu.dokumen.get(key), lain.dokumen.get(key));
        if a != b {
            let of = |isi: Option<&Dokumen>| isi.map(|isi| (isi.perubahan.len(), isi.kepala.len()));
            return Err(format!("{nama} differ in {key:?}: changes, heads {:?} and {:?}", of(a), of(b)));
        }
    }
    for (id, record) in &satu.rumah {
        let whole = |isi: &Isi| {
            Koleksi::MILIK_RUMAH.iter().all(|koleksi| {
                isi.dokumen.keys().all(|(coll, rumah, di)| rumah != id || di != koleksi || bersama.contains(coll))
            })
        };
        if let Some(other) = lain.rumah.get(id)
            && whole(satu)
            && whole(lain)
            && other != record
        {
            return Err(format!("{nama} show house {id} differently"));
        }
    }
    Ok(())
}
