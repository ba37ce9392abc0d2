// The pictures of the README, from the real program on the demo's data: after `cargo xtask demo`,
// `xvfb-run -a node gambar.mjs`.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { JENDELA, LAYAR, layani } from "./siapkan.mjs";

const AKAR = new URL("../../", import.meta.url).pathname;
const DEMO = `${process.env.CARGO_TARGET_DIR ?? `${AKAR}target`}/demo`;
const keluar = `${AKAR}docs/gambar`;
mkdirSync(keluar, { recursive: true });

// The desk, in the window.
const potret = ["potret.mjs", JENDELA, `${keluar}/rekap.png`, "Rekap PKK"];
execFileSync("node", potret, { env: { ...process.env, WAKUNCAR_DATA_DIR: `${DEMO}/kantor` }, stdio: "inherit" });

// A cadre's phone, in the engine that phones have.
const penutup = [];
const layar = await layani({ after: (tutup) => penutup.push(tutup) }, "--data", `${DEMO}/kader-ani`, "layar", "serve", "--ui", LAYAR);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await browser.newPage({ viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, locale: "id-ID" });
  await page.goto(layar.url);
  await page.getByRole("link", { name: "Buka daftar rumah" }).click();
  await page.locator("main a", { hasText: /^\s*Rumah 1\b/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "Rumah 1" }).waitFor();
  await page.screenshot({ path: `${keluar}/rumah.png` });
} finally {
  await browser.close();
  for (const tutup of penutup) await tutup();
}
