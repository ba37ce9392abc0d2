//! Whether this device still belongs to its kelurahan. One that does not shows what it has and records nothing more:
//! nobody would ever get it.

use wakuncar_wire::{DeviceId, Reason};

use crate::{App, Error};

/// How a device's time in its kelurahan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Akhir {
    /// Somebody above it has shut it out.
    Dicabut {
        /// Why.
        alasan: Reason,
        /// Whether it is to destroy what it holds.
        hapus: bool,
    },
    /// It has left by itself, has given its seat away, or its access was taken back.
    Berhenti,
}

impl App {
    /// How this device's time in its kelurahan ended; `None` while it belongs to it, waits to be let in, or has none.
    pub fn akhir(&self) -> Option<Akhir> {
        let roster = &self.diri.known.as_ref()?.roster;
        let me = self.diri.id;
        if let Some(alasan) = roster.reason(me) {
            return Some(Akhir::Dicabut { alasan, hapus: roster.wipe_order(me).is_some() });
        }
        let seated = roster.seat_grants().any(|(_, seat)| seat.holder.device_id() == me);
        let was_in = seated || roster.device(me).is_some();
        (was_in && !roster.is_member(me)).then_some(Akhir::Berhenti)
    }

    /// Whether something may be recorded here.
    ///
    /// # Errors
    /// [`Error::Dihapus`], [`Error::Dicabut`], [`Error::Berhenti`], [`Error::SewaHabis`].
    pub(crate) fn check_recording(&self) -> Result<(), Error> {
        if self.dihapus {
            return Err(Error::Dihapus);
        }
        match self.akhir() {
            Some(Akhir::Dicabut { alasan, .. }) => Err(Error::Dicabut(nama_alasan(alasan))),
            Some(Akhir::Berhenti) => Err(Error::Berhenti),
            None => self.check_sewa(),
        }
    }

    /// Whether records may be looked at here.
    ///
    /// # Errors
    /// [`Error::Dihapus`], [`Error::SewaHabis`].
    pub(crate) fn check_reading(&self) -> Result<(), Error> {
        if self.dihapus { Err(Error::Dihapus) } else { self.check_sewa() }
    }

    /// A device of this kelurahan that somebody named: a member, or one that once was.
    pub(crate) fn device_named(&self, id: DeviceId) -> Result<wakuncar_wire::PublicIdentity, Error> {
        let known = self.known()?;
        let seated = known.roster.seat_grants().any(|(_, seat)| seat.holder.device_id() == id);
        let known_device = seated || known.roster.device(id).is_some();
        let keys = known.identities.get(id).copied().filter(|_| known_device);
        keys.ok_or(Error::PerangkatAsing)
    }
}

/// What the command line and screens call a reason.
pub fn nama_alasan(alasan: Reason) -> &'static str {
    match alasan {
        Reason::Lost => "hilang",
        Reason::Stolen => "dicuri",
        Reason::Left => "berhenti",
        Reason::Suspect => "dicurigai",
    }
}

/// The reason of that name.
pub fn parse_alasan(nama: &str) -> Option<Reason> {
    const SEMUA: [Reason; 4] = [Reason::Lost, Reason::Stolen, Reason::Left, Reason::Suspect];
    SEMUA.into_iter().find(|alasan| nama_alasan(*alasan) == nama)
}
