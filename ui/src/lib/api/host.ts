// The one place that knows how a command reaches the core: the window's own channel, or loopback HTTP when the page
// was opened in a browser by `wakuncar layar serve`.
import { invoke } from "@tauri-apps/api/core";
import type { Commands, ErrorCode, Galat } from "./commands.gen";

/**
 * Codes of the core, and the one that only this side can notice: the core does not answer at all. `pindah_rumah` is
 * named here until the list of commands carries it.
 */
export type KodeGalat = ErrorCode | "inti_diam" | "pindah_rumah";

/** What the core refused, by its code; the sentence is `lib/i18n`'s. */
export class GalatInti extends Error {
  constructor(
    readonly kode: KodeGalat,
    readonly data: unknown = null,
  ) {
    super(kode);
  }
}

let token = "";

/** Takes the loopback token out of the address, so that it stands neither in the history nor on a screenshot. */
export function ambilToken(jendela: Window = window): void {
  const alamat = new URL(jendela.location.href);
  const dari = alamat.searchParams.get("token");
  if (dari === null) return;
  token = dari;
  alamat.searchParams.delete("token");
  jendela.history.replaceState(jendela.history.state, "", alamat);
}

/**
 * Gives the window's address its slash. WebKit opens `tauri://localhost` and says of addresses made from it that they
 * have no path, so that the router takes its own screens for another site and loads them anew for ever.
 */
export function beriJalan(jendela: Window = window): void {
  const { href } = jendela.location;
  if (new URL(href).pathname === "") jendela.history.replaceState(jendela.history.state, "", href.replace(/^[^#?]*/, "$&/"));
}

export async function panggil<P extends keyof Commands>(perintah: P, isi: Commands[P][0]): Promise<Commands[P][1]> {
  try {
    return await ("__TAURI_INTERNALS__" in window ? invoke("panggil", { perintah, isi }) : lewatHttp(perintah, isi));
  } catch (galat) {
    throw isGalat(galat) ? new GalatInti(galat.kode, galat.data) : new GalatInti("inti_diam");
  }
}

async function lewatHttp<T>(perintah: string, isi: unknown): Promise<T> {
  const jawab = await fetch(`./api/${perintah}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(isi),
  });
  const badan: unknown = await jawab.json();
  if (!jawab.ok) throw badan;
  return badan as T;
}

function isGalat(galat: unknown): galat is Galat {
  return typeof galat === "object" && galat !== null && typeof (galat as Galat).kode === "string";
}
