// Who uses this device, for whom, and how much of her work waits. Asked again after everything that can change it.
import { panggil } from "$lib/api/host";
import type { Keadaan } from "$lib/api/commands.gen";
import { kodeGalat } from "./muat.svelte";
import type { KodeGalat } from "$lib/api/host";

class KeadaanPerangkat {
  nilai = $state<Keadaan>();
  galat = $state<KodeGalat>();

  async segarkan(): Promise<Keadaan | undefined> {
    try {
      this.nilai = await panggil("keadaan", {});
      this.galat = undefined;
    } catch (galat) {
      this.galat = kodeGalat(galat);
    }
    return this.nilai;
  }

  get isKoordinator(): boolean {
    return this.nilai?.peran === "koordinator";
  }
}

export const keadaan = new KeadaanPerangkat();

/** The first screen for what this device is now. */
export function layarAwal(kini: Keadaan): string {
  if (kini.peran === "koordinator") return "#/meja";
  if (kini.peran !== null) return "#/beranda";
  return kini.gabung === null ? "#/mulai" : "#/gabung";
}
