//! What people do on a device.

use std::sync::Mutex;

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};
use wakuncar_app::{AlamatDasawisma, App, Error, Izin};
use wakuncar_domain::{Bagian, BarisId, Butir, Desimal, Edit, Isian, Jenis, Nilai, Rumah, RumahId, Tempat};

use super::super::dunia::Dunia;
use super::{Kerja, ke};

/// What every free text begins with: nobody but members may ever see it.
pub(crate) const PENANDA: &str = "Zirkonium";

/// Items that decide where a house lies; changing them is another event.
const WILAYAH: [&str; 5] = ["rw", "rt", "dasawisma", "no_rumah", "alamat"];

/// Does a piece of work on a device.
pub(crate) fn lakukan(dunia: &mut Dunia, siapa: usize, kerja: Kerja) {
    let _ = match kerja {
        Kerja::Sunting { rumah, soal, nilai } => dunia.pada(siapa, |app| sunting(&mut kunci(app), rumah, soal, nilai)),
        Kerja::RumahBaru { dasawisma, nomor } => {
            let semua = dunia.pada(siapa, |app| kunci(app).wilayah_sendiri()).jadi().unwrap_or_default();
            // Where she may, or where she merely wishes to while she belongs nowhere yet.
            let alamat = ke(&semua, dasawisma).map(|(alamat, _)| alamat.clone());
            rumah_baru(dunia, siapa, &alamat.unwrap_or_else(|| Dunia::dasawisma(0)), nomor);
            return;
        }
        Kerja::Warga { rumah, nama } => dunia.pada(siapa, |app| warga(&mut kunci(app), rumah, nama)),
        Kerja::Putuskan { yang, calon } => dunia.pada(siapa, |app| putuskan(&mut kunci(app), yang, calon)),
        Kerja::Pindah { rumah } => dunia.pada(siapa, |app| pindah(&mut kunci(app), rumah)),
        Kerja::Sinkron => dunia.pada(siapa, |app| wakuncar_app::sinkron(app).map(|_| ())),
    };
}

/// The application for a short while.
fn kunci(app: &Mutex<App>) -> std::sync::MutexGuard<'_, App> {
    app.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn rumah_ke(app: &App, angka: u8) -> Result<RumahId, Error> {
    let semua = app.simulasi_store().semua_rumah()?;
    ke(&semua, angka).copied().ok_or(Error::NoSuchRumah)
}

/// A house with a family that has agreed to everything.
pub(crate) fn rumah_baru(dunia: &mut Dunia, siapa: usize, alamat: &AlamatDasawisma, nomor: u8) {
    let _ = dunia.pada(siapa, |app| {
        let mut app = kunci(app);
        let isi = json!({
            "rw": alamat.rw, "rt": alamat.rt, "dasawisma": alamat.nama, "no_rumah": nomor.to_string(),
            "persetujuan": [{
                "versi": "2026-11", "tgl": "2026-01-01", "pemberi": format!("{PENANDA} pemberi"),
                "modul_dasar": "ya", "modul_kesehatan": "ya",
            }],
            "rumah_tangga": [{"nama_krt": format!("{PENANDA} krt {nomor}")}],
        });
        app.tambah_rumah(&object(isi))
    });
}

fn object(isi: Value) -> Map<String, Value> {
    match isi {
        Value::Object(isi) => isi,
        _ => Map::new(),
    }
}

fn warga(app: &mut App, rumah: u8, nama: u8) -> Result<(), Error> {
    let id = rumah_ke(app, rumah)?;
    let isi = json!({"nama_lengkap": format!("{PENANDA} {}", nama % 40), "krt": format!("{PENANDA} krt"), "no_kk": ""});
    app.tambah_warga(id, &object(isi)).map(|_| ())
}

fn putuskan(app: &mut App, yang: u8, calon: u8) -> Result<(), Error> {
    let semua = app.berbeda()?;
    let jawaban = ke(&semua, yang).ok_or(Error::NoSuchRumah)?;
    let isi = ke(&jawaban.calon, calon).map_or(Value::Null, |calon| calon.isi.clone());
    app.putuskan(jawaban.rumah, &jawaban.tempat, &isi).map(|_| ())
}

fn pindah(app: &mut App, rumah: u8) -> Result<(), Error> {
    let id = rumah_ke(app, rumah)?;
    let di_melati = app.rumah(id)?.sifat.dasawisma.terisi().is_some_and(|nama| nama == "Melati 1");
    let ke = Dunia::dasawisma(usize::from(di_melati));
    app.pindah_rumah(id, &ke, NaiveDate::default()).map(|_| ())
}

/// One answer to one question of a house, of any kind that the forms have.
fn sunting(app: &mut App, rumah: u8, soal: u16, nilai: u8) -> Result<(), Error> {
    let id = rumah_ke(app, rumah)?;
    let record = app.rumah(id)?;
    let tempat = tempat(&record, soal);
    let isi = match nilai {
        0..8 => Isian::Kosong,
        8..16 => Isian::TidakTahu,
        _ => jawaban(tempat.butir(), nilai),
    };
    app.edit(id, &[Edit { tempat, isi }], Izin::Kunjungan).map(|_| ())
}

/// Which question: of the house, of one of its rows, or of a new row.
fn tempat(rumah: &Rumah, soal: u16) -> Tempat {
    let mut baris: Vec<(Bagian, Option<BarisId>)> = vec![(Bagian::Rumah, None)];
    let rows = |bagian, ids: Vec<BarisId>| ids.into_iter().map(move |id| (bagian, Some(id)));
    baris.extend(rows(Bagian::RumahTangga, rumah.rumah_tangga.keys().cloned().collect()));
    baris.extend(rows(Bagian::Pekarangan, rumah.pekarangan.keys().cloned().collect()));
    for warga in rumah.anggota.keys() {
        baris.push((Bagian::Anggota, Some(BarisId::from(*warga))));
        baris.push((Bagian::KesehatanWarga, Some(BarisId::from(*warga))));
    }
    // Rows that two devices may begin apart, under one id.
    let [tinggi, rendah] = soal.to_be_bytes();
    let baru = BarisId::new([0, 0, 0, 0, rendah % 4]);
    baris.push((Bagian::Pekarangan, Some(baru)));
    let (bagian, baris) = ke(&baris, soal).cloned().unwrap_or((Bagian::Rumah, None));
    let items: Vec<&Butir> = bagian.butir().iter().filter(|butir| !WILAYAH.contains(&butir.kunci)).collect();
    // Few questions, so that answers meet.
    let butir = ke(&items, usize::from(tinggi) * 2 + usize::from(rendah) % 5).map_or("", |butir| butir.kunci);
    Tempat::new(bagian, baris, butir).unwrap()
}

fn jawaban(butir: &Butir, nilai: u8) -> Isian<Nilai> {
    let angka = i64::from(nilai);
    Isian::Terisi(match butir.jenis {
        Jenis::Teks { maks } => Nilai::Teks(format!("{PENANDA} {nilai}").chars().take(maks).collect()),
        Jenis::Bulat { min, maks } => Nilai::Bulat(min + angka % (maks - min + 1)),
        Jenis::Desimal => Nilai::Desimal(Desimal::from_ribuan(angka * 100)),
        Jenis::YaTidak => Nilai::YaTidak(nilai.is_multiple_of(2)),
        Jenis::Tanggal => Nilai::Tanggal(NaiveDate::default() + Days::new(u64::from(nilai))),
        Jenis::Pilihan(opsi) => match ke(opsi, nilai) {
            Some(opsi) => Nilai::Pilihan(opsi.kode),
            None => return Isian::TidakTahu,
        },
    })
}
