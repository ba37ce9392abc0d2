//! What to send and what to ask, and what of it counts: the log rules and both sides of a sync, as values.
//!
//! [`SyncMachine`] opens no socket and reads no clock: it is asked for a request, given the answer, and says what to
//! commit. The answering side judges pushed entries with [`check_signature`] and [`may_push`] and hands out with
//! [`may_fetch`]. What is inside a sealed entry is not known here.

mod answer;
mod counted;
mod log;
mod machine;
mod schedule;
mod vector;

pub use answer::{Caller, check_signature, may_fetch, may_push};
pub use counted::{Counted, accepted, included};
pub use log::{LogHead, Place, place};
pub use machine::{Page, SyncError, SyncMachine, Waiting};
pub use schedule::{Outcome, Schedule};
pub use vector::{missing, root_digest};
