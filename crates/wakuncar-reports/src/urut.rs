//! The order of addresses and names that hold numbers.

use wakuncar_domain::{Rumah, RumahId};

/// What a text is sorted by: numbers within it as numbers, so that `Melati 9` stands before `Melati 10` and `12`
/// before `12A`; upper and lower case alike.
pub(crate) type KunciUrut = Vec<(String, u64)>;

/// The key of a text.
pub(crate) fn kunci_urut(teks: &str) -> KunciUrut {
    let mut kunci = Vec::new();
    let mut sisa = teks.trim();
    while !sisa.is_empty() {
        let (kata, lanjut) = sisa.split_at(sisa.find(|c: char| c.is_ascii_digit()).unwrap_or(sisa.len()));
        let (angka, lanjut) = lanjut.split_at(lanjut.find(|c: char| !c.is_ascii_digit()).unwrap_or(lanjut.len()));
        let angka = if angka.is_empty() { 0 } else { angka.parse().unwrap_or(u64::MAX) };
        kunci.push((kata.to_lowercase(), angka));
        sisa = lanjut;
    }
    kunci
}

/// Houses by address; two at the same address by id, so that every book has the same order.
pub(crate) fn urut_alamat(rumah: &[Rumah]) -> Vec<&Rumah> {
    let mut urut: Vec<&Rumah> = rumah.iter().collect();
    urut.sort_by_cached_key(|rumah| -> ([KunciUrut; 4], RumahId) {
        let sifat = &rumah.sifat;
        let alamat = [&sifat.rw, &sifat.rt, &sifat.dasawisma, &sifat.no_rumah];
        (alamat.map(|isi| isi.terisi().map(|teks| kunci_urut(teks)).unwrap_or_default()), rumah.id)
    });
    urut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_the_order_of_numbers() {
        let mut teks = vec!["Melati 10", "12A", "melati 9", "", "100", "Melati", "12", "012B", "99999999999999999999"];
        teks.sort_by_cached_key(|teks| kunci_urut(teks));
        let urut = ["", "12", "12A", "012B", "100", "99999999999999999999", "Melati", "melati 9", "Melati 10"];
        assert_eq!(teks, urut);
    }
}
