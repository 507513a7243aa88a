import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SpanSink, startSpanSink } from "../packages/sdk/src/testing/span-sink.ts";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { documentedExamples, programOf, SURROUNDINGS } from "./documented-examples.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";

/* What the documentation shows compiles against the packages as they are installed, and does what it says. */

const root = join(import.meta.dirname, "..");
const clients = join(root, "e2e/clients/node_modules");
const run = promisify(execFile);
const examples = documentedExamples();

const COMPILER = {
  compilerOptions: {
    target: "es2024",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2024", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"],
    types: ["node"],
    noEmit: true,
    strict: true,
    // Guides for JavaScript have functions without types.
    noImplicitAny: false,
    skipLibCheck: true,
    moduleDetection: "force",
  },
  include: ["*.ts"],
};
/** Modules that are not among the packages of the clients. */
const OTHERS = `
declare module "cloudflare:workers" { export function waitUntil(work: Promise<unknown>): void; }
declare module "@vercel/otel" { export function registerOTel(options: { readonly serviceName: string }): void; }
`;

let sdk: InstalledSdk;
let model: ScriptedServer;
let sink: SpanSink;

/** Gives the folder every package of the clients, and what type-checking needs. */
async function linkPackages(folder: string): Promise<void> {
  for (const [from, only] of [[clients, undefined] as const, [join(root, "node_modules"), ["@types"]] as const])
    for (const name of only ?? readdirSync(from)) {
      const to = join(folder, "node_modules", name);
      if (!name.startsWith(".") && !existsSync(to)) await symlink(join(from, name), to);
    }
}

const fileOf = (name: string): string => `${name.replace(/[^a-z0-9]+/gi, "-")}.ts`;

beforeAll(async () => {
  [sdk, model, sink] = await Promise.all([installSdk(), startScriptedServer(openaiScript), startSpanSink()]);
  await linkPackages(sdk.folder);
  await writeFile(join(sdk.folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(sdk.folder, "tsconfig.json"), JSON.stringify(COMPILER));
  await writeFile(join(sdk.folder, "others.d.ts"), OTHERS);
  for (const example of examples) await writeFile(join(sdk.folder, fileOf(example.name)), programOf(example));
});
afterAll(async () => {
  await Promise.all([model.stop(), sink.stop()]);
  await sdk.remove();
});

/** Addresses and folders of the examples are the reader's own. */
function atHome(code: string): string {
  return code
    .replaceAll(/https:\/\/telltale\.example(?:\.com)?/g, sink.endpoint)
    .replaceAll("/var/lib/my-app/telltale", join(sdk.folder, "spool"));
}

describe("the documentation", () => {
  it("has surroundings for examples that there are", () => {
    const names = examples.map(({ name }) => name);
    expect(Object.keys(SURROUNDINGS).filter((name) => !names.includes(name))).toEqual([]);
    for (const { elsewhere } of Object.values(SURROUNDINGS))
      if (elsewhere !== undefined) expect(existsSync(join(root, elsewhere))).toBe(true);
  });

  it("has examples that compile", async () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const told = await run(process.execPath, [tsc, "-p", sdk.folder]).catch((error: { stdout: string }) => error);
    expect(told.stdout).toBe("");
  });

  const here = examples.filter(({ name }) => SURROUNDINGS[name]?.elsewhere === undefined);
  it.each(here.map((example) => [example.name, example] as const))("%s runs", async (name, example) => {
    sink.clear();
    const file = join(sdk.folder, `run-${fileOf(name)}`);
    await writeFile(file, `${atHome(programOf(example))}`);
    // Where a page has begun to watch further up, this one has too.
    const register = example.code.includes("Telltale.initialize") ? [] : ["--import", "@telltale/sdk/register"];
    const environment = {
      PATH: process.env["PATH"],
      TELLTALE_ENDPOINT: sink.endpoint,
      OPENAI_API_KEY: "sk-test",
      OPENAI_BASE_URL: `${model.url}/v1`,
    };
    const { stderr } = await run(process.execPath, [...register, file], { cwd: sdk.folder, env: environment });
    expect(stderr).not.toMatch(/\[telltale\]|is ignored/i);
    expect(sink.spans.length).toBeGreaterThanOrEqual(SURROUNDINGS[name]?.spans ?? 0);
  });
});
