//! Invariant 5. No escalation: every seat that is held and every grant that counts hangs on a chain to the genesis, in which each
//! signer stands above what she signs. Worked out here once more, by another way than the product's.

use std::collections::BTreeMap;

use wakuncar_wire::{Control, ControlBody, DeviceId, Entry, GrantId, Header};

use super::super::dunia::Dunia;
use super::{Invarian, Tengok};

pub(crate) const INVARIAN: Invarian = Invarian { nomor: 5, langkah: Some(langkah), diam: None };

/// Everybody stands below this.
const AKAR: u8 = 0;

struct Bukti<'a> {
    entri: BTreeMap<GrantId, (&'a Header, Control)>,
    akar: Vec<DeviceId>,
}

impl<'a> Bukti<'a> {
    fn new(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut bukti = Self { entri: BTreeMap::new(), akar: Vec::new() };
        for entry in entries {
            let Ok(ControlBody::Known(control)) = Control::decode(entry.body()) else { continue };
            if let Control::Genesis { root, superior, .. } = &control {
                bukti.akar.extend(superior.iter().chain([root]).map(wakuncar_wire::PublicIdentity::device_id));
            }
            bukti.entri.insert(entry.id().grant(), (entry.header(), control));
        }
        // Root after root.
        for _ in 0..bukti.entri.len() {
            let next = bukti.entri.values().find_map(|(header, control)| match control {
                Control::RootRotate { root, .. } if bukti.akar.contains(&header.author) => Some(root.device_id()),
                _ => None,
            });
            match next.filter(|next| !bukti.akar.contains(next)) {
                Some(next) => bukti.akar.push(next),
                None => break,
            }
        }
        bukti
    }

    /// How high its signer stood at best; `None`: nowhere.
    fn pangkat(&self, header: &Header, dalam: usize) -> Option<u8> {
        if header.auth == GrantId::ZERO {
            return self.akar.contains(&header.author).then_some(AKAR);
        }
        // A chain is no longer than there are entries.
        let dalam = dalam.checked_sub(1)?;
        match self.entri.get(&header.auth)? {
            (by, Control::SeatSet { seat, holder, .. }) if holder.device_id() == header.author => {
                (self.pangkat(by, dalam)? < *seat).then_some(*seat)
            }
            (by, Control::Handover { seat, next, .. }) if next.device_id() == header.author => {
                (self.pangkat(by, dalam)? == *seat).then_some(*seat)
            }
            _ => None,
        }
    }
}

fn langkah(dunia: &mut Dunia, tengok: &Tengok<'_>) -> Result<(), String> {
    if tengok.kini.kontrol == tengok.dulu.kontrol {
        return Ok(());
    }
    let gawai = &dunia.gawai[tengok.siapa];
    let bukti = Bukti::new(tengok.kini.kontrol.iter().map(|id| &dunia.arsip[id]));
    let dalam = bukti.entri.len();
    let periksa = |app: &mut wakuncar_app::App| {
        let Some((roster, _)) = app.simulasi_known() else { return Ok(()) };
        for (grant, seat) in roster.seat_grants() {
            let chain = match bukti.entri.get(&grant) {
                Some((by, Control::SeatSet { .. })) => bukti.pangkat(by, dalam).is_some_and(|by| by < seat.seat),
                Some((by, Control::Handover { .. })) => bukti.pangkat(by, dalam) == Some(seat.seat),
                _ => false,
            };
            if !chain {
                return Err(format!("{} believes in seat {} by {grant}", gawai.nama, seat.seat));
            }
        }
        for (device, known) in roster.devices() {
            for grant in &known.grants {
                let by = bukti.entri.get(&grant.grant);
                let chain = by.is_some_and(|(by, control)| match control {
                    Control::Admit { .. } | Control::Access { .. } => bukti.pangkat(by, dalam).is_some(),
                    Control::Join { invite, .. } => {
                        bukti.entri.get(invite).is_some_and(|(by, _)| bukti.pangkat(by, dalam).is_some())
                    }
                    _ => false,
                });
                if !chain {
                    return Err(format!("{} believes in a grant of {device} by {}", gawai.nama, grant.grant));
                }
            }
        }
        Ok(())
    };
    gawai.lihat(periksa).unwrap_or(Ok(()))
}
