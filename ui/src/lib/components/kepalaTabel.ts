// The heading rows of a table whose columns stand in groups, with spans as printed.
import type { Kolom } from "$lib/api/commands.gen";

export type Kepala = { judul: string; lebar: number; tinggi: number };

/** One list of cells a row, outermost groups first. A column without groups reaches over all rows. */
export function kepalaTabel(kolom: Kolom[]): Kepala[][] {
  const tingkat = Math.max(0, ...kolom.map((satu) => satu.grup.length));
  const baris: Kepala[][] = [];
  for (let ke = 0; ke <= tingkat; ke += 1) {
    const sel: Kepala[] = [];
    let sebelum: string | undefined;
    for (const satu of kolom) {
      const dalam = satu.grup.length;
      if (ke < dalam) {
        const jalan = satu.grup.slice(0, ke + 1).join("\n");
        const akhir = sel[sel.length - 1];
        if (jalan === sebelum && akhir !== undefined) akhir.lebar += 1;
        else sel.push({ judul: satu.grup[ke] ?? "", lebar: 1, tinggi: 1 });
        sebelum = jalan;
      } else {
        sebelum = undefined;
        if (ke === dalam) sel.push({ judul: satu.judul, lebar: 1, tinggi: tingkat - dalam + 1 });
      }
    }
    baris.push(sel);
  }
  return baris;
}
