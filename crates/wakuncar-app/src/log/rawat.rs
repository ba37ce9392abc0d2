//! What a member owes the others once it has heard the news: keys that were asked for, new keys after a loss, access to
//! what was begun since.

use std::collections::{BTreeMap, BTreeSet};

use wakuncar_domain::{BarisId, Tim};
use wakuncar_wire::{Control, DeviceId, DeviceWrap, Perm, Role, Scope};

use super::kunci_isi::wraps_entries;
use crate::kelurahan::{baris_perangkat, rt_of};
use crate::{App, Error};

impl App {
    /// Before a round of a sync, and after a file was read. Only after a first one is it known what the others have done already.
    pub(crate) fn tend(&mut self, heard: bool) -> Result<(), Error> {
        // An old copy of this device asks before it says anything.
        if heard && self.check_stamp().is_ok() {
            self.extend_access()?;
            self.close_forks()?;
            self.rotate_keys()?;
            self.answer_key_requests()?;
            self.request_keys()?;
        }
        Ok(())
    }

    /// Who looks after an RT, or all of the kelurahan, gets access to the dasawisma that were begun there since
    /// (DESIGN §5a), with the keys. How many words that took.
    fn extend_access(&mut self) -> Result<usize, Error> {
        let Ok(auth) = self.kursi() else { return Ok(0) };
        let (known, tim) = (self.known()?, self.tim()?);
        let roster = &known.roster;
        if roster.is_update_needed() {
            return Ok(0);
        }
        let mut words = Vec::new();
        let mut wraps: Vec<DeviceWrap> = Vec::new();
        let grows = |role: Role| matches!(role, Role::PkkRt | Role::KetuaRt | Role::Lurah);
        let devices = roster.devices().filter(|(id, device)| grows(device.role) && roster.is_member(*id));
        let devices: Vec<_> = devices.map(|(id, device)| (id, device.role, device.keys)).collect();
        for (id, role, keys) in devices {
            let rows = self.rows_of(&tim, id, role)?;
            let wanted = self.access(&tim, role, &rows)?;
            let new: Vec<_> =
                wanted.into_iter().filter(|(coll, perm)| !roster.perm(id, *coll).includes(*perm)).collect();
            let readable = new.iter().filter(|(_, perm)| perm.includes(Perm::READ));
            let scopes: BTreeSet<Scope> = readable.map(|(coll, _)| roster.scope(*coll)).collect();
            words.extend(new.iter().map(|(coll, perm)| Control::Access { device: id, coll: *coll, perm: *perm }));
            let scopes: Vec<Scope> = scopes.into_iter().collect();
            wraps.extend(self.wraps_for(&scopes, &keys)?.into_iter().map(|(key, ct)| (key, id, ct)));
        }
        words.extend(wraps_entries(&wraps));
        if !words.is_empty() {
            self.issue(auth, &words)?;
        }
        Ok(words.len())
    }

    /// The dasawisma that a device looks after: of an RT all that there are now, of a lurah every one.
    fn rows_of(&self, tim: &Tim, id: DeviceId, role: Role) -> Result<Vec<BarisId>, Error> {
        if role == Role::Lurah {
            return Ok(tim.dasawisma.keys().cloned().collect());
        }
        Ok(in_their_rt(tim, &self.rows_named(tim, id)?))
    }

    /// The dasawisma that were named when a device was invited.
    pub(crate) fn rows_named(&self, tim: &Tim, id: DeviceId) -> Result<Vec<BarisId>, Error> {
        let known = self.known()?;
        let own = baris_perangkat(id).ok();
        let invites = known.roster.joins_of(id).filter_map(|join| baris_perangkat(join.invite).ok());
        let row = own.into_iter().chain(invites).find_map(|baris| tim.perangkat.get(&baris));
        let named = row.and_then(|row| row.dasawisma.terisi()).map(String::as_str).unwrap_or_default();
        Ok(named.split_whitespace().filter_map(|row| BarisId::parse(row).ok()).collect())
    }
}

/// All dasawisma of the RT in which some of them lie.
pub(crate) fn in_their_rt(tim: &Tim, named: &[BarisId]) -> Vec<BarisId> {
    let by_row: BTreeMap<&BarisId, (String, String)> =
        tim.dasawisma.iter().map(|(baris, satu)| (baris, rt_of(satu))).collect();
    let rt: BTreeSet<&(String, String)> = named.iter().filter_map(|baris| by_row.get(baris)).collect();
    by_row.iter().filter(|(_, of)| rt.contains(of)).map(|(baris, _)| (*baris).clone()).collect()
}
