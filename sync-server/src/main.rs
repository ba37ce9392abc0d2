//! The relay as a program. The first line on stdout is `{"url","pin"}`.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a prompt prints")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wakuncar_sync_server::{Config, Relay};

/// Menyimpan dan meneruskan data tersegel kelurahan; tidak dapat membacanya.
#[derive(Debug, Parser)]
#[command(name = "wakuncar-relay", version)]
struct Perintah {
    /// Folder data.
    #[arg(long)]
    data: PathBuf,
    /// Alamat; port 0 mengambil yang bebas.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Paling banyak kelurahan.
    #[arg(long, default_value_t = 64)]
    maks_kelurahan: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Perintah { data, listen, maks_kelurahan } = Perintah::parse();
    match Relay::start(Config { data, listen, max_spaces: maks_kelurahan }).await {
        Ok(relay) => {
            println!("{}", serde_json::json!({"url": relay.url(), "pin": relay.pin()}));
            relay.wait().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("relay: {error}");
            ExitCode::from(4)
        }
    }
}
