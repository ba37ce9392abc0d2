//! One row of `warga.csv`, as plain cells.

/// The columns, by the keys of the file contract.
pub const KOLOM: [&str; 36] = [
    "rw",
    "rt",
    "dasawisma",
    "no_rumah",
    "krt",
    "nama_krt",
    "no_kk",
    "nik",
    "nama_lengkap",
    "jenis_kelamin",
    "tempat_lahir",
    "tanggal_lahir",
    "hubungan_kk",
    "status_perkawinan",
    "agama",
    "pendidikan",
    "pekerjaan",
    "memiliki_tabungan",
    "buta_baca",
    "buta_tulis",
    "buta_hitung",
    "ibu_hamil",
    "ibu_menyusui",
    "akseptor_kb",
    "berkebutuhan_khusus",
    "domisili",
    "kriteria_rumah",
    "punya_tempat_sampah",
    "punya_spal",
    "sumber_air",
    "makanan_pokok",
    "punya_jamban",
    "jumlah_jamban",
    "aktivitas_up2k",
    "aktivitas_kesling",
    "pekarangan",
];

/// One person as the file has her; an empty cell was not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baris([String; KOLOM.len()]);

impl Baris {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| String::new()))
    }

    /// The cell of a column; empty for a column that does not exist.
    pub fn get(&self, kolom: &str) -> &str {
        KOLOM.iter().position(|ini| *ini == kolom).map_or("", |i| &self.0[i])
    }

    /// The cells in the order of [`KOLOM`].
    pub fn sel(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn set(&mut self, kolom: &str, isi: impl Into<String>) {
        if let Some(i) = KOLOM.iter().position(|ini| *ini == kolom) {
            self.0[i] = isi.into();
        }
    }
}
