// Typing is sent to the core in short pauses, and at once when the field is left or goes away.
const JEDA_MS = 250;

export class Jeda {
  #waktu: ReturnType<typeof setTimeout> | undefined;
  #kerja: (() => void) | undefined;

  nanti(kerja: () => void): void {
    clearTimeout(this.#waktu);
    this.#kerja = kerja;
    this.#waktu = setTimeout(() => this.sekarang(), JEDA_MS);
  }

  sekarang(): void {
    clearTimeout(this.#waktu);
    const kerja = this.#kerja;
    this.#kerja = undefined;
    kerja?.();
  }
}
