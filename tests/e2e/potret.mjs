// A picture of the real window: `node potret.mjs WINDOW PICTURE [words of a link to follow]…`, the data folder in
// WAKUNCAR_DATA_DIR.
import { writeFileSync } from "node:fs";
import { bukaJendela } from "./webdriver.mjs";

const [jendelaBiner, gambar, ...tautan] = process.argv.slice(2);
const penutup = [];
const jendela = await bukaJendela({ after: (tutup) => penutup.push(tutup) }, jendelaBiner, process.env.WAKUNCAR_DATA_DIR);
try {
  await jendela.lihat("//h1");
  for (const kata of tautan) {
    await jendela.tekan(kata);
    await jendela.judul(kata);
  }
  // Of a page with a book the book is what is to be seen.
  if (tautan.length > 0) await jendela.gulir("//table[.//tfoot]");
  writeFileSync(gambar, await jendela.gambar());
} finally {
  for (const tutup of penutup) await tutup();
}
