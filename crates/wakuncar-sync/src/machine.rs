//! The asking side (PROTOCOL §2.10): one POST brings and fetches, page by page.

use std::collections::{BTreeSet, VecDeque};

use thiserror::Error;
use wakuncar_wire::{
    CollHeads, Cursor, Entry, EntryId, MAX_ENTRY, PushResult, SpaceId, StoredReceipt, SyncAnswer, SyncRequest,
};

use crate::root_digest;

/// Bytes of entries in one request.
const PAGE: usize = 768 * 1024;
const MAX_PER_PAGE: usize = 500;

/// An entry that has no receipt yet: its id and bytes. A retry sends the same bytes.
pub type Waiting = (EntryId, Vec<u8>);

/// The answer of a relay that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SyncError {
    /// Not the number of results that belongs to the request, or an answer to no request.
    #[error("the relay's answer does not fit the question")]
    Garbage,
    /// It says that there is more and does not go on.
    #[error("the relay's answer leads nowhere")]
    Stuck,
}

/// What to commit, in one transaction, before the next request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Entries as they came, control first; signature, place and authority are still to be checked.
    pub entries: Vec<Entry>,
    /// How many were no entries of this space.
    pub spoiled: usize,
    /// The cursor after this page.
    pub cursor: Option<Cursor>,
    /// What the relay's signed receipt covers.
    pub stored: Vec<EntryId>,
    /// The receipt.
    pub receipt: Option<Vec<u8>>,
    /// What was not taken, and why; it stays unsent.
    pub refused: Vec<(EntryId, PushResult)>,
    /// Heads of the own logs as the relay has them; behind what it once acknowledged means that it lost data.
    pub own: Vec<CollHeads>,
    /// The relay called something stored and gave no receipt by the published key for it. What it handed out serves all
    /// the same: a relay whose key is new is known by the entry that says so, and that comes in such a page.
    pub unproven: bool,
    /// The relay's clock, Unix seconds.
    pub server_time: u64,
}

/// One sync with one relay, from start to end.
#[derive(Debug, Clone)]
pub struct SyncMachine {
    space: SpaceId,
    receipt_pk: Option<[u8; 32]>,
    cursor: Option<Cursor>,
    heads: Vec<CollHeads>,
    outbox: VecDeque<Waiting>,
    limit: u32,
    asked: Option<Vec<EntryId>>,
    send_heads: bool,
    finished: bool,
}

impl SyncMachine {
    /// Begins. `heads` is everything held; `outbox` the own entries without a receipt of this relay, control first,
    /// then the oldest first; `receipt_pk` the key that the kelurahan published for the relay: without it nothing
    /// counts as stored. `limit` is the bytes that can be taken in one answer, 0 leaves it to the relay.
    pub fn new(
        space: SpaceId,
        receipt_pk: Option<[u8; 32]>,
        cursor: Option<Cursor>,
        heads: Vec<CollHeads>,
        outbox: Vec<Waiting>,
        limit: u32,
    ) -> Self {
        let outbox = outbox.into_iter().filter(|(_, bytes)| bytes.len() <= MAX_ENTRY).collect();
        let send_heads = cursor.is_none();
        Self { space, receipt_pk, cursor, heads, outbox, limit, asked: None, send_heads, finished: false }
    }

    /// The next request; `None` when everything was asked and brought.
    pub fn request(&mut self) -> Option<SyncRequest> {
        if self.finished {
            return None;
        }
        let mut room = PAGE;
        let fits = |(_, bytes): &&Waiting| {
            let fits = bytes.len() <= room;
            room -= bytes.len().min(room);
            fits
        };
        let page: Vec<&Waiting> = self.outbox.iter().take(MAX_PER_PAGE).take_while(fits).collect();
        self.asked = Some(page.iter().map(|(id, _)| *id).collect());
        Some(SyncRequest {
            cursor: self.cursor,
            root: root_digest(&self.heads),
            limit: self.limit,
            push: page.iter().map(|(_, bytes)| bytes.clone().into()).collect(),
            want: Vec::new(),
            vv: if self.send_heads { self.heads.clone() } else { Vec::new() },
        })
    }

    /// Takes the answer: what to commit. After an error the sync is over; what was committed stands, the rest waits.
    ///
    /// # Errors
    /// [`SyncError`].
    pub fn answer(&mut self, answer: &SyncAnswer) -> Result<Page, SyncError> {
        let page = self.take(answer);
        self.finished |= page.is_err();
        page
    }

    fn take(&mut self, answer: &SyncAnswer) -> Result<Page, SyncError> {
        let asked = self.asked.take().ok_or(SyncError::Garbage)?;
        if answer.results.len() != asked.len() {
            return Err(SyncError::Garbage);
        }
        let receipted = self.receipted(answer, &asked);
        let mut unproven = receipted.is_none();
        let stored = receipted.unwrap_or_default();
        let mut refused = Vec::new();
        for (id, result) in asked.iter().zip(&answer.results) {
            match result {
                PushResult::Stored | PushResult::Duplicate => {
                    unproven |= self.receipt_pk.is_some() && !stored.contains(id);
                }
                PushResult::Gap(_)
                | PushResult::Fork
                | PushResult::Refused(_)
                | PushResult::TooLarge
                | PushResult::Quota(_) => refused.push((*id, *result)),
            }
        }
        // Each was tried once; what has no receipt waits for the next sync and blocks nothing here.
        self.outbox.drain(..asked.len().min(self.outbox.len()));
        let decoded = answer.entries.iter().map(|bytes| Entry::decode(bytes));
        let (mut entries, mut spoiled) = (Vec::new(), 0);
        for entry in decoded {
            match entry {
                Ok(entry) if entry.space() == self.space => entries.push(entry),
                Ok(_) | Err(_) => spoiled += 1,
            }
        }
        let moved = self.cursor != Some(answer.cursor) || !asked.is_empty();
        if answer.more && !moved {
            return Err(SyncError::Stuck);
        }
        // Entries before the cursor count as read only if the relay knew it.
        let heads_sent = std::mem::replace(&mut self.send_heads, answer.ask_vv);
        if answer.ask_vv && heads_sent {
            return Err(SyncError::Stuck);
        }
        self.cursor = if answer.ask_vv { None } else { Some(answer.cursor) };
        // Nothing more is brought to a relay that does not prove what it says.
        self.finished = unproven || !answer.more && !answer.ask_vv && self.outbox.is_empty();
        let receipt = answer.receipt.as_ref().filter(|_| !stored.is_empty()).map(|receipt| receipt.to_vec());
        Ok(Page {
            entries,
            spoiled,
            cursor: self.cursor,
            stored: stored.into_iter().collect(),
            receipt,
            refused,
            own: answer.own.clone(),
            unproven,
            server_time: answer.notices.server_time,
        })
    }

    /// The ids that a receipt of the kelurahan's relay covers; `None` for a receipt that is not its.
    fn receipted(&self, answer: &SyncAnswer, asked: &[EntryId]) -> Option<BTreeSet<EntryId>> {
        let (Some(bytes), Some(receipt_pk)) = (&answer.receipt, &self.receipt_pk) else { return Some(BTreeSet::new()) };
        let receipt = StoredReceipt::decode(bytes).ok()?;
        receipt.verify(self.space, receipt_pk).ok()?;
        let of_this_life = receipt.relay_epoch == answer.cursor.epoch;
        of_this_life.then(|| receipt.entries.into_iter().filter(|id| asked.contains(id)).collect())
    }
}
