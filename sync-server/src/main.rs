//! The relay as a program. The first line on stdout is `{"url","pin"}`.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a prompt prints")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use wakuncar_sync_server::{Config, Error, Limits, Relay};

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
    #[command(flatten)]
    batas: Limits,
    /// Mulai hidup baru berkas yang diperbaiki dengan tangan, lalu jalan: semua HP mengisi ulang relay.
    #[arg(long)]
    pulih: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Perintah::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("relay: {error}");
            ExitCode::from(4)
        }
    }
}

async fn run(Perintah { data, listen, batas, pulih }: Perintah) -> Result<(), Error> {
    if pulih {
        Relay::renew(&data)?;
    }
    let relay = Relay::start(Config { limits: batas, ..Config::new(data, listen) }).await?;
    println!("{}", serde_json::json!({"url": relay.url(), "pin": relay.pin()}));
    relay.wait().await;
    Ok(())
}
