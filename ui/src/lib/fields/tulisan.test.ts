import { describe, expect, test } from "vitest";
import { bacaBulat, bacaDesimal, kelompokkan, pecahHari, rangkaiHari, tulisDesimal } from "./tulisan";

test("a whole number is read, half a number is not sent", () => {
  for (const [teks, isi] of [["12", 12], [" 3 ", 3], ["", null], ["3a", undefined], ["1,5", undefined], ["-", undefined]] as const)
    expect(bacaBulat(teks), teks).toBe(isi);
});

test("a decimal is taken with a comma and with a point, and shown with a comma", () => {
  for (const [teks, isi] of [["8,5", "8.5"], ["8.5", "8.5"], ["8", "8"], ["", null], ["8,", undefined], ["1.234,5", undefined]] as const)
    expect(bacaDesimal(teks), teks).toBe(isi);
  expect(tulisDesimal("8.5")).toBe("8,5");
  expect(tulisDesimal("?")).toBe("");
});

test("sixteen digits stand in fours", () => {
  expect(kelompokkan("1872054509909001")).toBe("1872 0545 0990 9001");
  expect(kelompokkan("18720")).toBe("1872 0");
  expect(kelompokkan("1872-0545-0990-9001-77")).toBe("1872 0545 0990 9001");
});

describe("a day in three boxes", () => {
  test("goes to the core as one, and comes back into its boxes", () => {
    expect(rangkaiHari({ tgl: "9", bulan: "11", tahun: "2021" })).toBe("2021-11-09");
    expect(pecahHari("2021-11-09")).toEqual({ tgl: "9", bulan: "11", tahun: "2021" });
    expect(pecahHari("?")).toEqual({ tgl: "", bulan: "", tahun: "" });
  });
  test("is nothing when empty, and not sent when part of it is missing or there is no such day", () => {
    expect(rangkaiHari({ tgl: "", bulan: "", tahun: "" })).toBeNull();
    expect(rangkaiHari({ tgl: "9", bulan: "", tahun: "2021" })).toBe("kurang");
    expect(rangkaiHari({ tgl: "9", bulan: "11", tahun: "21" })).toBe("kurang");
    expect(rangkaiHari({ tgl: "31", bulan: "2", tahun: "2021" })).toBe("salah");
  });
  test("of which only the year or the month is known asks no more than that, and is not put on 1 January", () => {
    expect(rangkaiHari({ tgl: "", bulan: "", tahun: "1960" }, "TAHUN")).toBe("1960-07-01");
    expect(rangkaiHari({ tgl: "", bulan: "3", tahun: "2020" }, "BULAN")).toBe("2020-03-15");
    expect(rangkaiHari({ tgl: "", bulan: "", tahun: "" }, "TAHUN")).toBeNull();
    expect(rangkaiHari({ tgl: "", bulan: "", tahun: "2020" }, "BULAN")).toBe("kurang");
  });
});
