import { expect, test } from "vitest";
import { kepalaTabel } from "./kepalaTabel";

test("neighbours share their group's heading, and a column without a group reaches over all rows", () => {
  const kolom = [
    { grup: [], judul: "JML KK", metrik: "JML_KK" },
    { grup: ["JUMLAH ANGGOTA KELUARGA", "TOTAL"], judul: "L", metrik: "T_L" },
    { grup: ["JUMLAH ANGGOTA KELUARGA", "TOTAL"], judul: "P", metrik: "T_P" },
    { grup: ["JUMLAH ANGGOTA KELUARGA"], judul: "PUS", metrik: "PUS" },
    { grup: ["MAKANAN"], judul: "BERAS", metrik: "BERAS" },
  ];
  const baris = kepalaTabel(kolom).map((sel) => sel.map(({ judul, lebar, tinggi }) => `${judul} ${lebar}x${tinggi}`));
  expect(baris).toEqual([
    ["JML KK 1x3", "JUMLAH ANGGOTA KELUARGA 3x1", "MAKANAN 1x1"],
    ["TOTAL 2x1", "PUS 1x2", "BERAS 1x2"],
    ["L 1x1", "P 1x1"],
  ]);
});
