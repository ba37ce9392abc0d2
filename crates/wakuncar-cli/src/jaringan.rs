//! Commands that meet other devices: kelurahan, relay, invitations, devices, sending and fetching.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wakuncar_app::{
    App, BuatKelurahan, Error, Gabung, HasilSinkron, Jawaban, KeadaanGabung, KeadaanPerangkat, Pemakaian, Perangkat,
    Picture, Role, Undang, buat_kelurahan, gabung, lanjut_gabung, nama_alasan, nama_peran, parse_peran, parse_pin,
    sahkan, segarkan_perangkat, sinkron, sinkron_hub, tolak, undang,
};
use wakuncar_sync_server::{Config, Relay};

use crate::jalan::{Cetak, Galat, rumah_id, saved};
use crate::kantor;
use crate::perintah::{
    Berbeda, Kelurahan, Perangkat as PerangkatPerintah, Relay as RelayPerintah, Undang as UndangPerintah,
};
use crate::pesan::{self, Bahasa};

/// Between two questions to the relay while somebody waits at the prompt.
const ASK_AGAIN: Duration = Duration::from_millis(700);

pub(crate) fn kelurahan(app: &Mutex<App>, perintah: &Kelurahan, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Kelurahan::Buat { kode, nama, relay, pin, latihan } => {
            let buat = BuatKelurahan {
                kode: kode.clone(),
                nama: nama.clone(),
                relay: relay.clone(),
                pin: parse_pin(pin)?,
                latihan: *latihan,
            };
            let baru = buat_kelurahan(app, &buat)?;
            cetak.print(
                || json!({"space": baru.space, "kode_pemulihan": baru.kode_pemulihan, "terkirim": baru.terkirim}),
                || pesan::kelurahan_baru(bahasa, &baru),
            );
            // The kelurahan is there; its relay is brought up to date by the next sync.
            Ok(if baru.terkirim { 0 } else { 3 })
        }
        Kelurahan::Lihat => {
            let ini = lock(app).kelurahan().ok_or(Error::TanpaKelurahan)?;
            cetak.print(
                || {
                    json!({"space": ini.space, "kode": ini.kode, "nama": ini.nama, "latihan": ini.latihan,
                           "peran": ini.peran.map(nama_peran)})
                },
                || pesan::kelurahan(bahasa, &ini),
            );
            Ok(0)
        }
    }
}

/// Runs a relay until it is killed. The first line on stdout says where it is.
pub(crate) fn relay(data: PathBuf, perintah: &RelayPerintah) -> Result<u8, Galat> {
    let fault = |error: &dyn std::fmt::Display| Galat::Usage(format!("relay: {error}"));
    let (listen, limits) = match perintah {
        RelayPerintah::Serve { listen, batas } => (*listen, batas.clone()),
        RelayPerintah::Pulih => return Relay::renew(&data).map(|()| 0).map_err(|e| fault(&e)),
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|e| fault(&e))?;
    runtime.block_on(async {
        let relay = Relay::start(Config { limits, ..Config::new(data, listen) }).await.map_err(|e| fault(&e))?;
        println!("{}", json!({"url": relay.url(), "pin": relay.pin()}));
        std::io::stdout().flush().map_err(|e| fault(&e))?;
        relay.wait().await;
        Ok(0)
    })
}

pub(crate) fn mengundang(
    app: &Mutex<App>,
    perintah: &UndangPerintah,
    cetak: Cetak,
    bahasa: Bahasa,
) -> Result<u8, Galat> {
    let gantikan = perintah.gantikan.as_deref().map(kantor::device).transpose()?;
    let peran = match (&perintah.peran, gantikan) {
        (Some(nama), _) => parse_peran(nama).ok_or_else(|| Galat::Usage(format!("peran {nama}")))?,
        (None, Some(lama)) => lock(app).peran_perangkat(lama)?,
        (None, None) => Role::Kader,
    };
    let (rw, rt) = (perintah.rw.as_deref(), perintah.rt.as_deref());
    let semua = perintah.dasawisma.iter().map(|nama| lock(app).alamat_dasawisma(nama, rw, rt));
    let dasawisma = semua.collect::<Result<Vec<_>, _>>()?;
    let undangan = undang(app, &Undang { nama: perintah.nama.clone(), peran, dasawisma, gantikan })?;
    cetak.print(
        || {
            json!({"undangan": undangan.id, "kode": undangan.kode, "kode_ketik": undangan.kode_ketik,
                   "sampai": undangan.sampai})
        },
        || pesan::undangan(bahasa, &undangan),
    );
    Ok(0)
}

/// Asks to join, and waits at most `tunggu` for the three pictures.
pub(crate) fn bergabung(
    app: &Mutex<App>,
    kode: &str,
    tunggu: Duration,
    cetak: Cetak,
    bahasa: Bahasa,
) -> Result<u8, Galat> {
    let mut state = gabung(app, kode)?;
    let until = Instant::now() + tunggu;
    while state.keadaan == KeadaanGabung::Menunggu && Instant::now() < until {
        std::thread::sleep(ASK_AGAIN.min(until.saturating_duration_since(Instant::now())));
        state = lanjut_gabung(app)?;
    }
    let Gabung { perangkat, kelurahan, gambar, keadaan } = &state;
    let keadaan = keadaan_gabung(*keadaan);
    cetak.print(
        || {
            json!({"perangkat": perangkat, "kelurahan": kelurahan, "gambar": gambar.as_ref().map(nama_gambar),
                   "keadaan": keadaan})
        },
        || pesan::gabung(bahasa, &state),
    );
    Ok(u8::from(state.keadaan == KeadaanGabung::Ditolak))
}

fn keadaan_gabung(keadaan: KeadaanGabung) -> &'static str {
    match keadaan {
        KeadaanGabung::Menunggu => "menunggu",
        KeadaanGabung::Bandingkan => "bandingkan",
        KeadaanGabung::Sah => "sah",
        KeadaanGabung::Ditolak => "ditolak",
    }
}

fn nama_gambar(gambar: &[Picture; 3]) -> Value {
    gambar.iter().map(|satu| satu.nama).collect::<Vec<_>>().into()
}

pub(crate) fn perangkat(
    app: &Mutex<App>,
    perintah: &PerangkatPerintah,
    cetak: Cetak,
    bahasa: Bahasa,
) -> Result<u8, Galat> {
    let id = kantor::device;
    match perintah {
        PerangkatPerintah::Daftar => {
            // Who has asked to join is at the relay. Without it the list of before is still worth showing.
            match segarkan_perangkat(app) {
                // So does whoever was shut out.
                Err(error @ (Error::Dicabut(_) | Error::Berhenti)) => {
                    eprintln!("{}", pesan::galat(bahasa, &error.into()));
                }
                Err(error) if error.is_unreachable() => eprintln!("{}", pesan::galat(bahasa, &error.into())),
                other => other?,
            }
        }
        PerangkatPerintah::Sahkan { id: teks } => sahkan(app, id(teks)?)?,
        PerangkatPerintah::Tolak { id: teks } => tolak(app, id(teks)?)?,
        PerangkatPerintah::Cabut(perintah) => return kantor::mencabut(app, perintah, cetak, bahasa),
        PerangkatPerintah::Satukan { id: teks } => drop(lock(app).satukan(id(teks)?)?),
        PerangkatPerintah::Berhenti => return kantor::mundur(app, cetak, bahasa),
    }
    let semua = lock(app).perangkat()?;
    let satu = |p: &Perangkat| {
        let keadaan = match p.keadaan {
            KeadaanPerangkat::Sah => "sah",
            KeadaanPerangkat::Menunggu => "menunggu",
            KeadaanPerangkat::Dicabut => "dicabut",
        };
        json!({"id": p.id.to_string(), "nama": p.nama, "peran": nama_peran(p.peran), "dasawisma": p.dasawisma,
               "keadaan": keadaan, "gambar": p.gambar.as_ref().map(nama_gambar), "ini": p.ini, "kursi": p.kursi,
               "alasan": p.alasan.map(nama_alasan)})
    };
    cetak.print(
        || json!({"perangkat": semua.iter().map(satu).collect::<Vec<_>>()}),
        || semua.iter().map(|p| pesan::perangkat(bahasa, p)).collect::<Vec<_>>().join("\n"),
    );
    Ok(0)
}

/// Exit code 0 only if everything of ours is durable elsewhere.
pub(crate) fn kirim(app: &Mutex<App>, hub: Option<&str>, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    let hasil = match hub {
        Some(kode) => sinkron_hub(app, kode)?,
        None => sinkron(app)?,
    };
    let HasilSinkron { keluar, masuk, menunggu, ditolak, diparkir, rusak, gagal, bita } = hasil;
    let bulan_ini = lock(app).pemakaian()?.bulan_ini;
    cetak.print(
        || {
            json!({"keluar": keluar, "masuk": masuk, "menunggu": menunggu, "ditolak": ditolak, "diparkir": diparkir,
                   "rusak": rusak, "gagal": gagal,
                   "kuota": {"bita": bita, "rupiah": Pemakaian::rupiah(bita), "bulan_ini": bulan_ini,
                             "rupiah_bulan_ini": Pemakaian::rupiah(bulan_ini)}})
        },
        || format!("{}\n{}", pesan::sinkron(bahasa, &hasil), pesan::kuota(bahasa, bita, bulan_ini)),
    );
    Ok(u8::from(menunggu > 0))
}

pub(crate) fn berbeda(app: &mut App, perintah: &Berbeda, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Berbeda::Daftar => {
            let semua = app.berbeda()?;
            let calon = |satu: &Jawaban| {
                let calon = satu.calon.iter();
                calon.map(|c| json!({"isi": c.isi, "nama": c.nama, "waktu": c.unix_s})).collect::<Vec<_>>()
            };
            cetak.print(
                || {
                    let satu = semua.iter().map(|satu| {
                        json!({"rumah": satu.rumah.to_string(), "no_rumah": satu.no_rumah, "tempat": satu.tempat,
                               "label": satu.label, "calon": calon(satu)})
                    });
                    json!({"berbeda": satu.collect::<Vec<_>>()})
                },
                || semua.iter().map(|satu| pesan::berbeda(bahasa, satu)).collect::<Vec<_>>().join("\n"),
            );
        }
        Berbeda::Putuskan { rumah, tempat, isi } => {
            let isi = serde_json::from_str(isi).unwrap_or_else(|_| Value::from(isi.clone()));
            saved(&app.putuskan(rumah_id(rumah)?, tempat, &isi)?, None, cetak, bahasa);
        }
    }
    Ok(0)
}

pub(crate) fn lock(app: &Mutex<App>) -> std::sync::MutexGuard<'_, App> {
    app.lock().unwrap_or_else(PoisonError::into_inner)
}
