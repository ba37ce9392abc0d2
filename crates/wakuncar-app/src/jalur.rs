//! The ways out of this device: the relays of its kelurahan, on the internet and on the office's network, and what each of
//! them lacks. Each is known by the pin of its certificate, never by its address.

use std::collections::BTreeSet;

use wakuncar_store::{LogEntry, Write};
use wakuncar_wire::{Cursor, Entry, EntryId, Kind, Wire};

use crate::carry::{Carry, Pin};
use crate::{App, Error};

/// Entries that are looked at for one round; there are more rounds while there is more to bring.
const PER_ROUND: usize = 2000;

/// A relay of a kelurahan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relay {
    pub(crate) url: String,
    pub(crate) pin: Pin,
    /// On the office's network.
    pub(crate) lan: bool,
}

impl Relay {
    /// A relay of the internet; checks the address.
    pub(crate) fn new(url: &str, pin: Pin) -> Result<Self, Error> {
        let url = url.trim().trim_end_matches('/').to_owned();
        Carry::new(&url, Some(pin))?;
        Ok(Self { url, pin, lan: false })
    }

    /// A line to it.
    pub(crate) fn carry(&self) -> Result<Carry, Error> {
        if self.lan { Carry::near(&self.url, self.pin) } else { Carry::new(&self.url, Some(self.pin)) }
    }

    /// `host:port`, as codes carry it.
    pub(crate) fn host(&self) -> &str {
        self.url.trim_start_matches("https://")
    }

    pub(crate) fn keep(&self, tx: &Write<'_>) -> Result<(), Error> {
        Ok(tx.put_remote(&self.pin, &self.url, self.lan)?)
    }
}

impl App {
    /// The relays of this kelurahan that have an address, those of the office's network first.
    pub(crate) fn relays(&self) -> Result<Vec<Relay>, Error> {
        self.space()?;
        let known = self.store.remotes()?.into_iter().filter(|remote| !remote.url.is_empty());
        Ok(known.map(|remote| Relay { url: remote.url, pin: remote.pin, lan: remote.lan }).collect())
    }

    /// The key of a relay's receipts, once a seat has published it for this relay.
    pub(crate) fn receipt_pk(&self, pin: &Pin) -> Option<[u8; 32]> {
        let endpoints = self.diri.known.as_ref()?.roster.endpoints();
        let of_relay = endpoints.into_iter().find(|at| at.pins.iter().any(|other| other == pin));
        of_relay.and_then(|at| at.receipt_pk)
    }

    /// Entries that the relay is not known to have and that were not tried yet: own ones, and in later rounds those of
    /// others that count here. A relay whose logs are not known gets none.
    pub(crate) fn news_for(
        &self,
        pin: &Pin,
        first: bool,
        tried: &mut BTreeSet<EntryId>,
    ) -> Result<Vec<LogEntry>, Error> {
        let Some(known) = self.diri.known.as_ref().filter(|_| self.peran().is_some()) else { return Ok(Vec::new()) };
        if !self.is_surveyed(pin)? {
            return Ok(Vec::new());
        }
        let (me, root) = (self.diri.id, self.root_if_founder()?);
        for page in 0.. {
            let mut lacking = self.store.lacking(pin, PER_ROUND, page * PER_ROUND)?;
            if lacking.is_empty() {
                break;
            }
            lacking.retain(|held| {
                let Ok(entry) = Entry::decode(&held.bytes) else { return false };
                let (header, own) =
                    (entry.header(), entry.header().author == me || Some(entry.header().author) == root);
                let counts = header.kind == Kind::Control || known.roster.is_valid(header);
                // Who may write comes before what was written.
                let now = !first || header.kind == Kind::Control;
                (own || now && counts) && tried.insert(held.id)
            });
            if !lacking.is_empty() {
                return Ok(lacking);
            }
        }
        Ok(Vec::new())
    }

    /// Whether a relay lacks something that it could be brought.
    pub(crate) fn has_news_for(&self, pin: &Pin) -> Result<bool, Error> {
        Ok(!self.news_for(pin, false, &mut BTreeSet::new())?.is_empty())
    }

    pub(crate) fn is_surveyed(&self, pin: &Pin) -> Result<bool, Error> {
        Ok(self.store.remote(pin)?.is_some_and(|remote| remote.surveyed))
    }

    /// A seat says where a relay is and with which key it signs, once and when it changes.
    pub(crate) fn publish_relay(&mut self, pin: &Pin) -> Result<(), Error> {
        let Ok(auth) = self.kursi() else { return Ok(()) };
        let Some(remote) = self.store.remote(pin)?.filter(|remote| !remote.lan) else { return Ok(()) };
        let Ok(receipt_pk) = <[u8; 32]>::try_from(remote.receipt_pk.as_slice()) else { return Ok(()) };
        if self.receipt_pk(pin).is_some_and(|published| published == receipt_pk) {
            return Ok(());
        }
        let endpoint = wakuncar_wire::Control::Endpoint {
            urls: vec![remote.url],
            pins: vec![pin.to_vec().into()],
            lan_port: 0,
            receipt_pk: receipt_pk.to_vec().into(),
        };
        self.issue(auth, &[endpoint])?;
        Ok(())
    }

    /// The cursor of a relay; `None` asks for everything that is not held.
    pub(crate) fn cursor(&self, pin: &Pin) -> Result<Option<Cursor>, Error> {
        let Some(remote) = self.store.remote(pin)?.filter(|remote| !remote.cursor.is_empty()) else { return Ok(None) };
        Cursor::from_wire(&remote.cursor).map(Some).map_err(|_| Error::damaged("kursor"))
    }
}
