// Which recap the desk looks at; kept while the window is open, so that going to the houses and back loses nothing.
import type { Isi } from "$lib/api/jenis";

class Saring {
  lampiran = $state<"4.16a" | "4.16b">("4.16a");
  rw = $state("");
  rt = $state("");
  dasawisma = $state("");
  tgl = $state<Isi>(null);
}

export const saring = new Saring();
