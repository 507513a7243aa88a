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
import { toldOf } from "./told-spans.ts";

const bundles = join(import.meta.dirname, "bundles");
// Where npm runs the scripts of packages, Bun's moves the program out of the package it came in.
const BUN =
  ["@oven/bun-linux-x64/bin/bun", "bun/bin/bun.exe"]
    .map((path) => join(bundles, "node_modules", path))
    .find((path) => existsSync(path)) ?? "bun";
const DENO = join(bundles, "node_modules", "@deno", "linux-x64-glibc", "deno");
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

/** Runs a program and answers with its spans, without what differs from run to run. */
async function spansOf(program: string, parameters: readonly string[], more: object = {}): Promise<unknown> {
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
  const result = await new Promise((resolve) => {
    execFile(program, [...parameters], { cwd: sdk.folder, env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ failed: error?.message, stdout, stderr }),
    );
  });
  expect(result).toEqual({ failed: undefined, stdout: SAID, stderr: "" });
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

  it.runIf(process.platform === "linux" && process.arch === "x64")("in Bun", async () => {
    expect(await spansOf(BUN, ["answer.mjs"])).toEqual(expected);
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")("in Deno", async () => {
    const flags = ["run", "--quiet", "--allow-all", "--node-modules-dir=manual", "--no-remote", "answer.mjs"];
    expect(await spansOf(DENO, flags)).toEqual(expected);
  });
});
