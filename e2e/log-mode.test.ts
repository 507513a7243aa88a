import { execFile } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openaiScript } from "./clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "./clients/testing/scripted-server.ts";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";

const run = promisify(execFile);
const clients = join(import.meta.dirname, "clients", "node_modules");

let model: ScriptedServer;
let sdk: InstalledSdk;

beforeAll(async () => {
  model = await startScriptedServer(openaiScript);
  sdk = await installSdk();
  for (const name of ["ai", "@ai-sdk", "@langchain", "langsmith", "zod"])
    await symlink(join(clients, name), join(sdk.folder, "node_modules", name));
});
afterAll(async () => {
  await model.stop();
  await sdk.remove();
});

const BEGIN = `
import { registerHooks } from "node:module";
globalThis.files = [];
registerHooks({ load: (url, context, next) => (url.includes("/@telltale/sdk/") && files.push(url), next(url, context)) });
const { Telltale } = await import("@telltale/sdk");
Telltale.initialize({ mode: "log", logTo: (line) => console.log(JSON.stringify(line)) });
const before = files.length;
const url = process.env.MODEL + "/v1/chat/completions";
const body = JSON.stringify({ model: "gpt", messages: [{ role: "user", content: "Where?" }] });
const init = { method: "POST", body, headers: { "content-type": "application/json" } };
`;
const END = `
await Telltale.flush();
console.error(JSON.stringify({ before, after: files.length }));
`;

interface Ran {
  readonly lines: readonly Record<string, unknown>[];
  readonly before: number;
  readonly after: number;
}

async function ran(text: string, begin = BEGIN): Promise<Ran> {
  const file = await sdk.write("log.mjs", begin + text + END);
  const env = { PATH: process.env["PATH"], MODEL: model.url, TELLTALE_DEBUG: "1", OPENAI_API_KEY: "k" };
  const { stdout, stderr } = await run(process.execPath, [file], { env, timeout: 60_000 });
  const lines = stdout.split("\n").filter((line) => line !== "");
  const files = JSON.parse(stderr) as Omit<Ran, "lines">;
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), ...files };
}

/** The package's index, its core, what begins, what says a thing, and what stands for the rest. */
const FILES_AT_START = 5;

describe("log mode of the installed package", () => {
  it("reads nothing but the core before there is a call", async () => {
    expect(await ran("")).toEqual({ lines: [], before: FILES_AT_START, after: FILES_AT_START });
  });

  it.each([
    ["fetch", "await (await fetch(url, init)).json();"],
    [
      "a fetch that was kept",
      "const { fetch: kept } = globalThis; for (let i = 0; i < 2; i++) await (await kept(url, init)).json();",
    ],
    [
      "a fetch that somebody wrapped",
      "const inner = fetch; globalThis.fetch = (...values) => inner(...values); await (await fetch(url, init)).json();",
    ],
    [
      "node:http",
      `const { request } = await import("node:http");
       await new Promise((resolve) => request(url, init, (answer) => answer.resume().on("end", resolve)).end(body));`,
    ],
  ])("sees the first call, by %s, once", async (_, text) => {
    const { lines, before, after } = await ran(text);
    const line = { msg: "chat gpt", input_tokens: 20, outcome: "complete", status: 200 };
    const wanted = text.includes("i < 2") ? [line, line] : [line];
    expect(lines).toMatchObject(wanted);
    expect(before).toBe(FILES_AT_START);
    expect(after).toBeGreaterThan(before);
  });

  it.each([
    [
      "the AI SDK",
      `const { generateText } = await import("ai");
       const { createOpenAI } = await import("@ai-sdk/openai");
       const openai = createOpenAI({ baseURL: process.env.MODEL + "/v1" });
       await generateText({ model: openai.chat("gpt"), prompt: "Where?" });`,
    ],
    [
      "LangChain",
      `const { ChatOpenAI } = await import("@langchain/openai");
       const { RunnableLambda } = await import("@langchain/core/runnables");
       const chat = new ChatOpenAI({ model: "gpt", configuration: { baseURL: process.env.MODEL + "/v1" } });
       await RunnableLambda.from((text) => chat.invoke(text)).invoke("Where?");`,
    ],
  ])("knows from the first run of %s on what a call is part of", async (_, text) => {
    const { lines } = await ran(text);
    expect(lines).toMatchObject([{ msg: "chat gpt", trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  });
});
