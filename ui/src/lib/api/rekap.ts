// A recap as the core's JSON gives it, read into rows of a table. What is `null` stays `null`: nobody was asked.
import type { Baris } from "$lib/components/TabelRekap.svelte";
import type { Kolom } from "$lib/components/kepalaTabel";

export type Rekap = {
  lampiran: string;
  kolom: Kolom[];
  baris: Baris[];
  jumlah: Record<string, number | null>;
  didata: number;
  dari: number;
  tglAcuan: string;
  ganda: number;
  tanpaKrt: number;
};

type Json = Record<string, unknown>;

export function bacaRekap(json: unknown): Rekap {
  const isi = json as Json;
  const kolom = isi.kolom as Kolom[];
  const angka = (satu: Json) =>
    Object.fromEntries(kolom.map(({ metrik }) => [metrik, typeof satu[metrik] === "number" ? satu[metrik] : null]));
  const cakupan = isi.cakupan as { didata: number; dari: number };
  return {
    lampiran: String(isi.lampiran),
    kolom,
    baris: (isi.baris as Json[]).map((satu) => ({
      nama: String(satu.nama_krt ?? satu.dasawisma ?? satu.krt ?? ""),
      rumah: (satu.rumah as string[] | undefined) ?? [],
      angka: angka(satu),
    })),
    jumlah: angka(isi.jumlah as Json),
    didata: cakupan.didata,
    dari: cakupan.dari,
    tglAcuan: String(isi.tgl_acuan),
    ganda: (isi.ganda as unknown[]).length,
    tanpaKrt: (isi.tanpa_krt as unknown[]).length,
  };
}
