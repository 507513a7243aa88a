import { defineConfig } from "vitest/config";

/** Tests of the built program: a real server and a real browser. Run after `npm run build`. */
export default defineConfig({
  resolve: { conditions: ["development", "module", "import", "default"] },
  ssr: { resolve: { conditions: ["development", "module", "node", "import", "default"] } },
  test: {
    include: ["e2e/*.test.ts"],
    pool: "forks",
    // One browser and one server at a time: two cores.
    maxWorkers: 1,
    execArgv: ["--conditions=development"],
    env: { UV_THREADPOOL_SIZE: "16", NO_COLOR: "1" },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
