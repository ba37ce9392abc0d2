//! Commands about who belongs: shutting out, leaving, seats, the recovery code, what a phone handed over.

use std::io::Write as _;
use std::sync::Mutex;

use serde_json::{Value, json};
use wakuncar_app::{
    Akhir, App, Cabut, DeviceId, IsiTitipan, Keanggotaan, Kursi, NasibJawaban, RumahTitipan, ambil_titipan, berhenti,
    beri_kursi, cabut, kode_pemulihan_baru, nama_alasan, pakai_pemulihan, parse_alasan, read_titipan, serahkan,
};

use crate::jalan::{Cetak, Galat};
use crate::jaringan::lock;
use crate::perintah::{CabutPerangkat, Jabatan, Pemulihan, Titipan};
use crate::pesan::Bahasa;

pub(crate) fn device(teks: &str) -> Result<DeviceId, Galat> {
    DeviceId::parse(teks).map_err(|_| Galat::Usage(format!("perangkat {teks}")))
}

/// What was decided counts here at once: exit code 0 also while no relay has it.
pub(crate) fn mencabut(app: &Mutex<App>, perintah: &CabutPerangkat, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    let alasan = parse_alasan(&perintah.alasan).ok_or_else(|| Galat::Usage(format!("--alasan {}", perintah.alasan)))?;
    let pengganti = perintah.pengganti.as_deref().map(device).transpose()?;
    let perangkat = device(&perintah.id)?;
    let hasil = cabut(app, &Cabut { perangkat, alasan, hapus: perintah.hapus, pengganti })?;
    cetak.print(
        || {
            json!({"perangkat": perangkat.to_string(), "alasan": perintah.alasan, "kursi_kosong": hasil.kursi_kosong,
                   "kunci_baru": hasil.kunci_baru, "terkirim": hasil.terkirim})
        },
        || {
            let mut teks = bahasa.pilih("Perangkat dicabut.", "The device is shut out.").to_owned();
            teks.push_str(nanti(bahasa, hasil.terkirim));
            for nomor in &hasil.kursi_kosong {
                teks.push_str(&kursi_kosong(bahasa, *nomor));
            }
            teks
        },
    );
    Ok(0)
}

pub(crate) fn mundur(app: &Mutex<App>, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    let terkirim = berhenti(app)?;
    told(cetak, bahasa, terkirim, "Perangkat ini berhenti.", "This device has left.");
    Ok(0)
}

pub(crate) fn jabatan(app: &Mutex<App>, perintah: &Jabatan, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Jabatan::Daftar => {
            let semua = lock(app).jabatan()?;
            let satu = |kursi: &Kursi| {
                json!({"kursi": kursi.nomor, "perangkat": kursi.pemegang.map(|id| id.to_string()), "nama": kursi.nama,
                       "masa": kursi.masa, "hub": kursi.hub, "ini": kursi.ini})
            };
            cetak.print(
                || json!({"jabatan": semua.iter().map(satu).collect::<Vec<_>>()}),
                || semua.iter().map(|kursi| baris_kursi(bahasa, kursi)).collect::<Vec<_>>().join("\n"),
            );
        }
        Jabatan::Beri { kursi, hub: _, ke } => {
            let terkirim = beri_kursi(app, *kursi, device(ke)?)?;
            told(cetak, bahasa, terkirim, "Kursi diberikan.", "The seat is given.");
        }
        Jabatan::Serahkan { ke } => {
            let terkirim = serahkan(app, device(ke)?)?;
            let (id, en) = (
                "Jabatan diserahkan. Perangkat ini tidak mencatat lagi; untuk jadi kader, gabung dengan folder baru.",
                "The seat is handed over. This device records no more; to be a kader, join with a new folder.",
            );
            told(cetak, bahasa, terkirim, id, en);
        }
    }
    Ok(0)
}

pub(crate) fn pemulihan(app: &Mutex<App>, perintah: &Pemulihan, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Pemulihan::Uji { kode } => {
            let hasil = lock(app).uji_pemulihan(kode)?;
            cetak.print(
                || json!({"benar": true, "membuka": hasil.membuka}),
                || {
                    let benar = bahasa.pilih(
                        "Kode benar dan tidak terpakai. Segel lagi amplopnya.",
                        "The code is right and was not used. Seal the envelope again.",
                    );
                    let belum = bahasa.pilih(
                        " Kode ini belum membuka semua data; jalankan: wakuncar sinkron",
                        " The code does not open all data yet; run: wakuncar sinkron",
                    );
                    format!("{benar}{}", if hasil.membuka { "" } else { belum })
                },
            );
        }
        Pemulihan::Pakai { kode, baru } => {
            let baru = baru.clone().map_or_else(kode_pemulihan_baru, Ok)?;
            // Before anything is written: a power cut must not leave a code that nobody has seen.
            let tulis = bahasa.pilih(
                "Kode pemulihan BARU, tulis dua kali dan simpan dalam dua amplop:",
                "The NEW recovery code, to be written twice and kept in two envelopes:",
            );
            let _ = writeln!(std::io::stderr(), "{tulis}\n{baru}");
            let hasil = pakai_pemulihan(app, kode, &baru)?;
            cetak.print(
                || {
                    json!({"kode_pemulihan": hasil.kode_pemulihan, "kursi": hasil.kursi,
                           "tanpa_kunci": hasil.tanpa_kunci, "belum_ditutup": hasil.belum_ditutup,
                           "terkirim": hasil.terkirim})
                },
                || {
                    let jadi = bahasa.pilih(
                        "Perangkat ini memegang kursi 1. Kode lama tidak berlaku lagi; yang baru:",
                        "This device holds seat 1. The old code serves no more; the new one:",
                    );
                    let tutup = bahasa.pilih(
                        "\nSesudah wakuncar sinkron, cabut perangkat kantor lama: wakuncar perangkat cabut ID --alasan …",
                        "\nAfter wakuncar sinkron, shut the old office's devices out: wakuncar perangkat cabut ID \
                         --alasan …",
                    );
                    let tutup = if hasil.belum_ditutup { tutup } else { "" };
                    format!("{jadi}\n{}{}{tutup}", hasil.kode_pemulihan, nanti(bahasa, hasil.terkirim))
                },
            );
        }
    }
    Ok(0)
}

pub(crate) fn titipan(app: &Mutex<App>, perintah: &Titipan, cetak: Cetak, bahasa: Bahasa) -> Result<u8, Galat> {
    match perintah {
        Titipan::Daftar { berkas } => {
            let berkas = if berkas.is_empty() {
                // What lies at a relay; without one the files of before are still worth showing.
                match ambil_titipan(app) {
                    Err(error) if error.is_unreachable() => {
                        eprintln!("{}", crate::pesan::galat(bahasa, &error.into()));
                    }
                    other => drop(other?),
                }
                lock(app).titipan()?
            } else {
                berkas.clone()
            };
            let mut app = lock(app);
            let mut semua = Vec::new();
            for path in berkas {
                semua.push((path.display().to_string(), app.baca_titipan(&read_titipan(&path)?)?));
            }
            cetak.print(
                || {
                    let satu = semua.iter().map(|(path, isi)| titipan_json(path, isi));
                    json!({"titipan": satu.collect::<Vec<_>>()})
                },
                || semua.iter().map(|(path, isi)| baris_titipan(bahasa, path, isi)).collect::<Vec<_>>().join("\n"),
            );
        }
        Titipan::Terima { berkas } => {
            let path = berkas.display().to_string();
            let isi = lock(app).terima_titipan(&read_titipan(berkas)?)?;
            cetak.print(|| titipan_json(&path, &isi), || baris_titipan(bahasa, &path, &isi));
        }
    }
    Ok(0)
}

fn titipan_json(path: &str, isi: &IsiTitipan) -> Value {
    let rumah = |satu: &RumahTitipan| {
        let jawaban = satu.jawaban.iter();
        let jawaban = jawaban.map(|j| {
            json!({"tempat": j.tempat, "kini": j.kini, "titipan": j.titipan,
                                             "nasib": j.nasib.kode()})
        });
        json!({"id": satu.id.to_string(), "koleksi": satu.koleksi.nama(), "sebutan": satu.sebutan,
               "waktu": satu.waktu, "jawaban": jawaban.collect::<Vec<_>>()})
    };
    json!({"berkas": path, "oleh": isi.oleh.to_string(), "nama": isi.nama, "dibuat": isi.dibuat, "sudah": isi.sudah,
           "rumah": isi.rumah.iter().map(rumah).collect::<Vec<_>>()})
}

fn baris_titipan(bahasa: Bahasa, path: &str, isi: &IsiTitipan) -> String {
    let jumlah = |nasib| {
        let jawaban = isi.rumah.iter().flat_map(|rumah| &rumah.jawaban);
        jawaban.filter(|jawaban| jawaban.nasib == nasib).count()
    };
    let (diambil, sama) = (jumlah(NasibJawaban::Diambil), jumlah(NasibJawaban::Sama));
    let (berbeda, tinggal) = (jumlah(NasibJawaban::Berbeda), jumlah(NasibJawaban::Tinggal));
    let sudah = if isi.sudah { bahasa.pilih(" (sudah diambil)", " (taken over before)") } else { "" };
    let mut teks = match bahasa {
        Bahasa::Indonesia => format!(
            "{path}: titipan {} ({}){sudah}. Jawaban: {diambil} diambil, {sama} sudah sama, {berbeda} berbeda, \
             {tinggal} tinggal dalam berkas.",
            isi.nama, isi.oleh
        ),
        Bahasa::Inggris => format!(
            "{path}: handed over by {} ({}){sudah}. Answers: {diambil} taken, {sama} the same already, {berbeda} \
             different, {tinggal} left in the file.",
            isi.nama, isi.oleh
        ),
    };
    for rumah in &isi.rumah {
        teks.push_str(&format!("\n  {} {}: {}", rumah.sebutan, rumah.koleksi.nama(), rumah.jawaban.len()));
    }
    teks
}

fn told(cetak: Cetak, bahasa: Bahasa, terkirim: bool, indonesia: &str, inggris: &str) {
    cetak.print(
        || json!({"terkirim": terkirim}),
        || format!("{}{}", bahasa.pilih(indonesia, inggris), nanti(bahasa, terkirim)),
    );
}

fn nanti(bahasa: Bahasa, terkirim: bool) -> &'static str {
    if terkirim {
        return "";
    }
    bahasa.pilih(
        " Di sini sudah berlaku; relay belum terjangkau, nanti: wakuncar sinkron",
        " It counts here already; the relay was not reached, later: wakuncar sinkron",
    )
}

fn baris_kursi(bahasa: Bahasa, kursi: &Kursi) -> String {
    let siapa = match kursi.pemegang {
        Some(id) => format!("{id}  {}", kursi.nama),
        None => bahasa.pilih("kosong", "vacant").to_owned(),
    };
    let hub = if kursi.hub { " (hub)" } else { "" };
    let ini = if kursi.ini { bahasa.pilih("  ← perangkat ini", "  ← this device") } else { "" };
    format!("{} {}{hub}  {siapa}{ini}", bahasa.pilih("Kursi", "Seat"), kursi.nomor)
}

fn kursi_kosong(bahasa: Bahasa, nomor: u8) -> String {
    match bahasa {
        Bahasa::Indonesia => format!("\nKursi {nomor} kosong. Isi: wakuncar jabatan beri --kursi {nomor} --ke ID"),
        Bahasa::Inggris => format!("\nSeat {nomor} is vacant. Fill it: wakuncar jabatan beri --kursi {nomor} --ke ID"),
    }
}

/// What `status --json` says besides the houses.
pub(crate) fn keanggotaan_json(satu: &Keanggotaan) -> serde_json::Map<String, Value> {
    let akhir = satu.akhir.map(|akhir| match akhir {
        Akhir::Dicabut { alasan, hapus } => json!({"dicabut": nama_alasan(alasan), "hapus": hapus}),
        Akhir::Berhenti => json!({"berhenti": true}),
    });
    let sewa = satu.sewa.map(|sewa| {
        json!({"hari": sewa.hari, "peringatan": sewa.peringatan, "batas": sewa.batas, "habis": sewa.is_closed()})
    });
    let semua = json!({
        "menunggu_kunci": satu.menunggu_kunci, "menunggu_kunci_baru": satu.menunggu_kunci_baru, "akhir": akhir,
        "sewa": sewa, "kursi_kosong": satu.kursi_kosong, "kursi_kurang": satu.kursi_kurang,
        "uji_pemulihan": satu.uji_pemulihan, "titipan": satu.titipan,
        "terbelah": satu.terbelah,
    });
    match semua {
        Value::Object(semua) => semua,
        _ => serde_json::Map::new(),
    }
}

/// What a person should know or do, one a line; empty if nothing.
pub(crate) fn keanggotaan(bahasa: Bahasa, satu: &Keanggotaan) -> String {
    let mut baris: Vec<String> = Vec::new();
    let mut add = |indonesia: String, inggris: String| {
        baris.push(if bahasa == Bahasa::Indonesia { indonesia } else { inggris });
    };
    match satu.akhir {
        Some(Akhir::Dicabut { alasan, .. }) => {
            let alasan = nama_alasan(alasan);
            add(
                format!("Perangkat ini dicabut ({alasan}). Bawa berkas titipan ke kelurahan, lalu gabung lagi."),
                format!("This device was shut out ({alasan}). Bring its titipan file to the office, then join again."),
            );
        }
        Some(Akhir::Berhenti) => add(
            "Perangkat ini tidak lagi di kelurahan. Datanya masih bisa dilihat.".into(),
            "This device is no longer in the kelurahan. Its data can still be looked at.".into(),
        ),
        None => {}
    }
    if satu.terbelah {
        add(
            "Data aman. HP ini punya salinan yang juga dipakai, jadi tidak mengirim lagi. Daftarkan ulang di kelurahan.".into(),
            "The data are safe. A copy of this device is in use too, so it sends nothing more. Register it anew.".into(),
        );
    }
    if satu.pernah_dihapus {
        add(
            "Data di folder ini dihapus atas perintah kelurahan. Tanya koordinator.".into(),
            "The data in this folder were destroyed by order of the kelurahan. Ask the coordinator.".into(),
        );
    }
    if satu.menunggu_kunci > 0 {
        let n = satu.menunggu_kunci;
        add(
            format!("{n} kiriman aman di sini, menunggu kuncinya."),
            format!("{n} packets are safe here and wait for their key."),
        );
    }
    if satu.menunggu_kunci_baru {
        add(
            "Menunggu kunci baru dari kantor. Data aman.".into(),
            "Waiting for a new key from the office. The data are safe.".into(),
        );
    }
    if let Some(sewa) = satu.sewa.filter(wakuncar_app::Sewa::is_warning) {
        let (hari, batas) = (sewa.hari, sewa.batas);
        add(
            format!("{hari} hari tanpa kontak; pada hari ke-{batas} aplikasi terkunci. Jalankan: wakuncar sinkron"),
            format!("{hari} days without contact; closed from day {batas} on. Run: wakuncar sinkron"),
        );
    }
    if satu.kursi_kurang {
        add(
            "Baru satu kursi terisi. Beri kursi kedua: wakuncar jabatan beri --kursi 2 --ke ID".into(),
            "Only one seat is held. Give a second one: wakuncar jabatan beri --kursi 2 --ke ID".into(),
        );
    }
    for nomor in &satu.kursi_kosong {
        baris.push(kursi_kosong(bahasa, *nomor).trim_start().to_owned());
    }
    if satu.titipan > 0 {
        let n = satu.titipan;
        baris.push(match bahasa {
            Bahasa::Indonesia => format!("{n} titipan HP yang dicabut menunggu: wakuncar titipan daftar"),
            Bahasa::Inggris => format!("{n} files of phones that were shut out wait: wakuncar titipan daftar"),
        });
    }
    if satu.uji_pemulihan {
        let teks = bahasa.pilih(
            "Sudah setahun kode pemulihan tidak diuji: wakuncar pemulihan uji --kode …",
            "The recovery code was not proven for a year: wakuncar pemulihan uji --kode …",
        );
        baris.push(teks.to_owned());
    }
    baris.into_iter().map(|satu| format!("\n! {satu}")).collect()
}
