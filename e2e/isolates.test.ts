import { execFile } from "node:child_process";
import { cp, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type SpanSink, startSpanSink } from "../packages/sdk/src/testing/span-sink.ts";
import { oneFile } from "./bundles/web-bundlers.ts";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";
import { toldOf } from "./told-spans.ts";

/* The SDK in workerd, which Cloudflare's workers run in. */

const bundles = join(import.meta.dirname, "bundles");
const SAID = "You said: Where is it? / You said: Where is it?";

interface Isolate {
  dispatchFetch(url: string): Promise<Response>;
  dispose(): Promise<void>;
}

const { Miniflare } = createRequire(join(bundles, "package.json"))("miniflare") as {
  readonly Miniflare: new (options: object) => Isolate;
};

let model: ScriptedServer;
let sink: SpanSink;
let sdk: InstalledSdk;
let script: string;
let expected: unknown;

beforeAll(async () => {
  model = await startScriptedServer(openaiScript);
  sink = await startSpanSink();
  sdk = await installSdk();
  await symlink(join(bundles, "node_modules", "openai"), join(sdk.folder, "node_modules", "openai"));
  await cp(join(bundles, "programs"), sdk.folder, { recursive: true });
  script = await oneFile(sdk.folder, "web/isolate.mjs", ["workerd", "worker", "browser"]);
  const env = { ...process.env, OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: `${model.url}/v1` };
  await promisify(execFile)(process.execPath, ["answer.mjs"], {
    cwd: sdk.folder,
    env: { ...env, TELLTALE_ENDPOINT: sink.endpoint, OTEL_SERVICE_NAME: "forms" },
  });
  expected = toldOf(sink.spans);
});
afterAll(async () => {
  await Promise.all([model.stop(), sink.stop()]);
  await sdk.remove();
});

function start(flags: readonly string[]): Isolate {
  sink.clear();
  return new Miniflare({
    scriptPath: script,
    modules: true,
    modulesRoot: sdk.folder,
    compatibilityDate: "2026-01-01",
    compatibilityFlags: [...flags],
    bindings: { endpoint: sink.endpoint, baseURL: `${model.url}/v1` },
    cf: false,
    telemetry: { enabled: false },
  });
}

describe("in workerd", () => {
  it("with nodejs_compat, the same program tells the same spans as in Node", async () => {
    const isolate = start(["nodejs_compat"]);
    const answer = await isolate.dispatchFetch("http://isolate/");
    expect(await answer.text()).toBe(SAID);
    expect(toldOf(sink.spans)).toEqual(expected);
    await isolate.dispose();
  });

  it("with nodejs_compat, requests at one time stay apart", async () => {
    const isolate = start(["nodejs_compat"]);
    const users = ["ada", "bob", "cy", "dee"];
    const texts = users.map(async (user) =>
      (await isolate.dispatchFetch(`http://isolate/together?user=${user}`)).text(),
    );
    expect(await Promise.all(texts)).toEqual(users.map((user) => `You said: ${user}`));
    await vi.waitFor(() => expect(sink.spans).toHaveLength(12), 10_000);
    for (const user of users) {
      const mine = sink.spans.filter(({ attributes }) => attributes["user.id"] === user);
      expect(mine.map(({ name }) => name).toSorted()).toEqual(["chat gpt", "chat gpt", "together"]);
      expect(new Set(mine.map(({ traceId }) => traceId)).size).toBe(1);
      expect(mine.every(({ attributes }) => !JSON.stringify(attributes).includes("Where"))).toBe(true);
    }
    await isolate.dispose();
  });

  it("the option waitUntil has the platform wait, and the program says no more", async () => {
    const isolate = start(["nodejs_compat"]);
    const users = ["ada", "bob", "cy"];
    for (const user of users) await isolate.dispatchFetch(`http://isolate/waited?user=${user}`);
    await vi.waitFor(() => expect(sink.spans).toHaveLength(9), 10_000);
    // Workers have no time between requests: what is sent was waited for.
    const mine = sink.spans.filter(({ attributes }) => attributes["user.id"] === "cy");
    expect(mine.map(({ name }) => name).toSorted()).toEqual(["chat gpt", "chat gpt", "together"]);
    await isolate.dispose();
  });

  it("without it, every call is told, and none as somebody else's", async () => {
    const isolate = start([]);
    const users = ["ada", "bob"];
    const texts = users.map(async (user) =>
      (await isolate.dispatchFetch(`http://isolate/together?user=${user}`)).text(),
    );
    expect(await Promise.all(texts)).toEqual(users.map((user) => `You said: ${user}`));
    await vi.waitFor(() => expect(sink.spans).toHaveLength(6), 10_000);
    for (const user of users) {
      const mine = sink.spans.filter(({ attributes }) => attributes["user.id"] === user);
      // The first call leaves before anything is awaited.
      expect(mine.map(({ name }) => name).toSorted()).toEqual(["chat gpt", "together"]);
      expect(mine.every(({ attributes }) => !JSON.stringify(attributes).includes(user === "ada" ? "bob" : "ada"))).toBe(
        true,
      );
    }
    await isolate.dispose();
  });
});
