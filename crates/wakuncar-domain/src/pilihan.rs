//! The choices of the forms: stored code, printed label, other spellings seen in files (lower case).

use crate::butir::pilihan;

pilihan! {
    /// Sex as printed on 4.14.1a item 5.
    JenisKelamin {
        Laki = "L", "Laki-laki", "laki", "laki laki", "lk", "pria";
        Perempuan = "P", "Perempuan", "pr", "wanita";
    }

    /// How exactly a birth day is known.
    PresisiTanggal {
        Tanggal = "TANGGAL", "Tanggal lengkap";
        Bulan = "BULAN", "Bulan dan tahun saja";
        Tahun = "TAHUN", "Tahun saja", "perkiraan";
    }

    /// Why a person has no NIK (DOMAIN §4.1d).
    AlasanNikKosong {
        BayiBaru = "BAYI_BARU", "Bayi baru lahir";
        BelumPunya = "BELUM_PUNYA", "Belum punya";
        TidakDibawa = "TIDAK_DIBAWA", "Tidak dibawa";
        Menolak = "MENOLAK", "Menolak";
        Wna = "WNA", "Warga negara asing";
    }

    /// Whether an identity card is due and held (4.14.1a item 2).
    PunyaKtp {
        Ya = "YA", "Sudah", "ya", "punya";
        Tidak = "TIDAK", "Belum", "tidak";
        BelumWajib = "BELUM_WAJIB", "Belum wajib";
    }

    /// Marital status: Dukcapil's four, with the paper's words as spellings (4.14.1a item 8).
    StatusPerkawinan {
        BelumKawin = "BELUM_KAWIN", "Belum kawin", "lajang", "belum menikah", "bk";
        Kawin = "KAWIN", "Kawin", "menikah", "nikah", "kawin tercatat", "kawin belum tercatat", "k";
        CeraiHidup = "CERAI_HIDUP", "Cerai hidup", "cerai", "ch";
        CeraiMati = "CERAI_MATI", "Cerai mati", "janda", "duda", "cm";
    }

    /// Relation to the head of the family card (4.14.1a item 9).
    HubunganKk {
        KepalaKeluarga = "KEPALA_KELUARGA", "Kepala keluarga", "kepala", "kk", "krt", "kepala rumah tangga";
        Suami = "SUAMI", "Suami";
        Istri = "ISTRI", "Istri", "isteri";
        Anak = "ANAK", "Anak", "anak kandung", "anak angkat", "anak tiri";
        Menantu = "MENANTU", "Menantu";
        Cucu = "CUCU", "Cucu";
        OrangTua = "ORANG_TUA", "Orang tua", "ayah", "ibu", "bapak";
        Mertua = "MERTUA", "Mertua";
        FamiliLain = "FAMILI_LAIN", "Famili lain", "keluarga", "saudara", "kakak", "adik", "keponakan";
        Pembantu = "PEMBANTU", "Pembantu", "art";
        Lainnya = "LAINNYA", "Lainnya", "dll", "lain-lain", "lain";
    }

    /// Religion (4.14.1a item 10).
    Agama {
        Islam = "ISLAM", "Islam";
        Kristen = "KRISTEN", "Kristen", "protestan", "kristen protestan";
        Katolik = "KATOLIK", "Katolik", "katholik";
        Hindu = "HINDU", "Hindu";
        Buddha = "BUDDHA", "Buddha", "budha";
        Khonghucu = "KHONGHUCU", "Khonghucu", "konghucu";
        Kepercayaan = "KEPERCAYAAN", "Kepercayaan terhadap Tuhan YME", "kepercayaan thd tuhan yme", "penghayat";
    }

    /// Education reached (4.14.1a item 12, with the two steps before school).
    Pendidikan {
        BelumSekolah = "BELUM_SEKOLAH", "Belum sekolah", "tidak sekolah", "tidak/belum sekolah", "belum/tidak sekolah";
        Paud = "PAUD", "PAUD/TK", "paud", "tk";
        TidakTamatSd = "TIDAK_TAMAT_SD", "Tidak tamat SD", "belum tamat sd", "belum tamat sd/sederajat";
        Sd = "SD", "SD/MI", "sd", "mi", "tamat sd", "tamat sd/sederajat", "sd/sederajat";
        Smp = "SMP", "SMP/sederajat", "smp", "sltp", "mts", "sltp/sederajat";
        Sma = "SMA", "SMA/sederajat", "sma", "smk", "slta", "ma", "slta/sederajat";
        Diploma = "DIPLOMA", "Diploma", "d1", "d2", "d3", "d i", "d ii", "d iii", "diploma i/ii", "diploma iii",
            "akademi/diploma iii/s. muda";
        S1 = "S1", "D4/S1", "d4", "s1", "diploma iv/strata i", "sarjana";
        S2 = "S2", "S2", "strata ii";
        S3 = "S3", "S3", "strata iii";
    }

    /// Work (4.14.1a item 13, with the classes that the follow-up needs; the spellings with a slash are those of
    /// family cards, evidence \[M\]).
    Pekerjaan {
        Petani = "PETANI", "Petani", "tani", "petani/pekebun";
        BuruhTani = "BURUH_TANI", "Buruh tani", "buruh tani/perkebunan";
        Nelayan = "NELAYAN", "Nelayan", "nelayan/perikanan";
        Pedagang = "PEDAGANG", "Pedagang", "dagang", "perdagangan";
        Swasta = "SWASTA", "Swasta", "karyawan swasta", "karyawan";
        Wirausaha = "WIRAUSAHA", "Wirausaha", "wiraswasta";
        Buruh = "BURUH", "Buruh", "buruh harian lepas";
        TniPolri = "TNI_POLRI", "TNI/Polri", "tni", "polri", "tentara nasional indonesia (tni)", "kepolisian ri (polri)";
        Pns = "PNS", "PNS", "asn", "pppk", "pegawai negeri sipil", "pegawai negeri sipil (pns)";
        Guru = "GURU", "Guru", "dosen";
        Nakes = "NAKES", "Tenaga kesehatan", "perawat", "bidan", "dokter";
        Irt = "IRT", "Ibu rumah tangga", "mengurus rumah tangga";
        Pelajar = "PELAJAR", "Pelajar/Mahasiswa", "pelajar", "mahasiswa";
        Pensiunan = "PENSIUNAN", "Pensiunan";
        TidakBekerja = "TIDAK_BEKERJA", "Tidak/belum bekerja", "belum bekerja", "tidak bekerja", "belum/tidak bekerja";
        Lainnya = "LAINNYA", "Lainnya", "lain-lain", "dll";
    }

    /// Where the person lives (DOMAIN §4.4); books count `DI_SINI`.
    Domisili {
        DiSini = "DI_SINI", "Tinggal di sini", "di sini", "disini", "ya";
        Merantau = "MERANTAU", "Merantau", "rantau", "tki";
        Pindah = "PINDAH", "Pindah";
    }

    /// Study group (4.14.1a item 18).
    KelompokBelajar {
        PaketA = "PAKET_A", "Paket A";
        PaketB = "PAKET_B", "Paket B";
        PaketC = "PAKET_C", "Paket C";
        Kf = "KF", "KF (Keaksaraan Fungsional)", "kf", "keaksaraan fungsional";
    }

    /// Contraception (4.14.1a item 14).
    JenisKb {
        Iud = "IUD", "IUD", "spiral";
        Mow = "MOW", "MOW";
        Mop = "MOP", "MOP";
        Kondom = "KONDOM", "Kondom";
        Implan = "IMPLAN", "Implan", "susuk", "implant";
        Suntik = "SUNTIK", "Suntik";
        Pil = "PIL", "Pil";
        Tradisional = "TRADISIONAL", "Tradisional";
    }

    /// Disability by kind (UU 8/2016, evidence \[M\] in DOMAIN §2.2); the paper has Fisik and Non fisik.
    Kebutuhan {
        Tidak = "TIDAK", "Tidak", "t", "tidak ada", "-";
        Fisik = "FISIK", "Fisik", "cacat fisik";
        Intelektual = "INTELEKTUAL", "Intelektual";
        Mental = "MENTAL", "Mental", "non fisik", "non-fisik", "cacat mental";
        Netra = "NETRA", "Sensorik netra", "netra";
        RunguWicara = "RUNGU_WICARA", "Sensorik rungu/wicara", "rungu", "wicara", "tuli";
        Ganda = "GANDA", "Ganda";
        // Some kind that is not named, as in the answer *ya* of a list with yes and no.
        Lainnya = "LAINNYA", "Lainnya", "ya", "lain";
    }

    /// Condition of the house (4.14.2a item 9).
    KriteriaRumah {
        Sehat = "SEHAT", "Sehat layak huni", "sehat", "layak huni", "layak";
        TidakSehat = "TIDAK_SEHAT", "Tidak sehat layak huni", "kurang sehat", "tidak sehat", "kurang", "tidak layak", "tidak layak huni";
    }

    /// Main water source of a rumah tangga (4.14.2a item 5; RW books need the river apart).
    SumberAir {
        Pdam = "PDAM", "PDAM", "ledeng", "ledeng/pdam";
        Sumur = "SUMUR", "Sumur", "sumur bor", "sumur gali";
        Sungai = "SUNGAI", "Sungai", "kali";
        Lainnya = "LAINNYA", "Lainnya", "lain-lain", "dll", "lain";
    }

    /// Staple food (4.14.2a item 3).
    MakananPokok {
        Beras = "BERAS", "Beras";
        NonBeras = "NON_BERAS", "Non beras", "non-beras", "nonberas";
    }

    /// Kinds of use of the yard (4.14.2b).
    KategoriPekarangan {
        Peternakan = "PETERNAKAN", "Peternakan", "ternak";
        Perikanan = "PERIKANAN", "Perikanan", "ikan";
        WarungHidup = "WARUNG_HIDUP", "Warung hidup";
        LumbungHidup = "LUMBUNG_HIDUP", "Lumbung hidup";
        Toga = "TOGA", "TOGA", "tanaman obat keluarga";
        TanamanKeras = "TANAMAN_KERAS", "Tanaman keras";
        TanamanLainnya = "TANAMAN_LAINNYA", "Tanaman lainnya";
    }

    /// Kinds of home industry (4.14.2c).
    KategoriIndustri {
        Pangan = "PANGAN", "Pangan", "makanan";
        Sandang = "SANDANG", "Sandang", "jahit", "pakaian";
        Jasa = "JASA", "Jasa";
        Lainnya = "LAINNYA", "Lain-lain", "lainnya";
    }

    /// Life events (DOMAIN §4.5): the only way membership changes.
    JenisMutasi {
        Lahir = "LAHIR", "Lahir";
        Meninggal = "MENINGGAL", "Meninggal";
        PindahKeluar = "PINDAH_KELUAR", "Pindah keluar";
        PindahDatang = "PINDAH_DATANG", "Pindah datang";
        Nikah = "NIKAH", "Nikah";
        Cerai = "CERAI", "Cerai";
        PisahKk = "PISAH_KK", "Pisah KK";
        GabungKk = "GABUNG_KK", "Gabung KK";
        Koreksi = "KOREKSI", "Koreksi";
        GantiKrt = "GANTI_KRT", "Ganti kepala rumah tangga";
    }

    /// Why a row is no longer counted. Rows are never deleted.
    AlasanKeluar {
        Meninggal = "MENINGGAL", "Meninggal";
        Pindah = "PINDAH", "Pindah";
        PisahKk = "PISAH_KK", "Pisah KK";
        SalahInput = "SALAH_INPUT", "Salah catat";
        Lainnya = "LAINNYA", "Lainnya";
    }

    /// How a pregnancy ended (DOMAIN §2.9).
    HasilKehamilan {
        LahirHidup = "LAHIR_HIDUP", "Lahir hidup";
        LahirMati = "LAHIR_MATI", "Lahir mati";
        Keguguran = "KEGUGURAN", "Keguguran";
    }

    /// How consent was given.
    CaraPersetujuan {
        Lisan = "LISAN", "Lisan, disaksikan";
        Tertulis = "TERTULIS", "Tertulis";
    }
}
