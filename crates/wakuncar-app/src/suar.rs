//! The hub's beacon on the office's network (PROTOCOL §2.11): mDNS `_wakuncar._tcp` with a random name for each start, a
//! random number, and what only members can compute from it. A bystander learns that Wakuncar is here, not which
//! kelurahan. A beacon is no proof, since anybody may repeat it: what answers is known by its certificate.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use mdns_sd::{ResolvedService, ServiceDaemon, ServiceEvent, ServiceInfo};
use wakuncar_seal::ContentKey;

use crate::{Error, acak};

const LAYANAN: &str = "_wakuncar._tcp.local.";
/// How long one listens. Answers on a network of one office come in some hundredths of a second; the rest is for Wi-Fi
/// that sleeps.
const DENGAR: Duration = Duration::from_millis(1500);

/// A beacon that is shown until this is dropped.
pub struct Suar(ServiceDaemon);

impl Suar {
    /// Shows a hub on that port. `None` where the network takes no such messages: the QR and the typed address are left.
    pub(crate) fn show(port: u16, key: &ContentKey) -> Result<Option<Self>, Error> {
        let (nonce, name) = (acak::bytes::<8>()?, hex(&acak::bytes::<8>()?));
        let beacon = [("v", "1".to_owned()), ("n", hex(&nonce)), ("b", hex(&key.beacon(&nonce)))];
        let host = format!("{name}.local.");
        let info = ServiceInfo::new(LAYANAN, &name, &host, "", port, &beacon[..]).map(ServiceInfo::enable_addr_auto);
        let shown = info.and_then(|info| {
            let daemon = ServiceDaemon::new()?;
            daemon.register(info)?;
            Ok(Self(daemon))
        });
        Ok(shown.ok())
    }
}

impl Drop for Suar {
    fn drop(&mut self) {
        // The others forget it by themselves.
        let _ = self.0.shutdown();
    }
}

/// Where hubs of the kelurahan with one of these keys say that they are; as soon as there is one.
pub(crate) fn listen(keys: &[ContentKey]) -> Vec<SocketAddr> {
    let Ok(daemon) = ServiceDaemon::new() else { return Vec::new() };
    let found = listen_on(&daemon, keys);
    let _ = daemon.shutdown();
    found
}

fn listen_on(daemon: &ServiceDaemon, keys: &[ContentKey]) -> Vec<SocketAddr> {
    let Ok(events) = daemon.browse(LAYANAN) else { return Vec::new() };
    let until = Instant::now() + DENGAR;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match events.recv_timeout(left) {
            Ok(ServiceEvent::ServiceResolved(service)) if is_ours(&service, keys) => {
                let mut found: Vec<SocketAddr> = addresses(&service).collect();
                // Of several networks the one that all phones see first.
                found.sort_by_key(|at| at.ip().is_loopback());
                if !found.is_empty() {
                    return found;
                }
            }
            Ok(_) if !left.is_zero() => {}
            Ok(_) | Err(_) => return Vec::new(),
        }
    }
}

fn addresses(service: &ResolvedService) -> impl Iterator<Item = SocketAddr> + '_ {
    let port = service.get_port();
    service.get_addresses_v4().into_iter().map(move |ip| SocketAddr::new(IpAddr::V4(ip), port))
}

fn is_ours(service: &ResolvedService, keys: &[ContentKey]) -> bool {
    let text = |key| service.get_property_val_str(key).unwrap_or_default();
    let nonce = wakuncar_wire::SpaceId::parse(&format!("{}{}", text("n"), "00".repeat(8)));
    let Ok(nonce) = nonce else { return false };
    let Some(nonce) = nonce.as_bytes().first_chunk::<8>() else { return false };
    text("v") == "1" && keys.iter().any(|key| hex(&key.beacon(nonce)) == text("b"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_finds_the_hub_and_a_stranger_does_not() {
        let key = ContentKey::from_bytes(&[1; 32]);
        let Some(_suar) = Suar::show(4433, &key).unwrap() else { return };
        let found = listen(&[ContentKey::from_bytes(&[3; 32]), key]);
        // A machine whose only network is itself may carry none of it.
        if let Some(at) = found.first() {
            assert_eq!(at.port(), 4433);
            assert!(listen(&[ContentKey::from_bytes(&[2; 32])]).is_empty());
        }
    }
}
