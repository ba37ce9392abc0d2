//! Invites, joins, devices and their grants: stratum S2.

use std::collections::BTreeMap;

use wakuncar_wire::{Control, DeviceId, GrantId, PublicIdentity, Role, SpaceId};

use crate::authority::{Act, Authority};
use crate::{Device, DeviceGrant, Ends, Invite, Join};

/// Who was let in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Enrolled {
    pub(crate) devices: BTreeMap<DeviceId, Device>,
    pub(crate) invites: BTreeMap<GrantId, Invite>,
    pub(crate) joins: BTreeMap<GrantId, Join>,
    drops: BTreeMap<GrantId, Ends>,
}

impl Enrolled {
    pub(crate) fn evaluate(space: SpaceId, authority: &Authority, acts: &[Act<'_>]) -> Self {
        let mut enrolled = Self::default();
        let invite_keys = enrolled.invites_and_drops(authority, acts);
        enrolled.joins(space, &invite_keys, acts);
        enrolled.admits(authority, acts);
        enrolled.printed();
        enrolled.access(authority, acts);
        // A device that was shut out counts up to there under every grant.
        for (id, device) in &mut enrolled.devices {
            let Some(ends) = authority.ends(*id, authority.rank_of(*id)) else { continue };
            for grant in &mut device.grants {
                let cut_off = grant.cut_off.take();
                grant.cut_off = Some(cut_off.map_or_else(|| ends.clone(), |cut_off| cut_off.lowest(&ends)));
            }
        }
        enrolled
    }

    fn invites_and_drops(&mut self, authority: &Authority, acts: &[Act<'_>]) -> BTreeMap<GrantId, PublicIdentity> {
        let mut keys_of_all = BTreeMap::new();
        for (id, header, control) in acts {
            let authorised = authority.is_authorised(header);
            match control {
                Control::Drop { grant, cut_off, logs } if authorised => {
                    let ends = Ends::with_other(*cut_off, logs.as_deref().unwrap_or_default());
                    let lowest = self.drops.entry(*grant).or_insert_with(|| ends.clone());
                    *lowest = lowest.lowest(&ends);
                }
                Control::Invite { keys, role, access, expiry, mode } => {
                    keys_of_all.insert(id.grant(), *keys);
                    // A seat is never given by an invite.
                    if authorised && !matches!(role, Role::Koordinator | Role::Hub) {
                        let (access, printed) = (access.clone(), *mode == 1);
                        let invite =
                            Invite { keys: *keys, role: *role, access, expiry: *expiry, printed, dropped: false };
                        self.invites.insert(id.grant(), invite);
                    }
                }
                _ => {}
            }
        }
        for (grant, invite) in &mut self.invites {
            invite.dropped = self.drops.contains_key(grant);
        }
        keys_of_all
    }

    fn joins(&mut self, space: SpaceId, invite_keys: &BTreeMap<GrantId, PublicIdentity>, acts: &[Act<'_>]) {
        for (id, header, control) in acts {
            let Control::Join { invite, keys, invite_sig, .. } = control else { continue };
            let device = keys.device_id();
            let text = Control::join_text(space, *invite, keys);
            let signed = invite_keys.get(invite).is_some_and(|invite| invite.verify_text(&text, invite_sig).is_ok());
            if signed && header.author == device && header.seq == 1 {
                let join = Join { entry: *id, device, keys: *keys, invite: *invite, nonce: None };
                self.joins.insert(id.grant(), join);
            }
        }
    }

    fn admits(&mut self, authority: &Authority, acts: &[Act<'_>]) {
        for (id, _, control) in acts.iter().filter(|(_, header, _)| authority.is_authorised(header)) {
            match control {
                Control::Admit { device, join, role, access, .. } => {
                    let Some(join) = self.joins.get(join).filter(|join| join.device == *device) else { continue };
                    let entry = Device { keys: join.keys, role: *role, grants: Vec::new() };
                    let grant = self.grant(id.grant(), access.clone());
                    self.devices.entry(*device).or_insert(entry).grants.push(grant);
                }
                Control::Greet { join, nonce } => {
                    if let Some(join) = self.joins.get_mut(join) {
                        join.nonce.get_or_insert(*nonce);
                    }
                }
                _ => {}
            }
        }
    }

    /// A printed invite lets its only join in without a seat's word; of two, none.
    fn printed(&mut self) {
        let mut grants = Vec::new();
        for (id, invite) in self.invites.iter().filter(|(_, invite)| invite.printed && !invite.dropped) {
            let joins: Vec<_> = self.joins.iter().filter(|(_, join)| join.invite == *id).collect();
            let [(join_grant, join)] = joins.as_slice() else { continue };
            let device = Device { keys: join.keys, role: invite.role, grants: Vec::new() };
            grants.push((join.device, device, self.grant(**join_grant, invite.access.clone())));
        }
        for (id, device, grant) in grants {
            self.devices.entry(id).or_insert(device).grants.push(grant);
        }
    }

    fn access(&mut self, authority: &Authority, acts: &[Act<'_>]) {
        for (id, header, control) in acts {
            let Control::Access { device, coll, perm } = control else { continue };
            let grant = self.grant(id.grant(), vec![(*coll, *perm)]);
            if let Some(device) = self.devices.get_mut(device).filter(|_| authority.is_authorised(header)) {
                device.grants.push(grant);
            }
        }
    }

    fn grant(&self, grant: GrantId, access: Vec<wakuncar_wire::Access>) -> DeviceGrant {
        DeviceGrant { grant, access, cut_off: self.drops.get(&grant).cloned() }
    }
}
