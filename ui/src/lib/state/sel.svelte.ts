// The houses behind what was last clicked at the desk: a cell of a recap, or a group.
import type { RumahDiDaftar } from "$lib/api/commands.gen";

type Wilayah = { rw: string; rt: string; dasawisma: string };

class Sel {
  apa = $state("");
  kembali = $state("#/meja");
  #cocok = $state.raw<((rumah: RumahDiDaftar) => boolean) | undefined>();

  pilih(id: string[], apa: string): void {
    const semua = new Set(id);
    this.apa = apa;
    this.kembali = "#/rekap";
    this.#cocok = (rumah) => semua.has(rumah.id);
  }

  pilihWilayah({ rw, rt, dasawisma }: Wilayah): void {
    this.apa = `${dasawisma} · RT ${rt} · RW ${rw}`;
    this.kembali = "#/meja";
    this.#cocok = (rumah) => rumah.rw === rw && rumah.rt === rt && rumah.dasawisma === dasawisma;
  }

  /** `undefined` when nothing was clicked yet. */
  dari(semua: RumahDiDaftar[]): RumahDiDaftar[] | undefined {
    return this.#cocok && semua.filter(this.#cocok);
  }
}

export const sel = new Sel();
