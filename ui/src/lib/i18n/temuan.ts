// The codes of findings for which there is a sentence. A code that is not here is shown as *perlu dicek* by its place.
export type KodeTemuan =
  | "nik_mustahil" | "no_kk_mustahil" | "lahir_di_masa_depan" | "umur_mustahil" | "nik_sementara"
  | "nik_beda_jenis_kelamin" | "nik_beda_tanggal_lahir" | "nik_wilayah_tidak_dikenal" | "nik_kosong_tanpa_alasan"
  | "umur_tidak_wajar" | "kk_tanpa_kepala" | "kk_berkepala_dua" | "kawin_di_bawah_15" | "ktp_di_bawah_17"
  | "hubungan_beda_jenis_kelamin" | "laki_laki_hamil" | "hamil_di_luar_usia" | "tanpa_keluarga"
  | "keluarga_tanpa_rumah_tangga" | "tanpa_persetujuan" | "nik_ganda_serumah" | "di_luar_batas" | "tidak_terbaca";
