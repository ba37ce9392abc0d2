import { expect, test } from "vitest";
import type { BagianButir, Butir } from "$lib/api/commands.gen";
import { halaman, isTampil, kemajuan, layarTempat } from "./halaman";

const butir = (...kunci: string[]): Butir[] => kunci.map((satu) => ({ kunci: satu, label: satu, jenis: "teks", sumber: "" }));

test("an item that nobody placed comes on the last page, and what joins rows is not asked", () => {
  const semua = halaman("rumah", butir("rw", "alamat", "punya_spal", "hal_baru", "keluar_tgl", "pengganti"));
  expect(semua.map((satu) => [satu.nama, satu.butir.map((b) => b.kunci)])).toEqual([
    ["alamat", ["alamat"]],
    ["rumah_sehat", ["punya_spal"]],
    ["lainnya", ["hal_baru"]],
  ]);
});

test("a question after *ya* comes with it, and an answer that is there is never hidden", () => {
  expect(isTampil("jumlah_jamban", () => null)).toBe(false);
  expect(isTampil("jumlah_jamban", (kunci) => kunci === "punya_jamban")).toBe(true);
  expect(isTampil("jumlah_jamban", (kunci) => (kunci === "jumlah_jamban" ? 2 : false))).toBe(true);
  expect(kemajuan(butir("punya_jamban", "jumlah_jamban"), (kunci) => (kunci === "punya_jamban" ? false : null))).toEqual({ isi: 1, dari: 1 });
});

test("a finding leads to the page where its answer is given", () => {
  const semua: BagianButir[] = [
    { bagian: "anggota", kesehatan: false, butir: butir("nama_lengkap", "hubungan_kk", "tanggal_lahir", "nik") },
    { bagian: "rumah", kesehatan: false, butir: butir("alamat") },
  ];
  for (const [tempat, layar] of [
    ["anggota/w1/nik", "#/rumah/r1/isi/anggota/w1/4"],
    ["rumah/alamat", "#/rumah/r1/isi/rumah/-/1"],
    ["keluarga/k1", "#/rumah/r1/isi/keluarga/k1/1"],
    ["anggota/w1", "#/rumah/r1/warga/w1"],
    ["rumah", "#/rumah/r1/setuju"],
    ["rumah/hilang", undefined],
  ] as const)
    expect(layarTempat("r1", tempat, semua), tempat).toBe(layar);
});
