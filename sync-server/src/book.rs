//! One kelurahan as the writer sees it, inside its transaction: heads, counts, control entries. A cache of the file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, named_params, params};
use wakuncar_roster::{Identities, Roster};
use wakuncar_sync::LogHead;
use wakuncar_wire::{
    CollHeads, CollId, Control, ControlBody, DeviceId, Entry, EntryId, GrantId, Head, Header, Kind, SpaceId,
};

use crate::Error;
use crate::room::{Known, Room, Rooms};
use crate::usage::Ledger;

/// A chained log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    /// The newest entry of what stood first.
    pub(crate) head: Option<LogHead>,
    /// How many entries of it are here: less than the head's number if rows were lost.
    pub(crate) held: u64,
    /// The newest entries of what its author also signed: branches 1, 2, 3.
    pub(crate) branches: Vec<LogHead>,
}

impl Log {
    /// Its newest number.
    pub(crate) fn seq(&self) -> u64 {
        self.head.map_or(0, |head| head.seq)
    }
}

/// A kelurahan in the writer's hands.
pub(crate) struct Book {
    pub(crate) room: Arc<Room>,
    pub(crate) known: Known,
    pub(crate) next: u64,
    pub(crate) used: u64,
    pub(crate) ledger: Ledger,
    /// How many devices have ever asked to join.
    pub(crate) joined: usize,
    control: Vec<Entry>,
    /// Whether there are control entries that `known` does not have in it yet.
    stale: bool,
    /// Who asked to join with which invite since then.
    asked: Vec<(GrantId, DeviceId)>,
    logs: BTreeMap<(DeviceId, CollId), Log>,
    beats: HashMap<DeviceId, LogHead>,
}

impl Book {
    /// Reads a kelurahan from the file; `None` if it is not there or its genesis is not.
    pub(crate) fn load(tx: &Connection, rooms: &Rooms, space: SpaceId) -> Result<Option<Self>, Error> {
        let row =
            tx.query_row("SELECT next_rseq, used_bytes FROM space WHERE space_id = ?1", [space.as_bytes()], |row| {
                Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
            });
        let Some((next, used)) = row.optional()? else { return Ok(None) };
        let control = control_entries(tx, space)?;
        let Ok(roster) = Roster::evaluate(space, &control) else { return Ok(None) };
        let mut identities = Identities::default();
        control.iter().for_each(|entry| identities.learn(entry));
        let (logs, beats) = read_logs(tx, space)?;
        let frozen = logs.iter().filter(|(_, log)| !log.branches.is_empty()).map(|((author, _), _)| *author);
        let frozen: BTreeSet<DeviceId> = frozen.collect();
        let room = rooms.get(space);
        let version = room.as_ref().map_or(0, |room| room.known().version) + 1;
        let (roster, identities, frozen) = (Arc::new(roster), Arc::new(identities), Arc::new(frozen));
        let known = Known { roster, identities, frozen, version };
        let room = match room {
            Some(room) => room,
            None => Arc::new(Room::new(space, known.clone(), next, read_jumps(tx, space)?)),
        };
        let joined = control.iter().filter(|entry| join_with(entry).is_some()).count();
        let ledger = Ledger::default();
        Ok(Some(Self {
            room,
            known,
            next,
            used,
            ledger,
            joined,
            control,
            stale: false,
            asked: Vec::new(),
            logs,
            beats,
        }))
    }

    /// What is known now, control entries of this transaction included.
    pub(crate) fn refresh(&mut self) {
        if !std::mem::replace(&mut self.stale, false) {
            return;
        }
        self.asked.clear();
        // It was one before, and a set of control entries that grew still has its genesis.
        if let Ok(roster) = Roster::evaluate(self.room.space, &self.control) {
            self.known.roster = Arc::new(roster);
            self.known.version += 1;
        }
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.stale
    }

    /// A control entry counts from now on.
    pub(crate) fn learn(&mut self, entry: Entry) {
        Arc::make_mut(&mut self.known.identities).learn(&entry);
        if let Some(invite) = join_with(&entry) {
            self.joined += 1;
            self.asked.push((invite, entry.header().author));
        }
        self.control.push(entry);
        self.stale = true;
        self.known.version += 1;
    }

    /// Whether another device has asked with this invite in the same breath.
    pub(crate) fn is_asked_with(&self, invite: GrantId, by_another_than: DeviceId) -> bool {
        self.asked.iter().any(|(with, device)| *with == invite && *device != by_another_than)
    }

    /// Two entries of this author stand at one number.
    pub(crate) fn freeze(&mut self, author: DeviceId) {
        if !self.known.frozen.contains(&author) {
            Arc::make_mut(&mut self.known.frozen).insert(author);
            self.known.version += 1;
        }
    }

    /// The log of an author in a collection.
    pub(crate) fn log(&mut self, author: DeviceId, coll: CollId) -> &mut Log {
        self.logs.entry((author, coll)).or_default()
    }

    /// The newest beat of an author.
    pub(crate) fn beat(&self, author: DeviceId) -> Option<LogHead> {
        self.beats.get(&author).copied()
    }

    pub(crate) fn set_beat(&mut self, author: DeviceId, head: LogHead) {
        self.beats.insert(author, head);
    }

    /// The chained logs of an author.
    pub(crate) fn logs_of(&self, author: DeviceId) -> impl Iterator<Item = (CollId, &Log)> {
        let all = (author, CollId::from_bytes([0; 16]))..=(author, CollId::from_bytes([0xff; 16]));
        self.logs.range(all).map(|((_, coll), log)| (*coll, log))
    }

    /// Every chained log.
    pub(crate) fn logs(&self) -> impl Iterator<Item = (DeviceId, CollId, &Log)> {
        self.logs.iter().map(|((author, coll), log)| (*author, *coll, log))
    }

    /// The heads of the given logs: the last entry up to which there is no hole, so that its author fills it, and the
    /// newest of each branch.
    pub(crate) fn heads<'a>(
        &self,
        tx: &Connection,
        logs: impl Iterator<Item = (DeviceId, CollId, &'a Log)>,
    ) -> Result<Vec<CollHeads>, Error> {
        let mut heads: BTreeMap<CollId, Vec<Head>> = BTreeMap::new();
        for (author, coll, log) in logs {
            let of = heads.entry(coll).or_default();
            let whole = match log.head {
                Some(head) if log.held < head.seq => before_hole(tx, self.room.space, author, coll)?,
                head => head,
            };
            let all = whole.into_iter().chain(log.branches.iter().copied());
            of.extend(all.map(|head| Head { author, seq: head.seq, id8: head.id.prefix() }));
        }
        heads.retain(|_, heads| !heads.is_empty());
        Ok(heads.into_iter().collect())
    }

    /// Writes next number and size.
    pub(crate) fn save(&mut self, tx: &Connection) -> Result<(), Error> {
        let sql = "UPDATE space SET next_rseq = ?2, used_bytes = ?3 WHERE space_id = ?1";
        let (next, used) = (number(self.next), number(self.used));
        tx.prepare_cached(sql)?.execute(params![self.room.space.as_bytes(), next, used])?;
        self.ledger.save(tx, self.room.space)
    }

    /// Everybody sees what was committed.
    pub(crate) fn publish(&self) {
        if self.room.known().version == self.known.version {
            self.room.publish_arrivals(self.next);
        } else {
            self.room.publish(&self.known, self.next);
        }
    }
}

/// SQLite's integers; ours stay far below.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The invite with which a device asks to join.
pub(crate) fn join_with(entry: &Entry) -> Option<GrantId> {
    match Control::decode(entry.body()) {
        Ok(ControlBody::Known(Control::Join { invite, .. })) if entry.header().kind == Kind::Control => Some(invite),
        Ok(ControlBody::Known(_) | ControlBody::Later(_)) | Err(_) => None,
    }
}

/// The number of a kind in the file.
pub(crate) fn kind_number(kind: Kind) -> i64 {
    match kind {
        Kind::Batch => 1,
        Kind::Control => 2,
        Kind::Snapshot => 3,
        Kind::View => 4,
        Kind::Beat => 5,
    }
}

fn control_entries(tx: &Connection, space: SpaceId) -> Result<Vec<Entry>, Error> {
    let sql = "SELECT bytes FROM entry WHERE space_id = ?1 AND kind = 2 ORDER BY rseq";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([space.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    // A damaged row is found when it is handed out; without it the others still say who may do what.
    let entries = rows.map(|bytes| Ok(Entry::decode(&bytes?).ok()));
    entries.filter_map(Result::transpose).collect()
}

fn read_jumps(tx: &Connection, space: SpaceId) -> Result<Vec<(u64, u64)>, Error> {
    let mut statement = tx.prepare_cached("SELECT skipped, resumed FROM jump WHERE space_id = ?1")?;
    let rows = statement.query_map([space.as_bytes()], |row| {
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

type Logs = (BTreeMap<(DeviceId, CollId), Log>, HashMap<DeviceId, LogHead>);

/// Every log, from the index alone but for the id of its head.
fn read_logs(tx: &Connection, space: SpaceId) -> Result<Logs, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT coll, author, beat, branch, COUNT(*), MAX(seq) FROM entry
         WHERE space_id = ?1 GROUP BY coll, author, beat, branch",
    )?;
    let (mut logs, mut beats) = (BTreeMap::<_, Log>::new(), HashMap::new());
    let mut rows = statement.query([space.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let (coll, author) = (CollId::from_bytes(row.get(0)?), DeviceId::from_bytes(row.get(1)?));
        let (beat, branch): (bool, i64) = (row.get(2)?, row.get(3)?);
        let (held, seq): (i64, i64) = (row.get(4)?, row.get(5)?);
        let place = Place { space, coll, author, beat, branch };
        let Some(id) = place.at(tx, seq.unsigned_abs())? else { continue };
        let head = LogHead { seq: seq.unsigned_abs(), id };
        if beat {
            beats.insert(author, head);
        } else if branch == 0 {
            let log = logs.entry((author, coll)).or_default();
            (log.head, log.held) = (Some(head), held.unsigned_abs());
        } else {
            logs.entry((author, coll)).or_default().branches.push(head);
        }
    }
    Ok((logs, beats))
}

/// A branch of a log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) space: SpaceId,
    pub(crate) coll: CollId,
    pub(crate) author: DeviceId,
    pub(crate) beat: bool,
    pub(crate) branch: i64,
}

impl Place {
    /// The first branch of the log of an entry.
    pub(crate) fn of(space: SpaceId, header: &Header) -> Self {
        let beat = header.kind == Kind::Beat;
        Self { space, coll: header.coll, author: header.author, beat, branch: 0 }
    }

    /// What stands at a number.
    pub(crate) fn at(&self, tx: &Connection, seq: u64) -> Result<Option<EntryId>, Error> {
        let mut statement = tx.prepare_cached(
            "SELECT entry_id FROM entry WHERE space_id = :space AND coll = :coll AND author = :author
               AND beat = :beat AND branch = :branch AND seq = :seq",
        )?;
        let found = statement.query_row(
            named_params! {
                ":space": self.space.as_bytes(), ":coll": self.coll.as_bytes(), ":author": self.author.as_bytes(),
                ":beat": self.beat, ":branch": self.branch, ":seq": number(seq),
            },
            |row| row.get(0),
        );
        Ok(found.optional()?.map(EntryId::from_bytes))
    }

    /// Whether this entry stands at a number in any branch.
    pub(crate) fn anywhere(&self, tx: &Connection, seq: u64, id: EntryId) -> Result<bool, Error> {
        let mut statement = tx.prepare_cached(
            "SELECT 1 FROM entry WHERE space_id = ?1 AND entry_id = ?2 AND coll = ?3 AND author = ?4 AND seq = ?5",
        )?;
        let (coll, author) = (self.coll.as_bytes(), self.author.as_bytes());
        Ok(statement.exists(params![self.space.as_bytes(), id.as_bytes(), coll, author, number(seq)])?)
    }

    /// The bytes of what stands at a number.
    pub(crate) fn bytes_at(&self, tx: &Connection, seq: u64) -> Result<Option<Vec<u8>>, Error> {
        let mut statement = tx.prepare_cached(
            "SELECT bytes FROM entry WHERE space_id = :space AND coll = :coll AND author = :author
               AND beat = :beat AND branch = :branch AND seq = :seq",
        )?;
        let found = statement.query_row(
            named_params! {
                ":space": self.space.as_bytes(), ":coll": self.coll.as_bytes(), ":author": self.author.as_bytes(),
                ":beat": self.beat, ":branch": self.branch, ":seq": number(seq),
            },
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }
}

/// The last entry of a log before the first that is missing; `None` if the first one is.
fn before_hole(tx: &Connection, space: SpaceId, author: DeviceId, coll: CollId) -> Result<Option<LogHead>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT seq FROM entry
         WHERE space_id = ?1 AND coll = ?2 AND author = ?3 AND beat = 0 AND branch = 0 ORDER BY seq",
    )?;
    let mut rows = statement.query(params![space.as_bytes(), coll.as_bytes(), author.as_bytes()])?;
    let mut last = 0;
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(0)?.unsigned_abs() != last + 1 {
            break;
        }
        last += 1;
    }
    let place = Place { space, coll, author, beat: false, branch: 0 };
    Ok(place.at(tx, last)?.map(|id| LogHead { seq: last, id }))
}
