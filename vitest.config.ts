import { defineConfig } from "vitest/config";

const environment = {
  // The embedded engine holds one libuv thread per waiting query.
  UV_THREADPOOL_SIZE: "16",
  TELLTALE_DEMO: "0",
  NO_COLOR: "1",
};

export default defineConfig({
  resolve: { conditions: ["development", "module", "import", "default"] },
  ssr: { resolve: { conditions: ["development", "module", "node", "import", "default"] } },
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    include: [
      "packages/*/src/**/*.test.{ts,tsx}",
      "scripts/**/*.test.{js,mjs,ts}",
      "examples/**/*.test.ts",
      "e2e/clients/**/*.test.ts",
      "e2e/peers/*.test.ts",
    ],
    // Child processes, because the embedded engine is native code that a worker thread cannot hold.
    pool: "forks",
    maxWorkers: 2,
    execArgv: ["--conditions=development"],
    env: environment,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    css: false,
  },
});
