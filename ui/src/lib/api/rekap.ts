// A recap as the core gives it, read into rows of a table. What is `null` stays `null`: nobody was asked.
import type { Baris } from "$lib/components/TabelRekap.svelte";
import type { IsiRekap, Kolom } from "./commands.gen";

export type TabelBuku = { kolom: Kolom[]; baris: Baris[]; jumlah: Record<string, number | null> };

export function tabelBuku({ kolom, baris, jumlah }: IsiRekap): TabelBuku {
  const angka = (satu: Record<string, unknown>) =>
    Object.fromEntries(kolom.map(({ metrik }) => [metrik, typeof satu[metrik] === "number" ? satu[metrik] : null]));
  return {
    kolom,
    baris: baris.map((satu) => ({
      nama: satu.nama_krt || satu.dasawisma || satu.krt || "",
      rumah: satu.rumah,
      angka: angka(satu),
    })),
    jumlah: angka(jumlah),
  };
}
