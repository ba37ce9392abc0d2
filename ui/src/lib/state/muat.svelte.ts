// A question to the core whose answer a screen shows: the answer, or the code of what went wrong.
import { GalatInti, type KodeGalat } from "$lib/api/host";

export function kodeGalat(galat: unknown): KodeGalat {
  return galat instanceof GalatInti ? galat.kode : "inti_diam";
}

export class Muat<T> {
  nilai = $state<T>();
  galat = $state<KodeGalat>();
  sedang = $state(false);
  readonly #ambil: () => Promise<T>;

  constructor(ambil: () => Promise<T>) {
    this.#ambil = ambil;
    void this.segarkan();
  }

  async segarkan(): Promise<void> {
    this.sedang = true;
    try {
      this.nilai = await this.#ambil();
      this.galat = undefined;
    } catch (galat) {
      this.galat = kodeGalat(galat);
    } finally {
      this.sedang = false;
    }
  }
}

/** Something that a person sets off: never twice at once, and its failure stays visible until the next try. */
export class Kerja {
  galat = $state<KodeGalat>();
  sedang = $state(false);

  async jalankan(kerja: () => Promise<void>): Promise<boolean> {
    if (this.sedang) return false;
    this.sedang = true;
    this.galat = undefined;
    try {
      await kerja();
      return true;
    } catch (galat) {
      this.galat = kodeGalat(galat);
      return false;
    } finally {
      this.sedang = false;
    }
  }
}
