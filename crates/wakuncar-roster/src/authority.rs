//! Who holds which seat, and whether an author acts with authority: strata S0 and S1.

use std::collections::BTreeMap;

use wakuncar_wire::{Control, CutOff, DeviceId, EntryId, GrantId, Header, PublicIdentity};

use crate::Genesis;

/// A seat as it was given in one term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Number, from 1.
    pub seat: u8,
    /// Term, from 1.
    pub term: u32,
    /// The holder.
    pub holder: PublicIdentity,
    /// Last number written under it that counts; `None` while it is held.
    pub cut_off: Option<u64>,
}

/// The order of authority: smaller is higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Superior,
    Root,
    Seat(u8),
}

/// The seats by the grants that gave them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    root: DeviceId,
    superior: Vec<DeviceId>,
    pub(crate) seats: BTreeMap<GrantId, Seat>,
}

impl Authority {
    /// Evaluates seat by seat in ascending number: each rests only on those above it.
    pub(crate) fn evaluate(genesis: &Genesis, entries: &[(EntryId, &Header, Control)]) -> Self {
        let superior = genesis.superior.iter().map(PublicIdentity::device_id).collect();
        let mut authority = Self { root: genesis.root.device_id(), superior, seats: BTreeMap::new() };
        for number in 1..=genesis.seats.min(8) {
            let terms = authority.terms(number, entries);
            authority.seats.extend(terms);
        }
        authority
    }

    fn terms(&self, number: u8, entries: &[(EntryId, &Header, Control)]) -> Vec<(GrantId, Seat)> {
        let mut winners: Vec<(GrantId, Seat, &[CutOff])> = Vec::new();
        // Terms are contiguous, so that nobody jumps to the end.
        for wanted in 1.. {
            let of_term = entries.iter().filter_map(|(id, header, control)| match control {
                Control::SeatSet { seat, term, holder, cut_offs } if (*seat, *term) == (number, wanted) => {
                    let rank = self.rank(header).filter(|rank| *rank < Rank::Seat(number))?;
                    Some((rank, *id, *holder, cut_offs.as_slice()))
                }
                _ => None,
            });
            let Some((_, id, holder, cut_offs)) = of_term.min_by_key(|(rank, id, ..)| (*rank, *id)) else { break };
            winners.push((id.grant(), Seat { seat: number, term: wanted, holder, cut_off: None }, cut_offs));
        }
        let closed = |at: usize, grant: &GrantId| {
            let listed = |cut_offs: &[CutOff]| cut_offs.iter().filter(|(id, _)| id == grant).map(|(_, seq)| *seq).min();
            winners[at + 1..].iter().map(|(_, _, cut_offs)| listed(cut_offs).unwrap_or(0)).min()
        };
        let seats = winners.iter().enumerate();
        seats.map(|(at, (grant, seat, _))| (*grant, Seat { cut_off: closed(at, grant), ..*seat })).collect()
    }

    /// The authority with which an entry was written, if any: of the grant that its header names, as long as it held.
    pub(crate) fn rank(&self, header: &Header) -> Option<Rank> {
        if header.auth == GrantId::ZERO {
            return if self.superior.contains(&header.author) {
                Some(Rank::Superior)
            } else {
                (header.author == self.root).then_some(Rank::Root)
            };
        }
        let seat = self.seats.get(&header.auth)?;
        let held = seat.cut_off.is_none_or(|cut_off| header.seq <= cut_off);
        (held && seat.holder.device_id() == header.author).then_some(Rank::Seat(seat.seat))
    }
}
