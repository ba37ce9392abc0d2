// Between what is typed into a field and what is sent to the core. Only the form of a number or a day is looked at
// here, so that half a number is not sent; whether it can be true, the core says.
import type { Isi } from "$lib/api/jenis";

export const TIDAK_TAHU = "?";

/** A whole number; `undefined` when it is none. */
export function bacaBulat(teks: string): number | null | undefined {
  const rapi = teks.replace(/\s/g, "");
  if (rapi === "") return null;
  return /^-?\d{1,9}$/.test(rapi) ? Number(rapi) : undefined;
}

/** A number with decimals as the core takes it, `8,5` or `8.5`; `undefined` when it is none. */
export function bacaDesimal(teks: string): string | null | undefined {
  const rapi = teks.replace(/\s/g, "");
  if (rapi === "") return null;
  return /^\d{1,9}([.,]\d{1,3})?$/.test(rapi) ? rapi.replace(",", ".") : undefined;
}

export function tulisDesimal(isi: Isi): string {
  return isi === null || isi === TIDAK_TAHU ? "" : String(isi).replace(".", ",");
}

/** Digits of a NIK or KK in groups of four, as on the card. */
export function kelompokkan(angka: string): string {
  return angka.replace(/\D/g, "").slice(0, 16).replace(/(\d{4})(?=\d)/g, "$1 ");
}

/** How much of a day is known; the rest is not asked. */
export type Presisi = "TANGGAL" | "BULAN" | "TAHUN";

export type Hari = { tgl: string; bulan: string; tahun: string };

export function pecahHari(isi: Isi): Hari {
  const cocok = typeof isi === "string" ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(isi) : null;
  if (!cocok) return { tgl: "", bulan: "", tahun: "" };
  return { tgl: String(Number(cocok[3])), bulan: String(Number(cocok[2])), tahun: cocok[1] ?? "" };
}

/** A day as the core takes it; `null` when all boxes are empty, else why it is not one yet. */
export function rangkaiHari(hari: Hari, presisi: Presisi = "TANGGAL"): string | null | "kurang" | "salah" {
  if (presisi !== "TANGGAL" && hari.tahun === "" && (presisi === "TAHUN" || hari.bulan === "")) return null;
  // A day is needed to carry a month or a year: the middle of it. The precision that goes along says how little it means.
  const tgl = presisi === "TANGGAL" ? hari.tgl : presisi === "BULAN" ? "15" : "1";
  const bulan = presisi === "TAHUN" ? "7" : hari.bulan;
  const { tahun } = hari;
  if (tgl === "" && bulan === "" && tahun === "") return null;
  if (tgl === "" || bulan === "" || !/^\d{4}$/.test(tahun)) return "kurang";
  if (!/^\d{1,2}$/.test(tgl)) return "salah";
  const utc = new Date(Date.UTC(Number(tahun), Number(bulan) - 1, Number(tgl)));
  if (utc.getUTCDate() !== Number(tgl) || utc.getUTCMonth() !== Number(bulan) - 1) return "salah";
  return utc.toISOString().slice(0, 10);
}
