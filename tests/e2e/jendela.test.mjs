// The real window of the application, from joining to *Sudah diterima kelurahan*. The office is a second data folder,
// worked by the command line; while it does nothing it is as good as switched off.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { folder, JENDELA, kelurahan, wakuncar, yangMenunggu } from "./siapkan.mjs";
import { bukaJendela } from "./webdriver.mjs";

test("a cadre joins in the window, and her answer is saved, entrusted, received", { timeout: 180_000 }, async (t) => {
  const { kantor, undangan } = await kelurahan(t);
  const hp = folder(t, "hp");
  let jendela = await bukaJendela(t, JENDELA, hp);

  await jendela.judul("Selamat datang di Wakuncar");
  await jendela.tekan("Saya kader");
  await jendela.ketik("kode", undangan.kode_ketik);
  await jendela.tekan("Pakai kode ini");
  const menunggu = await yangMenunggu(kantor);
  await jendela.judul("Samakan tiga gambar");
  await jendela.tekan("Sama");
  await wakuncar(kantor, "perangkat", "sahkan", menunggu.id);
  await jendela.judul("HP ini sudah sah");
  await jendela.tekan("Mulai");

  await jendela.kata("LATIHAN");
  await jendela.tekan("Tambah rumah");
  await jendela.ketik("no", "7");
  await jendela.tekan("Simpan rumah");
  await jendela.judul("Rumah 7");
  await jendela.tekan("Minta persetujuan");
  await jendela.ketik("pemberi", "CONTOH SATU");
  await jendela.pilih("Tidak");
  await jendela.tekan("Keluarga setuju");
  await jendela.tekan("Tambah anggota");
  await jendela.ketik("nama", "CONTOH SATU");
  await jendela.tekan("Simpan anggota");
  await jendela.judul("CONTOH SATU");
  await jendela.tekan("NIK dan KTP");
  await jendela.ketik("f-nik", "1872054509909001");
  await jendela.lihat('//*[@data-simpan="tersimpan"]//*[contains(., "Tersimpan di HP ini")]');
  if (process.env.WAKUNCAR_GAMBAR) writeFileSync(process.env.WAKUNCAR_GAMBAR, await jendela.gambar());

  // What was said to be saved is there when the window is opened again.
  await jendela.tutup();
  jendela = await bukaJendela(t, JENDELA, hp);
  await jendela.tekan("Buka daftar rumah");
  await jendela.tekan("Rumah 7");
  await jendela.tekan("CONTOH SATU");
  await jendela.kata("NIK 1872 •••• •••• 9001");

  const { rumah } = await statusKantor(kantor);
  assert.equal(rumah.length, 0, "nothing has left the phone");
  await jendela.tekan("Kirim");
  await jendela.ketuk('//*[@data-kerja="kirim"]');
  await jendela.lihat('//ul//a//*[@data-status="DITITIPKAN"]');
  await wakuncar(kantor, "sinkron");
  assert.equal((await statusKantor(kantor)).rumah.length, 1);
  await jendela.ketuk('//*[@data-kerja="kirim"]');
  await jendela.kata("Semua rumah sudah diterima kelurahan.");
  await jendela.ketuk('//nav//a[contains(., "Rumah")]');
  await jendela.lihat('//*[@data-status="DITERIMA"]');
});

const statusKantor = (kantor) => wakuncar(kantor, "status");
