//! A phone that is lost, was stolen, or whose owner left is shut out; a device may also leave by itself (PROTOCOL §2.16).
//!
//! What counts of its logs is what is held here, so it works without a network; what the phone itself does about it is
//! in `titipan.rs`.

use std::collections::BTreeSet;
use std::sync::Mutex;

use wakuncar_wire::{CollId, Control, DeviceId, LogEnd, Reason};

use crate::jabatan::seat_word;
use crate::sinkron::lock;
use crate::{App, Error, sinkron};

/// Whom to shut out.
#[derive(Debug, Clone)]
pub struct Cabut {
    /// The device.
    pub perangkat: DeviceId,
    /// Why.
    pub alasan: Reason,
    /// Whether it is to destroy what it holds, after it has handed over what it had not sent.
    pub hapus: bool,
    /// Who gets the seat that it held.
    pub pengganti: Option<DeviceId>,
}

/// A device that was just shut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HasilCabut {
    /// Seats that nobody holds now.
    pub kursi_kosong: Vec<u8>,
    /// New keys that it does not get.
    pub kunci_baru: usize,
    /// Whether a relay has the word. If not, the next sync brings it; here it counts already.
    pub terkirim: bool,
}

/// Shuts a device out. It counts here at once, without a network as well, and elsewhere with the next sync.
///
/// After a theft nothing is fetched first: what somebody else wrote with the phone meanwhile would count.
///
/// # Errors
/// [`Error::BukanKoordinator`], [`Error::PerangkatAsing`], [`Error::PerangkatSendiri`], [`Error::TidakDiAtas`],
/// [`Error::SudahDicabut`], [`Error::KursiSalah`]; nothing is changed then.
pub fn cabut(app: &Mutex<App>, cabut: &Cabut) -> Result<HasilCabut, Error> {
    lock(app).check_cabut(cabut)?;
    if cabut.alasan.is_honest() {
        reach(sinkron(app))?;
    }
    let mut hasil = lock(app).shut_out(cabut)?;
    hasil.terkirim = reach(sinkron(app))?;
    Ok(hasil)
}

/// This device leaves its kelurahan, for ever. What it has recorded goes out first, or with the next sync.
///
/// # Errors
/// [`Error::KursiTerakhir`] while nobody else holds a seat; [`Error::BukanAnggota`]; those of [`sinkron`] other than
/// an unreachable relay.
pub fn berhenti(app: &Mutex<App>) -> Result<bool, Error> {
    lock(app).check_leaving()?;
    reach(sinkron(app))?;
    lock(app).leave()?;
    reach(sinkron(app))
}

/// Whether a relay was reached; that none was is no error for what counts here already.
pub(crate) fn reach<T>(done: Result<T, Error>) -> Result<bool, Error> {
    match done {
        Ok(_) => Ok(true),
        Err(error) if error.is_unreachable() => Ok(false),
        Err(error) => Err(error),
    }
}

impl App {
    /// How far the logs of a device are held here.
    pub(crate) fn seen(&self, device: DeviceId) -> Result<Vec<LogEnd>, Error> {
        let heads = self.store.heads()?.into_iter();
        let of_device = heads.flat_map(|(coll, heads)| heads.into_iter().map(move |head| (coll, head)));
        Ok(of_device.filter(|(_, head)| head.author == device).map(|(coll, head)| (coll, head.seq)).collect())
    }

    fn check_cabut(&self, cabut: &Cabut) -> Result<(), Error> {
        self.kursi()?;
        let (id, me) = (cabut.perangkat, self.diri.id);
        if id == me {
            return Err(Error::PerangkatSendiri);
        }
        self.device_named(id)?;
        let known = self.known()?;
        let roster = &known.roster;
        if !roster.stands_above(me, id) {
            return Err(Error::TidakDiAtas);
        }
        let again = roster.reason(id).is_some_and(|before| {
            let more = cabut.hapus && roster.wipe_order(id).is_none();
            !more && (before == cabut.alasan || !before.is_honest() || cabut.alasan.is_honest())
        });
        if again {
            return Err(Error::SudahDicabut);
        }
        match cabut.pengganti {
            Some(other) if other == id || !roster.is_member(other) => Err(Error::KursiSalah),
            Some(_) if roster.seat_of(id).is_none() => Err(Error::KursiSalah),
            Some(_) | None => Ok(()),
        }
    }

    /// Writes the word, the successor's seat and the new keys.
    pub(crate) fn shut_out(&mut self, cabut: &Cabut) -> Result<HasilCabut, Error> {
        self.check_cabut(cabut)?;
        let auth = self.kursi()?;
        let words = self.words_against(cabut)?;
        self.issue(auth, &words)?;
        // At once, so that not even what waits here is sealed with a key that the phone has.
        let kunci_baru = self.rotate_keys()?;
        let known = self.known()?;
        let held = |number| known.roster.seats().any(|(_, seat)| seat.seat == number);
        let of_device = known.roster.seat_grants().filter(|(_, seat)| seat.holder.device_id() == cabut.perangkat);
        let mut kursi_kosong: Vec<u8> = of_device.map(|(_, seat)| seat.seat).filter(|number| !held(*number)).collect();
        kursi_kosong.sort_unstable();
        kursi_kosong.dedup();
        Ok(HasilCabut { kursi_kosong, kunci_baru, terkirim: false })
    }

    /// The revocation, and for each seat of the device its next holder.
    pub(crate) fn words_against(&mut self, cabut: &Cabut) -> Result<Vec<Control>, Error> {
        let known = self.known()?;
        let logs = self.seen(cabut.perangkat)?;
        let revoke = Control::Revoke { device: cabut.perangkat, logs, reason: cabut.alasan, wipe: cabut.hapus };
        let mut words = vec![revoke];
        if let Some(next) = cabut.pengganti {
            let holder = self.device_named(next)?;
            let heads = self.store.heads()?;
            let seats = known.roster.seats().filter(|(_, seat)| seat.holder.device_id() == cabut.perangkat);
            words.extend(seats.map(|(_, seat)| seat_word(&known.roster, &heads, seat.seat, holder, &BTreeSet::new())));
            words.extend(self.keys_of_a_seat(&holder)?);
        }
        Ok(words)
    }

    fn check_leaving(&self) -> Result<(), Error> {
        let known = self.known()?;
        let me = self.diri.id;
        if !known.roster.is_member(me) {
            return Err(Error::BukanAnggota);
        }
        let others = known.roster.seats().any(|(_, seat)| seat.holder.device_id() != me);
        if known.roster.seat_of(me).is_some() && !others { Err(Error::KursiTerakhir) } else { Ok(()) }
    }

    /// The last word of this device. What is not sealed by then would never count.
    fn leave(&mut self) -> Result<(), Error> {
        self.check_leaving()?;
        self.susun()?;
        let auth = self.own_grant().ok_or(Error::BukanAnggota)?;
        let logs = self.own_ends()?;
        self.issue(auth, &[Control::Retire { logs }])?;
        Ok(())
    }

    /// How far this device's own logs count when it ends: everything that is written by now.
    pub(crate) fn own_ends(&self) -> Result<Vec<LogEnd>, Error> {
        Ok(self.seen(self.diri.id)?.into_iter().filter(|(coll, _)| *coll != CollId::CONTROL).collect())
    }
}
