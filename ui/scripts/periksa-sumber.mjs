// House rules of the sources that no compiler sees: one door to the window, nothing kept in the browser, no sentence
// in a component, no address of a network.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SRC = new URL("../src/", import.meta.url).pathname;
const ATURAN = [
  { apa: "only lib/api/host.ts may import the window", pola: /@tauri-apps\//, boleh: /^lib\/api\/host(\.test)?\.ts$/ },
  { apa: "only lib/state/tampilan.svelte.ts may keep something in the browser", pola: /\b(localStorage|sessionStorage|indexedDB)\b/, boleh: /^lib\/state\/tampilan\.svelte\.ts$/ },
  { apa: "no network address", pola: /https?:\/\//, boleh: /(\.test|\.gen)\.ts$/ },
  { apa: "no raw HTML", pola: /\{@html/, boleh: /^$/ },
];
/** Words between tags or in a spoken attribute: sentences belong to lib/i18n. Lampiran, RT and RW are the form's. */
const KALIMAT = />\s*([A-Za-z][a-z]+(?: [A-Za-z]+)+)\s*<|(?:aria-label|placeholder|title|alt)="([^"{]+)"/g;

const salah = [];
for (const satu of readdirSync(SRC, { recursive: true, withFileTypes: true }).filter((satu) => satu.isFile())) {
  const path = join(satu.parentPath, satu.name);
  const nama = path.slice(SRC.length);
  if (!/\.(ts|svelte|css)$/.test(nama)) continue;
  const teks = readFileSync(path, "utf8");
  for (const { apa, pola, boleh } of ATURAN) if (pola.test(teks) && !boleh.test(nama)) salah.push(`${nama}: ${apa}`);
  if (nama.endsWith(".svelte")) {
    const layar = teks.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "");
    for (const cocok of layar.matchAll(KALIMAT)) salah.push(`${nama}: a sentence in the component: ${cocok[1] ?? cocok[2]}`);
  }
}
const kunci = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
if (/"resolved": "https?:/.test(kunci)) salah.push("package-lock.json names a registry host");

if (salah.length > 0) {
  console.error(salah.join("\n"));
  process.exit(1);
}
console.log("sources: one door to the window, no sentence outside lib/i18n, no network address");
