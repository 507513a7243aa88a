import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SpanSink, startSpanSink } from "../packages/sdk/src/testing/span-sink.ts";
import { BUNDLERS } from "./bundles/bundlers.ts";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";
import { treeOf } from "./clients/testing/span-tree.ts";
import { toldOf } from "./told-spans.ts";

const bundles = join(import.meta.dirname, "bundles");
// Where npm runs the scripts of packages, Bun's moves the program out of the package it came in.
const BUN =
  ["@oven/bun-linux-x64/bin/bun", "bun/bin/bun.exe"]
    .map((path) => join(bundles, "node_modules", path))
    .find((path) => existsSync(path)) ?? "";
const DENO = join(bundles, "node_modules", "@deno", "linux-x64-glibc", "deno");
const DENO_FLAGS = ["run", "--quiet", "--allow-all", "--node-modules-dir=manual", "--no-remote"] as const;
/** Where their programs came along. */
const HAS_OTHERS = process.platform === "linux" && process.arch === "x64" && existsSync(DENO) && existsSync(BUN);
const SAID = "You said: Where is it? / You said: Where is it?";

let model: ScriptedServer;
let sink: SpanSink;
let sdk: InstalledSdk;
let expected: unknown;

beforeAll(async () => {
  model = await startScriptedServer(openaiScript);
  sink = await startSpanSink();
  sdk = await installSdk();
  await symlink(join(bundles, "node_modules", "openai"), join(sdk.folder, "node_modules", "openai"));
  await cp(join(bundles, "programs"), sdk.folder, { recursive: true });
  expected = await spansOf(process.execPath, ["answer.mjs"]);
});
afterAll(async () => {
  await Promise.all([model.stop(), sink.stop()]);
  await sdk.remove();
});

interface Result {
  readonly failed: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program; its spans are in the sink then. */
function run(program: string, parameters: readonly string[], more: object): Promise<Result> {
  sink.clear();
  const env = {
    PATH: process.env["PATH"],
    HOME: sdk.folder,
    NO_COLOR: "1",
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: `${model.url}/v1`,
    TELLTALE_ENDPOINT: sink.endpoint,
    TELLTALE_DEBUG: "1",
    OTEL_SERVICE_NAME: "forms",
    ...more,
  };
  return new Promise((resolve) => {
    execFile(program, [...parameters], { cwd: sdk.folder, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ failed: error?.message, stdout, stderr }),
    );
  });
}

/** Runs a program and answers with its spans, without what differs from run to run. */
async function spansOf(program: string, parameters: readonly string[], more: object = {}): Promise<unknown> {
  expect(await run(program, parameters, more)).toEqual({ failed: undefined, stdout: SAID, stderr: "" });
  return toldOf(sink.spans);
}

describe("the same program tells the same spans", () => {
  it("as an ES module: one tree of three", () => {
    expect(expected).toMatchObject([
      { name: "answer", placed: [true, false], service: "forms" },
      { name: "chat gpt", placed: [true, true], told: { "gen_ai.usage.input_tokens": 20 } },
      { name: "chat gpt", placed: [true, true], told: { "gen_ai.request.stream": true } },
    ]);
  });

  it("in CommonJS", async () => {
    expect(await spansOf(process.execPath, ["answer.cjs"])).toEqual(expected);
  });

  it.each([
    ["--import", ["--import", "@telltale/sdk/register"], {}],
    ["--require", ["--require", "@telltale/sdk/register"], {}],
    ["NODE_OPTIONS", [], { NODE_OPTIONS: "--import=@telltale/sdk/register" }],
  ])("registered by %s", async (_, flags, environment) => {
    const registered = { REGISTERED: "1", ...environment };
    for (const program of ["answer.mjs", "answer.cjs"]) {
      expect(await spansOf(process.execPath, [...flags, program], registered)).toEqual(expected);
    }
  });

  it.each(BUNDLERS)("bundled by %s", async (_, program, bundle) => {
    expect(await spansOf(process.execPath, [await bundle(sdk.folder, program)])).toEqual(expected);
  });

  it.skipIf(!HAS_OTHERS)("in Bun", async () => {
    expect(await spansOf(BUN, ["answer.mjs"])).toEqual(expected);
  });

  it.skipIf(!HAS_OTHERS)("in Deno", async () => {
    expect(await spansOf(DENO, [...DENO_FLAGS, "answer.mjs"])).toEqual(expected);
  });
});

/** What a feature of `features.mjs` says, and its spans as lines: with the outcome of calls, and whose they are. */
async function told(program: string, parameters: readonly string[], feature: string): Promise<unknown> {
  const { failed, stdout, stderr } = await run(program, [...parameters, "features.mjs"], { FEATURE: feature });
  const shown = sink.spans.map((span) => {
    const { "telltale.outcome": outcome, "user.id": user } = span.attributes;
    return { ...span, name: [span.name, outcome, user].filter((word) => word !== undefined).join(" ") };
  });
  return { failed, stdout, stderr, tree: treeOf(shown) };
}

describe.skipIf(!HAS_OTHERS).each(["http", "context", "left", "end"])("the feature %s", (feature) => {
  it.each([
    ["Bun", BUN, []],
    ["Deno", DENO, DENO_FLAGS],
  ] as const)("is in %s as in Node", async (_, program, flags) => {
    const inNode = await told(process.execPath, [], feature);
    expect(inNode).toMatchObject({ failed: undefined, stderr: "", tree: expect.arrayContaining([feature]) as unknown });
    expect(await told(program, flags, feature)).toEqual(inNode);
  });
});
