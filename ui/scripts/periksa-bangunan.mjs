// Looks at what was built: does it run on the oldest WebView we serve, ask nothing of the network, and is it small?
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "acorn";

const BUILD = new URL("../build/", import.meta.url).pathname;
/** Chrome 87 knows ES2020 and logical assignment (85); private names and class fields (84). */
const ECMA = 2022;
/** Newer than Chrome 87 or Safari 14, whatever the parser allows. */
const TERLALU_BARU = ["StaticBlock"];
/** Functions that no transpiling adds. */
const FUNGSI_TERLALU_BARU = /\.(at|findLast|findLastIndex|toSorted|toReversed|toSpliced|withResolvers|groupBy)\(|Object\.hasOwn\(|\bstructuredClone\(|\.randomUUID\(|AbortSignal\.(timeout|any)\(/g;
const CSS_TERLALU_BARU = [/:has\(/, /@container\b/, /\d(dvh|svh|lvh)\b/, /@layer\b/, /color-mix\(/, /\boklch\(/, /\binset-inline\b/];
/** The phone's share of code, packed (UX §10.1). */
const MAKS_HP = 150 * 1024;
/** Names of the XML dialects that SVG and MathML need; nobody fetches them. */
const BUKAN_ALAMAT = /^https?:\/\/(www\.w3\.org\/|svelte\.dev\/e\/|github\.com\/)/;

const salah = [];
const berkas = readdirSync(BUILD, { recursive: true, withFileTypes: true })
  .filter((satu) => satu.isFile())
  .map((satu) => join(satu.parentPath, satu.name));

for (const path of berkas.filter((satu) => /\.(js|css|html)$/.test(satu))) {
  const nama = path.slice(BUILD.length);
  const teks = readFileSync(path, "utf8");
  for (const [alamat] of teks.matchAll(/\b(?:https?|wss?):\/\/[^\s"'`)<>]+/g))
    if (!BUKAN_ALAMAT.test(alamat)) salah.push(`${nama}: network address ${alamat}`);
  if (/(url|import)\(\s*["']?\/\//.test(teks)) salah.push(`${nama}: address without scheme`);
  if (path.endsWith(".js")) {
    for (const [fungsi] of teks.matchAll(FUNGSI_TERLALU_BARU)) salah.push(`${nama}: ${fungsi}`);
    walk(parse(teks, { ecmaVersion: ECMA, sourceType: "module" }), (node) => {
      if (TERLALU_BARU.includes(node.type)) salah.push(`${nama}: ${node.type}`);
      if (node.type === "AwaitExpression" && node.atas) salah.push(`${nama}: top-level await`);
    });
  }
  if (path.endsWith(".css"))
    for (const pola of CSS_TERLALU_BARU) if (pola.test(teks)) salah.push(`${nama}: ${pola}`);
}

// What the phone loads: the entry with all it imports, and every page of (kader); not the desk's own pages.
const manifest = JSON.parse(readFileSync(new URL("../.svelte-kit/output/client/.vite/manifest.json", import.meta.url), "utf8"));
const nodes = readdirSync(new URL("../.svelte-kit/generated/client-optimized/nodes/", import.meta.url));
const meja = new Set(
  nodes.filter((satu) => {
    const isi = readFileSync(new URL(`../.svelte-kit/generated/client-optimized/nodes/${satu}`, import.meta.url), "utf8");
    return isi.includes("(koordinator)");
  }).map((satu) => `.svelte-kit/generated/client-optimized/nodes/${satu}`),
);
const dimuat = new Set();
function muat(kunci) {
  if (dimuat.has(kunci) || meja.has(kunci)) return;
  dimuat.add(kunci);
  const isi = manifest[kunci];
  for (const lain of [...(isi.imports ?? []), ...(isi.dynamicImports ?? [])]) muat(lain);
}
for (const [kunci, isi] of Object.entries(manifest)) if (isi.isEntry && !kunci.includes("/nodes/")) muat(kunci);
for (const kunci of Object.keys(manifest)) if (kunci.includes("/nodes/") && !meja.has(kunci)) muat(kunci);
const besar = [...dimuat].map((kunci) => manifest[kunci].file).filter((satu) => satu.endsWith(".js"));
const byte = [...new Set(besar)].reduce((semua, satu) => semua + gzipSync(readFileSync(join(BUILD, satu))).length, 0);
if (byte > MAKS_HP) salah.push(`the phone loads ${byte} bytes of packed code, more than ${MAKS_HP}`);
if (dimuat.size < 10) salah.push("the list of what the phone loads was not found");

if (salah.length > 0) {
  console.error(salah.join("\n"));
  process.exit(1);
}
console.log(`${berkas.length} files, no network address, syntax of Chrome 87; the phone loads ${Math.round(byte / 1024)} kB packed`);

function walk(node, lihat, dalamFungsi = false) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) return node.forEach((satu) => walk(satu, lihat, dalamFungsi));
  if (typeof node.type !== "string") return;
  lihat({ ...node, atas: !dalamFungsi });
  const dalam = dalamFungsi || /Function/.test(node.type);
  for (const [kunci, isi] of Object.entries(node)) if (kunci !== "parent") walk(isi, lihat, dalam);
}
