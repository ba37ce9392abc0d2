//! What can happen. An event is data and chooses by numbers among what there is when it happens, so a list of events stays
//! a list of events when some are taken away.

mod gabung;
mod kerja;
mod musuh;
mod relay;
mod rusak;

use super::acak::Acak;
use super::dunia::Dunia;
use super::jaringan::Gangguan;

pub(crate) use gabung::{gabung, sahkan, undang};
pub(crate) use kerja::{PENANDA, rumah_baru};

/// Something that a device does, alone or when its power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kerja {
    /// Answers a question.
    Sunting {
        /// Which house.
        rumah: u8,
        /// Which question.
        soal: u16,
        /// Which answer.
        nilai: u8,
    },
    /// Begins a house.
    RumahBaru {
        /// In which dasawisma.
        dasawisma: u8,
        /// Its number.
        nomor: u8,
    },
    /// Records a person.
    Warga {
        /// In which house.
        rumah: u8,
        /// Her name.
        nama: u8,
    },
    /// Settles answers given apart.
    Putuskan {
        /// Which.
        yang: u8,
        /// With which of the answers.
        calon: u8,
    },
    /// Moves a house to the other dasawisma.
    Pindah {
        /// Which.
        rumah: u8,
    },
    /// Sends and fetches.
    Sinkron,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apa {
    /// A device does something.
    Kerja {
        /// Which.
        gawai: u8,
        /// What.
        kerja: Kerja,
    },
    /// A device sends and fetches, and the line has its faults.
    Sinkron {
        /// Which.
        gawai: u8,
        /// What goes wrong.
        gangguan: Gangguan,
    },
    /// The power goes at some write of a piece of work, before or after the commit.
    MatiSaat {
        /// Whose.
        gawai: u8,
        /// After so many writes.
        tulisan: u8,
        /// After the commit.
        sesudah: bool,
        /// During what.
        kerja: Kerja,
    },
    /// The disk is full at some write of a piece of work.
    Penuh {
        /// Whose.
        gawai: u8,
        /// After so many writes.
        tulisan: u8,
        /// During what.
        kerja: Kerja,
    },
    /// The power goes while nothing is done.
    Mati {
        /// Whose.
        gawai: u8,
    },
    /// Somebody sets a clock.
    Jam {
        /// Whose.
        gawai: u8,
        /// Years beside the true time.
        tahun: i8,
    },
    /// Time goes by.
    Berlalu {
        /// Minutes.
        menit: u16,
    },
    /// The office invites somebody.
    Undang {
        /// For which dasawisma.
        dasawisma: u8,
    },
    /// A new device asks to join with a code that was given out.
    Gabung {
        /// Which code.
        undangan: u8,
    },
    /// The office looks at those who ask, and lets one in or turns it away.
    Sahkan {
        /// Which.
        yang: u8,
        /// Let in.
        ya: bool,
    },
    /// An image of a disk is kept.
    CitraSimpan {
        /// Whose.
        gawai: u8,
    },
    /// The image is put back: an older self.
    CitraPulih {
        /// Whose.
        gawai: u8,
        /// The whole disk; else the folder, which makes its files others.
        cakram: bool,
    },
    /// A second device runs from a copy of the disk.
    Klon {
        /// Whose.
        gawai: u8,
    },
    /// A phone is lost with everything on it.
    Hilang {
        /// Whose.
        gawai: u8,
    },
    /// The relay's operator makes a copy.
    RelayCadangan,
    /// The relay is put back from a copy.
    RelayPulih {
        /// Which.
        yang: u8,
    },
    /// The relay loses everything but its keys.
    RelayHilang,
    /// The relay loses everything, its receipt key too.
    RelayKunciBaru,
    /// The relay starts again.
    RelayMulaiUlang,
    /// An old state of the relay answers a device from now on, or the true one again.
    RelayBohong {
        /// Whom.
        gawai: u8,
        /// Which copy; none: the true one.
        yang: Option<u8>,
    },
    /// A member pushes what no program writes.
    Musuh {
        /// What.
        cara: u8,
        /// Chooses what it is made of.
        bahan: u8,
    },
}

/// An event with the number that gives it its dice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kejadian(pub u32, pub Apa);

/// How often each happens, in parts of the whole. Zero: named, and why not.
type Bobot = (u64, fn(&mut Acak) -> Apa);

fn gawai(acak: &mut Acak) -> u8 {
    acak.bita()
}

fn kerja(acak: &mut Acak) -> Kerja {
    match acak.di_bawah(100) {
        0..60 => Kerja::Sunting {
            // The first houses more often than others: people meet there.
            rumah: u8::try_from(acak.di_bawah(6) * acak.di_bawah(3) / 2).unwrap_or(0),
            soal: u16::try_from(acak.di_bawah(1000)).unwrap_or(0),
            nilai: acak.bita(),
        },
        60..66 => Kerja::RumahBaru { dasawisma: acak.bita(), nomor: acak.bita() },
        66..76 => Kerja::Warga { rumah: acak.bita(), nama: acak.bita() },
        76..84 => Kerja::Putuskan { yang: acak.bita(), calon: acak.bita() },
        84..86 => Kerja::Pindah { rumah: acak.bita() },
        _ => Kerja::Sinkron,
    }
}

fn gangguan(acak: &mut Acak) -> Gangguan {
    let n = u8::try_from(acak.di_bawah(6)).unwrap_or(0);
    match acak.di_bawah(12) {
        0..3 => Gangguan::PutusSebelum(n),
        3..6 => Gangguan::PutusSesudah(n),
        6..8 => Gangguan::Ganda(n),
        8..9 => Gangguan::GandaDulu(n),
        9..11 => Gangguan::Rusak(n, acak.bita()),
        _ => Gangguan::Tertukar(n),
    }
}

const BOBOT: &[Bobot] = &[
    (400, |acak| Apa::Kerja { gawai: gawai(acak), kerja: kerja(acak) }),
    (220, |acak| Apa::Sinkron { gawai: gawai(acak), gangguan: Gangguan::Tidak }),
    (120, |acak| Apa::Sinkron { gawai: gawai(acak), gangguan: gangguan(acak) }),
    (60, |acak| Apa::MatiSaat {
        gawai: gawai(acak),
        tulisan: u8::try_from(acak.di_bawah(5)).unwrap_or(0),
        sesudah: acak.persen(50),
        kerja: kerja(acak),
    }),
    (20, |acak| Apa::Penuh {
        gawai: gawai(acak),
        tulisan: u8::try_from(acak.di_bawah(5)).unwrap_or(0),
        kerja: kerja(acak),
    }),
    (20, |acak| Apa::Mati { gawai: gawai(acak) }),
    (15, |acak| Apa::Jam { gawai: gawai(acak), tahun: i8::try_from(acak.di_bawah(61)).unwrap_or(0) - 30 }),
    (40, |acak| Apa::Berlalu { menit: u16::try_from(acak.di_bawah(2000)).unwrap_or(0) }),
    (12, |acak| Apa::Undang { dasawisma: acak.bita() }),
    (15, |acak| Apa::Gabung { undangan: acak.bita() }),
    (15, |acak| Apa::Sahkan { yang: acak.bita(), ya: acak.persen(80) }),
    (10, |acak| Apa::CitraSimpan { gawai: gawai(acak) }),
    (6, |acak| Apa::CitraPulih { gawai: gawai(acak), cakram: acak.persen(50) }),
    // The relay hands out one branch, so that others do not see what the twins see; nobody closes a fork yet.
    (0, |acak| Apa::Klon { gawai: gawai(acak) }),
    (5, |acak| Apa::Hilang { gawai: gawai(acak) }),
    (12, |_| Apa::RelayCadangan),
    (8, |acak| Apa::RelayPulih { yang: acak.bita() }),
    (3, |_| Apa::RelayHilang),
    (2, |_| Apa::RelayKunciBaru),
    (8, |_| Apa::RelayMulaiUlang),
    (0, |acak| Apa::RelayBohong { gawai: gawai(acak), yang: acak.persen(50).then(|| acak.bita()) }),
    (60, |acak| Apa::Musuh { cara: acak.bita(), bahan: acak.bita() }),
];

/// Draws an event.
pub(crate) fn tarik(acak: &mut Acak) -> Apa {
    let semua: u64 = BOBOT.iter().map(|(bobot, _)| bobot).sum();
    let mut di = acak.di_bawah(semua);
    for (bobot, apa) in BOBOT {
        if di < *bobot {
            return apa(acak);
        }
        di -= bobot;
    }
    Apa::Berlalu { menit: 1 }
}

/// Lets it happen.
pub(crate) fn jadi(dunia: &mut Dunia, Kejadian(bulir, apa): Kejadian) {
    dunia.lempar(bulir);
    dunia.berlalu(20_000);
    match apa {
        Apa::Kerja { gawai, kerja } => {
            let siapa = dunia.pilih(gawai);
            kerja::lakukan(dunia, siapa, kerja);
        }
        Apa::Sinkron { gawai, gangguan } => rusak::sinkron(dunia, gawai, gangguan),
        Apa::MatiSaat { gawai, tulisan, sesudah, kerja } => rusak::mati_saat(dunia, gawai, tulisan, sesudah, kerja),
        Apa::Penuh { gawai, tulisan, kerja } => rusak::penuh(dunia, gawai, tulisan, kerja),
        Apa::Mati { gawai } => rusak::mati(dunia, gawai),
        Apa::Jam { gawai, tahun } => rusak::jam(dunia, gawai, tahun),
        Apa::Berlalu { menit } => dunia.berlalu(i64::from(menit) * 60_000),
        Apa::Undang { dasawisma } => gabung::undang(dunia, 0, "Baru", usize::from(dasawisma)),
        Apa::Gabung { undangan } => gabung::gabung_dengan(dunia, undangan),
        Apa::Sahkan { yang, ya } => gabung::sahkan(dunia, 0, yang, ya),
        Apa::CitraSimpan { gawai } => rusak::simpan_citra(dunia, gawai),
        Apa::CitraPulih { gawai, cakram } => rusak::pulihkan_citra(dunia, gawai, cakram),
        Apa::Klon { gawai } => rusak::klon(dunia, gawai),
        Apa::Hilang { gawai } => rusak::hilang(dunia, gawai),
        Apa::RelayCadangan => relay::cadangan(dunia),
        Apa::RelayPulih { yang } => relay::pulih(dunia, yang),
        Apa::RelayHilang => relay::hilang(dunia),
        Apa::RelayKunciBaru => relay::kunci_baru(dunia),
        Apa::RelayMulaiUlang => relay::mulai_ulang(dunia),
        Apa::RelayBohong { gawai, yang } => relay::bohong(dunia, gawai, yang),
        Apa::Musuh { cara, bahan } => musuh::dorong(dunia, cara, bahan),
    }
}

/// Which of so many.
pub(crate) fn ke<T>(semua: &[T], angka: impl Into<usize>) -> Option<&T> {
    semua.get(angka.into().checked_rem(semua.len())?)
}
