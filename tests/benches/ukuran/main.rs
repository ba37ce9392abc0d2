//! Measures what `cargo xtask bench` prints beside its goals (`tests/benches/sasaran.tsv`): one line a figure, its name
//! and its value in the goal's unit, separated by a tab. Nothing is judged here.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement stops where it fails"
)]

mod angka;
mod lokal;
mod perantara;
mod sinkron;

fn main() {
    // `cargo test --all-targets` starts benches too, without this word and without optimisation.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let dir = tempfile::tempdir_in(folder()).unwrap();
    lokal::measure(dir.path());
    sinkron::measure(&dir.path().join("sinkron"));
}

/// Where data folders are made: beside what cargo builds, i.e. on a disk, which `/tmp` may not be.
fn folder() -> std::path::PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().to_owned()
}
