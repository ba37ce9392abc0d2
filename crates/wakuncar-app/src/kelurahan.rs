//! The kelurahan: how it begins, what belongs to it, and the relay that it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use wakuncar_domain::{Bagian, BarisId, Dasawisma, Edit, Isian, Koleksi, Nilai, RumahId, Tempat, Tim};
use wakuncar_seal::{ContentKey, SecretIdentity};
use wakuncar_wire::{CollId, Control, GrantId, Perm, RecoveryCode, Role, Scope, WrapMode};

use crate::carry::Pin;
use crate::jalur::Relay;
use crate::log::{Asal, Oleh, Pena, announce, keep_entries, keep_keys};
use crate::sinkron::{found, greet_relay, lock};
use crate::{App, Error, acak, clock};

/// Types of collections, as control entries number them (DESIGN §5a).
pub(crate) mod jenis {
    pub(crate) const DASAR: u8 = 1;
    pub(crate) const KESEHATAN: u8 = 2;
    pub(crate) const VALIDASI: u8 = 3;
    pub(crate) const ANGGOTA_TIM: u8 = 4;
    pub(crate) const PROGRAM: u8 = 5;
    pub(crate) const TINDAK_LANJUT: u8 = 6;
    pub(crate) const ARSETI: u8 = 7;
    pub(crate) const PERLINDUNGAN: u8 = 8;
}

/// Seats that a kelurahan has (PROTOCOL §2.2).
const SEATS: u8 = 8;
/// Days without contact before a phone warns (PROTOCOL §2.16).
const LEASE_DAYS: u16 = 30;

/// What a new kelurahan is.
#[derive(Debug, Clone)]
pub struct BuatKelurahan {
    /// Kemendagri code, e.g. `18.72.05.1001`.
    pub kode: String,
    /// Its name; public.
    pub nama: String,
    /// Address of its relay, `https://host:port`.
    pub relay: String,
    /// BLAKE3-128 of the relay's TLS key.
    pub pin: [u8; 16],
    /// For practice: carries LATIHAN for ever.
    pub latihan: bool,
}

/// A kelurahan that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KelurahanBaru {
    /// Its id.
    pub space: String,
    /// The recovery code, shown once: whoever has it is above every seat.
    pub kode_pemulihan: String,
    /// Whether the relay has it. If not, the next sync brings it.
    pub terkirim: bool,
}

/// A kelurahan as its members see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kelurahan {
    /// Its id.
    pub space: String,
    /// Kemendagri code.
    pub kode: String,
    /// Its name.
    pub nama: String,
    /// For practice.
    pub latihan: bool,
    /// What this device is there; `None` while it waits to be confirmed.
    pub peran: Option<Role>,
}

/// Where a dasawisma is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlamatDasawisma {
    /// RW, three digits.
    pub rw: String,
    /// RT, three digits.
    pub rt: String,
    /// Its name.
    pub nama: String,
}

/// Makes a kelurahan with this device on seat 1 and brings it to its relay.
///
/// # Errors
/// [`Error::SudahTerdaftar`], [`Error::Kode`], [`Error::AlamatRelay`], [`Error::RelayLain`] for a pin that is not the
/// relay's, [`Error::RelaySampah`]; nothing is made then. A relay that cannot be
/// reached is no error: [`KelurahanBaru::terkirim`].
pub fn buat_kelurahan(app: &Mutex<App>, buat: &BuatKelurahan) -> Result<KelurahanBaru, Error> {
    let kode = wakuncar_domain::KodeWilayah::parse(&buat.kode).map_err(|e| Error::Kode(e.to_string()))?;
    let nama = buat.nama.trim();
    if nama.is_empty() || nama.chars().count() > 60 {
        return Err(Error::Kode("a kelurahan has a name of at most 60 letters".into()));
    }
    let relay = Relay::new(&buat.relay, buat.pin)?;
    if lock(app).diri.space.is_some() {
        return Err(Error::SudahTerdaftar);
    }
    greet_relay(&relay)?;
    let recovery = RecoveryCode::from_secret(acak::bytes()?);
    let space = lock(app).begin_kelurahan(kode.as_str(), nama, buat.latihan, &recovery, &relay)?;
    // Whatever happened on the way: the kelurahan is there now, and its recovery code is shown this once.
    let terkirim = found(app).is_ok();
    Ok(KelurahanBaru { space, kode_pemulihan: recovery.text(), terkirim })
}

impl App {
    /// The kelurahan that this device belongs to or has asked to join.
    pub fn kelurahan(&self) -> Option<Kelurahan> {
        let known = self.diri.known.as_ref()?;
        let genesis = known.roster.genesis();
        Some(Kelurahan {
            space: known.roster.space().to_string(),
            kode: genesis.kode.clone(),
            nama: genesis.nama.clone(),
            latihan: genesis.latihan,
            peran: self.peran(),
        })
    }

    /// What this device is; `None` before it is confirmed.
    pub(crate) fn peran(&self) -> Option<Role> {
        let roster = &self.diri.known.as_ref()?.roster;
        if roster.seat_of(self.diri.id).is_some() {
            return Some(Role::Koordinator);
        }
        let device = roster.device(self.diri.id).filter(|_| roster.is_member(self.diri.id))?;
        Some(device.role)
    }

    /// Writes the first entries: all of them are on the disk, or none.
    pub(crate) fn begin_kelurahan(
        &mut self,
        kode: &str,
        nama: &str,
        latihan: bool,
        recovery: &RecoveryCode,
        relay: &Relay,
    ) -> Result<String, Error> {
        if self.diri.space.is_some() {
            return Err(Error::SudahTerdaftar);
        }
        let root = SecretIdentity::from_recovery(recovery);
        let (root_keys, me) = (root.public()?, self.diri.secret.public()?);
        let mut pena = Pena::new(&self.store, wakuncar_wire::SpaceId::ZERO);
        let as_root = Oleh { secret: &root, auth: GrantId::ZERO };
        let genesis = Control::Genesis {
            root: root_keys,
            superior: Vec::new(),
            superior_mode: 0,
            seats: SEATS,
            policy: (LEASE_DAYS, 0),
            kode: kode.to_owned(),
            nama: nama.to_owned(),
            latihan,
            random: acak::bytes()?,
        };
        let space = pena.genesis(as_root, &genesis)?;
        let seat = Control::SeatSet { seat: 1, term: 1, holder: me, cut_offs: Vec::new(), logs: None };
        let oleh = Oleh { secret: &self.diri.secret, auth: pena.control(as_root, &seat)?.grant() };
        let seats = announce(&mut pena, oleh, space, Scope::Seat, None, Asal::default())?;
        // Root can always read again what the seats can (PROTOCOL §2.17).
        let ct = seats.wrap_for(space, &root_keys, &acak::bytes()?)?.into();
        let recipient = root_keys.device_id();
        pena.control(oleh, &Control::Wrap { key: seats.id(), recipient, mode: WrapMode::Hpke, ct })?;
        let mut keys = vec![announce(&mut pena, oleh, space, Scope::Members, Some(&seats), Asal::default())?];
        for jenis in [jenis::ANGGOTA_TIM, jenis::PROGRAM, jenis::TINDAK_LANJUT, jenis::ARSETI, jenis::PERLINDUNGAN] {
            let coll = begin_collection(&mut pena, oleh, jenis)?;
            // Names of the team lie under the members' key; what is protected gets its key with its first reader.
            if ![jenis::ANGGOTA_TIM, jenis::PERLINDUNGAN].contains(&jenis) {
                keys.push(announce(&mut pena, oleh, space, Scope::Coll(coll), Some(&seats), Asal::default())?);
            }
        }
        keys.push(seats);
        let entries = pena.done();
        self.store.write::<_, Error>(|tx| {
            keep_entries(tx, &entries)?;
            keep_keys(tx, &keys)?;
            relay.keep(tx)?;
            tx.set_setting(crate::sinkron::FOUNDER, &[1])?;
            crate::log::keep_space(tx, space)
        })?;
        self.reopen_diri()?;
        self.name_device("Kantor kelurahan", &[])?;
        Ok(space.to_string())
    }

    /// The team as its document says it.
    pub fn tim(&mut self) -> Result<Tim, Error> {
        let id = self.tim_id()?;
        Ok(Tim::from_butir(self.document(id, Koleksi::AnggotaTim)?.read().butir))
    }

    /// The team's document has the id of the kelurahan.
    pub(crate) fn tim_id(&self) -> Result<RumahId, Error> {
        Ok(RumahId::from_bytes(*self.space()?.as_bytes()))
    }

    /// Writes answers of the team's document.
    pub(crate) fn edit_tim(&mut self, edits: &[Edit]) -> Result<(), Error> {
        self.check_recording()?;
        let done = self.try_edit_tim(edits);
        if done.is_err() {
            self.documents.clear();
        }
        done
    }

    fn try_edit_tim(&mut self, edits: &[Edit]) -> Result<(), Error> {
        let (id, actor, unix_ms) = (self.tim_id()?, self.actor, clock::unix_ms());
        let document = self.document(id, Koleksi::AnggotaTim)?;
        let Some(change) = document.apply_edits(&actor, edits, unix_ms)? else { return Ok(()) };
        let (body, heads) = (document.save(), document.heads());
        self.store.write(|tx| {
            tx.put_change(id, Koleksi::AnggotaTim, &change.hash, &change.bytes, true, unix_ms)?;
            Ok(tx.put_document(id, Koleksi::AnggotaTim, &body, &heads)?)
        })
    }

    /// Names this device in the team's document.
    fn name_device(&mut self, nama: &str, dasawisma: &[BarisId]) -> Result<(), Error> {
        let baris = baris_perangkat(self.diri.id)?;
        self.edit_tim(&perangkat_edits(&baris, nama, dasawisma)?)
    }

    /// The row of a dasawisma; a seat makes it with its three collections and their keys where there is none.
    pub(crate) fn dasawisma(&mut self, alamat: &AlamatDasawisma) -> Result<BarisId, Error> {
        let AlamatDasawisma { rw, rt, nama } = alamat;
        if let Some((baris, _)) = self.tim()?.dasawisma_at(rw, rt, nama) {
            return Ok(baris.clone());
        }
        let (auth, space) = (self.kursi()?, self.space()?);
        let known = self.known()?;
        let seats = self.writing_key(Scope::Seat)?.ok_or(Error::TanpaKunci)?;
        let oleh = Oleh { secret: &self.diri.secret, auth };
        let mut pena = Pena::new(&self.store, known.roster.space());
        let mut colls = Vec::new();
        let mut keys: Vec<ContentKey> = Vec::new();
        for jenis in [jenis::DASAR, jenis::KESEHATAN, jenis::VALIDASI] {
            let coll = begin_collection(&mut pena, oleh, jenis)?;
            keys.push(announce(&mut pena, oleh, space, Scope::Coll(coll), Some(&seats), Asal::default())?);
            colls.push(coll);
        }
        let entries = pena.done();
        self.store.write::<_, Error>(|tx| {
            keep_entries(tx, &entries)?;
            keep_keys(tx, &keys)
        })?;
        self.refresh_known()?;
        let baris = BarisId::new(acak::bytes()?);
        let hex: Vec<String> = colls.iter().map(ToString::to_string).collect();
        let isi =
            [("rw", rw), ("rt", rt), ("nama", nama), ("dasar", &hex[0]), ("kesehatan", &hex[1]), ("validasi", &hex[2])];
        let edits = isi.into_iter().map(|(kunci, nilai)| teks(Bagian::Dasawisma, &baris, kunci, nilai));
        let edits = edits.collect::<Result<Vec<_>, _>>()?;
        self.edit_tim(&edits)?;
        Ok(baris)
    }

    /// Whether a new house of a dasawisma would find its way: before there is a kelurahan, for a seat, and for who may
    /// write there.
    pub(crate) fn may_begin_in(&mut self, alamat: &AlamatDasawisma) -> Result<bool, Error> {
        if self.diri.space.is_none() || self.kursi().is_ok() {
            return Ok(true);
        }
        let (tim, known) = (self.tim()?, self.known()?);
        let there = tim.dasawisma_at(&alamat.rw, &alamat.rt, &alamat.nama);
        let coll = there.and_then(|(_, satu)| satu.dasar.terisi().and_then(|hex| CollId::parse(hex).ok()));
        Ok(coll.is_some_and(|coll| known.roster.writing_grant(self.diri.id, coll).is_some()))
    }

    /// A dasawisma named by people: `Melati 1`, with RW and RT where there are several of that name. Known ones are
    /// those of the team and of the houses on this device; a new one needs RW and RT.
    ///
    /// # Errors
    /// [`Error::DasawismaAsing`], [`Error::DasawismaBanyak`].
    pub fn alamat_dasawisma(
        &mut self,
        nama: &str,
        rw: Option<&str>,
        rt: Option<&str>,
    ) -> Result<AlamatDasawisma, Error> {
        let nama = nama.trim();
        let angka = |nomor: &str| format!("{nomor:0>3}");
        let (rw, rt) = (rw.map(angka), rt.map(angka));
        let mut known: BTreeSet<AlamatDasawisma> = BTreeSet::new();
        let tim = if self.diri.space.is_some() { self.tim()? } else { Tim::default() };
        for satu in tim.dasawisma.values() {
            let teks = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
            known.insert(AlamatDasawisma { rw: teks(&satu.rw), rt: teks(&satu.rt), nama: teks(&satu.nama) });
        }
        known.extend(self.wilayah()?.into_iter().map(|(alamat, _)| alamat));
        known.retain(|satu| {
            satu.nama.eq_ignore_ascii_case(nama)
                && rw.as_ref().is_none_or(|rw| *rw == satu.rw)
                && rt.as_ref().is_none_or(|rt| *rt == satu.rt)
        });
        match (known.len(), rw, rt) {
            (1, _, _) => known.pop_first().ok_or_else(|| Error::DasawismaAsing(nama.to_owned())),
            (0, Some(rw), Some(rt)) if !nama.is_empty() => Ok(AlamatDasawisma { rw, rt, nama: nama.to_owned() }),
            (0, _, _) => Err(Error::DasawismaAsing(nama.to_owned())),
            _ => {
                let di: Vec<String> = known.iter().map(|satu| format!("RW {} RT {}", satu.rw, satu.rt)).collect();
                Err(Error::DasawismaBanyak { nama: nama.to_owned(), di: di.join(", ") })
            }
        }
    }

    /// The dasawisma of the houses on this device, with the number of houses.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn wilayah(&self) -> Result<Vec<(AlamatDasawisma, u32)>, Error> {
        let semua = self.store.wilayah()?.into_iter();
        Ok(semua.map(|(rw, rt, nama, rumah)| (AlamatDasawisma { rw, rt, nama }, rumah)).collect())
    }

    /// The dasawisma in which this device may begin a house, with the houses that it knows there, also where there is
    /// none yet, and those of all other houses that it knows.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn wilayah_sendiri(&mut self) -> Result<Vec<(AlamatDasawisma, u32)>, Error> {
        let mut semua: BTreeMap<AlamatDasawisma, u32> = self.wilayah()?.into_iter().collect();
        let tim = if self.diri.known.is_some() { self.tim()? } else { Tim::default() };
        for satu in tim.dasawisma.values() {
            let teks = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
            let alamat = AlamatDasawisma { rw: teks(&satu.rw), rt: teks(&satu.rt), nama: teks(&satu.nama) };
            if !semua.contains_key(&alamat) && self.may_begin_in(&alamat)? {
                semua.insert(alamat, 0);
            }
        }
        Ok(semua.into_iter().collect())
    }

    /// What a role may do with the collections of some dasawisma and of the kelurahan (DESIGN §5a).
    pub(crate) fn access(&self, tim: &Tim, peran: Role, dasawisma: &[BarisId]) -> Result<Vec<(CollId, Perm)>, Error> {
        let known = self.known()?;
        let mut access = Vec::new();
        for satu in dasawisma.iter().filter_map(|baris| tim.dasawisma.get(baris)) {
            for (jenis, hex) in
                [(jenis::DASAR, &satu.dasar), (jenis::KESEHATAN, &satu.kesehatan), (jenis::VALIDASI, &satu.validasi)]
            {
                let coll = hex.terisi().and_then(|hex| CollId::parse(hex).ok());
                access.extend(coll.map(|coll| (coll, may(peran, jenis))));
            }
        }
        let of_kelurahan = known.roster.collections().filter(|(_, jenis)| *jenis >= jenis::ANGGOTA_TIM);
        access.extend(of_kelurahan.map(|(coll, jenis)| (coll, may(peran, jenis))));
        access.retain(|(_, perm)| *perm != Perm::NONE);
        Ok(access)
    }
}

/// DESIGN §5a, by role and type of collection.
fn may(peran: Role, jenis: u8) -> Perm {
    const NONE: Perm = Perm::NONE;
    const R: Perm = Perm::READ;
    const W: Perm = Perm::WRITE;
    const RW: Perm = Perm::READ_WRITE;
    // dasar, kesehatan, validasi, anggota_tim, program, tindak_lanjut, arseti, perlindungan
    let row = match peran {
        Role::Kader | Role::Pendamping => [RW, RW, R, R, R, RW, RW, W],
        Role::PkkRt | Role::KetuaRt => [R, NONE, W, R, R, R, R, NONE],
        Role::Koordinator | Role::Hub => [RW, RW, RW, RW, RW, RW, RW, NONE],
        Role::Lurah => [R, NONE, R, R, R, R, R, NONE],
        Role::Petugas => [NONE, NONE, NONE, R, R, NONE, NONE, RW],
        Role::Arsip => [Perm::FETCH; 8],
    };
    jenis.checked_sub(1).and_then(|at| row.get(usize::from(at))).copied().unwrap_or(NONE)
}

/// RW and RT of a dasawisma.
pub(crate) fn rt_of(satu: &Dasawisma) -> (String, String) {
    let teks = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
    (teks(&satu.rw), teks(&satu.rt))
}

fn begin_collection(pena: &mut Pena<'_>, oleh: Oleh<'_>, jenis: u8) -> Result<CollId, Error> {
    let coll = CollId::from_bytes(acak::bytes()?);
    pena.control(oleh, &Control::Collection { coll, jenis, purpose: Vec::new() })?;
    Ok(coll)
}

/// The row of a device, or of an invite before there is a device, in the team's document.
pub(crate) fn baris_perangkat(id: impl std::fmt::Display) -> Result<BarisId, Error> {
    BarisId::parse(&id.to_string()).map_err(|_| Error::damaged("perangkat"))
}

/// Whose device it is.
pub(crate) fn perangkat_edits(baris: &BarisId, nama: &str, dasawisma: &[BarisId]) -> Result<Vec<Edit>, Error> {
    let rows: Vec<&str> = dasawisma.iter().map(BarisId::as_str).collect();
    let mut edits = vec![teks(Bagian::Perangkat, baris, "nama", nama)?];
    if !rows.is_empty() {
        edits.push(teks(Bagian::Perangkat, baris, "dasawisma", &rows.join(" "))?);
    }
    Ok(edits)
}

pub(crate) fn teks(bagian: Bagian, baris: &BarisId, kunci: &str, nilai: &str) -> Result<Edit, Error> {
    let tempat = Tempat::new(bagian, Some(baris.clone()), kunci).map_err(|_| Error::damaged("tim"))?;
    Ok(Edit { tempat, isi: Isian::Terisi(Nilai::Teks(nilai.to_owned())) })
}

/// Reads a pin of 32 hexadecimal digits.
///
/// # Errors
/// [`Error::AlamatRelay`].
pub fn parse_pin(hex: &str) -> Result<Pin, Error> {
    let pin = wakuncar_wire::SpaceId::parse(&hex.trim().to_ascii_lowercase());
    Ok(*pin.map_err(|_| Error::AlamatRelay("a pin has 32 hexadecimal digits".into()))?.as_bytes())
}
