//! Carrying a command out.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use wakuncar_app::domain::{RumahId, WargaId};
use wakuncar_app::reports::Lampiran;
use wakuncar_app::{
    App, Error, HasilAutomerge, KeySource, Lingkup, Peristiwa, RingkasanRumah, Setuju, SimpanRumah, StatusRumah, clock,
    rekap_json, rumah_json, warga_json,
};

use wakuncar_simulasi::Kelurahan;

use crate::perintah::{Isi, Layar, Perintah, Rumah, Wakuncar, Warga, Wilayah};
use crate::pesan::{self, Bahasa};
use crate::{hub, jaringan, kantor, paket, simulasi};

/// A command that could not be carried out.
#[derive(Debug)]
pub(crate) enum Galat {
    /// The application refused.
    App(Box<Error>),
    /// Words that mean nothing here.
    Usage(String),
}

impl std::fmt::Display for Galat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Galat::App(error) => error.fmt(f),
            Galat::Usage(apa) => f.write_str(apa),
        }
    }
}

impl<E: Into<Error>> From<E> for Galat {
    fn from(error: E) -> Self {
        Galat::App(Box::new(error.into()))
    }
}

impl Galat {
    pub(crate) fn kode(&self) -> &'static str {
        match self {
            Galat::App(error) => error.code(),
            Galat::Usage(_) => "perintah",
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Galat::App(error) if error.is_damage() => 4,
            Galat::App(error) if error.is_unreachable() => 3,
            Galat::App(_) => 1,
            Galat::Usage(_) => 2,
        }
    }
}

/// Carries the command out; the exit code.
pub(crate) fn run(wakuncar: &Wakuncar, bahasa: Bahasa) -> Result<u8, Galat> {
    let cetak = Cetak { json: wakuncar.json };
    if let Perintah::Simulasi { keluar, benih, rumah, hari } = &wakuncar.perintah {
        return simulasi::write(keluar, &Kelurahan::new(*benih, *rumah, *hari), cetak, bahasa);
    }
    if let Perintah::Relay(perintah) = &wakuncar.perintah {
        let data = wakuncar.data.clone().ok_or_else(|| Galat::Usage("relay --data DIR".into()))?;
        return jaringan::relay(data, perintah);
    }
    if let Perintah::Hub { listen, jeda, tanpa_suar } = &wakuncar.perintah {
        return hub::serve(wakuncar, *listen, Duration::from_secs(*jeda), *tanpa_suar, bahasa);
    }
    let app = Mutex::new(open(wakuncar, bahasa)?);
    match &wakuncar.perintah {
        Perintah::Kelurahan(perintah) => return jaringan::kelurahan(&app, perintah, cetak, bahasa),
        Perintah::Undang(perintah) => return jaringan::mengundang(&app, perintah, cetak, bahasa),
        Perintah::Gabung { kode, tunggu } => {
            return jaringan::bergabung(&app, kode, Duration::from_secs(*tunggu), cetak, bahasa);
        }
        Perintah::Perangkat(perintah) => return jaringan::perangkat(&app, perintah, cetak, bahasa),
        Perintah::Sinkron { hub } => return jaringan::kirim(&app, hub.as_deref(), cetak, bahasa),
        Perintah::Paket(perintah) => return paket::paket(&app, perintah, cetak, bahasa),
        Perintah::Jabatan(perintah) => return kantor::jabatan(&app, perintah, cetak, bahasa),
        Perintah::Pemulihan(perintah) => return kantor::pemulihan(&app, perintah, cetak, bahasa),
        Perintah::Titipan(perintah) => return kantor::titipan(&app, perintah, cetak, bahasa),
        _ => {}
    }
    let mut app = app.into_inner().unwrap_or_else(PoisonError::into_inner);
    match &wakuncar.perintah {
        // Carried out above.
        Perintah::Simulasi { .. }
        | Perintah::Relay(_)
        | Perintah::Kelurahan(_)
        | Perintah::Undang(_)
        | Perintah::Gabung { .. }
        | Perintah::Perangkat(_)
        | Perintah::Sinkron { .. }
        | Perintah::Hub { .. }
        | Perintah::Jabatan(_)
        | Perintah::Pemulihan(_)
        | Perintah::Titipan(_)
        | Perintah::Paket(_) => Ok(0),
        Perintah::Berbeda(perintah) => jaringan::berbeda(&mut app, perintah, cetak, bahasa),
        Perintah::Tinjau(perintah) => crate::tinjau::tinjau(&mut app, perintah, cetak, bahasa),
        Perintah::Impor { automerge: Some(berkas), .. } => {
            let hasil = app.impor_automerge(berkas)?;
            cetak.print(|| automerge_json(&hasil), || pesan::impor_automerge(bahasa, &hasil));
            Ok(u8::from(!hasil.ditolak.is_empty()))
        }
        // What stands here without a file was refused before.
        Perintah::Impor { berkas: None, .. } => Ok(2),
        Perintah::Impor { berkas: Some(berkas), tolakan, automerge: None } => {
            let hasil = app.impor_warga(berkas, tolakan.as_deref())?;
            let satu = |t: &wakuncar_app::exchange::Tolakan| json!({"baris": t.baris, "kolom": t.kolom, "kode": t.kode.kode(), "alasan": t.kode.alasan(), "isi": t.isi});
            cetak.print(
                || {
                    json!({
                        "baris": hasil.baris, "pengodean": hasil.pengodean,
                        "rumah_baru": hasil.rumah_baru, "rumah_berubah": hasil.rumah_berubah,
                        "rumah_sama": hasil.rumah_sama, "warga_baru": hasil.warga_baru,
                        "ditolak": hasil.tolakan.iter().map(satu).collect::<Vec<_>>(),
                        "catatan": hasil.catatan.iter().map(satu).collect::<Vec<_>>(),
                        "kolom_asing": hasil.kolom_asing,
                        "berkas_tolakan": hasil.berkas_tolakan.as_ref().map(|path| path.display().to_string()),
                    })
                },
                || pesan::impor(bahasa, &hasil),
            );
            Ok(u8::from(!hasil.tolakan.is_empty()))
        }
        Perintah::Rumah(perintah) => rumah(&mut app, perintah, cetak, bahasa),
        Perintah::Warga(perintah) => warga(&mut app, perintah, cetak, bahasa),
        Perintah::Rekap { lampiran, wilayah, tgl_acuan, xlsx } => {
            let buku =
                Lampiran::parse(lampiran).ok_or_else(|| Galat::Usage(format!("lampiran {lampiran}: 4.16a, 4.16b")))?;
            let hari = tgl_acuan.unwrap_or_else(clock::today);
            let rekap = app.rekap(buku, &lingkup(wilayah), hari)?;
            if let Some(path) = xlsx {
                write_file(path, &rekap.xlsx()?)?;
            }
            cetak.print(
                || rekap_json(&rekap),
                || xlsx.as_ref().map_or_else(|| rekap.tabel_teks(), |path| pesan::ditulis(bahasa, path)),
            );
            Ok(0)
        }
        Perintah::Layar(Layar::Serve { port, ui }) => {
            app.set_hub_starter(hub::start);
            let told = |url: &str| println!("{}", json!({ "url": url }));
            wakuncar_app::loopback::serve(app, ui, *port, told).map_err(|e| Galat::Usage(e.to_string()))?;
            Ok(0)
        }
        Perintah::Status => {
            let status = app.status()?;
            let satu = |r: &StatusRumah| {
                json!({"id": r.id.to_string(), "no_rumah": r.no_rumah, "keadaan": r.keadaan.kode(),
                       "menunggu": r.menunggu})
            };
            let anggota = app.keanggotaan()?;
            cetak.print(
                || {
                    let rumah: Vec<Value> = status.rumah.iter().map(satu).collect();
                    let mut semua = kantor::keanggotaan_json(&anggota);
                    semua.extend([("rumah".to_owned(), rumah.into()), ("antrean".to_owned(), status.antrean.into())]);
                    semua.into()
                },
                || format!("{}{}", pesan::status(bahasa, &status), kantor::keanggotaan(bahasa, &anggota)),
            );
            Ok(0)
        }
        Perintah::Periksa { perbaiki } => {
            let hasil = app.periksa(*perbaiki)?;
            let bersih = hasil.temuan.is_empty();
            let temuan = hasil.temuan.iter().map(|t| json!({"kode": t.kode, "tempat": t.tempat}));
            cetak.print(
                || json!({"bersih": bersih, "temuan": temuan.collect::<Vec<_>>(), "diperbaiki": hasil.diperbaiki}),
                || pesan::periksa(bahasa, &hasil),
            );
            Ok(if bersih { 0 } else { 4 })
        }
        Perintah::Ekspor { keluar } => {
            let jumlah = app.ekspor(keluar)?;
            cetak.print(|| json!({"rumah": jumlah}), || pesan::ditulis(bahasa, keluar));
            Ok(0)
        }
    }
}

fn rumah(app: &mut App, perintah: &Rumah, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Rumah::Daftar { wilayah } => {
            let semua = app.daftar(&lingkup(wilayah), u32::MAX, 0)?;
            let satu = |r: &RingkasanRumah| {
                json!({
                    "id": r.id.to_string(), "rw": r.rw, "rt": r.rt, "dasawisma": r.dasawisma, "no_rumah": r.no_rumah,
                    "nama_krt": r.nama_krt, "jumlah_warga": r.jumlah_warga,
                    "temuan": r.temuan.0, "galat": r.temuan.1,
                })
            };
            let baris = |r: &RingkasanRumah| {
                format!(
                    "{}  {}/{}  {}  {}  {} ({})",
                    r.id, r.rw, r.rt, r.dasawisma, r.no_rumah, r.nama_krt, r.jumlah_warga
                )
            };
            cetak.print(
                || json!({"rumah": semua.iter().map(satu).collect::<Vec<_>>()}),
                || semua.iter().map(baris).collect::<Vec<_>>().join("\n"),
            );
        }
        Rumah::Lihat { id } => {
            let rumah = app.rumah(rumah_id(id)?)?;
            let temuan: Vec<Value> = rumah.temuan(clock::today()).iter().map(temuan_json).collect();
            let mut isi = rumah_json(&rumah);
            isi["temuan"] = temuan.into();
            cetak.print(|| isi.clone(), || format!("{isi:#}"));
        }
        Rumah::Tambah { isi } => saved(&app.tambah_rumah(&object(isi)?)?, None, cetak, bahasa),
        Rumah::Ubah { id, isi } => {
            let id = rumah_id(id)?;
            app.rumah(id)?;
            saved(&app.ubah_rumah(id, &object(isi)?)?, None, cetak, bahasa);
        }
        Rumah::Pindah { id, dasawisma, rw, rt, tgl } => {
            let ke = app.alamat_dasawisma(dasawisma, rw.as_deref(), rt.as_deref())?;
            saved(&app.pindah_rumah(rumah_id(id)?, &ke, tgl.unwrap_or_else(clock::today))?, None, cetak, bahasa);
        }
        Rumah::Setuju { id, pemberi, saksi, kesehatan } => {
            let setuju = Setuju { pemberi: pemberi.clone(), saksi: saksi.clone(), kesehatan: *kesehatan };
            saved(&app.setuju(rumah_id(id)?, &setuju)?, None, cetak, bahasa);
        }
    }
    Ok(0)
}

fn warga(app: &mut App, perintah: &Warga, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Warga::Cari { teks } => {
            let hasil = app.cari(teks, 100)?;
            cetak.print(
                || {
                    let satu = hasil.iter().map(|h| {
                        json!({"rumah": h.rumah.to_string(), "warga": h.warga, "nama": h.nama, "rt": h.rt, "no_rumah": h.no_rumah})
                    });
                    json!({"hasil": satu.collect::<Vec<_>>()})
                },
                || {
                    let satu = hasil.iter().map(|h| format!("{}  {}  RT {} no. {}", h.warga, h.nama, h.rt, h.no_rumah));
                    satu.collect::<Vec<_>>().join("\n")
                },
            );
        }
        Warga::Lihat { id } => {
            let id = warga_id(id)?;
            let rumah = app.rumah(app.rumah_warga(id)?)?;
            let mut isi = warga_json(&rumah, id).ok_or(Error::NoSuchWarga)?;
            isi["rumah"] = rumah.id.to_string().into();
            cetak.print(|| isi.clone(), || format!("{isi:#}"));
        }
        Warga::Tambah { rumah, isi } => {
            let (id, simpan) = app.tambah_warga(rumah_id(rumah)?, &object(isi)?)?;
            saved(&simpan, Some(id), cetak, bahasa);
        }
        Warga::Ubah { id, isi } => {
            let id = warga_id(id)?;
            let rumah = app.rumah_warga(id)?;
            saved(&app.ubah_warga(rumah, id, &object(isi)?)?, Some(id), cetak, bahasa);
        }
        Warga::Pindah { id, tgl, ke, keterangan } => {
            let id = warga_id(id)?;
            let ke = ke.as_deref().map(rumah_id).transpose()?;
            let rumah = app.rumah_warga(id)?;
            let semua = app.peristiwa(rumah, id, &Peristiwa::Pindah(ke), *tgl, keterangan)?;
            semua.last().into_iter().for_each(|simpan| saved(simpan, Some(id), cetak, bahasa));
        }
        Warga::Meninggal { id, tgl, keterangan } => {
            let id = warga_id(id)?;
            let rumah = app.rumah_warga(id)?;
            let semua = app.peristiwa(rumah, id, &Peristiwa::Meninggal, *tgl, keterangan)?;
            semua.last().into_iter().for_each(|simpan| saved(simpan, Some(id), cetak, bahasa));
        }
    }
    Ok(0)
}

/// How results are printed.
#[derive(Clone, Copy)]
pub(crate) struct Cetak {
    json: bool,
}

impl Cetak {
    pub(crate) fn print(self, json: impl FnOnce() -> Value, teks: impl FnOnce() -> String) {
        let teks = if self.json { json().to_string() } else { teks() };
        // Whoever reads may have gone (`| head`); what was done stays done.
        let _ = writeln!(std::io::stdout(), "{teks}");
    }
}

pub(crate) fn saved(simpan: &SimpanRumah, warga: Option<WargaId>, cetak: Cetak, bahasa: Bahasa) {
    let rumah = simpan.rumah.id.to_string();
    let temuan = || simpan.temuan.iter().map(temuan_json).collect::<Vec<_>>();
    cetak.print(
        || {
            let warga = warga.map(|id| id.to_string());
            json!({"rumah": rumah, "warga": warga, "berubah": simpan.berubah, "temuan": temuan()})
        },
        || format!("{} {}", pesan::tersimpan(bahasa), warga.map_or(rumah.clone(), |id| id.to_string())),
    );
}

fn automerge_json(hasil: &HasilAutomerge) -> Value {
    let diambil = hasil.diambil.iter().map(|(tempat, isi)| json!({"tempat": tempat, "isi": isi}));
    let benturan = hasil.benturan.iter().map(|b| json!({"tempat": b.tempat, "calon": b.calon}));
    let ditolak =
        hasil.ditolak.iter().map(|d| json!({"tempat": d.tempat, "kode": d.kode(), "alasan": d.alasan(), "isi": d.isi}));
    json!({
        "rumah": hasil.rumah.to_string(), "koleksi": hasil.koleksi.nama(),
        "diambil": diambil.collect::<Vec<_>>(), "benturan": benturan.collect::<Vec<_>>(),
        "ditolak": ditolak.collect::<Vec<_>>(), "temuan": hasil.temuan.iter().map(temuan_json).collect::<Vec<_>>(),
    })
}

fn temuan_json(temuan: &wakuncar_app::domain::Temuan) -> Value {
    let galat = temuan.kode.keparahan() == wakuncar_app::domain::Keparahan::Galat;
    json!({"kode": temuan.kode.kode(), "tempat": temuan.jalur, "nilai": temuan.nilai, "galat": galat})
}

/// Opens the folder: one named by `--data` keeps its key as a file unless it was made otherwise; the user's own
/// keeps it in the secret store, or derives it from `WAKUNCAR_SANDI` where there is none.
pub(crate) fn open(wakuncar: &Wakuncar, bahasa: Bahasa) -> Result<App, Galat> {
    let (dir, source) = folder(wakuncar)?;
    if matches!(source, KeySource::TestFile) {
        eprintln!("{}", pesan::kunci_berkas(bahasa, &dir));
    }
    Ok(hub::patiently(&dir, || App::open(&dir, &source))?)
}

/// The data folder, and where its key is.
pub(crate) fn folder(wakuncar: &Wakuncar) -> Result<(PathBuf, KeySource), Galat> {
    let sandi = std::env::var("WAKUNCAR_SANDI").ok().map(Into::into);
    let (dir, baru) = match &wakuncar.data {
        Some(dir) => (dir.clone(), KeySource::TestFile),
        None => (own_folder()?, KeySource::SecretStore),
    };
    let source = KeySource::for_folder(&dir, sandi, baru)?;
    Ok((dir, source))
}

fn own_folder() -> Result<PathBuf, Galat> {
    let env = |nama| std::env::var_os(nama).filter(|path| !path.is_empty()).map(PathBuf::from);
    let base = env("LOCALAPPDATA")
        .or_else(|| env("XDG_DATA_HOME"))
        .or_else(|| env("HOME").map(|home| home.join(".local/share")));
    base.map(|base| base.join("id.wakuncar")).ok_or_else(|| Galat::Usage("--data DIR".into()))
}

fn lingkup(wilayah: &Wilayah) -> Lingkup {
    let angka = |isi: &Option<String>| isi.as_ref().map(|nomor| format!("{nomor:0>3}"));
    Lingkup { rw: angka(&wilayah.rw), rt: angka(&wilayah.rt), dasawisma: wilayah.dasawisma.clone() }
}

pub(crate) fn rumah_id(teks: &str) -> Result<RumahId, Galat> {
    RumahId::parse(teks).map_err(|e| Galat::Usage(format!("{teks}: {e}")))
}

fn warga_id(teks: &str) -> Result<WargaId, Galat> {
    WargaId::parse(teks).map_err(|e| Galat::Usage(format!("{teks}: {e}")))
}

fn object(isi: &Isi) -> Result<Map<String, Value>, Galat> {
    let teks = match &isi.isi {
        Some(teks) => teks.clone(),
        None => {
            let mut teks = String::new();
            std::io::stdin().read_to_string(&mut teks).map_err(|e| Galat::Usage(e.to_string()))?;
            teks
        }
    };
    serde_json::from_str(&teks).map_err(|e| Galat::Usage(format!("JSON: {e}")))
}

pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Galat> {
    Ok(std::fs::write(path, bytes).map_err(|error| Error::File { path: path.display().to_string(), error })?)
}
