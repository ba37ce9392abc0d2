// What every screen must pass: no serious finding of axe, contrast 7:1, no sideways scroll, targets of 48 px.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function periksa(page, nama, { hp = true } = {}) {
  await page.evaluate(AXE);
  const temuan = await page.evaluate(async () => {
    const hasil = await globalThis.axe.run(document, { rules: { "color-contrast-enhanced": { enabled: true } } });
    return hasil.violations
      .filter((satu) => ["serious", "critical"].includes(satu.impact))
      .map((satu) => `${satu.id}: ${satu.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`);
  });
  assert.deepEqual(temuan, [], `${nama}: axe`);
  if (!hp) return;

  const kecil = await page.evaluate(() => {
    const tampak = (kotak) => kotak.width > 0 && kotak.height > 0;
    return [...document.querySelectorAll("a, button, input, select, textarea, summary")]
      // A row is the target of the circle or box in it.
      .map((satu) => (["radio", "checkbox"].includes(satu.type) ? (satu.closest("label") ?? satu) : satu))
      .map((satu) => [satu, satu.getBoundingClientRect()])
      .filter(([, kotak]) => tampak(kotak) && (kotak.width < 47.9 || kotak.height < 47.9))
      .map(([satu, kotak]) => `${satu.outerHTML.slice(0, 80)} ${Math.round(kotak.width)}x${Math.round(kotak.height)}`);
  });
  assert.deepEqual(kecil, [], `${nama}: targets below 48 px`);

  for (const huruf of ["100", "130", "160"]) {
    const lebih = await page.evaluate((huruf) => {
      const dulu = document.documentElement.dataset.huruf;
      document.documentElement.dataset.huruf = huruf;
      const lebih = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      document.documentElement.dataset.huruf = dulu;
      return lebih;
    }, huruf);
    assert.ok(lebih <= 0, `${nama}: ${lebih} px wider than the screen at ${huruf} % letters`);
  }
}
