// The one house that is open: its answers as the core gave them, and every answer on its way to the core.
//
// An answer is called saved only after the core has said so. What it refuses stays here, is shown, and can be sent
// again; it is never dropped in silence.
import { getContext, setContext } from "svelte";
import { panggil, type KodeGalat } from "$lib/api/host";
import type { Catatan, RumahLengkap, Simpan } from "$lib/api/commands.gen";
import type { Isi } from "$lib/api/jenis";
import { keadaan } from "./keadaan.svelte";
import { kodeGalat } from "./muat.svelte";

export type Simpanan = { apa: "diam" } | { apa: "menyimpan" } | { apa: "tersimpan" } | { apa: "gagal"; kode: KodeGalat };
type Jawaban = { bagian: string; baris: string | null; kunci: string; isi: Isi };

/** Parts of a person whose answers stand with her in the record. */
const MILIK_WARGA = ["anggota", "kesehatan_warga"];

export class RumahTerbuka {
  lihat = $state<RumahLengkap>();
  galat = $state<KodeGalat>();
  simpanan = $state<Simpanan>({ apa: "diam" });
  #gagal = $state<Record<string, Jawaban>>({});
  #antre: Promise<unknown> = Promise.resolve();
  #berjalan = 0;
  #sebab: KodeGalat = "inti_diam";

  constructor(readonly id: string) {}

  async muat(): Promise<void> {
    try {
      this.lihat = await panggil("lihat_rumah", { id: this.id });
      this.galat = undefined;
    } catch (galat) {
      this.galat = kodeGalat(galat);
    }
  }

  /** The rows of a part, as the core ordered them. */
  baris(bagian: string): Catatan[] {
    const isi = this.lihat?.rumah[wadah(bagian)];
    return Array.isArray(isi) ? isi : [];
  }

  isi(bagian: string, baris: string | null, kunci: string): Isi {
    const gagal = this.#gagal[jalur(bagian, baris, kunci)];
    if (gagal !== undefined) return gagal.isi;
    const catatan = baris === null ? this.lihat?.rumah : this.baris(bagian).find((satu) => satu.id === baris);
    return (catatan?.[kunci] as Isi | undefined) ?? null;
  }

  temuan(bagian: string, baris: string | null, kunci: string) {
    const tempat = jalur(bagian, baris, kunci);
    return (this.lihat?.temuan ?? []).filter((temuan) => temuan.tempat === tempat);
  }

  /** Sends one answer; answers reach the core in the order in which they were given. */
  simpan(bagian: string, baris: string | null, kunci: string, isi: Isi): Promise<boolean> {
    const jawaban: Jawaban = { bagian, baris, kunci, isi };
    return this.lakukan(async () => {
      try {
        const simpan = await panggil("simpan_jawaban", { rumah: this.id, ...jawaban });
        delete this.#gagal[jalur(bagian, baris, kunci)];
        this.#tulis(jawaban);
        return simpan;
      } catch (galat) {
        this.#gagal[jalur(bagian, baris, kunci)] = jawaban;
        throw galat;
      }
    });
  }

  /** Something is being typed that the core does not have yet: the screen stops saying that all is saved. */
  mengetik(): void {
    if (this.simpanan.apa === "tersimpan") this.simpanan = { apa: "diam" };
  }

  /** Any other change of this house, in the same queue and with the same words about its fate. */
  lakukan(kerja: () => Promise<Simpan>): Promise<boolean> {
    this.#berjalan += 1;
    this.simpanan = { apa: "menyimpan" };
    const hasil = this.#antre.then(async () => {
      let gagal: KodeGalat | undefined;
      try {
        const simpan = await kerja();
        if (this.lihat) Object.assign(this.lihat, { temuan: simpan.temuan, status: simpan.status, menunggu: simpan.menunggu });
      } catch (galat) {
        gagal = kodeGalat(galat);
      }
      this.#berjalan -= 1;
      if (gagal !== undefined) this.#sebab = gagal;
      if (gagal !== undefined || Object.keys(this.#gagal).length > 0) this.simpanan = { apa: "gagal", kode: this.#sebab };
      else if (this.#berjalan === 0) this.simpanan = { apa: "tersimpan" };
      return gagal === undefined;
    });
    this.#antre = hasil;
    return hasil;
  }

  async ulangi(): Promise<void> {
    for (const { bagian, baris, kunci, isi } of Object.values(this.#gagal)) await this.simpan(bagian, baris, kunci, isi);
  }

  /** Waits for what is on its way, then asks the core for the whole house again. */
  async segarkan(): Promise<void> {
    await this.#antre;
    await Promise.all([this.muat(), keadaan.segarkan()]);
  }

  /** What the core has saved, into the record that the screens show. An empty box has no key. */
  #tulis({ bagian, baris, kunci, isi }: Jawaban): void {
    if (!this.lihat) return;
    const nilai = isi === null ? undefined : isi;
    if (baris === null) {
      this.lihat.rumah[kunci] = nilai;
      return;
    }
    const catatan = this.baris(bagian).find((satu) => satu.id === baris);
    if (catatan) catatan[kunci] = nilai;
    else this.lihat.rumah[wadah(bagian)] = [...this.baris(bagian), { id: baris, [kunci]: nilai }];
  }
}

function wadah(bagian: string): string {
  return MILIK_WARGA.includes(bagian) ? "anggota" : bagian;
}

/** The place of an answer as findings name it. */
export function jalur(bagian: string, baris: string | null, kunci: string): string {
  return baris === null ? `${bagian}/${kunci}` : `${bagian}/${baris}/${kunci}`;
}

const WADAH = Symbol("rumah");

/** Makes the open house known to the screens below. */
export function bukaRumah(rumah: () => RumahTerbuka): void {
  setContext(WADAH, rumah);
}

/** The house that a screen above has opened. */
export function rumahTerbuka(): RumahTerbuka {
  return getContext<() => RumahTerbuka>(WADAH)();
}
