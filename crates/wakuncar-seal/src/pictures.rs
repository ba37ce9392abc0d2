//! Three pictures that two people compare, with names that can be said on the telephone (PROTOCOL §2.5).

use wakuncar_wire::{Context, EntryId, derive};

/// A picture with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// One character that every phone can draw.
    pub gambar: &'static str,
    /// What people call it.
    pub nama: &'static str,
}

/// The 64 pictures. Their order is part of the protocol.
#[rustfmt::skip]
pub const PICTURES: [Picture; 64] = [
    p("🐟", "ikan"), p("🌴", "kelapa"), p("🔑", "kunci"), p("🐔", "ayam"),
    p("🐈", "kucing"), p("🐄", "sapi"), p("🐐", "kambing"), p("🐘", "gajah"),
    p("🐢", "kura-kura"), p("🐍", "ular"), p("🐒", "monyet"), p("🐝", "lebah"),
    p("🐜", "semut"), p("🐌", "siput"), p("🐸", "katak"), p("🐰", "kelinci"),
    p("🍌", "pisang"), p("🍎", "apel"), p("🍇", "anggur"), p("🍉", "semangka"),
    p("🍍", "nanas"), p("🌽", "jagung"), p("🍆", "terong"), p("🍄", "jamur"),
    p("🌹", "mawar"), p("🌻", "matahari"), p("🍞", "roti"), p("🍚", "nasi"),
    p("🍦", "es krim"), p("☕", "kopi"), p("🍼", "dot bayi"), p("🎂", "kue"),
    p("🏠", "rumah"), p("🚲", "sepeda"), p("🚗", "mobil"), p("🚌", "bus"),
    p("🚂", "kereta"), p("✈", "pesawat"), p("⛵", "perahu"), p("🚀", "roket"),
    p("⚽", "bola"), p("🎈", "balon"), p("🎁", "kado"), p("🎸", "gitar"),
    p("🥁", "gendang"), p("🔔", "lonceng"), p("📖", "buku"), p("✏", "pensil"),
    p("✂", "gunting"), p("🔨", "palu"), p("💡", "lampu"), p("🕯", "lilin"),
    p("⏰", "jam"), p("📷", "kamera"), p("👓", "kacamata"), p("👟", "sepatu"),
    p("👒", "topi"), p("👕", "baju"), p("☂", "payung"), p("🌙", "bulan"),
    p("⭐", "bintang"), p("🌈", "pelangi"), p("🔥", "api"), p("❤", "hati"),
];

const fn p(gambar: &'static str, nama: &'static str) -> Picture {
    Picture { gambar, nama }
}

/// The pictures of a join and the seat's random number, which is drawn after the join: nobody can search for a join
/// that shows the same.
pub fn pictures(join: &EntryId, nonce: &[u8; 16]) -> [Picture; 3] {
    let drawn = derive(Context::Sas, &[join.as_bytes(), nonce]);
    [drawn[0], drawn[1], drawn[2]].map(|byte| PICTURES[usize::from(byte % 64)])
}
