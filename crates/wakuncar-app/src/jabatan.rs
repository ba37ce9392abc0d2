//! The seats of the office: given, handed over, listed (PROTOCOL §2.2, §2.17).

use std::collections::BTreeSet;
use std::sync::Mutex;

use wakuncar_roster::Roster;
use wakuncar_wire::{CollHeads, CollId, Control, DeviceId, PublicIdentity, Role, Scope};

use crate::cabut::reach;
use crate::log::{wraps_entries, wraps_of_seats};
use crate::perangkat::described;
use crate::sinkron::lock;
use crate::{App, Error, sinkron};

/// An end that no log reaches (PROTOCOL §2.3).
const OPEN: u64 = 1 << 48;

/// A seat that somebody holds, or that somebody held and nobody holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kursi {
    /// Number, from 1: the lower stands above the higher.
    pub nomor: u8,
    /// Who holds it; `None`: it is vacant.
    pub pemegang: Option<DeviceId>,
    /// Her name; empty where nobody has written it down.
    pub nama: String,
    /// How often it has been given anew.
    pub masa: u32,
    /// The last seat: the office's unattended device.
    pub hub: bool,
    /// Held by this device.
    pub ini: bool,
}

/// Gives a seat below this device's own to a member. Whoever held it before holds it no more.
///
/// # Errors
/// [`Error::BukanKoordinator`], [`Error::KursiSalah`], [`Error::PerangkatAsing`]; nothing is changed then.
pub fn beri_kursi(app: &Mutex<App>, nomor: Option<u8>, ke: DeviceId) -> Result<bool, Error> {
    lock(app).check_seat(nomor, ke)?;
    reach(sinkron(app))?;
    lock(app).give_seat(nomor, ke)?;
    reach(sinkron(app))
}

/// Hands this device's seat over to a member. What was recorded until now counts; nothing more can be recorded here.
///
/// # Errors
/// As [`beri_kursi`].
pub fn serahkan(app: &Mutex<App>, ke: DeviceId) -> Result<bool, Error> {
    lock(app).check_successor(ke)?;
    reach(sinkron(app))?;
    lock(app).hand_over(ke)?;
    reach(sinkron(app))
}

impl App {
    /// Every seat that was ever given, in their order.
    ///
    /// # Errors
    /// [`Error::TanpaKelurahan`], [`Error::Store`].
    pub fn jabatan(&mut self) -> Result<Vec<Kursi>, Error> {
        let (known, tim) = (self.known()?, self.tim()?);
        let roster = &known.roster;
        let mut semua: Vec<Kursi> = Vec::new();
        for nomor in 1..=roster.genesis().seats {
            let grants = roster.seat_grants().filter(|(_, seat)| seat.seat == nomor);
            let Some(masa) = grants.map(|(_, seat)| seat.term).max() else { continue };
            let held = roster.seats().find(|(_, seat)| seat.seat == nomor);
            let pemegang = held.map(|(_, seat)| seat.holder.device_id());
            let nama = pemegang.map(|id| described(roster, &tim, id).0).unwrap_or_default();
            let (hub, ini) = (nomor == roster.genesis().seats, pemegang == Some(self.diri.id));
            semua.push(Kursi { nomor, pemegang, nama, masa, hub, ini });
        }
        Ok(semua)
    }

    /// A seat without a number is the last one: that of the office's unattended device.
    fn check_seat(&self, nomor: Option<u8>, ke: DeviceId) -> Result<(u8, PublicIdentity), Error> {
        let known = self.known()?;
        let roster = &known.roster;
        let (_, own) = roster.seat_of(self.diri.id).ok_or(Error::BukanKoordinator)?;
        let last = roster.genesis().seats;
        let nomor = nomor.unwrap_or(last);
        let holder = self.device_named(ke)?;
        let held = roster.seats().any(|(_, seat)| seat.seat == nomor && seat.holder == holder);
        if nomor <= own.seat || nomor > last || held || !roster.is_member(ke) || ke == self.diri.id {
            return Err(Error::KursiSalah);
        }
        Ok((nomor, holder))
    }

    fn give_seat(&mut self, nomor: Option<u8>, ke: DeviceId) -> Result<(), Error> {
        let (nomor, holder) = self.check_seat(nomor, ke)?;
        let auth = self.kursi()?;
        let mut words = vec![seat_word(&self.known()?.roster, &self.store.heads()?, nomor, holder, &BTreeSet::new())];
        words.extend(self.keys_of_a_seat(&holder)?);
        self.issue(auth, &words)?;
        // Whoever held it before must not read what comes.
        self.rotate_keys()?;
        Ok(())
    }

    fn check_successor(&self, ke: DeviceId) -> Result<PublicIdentity, Error> {
        self.kursi()?;
        let holder = self.device_named(ke)?;
        let member = self.known()?.roster.is_member(ke);
        if member && ke != self.diri.id { Ok(holder) } else { Err(Error::KursiSalah) }
    }

    fn hand_over(&mut self, ke: DeviceId) -> Result<(), Error> {
        let next = self.check_successor(ke)?;
        self.susun()?;
        let known = self.known()?;
        let (auth, seat) = known.roster.seat_of(self.diri.id).ok_or(Error::BukanKoordinator)?;
        let mut words = self.keys_of_a_seat(&next)?;
        words.push(Control::Handover { seat: seat.seat, next, logs: self.own_ends()? });
        self.issue(auth, &words)?;
        Ok(())
    }

    /// The seats' keys for somebody who gets a seat; under them are all the others.
    pub(crate) fn keys_of_a_seat(&mut self, to: &PublicIdentity) -> Result<Vec<Control>, Error> {
        let keys = self.newest_keys(Scope::Seat)?;
        Ok(wraps_entries(&wraps_of_seats(self.space()?, &keys, to)?).collect())
    }

    /// What a device of the kelurahan was invited as.
    ///
    /// # Errors
    /// [`Error::PerangkatAsing`].
    pub fn peran_perangkat(&self, id: DeviceId) -> Result<Role, Error> {
        let known = self.known()?;
        known.roster.device(id).map(|device| device.role).ok_or(Error::PerangkatAsing)
    }

    /// What a device is called in lists: a seat comes before what it was invited as.
    pub(crate) fn role_of(&self, id: DeviceId) -> Option<Role> {
        let roster = &self.diri.known.as_ref()?.roster;
        match roster.seat_of(id) {
            Some((_, seat)) if seat.seat == roster.genesis().seats => Some(Role::Hub),
            Some(_) => Some(Role::Koordinator),
            None => roster.device(id).map(|device| device.role),
        }
    }
}

/// The word that gives a seat, one term after the last one known. Of every earlier grant counts what is held here, as
/// far as it counted before; of the logs of a collection that cannot be seen from here all of it.
pub(crate) fn seat_word(
    roster: &Roster,
    heads: &[CollHeads],
    seat: u8,
    holder: PublicIdentity,
    unseen: &BTreeSet<CollId>,
) -> Control {
    let (mut term, mut cut_offs, mut logs) = (0, Vec::new(), Vec::new());
    for (grant, at) in roster.seat_grants().filter(|(_, at)| at.seat == seat) {
        term = at.term.max(term);
        let of_holder = heads.iter().flat_map(|(coll, heads)| heads.iter().map(move |head| (*coll, head)));
        let of_holder = of_holder.filter(|(coll, head)| head.author == at.holder.device_id() && !unseen.contains(coll));
        let ends = of_holder.map(|(coll, head)| (coll, head.seq)).chain(unseen.iter().map(|coll| (*coll, OPEN)));
        for (coll, seq) in ends {
            let end = at.cut_off.as_ref().map_or(seq, |ends| ends.end(coll).min(seq));
            match coll {
                _ if end == 0 => {}
                CollId::CONTROL => cut_offs.push((grant, end)),
                coll => logs.push((grant, coll, end)),
            }
        }
    }
    Control::SeatSet { seat, term: term + 1, holder, cut_offs, logs: Some(logs).filter(|logs| !logs.is_empty()) }
}
