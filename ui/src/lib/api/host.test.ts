import { mockIPC, clearMocks } from "@tauri-apps/api/mocks";
import { afterEach, expect, test, vi } from "vitest";
import { ambilToken, beriJalan, panggil } from "./host";

afterEach(() => {
  clearMocks();
  delete (window as { __TAURI_INTERNALS__?: unknown }).__TAURI_INTERNALS__;
  vi.unstubAllGlobals();
});

const jawab = (status: number, badan: unknown) => vi.fn(async () => new Response(JSON.stringify(badan), { status }));

test("in the window a command goes by its own channel", async () => {
  mockIPC((cmd, isi) => (cmd === "panggil" ? { baris: JSON.stringify(isi) } : undefined));
  await expect(panggil("baris_baru", {})).resolves.toEqual({ baris: '{"perintah":"baris_baru","isi":{}}' });
});

test("in a browser it goes over HTTP with the token, which leaves the address", async () => {
  const history = { state: null, replaceState: vi.fn() };
  const alamat = "http://127.0.0.1:9/?token=abc#/rumah";
  ambilToken({ location: { href: alamat }, history } as unknown as Window);
  expect(String(history.replaceState.mock.calls[0]?.[2])).toBe("http://127.0.0.1:9/#/rumah");

  const fetch = jawab(200, []);
  vi.stubGlobal("fetch", fetch);
  await expect(panggil("wilayah", {})).resolves.toEqual([]);
  const [ke, isi] = fetch.mock.calls[0] as unknown as [string, RequestInit];
  expect([ke, isi.method, isi.body]).toEqual(["./api/wilayah", "POST", "{}"]);
  expect(isi.headers).toMatchObject({ authorization: "Bearer abc" });
});

test("the window's address gets the slash that the router needs, and another stays as it is", () => {
  for (const [href, jadi] of [["tauri://localhost", "tauri://localhost/"], ["tauri://localhost#/rumah", "tauri://localhost/#/rumah"]] as const) {
    const history = { state: null, replaceState: vi.fn() };
    beriJalan({ location: { href }, history } as unknown as Window);
    expect(history.replaceState.mock.calls[0]?.[2]).toBe(jadi);
  }
  const history = { state: null, replaceState: vi.fn() };
  beriJalan({ location: { href: "http://127.0.0.1:9/#/rumah" }, history } as unknown as Window);
  expect(history.replaceState).not.toHaveBeenCalled();
});

test("what the core refuses keeps its code, and silence has one of its own", async () => {
  vi.stubGlobal("fetch", jawab(422, { kode: "perlu_persetujuan", data: { modul: "dasar" } }));
  await expect(panggil("wilayah", {})).rejects.toMatchObject({ kode: "perlu_persetujuan", data: { modul: "dasar" } });
  vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("refused"))));
  await expect(panggil("wilayah", {})).rejects.toMatchObject({ kode: "inti_diam" });
  vi.stubGlobal("fetch", vi.fn(async () => new Response("", { status: 401 })));
  await expect(panggil("wilayah", {})).rejects.toMatchObject({ kode: "inti_diam" });
});
