import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Butir, Temuan } from "$lib/api/commands.gen";
import { RumahTerbuka } from "$lib/state/rumahTerbuka.svelte";
import Pertanyaan from "./Pertanyaan.svelte";

afterEach(() => vi.unstubAllGlobals());

const opsi = (n: number) => Array.from({ length: n }, (_, ke) => ({ kode: `K${ke}`, label: `Pilihan ${ke}` }));

/** The question on the screen of an open house, and what went to the core. */
async function tanyakan(butir: Partial<Butir>, temuan: Temuan[] = []) {
  const kirim: unknown[] = [];
  const simpan = { berubah: true, temuan, status: "TERSIMPAN", menunggu: 1 };
  vi.stubGlobal("fetch", async (ke: string, { body }: { body: string }) => {
    if (ke.endsWith("simpan_jawaban")) kirim.push((JSON.parse(body) as { isi: unknown }).isi);
    const lihat = { ...simpan, rumah: { id: "r1", anggota: [{ id: "w1" }] }, berbeda: [] };
    return new Response(JSON.stringify(ke.endsWith("lihat_rumah") ? lihat : simpan));
  });
  const rumah = new RumahTerbuka("r1");
  await rumah.muat();
  const lengkap: Butir = { kunci: "hal", label: "Hal", jenis: "teks", sumber: "", ...butir };
  render(Pertanyaan, { rumah, bagian: "anggota", baris: "w1", butir: lengkap });
  return kirim;
}

test("every kind of answer has its label, and *tidak tahu* is an answer of each", async () => {
  for (const butir of [
    { jenis: "teks", maks: 20 },
    { jenis: "bulat", min: 0, maks: 20 },
    { jenis: "desimal" },
  ] as const) {
    const kirim = await tanyakan(butir);
    expect(screen.getByLabelText("Hal").getAttribute("type"), butir.jenis).toBe("text");
    await fireEvent.click(screen.getByRole("button", { name: "Tidak tahu" }));
    await vi.waitFor(() => expect(kirim).toEqual(["?"]));
    document.body.innerHTML = "";
  }
  for (const butir of [{ jenis: "ya_tidak" }, { jenis: "pilihan", opsi: opsi(3) }] as const) {
    const kirim = await tanyakan({ ...butir, opsi: "opsi" in butir ? butir.opsi : undefined });
    expect(screen.getByRole("group", { name: "Hal" }), butir.jenis).toBeTruthy();
    await fireEvent.click(screen.getByLabelText("Tidak tahu"));
    await vi.waitFor(() => expect(kirim).toEqual(["?"]));
    document.body.innerHTML = "";
  }
});

test("few choices are rows, many are the system's list", async () => {
  await tanyakan({ jenis: "pilihan", opsi: opsi(8) });
  expect(screen.queryByRole("combobox")).toBeNull();
  document.body.innerHTML = "";
  await tanyakan({ jenis: "pilihan", opsi: opsi(9) });
  expect(screen.getByRole("combobox", { name: "Hal" })).toBeTruthy();
});

test("a finding stands by its field and is read out with it", async () => {
  await tanyakan({ kunci: "nik" }, [{ kode: "nik_mustahil", tempat: "anggota/w1/nik", nilai: "1", galat: true }]);
  const kotak = screen.getByLabelText("Nomor KTP (NIK)");
  const dibaca = (kotak.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
  expect(dibaca.join(" ")).toContain("NIK ini tidak mungkin");
});
