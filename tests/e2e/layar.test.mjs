// The screens in Chromium at a phone's size, over `wakuncar layar serve`: the real core, relay and office.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { periksa } from "./periksa.mjs";
import { folder, kelurahan, layani, LAYAR, sampai, wakuncar, yangMenunggu } from "./siapkan.mjs";

const HP = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };
const MEJA = { viewport: { width: 1280, height: 720 } };

async function peramban(t) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
      "--disable-background-networking", "--disable-component-update",
    ],
  });
  t.after(() => browser.close());
  return browser;
}

/** A page of one device. Whatever it asks of another machine, or trips over, fails the test. */
async function buka(t, browser, data, bentuk) {
  const { url, berhenti } = await layani(t, "--data", data, "layar", "serve", "--port", "0", "--ui", LAYAR);
  const page = await browser.newPage({ ...bentuk, locale: "id-ID", timezoneId: "Asia/Jakarta" });
  page.setDefaultTimeout(15_000);
  const asing = [];
  page.on("request", (satu) => {
    if (!satu.url().startsWith(new URL(url).origin) && !satu.url().startsWith("data:")) asing.push(satu.url());
  });
  page.on("pageerror", (galat) => asing.push(galat.message));
  await page.goto(url);
  await page.locator("h1").waitFor();
  return { page, berhenti, asing };
}

const judul = (page, nama) => page.getByRole("heading", { level: 1, name: nama }).waitFor();
const simpan = (page) => page.locator('[data-simpan="tersimpan"]').waitFor();

test("a cadre joins, records a house, and sees where it is", { timeout: 240_000 }, async (t) => {
  const browser = await peramban(t);
  const { kantor, undangan } = await kelurahan(t);
  const hp = folder(t, "hp");
  const { page, berhenti, asing } = await buka(t, browser, hp, HP);

  await judul(page, "Selamat datang di Wakuncar");
  await periksa(page, "mulai");
  assert.equal(new URL(page.url()).search, "", "the token has left the address");

  await page.getByRole("link", { name: "Saya kader" }).tap();
  await periksa(page, "gabung");
  await page.getByLabel("Kode dari kelurahan").fill(undangan.kode_ketik);
  await page.getByRole("button", { name: "Pakai kode ini" }).tap();
  const menunggu = await yangMenunggu(kantor);
  await judul(page, "Samakan tiga gambar");
  const gambar = await page.locator("ol strong").allTextContents();
  assert.deepEqual(gambar, menunggu.gambar.map((satu) => satu.nama ?? satu), "both people see the same pictures");
  await periksa(page, "bandingkan");
  await page.getByRole("button", { name: "Sama", exact: true }).tap();
  await wakuncar(kantor, "perangkat", "sahkan", menunggu.id);
  await judul(page, "HP ini sudah sah");
  await periksa(page, "sah");
  await page.getByRole("link", { name: "Mulai" }).tap();

  await judul(page, /Selamat datang/);
  await page.getByText("LATIHAN").waitFor();
  await periksa(page, "beranda");

  await page.getByRole("link", { name: "Tambah rumah" }).tap();
  await page.getByLabel("Nomor rumah").fill("12A");
  await periksa(page, "rumah baru");
  await page.getByRole("button", { name: "Simpan rumah" }).tap();
  await judul(page, "Rumah 12A");
  await periksa(page, "rumah tanpa persetujuan");

  await page.getByRole("link", { name: "Minta persetujuan" }).tap();
  await page.getByLabel("Siapa yang menyetujui?").fill("CONTOH SATU");
  await page.getByText("Ya", { exact: true }).tap();
  await periksa(page, "setuju");
  await page.getByRole("button", { name: "Keluarga setuju" }).tap();
  await page.getByText("CONTOH SATU setuju pada").waitFor();

  await page.getByRole("link", { name: "Tambah anggota" }).tap();
  await page.getByLabel("Nama lengkap").fill("CONTOH SATU");
  await page.getByText("Perempuan", { exact: true }).tap();
  await page.getByLabel("Hubungan dalam keluarga").selectOption({ label: "Kepala keluarga" });
  await periksa(page, "warga baru");
  await page.getByRole("button", { name: "Simpan anggota" }).tap();
  await judul(page, "CONTOH SATU");
  await page.getByText("Perlu dicek lagi").waitFor();
  await periksa(page, "warga");

  // Every page of her forms, one after the other; each answer says that it is saved.
  await page.getByRole("link", { name: /^Nama/ }).tap();
  for (let ke = 1; ; ke += 1) {
    await page.getByText(`Bagian ${ke} dari`).waitFor();
    if (await page.getByLabel("Nomor KTP (NIK)").isVisible()) {
      await page.getByLabel("Nomor KTP (NIK)").fill("1872054509909001");
      await simpan(page);
    }
    if ((await page.getByRole("heading", { level: 1 }).textContent()) === "Lahir") {
      await page.getByLabel("Tanggal", { exact: true }).fill("5");
      await page.getByLabel("Bulan", { exact: true }).selectOption({ label: "September" });
      await page.getByLabel("Tahun", { exact: true }).fill("1990");
      await simpan(page);
    }
    await periksa(page, `isi anggota ${ke}`);
    const lanjut = page.getByRole("link", { name: "Lanjut ›" });
    if (!(await lanjut.isVisible())) break;
    await lanjut.tap();
  }
  await page.getByRole("link", { name: "Selesai" }).tap();
  await page.getByText("NIK 1872 •••• •••• 9001").waitFor();
  await page.getByRole("link", { name: /^Kesehatan ibu/ }).tap();
  await page.locator("fieldset", { hasText: "Sedang hamil?" }).getByText("Ya", { exact: true }).tap();
  await simpan(page);
  await periksa(page, "isi kesehatan");

  await page.getByRole("link", { name: "Daftar isi" }).tap();
  await page.getByRole("link", { name: "Pindah atau meninggal" }).tap();
  await page.getByText("Pindah", { exact: true }).tap();
  await periksa(page, "peristiwa");
  await page.getByRole("link", { name: "Kembali" }).tap();
  await page.getByRole("link", { name: "Kembali" }).tap();
  await judul(page, "Rumah 12A");
  await periksa(page, "rumah");

  await page.getByRole("link", { name: /^Kepala rumah tangga/ }).tap();
  await page.getByLabel("Siapa kepala rumah tangganya?").fill("CONTOH SATU");
  await simpan(page);
  await page.getByRole("link", { name: "Lanjut ›" }).tap();
  await judul(page, "Air dan jamban");
  await page.locator("fieldset", { hasText: "Punya jamban keluarga?" }).getByText("Ya", { exact: true }).tap();
  await page.getByLabel("Berapa jambannya?").fill("1");
  await page.getByLabel("Berapa jambannya?").blur();
  await simpan(page);
  await periksa(page, "air dan jamban");
  await page.getByRole("link", { name: "Daftar isi" }).tap();
  await page.locator('[data-status="TERSIMPAN"]').first().waitFor();

  // The relay takes it, the office has not seen it: entrusted. Then the office has: received.
  await page.getByRole("link", { name: "Kirim", exact: true }).tap();
  await judul(page, "Kirim & terima data");
  await page.locator("[data-kerja=kirim]").tap();
  await page.locator('.baris a [data-status="DITITIPKAN"]').waitFor();
  await periksa(page, "kirim");
  await wakuncar(kantor, "sinkron");
  await page.locator("[data-kerja=kirim]").tap();
  await page.getByText("Semua rumah sudah diterima kelurahan.").waitFor();

  await page.getByRole("link", { name: "Rumah", exact: true }).tap();
  await page.locator('[data-status="DITERIMA"]').waitFor();
  await page.getByLabel("Cari nama atau nomor rumah").fill("contoh");
  await page.getByRole("link", { name: /CONTOH SATU/ }).waitFor();
  await periksa(page, "cari");

  await page.getByRole("link", { name: "Lainnya" }).tap();
  await periksa(page, "lainnya");
  await page.getByText("English").tap();
  await judul(page, "More");
  await periksa(page, "more");
  await page.getByText("Indonesia", { exact: true }).tap();
  await page.getByRole("link", { name: "Beranda" }).tap();
  await judul(page, /Selamat datang/);
  assert.deepEqual(asing, []);
  await berhenti();

  await t.test("the desk counts the house, and its number leads back to it", async (t) => {
    const { page, berhenti, asing } = await buka(t, browser, kantor, MEJA);
    await judul(page, "Meja kelurahan");
    await periksa(page, "meja", { hp: false });
    await page.getByRole("link", { name: "Rekap PKK" }).click();
    await page.getByRole("columnheader", { name: "JUMLAH ANGGOTA KELUARGA" }).waitFor();
    await periksa(page, "rekap", { hp: false });
    const wus = page.getByRole("button", { name: /^WUS, CONTOH SATU: 1\./ });
    await wus.waitFor();
    const baris = await page.locator("tbody tr").first().locator("td").allTextContents();
    assert.ok(baris.some((satu) => satu.trim() === ""), "a box that nobody was asked about is blank");
    await wus.click();
    await page.getByRole("link", { name: /Rumah 12A/ }).waitFor();
    await periksa(page, "rumah di balik angka", { hp: false });
    await page.getByRole("link", { name: "Kembali" }).click();
    await page.getByRole("button", { name: "Simpan sebagai XLSX" }).click();
    await page.getByText(/✓ Tersimpan: .*\.xlsx/).waitFor();

    await page.getByRole("link", { name: "Kader & perangkat" }).click();
    await page.getByRole("row", { name: /CONTOH KADER/ }).waitFor();
    await page.getByRole("button", { name: "Undang perangkat" }).click();
    await page.getByLabel("Nama pemegang").fill("CONTOH DUA");
    await page.getByText("Melati").first().click();
    await periksa(page, "undang", { hp: false });
    await page.getByRole("button", { name: "Buat undangan" }).click();
    await page.getByRole("img", { name: "Kode QR undangan" }).waitFor();
    await page.getByText(/Berlaku \d+:\d\d lagi/).waitFor();
    await periksa(page, "undangan", { hp: false });

    // A second phone, joining while the desk looks on.
    const kode = await page.locator("[data-kode-ketik]").textContent();
    const dua = folder(t, "dua");
    await wakuncar(dua, "gabung", "--kode", kode);
    const kartu = page.locator("[data-menunggu]");
    await sampai("the desk shows three pictures", async () => {
      await wakuncar(dua, "gabung", "--kode", kode).catch(() => {});
      return (await kartu.locator("li").count()) === 3;
    });
    await periksa(page, "sahkan", { hp: false });
    await kartu.getByRole("button", { name: "Sama, sahkan" }).click();
    await page.getByRole("row", { name: /CONTOH DUA.*Sah/ }).waitFor();
    for (const menu of ["Jawaban berbeda", "Kirim & terima", "Lainnya"]) {
      await page.getByRole("link", { name: menu, exact: true }).first().click();
      await periksa(page, menu, { hp: false });
    }
    assert.deepEqual(asing, []);
    await berhenti();
  });
});

test("a kelurahan is made at the desk, and its recovery code is shown once", { timeout: 60_000 }, async (t) => {
  const browser = await peramban(t);
  const relay = await layani(t, "--data", folder(t, "relay"), "relay", "serve");
  const { page, asing } = await buka(t, browser, folder(t, "kantor"), MEJA);
  await page.getByRole("link", { name: "Kantor: buat kelurahan baru" }).click();
  await page.getByLabel("Nama kelurahan").fill("CONTOH");
  await page.getByLabel("Kode kelurahan").fill("18.72.05.1001");
  await page.getByLabel("Alamat penitipan").fill(relay.url);
  await page.getByLabel("Sidik penitipan").fill(relay.pin);
  await page.getByText("Ini kelurahan latihan").click();
  await periksa(page, "buat", { hp: false });
  await page.getByRole("button", { name: "Buat kelurahan" }).click();
  assert.match(await page.locator("[data-pemulihan]").textContent(), /^(\w{4}[- ]?){7}$/);
  const lanjut = page.getByRole("button", { name: "Ke meja kelurahan" });
  assert.equal(await lanjut.isEnabled(), false, "not before it is on paper");
  await periksa(page, "pemulihan", { hp: false });
  await page.getByText("Sudah saya tulis di kertas").click();
  await lanjut.click();
  await judul(page, "Meja kelurahan");
  await page.getByText("LATIHAN").waitFor();
  assert.deepEqual(asing, []);
});
