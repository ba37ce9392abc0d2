//! A bundle file gives back what was put into it, or the beginning of that, and never anything else.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

use std::io::Read;

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use wakuncar_seal::{BundleOpener, BundleSealer, ContentKey, SealError};
use wakuncar_wire::{
    BundleFault, BundleHeader, BundleReader, BundleWriter, CollId, Control, DeviceId, Entry, EntryId, Frames, GrantId,
    Header, KeyId, Kind, Piece, SpaceId, Wire, entry_frame,
};

const VECTOR: &[u8] = include_bytes!("../../wakuncar-wire/vectors/paket.wkb");

fn key() -> ContentKey {
    ContentKey::from_bytes(&[7; 32])
}

fn entry(seq: u64, control: bool, len: usize) -> Vec<u8> {
    let header = Header {
        ver: 1,
        suite: 1,
        kind: if control { Kind::Control } else { Kind::Batch },
        space: SpaceId::from_bytes([1; 16]),
        coll: if control { CollId::CONTROL } else { CollId::from_bytes([2; 16]) },
        author: DeviceId::from_bytes([3; 16]),
        seq,
        prev: if seq == 1 { EntryId::ZERO } else { EntryId::from_bytes([4; 32]) },
        auth: GrantId::from_bytes([5; 16]),
        key: if control { KeyId::ZERO } else { KeyId::from_bytes([6; 32]) },
        schema: 1,
        body_len: 0,
        body_hash: [0; 32],
    };
    let coll = Control::Collection { coll: CollId::from_bytes([8; 16]), jenis: 1, purpose: vec![] };
    let body = if control { coll.to_wire() } else { vec![u8::try_from(seq % 251).unwrap(); len] };
    Entry::sign(header, body, &SigningKey::from_bytes(&[3; 32])).unwrap().encode()
}

fn bundle(control: &[Vec<u8>], sealed: Option<&[Vec<u8>]>) -> Vec<u8> {
    let header = BundleHeader {
        space: SpaceId::from_bytes([1; 16]),
        made_by: DeviceId::from_bytes([3; 16]),
        assumes: vec![9; 16].into(),
        control: u32::try_from(control.len()).unwrap(),
        sealed: sealed.map(|_| BundleSealer::seal(&key(), &[1; 32], &[2; 32])),
    };
    let mut writer = BundleWriter::new(Vec::new(), &header).unwrap();
    control.iter().for_each(|entry| writer.control(entry).unwrap());
    if let Some(entries) = sealed {
        let mut sealer = BundleSealer::new(&key(), &header).unwrap();
        for entry in entries {
            let chunks = sealer.push(&entry_frame(entry).unwrap()).unwrap();
            chunks.iter().for_each(|chunk| writer.chunk(chunk, false).unwrap());
        }
        writer.chunk(&sealer.finish().unwrap(), true).unwrap();
    }
    writer.finish().unwrap()
}

/// What is read, and whether the file was whole.
fn read(file: impl Read) -> (Vec<Vec<u8>>, Result<(), BundleFault>) {
    let mut entries = Vec::new();
    let whole = read_into(file, &mut entries);
    (entries, whole)
}

fn read_into(file: impl Read, entries: &mut Vec<Vec<u8>>) -> Result<(), BundleFault> {
    let mut reader = BundleReader::new(file)?;
    let mut opener = BundleOpener::new(&key(), reader.header());
    let mut frames = Frames::default();
    while let Some(piece) = reader.next_piece()? {
        match piece {
            Piece::Control(entry) => entries.push(entry),
            Piece::Chunk(chunk, last) => {
                let opener = opener.as_mut().map_err(|_| BundleFault::Damaged)?;
                let plain = opener.open(&chunk, last).map_err(|_| BundleFault::Damaged)?;
                entries.extend(frames.push(&plain)?);
                if last && !frames.is_at_end() {
                    return Err(BundleFault::Damaged);
                }
            }
        }
    }
    Ok(())
}

fn example() -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    ((1..=3).map(|seq| entry(seq, true, 0)).collect(), (1..=4).map(|seq| entry(seq, false, 300)).collect())
}

#[test]
fn a_bundle_is_written_as_it_was() {
    let (control, sealed) = example();
    assert_eq!(bundle(&control, Some(&sealed)), VECTOR);
    let (entries, whole) = read(VECTOR);
    whole.unwrap();
    assert_eq!(entries, [control, sealed].concat());
}

#[test]
fn a_bundle_of_control_entries_alone_has_nothing_sealed() {
    let (control, _) = example();
    let (entries, whole) = read(bundle(&control, None).as_slice());
    whole.unwrap();
    assert_eq!(entries, control);
    read(bundle(&[], Some(&[])).as_slice()).1.unwrap();
}

#[test]
fn attack_54_a_bundle_cut_anywhere_gives_its_beginning_and_says_so() {
    let (control, sealed) = example();
    let all = [control, sealed].concat();
    for len in 0..VECTOR.len() {
        let (entries, whole) = read(&VECTOR[..len]);
        let fault = whole.unwrap_err();
        assert!(matches!(fault, BundleFault::Truncated | BundleFault::NotBundle), "{len}: {fault}");
        assert_eq!(entries, all[..entries.len()], "{len}");
    }
    // Nothing but the sum is missing: everything is there.
    assert_eq!(read(&VECTOR[..VECTOR.len() - 32]).0, all);
    let mut more = VECTOR.to_vec();
    more.push(0);
    let (entries, whole) = read(more.as_slice());
    assert!(matches!(whole, Err(BundleFault::Damaged)));
    assert_eq!(entries, all);
}

#[test]
fn attack_54_any_flipped_bit_is_noticed_and_no_sealed_entry_is_bent() {
    let (control, sealed) = example();
    for at in 0..VECTOR.len() {
        for bit in [0, 3, 7] {
            let mut bent = VECTOR.to_vec();
            bent[at] ^= 1 << bit;
            let (entries, whole) = read(bent.as_slice());
            assert!(whole.is_err(), "bit {bit} of byte {at}");
            for entry in entries.iter().skip(control.len()) {
                assert!(sealed.contains(entry), "bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn attack_54_chunks_that_are_doubled_left_out_or_exchanged_do_not_open() {
    let sealed: Vec<_> = (1..=9).map(|seq| entry(seq, false, 30_000)).collect();
    let file = bundle(&[], Some(&sealed));
    let mut reader = BundleReader::new(file.as_slice()).unwrap();
    let header = reader.header().clone();
    let mut chunks = Vec::new();
    while let Some(Piece::Chunk(chunk, last)) = reader.next_piece().unwrap() {
        chunks.push((chunk, last));
    }
    assert_eq!(chunks.len(), 5);
    let opened = |order: &[usize]| {
        let mut opener = BundleOpener::new(&key(), &header).unwrap();
        order.iter().take_while(|at| opener.open(&chunks[**at].0, chunks[**at].1).is_ok()).count()
    };
    assert_eq!(opened(&[0, 1, 2, 3, 4]), 5);
    for (order, good) in [([0, 0, 1, 2, 3], 1), ([1, 2, 3, 4, 0], 0), ([0, 2, 1, 3, 4], 1), ([0, 1, 2, 4, 3], 3)] {
        assert_eq!(opened(&order), good, "{order:?}");
    }
    // One that pretends to be the last.
    let mut opener = BundleOpener::new(&key(), &header).unwrap();
    assert_eq!(opener.open(&chunks[0].0, true), Err(SealError::DoesNotOpen));
    let other = ContentKey::from_bytes(&[8; 32]);
    assert!(matches!(BundleOpener::new(&other, &header), Err(SealError::OtherKey)));
}

#[test]
fn what_a_later_version_puts_between_the_entries_is_passed_over() {
    let (first, second) = (entry(1, false, 40), entry(2, false, 50));
    let other = [[1, 0, 1, 0].as_slice(), &[0xff; 256]].concat();
    let plain = [entry_frame(&first).unwrap(), other, entry_frame(&second).unwrap()].concat();
    let mut frames = Frames::default();
    assert_eq!(frames.push(&plain).unwrap(), [first, second]);
    assert!(frames.is_at_end());
}

/// A file that never ends, and counts what was taken of it.
struct Endless<'a> {
    start: &'a [u8],
    again: &'a [u8],
    given: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let start = self.start.get(self.given..).unwrap_or_default();
        let from =
            if start.is_empty() { &self.again[(self.given - self.start.len()) % self.again.len()..] } else { start };
        let len = from.len().min(to.len());
        to[..len].copy_from_slice(&from[..len]);
        self.given += len;
        Ok(len)
    }
}

#[test]
fn attack_54_a_file_is_read_no_further_than_it_makes_sense() {
    // 20 GB of zeros behind a true beginning.
    let mut file = Endless { start: &VECTOR[..400], again: &[0; 4096], given: 0 };
    assert!(matches!(read(&mut file).1, Err(BundleFault::Damaged)));
    assert!(file.given < 8192, "{}", file.given);
    // A length beyond every entry is refused before anything is set aside for it.
    for start in
        [*b"WKB1\x7f\xff\xff\xff", *b"WKB1\x00\x00\xff\xff", *b"WKB2\x00\x00\x00\x01", *b"PK\x03\x04\x00\x00\x00\x00"]
    {
        let mut file = Endless { start: &start, again: b"WKB1", given: 0 };
        assert!(read(&mut file).1.is_err());
        assert!(file.given < 64, "{}", file.given);
    }
}

proptest! {
    // Some megabytes are sealed and signed in a few of these cases.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_are_no_bundle(bytes in proptest::collection::vec(0u8.., 0..600)) {
        prop_assert!(read(bytes.as_slice()).1.is_err());
        let after_magic = [b"WKB1".as_slice(), &bytes].concat();
        prop_assert!(read(after_magic.as_slice()).1.is_err());
    }

    #[test]
    fn entries_come_out_as_they_went_in_wherever_chunks_are_cut(
        sizes in proptest::collection::vec(1usize..90_000, 0..8), control in 0u64..4,
    ) {
        let control: Vec<_> = (1..=control).map(|seq| entry(seq, true, 0)).collect();
        let sealed: Vec<_> = (1..).zip(&sizes).map(|(seq, size)| entry(seq, false, *size)).collect();
        let (entries, whole) = read(bundle(&control, Some(&sealed)).as_slice());
        prop_assert!(whole.is_ok());
        prop_assert_eq!(entries, [control, sealed].concat());
    }

    #[test]
    fn frames_come_together_from_any_pieces(cuts in proptest::collection::vec(1usize..700, 1..20)) {
        let (_, sealed) = example();
        let plain: Vec<u8> = sealed.iter().flat_map(|entry| entry_frame(entry).unwrap()).collect();
        let (mut frames, mut whole, mut rest) = (Frames::default(), Vec::new(), plain.as_slice());
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            whole.extend(frames.push(piece).unwrap());
            rest = after;
        }
        prop_assert!(frames.is_at_end());
        prop_assert_eq!(whole, sealed);
    }
}
