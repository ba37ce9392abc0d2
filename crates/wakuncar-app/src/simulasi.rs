//! The seam of the deterministic simulation (feature `simulasi`): on this thread the clock, the dice and the line to a
//! relay are the simulation's, and it may look where no screen does. In no program that people get;
//! `tests/tests/architecture.rs` holds that.

use std::cell::{Cell, RefCell};

use chrono::{DateTime, Utc};
use wakuncar_roster::{Identities, Roster};
use wakuncar_store::Store;
use wakuncar_wire::{Batch, Cursor, DeviceId, Entry, SpaceId};

use crate::{App, Error, HasilSinkron};

pub use wakuncar_store::simulasi::{ChangeRow, EntryRow, Fault, PowerCut, arm};
pub use wakuncar_sync::Page;

/// A request on its way to a relay.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// `https://host:port`.
    pub url: &'a str,
    /// `POST` or `PUT`.
    pub method: &'a str,
    /// `/v1/…`.
    pub path: &'a str,
    /// What stands in `authorization`.
    pub token: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
}

/// What came back: the pin of the certificate that was shown, the status, the body. `None`: the line was cut, before
/// the request or after it.
pub type Answer = Option<([u8; 16], u16, Vec<u8>)>;

type Line = Box<dyn FnMut(Call<'_>) -> Answer>;

thread_local! {
    static CLOCK: Cell<Option<DateTime<Utc>>> = const { Cell::new(None) };
    static BOOT: Cell<Option<u32>> = const { Cell::new(None) };
    static DICE: RefCell<Option<blake3::OutputReader>> = const { RefCell::new(None) };
    static LINE: RefCell<Option<Line>> = const { RefCell::new(None) };
}

/// The time on this thread's device; `None` gives the clock back to the system.
pub fn set_clock(now: Option<DateTime<Utc>>) {
    CLOCK.set(now);
}

/// How often the machine of this thread's device was started; `None` asks the system.
pub fn set_boot(boot: Option<u32>) {
    BOOT.set(boot);
}

/// What the dice of this thread show from now on; `None` gives them back to the system.
pub fn set_dice(seed: Option<[u8; 32]>) {
    DICE.replace(seed.map(|seed| blake3::Hasher::new_keyed(&seed).finalize_xof()));
}

/// Who answers on this thread; `None` opens sockets again.
pub fn set_line(line: Option<Line>) {
    LINE.replace(line);
}

pub(crate) fn now() -> Option<DateTime<Utc>> {
    CLOCK.get()
}

pub(crate) fn boot() -> Option<[u8; 32]> {
    BOOT.get().map(|boot| *blake3::hash(&boot.to_be_bytes()).as_bytes())
}

pub(crate) fn roll(bytes: &mut [u8]) -> bool {
    DICE.with_borrow_mut(|dice| dice.as_mut().map(|dice| dice.fill(bytes)).is_some())
}

pub(crate) fn call(url: &str, method: &str, path: &str, token: Option<&str>, body: &[u8]) -> Option<Answer> {
    LINE.with_borrow_mut(|line| line.as_mut().map(|line| line(Call { url, method, path, token, body })))
}

/// What a simulation looks at.
impl App {
    /// The file.
    pub fn simulasi_store(&self) -> &Store {
        &self.store
    }

    /// This device.
    pub fn simulasi_id(&self) -> DeviceId {
        self.diri.id
    }

    /// Its kelurahan.
    pub fn simulasi_space(&self) -> Option<SpaceId> {
        self.diri.space
    }

    /// What it knows of it.
    pub fn simulasi_known(&self) -> Option<(&Roster, &Identities)> {
        self.diri.known.as_ref().map(|known| (&known.roster, &known.identities))
    }

    /// The changes in an entry, if it counts, its key is here and it opens.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn simulasi_batch(&mut self, entry: &Entry) -> Result<Option<Batch>, Error> {
        Ok(self.open_batch(entry)?.map(|(_, batch)| batch))
    }

    /// How far it has read a relay.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn simulasi_cursor(&self, pin: &[u8; 16]) -> Result<Option<Cursor>, Error> {
        self.cursor(pin)
    }

    /// Takes a page as if a relay had given it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn simulasi_take(&mut self, pin: &[u8; 16], page: &Page) -> Result<HasilSinkron, Error> {
        let mut hasil = HasilSinkron::default();
        self.take_page(pin, page, &mut hasil)?;
        Ok(hasil)
    }
}
