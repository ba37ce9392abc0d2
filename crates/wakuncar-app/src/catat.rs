//! Single records from JSON: a new house, a new person, changed answers, consent, life events.

use serde_json::{Map, Value};
use wakuncar_domain::{Bagian, BarisId, Catat, Edit, Isian, Nilai, RumahId, Tempat, WargaId};
use wakuncar_exchange::{BarisWarga, Baru, KunciRumah, rencana};

use crate::{AlamatDasawisma, App, Error, Izin, SimpanRumah, acak, clock, edits_from_json};

/// Version of the consent text that is read to families; the text itself lives with the screens.
pub const NASKAH_PERSETUJUAN: &str = "2026-11";

/// Rows of a house that JSON may carry as lists.
const DAFTAR: [Bagian; 5] =
    [Bagian::RumahTangga, Bagian::Keluarga, Bagian::Pekarangan, Bagian::Industri, Bagian::Persetujuan];

/// Who agreed to what.
#[derive(Debug, Clone, Default)]
pub struct Setuju {
    /// Who agreed.
    pub pemberi: String,
    /// Who heard it; may be empty.
    pub saksi: String,
    /// Whether data of health may be recorded too.
    pub kesehatan: bool,
}

/// What happened to a person.
#[derive(Debug, Clone)]
pub enum Peristiwa {
    /// She died.
    Meninggal,
    /// She moved, to a house of this kelurahan where it is known.
    Pindah(Option<RumahId>),
}

impl App {
    /// A new house from a JSON object of its items; lists `rumah_tangga`, `keluarga`, … hold rows.
    ///
    /// # Errors
    /// [`Error::Isian`], [`Error::PersetujuanPerlu`].
    pub fn tambah_rumah(&mut self, isi: &Map<String, Value>) -> Result<SimpanRumah, Error> {
        self.ubah_rumah(RumahId::from_bytes(acak::bytes()?), isi)
    }

    /// Changes answers of a house; rows with an `id` are changed, rows without one are new.
    ///
    /// # Errors
    /// [`Error::Isian`], [`Error::PersetujuanPerlu`].
    pub fn ubah_rumah(&mut self, rumah: RumahId, isi: &Map<String, Value>) -> Result<SimpanRumah, Error> {
        let mut sifat = isi.clone();
        let mut edits = Vec::new();
        for bagian in DAFTAR {
            for baris in list(sifat.remove(bagian.nama()), bagian)? {
                let id = match baris.get("id").and_then(Value::as_str) {
                    Some(id) => BarisId::parse(id).map_err(|e| salah(bagian, e.to_string()))?,
                    None => BarisId::new(acak::bytes()?),
                };
                edits.extend(edits_from_json(bagian, Some(&id), &baris)?);
            }
        }
        edits.extend(edits_from_json(Bagian::Rumah, None, &sifat)?);
        self.edit(rumah, &edits, Izin::Kunjungan)
    }

    /// Records a family's consent as of today.
    ///
    /// # Errors
    /// [`Error::NoSuchRumah`], [`Error::Store`].
    pub fn setuju(&mut self, rumah: RumahId, setuju: &Setuju) -> Result<SimpanRumah, Error> {
        self.rumah(rumah)?;
        let baris = BarisId::new(acak::bytes()?);
        let mut edits = Vec::new();
        for (kunci, nilai) in [
            ("versi", Nilai::Teks(NASKAH_PERSETUJUAN.to_owned())),
            ("tgl", Nilai::Tanggal(clock::today())),
            ("pemberi", Nilai::Teks(setuju.pemberi.clone())),
            ("saksi", Nilai::Teks(setuju.saksi.clone())),
            ("modul_dasar", Nilai::YaTidak(true)),
            ("modul_kesehatan", Nilai::YaTidak(setuju.kesehatan)),
        ] {
            if nilai != Nilai::Teks(String::new()) {
                let tempat = Tempat::new(Bagian::Persetujuan, Some(baris.clone()), kunci);
                let tempat = tempat.map_err(|e| salah(Bagian::Persetujuan, e.to_string()))?;
                edits.push(Edit { tempat, isi: Isian::Terisi(nilai) });
            }
        }
        self.edit(rumah, &edits, Izin::Kunjungan)
    }

    /// A new person of a house, placed by `krt` and `no_kk` like a row of a table; her id. Somebody who is there
    /// already (same NIK, or same name and birth date) gets the answers instead.
    ///
    /// # Errors
    /// [`Error::Isian`], [`Error::PersetujuanPerlu`].
    pub fn tambah_warga(&mut self, id: RumahId, isi: &Map<String, Value>) -> Result<(WargaId, SimpanRumah), Error> {
        let rumah = self.rumah(id)?;
        let mut isi = isi.clone();
        let mut teks = |kunci: &str| match isi.remove(kunci) {
            Some(Value::String(teks)) => teks,
            Some(Value::Number(angka)) => angka.to_string(),
            _ => String::new(),
        };
        let (krt, no_kk) = (teks("krt"), teks("no_kk"));
        let acuan = BarisId::from(WargaId::new(0, [0; 10]));
        let isian = edits_from_json(Bagian::Anggota, Some(&acuan), &isi)?;
        let sifat = |isi: &Isian<String>| isi.terisi().cloned().unwrap_or_default();
        let baris = BarisWarga {
            nomor: 0,
            rumah: KunciRumah {
                rw: sifat(&rumah.sifat.rw),
                rt: sifat(&rumah.sifat.rt),
                dasawisma: sifat(&rumah.sifat.dasawisma),
                no_rumah: sifat(&rumah.sifat.no_rumah),
            },
            krt,
            no_kk,
            isian: isian.into_iter().map(|edit| (edit.tempat.bagian, edit.tempat.kunci, edit.isi)).collect(),
            pekarangan: Vec::new(),
            industri: Vec::new(),
        };
        let edits = self.with_new_ids(|baru| rencana(&rumah, &[&baris], baru).edits)?;
        let simpan = self.edit(id, &edits, Izin::Kunjungan)?;
        let baris = edits.iter().find(|edit| edit.tempat.bagian == Bagian::Anggota);
        let warga = baris.and_then(|edit| WargaId::parse(edit.tempat.baris.as_ref()?.as_str()).ok());
        Ok((warga.ok_or(Error::NoSuchWarga)?, simpan))
    }

    /// Changes answers of a person.
    ///
    /// # Errors
    /// [`Error::NoSuchWarga`], [`Error::Isian`], [`Error::PersetujuanPerlu`].
    pub fn ubah_warga(
        &mut self,
        rumah: RumahId,
        warga: WargaId,
        isi: &Map<String, Value>,
    ) -> Result<SimpanRumah, Error> {
        if !self.rumah(rumah)?.anggota.contains_key(&warga) {
            return Err(Error::NoSuchWarga);
        }
        let edits = edits_from_json(Bagian::Anggota, Some(&BarisId::from(warga)), isi)?;
        self.edit_warga(rumah, warga, edits)
    }

    /// Saves answers about a person, with what follows from them.
    pub(crate) fn edit_warga(
        &mut self,
        rumah: RumahId,
        warga: WargaId,
        mut edits: Vec<Edit>,
    ) -> Result<SimpanRumah, Error> {
        let hamil = edits.iter().rev().find(|edit| edit.tempat.kunci == "ibu_hamil").map(|edit| edit.isi.clone());
        if let Some(Isian::Terisi(Nilai::YaTidak(hamil))) = hamil {
            let baris = BarisId::new(acak::bytes()?);
            edits.extend(self.rumah(rumah)?.kehamilan_from(warga, hamil, clock::today(), || baris));
        }
        self.edit(rumah, &edits, Izin::Kunjungan)
    }

    /// Records what happened to a person on a day. A move to a known house makes her a member there in the same
    /// transaction, under the same id, in the first family of that house.
    ///
    /// # Errors
    /// [`Error::Mutasi`], [`Error::NoSuchRumah`].
    pub fn peristiwa(
        &mut self,
        rumah: RumahId,
        warga: WargaId,
        apa: &Peristiwa,
        tgl: chrono::NaiveDate,
        keterangan: &str,
    ) -> Result<Vec<SimpanRumah>, Error> {
        let lama = self.rumah(rumah)?;
        let baris = BarisId::new(acak::bytes()?);
        let catat = Catat { baris: &baris, tgl, dicatat: clock::today(), pencatat: "", keterangan };
        let semua = match apa {
            Peristiwa::Meninggal => vec![(rumah, lama.meninggal(warga, &catat)?)],
            Peristiwa::Pindah(None) => vec![(rumah, lama.pindah_keluar(warga, None, &catat)?)],
            Peristiwa::Pindah(Some(ke)) => {
                let baru = self.rumah(*ke)?;
                let keluarga = baru.keluarga.keys().next().ok_or(Error::NoSuchRumah)?.clone();
                let keluar = lama.pindah_keluar(warga, Some(*ke), &catat)?;
                let datang = baru.pindah_datang(warga, &lama, &keluarga, &catat)?;
                vec![(rumah, keluar), (*ke, datang)]
            }
        };
        // What was recorded with consent in one house goes along to the other; nothing new is asked.
        self.edit_many(&semua, Izin::Register)
    }

    /// Moves a house to another dasawisma, as another document under the same people; the new house's id. Both are
    /// recorded in one transaction.
    ///
    /// # Errors
    /// [`Error::NoSuchRumah`]; [`Error::BukanKoordinator`] for a dasawisma into which this device may not write.
    pub fn pindah_rumah(
        &mut self,
        rumah: RumahId,
        ke: &AlamatDasawisma,
        tgl: chrono::NaiveDate,
    ) -> Result<SimpanRumah, Error> {
        let lama = self.rumah(rumah)?;
        if !self.may_begin_in(ke)? {
            return Err(Error::BukanKoordinator);
        }
        let baru = RumahId::from_bytes(acak::bytes()?);
        let (keluar, datang) = lama.pindah_dasawisma(baru, (&ke.rw, &ke.rt, &ke.nama), tgl);
        // What was recorded with consent in one document goes along to the other; nothing new is asked.
        let semua = self.edit_many(&[(rumah, keluar), (baru, datang)], Izin::Register)?;
        semua.into_iter().next_back().ok_or(Error::NoSuchRumah)
    }

    /// The house in which a person is active, else the one that knows her.
    ///
    /// # Errors
    /// [`Error::NoSuchWarga`].
    pub fn rumah_warga(&self, warga: WargaId) -> Result<RumahId, Error> {
        self.store.rumah_warga(&warga.to_string())?.ok_or(Error::NoSuchWarga)
    }

    /// Runs a plan with new ids for people and rows.
    pub(crate) fn with_new_ids<T>(&self, plan: impl FnOnce(&mut Baru<'_>) -> T) -> Result<T, Error> {
        let mut gagal = None;
        let mut acak = || {
            acak::bytes().unwrap_or_else(|error| {
                gagal = Some(error);
                [0; 10]
            })
        };
        let unix_ms = u64::try_from(clock::unix_ms()).unwrap_or(0);
        let done = plan(&mut Baru { unix_ms, hari: clock::today(), acak: &mut acak });
        gagal.map_or(Ok(done), Err)
    }
}

fn list(nilai: Option<Value>, bagian: Bagian) -> Result<Vec<Map<String, Value>>, Error> {
    let object = |nilai| match nilai {
        Value::Object(isi) => Ok(isi),
        _ => Err(salah(bagian, "a list of objects is wanted".into())),
    };
    match nilai {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(semua)) => semua.into_iter().map(object).collect(),
        Some(satu) => object(satu).map(|isi| vec![isi]),
    }
}

fn salah(bagian: Bagian, sebab: String) -> Error {
    Error::Isian { jalur: bagian.nama().to_owned(), sebab }
}
