// How the items of a part are laid out on pages: one topic a page, in the order of a conversation. Which items there
// are, the core says; what is not placed here comes last, so that a new item of a form is never out of reach.
import type { BagianButir, Butir } from "$lib/api/commands.gen";
import type { Isi } from "$lib/api/jenis";
import type { Naskah } from "$lib/i18n/id";

export type NamaHalaman = keyof Naskah["halaman"];
export type Halaman = { nama: NamaHalaman; butir: Butir[] };

type Susunan = { nama: NamaHalaman; kunci: string[] };

const SUSUNAN: Record<string, Susunan[]> = {
  rumah: [
    { nama: "alamat", kunci: ["no_rumah", "alamat"] },
    { nama: "rumah_sehat", kunci: ["kriteria_rumah", "punya_tempat_sampah", "punya_spal", "tempel_stiker_p4k"] },
  ],
  rumah_tangga: [
    { nama: "krt", kunci: ["nama_krt", "krt", "makanan_pokok"] },
    { nama: "air_jamban", kunci: ["punya_jamban", "jumlah_jamban", "sumber_air"] },
    { nama: "kegiatan", kunci: ["aktivitas_up2k", "jenis_usaha_up2k", "aktivitas_kesling"] },
    { nama: "usaha", kunci: ["pekarangan", "industri_rt"] },
  ],
  keluarga: [{ nama: "kk", kunci: ["punya_kk", "no_kk"] }],
  pekarangan: [
    { nama: "jenis", kunci: ["kategori", "komoditi"] },
    { nama: "banyak", kunci: ["volume", "satuan"] },
  ],
  industri: [
    { nama: "jenis", kunci: ["kategori", "komoditi"] },
    { nama: "banyak", kunci: ["volume", "satuan"] },
  ],
  anggota: [
    { nama: "nama", kunci: ["nama_lengkap", "nama_panggilan", "jenis_kelamin"] },
    { nama: "hubungan", kunci: ["hubungan_kk", "status_perkawinan", "agama"] },
    { nama: "lahir", kunci: ["presisi_tgl_lahir", "tanggal_lahir", "tempat_lahir"] },
    { nama: "nik", kunci: ["nik", "alasan_nik_kosong", "punya_ktp"] },
    { nama: "sekolah", kunci: ["pendidikan", "pekerjaan"] },
    { nama: "tinggal", kunci: ["domisili", "ktp_setempat", "masuk_tgl"] },
    { nama: "baca", kunci: ["buta_baca", "buta_tulis", "buta_hitung"] },
    { nama: "posyandu", kunci: ["aktif_posyandu", "frekuensi_posyandu", "ikut_bkb"] },
    { nama: "belajar", kunci: ["ikut_kelompok_belajar", "jenis_kelompok_belajar", "ikut_paud"] },
    { nama: "ekonomi", kunci: ["memiliki_tabungan", "ikut_koperasi", "jenis_koperasi"] },
    { nama: "pkk", kunci: ["no_registrasi", "jabatan_pkk"] },
  ],
  kesehatan_warga: [
    { nama: "ibu", kunci: ["ibu_hamil", "ibu_menyusui", "menopause_dini"] },
    { nama: "kb", kunci: ["akseptor_kb", "jenis_kb"] },
    { nama: "khusus", kunci: ["berkebutuhan_khusus"] },
  ],
};

/** What joins rows and documents, or is written by a life event: nobody is asked about it. */
const TAK_DITANYAKAN = new Set([
  "rw", "rt", "dasawisma", "pengganti", "pendahulu", "keluar_tgl", "keluar_alasan", "rumah_tangga", "keluarga", "asal",
  "keluar_ke",
]);

/** A question that only makes sense after *ya* to another one. */
const SETELAH: Record<string, string> = {
  jumlah_jamban: "punya_jamban",
  jenis_usaha_up2k: "aktivitas_up2k",
  no_kk: "punya_kk",
  frekuensi_posyandu: "aktif_posyandu",
  jenis_kelompok_belajar: "ikut_kelompok_belajar",
  jenis_koperasi: "ikut_koperasi",
  jenis_kb: "akseptor_kb",
};

export function halaman(bagian: string, butir: Butir[]): Halaman[] {
  const susunan = SUSUNAN[bagian] ?? [];
  const semua = susunan.map(({ nama, kunci }) => ({
    nama,
    butir: kunci.flatMap((satu) => butir.filter((calon) => calon.kunci === satu)),
  }));
  const sudah = new Set(susunan.flatMap((satu) => satu.kunci));
  const sisa = butir.filter((satu) => !sudah.has(satu.kunci) && !TAK_DITANYAKAN.has(satu.kunci));
  return [...semua, { nama: "lainnya" as const, butir: sisa }].filter((satu) => satu.butir.length > 0);
}

/** Whether a question is on the page now. An answer that is there is never hidden. */
export function isTampil(kunci: string, isi: (kunci: string) => Isi): boolean {
  const induk = SETELAH[kunci];
  return induk === undefined || isi(induk) === true || isi(kunci) !== null;
}

/** Answered and asked, of a page as it is shown now. */
export function kemajuan(butir: Butir[], isi: (kunci: string) => Isi): { isi: number; dari: number } {
  const tampil = butir.filter((satu) => isTampil(satu.kunci, isi));
  return { isi: tampil.filter((satu) => isi(satu.kunci) !== null).length, dari: tampil.length };
}

/** The screen on which the answer at a place is given; `undefined` when nobody is asked for it. */
export function layarTempat(rumah: string, tempat: string, semua: BagianButir[]): string | undefined {
  const ruas = tempat.split("/");
  const [bagian = "", kedua] = ruas;
  const awal = `#/rumah/${rumah}`;
  if (bagian !== "rumah" && ruas.length === 2) {
    return bagian === "anggota" ? `${awal}/warga/${kedua}` : `${awal}/isi/${bagian}/${kedua}/1`;
  }
  if (ruas.length === 1) return `${awal}/setuju`;
  const baris = bagian === "rumah" ? "-" : (kedua ?? "-");
  const kunci = ruas[ruas.length - 1];
  const butir = semua.find((satu) => satu.bagian === bagian)?.butir ?? [];
  const ke = halaman(bagian, butir).findIndex((satu) => satu.butir.some((calon) => calon.kunci === kunci));
  return ke < 0 ? undefined : `${awal}/isi/${bagian}/${baris}/${ke + 1}`;
}
