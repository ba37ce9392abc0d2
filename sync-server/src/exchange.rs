//! One page of a sync: what was brought is judged and stored, then what is new is handed out.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::StatusCode;
use wakuncar_sync::Caller;
use wakuncar_wire::{CollHeads, Cursor, Notices, StoredReceipt, SyncAnswer, SyncRequest, Wire};

use crate::gate::locked;
use crate::page::{Page, Reading};
use crate::push::{Brought, Pushed};
use crate::reader::Worth;
use crate::room::{Access, Known, Room};
use crate::route::Refused;
use crate::serve::Desk;
use crate::session::Session;

/// Most items of a request's lists of heads: five thousand devices, or four thousand collections of eight authors.
const MAX_HEADS: usize = 32_768;
/// Heads of one log: as many as branches are kept anywhere.
const MAX_BRANCHES: usize = 8;
/// Entries of one request: twice what a device sends. Each costs a signature, also of one who has used up her day.
const MAX_PUSH: usize = 1000;
/// Entries whose signatures are checked without leaving the thread of the sockets.
const FEW: usize = 4;

impl Desk {
    /// Answers a request. Nothing in the answer is called stored before it is durable.
    pub(crate) async fn exchange(
        &self,
        session: &Arc<Session>,
        room: &Arc<Room>,
        request: SyncRequest,
        now: u64,
    ) -> Result<SyncAnswer, Refused> {
        check_heads(&request.vv)?;
        if request.push.len() > MAX_PUSH {
            return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
        }
        let request = Arc::new(request);
        let pushed = match request.push.is_empty() {
            true => None,
            false => Some(self.push(session, room, &request, now).await?),
        };
        // As of before the file is looked at: a caller that may see more in between is asked anew next time.
        let known = room.known();
        let access = locked(&session.remembered.reader).access(&known, session.caller);
        let worth = self.worth(session, room, request.cursor, access).await?;
        let with_news = request.cursor.is_none() || worth != Worth::Nothing;
        // A caller that has everything is told so out of memory.
        let newest = room.newest();
        let has_all = worth != Worth::Nothing
            && request.cursor.is_some_and(|cursor| {
                let before = pushed.as_ref().map_or(newest, |pushed| pushed.newest.0);
                let after = pushed.as_ref().map_or(newest, |pushed| pushed.newest.1);
                cursor.rseq == before && after == newest
            });
        let mut page = if has_all && request.want.is_empty() || !with_news && request.want.is_empty() {
            Page { rseq: if has_all { newest } else { 0 }, ..Page::default() }
        } else {
            self.read(session, room, known, &request, with_news).await?
        };
        if request.cursor.is_none() {
            page.rseq = locked(&session.remembered.reader).give(access, page.rseq);
        }
        if request.cursor.is_none() || worth == Worth::Confirmed {
            let (space, id, kept) = (room.space, session.id(), locked(&session.remembered.reader).kept());
            self.writer.later(move |books| kept.save(&books.tx, space, id.as_bytes()));
        }
        let Pushed { results, mut durable, mut own, .. } = pushed.unwrap_or_default();
        if let Caller::Device(device) = session.caller
            && results.is_empty()
            && !request.vv.is_empty()
        {
            let space = room.space;
            let heads = self.writer.write(move |books| {
                let Some((book, tx)) = books.book_and_file(space)? else { return Ok(Vec::new()) };
                book.heads(tx, book.logs_of(device).map(|(coll, log)| (device, coll, log)))
            });
            own = heads.await?;
        }
        durable.extend(page.wanted);
        let receipt = (!durable.is_empty())
            .then(|| StoredReceipt::sign(room.space, self.epoch, now, durable, &self.receipt_key).to_wire().into());
        Ok(SyncAnswer {
            cursor: Cursor { epoch: self.epoch, rseq: page.rseq },
            more: page.more,
            ask_vv: !with_news,
            notices: Notices { server_time: now },
            results,
            entries: page.entries,
            own,
            receipt,
        })
    }

    async fn push(
        &self,
        session: &Arc<Session>,
        room: &Arc<Room>,
        request: &Arc<SyncRequest>,
        now: u64,
    ) -> Result<Pushed, Refused> {
        let known = room.known();
        let read = {
            let request = request.clone();
            move || -> Vec<Brought> {
                request.push.iter().map(|bytes| Brought::new(bytes, &known.identities)).collect()
            }
        };
        let brought = if request.push.len() <= FEW { read() } else { crate::readers::aside(read).await? };
        let (space, caller) = (room.space, session.caller);
        let pushed = self.writer.write(move |books| books.bring(space, caller, &brought, now)).await?;
        pushed.ok_or_else(|| StatusCode::UNAUTHORIZED.into())
    }

    /// What the caller's cursor is worth.
    async fn worth(
        &self,
        session: &Arc<Session>,
        room: &Room,
        cursor: Option<Cursor>,
        access: Access,
    ) -> Result<Worth, Refused> {
        let Some(cursor) = cursor.filter(|cursor| cursor.epoch == self.epoch && room.reached(cursor.rseq)) else {
            return Ok(Worth::Nothing);
        };
        let reader = &session.remembered.reader;
        if !locked(reader).is_loaded() {
            let (space, id, own) = (room.space, session.id(), session.clone());
            let load =
                move |file: &mut rusqlite::Connection| locked(&own.remembered.reader).load(file, space, id.as_bytes());
            self.readers.read(load).await?;
        }
        Ok(locked(reader).shows(access, cursor.rseq))
    }

    async fn read(
        &self,
        session: &Session,
        room: &Arc<Room>,
        known: Known,
        request: &Arc<SyncRequest>,
        with_news: bool,
    ) -> Result<Page, Refused> {
        let (room, request, caller) = (room.clone(), request.clone(), session.caller);
        let space = room.space;
        let read = move |file: &mut rusqlite::Connection| {
            Reading { room: &room, known: &known, caller, request: &request }.page(file, with_news)
        };
        let page = self.readers.read(read).await?;
        if !page.damaged.is_empty() {
            let damaged = page.damaged.clone();
            self.writer.write(move |books| books.set_aside(space, &damaged)).await?;
        }
        Ok(page)
    }
}

/// A list of heads that is none: too long, or with something in it twice.
pub(crate) fn check_heads(vv: &[CollHeads]) -> Result<(), Refused> {
    let count: usize = vv.iter().map(|(_, heads)| 1 + heads.len()).sum();
    let mut colls = HashSet::new();
    let twice = vv.iter().any(|(coll, heads)| {
        let mut of_author = std::collections::HashMap::<_, usize>::new();
        let mut seen = HashSet::new();
        let again = heads.iter().any(|head| {
            let branches = of_author.entry(head.author).or_default();
            *branches += 1;
            !seen.insert((head.author, head.seq, head.id8)) || *branches > MAX_BRANCHES
        });
        !colls.insert(*coll) || again
    });
    if count > MAX_HEADS || twice { Err(StatusCode::PAYLOAD_TOO_LARGE.into()) } else { Ok(()) }
}
