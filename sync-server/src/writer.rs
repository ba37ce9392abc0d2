//! The one thread that writes. Requests that wait when it is free are committed together: one flush to the disk serves
//! all of them, and nobody is told anything before it.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use wakuncar_wire::SpaceId;

use crate::audit::Audit;
use crate::book::Book;
use crate::error::tell_operator;
use crate::room::Rooms;
use crate::{Error, Limits};

/// Most requests of one commit. More would keep the first one waiting longer than the flush that it saves.
const GROUP: usize = 32;
/// Requests that wait for the writer. Whoever finds it full waits outside.
const QUEUE: usize = 256;

/// Why a whole commit came to nothing.
#[derive(Debug, Clone, Copy)]
enum Fault {
    DiskFull,
    Other,
}

type Tell = Box<dyn FnOnce(Option<Fault>) + Send>;
/// Does its work; `false` if what it wrote must go.
type Job = Box<dyn FnOnce(&mut Books) -> (bool, Tell) + Send>;

/// Everything that is written, behind a queue.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
    /// In a simulation jobs are done at once, by whoever brings them.
    #[cfg(feature = "simulasi")]
    here: Option<Arc<std::sync::Mutex<Books>>>,
}

/// What jobs work on: the file in a transaction, and what is cached of it.
pub(crate) struct Books {
    pub(crate) tx: Connection,
    pub(crate) rooms: Arc<Rooms>,
    pub(crate) limits: Limits,
    pub(crate) audit: Audit,
    open: HashMap<SpaceId, Book>,
    touched: BTreeSet<SpaceId>,
}

impl Writer {
    /// Starts the thread; it ends when the last writer is dropped, and closes the file.
    pub(crate) fn start(
        connection: Connection,
        rooms: Arc<Rooms>,
        limits: Limits,
    ) -> Result<(Self, std::thread::JoinHandle<()>), Error> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (open, touched) = (HashMap::new(), BTreeSet::new());
        let books = Books { tx: connection, rooms, limits, audit: Audit::default(), open, touched };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || work(books, jobs));
        let thread = thread.map_err(|error| Error::Io { what: "writer", error })?;
        let writer = Self {
            queue,
            #[cfg(feature = "simulasi")]
            here: None,
        };
        Ok((writer, thread))
    }

    /// One without a thread.
    #[cfg(feature = "simulasi")]
    pub(crate) fn here(connection: Connection, rooms: Arc<Rooms>, limits: Limits) -> Self {
        let (open, touched) = (HashMap::new(), BTreeSet::new());
        let books = Books { tx: connection, rooms, limits, audit: Audit::default(), open, touched };
        Self { queue: mpsc::channel(1).0, here: Some(Arc::new(std::sync::Mutex::new(books))) }
    }

    /// Puts a job into the queue, or does it.
    async fn put(&self, job: Job) -> Result<(), Error> {
        #[cfg(feature = "simulasi")]
        if let Some(books) = &self.here {
            crate::gate::locked(books).commit_together(vec![job]);
            return Ok(());
        }
        self.queue.send(job).await.map_err(|_| Error::Stopped)
    }

    /// Does `work` in the next transaction, and answers when it is durable.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Books) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |books| {
            let done = work(books);
            let stands = done.is_ok();
            let tell: Tell = Box::new(move |fault| {
                let answer = match fault {
                    None => done,
                    Some(Fault::DiskFull) => Err(Error::DiskFull),
                    Some(Fault::Other) => Err(Error::Stopped),
                };
                // Whoever asked may have gone.
                let _ = tell.send(answer);
            });
            (stands, tell)
        });
        self.put(job).await?;
        told.await.map_err(|_| Error::Stopped)?
    }

    /// Does `work` some time, unless the queue is full; for what nobody waits for.
    pub(crate) fn later(&self, work: impl FnOnce(&mut Books) -> Result<(), Error> + Send + 'static) {
        let job: Job = Box::new(move |books| {
            let stands = work(books).is_ok();
            (stands, Box::new(|_| ()))
        });
        #[cfg(feature = "simulasi")]
        if let Some(books) = &self.here {
            crate::gate::locked(books).commit_together(vec![job]);
            return;
        }
        // A count that is lost under load is no loss.
        let _ = self.queue.try_send(job);
    }
}

fn work(mut books: Books, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(job) = jobs.try_recv()
        {
            group.push(job);
        }
        books.commit_together(group);
    }
    // Only what was counted and not written yet.
    books.commit_together(vec![Box::new(|books| (books.audit.save(&books.tx).is_ok(), Box::new(|_| ())))]);
}

impl Books {
    /// A kelurahan; `None` if nobody brought it here.
    pub(crate) fn book(&mut self, space: SpaceId) -> Result<Option<&mut Book>, Error> {
        Ok(self.book_and_file(space)?.map(|(book, _)| book))
    }

    /// A kelurahan and the file.
    pub(crate) fn book_and_file(&mut self, space: SpaceId) -> Result<Option<(&mut Book, &Connection)>, Error> {
        if !self.open.contains_key(&space) {
            let Some(book) = Book::load(&self.tx, &self.rooms, space)? else { return Ok(None) };
            self.open.insert(space, book);
        }
        self.touched.insert(space);
        Ok(self.open.get_mut(&space).map(|book| (book, &self.tx)))
    }

    /// Takes in a kelurahan that has just been written.
    pub(crate) fn forget(&mut self, space: SpaceId) {
        self.open.remove(&space);
    }

    fn commit_together(&mut self, group: Vec<Job>) {
        self.touched.clear();
        let mut told = Vec::with_capacity(group.len());
        let mut done = self.begin();
        if done.is_ok() {
            for job in group {
                let (tell, stands) = self.run(job);
                told.extend(tell);
                done = done.and(stands);
            }
            done = done.and_then(|()| self.finish());
        } else {
            // Nothing was done: their senders are dropped, and whoever waits learns it.
            drop(group);
        }
        if let Err(error) = &done {
            tell_operator(format_args!("{error}"));
            // A transaction that SQLite has ended itself cannot be rolled back again.
            let _ = self.tx.execute_batch("ROLLBACK");
            self.open.clear();
        } else {
            self.publish();
        }
        let fault =
            done.err().map(|error| if matches!(error, Error::DiskFull) { Fault::DiskFull } else { Fault::Other });
        for tell in told {
            tell(fault);
        }
    }

    fn begin(&self) -> Result<(), Error> {
        self.tx.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(())
    }

    /// One job. What it wrote goes if it fails, and the others of its group stand.
    fn run(&mut self, job: Job) -> (Option<Tell>, Result<(), Error>) {
        let point = |sql: &str, tx: &Connection| -> Result<(), Error> {
            tx.prepare_cached(sql)?.execute([])?;
            Ok(())
        };
        if let Err(error) = point("SAVEPOINT job", &self.tx) {
            return (None, Err(error));
        }
        let done = catch_unwind(AssertUnwindSafe(|| job(self)));
        let (stands, tell) = match done {
            Ok((stands, tell)) => (stands, Some(tell)),
            Err(_) => (false, None),
        };
        let mut ended = Ok(());
        if !stands {
            self.open.clear();
            ended = point("ROLLBACK TO job", &self.tx);
        }
        (tell, ended.and_then(|()| point("RELEASE job", &self.tx)))
    }

    fn finish(&mut self) -> Result<(), Error> {
        for space in self.touched.clone() {
            if let Some(book) = self.book(space)? {
                book.refresh();
            }
        }
        self.audit.save(&self.tx)?;
        self.tx.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    fn publish(&mut self) {
        for space in std::mem::take(&mut self.touched) {
            let Some(book) = self.open.get(&space) else { continue };
            book.publish();
            if self.rooms.get(space).is_none() {
                self.rooms.add(book.room.clone());
            }
        }
    }
}
