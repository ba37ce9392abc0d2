//! Changes and saved houses of real phones, damaged by somebody who makes checksums again: how many are refused, how
//! many the CRDT library panics over, what it costs. `WAKUNCAR_MUTASI=100000` runs more than the few of every day;
//! `--nocapture` prints the table.

#![allow(clippy::unwrap_used, missing_docs, reason = "a scene fails where it stands")]
#![allow(clippy::print_stdout, reason = "a table for who asks")]

mod perangkat;

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use peak_alloc::PeakAlloc;
use perangkat::potongan::{Parts, SavedParts, leb, run, sealed, sleb};
use perangkat::{AT, Hp, next};
use sha2::{Digest, Sha256};
use wakuncar_document::{Actor, Document, Outcome};
use wakuncar_domain::{Edit, Koleksi, Tempat};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const MIB: usize = 1024 * 1024;
/// Far less than the window's threads have, so that it shows if anything recurses.
const STACK: usize = 256 * 1024;

static PANICS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static HOSTILE: Cell<bool> = const { Cell::new(false) };
}

#[test]
fn damaged_changes_and_houses_neither_abort_nor_panic_nor_cost_much() {
    let count = std::env::var("WAKUNCAR_MUTASI").ok().and_then(|n| n.parse().ok()).unwrap_or(1_500);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if HOSTILE.get() {
            PANICS.fetch_add(1, Ordering::Relaxed);
        } else {
            before(info);
        }
    }));
    let work = std::thread::Builder::new().stack_size(STACK).spawn(move || all(count)).unwrap();
    work.join().unwrap();
}

fn all(count: u64) {
    let house = House::new();
    println!(
        "{:26} {:>8} {:>8} {:>8} {:>8} {:>8} {:>11}",
        "", "all", "refused", "waiting", "panics", "taken", "peak heap"
    );
    for (apa, damage) in [
        ("bytes", bytes as Damage),
        ("parts of another change", splice),
        ("columns made up", made_up),
        ("numbers and names", numbers),
    ] {
        house.changes(apa, count, damage, true).check();
    }
    house.changes("bytes, checksum as it was", count / 4, bytes, false).check();
    for (apa, damage) in [("bytes", damage_bytes as SavedDamage), ("columns", made_up_columns)] {
        house.saved(&format!("snapshots, {apa}"), count, damage, |hp, file| {
            Document::from_snapshot(Koleksi::Dasar, file, &hp.document.heads()).is_ok()
        });
        house.saved(&format!("programs' files, {apa}"), count, damage, |hp, file| {
            hp.clone().document.take_edits(&Actor::new(hp.prefix, [77; 8]), file, AT).is_ok()
        });
    }
}

/// Damages one of the changes.
type Damage = fn(&mut u64, &House, usize) -> Vec<u8>;

/// Damages a saved house.
type SavedDamage = fn(&mut u64, &mut Vec<u8>);

struct House {
    /// Each change, its author, and a phone that lacks just it.
    changes: Vec<(Vec<u8>, [u8; 8], Hp)>,
    whole: Hp,
}

#[derive(Default)]
struct Tally {
    apa: String,
    all: usize,
    refused: usize,
    waiting: usize,
    panics: usize,
    taken: usize,
    peak: usize,
}

impl House {
    /// Everything that phones do: rows, answers over answers and apart, answers taken away, decisions.
    fn new() -> Self {
        let (mut ani, mut wati) = (Hp::new(1, Koleksi::Dasar), Hp::new(2, Koleksi::Dasar));
        let ibu = "anggota/01890a5d-ac96-774b-bcce-b302099a8057";
        ani.edit("rumah/alamat", "Jl. Padi 1");
        ani.edit("rumah_tangga/krt1/nama_krt", "SARI CONTOH");
        wati.receive(&ani);
        wati.edit("rumah/alamat", "Jl. Padi 2");
        wati.edit(&format!("{ibu}/tanggal_lahir"), "17 Agustus 1990");
        ani.edit("rumah/alamat", "Jl. Padi 3");
        ani.edit("rumah_tangga/krt1/jumlah_jamban", "2");
        let many: Vec<_> = [("rumah/rt", "002"), ("rumah/punya_spal", "ya"), ("rumah_tangga/krt1/nama_krt", "?")]
            .into_iter()
            .chain([("rumah_tangga/krt2/nama_krt", "WATI CONTOH"), ("rumah_tangga/krt2/jumlah_jamban", "1")])
            .map(|(jalur, teks)| edit(jalur, teks))
            .collect();
        ani.document.apply_edits(&ani.actor, &many, AT).unwrap();
        ani.receive(&wati);
        ani.document.settle(&ani.actor, &edit("rumah/alamat", "Jl. Padi 2"), AT).unwrap();
        wati.actor = wati.actor.with_salt([5; 8]);
        wati.edit("rumah/punya_spal", "");
        wati.receive(&ani);
        wati.edit("rumah/alamat", "Jl. Padi 9");
        let mut before = Hp::new(3, Koleksi::Dasar);
        let mut changes = Vec::new();
        for change in wati.document.changes() {
            let author: [u8; 8] = automerge::Change::from_bytes(change.bytes.clone()).unwrap().actor_id().to_bytes()
                [..8]
                .try_into()
                .unwrap();
            changes.push((change.bytes.clone(), author, before.clone()));
            assert_eq!(before.document.receive(author, &[&change.bytes]), Outcome::Applied(1));
        }
        Self { changes, whole: before }
    }

    fn changes(&self, apa: &str, count: u64, damage: Damage, resealed: bool) -> Tally {
        let mut tally = Tally { apa: apa.to_owned(), ..Tally::default() };
        let mut chance = count ^ apa.len() as u64;
        for nth in 0..count {
            let at = (nth % self.changes.len() as u64) as usize;
            let (original, author, before) = &self.changes[at];
            let mut change = damage(&mut chance, self, at);
            if resealed {
                change = reseal(&change);
            }
            if change == *original {
                continue;
            }
            let mut hp = if next(&mut chance).is_multiple_of(4) { self.whole.clone() } else { before.clone() };
            let outcome = tally.measure(|| hp.document.receive(*author, &[&change]));
            tally.all += 1;
            match outcome {
                Outcome::Refused(_) => tally.refused += 1,
                Outcome::Waiting => tally.waiting += 1,
                Outcome::Applied(_) => {
                    tally.taken += 1;
                    goes_on(&hp);
                }
            }
        }
        tally
    }

    fn saved(&self, apa: &str, count: u64, damage: SavedDamage, take: impl Fn(&Hp, &[u8]) -> bool) {
        let mut tally = Tally { apa: apa.to_owned(), ..Tally::default() };
        let plain = self.whole.document.to_snapshot().unwrap();
        let mut chance = count;
        for _ in 0..count {
            let mut file = plain.clone();
            damage(&mut chance, &mut file);
            let file = reseal(&file);
            let taken = tally.measure(|| take(&self.whole, &file));
            tally.all += 1;
            tally.taken += usize::from(taken);
            tally.refused += usize::from(!taken);
        }
        // The library reads what another program saved more carelessly than changes; it may panic, and is caught.
        println!("{tally}");
        assert!(tally.peak < 64 * MIB, "{}", tally.peak);
    }
}

impl Tally {
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (heap, panics) = (HEAP.current_usage(), PANICS.load(Ordering::Relaxed));
        HEAP.reset_peak_usage();
        HOSTILE.set(true);
        let result = work();
        HOSTILE.set(false);
        self.peak = self.peak.max(HEAP.peak_usage().saturating_sub(heap));
        self.panics += PANICS.load(Ordering::Relaxed) - panics;
        result
    }

    fn check(&self) {
        println!("{self}");
        assert_eq!(self.panics, 0, "{}", self.apa);
        assert!(self.peak < 16 * MIB, "{}: {}", self.apa, self.peak);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { apa, all, refused, waiting, panics, taken, peak } = self;
        write!(f, "{apa:26} {all:8} {refused:8} {waiting:8} {panics:8} {taken:8} {:7} KiB", peak / 1024)
    }
}

/// What was let in can be saved, loaded, read and edited.
fn goes_on(hp: &Hp) {
    let mut loaded = Document::load(Koleksi::Dasar, &hp.document.save()).unwrap();
    assert_eq!(loaded.read(), hp.document.read());
    assert_eq!(loaded.conflicts(), hp.document.conflicts());
    let out = Document::from_snapshot(Koleksi::Dasar, &hp.document.to_snapshot().unwrap(), &hp.document.heads());
    assert!(out.is_ok());
    assert!(loaded.apply_edits(&hp.actor, &[edit("rumah/no_rumah", "7")], AT).unwrap().is_some());
}

fn edit(jalur: &str, teks: &str) -> Edit {
    let tempat = Tempat::parse(jalur).unwrap();
    let isi = tempat.butir().parse(teks).unwrap();
    Edit { tempat, isi }
}

/// Length and checksum made again.
fn reseal(chunk: &[u8]) -> Vec<u8> {
    if chunk.len() < 12 {
        return chunk.to_vec();
    }
    if chunk[8] == 1 {
        let length = chunk[9..].iter().position(|byte| byte & 128 == 0).unwrap_or(0);
        return sealed(&chunk[10 + length..]);
    }
    let mut chunk = chunk.to_vec();
    let sum = Sha256::digest(&chunk[8..]);
    chunk[4..8].copy_from_slice(&sum[..4]);
    chunk
}

fn below(chance: &mut u64, end: usize) -> usize {
    (next(chance) % end.max(1) as u64) as usize
}

fn damage_bytes(chance: &mut u64, bytes: &mut Vec<u8>) {
    for _ in 0..=below(chance, 3) {
        // Behind magic and checksum, which nobody damages twice.
        let at = 8 + below(chance, bytes.len() - 8);
        match below(chance, 6) {
            0 => bytes[at] = next(chance) as u8,
            1 => bytes[at] ^= 1 << below(chance, 8),
            2 => bytes.insert(at, next(chance) as u8),
            3 => drop(bytes.remove(at)),
            4 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, 0xc0][below(chance, 6)],
            _ => drop(bytes.splice(at..at, leb(next(chance) as usize >> below(chance, 63)))),
        }
    }
}

fn bytes(chance: &mut u64, house: &House, at: usize) -> Vec<u8> {
    let mut bytes = house.changes[at].0.clone();
    damage_bytes(chance, &mut bytes);
    bytes
}

fn splice(chance: &mut u64, house: &House, at: usize) -> Vec<u8> {
    let mut parts = Parts::of(&house.changes[at].0);
    for _ in 0..=below(chance, 2) {
        let other = Parts::of(&house.changes[below(chance, house.changes.len())].0);
        match below(chance, 7) {
            0 => parts.columns = other.columns,
            1 => parts.others = other.others,
            2 => parts.deps = other.deps,
            3 => parts.columns.extend(other.columns),
            4 => parts.columns.truncate(below(chance, parts.columns.len())),
            _ => {
                let (spec, column) = other.columns[below(chance, other.columns.len())].clone();
                match parts.columns.iter_mut().find(|(mine, _)| *mine == spec) {
                    Some(mine) => mine.1 = column,
                    None => parts.columns.push((spec, column)),
                }
            }
        }
    }
    parts.columns.sort_by_key(|(spec, _)| *spec);
    parts.chunk()
}

fn made_up(chance: &mut u64, house: &House, at: usize) -> Vec<u8> {
    let mut parts = Parts::of(&house.changes[at].0);
    make_up(chance, &mut parts.columns);
    parts.chunk()
}

fn made_up_columns(chance: &mut u64, file: &mut Vec<u8>) {
    let mut parts = SavedParts::of(file);
    let columns = if next(chance).is_multiple_of(2) { &mut parts.changes } else { &mut parts.operations };
    make_up(chance, columns);
    *file = parts.file();
}

/// Columns of runs that somebody thought up.
fn make_up(chance: &mut u64, columns: &mut [(u64, Vec<u8>)]) {
    for _ in 0..=below(chance, 3) {
        let at = below(chance, columns.len());
        let spec = columns[at].0;
        let mut column = match below(chance, 3) {
            0 => columns[at].1.clone(),
            _ => Vec::new(),
        };
        for _ in 0..=below(chance, 3) {
            let times = [1, 2, 3, 9, 10_000, 1_000_000, i64::MAX >> 1][below(chance, 7)];
            let item = match spec & 7 {
                5 => [leb(3), b"abc".to_vec()].concat(),
                3 => sleb(next(chance) as i64 >> below(chance, 63)),
                _ => leb(next(chance) as usize >> (1 + below(chance, 62))),
            };
            column.extend(match below(chance, 4) {
                0 => [vec![0], leb(times as usize)].concat(),
                1 => [sleb(-times.min(3)), item.repeat(times.min(3) as usize)].concat(),
                _ => run(times, &item),
            });
        }
        columns[at].1 = column;
    }
}

fn numbers(chance: &mut u64, house: &House, at: usize) -> Vec<u8> {
    let mut parts = Parts::of(&house.changes[at].0);
    for _ in 0..=below(chance, 2) {
        let other = &house.changes[below(chance, house.changes.len())].0;
        let dep: [u8; 32] = Sha256::digest(&other[8..]).into();
        match below(chance, 10) {
            0 => parts.seq = next(chance) >> below(chance, 63),
            1 => parts.start_op = next(chance) >> below(chance, 63),
            2 => parts.seq = parts.seq.wrapping_add(1),
            3 => parts.start_op = parts.start_op.wrapping_sub(1),
            4 => parts.deps.push(dep),
            5 => drop(parts.deps.pop()),
            6 => parts.actor[8 + below(chance, 8)] ^= 1,
            7 => parts.others.push(next(chance).to_be_bytes().repeat(2)),
            8 => parts.time = next(chance) as i64 >> below(chance, 63),
            _ => parts.message = vec![b'x'; below(chance, 200)],
        }
    }
    parts.deps.sort_unstable();
    parts.others.sort_unstable();
    parts.chunk()
}
