//! Who holds which seat, who is shut out, and whether an author acts with authority: strata S0 and S1.
//!
//! Ranks are strict: superior, root, seats 1 to 8. An entry about somebody counts only if its signer stands above, so
//! each stratum rests on those above it alone and no two can ever remove each other (PROTOCOL §2.2, §2.4).

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_wire::{CollId, Control, DeviceId, EntryId, GrantId, Header, LogEnd, PublicIdentity, Reason};

use crate::{Ends, Genesis};

/// A control entry that can be read.
pub(crate) type Act<'a> = (EntryId, &'a Header, Control);

/// A seat as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Number, from 1.
    pub seat: u8,
    /// Term, from 1.
    pub term: u32,
    /// The holder.
    pub holder: PublicIdentity,
    /// How far what was written under it counts; `None` while it is held.
    pub cut_off: Option<Ends>,
}

/// The order of authority: smaller is higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Superior,
    Root,
    Seat(u8),
    /// Everybody else.
    Other,
}

/// Root keys: the first ones, and those that followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) keys: PublicIdentity,
    /// Last number of its log that counts; `None` while it is the root.
    cut_off: Option<u64>,
    /// The entry that ended it.
    pub(crate) ended_by: Option<EntryId>,
}

/// A word about a device from somebody of a rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revocation {
    rank: Rank,
    ends: Ends,
    pub(crate) reason: Reason,
    pub(crate) wipe: bool,
    pub(crate) entry: EntryId,
}

/// Authority as the control entries say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    superior: BTreeSet<DeviceId>,
    pub(crate) roots: Vec<Root>,
    pub(crate) seats: BTreeMap<GrantId, Seat>,
    revocations: BTreeMap<DeviceId, Vec<Revocation>>,
    raises: BTreeMap<DeviceId, Vec<(Rank, Vec<LogEnd>)>>,
    /// Seats that devices gave away, with the number in their control logs at which they did.
    handed: BTreeMap<DeviceId, Vec<(Rank, u64)>>,
    /// Each device's own words about its end, by number.
    retirements: BTreeMap<DeviceId, BTreeMap<u64, Vec<LogEnd>>>,
}

impl Authority {
    /// Evaluates rank by rank, seat by seat in ascending number.
    pub(crate) fn evaluate(genesis: &Genesis, acts: &[Act<'_>]) -> Self {
        let mut authority = Self {
            superior: genesis.superior.iter().map(PublicIdentity::device_id).collect(),
            roots: vec![Root { keys: genesis.root, cut_off: None, ended_by: None }],
            seats: BTreeMap::new(),
            revocations: BTreeMap::new(),
            raises: BTreeMap::new(),
            handed: BTreeMap::new(),
            retirements: BTreeMap::new(),
        };
        for (_, header, control) in acts {
            if let Control::Retire { logs } = control {
                authority.retirements.entry(header.author).or_default().insert(header.seq, logs.clone());
            }
        }
        authority.follow_roots(acts);
        for rank in [Rank::Superior, Rank::Root].into_iter().chain((1..=genesis.seats.min(8)).map(Rank::Seat)) {
            if let Rank::Seat(number) = rank {
                let seats = authority.terms(number, acts);
                for (grant, _) in &seats {
                    let act = acts.iter().find(|(id, ..)| id.grant() == *grant);
                    if let Some((_, header, Control::Handover { .. })) = act {
                        authority.handed.entry(header.author).or_default().push((rank, header.seq));
                    }
                }
                authority.seats.extend(seats);
            }
            authority.words_about_devices(rank, acts);
        }
        authority
    }

    /// Root after root: of several words about one, a superior's counts before its own, then the lowest id.
    fn follow_roots(&mut self, acts: &[Act<'_>]) {
        let mut seen = BTreeSet::new();
        while let Some(last) = self.roots.last() {
            let device = last.keys.device_id();
            if !seen.insert(device) {
                // A root that returns would have no end.
                self.roots.pop();
                break;
            }
            let about = acts.iter().filter_map(|(id, header, control)| match control {
                Control::RootRotate { old, root, cut_off } if *old == device && header.auth == GrantId::ZERO => {
                    let superior = self.superior.contains(&header.author);
                    // Its own word cannot end before itself.
                    let end = if superior { *cut_off } else { header.seq.max(*cut_off) };
                    (superior || header.author == device).then_some((!superior, *id, *root, end))
                }
                _ => None,
            });
            let Some((_, id, root, end)) = about.min_by_key(|(own, id, ..)| (*own, *id)) else { break };
            if seen.contains(&root.device_id()) {
                break;
            }
            if let Some(last) = self.roots.last_mut() {
                (last.cut_off, last.ended_by) = (Some(end), Some(id));
            }
            self.roots.push(Root { keys: root, cut_off: None, ended_by: None });
        }
    }

    /// The grants of a seat: term by term, and within a term from hand to hand.
    fn terms(&self, number: u8, acts: &[Act<'_>]) -> Vec<(GrantId, Seat)> {
        let mut winners = Vec::new();
        // Terms are contiguous, so that nobody jumps to the end.
        for wanted in 1.. {
            let of_term = acts.iter().filter_map(|(id, header, control)| match control {
                Control::SeatSet { seat, term, holder, cut_offs, logs } if (*seat, *term) == (number, wanted) => {
                    let rank = Some(self.rank(header)).filter(|rank| *rank < Rank::Seat(number))?;
                    Some((rank, *id, *holder, cut_offs, logs.as_deref().unwrap_or_default()))
                }
                _ => None,
            });
            let Some(winner) = of_term.min_by_key(|(rank, id, ..)| (*rank, *id)) else { break };
            winners.push(winner);
        }
        let mut seats = Vec::new();
        for (at, (_, id, holder, ..)) in winners.iter().enumerate() {
            let listed = |grant: GrantId| {
                let later = winners[at + 1..].iter().map(|(_, _, _, cut_offs, logs)| {
                    let control = cut_offs.iter().filter(|(id, _)| *id == grant).map(|(_, seq)| *seq).min();
                    let logs = logs.iter().filter(|(id, ..)| *id == grant).map(|(_, coll, seq)| (*coll, *seq));
                    Ends::of(&logs.collect::<Vec<_>>()).control(control.unwrap_or(0))
                });
                later.reduce(|all, ends| all.lowest(&ends))
            };
            let term = u32::try_from(at + 1).unwrap_or(u32::MAX);
            let mut grant = (id.grant(), *holder);
            // A chain cannot be longer than there are entries.
            for _ in 0..=acts.len() {
                let mut cut_off = listed(grant.0);
                let next = self.handed_over(number, grant, cut_off.as_ref(), acts);
                if let Some((_, ends, _)) = &next {
                    cut_off = Some(cut_off.map_or_else(|| ends.clone(), |cut_off| cut_off.lowest(ends)));
                }
                seats.push((grant.0, Seat { seat: number, term, holder: grant.1, cut_off }));
                let Some((id, _, holder)) = next else { break };
                grant = (id.grant(), holder);
            }
        }
        seats
    }

    /// The first word with which a holder gave her seat away, while it was hers.
    fn handed_over(
        &self,
        number: u8,
        (grant, holder): (GrantId, PublicIdentity),
        cut_off: Option<&Ends>,
        acts: &[Act<'_>],
    ) -> Option<(EntryId, Ends, PublicIdentity)> {
        let author = holder.device_id();
        let given = acts.iter().filter_map(|(id, header, control)| match control {
            Control::Handover { seat, next, logs }
                if *seat == number && header.auth == grant && header.author == author =>
            {
                let held = cut_off.is_none_or(|ends| header.seq <= ends.end(CollId::CONTROL));
                let acts = held && self.is_heard(header, Rank::Seat(number));
                acts.then(|| (header.seq, *id, Ends::of(logs).control(header.seq), *next))
            }
            _ => None,
        });
        given.min_by_key(|(seq, id, ..)| (*seq, *id)).map(|(_, id, ends, next)| (id, ends, next))
    }

    /// Revocations and raises by those of one rank; they reach only what stands below.
    fn words_about_devices(&mut self, rank: Rank, acts: &[Act<'_>]) {
        let mut words = Vec::new();
        for (id, header, control) in acts.iter().filter(|(_, header, _)| self.rank(header) == rank) {
            if matches!(control, Control::Revoke { .. } | Control::Raise { .. }) {
                words.push((*id, header, control));
            }
        }
        for (entry, _, control) in words {
            match control {
                Control::Revoke { device, logs, reason, wipe } => {
                    let (ends, reason, wipe) = (Ends::of(logs), *reason, *wipe);
                    let word = Revocation { rank, ends, reason, wipe, entry };
                    self.revocations.entry(*device).or_default().push(word);
                }
                Control::Raise { device, logs } => {
                    self.raises.entry(*device).or_default().push((rank, logs.clone()));
                }
                _ => {}
            }
        }
    }

    /// The revocations of a device that reach acts of a rank. What somebody below said of the holder of a seat was
    /// nothing, and does not become something when she gives the seat away: whoever means her as she is since has seen
    /// that.
    pub(crate) fn revocations(&self, device: DeviceId, of: Rank) -> impl Iterator<Item = &Revocation> {
        let handed = self.handed.get(&device).map(Vec::as_slice).unwrap_or_default();
        let meant = move |word: &&Revocation| {
            let seen = word.ends.end(CollId::CONTROL);
            handed.iter().all(|(seat, at)| word.rank < *seat || seen >= *at)
        };
        self.revocations.get(&device).into_iter().flatten().filter(move |word| word.rank < of).filter(meant)
    }

    /// How far the logs of a device count for acts of a rank; `None` while it is neither revoked nor retired.
    pub(crate) fn ends(&self, device: DeviceId, of: Rank) -> Option<Ends> {
        let revoked = self.revocations(device, of).map(|word| word.ends.clone()).reduce(|all, ends| all.lowest(&ends));
        let honest = self.revocations(device, of).all(|word| word.reason.is_honest());
        let raises = self.raises.get(&device).into_iter().flatten().filter(|(rank, _)| honest && *rank < of);
        let revoked = revoked.map(|ends| raises.fold(ends, |ends, (_, logs)| ends.raised(logs)));
        let control = revoked.as_ref().map_or(u64::MAX, |ends| ends.end(CollId::CONTROL));
        // A thief's own word beyond the cut-off is none.
        let retired = self.retirements.get(&device).and_then(|words| words.first_key_value());
        let retired = retired.filter(|(seq, _)| **seq <= control).map(|(seq, logs)| Ends::of(logs).control(*seq));
        match (revoked, retired) {
            (Some(revoked), Some(retired)) => Some(revoked.lowest(&retired)),
            (revoked, retired) => revoked.or(retired),
        }
    }

    /// Whether an act is not beyond the end of its author, as those above a rank set it.
    fn is_heard(&self, header: &Header, rank: Rank) -> bool {
        self.ends(header.author, rank).is_none_or(|ends| header.seq <= ends.end(header.coll))
    }

    /// The authority with which an entry was written: of the grant that its header names, as far as it held.
    pub(crate) fn rank(&self, header: &Header) -> Rank {
        if header.auth == GrantId::ZERO {
            if self.superior.contains(&header.author) {
                return Rank::Superior;
            }
            let root = self.roots.iter().find(|root| root.keys.device_id() == header.author);
            let held = root.is_some_and(|root| root.cut_off.is_none_or(|cut_off| header.seq <= cut_off));
            return if held { Rank::Root } else { Rank::Other };
        }
        let Some(seat) = self.seats.get(&header.auth) else { return Rank::Other };
        let rank = Rank::Seat(seat.seat);
        let held = seat.cut_off.as_ref().is_none_or(|ends| header.seq <= ends.end(header.coll));
        let holds = held && seat.holder.device_id() == header.author && self.is_heard(header, rank);
        if holds { rank } else { Rank::Other }
    }

    /// The rank that a device has now.
    pub(crate) fn rank_of(&self, device: DeviceId) -> Rank {
        let held = self.seats.values().filter(|seat| seat.cut_off.is_none() && seat.holder.device_id() == device);
        let lowest = held.map(|seat| Rank::Seat(seat.seat)).min();
        lowest.filter(|rank| self.ends(device, *rank).is_none()).unwrap_or(Rank::Other)
    }

    /// Whether an entry has authority over ordinary devices.
    pub(crate) fn is_authorised(&self, header: &Header) -> bool {
        self.rank(header) < Rank::Other
    }
}
