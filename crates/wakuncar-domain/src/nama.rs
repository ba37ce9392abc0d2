//! Names as people write them, made comparable (DOMAIN §4.3, evidence \[M\]).

/// The same sound or abbreviation in one spelling, longest first.
const EJAAN: [(&str, &str); 12] = [
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "sy"),
    ("dh", "d"),
    ("th", "t"),
    ("kh", "h"),
    ("bh", "b"),
    ("y", "i"),
    ("v", "f"),
    ("q", "k"),
    ("z", "s"),
];

const SINGKATAN: [(&str, &str); 12] = [
    ("m", "muhammad"),
    ("moh", "muhammad"),
    ("mohd", "muhammad"),
    ("muh", "muhammad"),
    ("muhamad", "muhammad"),
    ("mohammad", "muhammad"),
    ("mohamad", "muhammad"),
    ("mochamad", "muhammad"),
    ("mochammad", "muhammad"),
    ("st", "siti"),
    ("abd", "abdul"),
    ("nyai", "nyi"),
];

/// A name as a key for comparing and searching: lower case, known abbreviations written out, old spelling,
/// doubled letters, `y`/`i`, `dh`/`d` made one, apostrophes, *bin* and *binti* left out.
pub fn nama_kunci(nama: &str) -> String {
    // Certificates write `Nuraini` where people write `Nur'aini`: an apostrophe is no space.
    let huruf = nama.chars().filter(|c| !matches!(c, '\'' | '`' | '\u{b4}' | '\u{2018}' | '\u{2019}' | '\u{2bc}'));
    let bersih: String = huruf.flat_map(char::to_lowercase).map(|c| if c.is_alphabetic() { c } else { ' ' }).collect();
    let kata = bersih.split_whitespace().filter(|kata| !matches!(*kata, "bin" | "binti"));
    let kata = kata.map(|kata| {
        let utuh = SINGKATAN.iter().find(|(singkat, _)| *singkat == kata).map_or(kata, |(_, utuh)| utuh);
        let ejaan = EJAAN.iter().fold(utuh.to_owned(), |kata, (dari, ke)| kata.replace(dari, ke));
        let mut huruf: Vec<char> = ejaan.chars().collect();
        huruf.dedup();
        huruf.into_iter().collect::<String>()
    });
    kata.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        for (a, b) in [
            ("Muhammad Yusuf", "Moh. Yusuf"),
            ("SITI AMINAH", "St. Amminah"),
            ("Soekarni", "Sukarni"),
            ("Abdul Kodir", "Abd Qodir"),
            ("Widhi", "Widi"),
            ("Suparmi binti Karto", "Suparmi Karto"),
        ] {
            assert_eq!(nama_kunci(a), nama_kunci(b));
        }
    }

    #[test]
    fn another_name_has_another_key() {
        assert_ne!(nama_kunci("Suparmi"), nama_kunci("Suparno"));
        assert_eq!(nama_kunci("  "), "");
    }

    #[test]
    fn an_apostrophe_does_not_part_a_word() {
        for nama in ["Nur'aini", "NUR\u{2019}AINI", "Nur`aini", "Nur\u{2bc}aini"] {
            assert_eq!(nama_kunci(nama), nama_kunci("Nuraini"), "{nama}");
        }
        assert_eq!(nama_kunci("ÉLISE"), nama_kunci("élise"));
    }
}
