// What the tests of the screens stand on: the real command, the real relay, data folders that are thrown away.
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const AKAR = new URL("../../", import.meta.url).pathname;
const BINER = process.env.CARGO_TARGET_DIR ?? join(AKAR, "target");
export const WAKUNCAR = process.env.WAKUNCAR_BIN ?? join(BINER, "debug/wakuncar");
export const JENDELA = process.env.WAKUNCAR_JENDELA ?? join(BINER, "debug/wakuncar-window");
export const LAYAR = process.env.WAKUNCAR_UI ?? join(AKAR, "ui/build");

/** A folder of this test alone; gone when it ends. */
export function folder(t, nama) {
  const dir = mkdtempSync(join(tmpdir(), `wakuncar-${nama}-`));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** One command on a data folder; its JSON. `boleh` are exit codes that are an answer as well. */
export async function wakuncar(data, ...isi) {
  const { stdout } = await promisify(execFile)(WAKUNCAR, ["--data", data, "--json", ...isi]);
  return JSON.parse(stdout);
}

/** A process that tells where it listens in its first line and runs until the test stops it. */
export async function layani(t, ...isi) {
  const proses = spawn(WAKUNCAR, isi, { stdio: ["ignore", "pipe", "pipe"] });
  let pesan = "";
  proses.stderr.on("data", (satu) => (pesan += satu));
  const selesai = new Promise((ok) => proses.once("exit", ok));
  async function berhenti() {
    proses.kill();
    await selesai;
  }
  t.after(berhenti);
  const baris = await new Promise((ok, gagal) => {
    let semua = "";
    proses.stdout.on("data", (satu) => {
      semua += satu;
      if (semua.includes("\n")) ok(semua.slice(0, semua.indexOf("\n")));
    });
    proses.once("exit", (kode) => gagal(new Error(`wakuncar ${isi.join(" ")}: ended with ${kode}: ${pesan}`)));
  });
  return { ...JSON.parse(baris), berhenti };
}

/** Until a thing is so; what it was last when it never is. */
export async function sampai(apa, tanya, ms = 30_000) {
  const akhir = Date.now() + ms;
  let terakhir;
  for (;;) {
    try {
      const isi = await tanya();
      if (isi) return isi;
    } catch (galat) {
      terakhir = galat;
    }
    if (Date.now() > akhir) throw new Error(`never: ${apa}${terakhir ? `: ${terakhir.message}` : ""}`);
    await new Promise((ok) => setTimeout(ok, 100));
  }
}

/** A practice kelurahan with its relay, and an invitation for one cadre of Melati, RT 002. */
export async function kelurahan(t) {
  const relay = await layani(t, "--data", folder(t, "relay"), "relay", "serve");
  const kantor = folder(t, "kantor");
  const dasar = ["--kode", "18.72.05.1001", "--nama", "CONTOH", "--latihan"];
  await wakuncar(kantor, "kelurahan", "buat", ...dasar, "--relay", relay.url, "--pin", relay.pin);
  const untuk = ["--nama", "CONTOH KADER", "--dasawisma", "Melati", "--rw", "001", "--rt", "002"];
  const undangan = await wakuncar(kantor, "undang", ...untuk);
  return { kantor, relay, undangan };
}

/** The office looks until somebody waits whose pictures it can show. */
export function yangMenunggu(kantor) {
  return sampai("a device waits with pictures", async () => {
    const { perangkat } = await wakuncar(kantor, "perangkat", "daftar");
    return perangkat.find((satu) => satu.keadaan === "menunggu" && satu.gambar);
  });
}
