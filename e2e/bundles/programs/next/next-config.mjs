import { join } from "node:path";

/** The folder above the app has its packages. */
const root = join(import.meta.dirname, "..", "..");
const config = { turbopack: { root }, outputFileTracingRoot: root, distDir: process.env.NEXT_DIST };

export { config as default };
