//! The lease: a phone that has met nobody of its kelurahan for a long time warns, then closes until it does
//! (PROTOCOL §2.16). Nothing is deleted, and what waits still goes out.
//!
//! No clock is trusted: time here is the highest that this device has seen since the last contact, its own or a relay's,
//! and contact is measured on that line. A clock that was set back stops it; one that leaps by more than a year between
//! two looks is wrong and stops it too: a cadre at a door whose phone says 2036 must be able to write down what she
//! hears. Contact opens, and begins the line anew.

use wakuncar_roster::Roster;

use crate::{App, Error, clock};

/// Settings: the highest time seen, and the time of the last contact on that line; Unix seconds.
const HIGHEST: &str = "waktu_tertinggi";
const CONTACT: &str = "kontak";
const DAY_S: u64 = 24 * 60 * 60;
/// The line is written down when it has moved so far; less would be a write at every look.
const STEP_S: u64 = 60 * 60;
/// A clock that has moved so far since the last look is not believed.
const LEAP_S: u64 = 400 * DAY_S;

/// How long ago a device met its kelurahan, and how long it may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sewa {
    /// Whole days since the last contact.
    pub hari: u64,
    /// From this day on it warns, and asks for its PIN at every start.
    pub peringatan: u64,
    /// From this day on it is closed until contact.
    pub batas: u64,
}

impl Sewa {
    fn new(roster: &Roster, highest: u64, contact: u64) -> Self {
        let rules = roster.rules();
        let hari = highest.saturating_sub(contact) / DAY_S;
        Self { hari, peringatan: rules.warn_days.into(), batas: rules.lock_days.into() }
    }

    /// Whether it warns.
    pub fn is_warning(&self) -> bool {
        self.hari >= self.peringatan
    }

    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.hari >= self.batas
    }
}

impl App {
    /// The lease of this device; `None` for one that belongs to no kelurahan.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn sewa(&self) -> Result<Option<Sewa>, Error> {
        let Some(known) = self.diri.known.as_ref().filter(|_| self.peran().is_some()) else { return Ok(None) };
        let highest = self.highest_time()?;
        // A device of before there were leases begins with its first look.
        let contact = self.time(CONTACT)?.unwrap_or(highest);
        Ok(Some(Sewa::new(&known.roster, highest, contact)))
    }

    pub(crate) fn check_sewa(&self) -> Result<(), Error> {
        match self.sewa()? {
            Some(sewa) if sewa.is_closed() => Err(Error::SewaHabis(sewa.hari)),
            Some(_) | None => Ok(()),
        }
    }

    /// Keeps the line going at every start.
    pub(crate) fn note_time(&mut self) -> Result<(), Error> {
        let highest = self.highest_time()?;
        let (kept, contact) = (self.time(HIGHEST)?, self.time(CONTACT)?);
        if contact.is_some() && kept.is_some_and(|kept| highest < kept + STEP_S) {
            return Ok(());
        }
        let noted = self.store.write::<_, Error>(|tx| {
            if contact.is_none() {
                tx.set_setting(CONTACT, &highest.to_be_bytes())?;
            }
            Ok(tx.set_setting(HIGHEST, &highest.to_be_bytes())?)
        });
        match noted {
            // A full disk must not keep anybody from what is on it.
            Err(Error::Store(wakuncar_store::Error::DiskFull)) => Ok(()),
            other => other,
        }
    }

    /// Somebody of the kelurahan was met: a relay or hub whose key is known, or a member's file. `time` is theirs in
    /// Unix seconds, if they said one.
    pub(crate) fn note_contact(&mut self, time: Option<u64>) -> Result<(), Error> {
        let highest = own_time().max(time.unwrap_or(0));
        self.store.write(|tx| {
            tx.set_setting(HIGHEST, &highest.to_be_bytes())?;
            Ok(tx.set_setting(CONTACT, &highest.to_be_bytes())?)
        })
    }

    fn highest_time(&self) -> Result<u64, Error> {
        let own = own_time();
        Ok(match self.time(HIGHEST)? {
            Some(kept) if own > kept.saturating_add(LEAP_S) => kept,
            kept => own.max(kept.unwrap_or(0)),
        })
    }

    fn time(&self, name: &str) -> Result<Option<u64>, Error> {
        let bytes = self.store.setting(name)?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes))
    }
}

fn own_time() -> u64 {
    u64::try_from(clock::unix_ms() / 1000).unwrap_or(0)
}
