import { execFile } from "node:child_process";
import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ReadSpan } from "../packages/sdk/src/testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../packages/sdk/src/testing/span-sink.ts";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { treeOf } from "./clients/testing/span-tree.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";
import { makeNextApp, type NextApp, type NextServer } from "./next-app.ts";
import { toldOf } from "./told-spans.ts";

/* The SDK in the server of a Next.js app, built and started as its users do. */

const bundles = join(import.meta.dirname, "bundles");
const SAID = "You said: Where is it? / You said: Where is it?";

/** A build takes most of a minute of a core, and others may be at work. */
const BUILD_MS = 300_000;

let model: ScriptedServer;
let sink: SpanSink;
let other: SpanSink;
let sdk: InstalledSdk;
let app: NextApp;
let expected: unknown;

beforeAll(async () => {
  model = await startScriptedServer((request) =>
    request.path.startsWith("/kept") ? { bytes: `kept ${model.requests.length}` } : openaiScript(request),
  );
  [sink, other] = await Promise.all([startSpanSink(), startSpanSink()]);
  sdk = await installSdk();
  const env = {
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `${model.url}/v1`,
    KEPT_URL: `${model.url}/kept`,
    OTEL_SERVICE_NAME: "forms",
    OTEL_BSP_SCHEDULE_DELAY: "200",
    TELLTALE_ENDPOINT: sink.endpoint,
    OTHER_ENDPOINT: other.endpoint,
  };
  await symlink(join(bundles, "node_modules", "openai"), join(sdk.folder, "node_modules", "openai"));
  await cp(join(bundles, "programs", "answer.mjs"), join(sdk.folder, "answer.mjs"));
  await promisify(execFile)(process.execPath, ["answer.mjs"], { cwd: sdk.folder, env: { ...process.env, ...env } });
  expected = withoutCount(toldOf(sink.spans));
  app = await makeNextApp(sdk, env);
}, BUILD_MS);
afterAll(async () => {
  await Promise.all([model.stop(), sink.stop(), other.stop(), app.remove()]);
  await sdk.remove();
});

/** What a request is answered; resolves when so many spans have come. */
async function ask({ url }: NextServer, path: string, method: string, spans: number): Promise<string> {
  const answer = await fetch(url + path, { method });
  const text = await answer.text();
  await comes(spans);
  return text;
}

async function comes(spans: number, to = sink): Promise<void> {
  await vi.waitFor(() => expect(to.spans.length).toBeGreaterThanOrEqual(spans), 10_000);
}

/** The spans of each trace, told as those of the plain program are. */
function traces(): unknown[] {
  const ids = [...new Set(sink.spans.map(({ traceId }) => traceId))];
  return ids.map((id) => withoutCount(toldOf(sink.spans.filter(({ traceId }) => traceId === id))));
}

/** The scripted model counts its answers. */
function withoutCount(told: unknown): unknown {
  return JSON.parse(JSON.stringify(told).replaceAll(/chatcmpl-\d+/g, "chatcmpl"));
}

/** Sends the form of a page as a browser without JavaScript does; answers with the address that it is sent to. */
async function submit({ url }: NextServer, path: string): Promise<URL> {
  const page = await (await fetch(url + path)).text();
  const form = new FormData();
  for (const [, name = "", value = ""] of page.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g))
    form.set(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
  const answer = await fetch(url + path, { method: "POST", body: form, headers: { origin: url }, redirect: "manual" });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get("location") ?? "", url);
}

describe.each(["turbopack", "webpack"] as const)("in Next.js built by %s", (bundler) => {
  let next: NextServer;

  beforeAll(async () => {
    await app.build(bundler);
    next = await app.start(bundler);
  }, BUILD_MS);
  afterAll(() => next.stop());

  it.each<readonly [string, string]>([
    ["a route handler", "/api/answer"],
    ...(bundler === "webpack" ? [] : ([["a route handler of the edge runtime", "/api/edge"]] as const)),
  ])("%s tells the same spans as the plain program", async (_, path) => {
    sink.clear();
    expect(await ask(next, path, "POST", 3)).toBe(SAID);
    expect(traces()).toEqual([expected]);
    // `next start` runs the edge inside of Node, which tells nothing of it again: these would come first.
    expect(await ask(next, "/api/answer", "POST", 6)).toBe(SAID);
    expect(sink.spans).toHaveLength(6);
  });

  it("a server component tells the same, and what Next keeps of fetch stays kept", async () => {
    sink.clear();
    const kept = (): number => model.requests.filter(({ path }) => path === `/kept/${bundler}`).length;
    const [first, second] = [
      await ask(next, `/?by=${bundler}`, "GET", 3),
      await ask(next, `/?by=${bundler}`, "GET", 6),
    ];
    expect(first).toContain(SAID);
    expect(second).toContain(SAID);
    expect(kept()).toBe(1);
    expect(traces()).toEqual([expected, expected]);
  });

  it("a server action tells the same, and its redirection is one", async () => {
    sink.clear();
    const to = await submit(next, "/ask");
    expect(to.pathname).toBe("/ask");
    expect(to.searchParams.get("said")).toBe(SAID);
    await comes(3);
    expect(traces()).toEqual([expected]);
  });

  it("requests at one time are a tree each", async () => {
    sink.clear();
    const texts = await Promise.all(Array.from({ length: 5 }, () => ask(next, "/api/answer", "POST", 15)));
    expect(texts).toEqual(Array.from({ length: 5 }, () => SAID));
    expect(traces()).toEqual(Array.from({ length: 5 }, () => expected));
  });

  it("nothing is said in the server's log", () => {
    expect(next.said).not.toMatch(/telltale|error/i);
  });
});

/** The tree of the request's trace, without what differs from run to run. */
function treeOfRequest(spans: readonly ReadSpan[]): string[] {
  const root = spans.find(({ name }) => name === REQUEST)?.traceId;
  const lines = treeOf(spans.filter(({ traceId }) => traceId === (root ?? spans[0]?.traceId)));
  return lines.map((line) => line.replace(/127\.0\.0\.1:\d+/, "model").replace(/^\? [0-9a-f]+$/, "? elsewhere"));
}

const REQUEST = "POST /api/answer";
const FETCH = "fetch POST http://model/v1/chat/completions";
/** What is around and beside ours in a request. */
const AROUND = ["resolve page components", "executing api route (app) /api/answer", "start response"];

describe("beside Next's own OpenTelemetry (@vercel/otel)", () => {
  let alone: string[];

  /** Has one request answered by a server that starts so; answers with the other tracer's tree. */
  async function told(environment: Readonly<Record<string, string>>, arrived: () => void): Promise<string[]> {
    sink.clear();
    other.clear();
    const next = await app.start("turbopack", environment);
    try {
      expect(await ask(next, "/api/answer", "POST", 0)).toBe(SAID);
      // Before the server ends: what it has not sent by then is lost with it.
      await vi.waitFor(arrived, 10_000);
      await vi.waitFor(() => expect(other.spans.map(({ name }) => name)).toContain(REQUEST), 10_000);
      expect(next.said).not.toMatch(/telltale|error/i);
      return treeOfRequest(other.spans);
    } finally {
      next.stop();
    }
  }

  beforeAll(async () => {
    alone = await told({ OTHER: "alone" }, () => {});
  }, 60_000);

  it("sees what it sees", () => {
    expect(alone).toEqual(expect.arrayContaining([REQUEST, ...AROUND.map((name) => `  ${name}`), `    ${FETCH}`]));
    expect(sink.spans).toEqual([]);
  });

  it.each(["first", "second"])("neither takes the other's spans when it is registered %s", async (OTHER) => {
    expect(await told({ OTHER }, () => expect(sink.spans.length).toBeGreaterThanOrEqual(3))).toEqual(alone);
    // Ours stand in the same trace, below a span that is elsewhere.
    expect(treeOfRequest(sink.spans)).toEqual(["? elsewhere", "answer", "  chat gpt", "  chat gpt"]);
    expect(sink.spans).toHaveLength(3);
    expect(sink.spans[0]?.traceId).toBe(other.spans.find(({ name }) => name === REQUEST)?.traceId);
  });

  it("joined by option, everything is one tree here, and there it is as it was", async () => {
    const arrived = (): void => expect(sink.spans.map(({ name }) => name)).toContain(REQUEST);
    expect(await told({ OTHER: "first", TELLTALE_JOIN: "true" }, arrived)).toEqual(alone);
    const lines = treeOfRequest(sink.spans);
    expect(lines.filter((line) => line.startsWith("?"))).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining([REQUEST, ...AROUND.map((name) => `  ${name}`)]));
    const inside = lines.slice(lines.indexOf("    answer"), lines.indexOf("  start response"));
    const both = ["chat gpt", FETCH].map((name) => `      ${name}`);
    expect(inside.toSorted()).toEqual(["    answer", ...both, ...both].toSorted());
  });
});
