// How this device shows its screens: language and size of letters. Nothing about a household is kept here.
export type Bahasa = "id" | "en";
export const UKURAN = [100, 130, 160] as const;
export type Ukuran = (typeof UKURAN)[number];

const KUNCI = "wakuncar.tampilan";

class Tampilan {
  bahasa = $state<Bahasa>("id");
  ukuran = $state<Ukuran>(100);

  buka(): void {
    try {
      const isi = JSON.parse(localStorage.getItem(KUNCI) ?? "{}") as { bahasa?: unknown; ukuran?: unknown };
      if (isi.bahasa === "en") this.bahasa = "en";
      this.ukuran = UKURAN.find((ukuran) => ukuran === isi.ukuran) ?? 100;
    } catch {
      // Storage may be switched off; then the choice lasts as long as the window.
    }
  }

  simpan(): void {
    try {
      localStorage.setItem(KUNCI, JSON.stringify({ bahasa: this.bahasa, ukuran: this.ukuran }));
    } catch {
      // As above.
    }
  }
}

export const tampilan = new Tampilan();
