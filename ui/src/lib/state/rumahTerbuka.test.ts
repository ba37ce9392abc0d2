import { afterEach, expect, test, vi } from "vitest";
import { GalatInti, type KodeGalat } from "$lib/api/host";
import { RumahTerbuka } from "./rumahTerbuka.svelte";

const simpan = { berubah: true, temuan: [], status: "TERSIMPAN", menunggu: 1 };
const lihat = { rumah: { id: "r1", alamat: "Jl. Padi 1", anggota: [] }, temuan: [], status: "DITERIMA", menunggu: 0, berbeda: [] };

/** The HTTP host, answering what the scene says; the core itself is tested in Rust. */
function inti(jawab: (perintah: string, isi: { kunci?: string }) => unknown) {
  const fetch = vi.fn(async (ke: string, { body }: { body: string }) => {
    try {
      return new Response(JSON.stringify(await jawab(ke.replace("./api/", ""), JSON.parse(body) as { kunci?: string })));
    } catch (galat) {
      return new Response(JSON.stringify({ kode: (galat as GalatInti).kode, data: null }), { status: 422 });
    }
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
const tolak = (kode: KodeGalat) => {
  throw new GalatInti(kode);
};
afterEach(() => vi.unstubAllGlobals());

test("an answer is called saved only after the core has said so", async () => {
  let selesai = () => {};
  inti((perintah) => (perintah === "lihat_rumah" ? lihat : new Promise((ok) => (selesai = () => ok(simpan)))));
  const rumah = new RumahTerbuka("r1");
  await rumah.muat();
  const jadi = rumah.simpan("rumah", null, "alamat", "Jl. Padi 2");
  expect(rumah.simpanan.apa).toBe("menyimpan");
  await vi.waitFor(() => selesai());
  await vi.waitFor(async () => {
    selesai();
    expect(rumah.simpanan.apa).toBe("tersimpan");
  });
  await expect(jadi).resolves.toBe(true);
  expect([rumah.isi("rumah", null, "alamat"), rumah.lihat?.status]).toEqual(["Jl. Padi 2", "TERSIMPAN"]);
});

test("a refused answer stays on the screen, is not called saved by a later one, and can be sent again", async () => {
  let penuh = true;
  inti((perintah, { kunci }) =>
    perintah === "lihat_rumah" ? lihat : penuh && kunci === "alamat" ? tolak("penyimpanan_penuh") : simpan,
  );
  const rumah = new RumahTerbuka("r1");
  await rumah.muat();
  await expect(rumah.simpan("rumah", null, "alamat", "Jl. Padi 2")).resolves.toBe(false);
  expect(rumah.simpanan).toEqual({ apa: "gagal", kode: "penyimpanan_penuh" });
  expect(rumah.isi("rumah", null, "alamat")).toBe("Jl. Padi 2");

  await rumah.simpan("rumah", null, "no_rumah", "7");
  expect(rumah.simpanan.apa).toBe("gagal");

  penuh = false;
  await rumah.ulangi();
  expect(rumah.simpanan.apa).toBe("tersimpan");
});

test("answers reach the core in the order in which they were given", async () => {
  const urutan: string[] = [];
  inti((perintah, { kunci }) => {
    if (perintah === "simpan_jawaban") urutan.push(kunci ?? "");
    return perintah === "lihat_rumah" ? lihat : simpan;
  });
  const rumah = new RumahTerbuka("r1");
  await rumah.muat();
  await Promise.all(["a", "b", "c"].map((kunci) => rumah.simpan("rumah", null, kunci, "x")));
  expect(urutan).toEqual(["a", "b", "c"]);
});
