// The items of the forms as the core lists them; they do not change while the app runs.
import { panggil } from "$lib/api/host";
import type { BagianButir, Butir } from "$lib/api/commands.gen";

let daftar: Promise<BagianButir[]> | undefined;

export function ambilButir(): Promise<BagianButir[]> {
  daftar ??= panggil("butir", {}).catch((galat: unknown) => {
    daftar = undefined;
    throw galat;
  });
  return daftar;
}

export function butirBagian(semua: BagianButir[], bagian: string): Butir[] {
  return semua.find((satu) => satu.bagian === bagian)?.butir ?? [];
}
