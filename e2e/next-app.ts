import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { vi } from "vitest";
import type { InstalledSdk } from "./installed-sdk.ts";

const bundles = join(import.meta.dirname, "bundles");
const NEXT = join(bundles, "node_modules", "next", "dist", "bin", "next");

/** Variables of the app's processes. */
type Environment = Readonly<Record<string, string | undefined>>;

/** `next start`, at an address of its own. */
export interface NextServer {
  readonly url: string;
  /** What it has written so far. */
  readonly said: string;
  stop(): void;
}

/** The Next.js app of `bundles/programs/next`, with the SDK as it is published. */
export interface NextApp {
  /** Builds into `.next-<bundler>`. */
  build(bundler: "turbopack" | "webpack"): Promise<void>;
  /** Starts what was built; `more` of the environment. */
  start(bundler: "turbopack" | "webpack", more?: Environment): Promise<NextServer>;
  /** Ends its servers and removes it. */
  remove(): Promise<void>;
}

/** Puts the app beside the packages: Next's bundlers read nothing outside of the folder that has them. */
export async function makeNextApp(sdk: InstalledSdk, environment: Environment): Promise<NextApp> {
  await mkdir(join(bundles, ".cache"), { recursive: true });
  const cwd = await mkdtemp(join(bundles, ".cache", "next-"));
  await cp(join(bundles, "programs", "next"), cwd, { recursive: true });
  await rename(join(cwd, "next-config.mjs"), join(cwd, "next.config.mjs"));
  await cp(join(sdk.folder, "node_modules", "@telltale"), join(cwd, "node_modules", "@telltale"), { recursive: true });
  const started: ChildProcess[] = [];
  const environmentFor = (bundler: string): NodeJS.ProcessEnv => ({
    ...process.env,
    NODE_ENV: "production",
    NODE_OPTIONS: "",
    NEXT_TELEMETRY_DISABLED: "1",
    NEXT_DIST: `.next-${bundler}`,
    ...environment,
  });
  return {
    build: async (bundler) => {
      // By webpack, Next 16.4 builds no route handler of the edge runtime, with the SDK or without: it does not find a manifest.
      if (bundler === "webpack") await rm(join(cwd, "app", "api", "edge"), { recursive: true });
      await promisify(execFile)(process.execPath, [NEXT, "build", `--${bundler}`], {
        cwd,
        env: environmentFor(bundler),
      });
    },
    start: async (bundler, more) => {
      const port = String(await freePort());
      const env = { ...environmentFor(bundler), ...more };
      const next = spawn(process.execPath, [NEXT, "start", "-H", "127.0.0.1", "-p", port], { cwd, env });
      started.push(next);
      let said = "";
      next.stdout.on("data", (text: Buffer) => (said += text.toString()));
      next.stderr.on("data", (text: Buffer) => (said += text.toString()));
      await vi.waitUntil(() => said.includes("Ready"), 30_000);
      return {
        url: `http://127.0.0.1:${port}`,
        get said() {
          return said;
        },
        stop: () => void next.kill(),
      };
    },
    remove: async () => {
      for (const next of started) next.kill();
      await rm(cwd, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
