//! What a phone that was shut out has handed over, at the office: looked at, then taken over under the coordinator's
//! own name; each change says from whose phone it is (PROTOCOL §2.16).

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use reqwest::Method;
use serde_json::{Map, Value, json};
use wakuncar_domain::{Edit, Koleksi, RumahId, Tempat};
use wakuncar_seal::{ContentKey, open_titipan};
use wakuncar_wire::{DeviceId, HandedAnswer, HandedHouse, HandedOver, RelayNotes, SpaceId, Titipan, Wire};

use crate::carry::Carry;
use crate::json::isian_json;
use crate::kunci::write_durably;
use crate::perangkat::described;
use crate::sinkron::{lock, token};
use crate::{App, Error, Izin, clock};

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NasibJawaban {
    /// It is taken over.
    Diambil,
    /// It stands here already.
    Sama,
    /// Somebody has answered otherwise since: both stay until a person chooses.
    Berbeda,
    /// This version cannot read it, or it would move the house. It stays in the file.
    Tinggal,
}

impl NasibJawaban {
    /// The word of the command line and of screens' keys.
    pub fn kode(self) -> &'static str {
        match self {
            Self::Diambil => "diambil",
            Self::Sama => "sama",
            Self::Berbeda => "berbeda",
            Self::Tinggal => "tinggal",
        }
    }
}

/// One answer of it.
#[derive(Debug, Clone, PartialEq)]
pub struct JawabanTitipan {
    /// The place.
    pub tempat: String,
    /// What stands here.
    pub kini: Value,
    /// What the phone had.
    pub titipan: Value,
    /// What becomes of it.
    pub nasib: NasibJawaban,
}

/// A house of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RumahTitipan {
    /// The house.
    pub id: RumahId,
    /// `dasar`, `kesehatan`.
    pub koleksi: Koleksi,
    /// Dasawisma and number, as the phone knew them.
    pub sebutan: String,
    /// When its last answer was given, by the phone's clock, in Unix seconds.
    pub waktu: u64,
    /// The answers.
    pub jawaban: Vec<JawabanTitipan>,
}

/// What was handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct IsiTitipan {
    /// By which device.
    pub oleh: DeviceId,
    /// Whose it is.
    pub nama: String,
    /// When it was sealed, by the phone's clock, in Unix seconds.
    pub dibuat: u64,
    /// House by house.
    pub rumah: Vec<RumahTitipan>,
    /// Whether it was taken over here before.
    pub sudah: bool,
}

/// Most bytes of a file that is looked at: somewhat more than a relay takes.
const MOST: u64 = 8 << 20;
/// Setting: the hour in which a relay was last asked, counted from 1970.
const ASKED: &str = "titipan_ditanya";

/// Fetches what phones that were shut out have left at a relay; into the data folder, where [`App::titipan`] finds it. At
/// the relay it stays until it was taken over here. How many came.
///
/// # Errors
/// [`Error::BukanKoordinator`]; those of [`sinkron`](crate::sinkron()) when no relay was reached.
pub fn ambil_titipan(app: &Mutex<App>) -> Result<usize, Error> {
    lock(app).kursi()?;
    let relays = lock(app).relays()?;
    let (mut came, mut failed) = (0, None);
    for relay in relays {
        match relay.carry().and_then(|carry| fetch(app, &carry)) {
            Ok(of_relay) => came += of_relay,
            Err(error) if error.is_unreachable() => failed = Some(error),
            Err(error) => return Err(error),
        }
    }
    match failed {
        Some(error) if came == 0 => Err(error),
        Some(_) | None => Ok(came),
    }
}

/// Once an hour, and only while somebody is shut out who could have left something: a sync without news stays one question.
pub(crate) fn fetch_if_due(app: &Mutex<App>, carry: &Carry) -> Result<(), Error> {
    let hour = (clock::unix_ms() / 1000 / (60 * 60)).to_be_bytes();
    let due = {
        let app = lock(app);
        let shut_out = app
            .diri
            .known
            .as_ref()
            .is_some_and(|known| known.identities.all().any(|device| known.roster.is_revoked(device)));
        app.kursi().is_ok() && shut_out && app.store.setting(ASKED)?.is_none_or(|asked| asked != hour)
    };
    if !due {
        return Ok(());
    }
    match fetch(app, carry) {
        // A relay of an earlier version keeps nothing of the kind.
        Ok(_) => lock(app).store.write::<_, Error>(|tx| Ok(tx.set_setting(ASKED, &hour)?)),
        Err(error) if error.is_unreachable() => Ok(()),
        Err(error) => Err(error),
    }
}

fn fetch(app: &Mutex<App>, carry: &Carry) -> Result<usize, Error> {
    let token = token(app, carry, false)?;
    let reply = carry.call(Method::GET, "/v1/notes", Some(&token), Vec::new())?;
    if reply.status != 200 {
        return Ok(0);
    }
    let notes = RelayNotes::from_wire(&reply.body).map_err(|e| Error::RelaySampah(e.to_string()))?;
    let mut came = 0;
    for item in notes.rescues {
        let id = SpaceId::from_bytes(item.id);
        let (path, file) = (format!("/v1/rescue/{id}"), lock(app).dir().join(format!("titipan-masuk-{id}.wkt")));
        if let Ok(bytes) = std::fs::read(&file) {
            if lock(app).store.setting(&taken(&bytes))?.is_some() {
                carry.call(Method::DELETE, &path, Some(&token), Vec::new())?;
            }
            continue;
        }
        let reply = carry.call(Method::GET, &path, Some(&token), Vec::new())?;
        let genuine = blake3::hash(&reply.body).as_bytes()[..16] == item.id;
        if reply.status == 200 && genuine {
            write_durably(&file, &reply.body)?;
            came += 1;
        }
    }
    Ok(came)
}

/// Reads a file that a phone has handed over.
///
/// # Errors
/// [`Error::File`], [`Error::TitipanSalah`] for one that is far too large.
pub fn read_titipan(path: &Path) -> Result<Vec<u8>, Error> {
    let size = std::fs::metadata(path).map_err(Error::file(path))?.len();
    if size > MOST {
        return Err(Error::TitipanSalah("not a file of that kind, or cut"));
    }
    std::fs::read(path).map_err(Error::file(path))
}

impl App {
    /// The files in the data folder that phones have handed over and that were not taken over here yet.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Store`].
    pub fn titipan(&self) -> Result<Vec<PathBuf>, Error> {
        let dir = self.dir();
        let files = std::fs::read_dir(dir).map_err(Error::file(dir))?.filter_map(Result::ok).map(|file| file.path());
        let mut waiting = Vec::new();
        for path in files.filter(|path| path.extension().is_some_and(|end| end == "wkt")) {
            let bytes = read_titipan(&path)?;
            let own = Titipan::from_file(&bytes).is_ok_and(|titipan| titipan.device == self.diri.id);
            if !own && self.store.setting(&taken(&bytes))?.is_none() {
                waiting.push(path);
            }
        }
        waiting.sort();
        Ok(waiting)
    }

    /// Opens what was handed over and shows it; nothing is taken.
    ///
    /// # Errors
    /// [`Error::BukanKoordinator`], [`Error::TitipanSalah`].
    pub fn baca_titipan(&mut self, bytes: &[u8]) -> Result<IsiTitipan, Error> {
        let (titipan, over) = self.open_handed_over(bytes)?;
        let (known, tim) = (self.known()?, self.tim()?);
        let (nama, _) = described(&known.roster, &tim, titipan.device);
        let mut rumah = Vec::new();
        for house in &over.houses {
            let Some(koleksi) = part(house) else { continue };
            let id = RumahId::from_bytes(*house.doc.as_bytes());
            let mut jawaban = Vec::new();
            for answer in &house.answers {
                jawaban.push(self.judge_answer(id, answer)?.0);
            }
            let (sebutan, waktu) = (house.called.clone(), house.claimed_at);
            rumah.push(RumahTitipan { id, koleksi, sebutan, waktu, jawaban });
        }
        let sudah = self.store.setting(&taken(bytes))?.is_some();
        Ok(IsiTitipan { oleh: titipan.device, nama, dibuat: over.made_at, rumah, sudah })
    }

    /// Takes it over. Doing so twice changes nothing.
    ///
    /// # Errors
    /// As [`App::baca_titipan`]; then nothing is changed.
    pub fn terima_titipan(&mut self, bytes: &[u8]) -> Result<IsiTitipan, Error> {
        let isi = self.baca_titipan(bytes)?;
        let (titipan, over) = self.open_handed_over(bytes)?;
        for house in &over.houses {
            let id = RumahId::from_bytes(*house.doc.as_bytes());
            let mut edits = Vec::new();
            let mut apart = Vec::new();
            for answer in &house.answers {
                let (jawaban, edit) = self.judge_answer(id, answer)?;
                match (jawaban.nasib, edit) {
                    (NasibJawaban::Diambil, Some(edit)) => edits.push(edit),
                    (NasibJawaban::Berbeda, _) => apart.push(jawaban),
                    (NasibJawaban::Diambil | NasibJawaban::Sama | NasibJawaban::Tinggal, _) => {}
                }
            }
            if !edits.is_empty() {
                self.edit(id, &edits, Izin::Titipan(titipan.device))?;
            }
            self.keep_apart(id, titipan.device, house, &apart)?;
        }
        self.store.write::<_, Error>(|tx| Ok(tx.set_setting(&taken(bytes), &[1])?))?;
        Ok(isi)
    }

    /// Two answers stay two until somebody chooses, as with those that two people gave apart.
    fn keep_apart(
        &mut self,
        id: RumahId,
        device: DeviceId,
        house: &HandedHouse,
        apart: &[JawabanTitipan],
    ) -> Result<(), Error> {
        let prefix = |id: DeviceId| id.to_string()[..16].to_owned();
        let (me, other) = (prefix(self.diri.id), prefix(device));
        self.store.write::<_, Error>(|tx| {
            for JawabanTitipan { tempat, kini, titipan, .. } in apart {
                let candidates = json!([[titipan, other, house.claimed_at], [kini, me, house.claimed_at]]);
                tx.put_konflik(id, tempat, &candidates.to_string())?;
            }
            Ok(())
        })
    }

    fn open_handed_over(&self, bytes: &[u8]) -> Result<(Titipan, HandedOver), Error> {
        self.kursi()?;
        let known = self.known()?;
        let titipan = Titipan::from_file(bytes).map_err(|_| Error::TitipanSalah("not a file of that kind, or cut"))?;
        if titipan.space != known.roster.space() {
            return Err(Error::TitipanSalah("of another kelurahan"));
        }
        let keys = known.identities.get(titipan.device).ok_or(Error::TitipanSalah("of a device that nobody knows"))?;
        titipan.verify(&keys.sign).map_err(|_| Error::TitipanSalah("not signed by the device that it names"))?;
        let me = self.diri.id;
        let mut wraps = titipan.wraps.iter().filter(|(to, _)| *to == me);
        let key = wraps
            .find_map(|(_, wrap)| ContentKey::unwrap_from(titipan.space, titipan.key, wrap, &self.diri.secret).ok());
        let key = key.ok_or(Error::TitipanSalah("sealed to other seats than this one"))?;
        let mut all: Option<HandedOver> = None;
        for part in &titipan.parts {
            let opened = open_titipan(&key, titipan.space, titipan.device, part);
            let opened = opened.map_err(|_| Error::TitipanSalah("does not open"))?;
            let part = HandedOver::decode(&opened).map_err(|_| Error::TitipanSalah("does not open"))?;
            match &mut all {
                Some(all) => all.houses.extend(part.houses),
                None => all = Some(part),
            }
        }
        Ok((titipan, all.ok_or(Error::TitipanSalah("nothing is in it"))?))
    }

    /// What becomes of an answer: it is taken if nobody has answered there since the phone last knew.
    fn judge_answer(&mut self, id: RumahId, answer: &HandedAnswer) -> Result<(JawabanTitipan, Option<Edit>), Error> {
        let json = |text: &Option<String>| {
            text.as_ref().map_or(Some(Value::Null), |text| serde_json::from_str::<Value>(text).ok())
        };
        let (before, now) = (json(&answer.before), json(&answer.now));
        let edit = Tempat::parse(&answer.place).ok().zip(now.clone()).and_then(|(tempat, now)| {
            let satu = Map::from_iter([(tempat.kunci.to_owned(), now)]);
            crate::edits_from_json(tempat.bagian, tempat.baris.as_ref(), &satu).ok()?.pop()
        });
        let titipan = now.unwrap_or(Value::Null);
        let Some(edit) = edit else {
            let (tempat, kini, nasib) = (answer.place.clone(), Value::Null, NasibJawaban::Tinggal);
            return Ok((JawabanTitipan { tempat, kini, titipan, nasib }, None));
        };
        self.trim_documents();
        let kini = isian_json(&self.read_rumah(id)?.isi(&edit.tempat));
        let nasib = if kini == titipan {
            NasibJawaban::Sama
        } else if Some(&kini) != before.as_ref() {
            NasibJawaban::Berbeda
        } else if self.check_alamat(id, std::slice::from_ref(&edit)).is_err() {
            NasibJawaban::Tinggal
        } else {
            NasibJawaban::Diambil
        };
        Ok((JawabanTitipan { tempat: answer.place.clone(), kini, titipan, nasib }, Some(edit)))
    }
}

/// The setting that says that this very file was taken over.
fn taken(bytes: &[u8]) -> String {
    format!("titipan/{}", blake3::hash(bytes).to_hex())
}

fn part(house: &HandedHouse) -> Option<Koleksi> {
    Koleksi::parse(&house.part).filter(|koleksi| *koleksi != Koleksi::AnggotaTim)
}
