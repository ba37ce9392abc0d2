//! The change that every document of a collection begins with.
//!
//! Its bytes are constants: two devices that begin the same document apart share it, so that their maps are
//! the same maps. A container that comes later comes in a second, numbered genesis, never by editing these.

use automerge::{ActorId, Automerge, Change, ChangeHash};
use wakuncar_domain::Koleksi;

use crate::Error;

/// Actor of genesis changes; no device has it.
pub(crate) const ACTOR: [u8; 16] = [0; 16];

/// Genesis 1 of a collection, as bytes of an uncompressed change.
fn bytes(koleksi: Koleksi) -> &'static [u8] {
    match koleksi {
        Koleksi::Dasar => include_bytes!("../genesis/dasar.1"),
        Koleksi::Kesehatan => include_bytes!("../genesis/kesehatan.1"),
        Koleksi::AnggotaTim => include_bytes!("../genesis/anggota_tim.1"),
    }
}

/// A document that holds nothing but its genesis.
pub(crate) fn document(koleksi: Koleksi) -> Result<Automerge, Error> {
    let mut doc = Automerge::new();
    doc.apply_changes([change(koleksi)?])?;
    Ok(doc)
}

/// Whether the document begins with the genesis of this collection.
pub(crate) fn is_known(doc: &Automerge, koleksi: Koleksi) -> Result<bool, Error> {
    Ok(doc.get_change_meta_by_hash(&hash(koleksi)?).is_some())
}

/// The hash that first changes of a document depend on.
pub(crate) fn hash(koleksi: Koleksi) -> Result<ChangeHash, Error> {
    Ok(change(koleksi)?.hash())
}

fn change(koleksi: Koleksi) -> Result<Change, Error> {
    Change::from_bytes(bytes(koleksi).to_vec()).map_err(|e| Error::Damaged(e.to_string()))
}

/// Whether an actor is the one of genesis changes.
pub(crate) fn is_genesis_actor(actor: &ActorId) -> bool {
    actor.to_bytes() == ACTOR
}

/// What kind of object an operation writes into; the root is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A container of rows.
    Rows,
    /// A container of answers: `rumah`, `kesehatan_warga`.
    Answers,
    /// A row.
    Row,
}

/// The kind of the container that a genesis operation made. In genesis 1 of a house's collections the first
/// container is the one that holds answers itself.
pub(crate) fn place(koleksi: Koleksi, operation: u64) -> Option<Place> {
    let containers = match koleksi {
        Koleksi::Dasar => 9,
        Koleksi::Kesehatan => 3,
        Koleksi::AnggotaTim => 2,
    };
    match operation {
        1 if koleksi != Koleksi::AnggotaTim => Some(Place::Answers),
        1.. if operation <= containers => Some(Place::Rows),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ObjType, ROOT};

    use super::*;

    const ALL: [Koleksi; 3] = [Koleksi::Dasar, Koleksi::Kesehatan, Koleksi::AnggotaTim];

    /// The containers of genesis 1, frozen with the first release.
    fn containers(koleksi: Koleksi) -> &'static [&'static str] {
        match koleksi {
            Koleksi::Dasar => &[
                "rumah",
                "rumah_tangga",
                "pekarangan",
                "industri",
                "keluarga",
                "anggota",
                "kunjungan",
                "mutasi",
                "persetujuan",
            ],
            Koleksi::Kesehatan => &["kesehatan_warga", "kehamilan", "pengukuran"],
            Koleksi::AnggotaTim => &["dasawisma", "perangkat"],
        }
    }

    fn build(koleksi: Koleksi) -> Vec<u8> {
        let mut doc = Automerge::new().with_actor(ActorId::from(ACTOR));
        let mut tx = doc.transaction();
        for nama in containers(koleksi) {
            tx.put_object(ROOT, *nama, ObjType::Map).unwrap();
        }
        tx.commit_with(CommitOptions::default().with_time(0));
        doc.get_changes(&[])[0].raw_bytes().to_vec()
    }

    /// `WAKUNCAR_WRITE_GENESIS=1 cargo test -p wakuncar-document genesis` writes the files; they change only
    /// before the first release, afterwards a second genesis is added.
    #[test]
    fn genesis_bytes_are_what_their_builder_makes() {
        for koleksi in ALL {
            let file = format!("{}/genesis/{}.1", env!("CARGO_MANIFEST_DIR"), koleksi.nama());
            if std::env::var_os("WAKUNCAR_WRITE_GENESIS").is_some() {
                std::fs::write(&file, build(koleksi)).unwrap();
            }
            assert_eq!(std::fs::read(&file).unwrap(), build(koleksi));
        }
    }

    #[test]
    fn genesis_hashes_never_change() {
        for (koleksi, hex) in ALL.into_iter().zip([DASAR, KESEHATAN, ANGGOTA_TIM]) {
            assert_eq!(hash(koleksi).unwrap().to_string(), hex, "{koleksi:?}");
        }
    }

    const DASAR: &str = "a88b717673248298a4a3376f2618796f6404a0340a3e4766e2fbdf8a1c558441";
    const KESEHATAN: &str = "87960be8450ede10585c2eb7e9b019aa9660cefd5f78139eb6039dabad20c048";
    const ANGGOTA_TIM: &str = "2d28190bd76f0d90b40bec11a1d9e7e5fafc60e963b5ea5679a731d71d51d521";

    #[test]
    fn every_part_has_its_container_of_its_kind() {
        for bagian in ALL.into_iter().flat_map(wakuncar_domain::Bagian::of_koleksi) {
            let at = containers(bagian.koleksi()).iter().position(|nama| *nama == bagian.nama());
            let answers = bagian.is_flat() || bagian == wakuncar_domain::Bagian::Rumah;
            let kind = at.and_then(|at| place(bagian.koleksi(), at as u64 + 1));
            assert_eq!(kind, Some(if answers { Place::Answers } else { Place::Rows }), "{bagian:?}");
        }
        for koleksi in ALL {
            assert_eq!(place(koleksi, 0), None);
            assert_eq!(place(koleksi, containers(koleksi).len() as u64 + 1), None);
        }
    }
}
