//! The recovery code: proven once a year, used when the office is lost (PROTOCOL §2.17).

use std::collections::BTreeSet;
use std::sync::Mutex;

use wakuncar_roster::Roster;
use wakuncar_seal::{ContentKey, SecretIdentity};
use wakuncar_wire::{CollId, Control, ControlBody, Entry, GrantId, Perm, RecoveryCode, Scope};

use crate::cabut::reach;
use crate::jabatan::seat_word;
use crate::log::{Oleh, Pena, keep_entries, keep_keys};
use crate::sinkron::{FOUNDER, lock};
use crate::{App, Error, acak, clock, sinkron};

/// Setting: when the code was last proven, Unix seconds.
const PROVEN: &str = "uji_pemulihan";
/// The seat that the code gives: nobody stands above its holder but superior and root.
const SEAT: u8 = 1;
/// Days after which the code is to be proven again.
const DRILL_DAYS: i64 = 365;
const DAY_S: i64 = 24 * 60 * 60;

/// What a drill has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasilUji {
    /// Whether the code opens the seats' key, and with it everything. `false`: the next sync of a seat mends it.
    pub membuka: bool,
}

/// An office that was just taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HasilPemulihan {
    /// The new code. The old one serves no more.
    pub kode_pemulihan: String,
    /// The seat that this device holds now.
    pub kursi: u8,
    /// Collections whose key could not be opened.
    pub tanpa_kunci: usize,
    /// What the old office's devices write still counts where this device could not see how far it should: shut them
    /// out after the next sync.
    pub belum_ditutup: bool,
    /// Whether a relay has it. If not, the next sync brings it.
    pub terkirim: bool,
}

/// A new recovery code, to be written down before the old one is used: a power cut must not leave a kelurahan with a
/// code that nobody has seen. It counts for nothing until then.
///
/// # Errors
/// [`Error::Random`].
pub fn kode_pemulihan_baru() -> Result<String, Error> {
    Ok(RecoveryCode::from_secret(acak::bytes()?).text())
}

/// Gives this device seat 1 with the recovery code, which is used up: from now on the new one serves.
///
/// # Errors
/// [`Error::Kode`], [`Error::KodePemulihanLain`], [`Error::TanpaKelurahan`], [`Error::Dicabut`],
/// [`Error::PemulihanGagal`]; nothing is changed then.
pub fn pakai_pemulihan(app: &Mutex<App>, kode: &str, baru: &str) -> Result<HasilPemulihan, Error> {
    let new = RecoveryCode::parse(baru).map_err(|e| Error::Kode(e.to_string()))?;
    if RecoveryCode::parse(kode).is_ok_and(|old| old == new) {
        return Err(Error::Kode("the new code must be another one".into()));
    }
    lock(app).root_of(kode)?;
    // Root may have spoken elsewhere: two words of one number would be a fork. Where nobody is reached, or this device
    // has lost its place, it goes on with what it knows.
    reach(sinkron(app)).or_else(|error| match error {
        Error::Berhenti | Error::UndanganTidakBerlaku => Ok(false),
        other => Err(other),
    })?;
    let root = lock(app).root_of(kode)?;
    // Who has not seen everything cannot say how far it counts. Seated, she sees it; then it is said.
    let unseen = lock(app).unseen()?;
    let mut belum_ditutup = false;
    if !unseen.is_empty() {
        lock(app).take_seat(&root, &unseen, None)?;
        belum_ditutup = !reach(sinkron(app))?;
    }
    let unseen = if belum_ditutup { unseen } else { BTreeSet::new() };
    lock(app).take_seat(&root, &unseen, Some(&new))?;
    let tanpa_kunci = lock(app).closed_scopes()?;
    let terkirim = reach(sinkron(app))?;
    Ok(HasilPemulihan { kode_pemulihan: new.text(), kursi: SEAT, tanpa_kunci, belum_ditutup, terkirim })
}

impl App {
    /// Proves without a network that a code is this kelurahan's, and uses nothing of it.
    ///
    /// # Errors
    /// [`Error::Kode`] for a wrong letter, [`Error::KodePemulihanLain`] for another code, also an old one.
    pub fn uji_pemulihan(&mut self, kode: &str) -> Result<HasilUji, Error> {
        let root = self.root_of(kode)?;
        let known = self.known()?;
        let membuka = match known.roster.writing_key(Scope::Seat) {
            Some((id, _)) => {
                let mut wraps = known.roster.wraps(id, root.public()?.device_id());
                wraps.any(|wrap| ContentKey::unwrap_from(known.roster.space(), id, wrap, &root).is_ok())
            }
            None => false,
        };
        self.note_drill()?;
        Ok(HasilUji { membuka })
    }

    /// Whether a year has passed since the code was last seen.
    pub(crate) fn is_drill_due(&mut self) -> Result<bool, Error> {
        let bytes = self.store.setting(PROVEN)?.and_then(|bytes| bytes.try_into().ok());
        match bytes.map(i64::from_be_bytes) {
            Some(at) => Ok((clock::unix_ms() / 1000 - at) / DAY_S >= DRILL_DAYS),
            // The year begins with the first look.
            None => match self.note_drill() {
                Ok(()) | Err(Error::Store(wakuncar_store::Error::DiskFull)) => Ok(false),
                Err(other) => Err(other),
            },
        }
    }

    fn note_drill(&mut self) -> Result<(), Error> {
        let now = (clock::unix_ms() / 1000).to_be_bytes();
        self.store.write(|tx| Ok(tx.set_setting(PROVEN, &now)?))
    }

    /// Root's secrets, if the code is that of the root now.
    fn root_of(&self, kode: &str) -> Result<SecretIdentity, Error> {
        let known = self.known()?;
        if let Some(crate::Akhir::Dicabut { alasan, .. }) = self.akhir() {
            return Err(Error::Dicabut(crate::nama_alasan(alasan)));
        }
        let code = RecoveryCode::parse(kode).map_err(|e| Error::Kode(e.to_string()))?;
        let root = SecretIdentity::from_recovery(&code);
        if root.public()? == known.roster.root() { Ok(root) } else { Err(Error::KodePemulihanLain) }
    }

    /// Collections whose logs this device may not fetch.
    fn unseen(&self) -> Result<BTreeSet<CollId>, Error> {
        let known = self.known()?;
        let roster = &known.roster;
        let colls = roster.collections().map(|(coll, _)| coll);
        Ok(colls.filter(|coll| !roster.perm(self.diri.id, *coll).includes(Perm::READ)).collect())
    }

    /// Root seats this device and, with a new code, gives its own place to that one. A word with low cut-offs may void
    /// what others hold, and a term that hung in the air may fall into place: after each word everything is evaluated
    /// anew. All of it is on the disk, or nothing.
    fn take_seat(
        &mut self,
        root: &SecretIdentity,
        unseen: &BTreeSet<CollId>,
        new: Option<&RecoveryCode>,
    ) -> Result<(), Error> {
        self.check_stamp()?;
        let (space, me, root_id) = (self.space()?, self.diri.secret.public()?, root.public()?.device_id());
        let (heads, held) = (self.store.heads()?, self.store.control_entries()?);
        let held = held.iter().map(|held| Entry::decode(&held.bytes).map_err(|_| Error::damaged("entry")));
        let held = held.collect::<Result<Vec<_>, _>>()?;
        let as_root = Oleh { secret: root, auth: GrantId::ZERO };
        let mut pena = Pena::new(&self.store, space);
        let evaluate = |pena: &Pena<'_>| Roster::evaluate(space, held.iter().chain(pena.so_far()));
        let mut roster = evaluate(&pena)?;
        let of_seat = |entry: &&Entry| {
            matches!(Control::decode(entry.body()), Ok(ControlBody::Known(Control::SeatSet { seat: SEAT, .. })))
        };
        // Each word uses up one term that hung in the air.
        let words = held.iter().filter(of_seat).count() + 1;
        let seated = |roster: &Roster| roster.seats().any(|(_, seat)| seat.seat == SEAT && seat.holder == me);
        // Seated already it says once more how far those before her count, now that it knows.
        let mut said = seated(&roster) && new.is_none();
        for _ in 0..words {
            if said && seated(&roster) {
                break;
            }
            pena.control(as_root, &seat_word(&roster, &heads, SEAT, me, unseen))?;
            (roster, said) = (evaluate(&pena)?, true);
        }
        if !seated(&roster) {
            return Err(Error::PemulihanGagal);
        }
        let keys = roster.keys().filter(|(_, key)| key.scope == Scope::Seat).filter_map(|(id, _)| {
            roster.wraps(id, root_id).find_map(|wrap| ContentKey::unwrap_from(space, id, wrap, root).ok())
        });
        let keys: Vec<ContentKey> = keys.collect();
        if let Some(new) = new {
            let next = SecretIdentity::from_recovery(new).public()?;
            // Its own word is root's last one, whatever number that has.
            pena.control(as_root, &Control::RootRotate { old: root_id, root: next, cut_off: 0 })?;
        }
        let entries = pena.done();
        self.store.write::<_, Error>(|tx| {
            keep_entries(tx, &entries)?;
            keep_keys(tx, &keys)?;
            Ok(tx.set_setting(FOUNDER, root_id.as_bytes())?)
        })?;
        self.refresh_known()?;
        self.end_invitation()?;
        self.note_drill()?;
        if new.is_some() {
            self.rotate_keys()?;
        }
        Ok(())
    }

    /// How many collections this device cannot open, though it may.
    fn closed_scopes(&mut self) -> Result<usize, Error> {
        let known = self.known()?;
        let scopes: BTreeSet<Scope> = known.roster.keys().map(|(_, key)| key.scope).collect();
        let mut closed = 0;
        for scope in scopes {
            closed += usize::from(self.writing_key(scope)?.is_none());
        }
        Ok(closed)
    }
}
