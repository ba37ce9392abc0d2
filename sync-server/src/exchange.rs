//! One page of a sync: what was brought is judged and stored, what is new is handed out, in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use wakuncar_sync::{Caller, judge, may_fetch};
use wakuncar_wire::{
    CollId, Cursor, DeviceId, Entry, EntryId, Notices, Perm, PushResult, SpaceId, StoredReceipt, SyncAnswer,
    SyncRequest, Wire, WireError,
};

use crate::Error;
use crate::ledger::{self, Arrived, Known, Ledger};

const MIN_PAGE: usize = 64 * 1024;
const MAX_PAGE: usize = 768 * 1024;
/// Most items of a request's lists.
const MAX_LIST: usize = 100_000;

impl Ledger {
    /// Takes in a new kelurahan: its genesis and the entries that make it usable. Idempotent. `false` if these are
    /// not the beginning of one.
    pub(crate) fn found(&mut self, entries: &[Entry], now: u64) -> Result<bool, Error> {
        let Some(space) = entries.first().map(Entry::space) else { return Ok(false) };
        if self.known(space)?.is_some() {
            return Ok(true);
        }
        let mut known = None;
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("INSERT INTO space (space_id, next_rseq) VALUES (?1, 1)", [space.as_bytes()])?;
        for entry in entries {
            known = push(&tx, space, known, None, entry, now)?.1;
        }
        let Some(known) = known else { return Ok(false) };
        tx.commit()?;
        self.remember(space, known);
        Ok(true)
    }

    /// Answers a request. Nothing in the answer is called stored before the commit.
    pub(crate) fn exchange(
        &mut self,
        space: SpaceId,
        caller: Caller,
        request: &SyncRequest,
        now: u64,
    ) -> Result<Option<SyncAnswer>, Error> {
        let Some(before) = self.known(space)? else { return Ok(None) };
        let epoch = self.epoch;
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut known, mut results, mut durable) = (Some(before), Vec::new(), Vec::new());
        for bytes in &request.push {
            let (result, id) = match Entry::decode(bytes) {
                Err(WireError::TooLarge) => (PushResult::TooLarge, None),
                Err(_) => (PushResult::Refused(1), None),
                Ok(entry) => {
                    let (result, after) = push(&tx, space, known, Some(caller), &entry, now)?;
                    known = after;
                    (result, Some(entry.id()))
                }
            };
            results.push(result);
            if let Some(id) = id.filter(|_| matches!(result, PushResult::Stored | PushResult::Duplicate)) {
                // A beat that a newer one replaced is known and not here.
                if ledger::holds(&tx, space, id)? {
                    durable.push(id);
                }
            }
        }
        let Some(known) = known else { return Ok(None) };
        let mut page = read(&tx, space, caller, &known, request, epoch)?;
        for id in request.want.iter().take(MAX_LIST) {
            if let Some(entry) = wanted(&tx, space, caller, &known, *id)? {
                page.entries.push(entry.bytes.into());
                durable.push(*id);
            }
        }
        let author = match caller {
            Caller::Device(device) => Some(device),
            Caller::Invite(_) => None,
        };
        let asks = !request.push.is_empty() || !request.vv.is_empty();
        let own = match author.filter(|_| asks) {
            Some(author) => ledger::own_heads(&tx, space, author)?,
            None => Vec::new(),
        };
        tx.commit()?;
        self.remember(space, known);
        let receipt = (!durable.is_empty())
            .then(|| StoredReceipt::sign(space, epoch, now, durable, &self.receipt_key).to_wire().into());
        let notices = Notices { server_time: now };
        Ok(Some(SyncAnswer { notices, results, own, receipt, ..page }))
    }
}

/// Judges one entry and stores it if it may be; a control entry changes what is known at once. Without a caller it
/// is the beginning of a kelurahan.
fn push(
    tx: &Transaction<'_>,
    space: SpaceId,
    known: Option<Arc<Known>>,
    caller: Option<Caller>,
    entry: &Entry,
    now: u64,
) -> Result<(PushResult, Option<Arc<Known>>), Error> {
    let header = entry.header();
    if entry.space() != space {
        return Ok((PushResult::Refused(5), known));
    }
    let (head, standing) = ledger::place(tx, space, header)?;
    let caller = caller.unwrap_or(Caller::Device(header.author));
    let result = match &known {
        Some(known) => judge(&known.roster, &known.identities, caller, entry, head, standing),
        // A genesis names its own author's keys.
        None => {
            let mut own = wakuncar_roster::Identities::default();
            own.learn(entry);
            if own.verify(entry).is_ok() { PushResult::Stored } else { PushResult::Refused(2) }
        }
    };
    if result != PushResult::Stored {
        return Ok((result, known));
    }
    ledger::store(tx, space, entry, now)?;
    if header.coll != CollId::CONTROL || header.kind != wakuncar_wire::Kind::Control {
        return Ok((result, known));
    }
    Ok((result, ledger::evaluate(tx, space)?.map(Arc::new)))
}

/// The next page for a caller.
fn read(
    tx: &Transaction<'_>,
    space: SpaceId,
    caller: Caller,
    known: &Known,
    request: &SyncRequest,
    epoch: [u8; 16],
) -> Result<SyncAnswer, Error> {
    let next: i64 =
        tx.query_row("SELECT next_rseq FROM space WHERE space_id = ?1", [space.as_bytes()], |row| row.get(0))?;
    let changed = access_changed(tx, space, caller, known)?;
    let known_cursor = match &request.cursor {
        Some(cursor) => cursor.epoch == epoch && !changed && ledger::reached(tx, space, cursor.rseq)?,
        None => true,
    };
    let mut page = SyncAnswer {
        cursor: Cursor { epoch, rseq: 0 },
        more: false,
        ask_vv: !known_cursor,
        notices: Notices::default(),
        results: Vec::new(),
        entries: Vec::new(),
        own: Vec::new(),
        receipt: None,
    };
    if page.ask_vv {
        return Ok(page);
    }
    let mut has: BTreeMap<(CollId, DeviceId), u64> = BTreeMap::new();
    for (coll, heads) in request.vv.iter().take(MAX_LIST) {
        has.extend(heads.iter().take(MAX_LIST).map(|head| ((*coll, head.author), head.seq)));
    }
    page.cursor.rseq = request.cursor.map_or(0, |cursor| cursor.rseq);
    let limit = match usize::try_from(request.limit) {
        Ok(0) | Err(_) => MAX_PAGE,
        Ok(limit) => limit.clamp(MIN_PAGE, MAX_PAGE),
    };
    let sql = "SELECT rseq, bytes FROM entry WHERE space_id = ?1 AND rseq > ?2 ORDER BY rseq";
    let mut statement = tx.prepare_cached(sql)?;
    let after = i64::try_from(page.cursor.rseq).unwrap_or(i64::MAX);
    let mut size = 0;
    for row in statement.query_map(params![space.as_bytes(), after], ledger::arrived)? {
        let Arrived { rseq, bytes, header } = Arrived::new(row?)?;
        // With a cursor a caller has what it brought itself.
        let own = request.cursor.is_some() && caller == Caller::Device(header.author);
        let beat = header.kind == wakuncar_wire::Kind::Beat;
        let held = !beat && has.get(&(header.coll, header.author)).is_some_and(|seq| header.seq <= *seq);
        if !own && !held && may_fetch(&known.roster, caller, &header) {
            if size > 0 && size + bytes.len() > limit {
                page.more = true;
                return Ok(page);
            }
            size += bytes.len();
            page.entries.push(bytes.into());
        }
        page.cursor.rseq = rseq;
    }
    // What is left was replaced by newer beats.
    page.cursor.rseq = next.unsigned_abs() - 1;
    Ok(page)
}

/// Whether a caller may fetch other collections than when it last asked; remembers what it may now.
fn access_changed(tx: &Transaction<'_>, space: SpaceId, caller: Caller, known: &Known) -> Result<bool, Error> {
    let (id, access) = match caller {
        Caller::Invite(keys) => (keys.as_bytes().to_vec(), Vec::new()),
        Caller::Device(device) => {
            let may = |coll: &CollId| known.roster.perm(device, *coll).includes(Perm::FETCH);
            let colls = known.roster.collections().map(|(coll, _)| coll).filter(may);
            let member = u8::from(known.roster.is_member(device));
            let all: Vec<u8> = colls.flat_map(|coll| *coll.as_bytes()).chain([member]).collect();
            (device.as_bytes().to_vec(), blake3::hash(&all).as_bytes().to_vec())
        }
    };
    let sql = "SELECT access FROM reader WHERE space_id = ?1 AND caller = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let before: Option<Vec<u8>> = statement.query_row(params![space.as_bytes(), id], |row| row.get(0)).optional()?;
    if before.as_ref() == Some(&access) {
        return Ok(false);
    }
    let sql = "INSERT INTO reader (space_id, caller, access) VALUES (?1, ?2, ?3)
               ON CONFLICT (space_id, caller) DO UPDATE SET access = excluded.access";
    tx.prepare_cached(sql)?.execute(params![space.as_bytes(), id, access])?;
    Ok(before.is_some())
}

/// An entry asked for by id, if the caller may have it.
fn wanted(
    tx: &Transaction<'_>,
    space: SpaceId,
    caller: Caller,
    known: &Known,
    id: EntryId,
) -> Result<Option<Arrived>, Error> {
    let sql = "SELECT rseq, bytes FROM entry WHERE space_id = ?1 AND entry_id = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let row = statement.query_row(params![space.as_bytes(), id.as_bytes()], ledger::arrived).optional()?;
    let entry = row.map(Arrived::new).transpose()?;
    Ok(entry.filter(|entry| may_fetch(&known.roster, caller, &entry.header)))
}
