//! What leaves a device: ids, the header of an entry, signatures, control entries, batches, receipts, the questions
//! and answers of a sync, the bundle file, invite codes.
//!
//! Everything is CBOR of one spelling: what does not encode again to the same bytes is refused
//! (PROTOCOL §2.3). Nothing here opens a sealed body, and no name of a person has a place in a control entry.

mod batch;
mod bundle;
mod cbor;
mod code;
mod context;
mod control;
mod entry;
mod error;
mod grant;
mod id;
mod identity;
mod office;
mod receipt;
mod session;
mod sync;
mod titipan;

pub use batch::{Batch, Beat, CollHeads, EntryPlace, Head, Section};
pub use bundle::{
    BundleFault, BundleHeader, BundleReader, BundleSeal, BundleWriter, CHUNK, Frames, Piece, entry_frame,
};
pub use cbor::{Bytes, Wire};
pub use code::{HubCode, Invitation, RecoveryCode, TypedCode};
pub use context::{Context, Signature, derive};
pub use control::{Control, ControlBody};
pub use entry::{Entry, Header, Kind, MAX_BODY, MAX_ENTRY};
pub use error::WireError;
pub use grant::{
    Access, CutOff, DeviceWrap, LogCutOff, LogEnd, Perm, Reason, Role, Rules, Scope, Thing, WrapMode, WrappedKey,
};
pub use id::{CollId, DeviceId, DocId, EntryId, GrantId, KeyId, SpaceId};
pub use identity::PublicIdentity;
pub use office::{Happened, MAX_RESCUE, RelayNotes, RescueItem};
pub use receipt::StoredReceipt;
pub use session::{Challenge, ChallengeRequest, SessionRequest, Subject, Token, session_text};
pub use sync::{Cursor, Notices, PushResult, SyncAnswer, SyncRequest};
pub use titipan::{HandedAnswer, HandedHouse, HandedOver, Titipan};
