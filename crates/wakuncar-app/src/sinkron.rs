//! *Kirim & terima data*: one sync with every relay of the kelurahan that can be reached, those of the office's network
//! first. What to send and what to take is decided elsewhere; here the application's lock is held for each step and never
//! while the net is waited for.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use ed25519_dalek::Signer;
use reqwest::Method;
use wakuncar_seal::SecretIdentity;
use wakuncar_sync::SyncMachine;
use wakuncar_wire::{
    Bytes, Challenge, ChallengeRequest, CollHeads, DeviceId, Entry, EntryId, Invitation, Kind, SessionRequest, SpaceId,
    Subject, SyncAnswer, SyncRequest, Token, Wire, session_text,
};

use crate::carry::{Carry, Pin};
use crate::jalur::Relay;
use crate::log::Ragu;
use crate::{App, Error};

/// Settings: who began the kelurahan, when a relay last answered. Secrets: the tokens of sessions by the relay's pin, the
/// invitation while it is open.
pub(crate) const FOUNDER: &str = "pendiri";
pub(crate) const MET: &str = "bertemu";
pub(crate) const TOKENS: &str = "sesi/";
pub(crate) const INVITATION: &str = "undangan";

/// Rounds of one sync: what was learned in one may let more go out in the next.
const ROUNDS: usize = 6;

/// Control entries with which a relay takes in a kelurahan.
const FOUNDING: usize = 64;

/// What one sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HasilSinkron {
    /// Entries for which a relay's receipt came and none had come before.
    pub keluar: usize,
    /// Entries of others that were applied.
    pub masuk: usize,
    /// Own changes and entries that no relay has sworn to. Zero: everything is durable elsewhere.
    pub menunggu: usize,
    /// Own entries that the relay did not take.
    pub ditolak: usize,
    /// Entries of others that are kept and not applied: no key, no authority, or not of their form.
    pub diparkir: usize,
    /// Entries that were no entries, or came with a wrong signature.
    pub rusak: usize,
    /// Relays that were not reached, or were not what they should be; there is at least one other that was.
    pub gagal: usize,
    /// Bytes over the internet, both ways, about.
    pub bita: u64,
}

impl std::ops::AddAssign for HasilSinkron {
    fn add_assign(&mut self, more: Self) {
        self.keluar += more.keluar;
        self.masuk += more.masuk;
        self.ditolak += more.ditolak;
        self.rusak += more.rusak;
        self.gagal += more.gagal;
        // How much waits is a state, not a sum.
        (self.menunggu, self.diparkir) = (more.menunggu, more.diparkir);
    }
}

/// The application for one short step. A command that panicked must not lock out the next one; what it left in memory
/// is thrown away, what is on the disk is whole.
pub(crate) fn lock(app: &Mutex<App>) -> MutexGuard<'_, App> {
    app.lock().unwrap_or_else(|poisoned| {
        let mut held = poisoned.into_inner();
        held.documents.clear();
        app.clear_poison();
        held
    })
}

/// Brings what waits and fetches what is new, with every relay that can be reached; what one of them has and another one
/// lacks goes there, whoever wrote it.
///
/// # Errors
/// [`Error::TanpaKelurahan`], [`Error::SedangKirim`]; and if no relay was reached: [`Error::TidakTerjangkau`],
/// [`Error::RelayLain`], [`Error::RelaySampah`], [`Error::TidakDikenal`]. What was committed before stands; the rest
/// waits.
pub fn sinkron(app: &Mutex<App>) -> Result<HasilSinkron, Error> {
    let _alone = Alone::begin(app)?;
    crate::ruang::for_sync(lock(app).dir())?;
    lock(app).space()?;
    let relays = crate::hub::ways(app)?;
    with_all(app, &relays)
}

/// A sync with each of these; that one cannot be reached is no reason not to ask the next.
pub(crate) fn with_all(app: &Mutex<App>, relays: &[Relay]) -> Result<HasilSinkron, Error> {
    let mut hasil = HasilSinkron::default();
    let (mut reached, mut failed) = (Vec::new(), None);
    for relay in relays {
        match metered(app, relay, &mut hasil) {
            Ok(of_relay) => {
                hasil += of_relay;
                reached.push(relay);
            }
            Err(error) if error.is_unreachable() => {
                hasil.gagal += 1;
                failed = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    // What the later ones gave is news to the earlier ones.
    let Some((_, earlier)) = reached.split_last() else {
        lock(app).note_usage(hasil.bita)?;
        return Err(failed.unwrap_or(Error::TidakTerjangkau("no relay is known".into())));
    };
    for relay in earlier {
        if lock(app).has_news_for(&relay.pin)? {
            let more = metered(app, relay, &mut hasil)?;
            hasil += more;
        }
    }
    lock(app).note_usage(hasil.bita)?;
    Ok(hasil)
}

/// A sync with one relay; what it cost is added whether it came to its end or not.
fn metered(app: &Mutex<App>, relay: &Relay, hasil: &mut HasilSinkron) -> Result<HasilSinkron, Error> {
    let carry = relay.carry()?;
    let done = run(app, &carry);
    if !relay.lan {
        hasil.bita = hasil.bita.saturating_add(carry.used());
    }
    done
}

/// One sync at a time on one data folder.
pub(crate) struct Alone<'a>(&'a Mutex<App>);

impl<'a> Alone<'a> {
    pub(crate) fn begin(app: &'a Mutex<App>) -> Result<Self, Error> {
        let mut held = lock(app);
        if std::mem::replace(&mut held.menyinkron, true) {
            return Err(Error::SedangKirim);
        }
        Ok(Self(app))
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        lock(self.0).menyinkron = false;
    }
}

/// A sync over a line that is open.
pub(crate) fn run(app: &Mutex<App>, carry: &Carry) -> Result<HasilSinkron, Error> {
    let mut hasil = HasilSinkron::default();
    let mut tried = BTreeSet::new();
    let pin = carry.pin()?;
    // Death may have come between being confirmed and asking as oneself.
    lock(app).end_invitation()?;
    token(app, carry, false)?;
    let (mut round, mut proven) = (0, true);
    while round < ROUNDS {
        survey(app, carry)?;
        let Some((mut machine, full)) = lock(app).begin_round(&pin, round == 0, &mut tried)? else { break };
        while let Some(request) = machine.request() {
            let answer = ask(app, carry, &request)?;
            let page = machine.answer(&answer).map_err(|e| Error::RelaySampah(e.to_string()))?;
            lock(app).take_page(&pin, &page, &mut hasil)?;
            proven = !page.unproven;
            if page.unproven {
                // A new session tells by which key it signs now. A seat publishes that; others hear of it.
                lock(app).end_session(&pin)?;
            }
        }
        // A round that could not hold everything is not counted: the next one brings other entries.
        round += usize::from(!full);
    }
    if !proven {
        return Err(Error::RelaySampah("the relay's receipt does not verify".into()));
    }
    crate::titipan::settle_end(app, carry)?;
    crate::titipan_masuk::fetch_if_due(app, carry)?;
    let mut app = lock(app);
    let time = app.bertemu()?;
    app.note_contact(time)?;
    hasil.menunggu = app.waiting()?;
    hasil.diparkir = app.store.waiting_count()?;
    Ok(hasil)
}

/// Asks once, with a new session if the old one has ended.
fn ask(app: &Mutex<App>, carry: &Carry, request: &SyncRequest) -> Result<SyncAnswer, Error> {
    for again in [false, true] {
        let token = token(app, carry, again)?;
        if let Some(answer) = ask_with(carry, &token, request)? {
            return Ok(answer);
        }
    }
    Err(Error::TidakDikenal)
}

/// Asks how far the relay has each log that is held here, where that is not known. One of an earlier version does not
/// say: then others' entries are not brought to it.
fn survey(app: &Mutex<App>, carry: &Carry) -> Result<(), Error> {
    let pin = carry.pin()?;
    let asks = {
        let app = lock(app);
        app.peran().is_some() && !app.is_surveyed(&pin)?
    };
    if !asks {
        return Ok(());
    }
    let token = token(app, carry, false)?;
    let held = lock(app).store.heads()?;
    let reply = carry.call(Method::POST, "/v1/heads", Some(&token), held.to_wire())?;
    if reply.status == 200 {
        let heads = Vec::<CollHeads>::from_wire(&reply.body).map_err(garbage)?;
        lock(app).store.write::<_, Error>(|tx| Ok(tx.survey(&pin, &heads)?))?;
    }
    Ok(())
}

/// Asks with a token; `None` if its session has ended.
pub(crate) fn ask_with(carry: &Carry, token: &str, request: &SyncRequest) -> Result<Option<SyncAnswer>, Error> {
    let reply = carry.call(Method::POST, "/v1/sync", Some(token), request.to_wire())?;
    match reply.status {
        200 => SyncAnswer::from_wire(&reply.body).map(Some).map_err(garbage),
        401 => Ok(None),
        status => Err(sampah(status)),
    }
}

/// The token of the open session, or of a new one.
pub(crate) fn token(app: &Mutex<App>, carry: &Carry, renew: bool) -> Result<String, Error> {
    if !renew && let Some(token) = lock(app).token(&carry.pin()?)? {
        return Ok(token);
    }
    if let Some(token) = open_session(app, carry)? {
        return Ok(token);
    }
    // A relay that has never seen this kelurahan, or lost it.
    if lock(app).kursi().is_ok() {
        bring_founding(app, carry)?;
        if let Some(token) = open_session(app, carry)? {
            return Ok(token);
        }
    }
    Err(Error::TidakDikenal)
}

/// Whether a relay with that key answers there, before a kelurahan is bound to it. One that does not answer may do so
/// later; one that is another is refused.
pub(crate) fn greet_relay(relay: &Relay) -> Result<(), Error> {
    let carry = relay.carry()?;
    let body = ChallengeRequest { space: SpaceId::ZERO, subject: Subject::Device(DeviceId::ZERO) }.to_wire();
    match carry.call(Method::POST, "/v1/session/challenge", None, body) {
        Ok(reply) if reply.status == 200 => Challenge::from_wire(&reply.body).map(|_| ()).map_err(garbage),
        Ok(reply) => Err(sampah(reply.status)),
        Err(Error::TidakTerjangkau(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Brings the first control entries to the relay.
pub(crate) fn found(app: &Mutex<App>) -> Result<(), Error> {
    sinkron(app).map(|_| ())
}

fn bring_founding(app: &Mutex<App>, carry: &Carry) -> Result<(), Error> {
    let control = lock(app).store.control_entries()?;
    let entries: Vec<Bytes> = control.into_iter().take(FOUNDING).map(|entry| entry.bytes.into()).collect();
    let reply = carry.call(Method::POST, "/v1/space", None, entries.to_wire())?;
    if reply.status == 200 { Ok(()) } else { Err(sampah(reply.status)) }
}

/// A new session: with the invitation's secret while nobody knows this device, else as itself. `None` if the relay
/// knows neither.
fn open_session(app: &Mutex<App>, carry: &Carry) -> Result<Option<String>, Error> {
    let (space, callers) = lock(app).callers()?;
    for (subject, secret) in callers {
        if let Some(token) = session(carry, space, subject, &secret)? {
            return lock(app).keep_session(&carry.pin()?, &token).map(Some);
        }
    }
    Ok(None)
}

/// The token of somebody who has only an invitation's secret.
pub(crate) fn guest_token(carry: &Carry, space: SpaceId, secret: &SecretIdentity) -> Result<Option<String>, Error> {
    let token = session(carry, space, Subject::Invite(secret.public()?.device_id()), secret)?;
    Ok(token.map(|token| SpaceId::from_bytes(token.token).to_string()))
}

/// Challenge and answer; `None` if the relay does not know who asks.
fn session(carry: &Carry, space: SpaceId, subject: Subject, secret: &SecretIdentity) -> Result<Option<Token>, Error> {
    let body = ChallengeRequest { space, subject }.to_wire();
    let reply = carry.call(Method::POST, "/v1/session/challenge", None, body)?;
    if reply.status != 200 {
        return Err(sampah(reply.status));
    }
    let challenge = Challenge::from_wire(&reply.body).map_err(garbage)?.challenge;
    let pin = carry.seen().ok_or(Error::RelayLain)?;
    let sig = secret.signing_key().sign(&session_text(&challenge, &pin)).to_bytes();
    let body = SessionRequest { space, subject, challenge, sig }.to_wire();
    let reply = carry.call(Method::POST, "/v1/session", None, body)?;
    match reply.status {
        200 => Token::from_wire(&reply.body).map(Some).map_err(garbage),
        401 => Ok(None),
        status => Err(sampah(status)),
    }
}

fn sampah(status: u16) -> Error {
    Error::RelaySampah(format!("status {status}"))
}

fn garbage(error: wakuncar_wire::WireError) -> Error {
    Error::RelaySampah(error.to_string())
}

impl App {
    /// When a relay last answered, in Unix seconds by its clock.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn bertemu(&self) -> Result<Option<u64>, Error> {
        let bytes = self.store.setting(MET)?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes))
    }

    fn token(&self, pin: &Pin) -> Result<Option<String>, Error> {
        let token = self.store.secret(&session_name(pin))?;
        Ok(token.and_then(|token| SpaceId::from_slice(&token).ok()).map(|token| token.to_string()))
    }

    fn keep_session(&mut self, pin: &Pin, token: &Token) -> Result<String, Error> {
        self.store.write::<_, Error>(|tx| {
            tx.set_secret(&session_name(pin), &token.token)?;
            tx.set_setting(MET, &token.server_time.to_be_bytes())?;
            Ok(tx.set_receipt_pk(pin, &token.receipt_pk)?)
        })?;
        Ok(SpaceId::from_bytes(token.token).to_string())
    }

    fn end_session(&mut self, pin: &Pin) -> Result<(), Error> {
        self.store.write(|tx| Ok(tx.delete_secret(&session_name(pin))?))
    }

    /// In whose name a session can be asked for.
    fn callers(&self) -> Result<(SpaceId, Vec<(Subject, SecretIdentity)>), Error> {
        let space = self.space()?;
        let mut callers = vec![(Subject::Device(self.diri.id), self.diri.secret.clone())];
        if let Some(invitation) = self.invitation()? {
            let secret = SecretIdentity::from_invite(&invitation.secret, space);
            callers.insert(0, (Subject::Invite(secret.public()?.device_id()), secret));
        }
        Ok((space, callers))
    }

    /// The invitation with which this device asked to join, until it is confirmed.
    pub(crate) fn invitation(&self) -> Result<Option<Invitation>, Error> {
        let Some(bytes) = self.store.secret(INVITATION)? else { return Ok(None) };
        Invitation::from_wire(&bytes).map(Some).map_err(|_| Error::damaged(INVITATION))
    }

    /// What goes out in a round, and whether there was more than a round holds; `None` when nothing new would be asked or
    /// brought. Own entries go with the first question; those of others after the answer, when it is known what the
    /// relay has.
    fn begin_round(
        &mut self,
        pin: &Pin,
        first: bool,
        tried: &mut BTreeSet<EntryId>,
    ) -> Result<Option<(SyncMachine, bool)>, Error> {
        // A sync that was cut has not asked to the end: the first round of the next one asks again.
        if std::mem::take(&mut self.bertanya) && !first {
            // The round before has fetched whatever there was of the own logs.
            self.settle_doubt()?;
        }
        self.bertanya = self.ragu != Ragu::Tidak;
        if self.peran().is_some() && !self.bertanya {
            self.tend(!first)?;
            self.publish_relay(pin)?;
            self.susun()?;
            self.write_beat()?;
        }
        self.store.write::<_, Error>(|tx| Ok(tx.note_day(&crate::clock::today().to_string())?))?;
        let mut outbox = self.store.unsworn_entries(self.diri.id, self.root_if_founder()?)?;
        // What goes along with the question may get a receipt only when the relay's key is published after it.
        outbox.retain(|entry| self.bertanya || tried.insert(entry.id));
        let news = self.news_for(pin, first, tried)?;
        let full = !news.is_empty();
        outbox.extend(news);
        outbox.sort_by_key(|entry| !is_control(&entry.bytes));
        // Without a cursor the relay says what it has of the own logs.
        let cursor = if self.bertanya { None } else { self.cursor(pin)? };
        // Without a cursor something is still to be asked for: a hole, or what a device that was just confirmed may see.
        if !first && outbox.is_empty() && cursor.is_some() {
            return Ok(None);
        }
        let outbox = outbox.into_iter().map(|entry| (entry.id, entry.bytes)).collect();
        let (space, heads) = (self.space()?, self.store.heads()?);
        Ok(Some((SyncMachine::new(space, self.receipt_pk(pin), cursor, heads, outbox, 0), full)))
    }

    /// Own changes without an entry, and own entries without a receipt.
    pub(crate) fn waiting(&self) -> Result<usize, Error> {
        let entries = self.store.unsworn_entries(self.diri.id, self.root_if_founder()?)?;
        Ok(self.store.outbox_count()? + entries.len())
    }

    /// The device that began the kelurahan also brings what root wrote there.
    pub(crate) fn root_if_founder(&self) -> Result<Option<DeviceId>, Error> {
        let Some(founder) = self.store.setting(FOUNDER)? else { return Ok(None) };
        // Who took the office back brings what root wrote then.
        let root = DeviceId::from_slice(&founder).ok();
        Ok(root.or_else(|| self.diri.known.as_ref().map(|known| known.roster.genesis().root.device_id())))
    }
}

fn is_control(bytes: &[u8]) -> bool {
    Entry::decode(bytes).is_ok_and(|entry| entry.header().kind == Kind::Control)
}

fn session_name(pin: &Pin) -> String {
    format!("{TOKENS}{}", SpaceId::from_bytes(*pin))
}
