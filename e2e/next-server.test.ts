import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type SpanSink, startSpanSink } from "../packages/sdk/src/testing/span-sink.ts";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";
import { toldOf } from "./told-spans.ts";

/* The SDK in the server of a Next.js app, built and started as its users do. */

const bundles = join(import.meta.dirname, "bundles");
const NEXT = join(bundles, "node_modules", "next", "dist", "bin", "next");
const SAID = "You said: Where is it? / You said: Where is it?";

/** Its build takes most of a minute of a core, and others may be at work. */
const BUILD_MS = 300_000;

let model: ScriptedServer;
let sink: SpanSink;
let sdk: InstalledSdk;
let app: string;
let next: ChildProcess | undefined;
let url: string;
let expected: unknown;
let said = "";

beforeAll(async () => {
  model = await startScriptedServer((request) =>
    request.path === "/kept" ? { bytes: `kept ${model.requests.length}` } : openaiScript(request),
  );
  sink = await startSpanSink();
  sdk = await installSdk();
  const env = {
    ...process.env,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `${model.url}/v1`,
    KEPT_URL: `${model.url}/kept`,
    OTEL_SERVICE_NAME: "forms",
    TELLTALE_ENDPOINT: sink.endpoint,
    NODE_OPTIONS: "",
  };
  await symlink(join(bundles, "node_modules", "openai"), join(sdk.folder, "node_modules", "openai"));
  await cp(join(bundles, "programs", "answer.mjs"), join(sdk.folder, "answer.mjs"));
  await promisify(execFile)(process.execPath, ["answer.mjs"], { cwd: sdk.folder, env });
  expected = toldOf(sink.spans);
  // Beside the packages: Next's bundler reads nothing outside of the folder that has them.
  await mkdir(join(bundles, ".cache"), { recursive: true });
  app = await mkdtemp(join(bundles, ".cache", "next-"));
  await cp(join(bundles, "programs", "next"), app, { recursive: true });
  await rename(join(app, "next-config.mjs"), join(app, "next.config.mjs"));
  await cp(join(sdk.folder, "node_modules", "@telltale"), join(app, "node_modules", "@telltale"), { recursive: true });
  await promisify(execFile)(process.execPath, [NEXT, "build"], { cwd: app, env });
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  next = spawn(process.execPath, [NEXT, "start", "-H", "127.0.0.1", "-p", port], { cwd: app, env });
  next.stdout?.on("data", (text: Buffer) => (said += text.toString()));
  next.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  await vi.waitUntil(() => said.includes("Ready"), 30_000);
}, BUILD_MS);
afterAll(async () => {
  next?.kill();
  await Promise.all([model.stop(), sink.stop(), rm(app, { recursive: true })]);
  await sdk.remove();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a request is answered; resolves when its spans, and those of `more`, have come. */
async function ask(path: string, method: string, spans: number): Promise<string> {
  const answer = await fetch(url + path, { method });
  const text = await answer.text();
  await vi.waitFor(() => expect(sink.spans.length).toBeGreaterThanOrEqual(spans), 10_000);
  return text;
}

describe("in Next.js", () => {
  it.each([
    ["a route handler", "/api/answer"],
    ["a route handler of the edge runtime", "/api/edge"],
  ])("%s tells the same spans as the plain program", async (_, path) => {
    sink.clear();
    expect(await ask(path, "POST", 3)).toBe(SAID);
    expect(toldOf(sink.spans)).toEqual(expected);
    // `next start` runs the edge inside of Node, which tells nothing of it again: these would come first.
    expect(await ask("/api/answer", "POST", 6)).toBe(SAID);
    expect(sink.spans).toHaveLength(6);
  });

  it("a server component tells the same, and what Next keeps of fetch stays kept", async () => {
    sink.clear();
    const [first, second] = [await ask("/", "GET", 3), await ask("/", "GET", 6)];
    expect(first).toContain(SAID);
    expect(second).toContain(SAID);
    expect(model.requests.filter(({ path }) => path === "/kept")).toHaveLength(1);
    const traces = [...new Set(sink.spans.map(({ traceId }) => traceId))];
    expect(traces).toHaveLength(2);
    const told = traces.map((id) => toldOf(sink.spans.filter(({ traceId }) => traceId === id)));
    expect(told.map(withoutCount)).toEqual([withoutCount(expected), withoutCount(expected)]);
  });

  it("requests at one time are a tree each", async () => {
    sink.clear();
    const texts = await Promise.all(Array.from({ length: 5 }, () => ask("/api/answer", "POST", 15)));
    expect(texts).toEqual(Array.from({ length: 5 }, () => SAID));
    const traces = [...new Set(sink.spans.map(({ traceId }) => traceId))];
    expect(traces).toHaveLength(5);
    for (const id of traces) {
      const told = toldOf(sink.spans.filter(({ traceId }) => traceId === id));
      expect(withoutCount(told)).toEqual(withoutCount(expected));
    }
  });

  it("nothing is said in the server's log", () => {
    expect(said).not.toMatch(/telltale|error/i);
  });
});

/** The scripted model counts its answers. */
function withoutCount(told: unknown): unknown {
  return JSON.parse(JSON.stringify(told).replaceAll(/chatcmpl-\d+/g, "chatcmpl"));
}
