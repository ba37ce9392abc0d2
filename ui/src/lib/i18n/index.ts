// The sentences in the language that this device is set to, and how days and numbers are written.
import { keadaan } from "$lib/state/keadaan.svelte";
import { tampilan } from "$lib/state/tampilan.svelte";
import { en } from "./en";
import { id, idMeja, type Naskah, type Soal } from "./id";

export function t(): Naskah {
  if (tampilan.bahasa === "en") return en;
  return keadaan.isKoordinator ? idMeja : id;
}

const ZONA = "Asia/Jakarta";

/** A moment: `Sel, 9 Nov 2021, 14.30 WIB`. */
export function saat(unix: number): string {
  const kapan = new Date(unix * 1000);
  const hari = kapan.toLocaleDateString("id-ID", {
    weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: ZONA,
  });
  const jam = kapan.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: ZONA });
  return `${hari}, ${jam} WIB`;
}

/** A day of somebody's life, `2021-11-09`: `9 November 2021`. */
export function hari(iso: string): string {
  const [tahun, bulan, tgl] = iso.split("-").map(Number);
  const nama = t().bulan[(bulan ?? 0) - 1];
  return nama === undefined || tahun === undefined || tgl === undefined ? iso : `${tgl} ${nama} ${tahun}`;
}

export function tanya(kunci: string, label: string): Soal {
  return (t().soal as Record<string, Soal>)[kunci] ?? { tanya: label };
}

/** `1872 •••• •••• 0001`: who looks over a shoulder learns no number. */
export function samarkan(nomor: string): string {
  return nomor.length < 12 ? "••••" : `${nomor.slice(0, 4)} •••• •••• ${nomor.slice(-4)}`;
}

/** The sentence of a finding; a code that this version does not know is still shown. */
export function kalimatTemuan(kode: string): string {
  return (t().temuan as Record<string, string>)[kode] ?? `${t().isi.temuan} ${kode}`;
}
