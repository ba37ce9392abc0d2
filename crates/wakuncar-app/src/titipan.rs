//! *Titip data*: a device that was shut out hands over what it has not sent, sealed to root and seats, and then does as
//! it was told (PROTOCOL §2.16). What the office does with it is in `titipan_masuk.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;

use reqwest::Method;
use wakuncar_document::Document;
use wakuncar_domain::{Isian, Koleksi, Nilai, RumahId, Tempat};
use wakuncar_seal::{ContentKey, seal_titipan};
use wakuncar_store::OwnChange;
use wakuncar_wire::{DocId, Entry, EntryId, HandedAnswer, HandedHouse, HandedOver, PublicIdentity, Titipan, Wire};

use crate::carry::Carry;
use crate::json::isian_json;
use crate::kunci::write_durably;
use crate::sinkron::{lock, token};
use crate::{Akhir, App, Error, acak, clock, nama_alasan};

/// Setting: the name of the file that was made; empty if there was nothing to hand over.
const MADE: &str = "titipan";
/// Bytes of answers and changes in one part; unpacked it may have 2 MiB (PROTOCOL §2.20).
const PART: usize = 1024 * 1024;

/// Does what a device owes when its time has ended: hands over, and destroys what it was told to destroy. Nothing is
/// destroyed before the sealed file is on the disk. With a line to a relay it is brought there as well.
///
/// # Errors
/// [`Error::Dicabut`], [`Error::Dihapus`], and [`Error::Berhenti`] where something was left: so ended what the caller
/// was doing.
pub(crate) fn settle_end(app: &Mutex<App>, carry: &Carry) -> Result<(), Error> {
    let Some(akhir) = lock(app).akhir() else { return Ok(()) };
    let file = lock(app).hand_over_unsent()?;
    if let Some(file) = &file {
        let bytes = std::fs::read(file).map_err(Error::file(file))?;
        // The file stays in any case: a relay may not take such things, or be gone the next moment.
        for again in [false, true] {
            let token = token(app, carry, again);
            let reply = token.and_then(|token| carry.call(Method::POST, "/v1/rescue", Some(&token), bytes.clone()));
            if !reply.is_ok_and(|reply| reply.status == 401) {
                break;
            }
        }
    }
    match akhir {
        Akhir::Dicabut { hapus: true, .. } => {
            lock(app).destroy()?;
            Err(Error::Dihapus)
        }
        Akhir::Dicabut { alasan, hapus: false } => Err(Error::Dicabut(nama_alasan(alasan))),
        Akhir::Berhenti if file.is_some() => Err(Error::Berhenti),
        Akhir::Berhenti => Ok(()),
    }
}

impl App {
    /// The same when the folder is opened: the word may have come by file, or the process died on it.
    pub(crate) fn settle_end_at_start(&mut self) -> Result<(), Error> {
        let Some(akhir) = self.akhir() else { return Ok(()) };
        self.hand_over_unsent()?;
        if matches!(akhir, Akhir::Dicabut { hapus: true, .. }) {
            self.destroy()?;
            return Err(Error::Dihapus);
        }
        Ok(())
    }

    /// The file with what this device has recorded and nobody will get otherwise; `None` if there is nothing. Made once:
    /// nothing is recorded after.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Store`].
    pub fn hand_over_unsent(&mut self) -> Result<Option<PathBuf>, Error> {
        if let Some(made) = self.store.setting(MADE)? {
            let nama = String::from_utf8(made).map_err(|_| Error::damaged(MADE))?;
            return Ok(Some(nama).filter(|nama| !nama.is_empty()).map(|nama| self.dir().join(nama)));
        }
        let mut parts: Vec<(usize, Vec<HandedHouse>)> = Vec::new();
        for house in self.unsent_houses()? {
            let size = house.to_wire().len();
            match parts.last_mut() {
                Some((bytes, part)) if *bytes + size <= PART => {
                    *bytes += size;
                    part.push(house);
                }
                Some(_) | None => parts.push((size, vec![house])),
            }
        }
        let nama = if parts.is_empty() { String::new() } else { format!("titipan-{}.wkt", self.diri.id) };
        if !parts.is_empty() {
            let parts = parts.into_iter().map(|(_, houses)| houses).collect();
            write_durably(&self.dir().join(&nama), &self.sealed_to_office(parts)?.to_file())?;
        }
        self.store.write::<_, Error>(|tx| Ok(tx.set_setting(MADE, nama.as_bytes())?))?;
        Ok(Some(nama).filter(|nama| !nama.is_empty()).map(|nama| self.dir().join(nama)))
    }

    fn sealed_to_office(&self, parts: Vec<Vec<HandedHouse>>) -> Result<Titipan, Error> {
        let (space, known, me) = (self.space()?, self.known()?, self.diri.id);
        let made_at = u64::try_from(clock::unix_ms() / 1000).unwrap_or(0);
        let key = ContentKey::from_bytes(&acak::bytes()?);
        let sealed = parts.into_iter().map(|houses| {
            let over = HandedOver { made_at, app_version: crate::log::APP_VERSION, houses };
            Ok(seal_titipan(&key, space, me, &over.to_wire(), &acak::bytes()?)?.into())
        });
        let sealed = sealed.collect::<Result<Vec<_>, Error>>()?;
        let seats = known.roster.seats().map(|(_, seat)| seat.holder);
        let to: BTreeSet<PublicIdentity> = seats.chain([known.roster.root()]).collect();
        let wraps = to.iter().map(|to| Ok((to.device_id(), key.wrap_for(space, to, &acak::bytes()?)?.into())));
        let wraps = wraps.collect::<Result<Vec<_>, Error>>()?;
        Ok(Titipan::sign(space, me, key.id(), wraps, sealed, self.diri.secret.signing_key()))
    }

    /// House by house what was recorded here and does not count elsewhere: no entry carries it, or none that counts. Of one that was shut out also what no relay has sworn to: it may not bring it now.
    fn unsent_houses(&mut self) -> Result<Vec<HandedHouse>, Error> {
        let known = self.known()?;
        let mut counts: BTreeMap<EntryId, bool> = BTreeMap::new();
        let shut_out = matches!(self.akhir(), Some(Akhir::Dicabut { .. }));
        let mut unsent: BTreeMap<(RumahId, Koleksi), Vec<OwnChange>> = BTreeMap::new();
        for change in self.store.own_changes()? {
            let valid = match change.entry {
                Some(id) => match counts.get(&id) {
                    Some(valid) => *valid,
                    None => {
                        let bytes = self.store.entry(id)?.ok_or_else(|| Error::damaged("entry"))?;
                        let entry = Entry::decode(&bytes).map_err(|_| Error::damaged("entry"))?;
                        let valid = known.roster.is_valid(entry.header());
                        counts.insert(id, valid);
                        valid
                    }
                },
                None => false,
            };
            let counts = valid && (change.stored || !shut_out);
            if change.koleksi != Koleksi::AnggotaTim && !counts {
                unsent.entry((change.rumah, change.koleksi)).or_default().push(change);
            }
        }
        let mut houses = Vec::new();
        for ((rumah, koleksi), changes) in unsent {
            let answers = self.unsent_answers(rumah, koleksi, &changes)?;
            let claimed_ms = changes.iter().map(|change| change.recorded_ms).max().unwrap_or(0);
            houses.push(HandedHouse {
                doc: DocId::from_bytes(*rumah.as_bytes()),
                part: koleksi.nama().to_owned(),
                called: self.house_called(rumah)?,
                claimed_at: u64::try_from(claimed_ms / 1000).unwrap_or(0),
                answers,
                changes: changes.into_iter().map(|change| change.body.into()).collect(),
            });
        }
        Ok(houses)
    }

    /// The answers in which a document differs from what had been sent of it.
    fn unsent_answers(
        &mut self,
        rumah: RumahId,
        koleksi: Koleksi,
        unsent: &[OwnChange],
    ) -> Result<Vec<HandedAnswer>, Error> {
        let all = self.store.changes(rumah, koleksi)?;
        let sent = all.iter().filter(|change| unsent.iter().all(|own| own.hash != change.hash));
        let sent: Vec<&[u8]> = sent.map(|change| change.body.as_slice()).collect();
        self.trim_documents();
        let now = answers(self.document(rumah, koleksi)?);
        // What others built on it cannot stand without it: then everything is handed over.
        let before = Document::from_changes(koleksi, &sent).map(|document| answers(&document)).unwrap_or_default();
        let places: BTreeSet<&Tempat> = before.keys().chain(now.keys()).collect();
        let text = |isi: Option<&Isian<Nilai>>| isi.map(|isi| isian_json(isi).to_string());
        let changed = places.into_iter().filter(|place| before.get(*place) != now.get(*place));
        let answer = |place: &Tempat| HandedAnswer {
            place: place.to_string(),
            before: text(before.get(place)),
            now: text(now.get(place)),
        };
        Ok(changed.map(answer).collect())
    }

    /// Dasawisma and number of a house.
    pub(crate) fn house_called(&self, rumah: RumahId) -> Result<String, Error> {
        let Some(record) = self.store.rumah(rumah)? else { return Ok(String::new()) };
        let text = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let (dasawisma, nomor) = (text(&record.sifat.dasawisma), text(&record.sifat.no_rumah));
        Ok(format!("{dasawisma} {nomor}").trim().to_owned())
    }
}

fn answers(document: &Document) -> BTreeMap<Tempat, Isian<Nilai>> {
    document.read().butir.into_iter().map(|butir| (butir.tempat, butir.isi)).collect()
}
