import { expect, test } from "vitest";
import { en } from "./en";
import { id, idMeja } from "./id";

/** Every sentence of a language by its key; those with arguments are called with plausible ones. */
function kalimat(naskah: unknown, kunci = ""): [string, string][] {
  if (typeof naskah === "string") return [[kunci, naskah]];
  if (typeof naskah === "function") {
    const contoh = (naskah as (...isi: unknown[]) => string).length > 1 ? [3, 7, 9] : [3];
    return [[kunci, (naskah as (...isi: unknown[]) => string)(...contoh)]];
  }
  return Object.entries(naskah as object).flatMap(([nama, isi]) => kalimat(isi, kunci === "" ? nama : `${kunci}.${nama}`));
}

/** Kept as printed by the form, or a name. */
const CETAK = /^rekap\.(judul[AB]|nama(Krt|Dasawisma))$|^lainnya\.inggris$/;
const ORANG_LAIN =
  /\b(the|and|of|is|are|not|saved?|send|sync|server|submit|update|invalid|validasi|entri|input|error|sinkron\w*|login|upload|download|back|next|family|house)\b/i;

test("no screen in Indonesian speaks English or the machine's language", () => {
  for (const [kunci, teks] of [...kalimat(id), ...kalimat(idMeja)].filter(([kunci]) => !CETAK.test(kunci)))
    expect(ORANG_LAIN.test(teks), `${kunci}: ${teks}`).toBe(false);
});

test("a sentence on a phone has at most twelve words", () => {
  const panjang = [...kalimat(id), ...kalimat(idMeja)]
    .filter(([kunci]) => !CETAK.test(kunci))
    .flatMap(([kunci, teks]) => teks.split(/(?<=[.!?;:])\s+/).map((satu) => [kunci, satu] as const))
    .filter(([, satu]) => satu.split(/\s+/).filter((kata) => /\p{L}|\d/u.test(kata)).length > 12);
  expect(panjang).toEqual([]);
});

test("English says as much as Indonesian: the same keys, the same arguments, nothing empty", () => {
  const nama = (naskah: unknown) => kalimat(naskah).map(([kunci]) => kunci);
  expect(nama(en).sort()).toEqual(nama(id).sort());
  for (const [kunci, teks] of [...kalimat(id), ...kalimat(en)]) expect(teks.trim(), kunci).not.toBe("");
});

test("what is safe is said before what is to be done", () => {
  for (const [kunci, teks] of kalimat(id.galat, "galat"))
    expect(/[.].*[.]|aman/.test(teks), `${kunci}: ${teks}`).toBe(true);
});
