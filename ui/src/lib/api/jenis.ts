// Names for answers of commands that the screens pass around.
import type { Commands } from "./commands.gen";

type Jawab<P extends keyof Commands> = Commands[P][1];

/** One answer: `null` is an empty box, `"?"` is *tidak tahu*. */
export type Isi = Commands["simpan_jawaban"][0]["isi"];
export type HasilSinkron = Jawab<"sinkron">;
export type KelurahanBaru = Jawab<"buat_kelurahan">;
export type Undangan = Jawab<"undang">;
export type AlamatDasawisma = Commands["undang"][0]["dasawisma"][number];
