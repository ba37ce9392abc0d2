//! How far the records of a house have come: on this device, entrusted to a relay, received by the kelurahan.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use wakuncar_document::{Candidate, Conflict};
use wakuncar_domain::{Isian, RumahId, Tempat, Tim};
use wakuncar_seal::open_body;
use wakuncar_store::Penitipan;
use wakuncar_wire::{Beat, CollHeads, CollId, DeviceId, Entry, EntryPlace, Kind, Role, Scope, Wire};

use super::{Oleh, Pena, keep_entries};
use crate::perangkat::described;
use crate::{App, Error, Izin, Lingkup, SimpanRumah, clock};

/// Seconds between two beats of a device that is not the office's.
const BEAT_S: u64 = 20 * 60 * 60;

/// What a device of the office has applied of one log.
struct Received {
    up_to: u64,
    except: BTreeSet<u64>,
}

/// Where everything that is recorded of a house is at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keadaan {
    /// Something of it is on this device only.
    Tersimpan,
    /// A relay has sworn to all of it, or gave it to us; the office has not applied all. What came by file alone is not.
    Dititipkan,
    /// A device of the office has said that it applied all of it.
    Diterima,
}

impl Keadaan {
    /// The word of the command line and of screens' keys.
    pub fn kode(self) -> &'static str {
        match self {
            Keadaan::Tersimpan => "TERSIMPAN",
            Keadaan::Dititipkan => "DITITIPKAN",
            Keadaan::Diterima => "DITERIMA",
        }
    }
}

/// The custody of a house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusRumah {
    /// The house.
    pub id: RumahId,
    /// Its number.
    pub no_rumah: String,
    /// Where its data are.
    pub keadaan: Keadaan,
    /// Own changes that no relay has sworn to.
    pub menunggu: u32,
}

/// The custody of everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Every house, by address.
    pub rumah: Vec<StatusRumah>,
    /// Own changes that no relay has sworn to.
    pub antrean: u32,
}

/// One of the answers that were given apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calon {
    /// The answer as JSON: `null` is an empty box, `"?"` is *tidak tahu*.
    pub isi: Value,
    /// Who gave it, as far as her device has a name.
    pub nama: String,
    /// When, by her clock, in Unix seconds.
    pub unix_s: i64,
}

/// A question that two people answered apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jawaban {
    /// The house.
    pub rumah: RumahId,
    /// Its number.
    pub no_rumah: String,
    /// The place.
    pub tempat: String,
    /// What the form calls it.
    pub label: &'static str,
    /// The answers; the last one is shown until somebody settles it.
    pub calon: Vec<Calon>,
}

impl App {
    /// The custody of every house. It rests on receipts, never on having sent something.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn status(&mut self) -> Result<Status, Error> {
        let semua = self.penitipan(None)?;
        let mut status = Status::default();
        for rumah in self.store.daftar(&Lingkup::default(), u32::MAX, 0)? {
            let satu = semua.get(&rumah.id).copied().unwrap_or_default();
            status.antrean += satu.tersimpan;
            status.rumah.push(custody(rumah.id, rumah.no_rumah, satu));
        }
        Ok(status)
    }

    /// The custody of one house.
    ///
    /// # Errors
    /// [`Error::NoSuchRumah`], [`Error::Store`].
    pub fn status_rumah(&mut self, id: RumahId) -> Result<StatusRumah, Error> {
        let no_rumah = self.rumah(id)?.sifat.no_rumah.terisi().cloned().unwrap_or_default();
        let satu = self.penitipan(Some(id))?.get(&id).copied().unwrap_or_default();
        Ok(custody(id, no_rumah, satu))
    }

    fn penitipan(&mut self, rumah: Option<RumahId>) -> Result<BTreeMap<RumahId, Penitipan>, Error> {
        let received = self.received()?;
        let received = |coll, author, seq| {
            let words = received.get(&(coll, author)).map(Vec::as_slice).unwrap_or_default();
            words.iter().any(|word: &Received| seq <= word.up_to && !word.except.contains(&seq))
        };
        Ok(self.store.penitipan(received, self.diri.id, rumah)?)
    }

    /// What the office says that it has applied of each log: by the newest beats of seats and hubs, and only where the
    /// entry at the head is the one that they name.
    fn received(&mut self) -> Result<BTreeMap<(CollId, DeviceId), Vec<Received>>, Error> {
        let mut received: BTreeMap<_, Vec<Received>> = BTreeMap::new();
        if self.diri.known.is_none() {
            return Ok(received);
        }
        for held in self.store.beats()? {
            let entry = Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry"))?;
            if !self.is_office(entry.header().author)? {
                continue;
            }
            let Some(beat) = self.open_beat(&entry)? else { continue };
            let except = beat.except.unwrap_or_default();
            for (coll, head) in beat.heads.iter().flat_map(|(coll, heads)| heads.iter().map(move |head| (*coll, head)))
            {
                let standing = self.store.log_place(coll, head.author, false, head.seq)?.standing;
                if standing.is_some_and(|id| id.prefix() == head.id8) {
                    let of_log = except.iter().filter(|(of, author, _)| (*of, *author) == (coll, head.author));
                    let word = Received { up_to: head.seq, except: of_log.map(|(.., seq)| *seq).collect() };
                    received.entry((coll, head.author)).or_default().push(word);
                }
            }
        }
        Ok(received)
    }

    /// Whether a device speaks for the office: it holds a seat or is its hub.
    pub(crate) fn is_office(&self, device: DeviceId) -> Result<bool, Error> {
        let known = self.known()?;
        let hub = known.roster.device(device).is_some_and(|device| device.role == Role::Hub);
        Ok(known.roster.seat_of(device).is_some() || hub && known.roster.is_member(device))
    }

    /// What a member says that it has applied.
    pub(crate) fn open_beat(&mut self, entry: &Entry) -> Result<Option<Beat>, Error> {
        let header = entry.header();
        if header.kind != Kind::Beat || !self.known()?.roster.is_valid(header) {
            return Ok(None);
        }
        let Some(key) = self.content_key(header.key)? else { return Ok(None) };
        let Ok(payload) = open_body(&key, header, entry.body()) else { return Ok(None) };
        Ok(Beat::from_wire(&payload).ok())
    }

    /// Says what this device has applied, when that has changed (PROTOCOL §2.10a): the office at once, since it is the
    /// receipt of others; others once a day, so that colleagues see that a phone is alive and what it lacks.
    pub(crate) fn write_beat(&mut self) -> Result<(), Error> {
        let (me, known) = (self.diri.id, self.known()?);
        let (heads, except) = self.applied_here()?;
        let claimed_at = u64::try_from(clock::unix_ms() / 1000).unwrap_or(0);
        let beats = self.store.beats()?.into_iter().rev();
        let mut own = beats.filter_map(|held| Entry::decode(&held.bytes).ok());
        if let Some(last) = own.find(|entry| entry.header().author == me)
            && let Some(last) = self.open_beat(&last)?
        {
            let same = last.heads == heads && last.except == except;
            // A clock that went back says nothing about the day.
            let today = last.claimed_at <= claimed_at && claimed_at - last.claimed_at < BEAT_S;
            if same || today && !self.is_office(me)? {
                return Ok(());
            }
        }
        let seat = known.roster.seat_of(me).map(|(grant, _)| grant);
        let own_grant = || known.roster.device(me)?.grants.iter().find(|grant| grant.cut_off.is_none());
        let Some(auth) = seat.or_else(|| own_grant().map(|grant| grant.grant)) else { return Ok(()) };
        let Some(key) = self.writing_key(Scope::Members)? else { return Ok(()) };
        let beat = Beat { claimed_at, app_version: super::susun::APP_VERSION, heads, except };
        let mut pena = Pena::new(&self.store, self.space()?);
        let oleh = Oleh { secret: &self.diri.secret, auth };
        pena.sealed(oleh, Kind::Beat, CollId::CONTROL, &key, &beat.to_wire())?;
        let entries = pena.done();
        self.store.write(|tx| keep_entries(tx, &entries))
    }

    /// The heads that are applied, with those of the seats' control logs, and what of them was refused in part.
    fn applied_here(&self) -> Result<(Vec<CollHeads>, Option<Vec<EntryPlace>>), Error> {
        let known = self.known()?;
        let mut heads = self.store.applied_heads()?;
        let seats: BTreeSet<DeviceId> = known.roster.seat_grants().map(|(_, seat)| seat.holder.device_id()).collect();
        let control = self.store.heads()?.into_iter().filter(|(coll, _)| *coll == CollId::CONTROL);
        let control = control.map(|(coll, mut heads)| {
            heads.retain(|head| seats.contains(&head.author));
            (coll, heads)
        });
        heads.extend(control.filter(|(_, heads)| !heads.is_empty()));
        heads.sort_by_key(|(coll, _)| *coll);
        let below = |(coll, author, seq): &EntryPlace| {
            let of_coll = heads.iter().filter(|(of, _)| of == coll).flat_map(|(_, heads)| heads);
            of_coll.into_iter().any(|head| head.author == *author && seq <= &head.seq)
        };
        let partly: Vec<EntryPlace> = self.store.partly_applied()?.into_iter().filter(below).collect();
        Ok((heads, Some(partly).filter(|partly| !partly.is_empty())))
    }

    /// Answers that two people gave apart and nobody has settled.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn berbeda(&mut self) -> Result<Vec<Jawaban>, Error> {
        let mut semua = Vec::new();
        let known = self.diri.known.clone();
        let tim = if known.is_some() { self.tim()? } else { Tim::default() };
        for row in self.store.konflik()? {
            let Ok(tempat) = Tempat::parse(&row.path) else { continue };
            let calon: Vec<(Value, String, i64)> =
                serde_json::from_str(&row.candidates).map_err(|_| Error::damaged("konflik"))?;
            let calon = calon.into_iter().map(|(isi, device, unix_s)| {
                let whose = known.as_ref().and_then(|known| {
                    let id = known.identities.with_prefix(&device)?;
                    Some(described(&known.roster, &tim, id).0).filter(|nama| !nama.is_empty())
                });
                Calon { isi, nama: whose.unwrap_or(device), unix_s }
            });
            let record = self.store.rumah(row.rumah)?;
            let no_rumah = record.and_then(|record| record.sifat.no_rumah.terisi().cloned()).unwrap_or_default();
            let (calon, label) = (calon.collect(), tempat.butir().label);
            semua.push(Jawaban { rumah: row.rumah, no_rumah, tempat: row.path, label, calon });
        }
        Ok(semua)
    }

    /// Settles answers given apart: `isi` counts from now on, here and wherever this arrives.
    ///
    /// # Errors
    /// [`Error::Isian`], [`Error::Store`].
    pub fn putuskan(&mut self, rumah: RumahId, tempat: &str, isi: &Value) -> Result<SimpanRumah, Error> {
        let salah = |sebab: &str| Error::Isian { jalur: tempat.to_owned(), sebab: sebab.to_owned() };
        let at = Tempat::parse(tempat).map_err(|_| salah("no such item"))?;
        let satu = serde_json::Map::from_iter([(at.kunci.to_owned(), isi.clone())]);
        let edits = crate::edits_from_json(at.bagian, at.baris.as_ref(), &satu)?;
        self.edit(rumah, &edits, Izin::Putusan)
    }
}

fn custody(id: RumahId, no_rumah: String, changes: Penitipan) -> StatusRumah {
    let keadaan = match changes {
        Penitipan { tersimpan: 1.., .. } => Keadaan::Tersimpan,
        Penitipan { dititipkan: 1.., .. } => Keadaan::Dititipkan,
        Penitipan { diterima: 1.., .. } => Keadaan::Diterima,
        // A house without any change has nothing that could have gone anywhere.
        Penitipan { .. } => Keadaan::Tersimpan,
    };
    StatusRumah { id, no_rumah, keadaan, menunggu: changes.tersimpan }
}

/// Answers given apart as a row keeps them: `[[answer, device prefix, Unix seconds], …]`.
pub(crate) fn candidates_text(conflict: &Conflict) -> String {
    let one = |candidate: &Candidate| {
        let isi = match &candidate.isi {
            Ok(Isian::Kosong) => Value::Null,
            Ok(Isian::TidakTahu) => "?".into(),
            Ok(Isian::Terisi(nilai)) => crate::json::nilai_json(nilai),
            Err(asing) => asing.clone().into(),
        };
        let device: String = candidate.device_prefix.iter().map(|byte| format!("{byte:02x}")).collect();
        json!([isi, device, candidate.unix_s])
    };
    Value::from(conflict.candidates.iter().map(one).collect::<Vec<_>>()).to_string()
}
