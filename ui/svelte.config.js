// The screens as static files: no server side, and addresses behind `#`, so that any host that can hand out
// files (the window, the loopback) can show them.
import adapter from "@sveltejs/adapter-static";
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ pages: "build", assets: "build", fallback: "index.html" }),
    router: { type: "hash" },
    version: { name: "wakuncar" },
  },
};
