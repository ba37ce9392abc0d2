//! What was brought is judged and stored.

use rusqlite::{Connection, OptionalExtension, params};
use wakuncar_roster::Identities;
use wakuncar_sync::{Caller, LogHead, check_signature, may_push};
use wakuncar_wire::{CollHeads, CollId, DeviceId, Entry, EntryId, Header, Kind, PushResult, SpaceId, WireError};

use crate::audit::What;
use crate::book::{Book, Place, join_with, kind_number, number};
use crate::error::tell_operator;
use crate::usage::until_tomorrow;
use crate::writer::Books;
use crate::{Error, Limits};

/// Branches of a log that are kept, the first one counted in: what its author signed besides proves no more.
const BRANCHES: usize = 4;
/// Seconds after which it is worth asking whether a full kelurahan has room again.
const FULL_S: u32 = 86_400;
const MIB: u64 = 1024 * 1024;
/// Refused: not of this form.
const ENCODING: PushResult = PushResult::Refused(1);

/// An entry as it was brought, read and checked as far as can be without the file.
pub(crate) struct Brought {
    entry: Result<(Entry, EntryId), PushResult>,
    bytes: Vec<u8>,
    verified: bool,
}

impl Brought {
    /// Reads an entry and checks its signature, if its author is known already.
    pub(crate) fn new(bytes: &[u8], identities: &Identities) -> Self {
        let entry = match Entry::decode(bytes) {
            Ok(entry) => Ok(entry),
            Err(WireError::TooLarge) => Err(PushResult::TooLarge),
            Err(_) => Err(ENCODING),
        };
        let verified = entry.as_ref().is_ok_and(|entry| check_signature(identities, entry).is_ok());
        Self {
            entry: entry.map(|entry| {
                let id = entry.id();
                (entry, id)
            }),
            bytes: bytes.to_vec(),
            verified,
        }
    }
}

/// What became of it.
#[derive(Debug, Default)]
pub(crate) struct Pushed {
    pub(crate) results: Vec<PushResult>,
    /// What of it is durable once this is told.
    pub(crate) durable: Vec<EntryId>,
    /// Heads of the caller's own logs.
    pub(crate) own: Vec<CollHeads>,
    /// The newest arrival number before and after.
    pub(crate) newest: (u64, u64),
}

/// Where an entry goes.
enum Spot {
    /// After the head of the first branch.
    Next,
    /// Where a row of the first branch is missing.
    Hole,
    /// After the head of another branch, from 1.
    Branch(usize),
    /// At a number that is taken, or after an entry that is no head.
    Apart,
    /// Here already, or replaced by a newer one.
    Known,
    /// After entries that are not here.
    Gap(u64),
}

impl Books {
    /// Takes in a new kelurahan: its genesis and the entries that make it usable. Idempotent. `false` if these are not
    /// the beginning of one.
    pub(crate) fn found(&mut self, entries: Vec<Entry>, now: u64) -> Result<bool, Error> {
        let Some(first) = entries.first() else { return Ok(false) };
        let space = first.space();
        if self.book(space)?.is_some() {
            return Ok(true);
        }
        // A genesis names its own author's keys.
        if check_signature(&Identities::default(), first).is_err() {
            return Ok(false);
        }
        self.tx.execute("INSERT INTO space (space_id, next_rseq) VALUES (?1, 1)", [space.as_bytes()])?;
        insert(&self.tx, space, 1, 0, first, &first.encode(), now)?;
        self.tx.execute("UPDATE space SET next_rseq = 2 WHERE space_id = ?1", [space.as_bytes()])?;
        if self.book(space)?.is_none() {
            // A genesis of another kelurahan, or of none.
            self.tx.execute("DELETE FROM entry WHERE space_id = ?1", [space.as_bytes()])?;
            self.tx.execute("DELETE FROM space WHERE space_id = ?1", [space.as_bytes()])?;
            return Ok(false);
        }
        let author = first.header().author;
        let rest = entries.iter().skip(1).map(|entry| Brought::new(&entry.encode(), &Identities::default()));
        self.bring(space, Caller::Device(author), &rest.collect::<Vec<_>>(), now)?;
        self.audit.add(space, author, What::Founded, now);
        Ok(true)
    }

    /// Stores what may be stored of what a caller brought. Nothing is durable before the commit.
    pub(crate) fn bring(
        &mut self,
        space: SpaceId,
        caller: Caller,
        brought: &[Brought],
        now: u64,
    ) -> Result<Option<Pushed>, Error> {
        let limits = self.limits.clone();
        let mut happened = Vec::new();
        let Some((book, tx)) = self.book_and_file(space)? else { return Ok(None) };
        let mut desk = Desk { tx, book, caller, limits: &limits, now, frozen: false, happened: &mut happened };
        desk.frozen = desk.book.known.frozen.contains(&device_of(caller));
        let mut pushed = Pushed { newest: (desk.book.next - 1, 0), ..Pushed::default() };
        for brought in brought {
            let result = desk.judge(brought)?;
            pushed.results.push(result);
            let Ok((_, id)) = &brought.entry else { continue };
            // A beat that a newer one replaced is known and not here.
            if matches!(result, PushResult::Stored) || result == PushResult::Duplicate && holds(tx, space, *id)? {
                pushed.durable.push(*id);
            }
        }
        if let Caller::Device(device) = caller {
            pushed.own = desk.book.heads(tx, desk.book.logs_of(device).map(|(coll, log)| (device, coll, log)))?;
        }
        desk.book.save(tx)?;
        pushed.newest.1 = desk.book.next - 1;
        for what in happened {
            self.audit.add(space, device_of(caller), what, now);
        }
        Ok(Some(pushed))
    }
}

/// Who is charged and frozen. The keys of an invite are an id like another.
fn device_of(caller: Caller) -> DeviceId {
    match caller {
        Caller::Device(id) | Caller::Invite(id) => id,
    }
}

/// One request at work on one kelurahan.
struct Desk<'a> {
    tx: &'a Connection,
    book: &'a mut Book,
    caller: Caller,
    limits: &'a Limits,
    now: u64,
    /// Whether the caller had forked its log before this request.
    frozen: bool,
    happened: &'a mut Vec<What>,
}

impl Desk<'_> {
    fn judge(&mut self, brought: &Brought) -> Result<PushResult, Error> {
        let (entry, id) = match &brought.entry {
            Ok(entry) => entry,
            Err(result) => {
                self.happened.push(What::NotAnEntry);
                return Ok(*result);
            }
        };
        let own = entry.header().author == device_of(self.caller);
        let mut known_here = entry.space() == self.book.room.space;
        let spot = if known_here { self.spot(entry.header(), *id)? } else { Spot::Next };
        known_here &= matches!(spot, Spot::Known);
        if known_here {
            return Ok(PushResult::Duplicate);
        }
        if let Err(refused) = self.allowed(brought, entry) {
            self.happened.push(if refused == PushResult::Refused(6) { What::Revoked } else { What::Refused });
            return Ok(refused);
        }
        // Whoever has forked its log begins a new one, under a new name (PROTOCOL §2.15).
        if self.frozen {
            return Ok(PushResult::Fork);
        }
        let branch = match spot {
            Spot::Known => return Ok(PushResult::Duplicate),
            Spot::Gap(have) => return Ok(PushResult::Gap(have)),
            Spot::Next | Spot::Hole => 0,
            Spot::Branch(branch) => branch,
            Spot::Apart => {
                let branches = self.book.log(entry.header().author, entry.header().coll).branches.len() + 1;
                if branches >= BRANCHES {
                    return Ok(PushResult::Fork);
                }
                branches
            }
        };
        if let Some(over) = self.over(entry, brought.bytes.len())? {
            return Ok(over);
        }
        self.store(entry, *id, &brought.bytes, branch, matches!(spot, Spot::Hole))?;
        // What proves that its author signed two things is kept, and it is not what she wanted.
        Ok(if branch > 0 && own { PushResult::Fork } else { PushResult::Stored })
    }

    /// Whether signature and roster let this entry in. What the caller brought before it in this request counts, at the
    /// price of evaluating the roster again only if it makes a difference.
    fn allowed(&mut self, brought: &Brought, entry: &Entry) -> Result<(), PushResult> {
        let judge = |book: &Book| {
            if !brought.verified {
                check_signature(&book.known.identities, entry)?;
            }
            may_push(&book.known.roster, self.caller, entry)
        };
        match judge(self.book) {
            Err(_) if self.book.is_stale() => {
                self.book.refresh();
                judge(self.book)
            }
            // Of two joins in one breath the second may be one too many.
            Ok(()) if join_with(entry).is_some_and(|invite| self.book.is_asked_with(invite, entry.header().author)) => {
                self.book.refresh();
                judge(self.book)
            }
            judged => judged,
        }
    }

    fn spot(&mut self, header: &Header, id: EntryId) -> Result<Spot, Error> {
        if header.kind == Kind::Beat {
            return Ok(match self.book.beat(header.author) {
                // Its number was used for another one: its author runs from an old copy and has to count on from here.
                Some(newest) if header.seq == newest.seq && id != newest.id => Spot::Gap(newest.seq),
                Some(newest) if header.seq <= newest.seq => Spot::Known,
                Some(_) | None => Spot::Next,
            });
        }
        let space = self.book.room.space;
        let log = self.book.log(header.author, header.coll);
        let (head, have) = (log.head, log.seq());
        let follows = |head: &LogHead| header.seq == head.seq + 1 && header.prev == head.id;
        if header.seq == 1 && head.is_none() || head.as_ref().is_some_and(follows) {
            return Ok(Spot::Next);
        }
        if let Some(at) = log.branches.iter().position(follows) {
            return Ok(Spot::Branch(at + 1));
        }
        if holds(self.tx, space, id)? {
            return Ok(Spot::Known);
        }
        if header.seq > have + 1 {
            return Ok(Spot::Gap(have));
        }
        let place = Place::of(space, header);
        if header.seq <= have && place.at(self.tx, header.seq)?.is_none() {
            return Ok(if self.fits_hole(place, header, id)? { Spot::Hole } else { Spot::Gap(0) });
        }
        // At the number after the head, and after another entry than the head. If that one is not here either, the whole
        // log is asked for: somewhere in it two entries have one number.
        let proves = header.seq <= have || place.anywhere(self.tx, have, header.prev)?;
        Ok(if proves { Spot::Apart } else { Spot::Gap(0) })
    }

    /// Whether an entry is the one that was lost: what stands before and after it says so.
    fn fits_hole(&self, place: Place, header: &Header, id: EntryId) -> Result<bool, Error> {
        let before = if header.seq == 1 { None } else { place.at(self.tx, header.seq - 1)? };
        let after = place.bytes_at(self.tx, header.seq + 1)?;
        let after = after.and_then(|bytes| Entry::decode(&bytes).ok());
        Ok(before.is_none_or(|before| before == header.prev) && after.is_none_or(|after| after.header().prev == id))
    }

    /// The limit that an entry more would be above.
    fn over(&mut self, entry: &Entry, len: usize) -> Result<Option<PushResult>, Error> {
        let (space, device) = (self.book.room.space, device_of(self.caller));
        let control = entry.header().kind == Kind::Control;
        if control && self.too_many(entry) {
            return Ok(Some(PushResult::TooLarge));
        }
        if self.book.used + len as u64 > u64::from(self.limits.space_mib) * MIB {
            if !self.happened.contains(&What::SpaceFull) {
                tell_operator(format_args!("space_full: a kelurahan has used its room (--ruang-mib)"));
            }
            self.happened.push(What::SpaceFull);
            return Ok(Some(PushResult::Quota(FULL_S)));
        }
        let seat = self.book.known.roster.seat_of(device).is_some();
        let usage = self.book.ledger.today(self.tx, space, device, self.now)?;
        if !usage.fits(self.limits, seat, len, control) {
            self.happened.push(What::OverQuota);
            return Ok(Some(PushResult::Quota(until_tomorrow(self.now))));
        }
        usage.add(len, control);
        Ok(None)
    }

    /// Whether a control entry would make more devices or collections than a kelurahan may have.
    fn too_many(&self, entry: &Entry) -> bool {
        use wakuncar_wire::{Control, ControlBody};
        match Control::decode(entry.body()) {
            Ok(ControlBody::Known(Control::Join { .. })) => self.book.joined >= self.limits.devices as usize,
            Ok(ControlBody::Known(Control::Collection { .. })) => {
                self.book.known.roster.collections().count() >= self.limits.collections as usize
            }
            Ok(ControlBody::Known(_) | ControlBody::Later(_)) | Err(_) => false,
        }
    }

    fn store(&mut self, entry: &Entry, id: EntryId, bytes: &[u8], branch: usize, hole: bool) -> Result<(), Error> {
        let header = entry.header();
        let space = self.book.room.space;
        let head = LogHead { seq: header.seq, id };
        if header.kind == Kind::Beat {
            if self.book.beat(header.author).is_some() {
                self.replace_beat(header)?;
            }
            self.book.set_beat(header.author, head);
        } else {
            let log = self.book.log(header.author, header.coll);
            match branch {
                0 => {
                    log.held += 1;
                    log.head = if hole { log.head } else { Some(head) };
                }
                known if known <= log.branches.len() => log.branches[known - 1] = head,
                _ => {
                    log.branches.push(head);
                    self.book.freeze(header.author);
                    self.happened.push(What::Fork);
                }
            }
        }
        let rseq = self.book.next;
        insert(self.tx, space, rseq, branch, entry, bytes, self.now)?;
        self.book.next += 1;
        self.book.used += bytes.len() as u64;
        if header.coll == CollId::CONTROL && header.kind == Kind::Control {
            self.book.learn(entry.clone());
        }
        Ok(())
    }

    fn replace_beat(&mut self, header: &Header) -> Result<(), Error> {
        let sql = "DELETE FROM entry WHERE space_id = ?1 AND coll = ?2 AND author = ?3 AND beat = 1
                   RETURNING LENGTH(bytes)";
        let (space, coll) = (self.book.room.space, header.coll);
        let params = params![space.as_bytes(), coll.as_bytes(), header.author.as_bytes()];
        let freed: Option<i64> = self.tx.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
        self.book.used = self.book.used.saturating_sub(freed.unwrap_or(0).unsigned_abs());
        Ok(())
    }
}

fn insert(
    tx: &Connection,
    space: SpaceId,
    rseq: u64,
    branch: usize,
    entry: &Entry,
    bytes: &[u8],
    now: u64,
) -> Result<(), Error> {
    let header = entry.header();
    let mut insert = tx.prepare_cached(
        "INSERT INTO entry (space_id, rseq, coll, author, beat, branch, seq, entry_id, kind, received_at, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let (beat, branch) = (header.kind == Kind::Beat, number(branch as u64));
    insert.execute(params![
        space.as_bytes(),
        number(rseq),
        header.coll.as_bytes(),
        header.author.as_bytes(),
        beat,
        branch,
        number(header.seq),
        entry.id().as_bytes(),
        kind_number(header.kind),
        number(now),
        bytes
    ])?;
    Ok(())
}

/// Whether an entry is here.
pub(crate) fn holds(tx: &Connection, space: SpaceId, id: EntryId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM entry WHERE space_id = ?1 AND entry_id = ?2";
    Ok(tx.prepare_cached(sql)?.exists(params![space.as_bytes(), id.as_bytes()])?)
}
