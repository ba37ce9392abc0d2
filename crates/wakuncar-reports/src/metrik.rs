//! The counted things of the recap books, by their codes (DOMAIN §2.8.1).

/// One counted thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each has its heading in `judul`")]
pub enum Metrik {
    JmlKrt,
    JmlKk,
    TL,
    TP,
    BalL,
    BalP,
    Pus,
    Wus,
    Hamil,
    Susu,
    Lans,
    Buta3,
    Abk,
    Rsh,
    Rtsh,
    Smp,
    Spal,
    MckB,
    AirPdam,
    AirSumur,
    /// The river; in 4.16a and 4.16b also part of [`Metrik::AirDll`].
    AirSungai,
    AirDll,
    Beras,
    Nonb,
    Up2k,
    Pkr,
    Irt,
    Ksl,
}

macro_rules! metrik {
    ($($varian:ident = $kode:literal, $judul:literal;)*) => {
        impl Metrik {
            /// All of them, in the order of the books.
            pub const SEMUA: [Metrik; 28] = [$(Metrik::$varian,)*];

            /// The code in JSON.
            pub const fn kode(self) -> &'static str {
                match self { $(Metrik::$varian => $kode,)* }
            }

            /// The heading of its column.
            pub const fn judul(self) -> &'static str {
                match self { $(Metrik::$varian => $judul,)* }
            }
        }
    };
}
metrik! {
    JmlKrt = "JML_KRT", "JML KRT";
    JmlKk = "JML_KK", "JML KK";
    TL = "T_L", "TOTAL L";
    TP = "T_P", "TOTAL P";
    BalL = "BAL_L", "BALITA L";
    BalP = "BAL_P", "BALITA P";
    Pus = "PUS", "PUS";
    Wus = "WUS", "WUS";
    Hamil = "HAMIL", "IBU HAMIL";
    Susu = "SUSU", "IBU MENYUSUI";
    Lans = "LANS", "LANSIA";
    Buta3 = "BUTA3", "3 BUTA";
    Abk = "ABK", "BERKEBUTUHAN KHUSUS";
    Rsh = "RSH", "SEHAT LAYAK HUNI";
    Rtsh = "RTSH", "TIDAK SEHAT LAYAK HUNI";
    Smp = "SMP", "MEMILIKI TEMPAT PEMBUANGAN SAMPAH";
    Spal = "SPAL", "MEMILIKI SPAL DAN PENYERAPAN AIR";
    MckB = "MCK_B", "MEMILIKI SARANA MCK DAN SEPTIC TANK";
    AirPdam = "AIR_PDAM", "PDAM";
    AirSumur = "AIR_SUMUR", "SUMUR";
    AirSungai = "AIR_SUNGAI", "SUNGAI";
    AirDll = "AIR_DLL", "DLL";
    Beras = "BERAS", "BERAS";
    Nonb = "NONB", "NON BERAS";
    Up2k = "UP2K", "UP2K";
    Pkr = "PKR", "PEMANFAATAN TANAH PEKARANGAN";
    Irt = "IRT", "INDUSTRI RUMAH TANGGA";
    Ksl = "KSL", "KESEHATAN LINGKUNGAN";
}

/// Counts by metric; `None` where nothing was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hitungan([Option<u32>; Metrik::SEMUA.len()]);

impl Hitungan {
    /// A count.
    pub fn get(&self, metrik: Metrik) -> Option<u32> {
        self.0[metrik as usize]
    }

    /// Sets a count.
    pub fn set(&mut self, metrik: Metrik, jumlah: Option<u32>) {
        self.0[metrik as usize] = jumlah;
    }

    /// Adds the counts of another part: blank and blank is blank, blank and a number is the number.
    pub fn add(&mut self, lain: &Hitungan) {
        for (jumlah, tambah) in self.0.iter_mut().zip(&lain.0) {
            if let Some(tambah) = tambah {
                *jumlah = Some(jumlah.unwrap_or(0) + tambah);
            }
        }
    }
}
