//! Runs seeds of the deterministic simulation: `cargo xtask simulate` starts it.
#![expect(clippy::print_stdout, reason = "a program at a prompt")]

use std::time::Instant;

use wakuncar_tests::simulasi::{jalankan, jalankan_benih, susun, susutkan};

fn main() {
    let args: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let (dari, banyak, panjang) = (args[0], args[1], args[2] as usize);
    std::panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    for benih in dari..dari + banyak {
        match jalankan_benih(benih, panjang) {
            Ok(laporan) => println!("{benih} {laporan:?}"),
            Err(gagal) => {
                println!("{benih} {gagal:?}");
                let (kejadian, gagal) = susutkan(benih, &susun(benih, panjang), &gagal);
                println!("{gagal:?}");
                for satu in &kejadian {
                    println!("    {satu:?},");
                }
                let _ = jalankan(benih, &kejadian);
            }
        }
    }
    println!("{:?}", start.elapsed());
}
