//! How a device comes in: a seat invites, a device asks, both people compare three pictures, the seat confirms
//! (PROTOCOL §2.5).

use std::collections::BTreeSet;
use std::sync::Mutex;

use ed25519_dalek::Signer;
use reqwest::Method;
use wakuncar_domain::Bagian;
use wakuncar_roster::{Identities, Roster, floor};
use wakuncar_seal::{Picture, SecretIdentity, open_invitation, pictures, seal_invitation};
use wakuncar_sync::SyncMachine;
use wakuncar_wire::{
    Control, DeviceId, Entry, EntryId, GrantId, Invitation, Kind, Reason, Role, Scope, SpaceId, TypedCode, Wire,
};

use crate::cabut::Cabut;
use crate::carry::Carry;
use crate::jalur::Relay;
use crate::kelurahan::{AlamatDasawisma, baris_perangkat, perangkat_edits, teks};
use crate::log::{Oleh, Pena, in_their_rt, keep_entries};
use crate::sinkron::{Alone, INVITATION, TOKENS, lock, run, token};
use crate::{App, Error, acak, clock};

/// Seconds for which a live invitation holds.
const LIVE_S: u64 = 600;
/// Version of this app in joins.
const APP_VERSION: u32 = 1;

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct Undang {
    /// Her name; it goes into the team's document only.
    pub nama: String,
    /// What she will be.
    pub peran: Role,
    /// Her dasawisma; one that does not exist yet is made. A lurah has all that there are.
    pub dasawisma: Vec<AlamatDasawisma>,
    /// The phone whose place it takes: that one is shut out in the moment in which this one is confirmed.
    pub gantikan: Option<DeviceId>,
}

/// An invitation that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undangan {
    /// Its id.
    pub id: String,
    /// The text of the QR.
    pub kode: String,
    /// What is typed where there is no camera: the relay, a space, 20 letters.
    pub kode_ketik: String,
    /// Until when, in Unix seconds by the relay's clock.
    pub sampai: u64,
}

/// How far a device has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeadaanGabung {
    /// It has asked; nobody at the office has seen it yet.
    Menunggu,
    /// The pictures are to be compared.
    Bandingkan,
    /// It is confirmed.
    Sah,
    /// It was turned away.
    Ditolak,
}

/// A device on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gabung {
    /// The device.
    pub perangkat: String,
    /// Name of the kelurahan, as its first entry says it.
    pub kelurahan: String,
    /// The three pictures, once the office has drawn its number.
    pub gambar: Option<[Picture; 3]>,
    /// How far.
    pub keadaan: KeadaanGabung,
}

/// Makes an invitation for one device: ten minutes, one use. Fetches what is new first.
///
/// # Errors
/// [`Error::BukanKoordinator`], [`Error::PeranSalah`]; of a phone that is replaced [`Error::PerangkatAsing`],
/// [`Error::TidakDiAtas`], [`Error::KursiSalah`]; and those of [`sinkron`](crate::sinkron()); without the relay nobody
/// could join.
pub fn undang(app: &Mutex<App>, undang: &Undang) -> Result<Undangan, Error> {
    if matches!(undang.peran, Role::Koordinator | Role::Hub) {
        return Err(Error::PeranSalah);
    }
    lock(app).check_replaced(undang)?;
    let _alone = Alone::begin(app)?;
    let (relay, carry) = first_reached(app)?;
    let secret = acak::bytes()?;
    let (grant, sampai) = lock(app).write_invite(undang, &secret)?;
    run(app, &carry)?;
    let invitation = lock(app).invitation_code(&relay, secret, sampai)?;
    let code = TypedCode::from_secret(acak::bytes()?);
    let sealed = seal_invitation(&code, &invitation, &acak::bytes()?)?;
    let path = format!("/v1/invite/{}", SpaceId::from_bytes(code.lookup()));
    let reply = carry.call(Method::PUT, &path, Some(&token(app, &carry, false)?), sealed)?;
    if reply.status != 200 {
        return Err(Error::RelaySampah(format!("status {}", reply.status)));
    }
    let kode_ketik = format!("{} {}", invitation.relay, code.text());
    Ok(Undangan { id: grant.to_string(), kode: invitation.to_qr(), kode_ketik, sampai })
}

/// The first relay that can be reached, synced with: what the new device will come to.
fn first_reached(app: &Mutex<App>) -> Result<(Relay, Carry), Error> {
    let mut failed = Error::TanpaKelurahan;
    let relays = lock(app).relays()?;
    for relay in relays.into_iter().rev() {
        let carry = relay.carry()?;
        match run(app, &carry) {
            Ok(_) => return Ok((relay, carry)),
            Err(error) if error.is_unreachable() => failed = error,
            Err(error) => return Err(error),
        }
    }
    Err(failed)
}

/// Asks to join with the text of a QR or with a typed code, `host:port XXXX-XXXX-XXXX-XXXX-XXXX`.
///
/// # Errors
/// [`Error::Kode`], [`Error::SudahTerdaftar`], [`Error::KelurahanLain`], [`Error::UndanganTidakBerlaku`],
/// [`Error::DaftarLama`], and those of [`sinkron`](crate::sinkron()). Nothing is changed then.
pub fn gabung(app: &Mutex<App>, kode: &str) -> Result<Gabung, Error> {
    let invitation = read_code(kode)?;
    if lock(app).may_join(&invitation)? {
        let relay = Relay::new(&format!("https://{}", invitation.relay), invitation.pin)?;
        let alone = Alone::begin(app)?;
        let control = fetch_control(&relay, &invitation)?;
        lock(app).ask_to_join(&invitation, &relay, &control)?;
        drop(alone);
    }
    lanjut_gabung(app)
}

/// Asks the relay once how far this device has come in.
///
/// # Errors
/// Those of [`sinkron`](crate::sinkron()).
pub fn lanjut_gabung(app: &Mutex<App>) -> Result<Gabung, Error> {
    let done = crate::sinkron(app);
    let gabung = lock(app).gabung_state()?;
    match (done, gabung.keadaan) {
        // The relay knows an invitation no more that was used, taken back or has expired.
        (Err(Error::TidakDikenal), KeadaanGabung::Menunggu) => Err(Error::UndanganTidakBerlaku),
        (Err(error), _) => Err(error),
        (Ok(_), _) => Ok(gabung),
    }
}

/// Confirms a device whose pictures were compared: it gets its access and the keys to it.
///
/// # Errors
/// [`Error::BukanKoordinator`], [`Error::PerangkatTidakAda`]; and those of [`sinkron`](crate::sinkron()), after which
/// the word is kept and goes out with the next sync.
pub fn sahkan(app: &Mutex<App>, perangkat: DeviceId) -> Result<(), Error> {
    segarkan_perangkat(app)?;
    lock(app).admit(perangkat)?;
    crate::sinkron(app).map(|_| ())
}

/// Turns a device away.
///
/// # Errors
/// As [`sahkan`].
pub fn tolak(app: &Mutex<App>, perangkat: DeviceId) -> Result<(), Error> {
    segarkan_perangkat(app)?;
    lock(app).turn_away(perangkat)?;
    crate::sinkron(app).map(|_| ())
}

/// Fetches who has asked to join, and draws a number for each, from which both sides see their pictures.
///
/// # Errors
/// Those of [`sinkron`](crate::sinkron()).
pub fn segarkan_perangkat(app: &Mutex<App>) -> Result<(), Error> {
    crate::sinkron(app)?;
    if lock(app).greet()? {
        crate::sinkron(app)?;
    }
    Ok(())
}

/// The invitation behind a code. A typed one is fetched from its relay, which learns where it lies and not what opens
/// it.
fn read_code(kode: &str) -> Result<Invitation, Error> {
    let kode = kode.trim();
    let salah = |e: wakuncar_wire::WireError| Error::Kode(e.to_string());
    if kode.to_ascii_uppercase().starts_with("WKN1:") {
        return Invitation::from_qr(kode).map_err(salah);
    }
    let (host, letters) = kode
        .split_once(char::is_whitespace)
        .ok_or_else(|| Error::Kode("the relay and 20 letters are wanted".into()))?;
    let code = TypedCode::parse(letters).map_err(salah)?;
    let host = host.trim_start_matches("https://");
    let carry = Carry::new(&format!("https://{host}"), None)?;
    let path = format!("/v1/invite/{}", SpaceId::from_bytes(code.lookup()));
    let reply = carry.call(Method::POST, &path, None, Vec::new())?;
    match reply.status {
        200 => {}
        404 => return Err(Error::UndanganTidakBerlaku),
        status => return Err(Error::RelaySampah(format!("status {status}"))),
    }
    let invitation = open_invitation(&code, &reply.body).map_err(|_| Error::RelaySampah("not this code's".into()))?;
    if carry.seen() == Some(invitation.pin) { Ok(invitation) } else { Err(Error::RelayLain) }
}

/// All control entries, seen with the invitation's secret; they begin with what the inviter knew.
fn fetch_control(relay: &Relay, invitation: &Invitation) -> Result<Vec<Entry>, Error> {
    let carry = relay.carry()?;
    let secret = SecretIdentity::from_invite(&invitation.secret, invitation.space);
    let guest = crate::sinkron::guest_token(&carry, invitation.space, &secret)?;
    let guest = guest.ok_or(Error::UndanganTidakBerlaku)?;
    let mut machine = SyncMachine::new(invitation.space, None, None, Vec::new(), Vec::new(), 0);
    let mut control = Vec::new();
    let mut identities = Identities::default();
    while let Some(request) = machine.request() {
        let answer = crate::sinkron::ask_with(&carry, &guest, &request)?.ok_or(Error::UndanganTidakBerlaku)?;
        let page = machine.answer(&answer).map_err(|e| Error::RelaySampah(e.to_string()))?;
        for entry in page.entries.into_iter().filter(|entry| entry.header().kind == Kind::Control) {
            if identities.verify(&entry).is_err() {
                return Err(Error::RelaySampah("a signature does not verify".into()));
            }
            identities.learn(&entry);
            control.push(entry);
        }
    }
    let (count, digest) = &invitation.floor;
    let count = usize::try_from(*count).unwrap_or(usize::MAX);
    let known: Option<Vec<EntryId>> = control.get(..count).map(|first| first.iter().map(Entry::id).collect());
    if known.is_none_or(|known| floor(known).as_slice() != digest.as_slice()) {
        return Err(Error::DaftarLama);
    }
    Ok(control)
}

impl App {
    /// Writes the invite and who is meant.
    pub(crate) fn write_invite(&mut self, undang: &Undang, secret: &[u8; 16]) -> Result<(GrantId, u64), Error> {
        let auth = self.kursi()?;
        let mut dasawisma = Vec::new();
        for alamat in &undang.dasawisma {
            dasawisma.push(self.dasawisma(alamat)?);
        }
        let tim = self.tim()?;
        if let Some(lama) = undang.gantikan.filter(|_| dasawisma.is_empty()) {
            dasawisma = self.rows_named(&tim, lama)?;
        }
        match undang.peran {
            // The lurah reads every dasawisma (DESIGN §5a).
            Role::Lurah => dasawisma = tim.dasawisma.keys().cloned().collect(),
            Role::PkkRt | Role::KetuaRt => dasawisma = in_their_rt(&tim, &dasawisma),
            Role::Kader | Role::Pendamping | Role::Koordinator | Role::Hub | Role::Petugas | Role::Arsip => {}
        }
        let keys = SecretIdentity::from_invite(secret, self.space()?).public()?;
        let access = self.access(&tim, undang.peran, &dasawisma)?;
        // The relay's clock: a wrong one here must not make a code that is expired at once.
        let now = self.bertemu()?.unwrap_or_else(|| u64::try_from(clock::unix_ms() / 1000).unwrap_or(0));
        let expiry = u32::try_from(now + LIVE_S).unwrap_or(u32::MAX);
        let invite = Control::Invite { keys, role: undang.peran, access, expiry, mode: 0 };
        let grant = self.issue(auth, &[invite])?.first().ok_or(Error::BukanKoordinator)?.grant();
        // Until there is a device, its row has the invite's id.
        let baris = baris_perangkat(grant)?;
        let mut edits = perangkat_edits(&baris, &undang.nama, &dasawisma)?;
        if let Some(lama) = undang.gantikan {
            edits.push(teks(Bagian::Perangkat, &baris, "menggantikan", &lama.to_string())?);
        }
        self.edit_tim(&edits)?;
        Ok((grant, u64::from(expiry)))
    }

    /// Whether the phone that is to be replaced can be: a seat goes by another way.
    fn check_replaced(&self, undang: &Undang) -> Result<(), Error> {
        self.kursi()?;
        let Some(lama) = undang.gantikan else { return Ok(()) };
        self.device_named(lama)?;
        let known = self.known()?;
        if known.roster.seat_of(lama).is_some() {
            return Err(Error::KursiSalah);
        }
        if known.roster.stands_above(self.diri.id, lama) { Ok(()) } else { Err(Error::TidakDiAtas) }
    }

    /// The phone whose place a device takes, if it is still in.
    fn replaced_by(&mut self, invite: GrantId) -> Result<Option<DeviceId>, Error> {
        let (tim, known) = (self.tim()?, self.known()?);
        let row = tim.perangkat.get(&baris_perangkat(invite)?);
        let lama = row.and_then(|row| row.menggantikan.terisi()).and_then(|hex| DeviceId::parse(hex).ok());
        let in_still = |lama: &DeviceId| {
            let roster = &known.roster;
            roster.seat_of(*lama).is_none() && roster.device(*lama).is_some() && !roster.is_revoked(*lama)
        };
        Ok(lama.filter(in_still))
    }

    pub(crate) fn invitation_code(&self, relay: &Relay, secret: [u8; 16], sampai: u64) -> Result<Invitation, Error> {
        let control = self.store.control_entries()?;
        let count = u32::try_from(control.len()).unwrap_or(u32::MAX);
        let digest = floor(control.iter().map(|entry| entry.id));
        Ok(Invitation {
            version: 1,
            flags: 0,
            space: self.space()?,
            secret,
            floor: (count, digest.to_vec().into()),
            expiry: u32::try_from(sampai).unwrap_or(u32::MAX),
            // The own hub has another address for others than for this device.
            relay: match self.own_hub()? {
                Some((pin, _, alamat)) if pin == relay.pin => alamat,
                Some(_) | None => relay.host().to_owned(),
            },
            pin: relay.pin,
        })
    }

    /// Whether this device may ask to join; `false` if it has asked with this very invitation already.
    fn may_join(&self, invitation: &Invitation) -> Result<bool, Error> {
        match self.diri.space {
            None => Ok(true),
            Some(space) if space != invitation.space => Err(Error::KelurahanLain),
            Some(_) if self.peran().is_some() => Err(Error::SudahTerdaftar),
            Some(_) => Ok(self.invitation()?.is_none_or(|other| other.secret != invitation.secret)),
        }
    }

    /// Keeps the kelurahan and the request to join it; it goes out with the next sync.
    pub(crate) fn ask_to_join(
        &mut self,
        invitation: &Invitation,
        relay: &Relay,
        control: &[Entry],
    ) -> Result<(), Error> {
        let space = invitation.space;
        let roster = Roster::evaluate(space, control).map_err(|_| Error::KelurahanLain)?;
        let invite_keys = SecretIdentity::from_invite(&invitation.secret, space);
        let invite = roster.invite_with(invite_keys.public()?.device_id());
        let (invite, _) = invite.filter(|(_, invite)| !invite.dropped).ok_or(Error::UndanganTidakBerlaku)?;
        if self.diri.space.is_some() {
            // A second invitation: a join is a device's first entry, so it needs keys of its own.
            self.renew_diri()?;
        }
        let keys = self.diri.secret.public()?;
        let text = Control::join_text(space, invite, &keys);
        let invite_sig = invite_keys.signing_key().sign(&text).to_bytes();
        let mut pena = Pena::new(&self.store, space);
        let oleh = Oleh { secret: &self.diri.secret, auth: GrantId::ZERO };
        pena.control(oleh, &Control::Join { invite, keys, app_version: APP_VERSION, invite_sig })?;
        let join = pena.done();
        self.store.write::<_, Error>(|tx| {
            keep_entries(tx, control)?;
            keep_entries(tx, &join)?;
            relay.keep(tx)?;
            tx.set_secret(INVITATION, &invitation.to_wire())?;
            tx.delete_secrets(TOKENS)?;
            crate::log::keep_space(tx, space)
        })?;
        self.reopen_diri()?;
        crate::hapus::forget(self.dir());
        Ok(())
    }

    /// How far this device has come in.
    ///
    /// # Errors
    /// [`Error::TanpaKelurahan`].
    pub fn gabung_state(&self) -> Result<Gabung, Error> {
        let known = self.known()?;
        let roster = &known.roster;
        let join = roster.joins_of(self.diri.id).next();
        let gambar = join.and_then(|join| join.nonce.map(|nonce| pictures(&join.entry, &nonce)));
        let dropped = |invite: GrantId| roster.invite(invite).is_none_or(|invite| invite.dropped);
        let keadaan = match join {
            _ if self.peran().is_some() => KeadaanGabung::Sah,
            Some(join) if dropped(join.invite) => KeadaanGabung::Ditolak,
            Some(_) if gambar.is_some() => KeadaanGabung::Bandingkan,
            Some(_) | None => KeadaanGabung::Menunggu,
        };
        let kelurahan = roster.genesis().nama.clone();
        Ok(Gabung { perangkat: self.diri.id.to_string(), kelurahan, gambar, keadaan })
    }

    /// Draws a number for each device that has asked and has none; whether there was one.
    fn greet(&mut self) -> Result<bool, Error> {
        let Ok(auth) = self.kursi() else { return Ok(false) };
        let known = self.known()?;
        let new = known.roster.pending_joins().filter(|(join, _)| join.nonce.is_none());
        let greets = new.map(|(join, _)| Ok(Control::Greet { join: join.entry.grant(), nonce: acak::bytes()? }));
        let greets = greets.collect::<Result<Vec<_>, Error>>()?;
        self.issue(auth, &greets)?;
        Ok(!greets.is_empty())
    }

    pub(crate) fn admit(&mut self, perangkat: DeviceId) -> Result<(), Error> {
        let auth = self.kursi()?;
        let known = self.known()?;
        let pending = known.roster.pending_joins().find(|(join, _)| join.device == perangkat);
        let (join, invite) = pending.ok_or(Error::PerangkatTidakAda)?;
        let readable = invite.access.iter().filter(|(_, perm)| perm.includes(wakuncar_wire::Perm::READ));
        let scopes: BTreeSet<Scope> = readable.map(|(coll, _)| known.roster.scope(*coll)).collect();
        let scopes: Vec<Scope> = scopes.into_iter().collect();
        let wraps = self.wraps_for(&scopes, &join.keys)?;
        let admit = Control::Admit {
            device: perangkat,
            join: join.entry.grant(),
            role: invite.role,
            access: invite.access.clone(),
            wraps,
        };
        // One use: the invite ends with it.
        let close = Control::Drop { grant: join.invite, cut_off: 0, logs: None };
        let mut words = vec![admit, close];
        if let Some(lama) = self.replaced_by(join.invite)? {
            let cabut = Cabut { perangkat: lama, alasan: Reason::Lost, hapus: false, pengganti: None };
            words.extend(self.words_against(&cabut)?);
        }
        self.issue(auth, &words)?;
        // The new device reads what comes, the old one does not.
        self.rotate_keys()?;
        Ok(())
    }

    fn turn_away(&mut self, perangkat: DeviceId) -> Result<(), Error> {
        let auth = self.kursi()?;
        let known = self.known()?;
        let pending = known.roster.pending_joins().find(|(join, _)| join.device == perangkat);
        let (join, _) = pending.ok_or(Error::PerangkatTidakAda)?;
        self.issue(auth, &[Control::Drop { grant: join.invite, cut_off: 0, logs: None }])?;
        Ok(())
    }
}
