// The few WebDriver calls that the test of the real window needs, spoken to WebKitWebDriver itself
// (Debian: webkit2gtk-driver). On Linux a driver of Tauri's own would only rename a capability and set one variable.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { sampai } from "./siapkan.mjs";

const UNSUR = "element-6066-11e4-a52e-4f735466cecf";

const portaBebas = () =>
  new Promise((ok) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => ok(port));
    });
  });

/** The window on a data folder. */
export async function bukaJendela(t, binary, data) {
  const port = await portaBebas();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
    env: { ...process.env, NO_AT_BRIDGE: "1", TAURI_WEBVIEW_AUTOMATION: "true", WAKUNCAR_DATA_DIR: data },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const selesai = new Promise((ok) => driver.once("exit", ok));
  async function wd(method, jalan, isi) {
    const jawab = await fetch(`http://127.0.0.1:${port}${jalan}`, { method, body: isi && JSON.stringify(isi) });
    const { value } = await jawab.json();
    if (!jawab.ok) throw new Error(`${method} ${jalan}: ${value.error}: ${value.message}`);
    return value;
  }
  let sesi = "";
  async function tutup() {
    if (sesi) await wd("DELETE", sesi).catch(() => {});
    sesi = "";
    driver.kill();
    await selesai;
  }
  t.after(tutup);
  await sampai("WebKitWebDriver answers", () => wd("GET", "/status"));
  // No browserName: WebKitGTK refuses one that is not its own.
  const baru = { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary, args: [] } } } };
  sesi = `/session/${(await wd("POST", "/session", baru)).sessionId}`;

  const cari = (xpath) =>
    sampai(xpath, async () => (await wd("POST", `${sesi}/element`, { using: "xpath", value: xpath }))[UNSUR]);
  const ketuk = async (xpath) => {
    // What moved or was drawn anew between finding and clicking is found again.
    await sampai(`click ${xpath}`, async () => {
      const unsur = await cari(xpath);
      // As a hand would: away from the bar at the bottom, which WebDriver does not scroll away from.
      const script = "arguments[0].scrollIntoView({ block: 'center' })";
      await wd("POST", `${sesi}/execute/sync`, { script, args: [{ [UNSUR]: unsur }] });
      await wd("POST", `${sesi}/element/${unsur}/click`, {});
      return true;
    });
  };
  return {
    tutup,
    ketuk,
    lihat: cari,
    /** A link or a button by its words. */
    tekan: (kata) => ketuk(`//*[self::a or self::button][contains(normalize-space(.), "${kata}")]`),
    /** A row of choices by its words. */
    pilih: (kata) => ketuk(`//label[normalize-space(.)="${kata}"]`),
    ketik: async (id, teks) => {
      const unsur = await cari(`//*[@id="${id}"]`);
      await wd("POST", `${sesi}/element/${unsur}/clear`, {}).catch(() => {});
      await wd("POST", `${sesi}/element/${unsur}/value`, { text: teks });
    },
    teks: async (xpath) => wd("GET", `${sesi}/element/${await cari(xpath)}/text`),
    judul: (kata) => cari(`//h1[contains(normalize-space(.), "${kata}")]`),
    kata: (kata) => cari(`//*[contains(normalize-space(.), "${kata}")]`),
    /** Brings it to the top of the window. */
    gulir: async (xpath) => {
      const args = [{ [UNSUR]: await cari(xpath) }];
      await wd("POST", `${sesi}/execute/sync`, { script: "arguments[0].scrollIntoView(true);", args });
    },
    gambar: async () => {
      // WebKit may hand out the frame before: wait for two.
      const script = "const ok = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => ok(1)));";
      await wd("POST", `${sesi}/execute/async`, { script, args: [] });
      return Buffer.from(await wd("GET", `${sesi}/screenshot`), "base64");
    },
  };
}
