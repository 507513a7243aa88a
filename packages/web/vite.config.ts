import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type UserConfig } from "vite";

/** Where the pages' own server listens while developing. */
const API = process.env.TELLTALE_URL ?? "http://127.0.0.1:4318";

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [react()],
  resolve: {
    // The sources of the workspace, so that building the pages needs no other build before it.
    alias: { "@telltale/model": fileURLToPath(new URL("../model/src/index.ts", import.meta.url)) },
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // A preload polyfill would be an inline script, and data: fonts or images would widen the CSP.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": API, "/v1": API } },
});

export default config;
