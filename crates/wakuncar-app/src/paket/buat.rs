//! Writing a file. The lock is held page by page, never while the stick is written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use wakuncar_seal::BundleSealer;
use wakuncar_sync::{Caller, may_fetch, root_digest};
use wakuncar_wire::{
    Batch, BundleHeader, BundleReader, BundleWriter, CollHeads, CollId, DeviceId, Entry, Head, Header, Kind, Scope,
    entry_frame,
};

use super::{IsiPaket, PaketDibuat};
use crate::log::{Known, Ragu};
use crate::sinkron::lock;
use crate::{App, Error, acak, clock};

/// Days of a file of the office that names nobody (PROTOCOL §2.12).
const HARI: u32 = 90;
/// Entries read at once.
const PAGE: u32 = 200;

/// How far each log is held by whoever the file is for.
type Diketahui = BTreeMap<(CollId, DeviceId), u64>;

/// What goes into a file, and how it begins.
struct Rencana {
    saring: Saring,
    header: BundleHeader,
    sealer: Option<BundleSealer>,
    /// The newest entry that is looked at.
    sampai: i64,
}

/// Which entries go into a file. Control entries do, all of them: they are small, and a reader without one of them could
/// believe none after it.
struct Saring {
    known: Arc<Known>,
    untuk: Option<DeviceId>,
    diketahui: Diketahui,
    sesudah: i64,
}

impl Saring {
    fn takes(&self, entry_no: i64, header: &Header) -> bool {
        let beat = header.kind == Kind::Beat;
        let new = entry_no > self.sesudah
            && self.diketahui.get(&(header.coll, header.author)).is_none_or(|seq| header.seq > *seq);
        let may = |device| may_fetch(&self.known.roster, Caller::Device(device), header.kind, header.coll);
        header.kind != Kind::Control && (new || beat) && self.untuk.is_none_or(may)
    }

    fn is_everything(&self) -> bool {
        self.untuk.is_none() && self.diketahui.is_empty() && self.sesudah == 0
    }
}

/// Writes a file to `ke`, or under a name of the day into `ke` if that is a folder. It is whole and read back once before
/// it has its name; a bundle file that had the name is replaced, another file is not.
///
/// # Errors
/// [`Error::TanpaKelurahan`], [`Error::PerangkatTidakAda`], [`Error::File`], [`Error::Store`].
pub fn buat_paket(app: &Mutex<App>, ke: &Path, isi: IsiPaket) -> Result<PaketDibuat, Error> {
    let rencana = lock(app).rencana_paket(isi)?;
    let berkas = named(ke)?;
    let bagian = berkas.with_extension("wkb.bagian");
    let lengkap = rencana.saring.is_everything();
    let written = write(app, rencana, &bagian).and_then(|catatan| Ok((catatan, reread(&bagian)?)));
    let (catatan, bita) = written.inspect_err(|_| {
        // What is left of a file that could not be written has no name that anybody would open.
        let _ = std::fs::remove_file(&bagian);
    })?;
    std::fs::rename(&bagian, &berkas).map_err(Error::file(&berkas))?;
    let tertinggal = lock(app).store.outbox_count()?;
    Ok(PaketDibuat { berkas, catatan, bita, lengkap, tertinggal })
}

/// The name of the file; a file that is there and is no bundle keeps its name.
fn named(ke: &Path) -> Result<PathBuf, Error> {
    if ke.is_dir() {
        let names = (1..=u32::MAX).map(|nomor| ke.join(format!("wakuncar-{}-{nomor}.wkb", clock::today())));
        return names.into_iter().find(|path| !path.exists()).ok_or(Error::BukanPaket);
    }
    let taken = ke.exists() && {
        let mut magic = [0; 3];
        let read = File::open(ke).and_then(|mut file| file.read_exact(&mut magic));
        read.is_err() || magic != *b"WKB"
    };
    if taken { Err(Error::file(ke)(std::io::ErrorKind::AlreadyExists.into())) } else { Ok(ke.to_owned()) }
}

fn write(app: &Mutex<App>, mut rencana: Rencana, path: &Path) -> Result<usize, Error> {
    let file = File::create(path).map_err(Error::file(path))?;
    let mut writer = BundleWriter::new(BufWriter::new(file), &rencana.header).map_err(Error::file(path))?;
    let control = lock(app).store.control_entries()?;
    let wanted = usize::try_from(rencana.header.control).unwrap_or(usize::MAX);
    for entry in control.iter().take(wanted) {
        writer.control(&entry.bytes).map_err(Error::file(path))?;
    }
    let mut catatan = control.len().min(wanted);
    if let Some(mut sealer) = rencana.sealer.take() {
        let mut after = 0;
        loop {
            let page = lock(app).store.entries_after(after, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (entry_no, held) in page.iter().filter(|(entry_no, _)| *entry_no <= rencana.sampai) {
                let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
                if rencana.saring.takes(*entry_no, entry.header()) {
                    catatan += 1;
                    for chunk in sealer.push(&entry_frame(&held.bytes)?)? {
                        writer.chunk(&chunk, false).map_err(Error::file(path))?;
                    }
                }
            }
        }
        writer.chunk(&sealer.finish()?, true).map_err(Error::file(path))?;
    }
    let file = writer.finish().map_err(Error::file(path))?;
    let file = file.into_inner().map_err(|error| Error::file(path)(error.into_error()))?;
    file.sync_all().map_err(Error::file(path))?;
    Ok(catatan)
}

/// Reads it to its end: sticks lie. How many bytes it has.
fn reread(path: &Path) -> Result<u64, Error> {
    let file = File::open(path).map_err(Error::file(path))?;
    let bita = file.metadata().map_err(Error::file(path))?.len();
    let read = BundleReader::new(BufReader::new(file)).and_then(|mut reader| {
        while reader.next_piece()?.is_some() {}
        Ok(())
    });
    read.map_err(|fault| Error::file(path)(std::io::Error::other(fault)))?;
    Ok(bita)
}

impl App {
    fn rencana_paket(&mut self, isi: IsiPaket) -> Result<Rencana, Error> {
        let (space, known) = (self.space()?, self.known()?);
        if let IsiPaket::Untuk(device) = isi
            && known.identities.get(device).is_none()
        {
            return Err(Error::PerangkatTidakAda);
        }
        // Who may be an old copy of herself numbers nothing before a relay or the hub was asked.
        if self.peran().is_some() && self.ragu != Ragu::Salinan {
            self.susun()?;
            self.write_beat()?;
        }
        self.store.write::<_, Error>(|tx| Ok(tx.note_day(&clock::today().to_string())?))?;
        let mut saring = Saring { known, untuk: None, diketahui: Diketahui::new(), sesudah: 0 };
        match isi {
            IsiPaket::Semua => {}
            IsiPaket::Hari(hari) => saring.sesudah = self.before_days(hari)?,
            IsiPaket::Untuk(device) => {
                saring.untuk = Some(device);
                saring.diketahui = self.known_to(device)?;
            }
            IsiPaket::Biasa if self.is_office(self.diri.id)? => saring.sesudah = self.before_days(HARI)?,
            IsiPaket::Biasa => saring.diketahui = self.known_to_the_office()?,
        }
        let mut content = blake3::Hasher::new();
        let (mut control, mut sampai) = (0u32, 0);
        loop {
            let page = self.store.entries_after(sampai, PAGE)?;
            let Some((last, _)) = page.last() else { break };
            sampai = *last;
            for (entry_no, held) in &page {
                let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
                control += u32::from(entry.header().kind == Kind::Control);
                if saring.takes(*entry_no, entry.header()) {
                    content.update(held.id.as_bytes());
                }
            }
        }
        let assumes = match saring.is_everything() {
            true => Vec::new(),
            false => root_digest(&heads(&saring.diketahui)).to_vec(),
        };
        let mut header = BundleHeader { space, made_by: self.diri.id, assumes: assumes.into(), control, sealed: None };
        // Without the members' key only the list of devices goes out, and a request to join.
        let key = if self.peran().is_some() { self.writing_key(Scope::Members)? } else { None };
        let sealer = match &key {
            Some(key) => {
                header.sealed = Some(BundleSealer::seal(key, &acak::bytes()?, content.finalize().as_bytes()));
                Some(BundleSealer::new(key, &header)?)
            }
            None => None,
        };
        Ok(Rencana { saring, header, sealer, sampai })
    }

    fn before_days(&self, hari: u32) -> Result<i64, Error> {
        let first = clock::today().checked_sub_days(chrono::Days::new(hari.into()));
        // Further back than there are days: everything.
        first.map_or(Ok(0), |first| Ok(self.store.entry_before(&first.to_string())?))
    }

    /// How far a device is known to have each log: by its last beat, and by what it named in its own entries. Its own logs
    /// it gets whole: of a disk that was put back, it may have less of them than others.
    fn known_to(&mut self, device: DeviceId) -> Result<Diketahui, Error> {
        let mut diketahui = self.beat_of(device)?.unwrap_or_default();
        for held in self.store.newest_of(device)? {
            let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
            let coll = entry.header().coll;
            let causal = self.open_batch(&entry)?.map(|(_, Batch { causal, .. })| causal).unwrap_or_default();
            for head in self.standing(coll, &causal)? {
                let seq = diketahui.entry((coll, head.author)).or_insert(0);
                *seq = head.seq.max(*seq);
            }
        }
        diketahui.retain(|(_, author), _| *author != device);
        Ok(diketahui)
    }

    /// What every device of the office that has ever said so has: of seats that never did, nothing is known, and they do
    /// not count.
    fn known_to_the_office(&mut self) -> Result<Diketahui, Error> {
        let known = self.known()?;
        let seats = known.roster.seats().map(|(_, seat)| seat.holder.device_id());
        let office: Vec<DeviceId> = seats.chain(known.roster.devices().map(|(id, _)| id)).collect();
        let mut all: Option<Diketahui> = None;
        for device in office {
            if !self.is_office(device)? {
                continue;
            }
            let Some(has) = self.beat_of(device)? else { continue };
            all = Some(match all {
                None => has,
                Some(all) => {
                    let both = all.into_iter().filter_map(|(log, seq)| Some((log, seq.min(*has.get(&log)?))));
                    both.collect()
                }
            });
        }
        Ok(all.unwrap_or_default())
    }

    /// What a device said in its last beat that it has applied.
    fn beat_of(&mut self, device: DeviceId) -> Result<Option<Diketahui>, Error> {
        for held in self.store.beats()? {
            let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
            if entry.header().author != device {
                continue;
            }
            let Some(beat) = self.open_beat(&entry)? else { continue };
            let mut has = Diketahui::new();
            for (coll, heads) in &beat.heads {
                let heads = self.standing(*coll, heads)?;
                has.extend(heads.into_iter().map(|head| ((*coll, head.author), head.seq)));
            }
            return Ok(Some(has));
        }
        Ok(None)
    }

    /// Those of these heads that are heads of our logs, too: of a log that was forked nothing is taken as known.
    fn standing(&self, coll: CollId, heads: &[Head]) -> Result<Vec<Head>, Error> {
        let mut standing = Vec::new();
        for head in heads {
            let at = self.store.log_place(coll, head.author, false, head.seq)?.standing;
            if at.is_some_and(|id| id.prefix() == head.id8) {
                standing.push(*head);
            }
        }
        Ok(standing)
    }
}

fn heads(diketahui: &Diketahui) -> Vec<CollHeads> {
    let mut heads: BTreeMap<CollId, Vec<Head>> = BTreeMap::new();
    for ((coll, author), seq) in diketahui {
        heads.entry(*coll).or_default().push(Head { author: *author, seq: *seq, id8: [0; 8] });
    }
    heads.into_iter().collect()
}
