//! The hub: a relay of the office's own on its network, so that phones exchange without any internet (PROTOCOL §2.11).
//!
//! The relay itself is another crate and is started by whoever hosts the application; here is who may have one, how the
//! kelurahan learns of it, how a phone finds it, and when the office brings what arrived to where it belongs. A phone
//! believes no network: a hub is known by its certificate, which a seat has published or whose QR stands on its screen.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Method;
use wakuncar_seal::ContentKey;
use wakuncar_wire::{Control, HubCode, KeyId, Scope};

use crate::carry::Pin;
use crate::jalur::Relay;
use crate::sinkron::{Alone, lock, with_all};
use crate::suar::{self, Suar};
use crate::{App, Error, HasilSinkron, sinkron};

/// Setting: pin, port and address of the hub that this device has.
const HUB: &str = "hub";
/// Folder of its file in the data folder.
pub const FOLDER_HUB: &str = "hub";
/// How often it is looked whether something arrived.
const LOOK: Duration = Duration::from_millis(200);

/// What a host needs to start a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSiap {
    /// The kelurahan, the only one that it takes in.
    pub space: [u8; 16],
    /// Folder of its file.
    pub data: PathBuf,
    /// The port of last time, which phones know; 0 if there was none.
    pub port: u16,
}

/// A relay that runs as long as this value lives.
pub struct HubJalan {
    /// Where it listens.
    pub alamat: SocketAddr,
    /// BLAKE3-128 of its TLS key.
    pub pin: [u8; 16],
    /// The key of its receipts.
    pub receipt_pk: [u8; 32],
    /// A number that grows with every entry that arrives; holds the relay.
    pub kedatangan: Box<dyn Fn() -> u64 + Send>,
}

/// How a host starts a relay there.
pub type MulaiHub = fn(&HubSiap, SocketAddr) -> Result<HubJalan, String>;

/// What stands on a hub's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubTampil {
    /// Host and port, to be typed where there is no camera.
    pub alamat: String,
    /// The text of the QR.
    pub kode: String,
    /// Whether phones find it by themselves.
    pub suar: bool,
}

/// The hub of a window, while it is on.
pub(crate) struct HubNyala {
    jalan: HubJalan,
    pub(crate) tampil: HubTampil,
    _suar: Option<Suar>,
}

impl App {
    /// Whether this device may have a hub, and what it needs for it.
    ///
    /// # Errors
    /// [`Error::TanpaKelurahan`], [`Error::BukanKoordinator`].
    pub fn hub_siap(&self) -> Result<HubSiap, Error> {
        self.kursi()?;
        let port = self.own_hub()?.map_or(0, |(_, port, _)| port);
        Ok(HubSiap { space: *self.space()?.as_bytes(), data: self.dir().join(FOLDER_HUB), port })
    }

    /// A relay runs here: it is this device's first way, and the kelurahan is told of it once and when it changes.
    ///
    /// # Errors
    /// [`Error::BukanKoordinator`], [`Error::PerluTanya`], [`Error::Store`].
    pub fn hub_mulai(&mut self, jalan: &HubJalan) -> Result<HubTampil, Error> {
        let auth = self.kursi()?;
        let (port, pin) = (jalan.alamat.port(), jalan.pin);
        let alamat = SocketAddr::new(reachable(jalan.alamat.ip()), port).to_string();
        let own = match jalan.alamat.ip() {
            ip if ip.is_unspecified() => SocketAddr::from(([127, 0, 0, 1], port)),
            ip => SocketAddr::new(ip, port),
        };
        let setting = [pin.as_slice(), &port.to_be_bytes(), alamat.as_bytes()].concat();
        self.store.write::<_, Error>(|tx| {
            tx.put_remote(&pin, &format!("https://{own}"), true)?;
            tx.set_receipt_pk(&pin, &jalan.receipt_pk)?;
            Ok(tx.set_setting(HUB, &setting)?)
        })?;
        let known = self.known()?;
        let told = known.roster.endpoints().into_iter().any(|at| {
            at.pins.iter().any(|other| other == &pin) && at.lan_port == port && at.receipt_pk == Some(jalan.receipt_pk)
        });
        if !told {
            // No address: it moves with the office's network, and the list of devices is read by the relay.
            let endpoint = Control::Endpoint {
                urls: Vec::new(),
                pins: vec![pin.to_vec().into()],
                lan_port: port,
                receipt_pk: jalan.receipt_pk.to_vec().into(),
            };
            self.issue(auth, &[endpoint])?;
        }
        let kode = HubCode { version: 1, space: self.space()?, host: alamat.clone(), pin }.to_qr();
        Ok(HubTampil { alamat, kode, suar: false })
    }

    /// Pin, port and address of the hub that this device has.
    pub(crate) fn own_hub(&self) -> Result<Option<(Pin, u16, String)>, Error> {
        let Some(bytes) = self.store.setting(HUB)? else { return Ok(None) };
        let parts = || {
            let (pin, rest) = bytes.split_first_chunk::<16>()?;
            let (port, alamat) = rest.split_first_chunk::<2>()?;
            Some((*pin, u16::from_be_bytes(*port), String::from_utf8(alamat.to_vec()).ok()?))
        };
        parts().map(Some).ok_or_else(|| Error::damaged(HUB))
    }

    /// The members' keys that are here: a hub may show its beacon under any of them.
    fn beacon_keys(&mut self) -> Result<Vec<ContentKey>, Error> {
        let known = self.known()?;
        let members = known.roster.keys().filter(|(_, key)| key.scope == Scope::Members).map(|(id, _)| id);
        let members: Vec<KeyId> = members.collect();
        let mut keys = Vec::new();
        for id in members {
            keys.extend(self.content_key(id)?);
        }
        Ok(keys)
    }

    /// Shows a hub's beacon; `None` where the network takes none.
    ///
    /// # Errors
    /// [`Error::TanpaKelurahan`], [`Error::Random`].
    pub fn siarkan(&mut self, jalan: &HubJalan) -> Result<Option<Suar>, Error> {
        match self.writing_key(Scope::Members)? {
            Some(key) => Suar::show(jalan.alamat.port(), &key),
            None => Ok(None),
        }
    }

    /// Pins of the hubs that seats have published.
    fn published_hubs(&self) -> Vec<Pin> {
        let Some(known) = &self.diri.known else { return Vec::new() };
        let hubs = known.roster.endpoints().into_iter().filter(|at| at.lan_port > 0);
        hubs.flat_map(|at| at.pins.iter().filter_map(|pin| pin.as_slice().try_into().ok())).collect()
    }

    fn keep_way(&mut self, relay: &Relay) -> Result<(), Error> {
        self.store.write(|tx| relay.keep(tx))
    }

    /// Where this device may send: relays that seats have published are ways of everybody.
    fn adopt_endpoints(&mut self) -> Result<(), Error> {
        let Some(known) = self.diri.known.clone() else { return Ok(()) };
        for at in known.roster.endpoints() {
            for pin in at.pins.iter().filter_map(|pin| <Pin>::try_from(pin.as_slice()).ok()) {
                let remote = self.store.remote(&pin)?;
                let (lan, url) = (at.lan_port > 0, at.urls.first());
                match (remote, url) {
                    (Some(remote), _) if remote.lan == lan => {}
                    // The one by which this device came in turns out to be the hub.
                    (Some(remote), _) => {
                        self.store.write(|tx| tx.put_remote(&pin, &remote.url, lan))?;
                    }
                    (None, Some(url)) if !lan => {
                        let Ok(relay) = Relay::new(url, pin) else { continue };
                        self.keep_way(&relay)?;
                    }
                    (None, _) => {}
                }
            }
        }
        Ok(())
    }
}

/// The ways that there are now: hubs that answer on this network, then the relays of the internet.
pub(crate) fn ways(app: &Mutex<App>) -> Result<Vec<Relay>, Error> {
    let (relays, published, own) = {
        let mut app = lock(app);
        app.adopt_endpoints()?;
        (app.relays()?, app.published_hubs(), app.own_hub()?)
    };
    let (near, far): (Vec<_>, Vec<_>) = relays.into_iter().partition(|relay| relay.lan);
    let (mut here, away): (Vec<_>, Vec<_>) = near.into_iter().partition(answers);
    let own = own.map(|(pin, ..)| pin);
    let found = |here: &[Relay], pin: &Pin| here.iter().any(|relay| relay.pin == *pin);
    let missing: Vec<Pin> = published.into_iter().filter(|pin| !found(&here, pin) && Some(*pin) != own).collect();
    // One that is not confirmed yet has no key to know it by.
    let keys = if missing.is_empty() { Vec::new() } else { lock(app).beacon_keys()? };
    if !keys.is_empty() {
        here.extend(discover(app, &keys, &missing)?);
    }
    if here.is_empty() && far.is_empty() {
        // Nothing but a hub that is not here: asking it says so.
        return Ok(away);
    }
    here.extend(far);
    Ok(here)
}

fn discover(app: &Mutex<App>, keys: &[ContentKey], missing: &[Pin]) -> Result<Option<Relay>, Error> {
    for at in suar::listen(keys) {
        for pin in missing {
            let relay = Relay { url: format!("https://{at}"), pin: *pin, lan: true };
            if answers(&relay) {
                lock(app).keep_way(&relay)?;
                return Ok(Some(relay));
            }
        }
    }
    Ok(None)
}

/// Whether a relay with that certificate answers there.
fn answers(relay: &Relay) -> bool {
    // Nothing lies there; that it says so with its own key is all that is asked.
    relay.carry().is_ok_and(|carry| carry.call(Method::GET, "/v1", None, Vec::new()).is_ok())
}

/// Syncs with the hub that a person names: by the text of its QR, or by host and port if a seat has published it. Then
/// with the other ways, as far as there are any.
///
/// # Errors
/// [`Error::Kode`], [`Error::KelurahanLain`], [`Error::HubAsing`], and those of [`sinkron`](crate::sinkron()) about this
/// hub: nothing is sent to one with another certificate.
pub fn sinkron_hub(app: &Mutex<App>, kode: &str) -> Result<HasilSinkron, Error> {
    let hub = named(app, kode)?;
    let mut hasil = {
        let _alone = Alone::begin(app)?;
        lock(app).keep_way(&hub)?;
        let hasil = with_all(app, std::slice::from_ref(&hub));
        let mut app = lock(app);
        app.adopt_endpoints()?;
        if !app.published_hubs().contains(&hub.pin) {
            // Whoever shows a QR is no hub because of that.
            app.store.write::<_, Error>(|tx| Ok(tx.delete_remote(&hub.pin)?))?;
        }
        hasil?
    };
    match sinkron(app) {
        Ok(of_all) => hasil += of_all,
        Err(error) if error.is_unreachable() => hasil.gagal += 1,
        Err(error) => return Err(error),
    }
    Ok(hasil)
}

fn named(app: &Mutex<App>, kode: &str) -> Result<Relay, Error> {
    let (space, published) = {
        let app = lock(app);
        (app.space()?, app.published_hubs())
    };
    if HubCode::is_meant(kode) {
        let code = HubCode::from_qr(kode).map_err(|e| Error::Kode(e.to_string()))?;
        if code.space != space {
            return Err(Error::KelurahanLain);
        }
        return Ok(Relay { lan: true, ..Relay::new(&format!("https://{}", code.host), code.pin)? });
    }
    let host = kode.trim().trim_start_matches("https://");
    let mut tried = Err(Error::HubAsing);
    for pin in published {
        let relay = Relay { lan: true, ..Relay::new(&format!("https://{host}"), pin)? };
        match relay.carry()?.call(Method::GET, "/v1", None, Vec::new()) {
            Ok(_) => return Ok(relay),
            Err(error) => tried = Err(error),
        }
    }
    tried
}

/// The address that others reach: that of a network card, where the relay listens on all of them.
fn reachable(ip: IpAddr) -> IpAddr {
    if !ip.is_unspecified() {
        return ip;
    }
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let mut cards: Vec<_> = all.into_iter().filter(|card| !card.is_loopback() && card.ip().is_ipv4()).collect();
    cards.sort_by_key(|card| match card.ip() {
        // Networks of offices and homes before any other.
        IpAddr::V4(ip) => !ip.is_private(),
        IpAddr::V6(_) => true,
    });
    cards.first().map_or(IpAddr::from([127, 0, 0, 1]), if_addrs::Interface::ip)
}

/// When the office's device syncs while its hub runs: at once when something arrived, and with the internet every now
/// and then. A relay on the internet that was not reached does not hold up what arrives.
#[derive(Debug)]
pub struct Penjaga {
    seen: u64,
    jeda: Duration,
    next: Instant,
    online: bool,
}

impl Penjaga {
    /// Asks the internet every `jeda`.
    pub fn new(jeda: Duration) -> Self {
        Self { seen: 0, jeda, next: Instant::now(), online: false }
    }

    /// Whether there is something to do after `arrivals`.
    pub fn is_due(&self, arrivals: u64) -> bool {
        arrivals != self.seen || Instant::now() >= self.next
    }

    /// Does it.
    ///
    /// # Errors
    /// Those of [`sinkron`](crate::sinkron()) but for what cannot be reached.
    pub fn work(&mut self, app: &Mutex<App>, arrivals: u64) -> Result<(), Error> {
        // What arrives meanwhile is seen next time.
        self.seen = arrivals;
        let asks = Instant::now() >= self.next;
        let done = if asks || self.online { sinkron(app) } else { own_only(app) };
        if asks {
            self.next = Instant::now() + self.jeda;
        }
        match done {
            Ok(hasil) => {
                self.online = if asks || self.online { hasil.gagal == 0 } else { self.online };
                Ok(())
            }
            Err(error) if error.is_unreachable() || matches!(error, Error::SedangKirim) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn own_only(app: &Mutex<App>) -> Result<HasilSinkron, Error> {
    let _alone = Alone::begin(app)?;
    let (relays, own) = {
        let app = lock(app);
        (app.relays()?, app.own_hub()?)
    };
    let own: Vec<Relay> =
        relays.into_iter().filter(|relay| own.as_ref().is_some_and(|(pin, ..)| *pin == relay.pin)).collect();
    with_all(app, &own)
}

/// Starts the hub of a window.
///
/// # Errors
/// [`Error::HubTidakBisa`] where the host has none or cannot listen, and those of [`App::hub_mulai`].
pub fn nyalakan_hub(app: &Mutex<App>) -> Result<HubTampil, Error> {
    let (siap, mulai) = {
        let app = lock(app);
        if let Some(nyala) = &app.hub {
            return Ok(nyala.tampil.clone());
        }
        (app.hub_siap()?, app.mulai_hub.ok_or_else(|| Error::HubTidakBisa("not on this device".into()))?)
    };
    let at = |port| SocketAddr::from(([0, 0, 0, 0], port));
    // Another program may have the port of last time by now.
    let jalan = mulai(&siap, at(siap.port)).or_else(|_| mulai(&siap, at(0))).map_err(Error::HubTidakBisa)?;
    let mut app = lock(app);
    let mut tampil = app.hub_mulai(&jalan)?;
    let suar = app.siarkan(&jalan)?;
    tampil.suar = suar.is_some();
    app.hub = Some(HubNyala { jalan, tampil: tampil.clone(), _suar: suar });
    Ok(tampil)
}

/// Stops the hub of a window.
pub fn matikan_hub(app: &Mutex<App>) {
    let nyala = lock(app).hub.take();
    // Ends what it answers, without the application's lock.
    drop(nyala);
}

/// Keeps the hub of a window going for as long as the application lives: call once, after opening it.
pub fn jaga(app: &Arc<Mutex<App>>, jeda: Duration) {
    let app = Arc::downgrade(app);
    std::thread::spawn(move || {
        let mut penjaga = Penjaga::new(jeda);
        while let Some(app) = app.upgrade() {
            let arrivals = lock(&app).hub.as_ref().map(|nyala| (nyala.jalan.kedatangan)());
            if let Some(arrivals) = arrivals.filter(|arrivals| penjaga.is_due(*arrivals)) {
                // What went wrong is shown when a person asks for a sync; here the next time is soon.
                let _ = penjaga.work(&app, arrivals);
            }
            drop(app);
            std::thread::sleep(LOOK);
        }
    });
}
