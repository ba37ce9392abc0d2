//! A set of control entries to who may do what: a pure function of the set (PROTOCOL §2.4).
//!
//! No arrival order, no clock, no keys. Strict ranks decide: superior, root, seat 1, seat 2 …, everybody else; an entry
//! about something needs a signer above it, so no two parties can remove each other. Signatures are checked before an
//! entry comes here, with the keys of [`Identities`].

mod authority;
mod content;
mod device;
mod ends;
mod enrol;
mod identities;
mod key;
mod roster;

pub use authority::Seat;
pub use device::{Device, DeviceGrant, Invite, Join};
pub use ends::Ends;
pub use identities::Identities;
pub use key::KeyEntry;
pub use roster::{Endpoint, Genesis, Roster, floor};
