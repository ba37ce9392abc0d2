import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import TabelRekap from "./TabelRekap.svelte";

test("what nobody was asked stays blank, zero is zero, and a number leads to its houses", async () => {
  const pilih = vi.fn();
  render(TabelRekap, {
    kolom: [
      { grup: ["RUMAH"], judul: "SPAL", metrik: "SPAL" },
      { grup: ["RUMAH"], judul: "SMP", metrik: "SMP" },
    ],
    judulBaris: "NAMA",
    baris: [{ nama: "CONTOH SATU", rumah: ["r1"], angka: { SPAL: 0, SMP: null } }],
    jumlah: { SPAL: 0, SMP: null },
    pilih,
  });
  const sel = within(screen.getByRole("row", { name: /CONTOH SATU/ })).getAllByRole("cell");
  expect(sel.map((satu) => satu.textContent?.trim())).toEqual(["1", "0", "", ""]);
  await fireEvent.click(within(sel[1]!).getByRole("button"));
  expect(pilih).toHaveBeenCalledWith(["r1"], "SPAL · CONTOH SATU");
});
