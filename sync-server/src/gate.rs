//! Who may come in how often: counts in memory, by address and by device. What is counted over days and must outlive
//! the program stands in the file (`usage.rs`).
//!
//! Time is an argument: milliseconds since the relay began, so that no clock is turned back.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wakuncar_wire::{DeviceId, SpaceId};

use crate::Limits;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Addresses and invites that are remembered. More are not told apart: the table is begun anew.
const MAX_KNOWN: usize = 50_000;
/// Kelurahan that an address may begin in a day: an office makes one, and one more for practice.
const FOUNDINGS: u32 = 20;
/// Requests of one device that are worked on at once: it has one, and some whose line has broken.
const AT_ONCE: u32 = 4;
/// A device that was away for long, or that fills a relay again, may use the requests of so much time at once.
const RESERVE: u64 = 10 * MINUTE;

/// Too often: seconds until it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Later(pub(crate) u32);

/// Who calls: an IPv4 address, or the network of an IPv6 one, of which a household has 2^64. In memory only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Address([u8; 8]);

impl Address {
    pub(crate) fn of(ip: IpAddr) -> Self {
        let mut own = [0; 8];
        match ip.to_canonical() {
            IpAddr::V4(ip) => own[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => own.copy_from_slice(&ip.octets()[..8]),
        }
        Self(own)
    }
}

/// So many in such a time, and as many again as time goes by.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    /// When it will be empty again.
    until: u64,
}

impl Bucket {
    /// Takes one of `many` in `time`, of which as many as come in `reserve` may come at once.
    fn take(&mut self, many: u32, time: u64, reserve: u64, now: u64) -> Result<(), Later> {
        let each = time / u64::from(many.max(1));
        let until = self.until.max(now) + each;
        if until > now + reserve {
            return Err(Later(seconds(until - now - reserve)));
        }
        self.until = until;
        Ok(())
    }
}

/// So many from the first one on, for so long.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    since: u64,
    count: u32,
}

impl Window {
    fn left(&self, many: u32, now: u64) -> Result<(), Later> {
        let over = self.count >= many && now < self.since + DAY;
        if over { Err(Later(seconds(self.since + DAY - now))) } else { Ok(()) }
    }

    fn add(&mut self, now: u64) {
        if self.count == 0 || now >= self.since + DAY {
            *self = Self { since: now, count: 0 };
        }
        self.count += 1;
    }
}

fn seconds(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

#[derive(Debug, Default)]
struct Stranger {
    calls: Bucket,
    mistakes: Bucket,
    foundings: Window,
}

/// What is remembered of a device while the relay runs.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    counts: Mutex<Counts>,
    pub(crate) reader: Mutex<crate::reader::Reader>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: Bucket,
    sessions: Bucket,
    at_once: u32,
}

impl Caller {
    /// Counts a request; it is under way until what is returned is dropped.
    pub(crate) fn enter(self: &Arc<Self>, limits: &Limits, now: u64) -> Result<UnderWay, Later> {
        let mut counts = locked(&self.counts);
        if counts.at_once >= AT_ONCE {
            return Err(Later(1));
        }
        counts.requests.take(limits.requests, MINUTE, RESERVE, now)?;
        counts.at_once += 1;
        Ok(UnderWay(self.clone()))
    }

    /// Counts a new session.
    pub(crate) fn session(&self, limits: &Limits, now: u64) -> Result<(), Later> {
        locked(&self.counts).sessions.take(limits.sessions, HOUR, HOUR, now)
    }
}

/// A request that is worked on.
pub(crate) struct UnderWay(Arc<Caller>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        locked(&self.0.counts).at_once -= 1;
    }
}

/// Everybody who has come since the relay began.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    strangers: Mutex<HashMap<Address, Stranger>>,
    invites: Mutex<HashMap<(Address, DeviceId), Window>>,
    callers: Mutex<HashMap<(SpaceId, DeviceId), Arc<Caller>>>,
}

impl Gate {
    /// Counts a call without a session.
    pub(crate) fn call(&self, from: Address, limits: &Limits, now: u64) -> Result<(), Later> {
        self.stranger(from, |stranger| stranger.calls.take(limits.calls, MINUTE, MINUTE, now))
    }

    /// Counts a call without a session that was wrong.
    pub(crate) fn mistake(&self, from: Address, limits: &Limits, now: u64) -> Result<(), Later> {
        self.stranger(from, |stranger| stranger.mistakes.take(limits.mistakes, MINUTE, MINUTE, now))
    }

    /// Whether this address may begin another kelurahan today; counts it.
    pub(crate) fn founding(&self, from: Address, now: u64) -> Result<(), Later> {
        self.stranger(from, |stranger| {
            stranger.foundings.left(FOUNDINGS, now)?;
            stranger.foundings.add(now);
            Ok(())
        })
    }

    fn stranger<T>(&self, from: Address, ask: impl FnOnce(&mut Stranger) -> T) -> T {
        let mut strangers = locked(&self.strangers);
        if strangers.len() >= MAX_KNOWN && !strangers.contains_key(&from) {
            strangers.clear();
        }
        ask(strangers.entry(from).or_default())
    }

    /// Whether this address may still try an invite.
    pub(crate) fn may_guess(&self, from: Address, invite: DeviceId, limits: &Limits, now: u64) -> Result<(), Later> {
        let invites = locked(&self.invites);
        invites.get(&(from, invite)).map_or(Ok(()), |window| window.left(limits.guesses, now))
    }

    /// A wrong answer for an invite.
    pub(crate) fn guessed(&self, from: Address, invite: DeviceId, now: u64) {
        let mut invites = locked(&self.invites);
        if invites.len() >= MAX_KNOWN {
            invites.clear();
        }
        invites.entry((from, invite)).or_default().add(now);
    }

    /// What is remembered of a device. Only of those that have shown who they are.
    pub(crate) fn caller(&self, space: SpaceId, device: DeviceId) -> Arc<Caller> {
        locked(&self.callers).entry((space, device)).or_default().clone()
    }
}

/// A panic elsewhere left counts, which are good enough.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Address {
        Address::of(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_device_that_asks_too_often_waits_and_then_goes_on() {
        let limits = Limits { requests: 60, ..Limits::default() };
        let gate = Gate::default();
        let ani = gate.caller(SpaceId::ZERO, DeviceId::ZERO);
        let asked = (0..1000).filter(|_| ani.enter(&limits, 5).is_ok()).count();
        assert_eq!(asked, 600, "what ten minutes give");
        assert!(matches!(ani.enter(&limits, 5), Err(Later(1))));
        assert_eq!((0..10).filter(|_| ani.enter(&limits, 3005).is_ok()).count(), 3);
        let other = gate.caller(SpaceId::ZERO, DeviceId::from_bytes([1; 16]));
        assert!(other.enter(&limits, 5).is_ok());
    }

    #[test]
    fn a_device_has_few_requests_at_once() {
        let (limits, gate) = (Limits::default(), Gate::default());
        let ani = gate.caller(SpaceId::ZERO, DeviceId::ZERO);
        let mut under_way: Vec<_> = (0..AT_ONCE).map(|_| ani.enter(&limits, 0).unwrap()).collect();
        assert!(ani.enter(&limits, 0).is_err());
        under_way.pop();
        assert!(ani.enter(&limits, 0).is_ok());
    }

    #[test]
    fn mistakes_are_counted_by_address_and_right_answers_are_not() {
        let (limits, gate) = (Limits::default(), Gate::default());
        for _ in 0..10 {
            gate.mistake(address(1), &limits, 0).unwrap();
        }
        assert_eq!(gate.mistake(address(1), &limits, 0), Err(Later(6)));
        assert_eq!(gate.mistake(address(2), &limits, 0), Ok(()));
        assert_eq!(gate.call(address(1), &limits, 0), Ok(()));
        assert_eq!(gate.mistake(address(1), &limits, 6000), Ok(()));
    }

    #[test]
    fn an_invite_that_was_guessed_at_five_times_is_closed_to_that_address_for_a_day() {
        let (limits, gate) = (Limits::default(), Gate::default());
        let invite = DeviceId::from_bytes([1; 16]);
        for _ in 0..5 {
            gate.may_guess(address(1), invite, &limits, 7).unwrap();
            gate.guessed(address(1), invite, 7);
        }
        assert_eq!(gate.may_guess(address(1), invite, &limits, 7), Err(Later(86_400)));
        assert_eq!(gate.may_guess(address(2), invite, &limits, 7), Ok(()));
        assert_eq!(gate.may_guess(address(1), DeviceId::ZERO, &limits, 7), Ok(()));
        assert_eq!(gate.may_guess(address(1), invite, &limits, 7 + DAY), Ok(()));
    }

    #[test]
    fn a_network_of_the_new_kind_is_one_address() {
        let of = |text: &str| Address::of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
