//! The hub at the prompt. The data folder is open only while something is done with it, so that other commands work
//! beside a hub that runs for days.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use wakuncar_app::{App, Error, FOLDER_HUB, HubJalan, HubSiap, Penjaga};
use wakuncar_sync_server::Hub;

use crate::jalan::{Galat, folder, open};
use crate::jaringan::lock;
use crate::perintah::Wakuncar;
use crate::pesan::{self, Bahasa};

/// Between two looks whether something arrived, or whether the folder is free.
const LOOK: Duration = Duration::from_millis(100);
/// How long a command waits for a folder on which a hub works.
const PATIENCE: Duration = Duration::from_secs(20);

/// A relay on this machine, as the application wants it.
pub(crate) fn start(siap: &HubSiap, listen: SocketAddr) -> Result<HubJalan, String> {
    let hub = Hub::start(siap.data.clone(), listen, siap.space).map_err(|error| error.to_string())?;
    let (pin, receipt_pk) = hub.keys();
    let (alamat, hub) = (hub.address(), Arc::new(hub));
    Ok(HubJalan { alamat, pin, receipt_pk, kedatangan: Box::new(move || hub.arrivals()) })
}

/// Runs until it is killed.
pub(crate) fn serve(
    wakuncar: &Wakuncar,
    listen: SocketAddr,
    jeda: Duration,
    tanpa_suar: bool,
    bahasa: Bahasa,
) -> Result<u8, Galat> {
    let (dir, source) = folder(wakuncar)?;
    let app = Mutex::new(open(wakuncar, bahasa)?);
    let (jalan, tampil, suar) = {
        let mut app = lock(&app);
        let siap = app.hub_siap()?;
        let port = if listen.port() == 0 { siap.port } else { listen.port() };
        let jalan = start(&siap, SocketAddr::new(listen.ip(), port));
        // Another program may have the port of last time by now.
        let jalan = jalan.or_else(|_| start(&siap, listen)).map_err(Error::HubTidakBisa)?;
        let tampil = app.hub_mulai(&jalan)?;
        let suar = if tanpa_suar { None } else { app.siarkan(&jalan)? };
        (jalan, tampil, suar)
    };
    let mut penjaga = Penjaga::new(jeda);
    // What the office has is at the hub before a phone asks for it.
    penjaga.work(&app, 0)?;
    drop(app);
    let pin: String = jalan.pin.iter().map(|byte| format!("{byte:02x}")).collect();
    let url = format!("https://{}", tampil.alamat);
    println!("{}", json!({"url": url, "pin": pin, "kode": tampil.kode, "suar": suar.is_some()}));
    // Whoever reads may have gone; the hub stays.
    let _ = std::io::stdout().flush();
    eprintln!("{}", pesan::hub(bahasa, &tampil));
    loop {
        let arrivals = (jalan.kedatangan)();
        if penjaga.is_due(arrivals) {
            match App::open(&dir, &source) {
                Ok(app) => {
                    if let Err(error) = penjaga.work(&Mutex::new(app), arrivals) {
                        eprintln!("{}", pesan::galat(bahasa, &error.into()));
                        std::thread::sleep(Duration::from_secs(1));
                    }
                }
                // Another command is at work; it will not be long.
                Err(Error::InUse) => {}
                Err(other) => return Err(other.into()),
            }
        }
        std::thread::sleep(LOOK);
    }
}

/// Opens a folder; where a hub works on it, as soon as it lets go.
pub(crate) fn patiently(dir: &Path, open: impl Fn() -> Result<App, Error>) -> Result<App, Error> {
    let until = Instant::now() + PATIENCE;
    loop {
        match open() {
            Err(Error::InUse) if Instant::now() < until && Hub::runs_on(&dir.join(FOLDER_HUB)) => {
                std::thread::sleep(LOOK)
            }
            done => return done,
        }
    }
}
