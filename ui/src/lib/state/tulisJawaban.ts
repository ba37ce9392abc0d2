// An answer at a place as people read it: the words of its option, a day, "(kosong)".
import type { BagianButir } from "$lib/api/commands.gen";
import type { Isi } from "$lib/api/jenis";
import { hari, t } from "$lib/i18n";
import { butirBagian } from "./butir";

function opsi(butir: BagianButir[], tempat: string, isi: Isi): string | undefined {
  const ruas = tempat.split("/");
  const satu = butirBagian(butir, ruas[0] ?? "").find((calon) => calon.kunci === ruas[ruas.length - 1]);
  if (satu?.jenis === "ya_tidak" && (isi === "ya" || isi === "tidak")) return isi === "ya" ? t().umum.ya : t().umum.tidak;
  return satu?.opsi?.find((pilihan) => pilihan.kode === isi)?.label;
}

export function tulisJawaban(butir: BagianButir[], tempat: string, isi: Isi): string {
  if (isi === null || isi === "") return t().berbeda.kosongJawaban;
  if (isi === "?") return t().umum.tidakTahu;
  if (typeof isi === "boolean") return isi ? t().umum.ya : t().umum.tidak;
  const teks = String(isi);
  return /^\d{4}-\d{2}-\d{2}$/.test(teks) ? hari(teks) : (opsi(butir, tempat, isi) ?? teks);
}
