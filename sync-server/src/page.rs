//! What is handed out: a page of what is new to a caller, and entries that it names.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, named_params, params};
use wakuncar_sync::{Caller, may_fetch};
use wakuncar_wire::{Bytes, CollId, DeviceId, Entry, EntryId, Head, Header, Kind, SyncRequest};

use crate::Error;
use crate::book::{Place, number};
use crate::room::{Known, Room};

/// Bounds of a page, whatever the caller says that it can take.
const MIN_PAGE: usize = 64 * 1024;
const MAX_PAGE: usize = 768 * 1024;
/// Rows that are looked at for one page: a caller who may see little of a large kelurahan asks more often.
const MAX_ROWS: usize = 20_000;
/// Entries that are asked for by name in one request; what is above waits for the next.
const MAX_WANTED: usize = 256;

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Bytes>,
    /// Where to go on.
    pub(crate) rseq: u64,
    pub(crate) more: bool,
    /// Which of the entries were asked for by name.
    pub(crate) wanted: Vec<EntryId>,
    /// Arrival numbers of rows that are not what they say.
    pub(crate) damaged: Vec<u64>,
}

/// Who reads what.
pub(crate) struct Reading<'a> {
    pub(crate) room: &'a Room,
    pub(crate) known: &'a Known,
    pub(crate) caller: Caller,
    pub(crate) request: &'a SyncRequest,
}

impl Reading<'_> {
    /// The next page, out of one state of the file. `with_news` is whether what is new is wanted besides what is named.
    pub(crate) fn page(&self, file: &mut Connection, with_news: bool) -> Result<Page, Error> {
        let tx = file.transaction()?;
        let mut page = Page::default();
        if with_news {
            self.read_news(&tx, &mut page)?;
        }
        self.read_wanted(&tx, &mut page)?;
        Ok(page)
    }

    fn limit(&self) -> usize {
        match usize::try_from(self.request.limit) {
            Ok(0) | Err(_) => MAX_PAGE,
            Ok(limit) => limit.clamp(MIN_PAGE, MAX_PAGE),
        }
    }

    fn read_news(&self, tx: &Connection, page: &mut Page) -> Result<(), Error> {
        let space = self.room.space;
        let next: i64 =
            tx.query_row("SELECT next_rseq FROM space WHERE space_id = ?1", [space.as_bytes()], |row| row.get(0))?;
        let held = self.held(tx)?;
        page.rseq = self.request.cursor.map_or(0, |cursor| cursor.rseq);
        let sql = "SELECT rseq, coll, author, branch, seq, kind, entry_id, bytes FROM entry
                   WHERE space_id = ?1 AND rseq > ?2 ORDER BY rseq";
        let mut statement = tx.prepare_cached(sql)?;
        let mut rows = statement.query(params![space.as_bytes(), number(page.rseq)])?;
        let (mut size, mut seen) = (0, 0);
        while let Some(row) = rows.next()? {
            let arrived = Row::read(row)?;
            if seen == MAX_ROWS {
                page.more = true;
                return Ok(());
            }
            seen += 1;
            if self.is_new(&held, &arrived) {
                let bytes: Vec<u8> = row.get(7)?;
                if size > 0 && size + bytes.len() > self.limit() {
                    page.more = true;
                    return Ok(());
                }
                if arrived.is_true(&bytes) {
                    size += bytes.len();
                    page.entries.push(bytes.into());
                } else {
                    page.damaged.push(arrived.rseq);
                }
            }
            page.rseq = arrived.rseq;
        }
        // What is left was replaced by newer beats.
        page.rseq = next.unsigned_abs() - 1;
        Ok(())
    }

    fn is_new(&self, held: &HashMap<(CollId, DeviceId), [u64; 4]>, row: &Row) -> bool {
        // With a cursor a caller has what it brought itself.
        let own = self.request.cursor.is_some() && self.caller == Caller::Device(row.author);
        let beat = row.kind == Kind::Beat;
        let has = held.get(&(row.coll, row.author)).and_then(|has| has.get(row.branch)).copied().unwrap_or(0);
        let fetches = may_fetch(&self.known.roster, self.caller, row.kind, row.coll);
        !own && (beat || row.seq > has) && fetches
    }

    fn read_wanted(&self, tx: &Connection, page: &mut Page) -> Result<(), Error> {
        let sql = "SELECT rseq, coll, author, branch, seq, kind, entry_id, bytes FROM entry
                   WHERE space_id = ?1 AND entry_id = ?2";
        let mut statement = tx.prepare_cached(sql)?;
        let mut size = 0;
        for id in self.request.want.iter().take(MAX_WANTED) {
            let mut rows = statement.query(params![self.room.space.as_bytes(), id.as_bytes()])?;
            let Some(row) = rows.next()? else { continue };
            let arrived = Row::read(row)?;
            if !may_fetch(&self.known.roster, self.caller, arrived.kind, arrived.coll) {
                continue;
            }
            let bytes: Vec<u8> = row.get(7)?;
            size += bytes.len();
            if size > self.limit() && !page.wanted.is_empty() {
                break;
            }
            if arrived.is_true(&bytes) {
                page.entries.push(bytes.into());
                page.wanted.push(*id);
            } else {
                page.damaged.push(arrived.rseq);
            }
        }
        Ok(())
    }

    /// Up to which number a caller holds each branch of the logs that it names.
    fn held(&self, tx: &Connection) -> Result<HashMap<(CollId, DeviceId), [u64; 4]>, Error> {
        let mut held: HashMap<_, [u64; 4]> = HashMap::new();
        for (coll, heads) in &self.request.vv {
            for head in heads {
                let has = held.entry((*coll, head.author)).or_default();
                if self.known.frozen.contains(&head.author) {
                    self.hold_branch(tx, *coll, head, has)?;
                } else {
                    let place = self.place(*coll, head.author, 0);
                    // Another entry at that number: it must see that the log is forked, and gets all of it.
                    let other = place.at(tx, head.seq)?.is_some_and(|id| id.prefix() != head.id8);
                    has[0] = if other { has[0] } else { has[0].max(head.seq) };
                }
            }
        }
        Ok(held)
    }

    /// A head of a forked log, with what it rests on in other branches.
    fn hold_branch(&self, tx: &Connection, coll: CollId, head: &Head, has: &mut [u64; 4]) -> Result<(), Error> {
        let mut at = None;
        for branch in 0..4 {
            let here = self.place(coll, head.author, branch).at(tx, head.seq)?;
            if here.is_some_and(|id| id.prefix() == head.id8) {
                at = Some((branch, head.seq));
                break;
            }
        }
        // At most four branches, and each rests on an earlier number.
        for _ in 0..4 {
            let Some((branch, seq)) = at else { break };
            let index = usize::try_from(branch).unwrap_or_default().min(3);
            has[index] = has[index].max(seq);
            at = if branch == 0 { None } else { self.root_of(tx, coll, head.author, branch)? };
        }
        Ok(())
    }

    /// In which branch, and at which number, stands what a branch rests on.
    fn root_of(
        &self,
        tx: &Connection,
        coll: CollId,
        author: DeviceId,
        branch: i64,
    ) -> Result<Option<(i64, u64)>, Error> {
        let mut first = tx.prepare_cached(
            "SELECT bytes FROM entry WHERE space_id = :space AND coll = :coll AND author = :author AND beat = 0
               AND branch = :branch ORDER BY seq LIMIT 1",
        )?;
        let space = self.room.space;
        let bytes: Option<Vec<u8>> = first
            .query_row(
                named_params! {
                    ":space": space.as_bytes(), ":coll": coll.as_bytes(), ":author": author.as_bytes(), ":branch": branch,
                },
                |row| row.get(0),
            )
            .optional()?;
        let Some(Ok(entry)) = bytes.map(|bytes| Entry::decode(&bytes)) else { return Ok(None) };
        let prev = entry.header().prev;
        let sql = "SELECT branch, seq FROM entry WHERE space_id = ?1 AND entry_id = ?2 AND coll = ?3 AND author = ?4";
        let params = params![space.as_bytes(), prev.as_bytes(), coll.as_bytes(), author.as_bytes()];
        let found = tx
            .prepare_cached(sql)?
            .query_row(params, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?.unsigned_abs())));
        Ok(found.optional()?)
    }

    fn place(&self, coll: CollId, author: DeviceId, branch: i64) -> Place {
        Place { space: self.room.space, coll, author, beat: false, branch }
    }
}

/// A row without its bytes.
struct Row {
    rseq: u64,
    coll: CollId,
    author: DeviceId,
    branch: usize,
    seq: u64,
    kind: Kind,
    id: EntryId,
}

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, Error> {
        let kind = match row.get::<_, i64>(5)? {
            1 => Kind::Batch,
            2 => Kind::Control,
            3 => Kind::Snapshot,
            4 => Kind::View,
            5 => Kind::Beat,
            _ => return Err(Error::Damaged),
        };
        Ok(Self {
            rseq: row.get::<_, i64>(0)?.unsigned_abs(),
            coll: CollId::from_bytes(row.get(1)?),
            author: DeviceId::from_bytes(row.get(2)?),
            branch: usize::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
            seq: row.get::<_, i64>(4)?.unsigned_abs(),
            kind,
            id: EntryId::from_bytes(row.get(6)?),
        })
    }

    /// Whether the bytes are those of the entry that the row speaks of.
    fn is_true(&self, bytes: &[u8]) -> bool {
        let same = |header: &Header| {
            (header.coll, header.author, header.seq, header.kind) == (self.coll, self.author, self.seq, self.kind)
        };
        Entry::decode(bytes).is_ok_and(|entry| entry.id() == self.id && same(entry.header()))
    }
}
