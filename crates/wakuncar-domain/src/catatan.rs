//! The records of a house, item by item as the forms 4.14.1a and 4.14.2a–c print them
//! (Rakernas IX 2021 numbering), plus what the record itself needs.
//!
//! Rows end with `keluar_tgl`/`keluar_alasan` instead of being deleted, as flat keys: a map made by two
//! devices at once would hide one side.

use chrono::NaiveDate;

use crate::Desimal;
use crate::butir::{Jenis, catatan};
use crate::pilihan::*;

const fn teks(maks: usize) -> Jenis {
    Jenis::Teks { maks }
}

const fn bulat(min: i64, maks: i64) -> Jenis {
    Jenis::Bulat { min, maks }
}

const fn pilihan(opsi: &'static [crate::Opsi]) -> Jenis {
    Jenis::Pilihan(opsi)
}

const YA_TIDAK: Jenis = Jenis::YaTidak;
const TANGGAL: Jenis = Jenis::Tanggal;

catatan! {
    /// The house: its address and what is counted once per building.
    SifatRumah in Rumah {
        rw: String, teks(3), "RW", "4.14.2a kepala";
        rt: String, teks(3), "RT", "4.14.2a kepala";
        dasawisma: String, teks(40), "Dasa wisma", "4.14.2a kepala";
        no_rumah: String, teks(20), "Nomor rumah", "DOMAIN 1.5";
        alamat: String, teks(120), "Alamat", "4.14.1a butir 11";
        kriteria_rumah: KriteriaRumah, pilihan(KriteriaRumah::OPSI), "Kriteria rumah", "4.14.2a butir 9";
        punya_tempat_sampah: bool, YA_TIDAK, "Memiliki tempat pembuangan sampah", "4.14.2a butir 6";
        punya_spal: bool, YA_TIDAK, "Mempunyai saluran pembuangan air limbah", "4.14.2a butir 7";
        tempel_stiker_p4k: bool, YA_TIDAK, "Menempel stiker P4K", "4.14.2a butir 8";
        /// The house document that replaces this one after a change of dasawisma.
        pengganti: String, teks(32), "Dokumen pengganti", "DESIGN 5";
        /// The house document that this one replaces.
        pendahulu: String, teks(32), "Dokumen pendahulu", "DESIGN 5";
        /// The first day of this document, where it replaces another.
        dipakai_tgl: NaiveDate, TANGGAL, "Dipakai sejak", "DESIGN 5";
        keluar_tgl: NaiveDate, TANGGAL, "Tidak dipakai sejak", "DESIGN 5";
        keluar_alasan: AlasanKeluar, pilihan(AlasanKeluar::OPSI), "Alasan", "DESIGN 5";
    }
}

catatan! {
    /// A rumah tangga (KRT): one form 4.14.2a.
    RumahTangga in RumahTangga {
        /// The KRT's number or name within the house, e.g. `1`.
        krt: String, teks(60), "KRT", "4.14.2a kepala";
        nama_krt: String, teks(60), "Nama kepala rumah tangga", "4.14.2a kepala";
        makanan_pokok: MakananPokok, pilihan(MakananPokok::OPSI), "Makanan pokok sehari-hari", "4.14.2a butir 3";
        punya_jamban: bool, YA_TIDAK, "Mempunyai jamban keluarga", "4.14.2a butir 4";
        jumlah_jamban: i64, bulat(0, 20), "Jumlah jamban (buah)", "4.14.2a butir 4";
        sumber_air: SumberAir, pilihan(SumberAir::OPSI), "Sumber air keluarga", "4.14.2a butir 5";
        aktivitas_up2k: bool, YA_TIDAK, "Aktivitas UP2K", "4.14.2a butir 10";
        jenis_usaha_up2k: String, teks(60), "Jenis usaha UP2K", "4.14.2a butir 10";
        aktivitas_kesling: bool, YA_TIDAK, "Aktivitas kegiatan usaha kesehatan lingkungan", "4.14.2a butir 11";
        /// Whether the yard is used at all; the rows of 4.14.2b say how.
        pekarangan: bool, YA_TIDAK, "Pemanfaatan tanah pekarangan", "4.14.2b";
        /// Whether there is a home industry at all; the rows of 4.14.2c say which.
        industri_rt: bool, YA_TIDAK, "Industri rumah tangga", "4.14.2c";
        keluar_tgl: NaiveDate, TANGGAL, "Keluar sejak", "DESIGN 5";
        keluar_alasan: AlasanKeluar, pilihan(AlasanKeluar::OPSI), "Alasan", "DESIGN 5";
    }
}

catatan! {
    /// One row of 4.14.2b, use of the yard.
    Pekarangan in Pekarangan {
        /// Row of the rumah tangga.
        rumah_tangga: String, teks(36), "Rumah tangga", "4.14.2b";
        kategori: KategoriPekarangan, pilihan(KategoriPekarangan::OPSI), "Kategori", "4.14.2b kolom 2";
        komoditi: String, teks(60), "Komoditi", "4.14.2b kolom 3";
        volume: Desimal, Jenis::Desimal, "Jumlah/volume", "4.14.2b kolom 4";
        satuan: String, teks(20), "Satuan", "4.14.2b kolom 4";
        keluar_tgl: NaiveDate, TANGGAL, "Tidak ada lagi sejak", "DESIGN 5";
        keluar_alasan: AlasanKeluar, pilihan(AlasanKeluar::OPSI), "Alasan", "DESIGN 5";
    }
}

catatan! {
    /// One row of 4.14.2c, home industry.
    Industri in Industri {
        /// Row of the rumah tangga.
        rumah_tangga: String, teks(36), "Rumah tangga", "4.14.2c";
        kategori: KategoriIndustri, pilihan(KategoriIndustri::OPSI), "Kategori", "4.14.2c kolom 2";
        komoditi: String, teks(60), "Komoditi", "4.14.2c kolom 3";
        volume: Desimal, Jenis::Desimal, "Jumlah/volume", "4.14.2c kolom 4";
        satuan: String, teks(20), "Satuan", "4.14.2c kolom 4";
        keluar_tgl: NaiveDate, TANGGAL, "Tidak ada lagi sejak", "DESIGN 5";
        keluar_alasan: AlasanKeluar, pilihan(AlasanKeluar::OPSI), "Alasan", "DESIGN 5";
    }
}

catatan! {
    /// A family (KK).
    Keluarga in Keluarga {
        /// Row of the rumah tangga.
        rumah_tangga: String, teks(36), "Rumah tangga", "4.14.2a";
        no_kk: String, teks(16), "No. KK", "4.14.1a butir 2";
        punya_kk: bool, YA_TIDAK, "Memiliki KK", "4.14.1a butir 2";
        keluar_tgl: NaiveDate, TANGGAL, "Keluar sejak", "DESIGN 5";
        keluar_alasan: AlasanKeluar, pilihan(AlasanKeluar::OPSI), "Alasan", "DESIGN 5";
    }
}

catatan! {
    /// A person: the items of 4.14.1a, and the flags of 4.14.2a that are not about health.
    Warga in Anggota {
        /// Row of the family.
        keluarga: String, teks(36), "Keluarga", "4.14.2a";
        no_registrasi: String, teks(15), "No. Registrasi", "4.14.1a butir 1";
        nik: String, teks(16), "No. KTP (NIK)", "4.14.1a butir 2";
        alasan_nik_kosong: AlasanNikKosong, pilihan(AlasanNikKosong::OPSI), "Alasan NIK kosong", "DOMAIN 4.1d";
        punya_ktp: PunyaKtp, pilihan(PunyaKtp::OPSI), "Memiliki KTP", "4.14.1a butir 2";
        nama_lengkap: String, teks(60), "Nama", "4.14.1a butir 3";
        nama_panggilan: String, teks(40), "Nama panggilan", "DOMAIN 4.3";
        jabatan_pkk: String, teks(60), "Jabatan", "4.14.1a butir 4";
        jenis_kelamin: JenisKelamin, pilihan(JenisKelamin::OPSI), "Jenis kelamin", "4.14.1a butir 5";
        tempat_lahir: String, teks(60), "Tempat lahir", "4.14.1a butir 6";
        tanggal_lahir: NaiveDate, TANGGAL, "Tgl. lahir", "4.14.1a butir 7";
        presisi_tgl_lahir: PresisiTanggal, pilihan(PresisiTanggal::OPSI), "Ketelitian tgl. lahir", "4.14.1a butir 7";
        status_perkawinan: StatusPerkawinan, pilihan(StatusPerkawinan::OPSI), "Status perkawinan", "4.14.1a butir 8";
        hubungan_kk: HubunganKk, pilihan(HubunganKk::OPSI), "Status dalam keluarga", "4.14.1a butir 9";
        agama: Agama, pilihan(Agama::OPSI), "Agama", "4.14.1a butir 10";
        pendidikan: Pendidikan, pilihan(Pendidikan::OPSI), "Pendidikan", "4.14.1a butir 12";
        pekerjaan: Pekerjaan, pilihan(Pekerjaan::OPSI), "Pekerjaan", "4.14.1a butir 13";
        aktif_posyandu: bool, YA_TIDAK, "Aktif dalam kegiatan Posyandu", "4.14.1a butir 15";
        frekuensi_posyandu: i64, bulat(0, 366), "Frekuensi Posyandu (kali setahun)", "4.14.1a butir 15";
        ikut_bkb: bool, YA_TIDAK, "Mengikuti program Bina Keluarga Balita", "4.14.1a butir 16";
        memiliki_tabungan: bool, YA_TIDAK, "Memiliki tabungan", "4.14.1a butir 17";
        ikut_kelompok_belajar: bool, YA_TIDAK, "Mengikuti kelompok belajar", "4.14.1a butir 18";
        jenis_kelompok_belajar: KelompokBelajar, pilihan(KelompokBelajar::OPSI), "Jenis kelompok belajar", "4.14.1a butir 18";
        ikut_paud: bool, YA_TIDAK, "Mengikuti PAUD/sejenis", "4.14.1a butir 19";
        ikut_koperasi: bool, YA_TIDAK, "Ikut dalam kegiatan koperasi", "4.14.1a butir 20";
        jenis_koperasi: String, teks(60), "Jenis koperasi", "4.14.1a butir 20";
        buta_baca: bool, YA_TIDAK, "Buta baca", "4.14.2a butir 2D";
        buta_tulis: bool, YA_TIDAK, "Buta tulis", "4.14.2a butir 2D";
        buta_hitung: bool, YA_TIDAK, "Buta hitung", "4.14.2a butir 2D";
        domisili: Domisili, pilihan(Domisili::OPSI), "Domisili", "DOMAIN 4.4";
        ktp_setempat: bool, YA_TIDAK, "KTP setempat", "DOMAIN 4.4";
        /// The house document that this person came from.
        asal: String, teks(32), "Rumah asal", "DESIGN 5";
        masuk_tgl: NaiveDate, TANGGAL, "Masuk sejak", "DOMAIN 4.5";
        keluar_tgl: NaiveDate, TANGGAL, "Keluar sejak", "DOMAIN 4.5";
        keluar_alasan: AlasanKeluar, pilihan(AlasanKeluar::OPSI), "Alasan keluar", "DOMAIN 4.5";
        /// The house document that this person moved to, when it is known.
        keluar_ke: String, teks(32), "Pindah ke", "DOMAIN 4.5";
    }
}

catatan! {
    /// Health answers about a person; kept in the `kesehatan` document under the person's id.
    KesehatanWarga in KesehatanWarga {
        akseptor_kb: bool, YA_TIDAK, "Akseptor KB", "4.14.1a butir 14";
        jenis_kb: JenisKb, pilihan(JenisKb::OPSI), "Jenis KB", "4.14.1a butir 14";
        /// Whether she was pregnant when asked; the episode itself is a [`Kehamilan`].
        ibu_hamil: bool, YA_TIDAK, "Ibu hamil", "4.14.2a butir 2E";
        ibu_menyusui: bool, YA_TIDAK, "Ibu menyusui", "4.14.2a butir 2F";
        menopause_dini: bool, YA_TIDAK, "Menopause dini", "DOMAIN 2.8.1";
        berkebutuhan_khusus: Kebutuhan, pilihan(Kebutuhan::OPSI), "Berkebutuhan khusus", "4.14.2a butir 2H";
    }
}

catatan! {
    /// A pregnancy episode (DOMAIN §2.9): open until it has `tgl_akhir`.
    Kehamilan in Kehamilan {
        /// The mother's person id.
        warga: String, teks(36), "Ibu", "DOMAIN 2.9";
        hpht: NaiveDate, TANGGAL, "Hari pertama haid terakhir", "DOMAIN 2.9";
        tgl_akhir: NaiveDate, TANGGAL, "Tanggal berakhir", "DOMAIN 2.9";
        hasil: HasilKehamilan, pilihan(HasilKehamilan::OPSI), "Hasil", "DOMAIN 2.9";
    }
}

catatan! {
    /// A life event (DOMAIN §4.5).
    Mutasi in Mutasi {
        /// The person's id.
        warga: String, teks(36), "Warga", "DOMAIN 4.5";
        jenis: JenisMutasi, pilihan(JenisMutasi::OPSI), "Jenis mutasi", "DOMAIN 4.5";
        tgl: NaiveDate, TANGGAL, "Tanggal kejadian", "DOMAIN 4.5";
        tgl_dicatat: NaiveDate, TANGGAL, "Tanggal dicatat", "DOMAIN 4.5";
        pencatat: String, teks(60), "Pencatat", "DOMAIN 4.5";
        bukti: String, teks(60), "Bukti", "DOMAIN 4.5";
        /// Where to or from, in words.
        keterangan: String, teks(120), "Keterangan", "DOMAIN 4.5";
    }
}

catatan! {
    /// Consent (UU 27/2022 art. 20–24 as read in DOMAIN §4.7): an event, never overwritten.
    Persetujuan in Persetujuan {
        /// Version of the text that was read to the family, e.g. `2026-11`.
        versi: String, teks(20), "Versi naskah", "DOMAIN 4.7";
        tgl: NaiveDate, TANGGAL, "Tanggal", "DOMAIN 4.7";
        pemberi: String, teks(60), "Yang menyetujui", "DOMAIN 4.7";
        saksi: String, teks(60), "Saksi", "DOMAIN 4.7";
        cara: CaraPersetujuan, pilihan(CaraPersetujuan::OPSI), "Cara", "DOMAIN 4.7";
        pencatat: String, teks(60), "Pencatat", "DOMAIN 4.7";
        /// Consent to data of house and people.
        modul_dasar: bool, YA_TIDAK, "Data dasar", "DOMAIN 4.7";
        /// Consent to data of health.
        modul_kesehatan: bool, YA_TIDAK, "Data kesehatan", "DOMAIN 4.7";
        dicabut_tgl: NaiveDate, TANGGAL, "Dicabut", "DOMAIN 4.7";
    }
}

catatan! {
    /// A dasawisma of the kelurahan, with the collections that hold its houses.
    Dasawisma in Dasawisma {
        rw: String, teks(3), "RW", "4.14.2a";
        rt: String, teks(3), "RT", "4.14.2a";
        nama: String, teks(60), "Dasawisma", "4.14.2a";
        /// 32 hexadecimal digits.
        dasar: String, teks(32), "Koleksi dasar", "DESIGN 5a";
        /// 32 hexadecimal digits.
        kesehatan: String, teks(32), "Koleksi kesehatan", "DESIGN 5a";
        /// 32 hexadecimal digits.
        validasi: String, teks(32), "Koleksi validasi", "DESIGN 5a";
    }
}

catatan! {
    /// A device of the team. What it may do stands in the roster, not here.
    Perangkat in Perangkat {
        nama: String, teks(60), "Nama", "PROTOCOL 2.2";
        /// Its dasawisma by row, one or several with spaces between; a lurah has all of them, some hundred.
        dasawisma: String, teks(4000), "Dasawisma", "PROTOCOL 2.2";
        hp: String, teks(60), "HP", "PROTOCOL 2.2";
        /// Of an invitation: the device whose place it takes, 32 hexadecimal digits.
        menggantikan: String, teks(32), "Menggantikan", "PROTOCOL 2.5";
    }
}

/// Every item of every part of a house, for tests of the table itself.
#[cfg(test)]
pub(crate) fn semua_butir() -> impl Iterator<Item = (crate::Bagian, &'static crate::Butir)> {
    crate::Bagian::MILIK_RUMAH.into_iter().flat_map(|bagian| bagian.butir().iter().map(move |butir| (bagian, butir)))
}
