//! The devices of the kelurahan, with the names of their people.

use std::collections::BTreeSet;

use wakuncar_domain::Tim;
use wakuncar_roster::Roster;
use wakuncar_seal::{Picture, pictures};
use wakuncar_wire::{DeviceId, Reason, Role};

use crate::kelurahan::baris_perangkat;
use crate::{App, Error};

/// Where a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeadaanPerangkat {
    /// It belongs to the kelurahan.
    Sah,
    /// It has asked and waits for a seat's word.
    Menunggu,
    /// Its access has ended.
    Dicabut,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perangkat {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is; empty where nobody has written it down.
    pub nama: String,
    /// What it is.
    pub peran: Role,
    /// The names of its dasawisma.
    pub dasawisma: Vec<String>,
    /// Where it stands.
    pub keadaan: KeadaanPerangkat,
    /// The three pictures of a device that waits.
    pub gambar: Option<[Picture; 3]>,
    /// Whether it is this one.
    pub ini: bool,
    /// The seat that it holds.
    pub kursi: Option<u8>,
    /// Why it was shut out, if it was.
    pub alasan: Option<Reason>,
}

impl App {
    /// Every device: those that wait first, then seats, then the others.
    ///
    /// # Errors
    /// [`Error::TanpaKelurahan`], [`Error::Store`].
    pub fn perangkat(&mut self) -> Result<Vec<Perangkat>, Error> {
        let known = self.known()?;
        let (roster, tim, me) = (&known.roster, self.tim()?, self.diri.id);
        let mut semua = Vec::new();
        let mut add = |id: DeviceId, peran: Role, keadaan: KeadaanPerangkat, gambar: Option<[Picture; 3]>| {
            let (nama, dasawisma) = described(roster, &tim, id);
            let kursi = roster.seat_of(id).map(|(_, seat)| seat.seat);
            let alasan = roster.reason(id);
            semua.push(Perangkat { id, nama, peran, dasawisma, keadaan, gambar, ini: id == me, kursi, alasan });
        };
        for (join, invite) in roster.pending_joins() {
            let gambar = join.nonce.map(|nonce| pictures(&join.entry, &nonce));
            add(join.device, invite.role, KeadaanPerangkat::Menunggu, gambar);
        }
        for (_, seat) in roster.seats() {
            let id = seat.holder.device_id();
            // Who holds several is listed with the highest.
            if roster.seat_of(id).is_some_and(|(_, highest)| highest.seat == seat.seat) {
                add(id, self.role_of(id).unwrap_or(Role::Koordinator), KeadaanPerangkat::Sah, None);
            }
        }
        for (id, device) in roster.devices().filter(|(id, _)| roster.seat_of(*id).is_none()) {
            let keadaan = if roster.is_member(id) { KeadaanPerangkat::Sah } else { KeadaanPerangkat::Dicabut };
            add(id, device.role, keadaan, None);
        }
        // Who held a seat and was never invited, like the one who began it all.
        let seated: BTreeSet<DeviceId> = roster.seat_grants().map(|(_, seat)| seat.holder.device_id()).collect();
        for id in seated.into_iter().filter(|id| roster.seat_of(*id).is_none() && roster.device(*id).is_none()) {
            add(id, Role::Koordinator, KeadaanPerangkat::Dicabut, None);
        }
        Ok(semua)
    }

    /// Whose device this is, as the team's document says it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn nama_saya(&mut self) -> Result<Option<String>, Error> {
        let Ok(known) = self.known() else { return Ok(None) };
        let (nama, _) = described(&known.roster, &self.tim()?, self.diri.id);
        Ok(Some(nama).filter(|nama| !nama.is_empty()))
    }
}

/// Name and dasawisma of a device: its own row, or that of the invite with which it came.
pub(crate) fn described(roster: &Roster, tim: &Tim, id: DeviceId) -> (String, Vec<String>) {
    let own = baris_perangkat(id).ok();
    let invites = roster.joins_of(id).filter_map(|join| baris_perangkat(join.invite).ok());
    let row = own.into_iter().chain(invites).find_map(|baris| tim.perangkat.get(&baris));
    let Some(row) = row else { return (String::new(), Vec::new()) };
    let rows = row.dasawisma.terisi().map(String::as_str).unwrap_or_default();
    let named = tim.dasawisma.iter().filter(|(baris, _)| rows.split_whitespace().any(|row| row == baris.as_str()));
    let names = named.filter_map(|(_, dasawisma)| dasawisma.nama.terisi().cloned()).collect();
    (row.nama.terisi().cloned().unwrap_or_default(), names)
}

/// What the command line and screens call a role.
pub fn nama_peran(peran: Role) -> &'static str {
    match peran {
        Role::Kader => "kader",
        Role::Pendamping => "pendamping",
        Role::PkkRt => "pkk_rt",
        Role::KetuaRt => "ketua_rt",
        Role::Koordinator => "koordinator",
        Role::Hub => "hub",
        Role::Lurah => "lurah",
        Role::Petugas => "petugas",
        Role::Arsip => "arsip",
    }
}

/// The role of that name.
pub fn parse_peran(nama: &str) -> Option<Role> {
    const SEMUA: [Role; 9] = [
        Role::Kader,
        Role::Pendamping,
        Role::PkkRt,
        Role::KetuaRt,
        Role::Koordinator,
        Role::Hub,
        Role::Lurah,
        Role::Petugas,
        Role::Arsip,
    ];
    SEMUA.into_iter().find(|peran| nama_peran(*peran) == nama)
}
