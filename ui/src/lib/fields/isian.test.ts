import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import AngkaIsi from "./AngkaIsi.svelte";
import NomorIsi from "./NomorIsi.svelte";
import PilihanIsi from "./PilihanIsi.svelte";
import TanggalIsi from "./TanggalIsi.svelte";
import TeksIsi from "./TeksIsi.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const kotak = () => screen.getByRole("textbox");

test("text is sent after a short pause, at once when the field is left, and when the screen goes away", async () => {
  const ubah = vi.fn();
  const { unmount } = render(TeksIsi, { id: "a", nilai: null, ubah });
  await fireEvent.input(kotak(), { target: { value: "CONTOH" } });
  expect(ubah).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300);
  expect(ubah).toHaveBeenLastCalledWith("CONTOH");

  await fireEvent.input(kotak(), { target: { value: "CONTOH SATU " } });
  await fireEvent.blur(kotak());
  expect(ubah).toHaveBeenLastCalledWith("CONTOH SATU");

  await fireEvent.input(kotak(), { target: { value: "" } });
  unmount();
  expect(ubah).toHaveBeenLastCalledWith(null);
});

test("half a number is not sent, and the field says so when it is left", async () => {
  const ubah = vi.fn();
  render(AngkaIsi, { id: "a", nilai: 2, ubah });
  await fireEvent.input(kotak(), { target: { value: "dua" } });
  await fireEvent.blur(kotak());
  vi.advanceTimersByTime(300);
  expect(ubah).not.toHaveBeenCalled();
  expect(screen.getByRole("alert").textContent).toContain("belum disimpan");
  await fireEvent.input(kotak(), { target: { value: "3" } });
  await fireEvent.blur(kotak());
  expect(ubah).toHaveBeenCalledWith(3);
});

test("a NIK is shown in fours with its counter and sent as digits", async () => {
  const ubah = vi.fn();
  render(NomorIsi, { id: "a", nilai: "1872054509909001", ubah });
  expect((kotak() as HTMLInputElement).value).toBe("1872 0545 0990 9001");
  expect((kotak() as HTMLInputElement).inputMode).toBe("numeric");
  await fireEvent.input(kotak(), { target: { value: "18720" } });
  await fireEvent.blur(kotak());
  expect(ubah).toHaveBeenCalledWith("18720");
  expect(screen.getByText("5 dari 16 angka")).toBeTruthy();
});

test("a choice is one tap on a whole row", async () => {
  const ubah = vi.fn();
  render(PilihanIsi, { id: "a", nilai: true, opsi: [{ kode: true, label: "Ya" }, { kode: false, label: "Tidak" }], ubah });
  expect((screen.getByLabelText("Ya") as HTMLInputElement).checked).toBe(true);
  await fireEvent.click(screen.getByLabelText("Tidak"));
  expect(ubah).toHaveBeenCalledWith(false);
});

test("a day is sent when its three boxes make one, and an unfinished one says so when left", async () => {
  const ubah = vi.fn();
  render(TanggalIsi, { id: "a", nilai: null, ubah });
  await fireEvent.input(screen.getByLabelText("Tanggal"), { target: { value: "9" } });
  await fireEvent.focusOut(screen.getByLabelText("Tanggal"));
  expect(screen.getByRole("alert").textContent).toContain("belum lengkap");
  await fireEvent.change(screen.getByLabelText("Bulan"), { target: { value: "11" } });
  await fireEvent.input(screen.getByLabelText("Tahun"), { target: { value: "2021" } });
  expect(ubah.mock.calls).toEqual([["2021-11-09"]]);
  expect(screen.queryByRole("alert")).toBeNull();
});
