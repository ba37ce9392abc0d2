//! The command `wakuncar`: the same application at a prompt, for offices, servers and tests.
//!
//! Commands, flags, exit codes and JSON are a contract. What is printed stands on stdout, what is said about the
//! folder or an error on stderr. Exit codes: 0 done, 1 refused with findings, 2 wrong usage, 3 nothing reachable
//! (data safe), 4 damaged.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a prompt prints")]

mod hub;
mod jalan;
mod jaringan;
mod kantor;
mod paket;
mod perintah;
mod pesan;
mod simulasi;
mod tinjau;

use clap::Parser;

use perintah::Wakuncar;
use pesan::Bahasa;

fn main() -> std::process::ExitCode {
    let wakuncar = Wakuncar::parse();
    let bahasa = Bahasa::of(&wakuncar.lang);
    match jalan::run(&wakuncar, bahasa) {
        Ok(code) => code.into(),
        Err(galat) => {
            if wakuncar.json {
                println!("{}", serde_json::json!({"galat": galat.kode(), "sebab": galat.to_string()}));
            }
            eprintln!("{}", pesan::galat(bahasa, &galat));
            galat.exit_code().into()
        }
    }
}
