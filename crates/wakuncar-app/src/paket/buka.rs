//! Reading a file: the same way in as from a relay, page by page. What was read before the file ended or broke is kept;
//! reading it again, or another one with the same entries, changes nothing.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Mutex;

use wakuncar_seal::BundleOpener;
use wakuncar_sync::{Caller, may_fetch};
use wakuncar_wire::{BundleFault, BundleHeader, BundleReader, Entry, Frames, Kind, Piece};

use super::{HasilPaket, Putus, SebabPutus};
use crate::perangkat::described;
use crate::sinkron::lock;
use crate::{App, Error};

/// Entries and bytes of a page, which is one transaction.
const MAX_ENTRIES: usize = 256;
const MAX_BYTES: usize = 1024 * 1024;

/// Takes over what a file holds.
///
/// # Errors
/// [`Error::TanpaKelurahan`], [`Error::BukanPaket`], [`Error::PaketLain`], [`Error::PaketBaru`], [`Error::File`],
/// [`Error::Store`]. A file that breaks off is no error: [`HasilPaket::putus`].
pub fn buka_paket(app: &Mutex<App>, berkas: &Path) -> Result<HasilPaket, Error> {
    let file = File::open(berkas).map_err(Error::file(berkas))?;
    buka(app, BufReader::new(file))
}

fn buka(app: &Mutex<App>, read: impl Read) -> Result<HasilPaket, Error> {
    let space = lock(app).space()?;
    let reader = BundleReader::new(read).map_err(|fault| match fault {
        BundleFault::Version => Error::PaketBaru,
        BundleFault::NotBundle | BundleFault::Truncated | BundleFault::Damaged => Error::BukanPaket,
        BundleFault::Io(error) => Error::File { path: "wkb".into(), error },
    })?;
    if reader.header().space != space {
        return Err(Error::PaketLain);
    }
    let mut pembaca = Pembaca { app, reader, opener: None, frames: Frames::default(), page: Vec::new(), bytes: 0 };
    let mut hasil = HasilPaket::default();
    let ended = pembaca.read_all(&mut hasil);
    // What is whole in memory is kept, whatever ended the reading.
    pembaca.keep(&mut hasil)?;
    if let Some(sebab) = ended? {
        hasil.putus = Some(Putus { pada: pembaca.reader.position(), sebab });
    }
    let mut app = lock(app);
    app.settle_end_at_start()?;
    if hasil.masuk > 0 {
        // An old file that somebody found says nothing new, and is no contact.
        app.note_contact(None)?;
        if app.peran().is_some() {
            app.tend(true)?;
        }
    }
    hasil.diparkir = app.store.waiting_count()?;
    hasil.dari = app.maker(pembaca.reader.header())?;
    Ok(hasil)
}

struct Pembaca<'a, R> {
    app: &'a Mutex<App>,
    reader: BundleReader<R>,
    opener: Option<BundleOpener>,
    frames: Frames,
    page: Vec<Vec<u8>>,
    bytes: usize,
}

impl<R: Read> Pembaca<'_, R> {
    /// Reads to the end; why it ended early, if it did.
    fn read_all(&mut self, hasil: &mut HasilPaket) -> Result<Option<SebabPutus>, Error> {
        loop {
            let piece = match self.reader.next_piece() {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(None),
                Err(BundleFault::Truncated) => return Ok(Some(SebabPutus::Terpotong)),
                Err(BundleFault::Io(_)) => return Ok(Some(SebabPutus::TidakTerbaca)),
                Err(BundleFault::NotBundle | BundleFault::Version | BundleFault::Damaged) => {
                    return Ok(Some(SebabPutus::Rusak));
                }
            };
            match piece {
                Piece::Control(entry) => self.put(entry),
                Piece::Chunk(chunk, last) => {
                    if self.opener.is_none() {
                        // The control entries may bring the key.
                        self.keep(hasil)?;
                        self.opener = lock(self.app).bundle_opener(self.reader.header())?;
                    }
                    let Some(opener) = &mut self.opener else { return Ok(Some(SebabPutus::TanpaKunci)) };
                    let Ok(plain) = opener.open(&chunk, last) else { return Ok(Some(SebabPutus::Rusak)) };
                    let Ok(entries) = self.frames.push(&plain) else { return Ok(Some(SebabPutus::Rusak)) };
                    entries.into_iter().for_each(|entry| self.put(entry));
                    if last && !self.frames.is_at_end() {
                        return Ok(Some(SebabPutus::Rusak));
                    }
                }
            }
            if self.page.len() >= MAX_ENTRIES || self.bytes >= MAX_BYTES {
                self.keep(hasil)?;
            }
        }
    }

    fn put(&mut self, entry: Vec<u8>) {
        self.bytes += entry.len();
        self.page.push(entry);
    }

    fn keep(&mut self, hasil: &mut HasilPaket) -> Result<(), Error> {
        self.bytes = 0;
        let page = std::mem::take(&mut self.page);
        if page.is_empty() { Ok(()) } else { lock(self.app).take_from_file(&page, hasil) }
    }
}

impl App {
    /// Takes over a page of a file: what may be held here, is genuine and follows in its log.
    fn take_from_file(&mut self, page: &[Vec<u8>], hasil: &mut HasilPaket) -> Result<(), Error> {
        let (space, me, known) = (self.space()?, self.diri.id, self.diri.known.clone());
        let may = |entry: &Entry| {
            let header = entry.header();
            let fetch = |roster| may_fetch(roster, Caller::Device(me), header.kind, header.coll);
            header.kind == Kind::Control || known.as_ref().is_some_and(|known| fetch(&known.roster))
        };
        let mut entries = Vec::new();
        for bytes in page {
            match Entry::decode(bytes) {
                Ok(entry) if entry.space() != space => hasil.rusak += 1,
                Ok(entry) if !may(&entry) => hasil.dilewati += 1,
                Ok(entry) => entries.push(entry),
                Err(_) => hasil.rusak += 1,
            }
        }
        let accepted = self.accept(&entries)?;
        hasil.masuk += accepted.entries.len();
        // The other branch of a log that forked is kept, as proof.
        hasil.masuk += accepted.branches.len();
        hasil.sudah += accepted.given.len() - accepted.entries.len();
        hasil.kurang += accepted.gap;
        hasil.rusak += accepted.spoiled;
        hasil.diterapkan += self.ingest(&accepted, |tx| {
            tx.note_day(&crate::clock::today().to_string())?;
            accepted.entries.iter().try_for_each(|entry| tx.set_carried(entry.id())).map_err(Error::from)
        })?;
        Ok(())
    }

    /// Opens the sealed part of a file; `None` if its key is not here.
    fn bundle_opener(&mut self, header: &BundleHeader) -> Result<Option<BundleOpener>, Error> {
        let Some(seal) = header.sealed else { return Ok(None) };
        let Some(key) = self.content_key(seal.key)? else { return Ok(None) };
        Ok(Some(BundleOpener::new(&key, header)?))
    }

    /// The name of whose device made a file, as the file says it.
    fn maker(&mut self, header: &BundleHeader) -> Result<String, Error> {
        if self.peran().is_none() {
            return Ok(String::new());
        }
        let (known, tim) = (self.known()?, self.tim()?);
        Ok(described(&known.roster, &tim, header.made_by).0)
    }
}
