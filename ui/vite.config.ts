import { sveltekit } from "@sveltejs/kit/vite";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

// Svelte 5's own floor. Old WebViews are kept by transpiling and by scripts/periksa-bangunan.mjs.
const LANTAI = ["chrome87", "safari14"];

export default defineConfig({
  plugins: [sveltekit(), svelteTesting()],
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: "127.0.0.1" },
  build: { target: LANTAI, cssTarget: LANTAI },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
