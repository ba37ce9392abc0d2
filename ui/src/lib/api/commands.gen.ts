// Written by hand to the contract of the commands until the test in wakuncar-app writes it.

export type Kosong = Record<string, never>;
export type ErrorCode =
  | "sedang_dipakai" | "kunci_hilang" | "penyimpan_rahasia" | "sandi_salah" | "sandi_perlu" | "acak" | "rusak"
  | "perbarui_aplikasi" | "penyimpanan_penuh" | "database" | "dokumen" | "tabel" | "lembar" | "berkas"
  | "rumah_tidak_ada" | "warga_tidak_ada" | "perlu_persetujuan" | "mutasi" | "isian" | "permintaan"
  | "tidak_terjangkau";
export type Galat = { kode: ErrorCode; data: unknown };

export type Isi = string | number | boolean | null;
export type Gambar = { gambar: string; nama: string };
export type KeadaanGabung = "menunggu" | "bandingkan" | "sah" | "ditolak";
export type Gabung = {
  perangkat: string;
  kelurahan: string | null;
  gambar: Gambar[] | null;
  keadaan: KeadaanGabung;
};
export type Kelurahan = { nama: string; kode: string; latihan: boolean };
export type Keadaan = {
  perangkat: string;
  kelurahan: Kelurahan | null;
  peran: string | null;
  nama: string | null;
  gabung: Gabung | null;
  antrean: number;
  bertemu: number | null;
  berbeda: number;
};
export type BuatKelurahan = { kode: string; nama: string; relay: string; pin: string; latihan: boolean };
export type KelurahanBaru = { space: string; kodePemulihan: string; terkirim: boolean };
export type AlamatDasawisma = { rw: string; rt: string; nama: string };
export type Undang = { nama: string; peran: string; dasawisma: AlamatDasawisma[] };
export type Undangan = { undangan: string; kode: string; kodeKetik: string; sampai: number; qr: string[] };
export type Perangkat = {
  id: string;
  nama: string;
  peran: string;
  dasawisma: string[];
  keadaan: "sah" | "menunggu" | "dicabut";
  gambar: Gambar[] | null;
  bertemu: number | null;
};
export type Wilayah = { rw: string; rt: string; dasawisma: string; rumah: number };
export type Status = "TERSIMPAN" | "DITITIPKAN" | "DITERIMA";
export type RingkasanRumah = {
  id: string;
  rw: string;
  rt: string;
  dasawisma: string;
  noRumah: string;
  namaKrt: string;
  jumlahWarga: number;
  temuan: number;
  galat: number;
  status: Status;
  menunggu: number;
};
export type HasilCari = { rumah: string; warga: string | null; nama: string; rt: string; noRumah: string };
export type Temuan = { kode: string; tempat: string; nilai: string; galat: boolean };
export type Calon = { isi: Isi; nama: string; waktu: number };
export type Berbeda = { rumah: string; noRumah: string; tempat: string; label: string; calon: Calon[] };
export type Opsi = { kode: string; label: string };
export type JenisButir = "teks" | "bulat" | "desimal" | "ya_tidak" | "tanggal" | "pilihan";
export type Butir = {
  kunci: string;
  label: string;
  jenis: JenisButir;
  opsi: Opsi[];
  min: number | null;
  maks: number | null;
};
export type BagianButir = { bagian: string; kesehatan: boolean; butir: Butir[] };
export type Simpan = { berubah: boolean; temuan: Temuan[]; status: Status; menunggu: number };
export type LihatRumah = {
  rumah: Record<string, unknown>;
  temuan: Temuan[];
  status: Status;
  menunggu: number;
  berbeda: Berbeda[];
};
export type KolomRekap = { grup: string[]; judul: string; metrik: string };
export type Lingkup = { lampiran: string; rw?: string; rt?: string; dasawisma?: string; tglAcuan?: string };
export type HasilSinkron = { keluar: number; masuk: number; menunggu: number; ditolak: number };

export type Commands = {
  keadaan: [Kosong, Keadaan];
  buat_kelurahan: [BuatKelurahan, KelurahanBaru];
  undang: [Undang, Undangan];
  gabung: [{ kode: string }, Gabung];
  lanjut_gabung: [Kosong, Gabung];
  daftar_perangkat: [{ segarkan?: boolean }, Perangkat[]];
  sahkan_perangkat: [{ id: string }, Kosong];
  tolak_perangkat: [{ id: string }, Kosong];
  wilayah: [Kosong, Wilayah[]];
  daftar_rumah: [{ rw?: string; rt?: string; dasawisma?: string }, RingkasanRumah[]];
  cari: [{ teks: string }, HasilCari[]];
  lihat_rumah: [{ id: string }, LihatRumah];
  butir: [Kosong, BagianButir[]];
  tambah_rumah: [{ rw: string; rt: string; dasawisma: string; noRumah: string; alamat: string }, { rumah: string }];
  setuju: [{ rumah: string; pemberi: string; saksi: string; kesehatan: boolean }, Simpan];
  simpan_jawaban: [{ rumah: string; bagian: string; baris: string | null; kunci: string; isi: Isi }, Simpan];
  baris_baru: [Kosong, { baris: string }];
  tambah_warga: [{ rumah: string; isi: Record<string, Isi> }, { warga: string } & Simpan];
  peristiwa: [
    { rumah: string; warga: string; apa: "meninggal" | "pindah"; tgl: string; ke: string | null; keterangan: string },
    Simpan,
  ];
  rekap: [Lingkup, Record<string, unknown>];
  rekap_xlsx: [Lingkup, { path: string }];
  berbeda: [Kosong, Berbeda[]];
  putuskan: [{ rumah: string; tempat: string; isi: Isi }, Simpan];
  sinkron: [Kosong, HasilSinkron];
};
