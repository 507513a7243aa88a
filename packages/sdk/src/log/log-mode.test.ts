import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenAI } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CallLine, type InitializeOptions, Telltale } from "../index.ts";
import { type FakeOpenai, startFakeOpenai } from "../testing/fake-openai.ts";

const program = join(import.meta.dirname, "..", "testing", "programs", "logging.mjs");

let model: FakeOpenai;
let directory = "";

beforeAll(async () => {
  model = await startFakeOpenai();
  directory = await mkdtemp(join(tmpdir(), "telltale-log-"));
});
afterEach(() => Telltale.shutdown());
afterAll(async () => {
  await model.stop();
  await rm(directory, { recursive: true });
});

function start(environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ["--conditions=development", program], {
    env: { PATH: process.env["PATH"], OPENAI_BASE_URL: model.baseUrl, TELLTALE_MODE: "log", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** More than a pipe or a socket holds. */
const LONG = { CALLS: "20", LETTERS: "20000", TELLTALE_CAPTURE_CONTENT: "true" };

function startInShell(environment: Record<string, string>): ChildProcess {
  // By then the program has said that it is done.
  const command = `"${process.execPath}" --conditions=development "${program}" | (sleep 4; cat)`;
  return spawn("sh", ["-c", command], {
    env: { PATH: process.env["PATH"], OPENAI_BASE_URL: model.baseUrl, TELLTALE_MODE: "log", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (piece: Buffer) => (stdout += piece.toString()));
  child.stderr?.on("data", (piece: Buffer) => (stderr += piece.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

async function linesOf(options: InitializeOptions, work: (openai: OpenAI) => Promise<unknown>): Promise<CallLine[]> {
  const lines: CallLine[] = [];
  Telltale.initialize({ mode: "log", logTo: (line) => void lines.push(line), ...options });
  await work(new OpenAI({ apiKey: "k", baseURL: model.baseUrl, maxRetries: 0 }));
  await Telltale.flush();
  return lines;
}

describe("log mode", () => {
  it("writes one line of JSON for a call to standard output, without its words", async () => {
    const { code, stdout, stderr } = await ended(start({}));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "done" });
    expect(stdout.endsWith("}\n")).toBe(true);
    const line = JSON.parse(stdout) as CallLine;
    expect(line).toEqual({
      time: expect.stringMatching(/^20\d\d-.*Z$/),
      msg: "chat echo",
      kind: "llm",
      provider: "openai",
      model: "echo-2026",
      input_tokens: 20,
      cached_tokens: expect.any(Number),
      output_tokens: expect.any(Number),
      latency_ms: expect.any(Number),
      outcome: "complete",
      status: 200,
      service: "logging",
    });
  });

  it("tells the cost, and the trace where the call is part of one", async () => {
    const lines = await linesOf({}, async (openai) => {
      await openai.chat.completions.create({ model: "gpt-4o-mini", messages: [] });
      await Telltale.withAgent("a", { sessionId: "s", userId: "u" }, () =>
        openai.chat.completions.create({ model: "gpt-4o-mini", messages: [] }),
      );
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]?.cost_usd).toBeGreaterThan(0);
    expect(lines[0]).not.toHaveProperty("cost_is_lower_bound");
    expect(lines[0]).not.toHaveProperty("trace_id");
    expect(lines[1]).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/), session: "s", user: "u" });
  });

  it("tells failures, and content where it is asked for", async () => {
    const lines = await linesOf({ captureContent: true }, async (openai) => {
      await openai.chat.completions.create({ model: "echo", messages: [{ role: "user", content: "hi" }] });
      await openai.chat.completions.create({ model: "broken", messages: [] }).catch(() => {});
    });
    expect(lines[0]?.input).toEqual([{ role: "user", parts: [{ type: "text", content: "hi" }] }]);
    expect(lines[1]).toMatchObject({
      outcome: "failed",
      error: { type: expect.any(String), message: expect.any(String) },
    });
    expect(lines[1]?.status).toBeGreaterThanOrEqual(400);
  });

  it("speaks to a logger as pino does, and survives one that throws", async () => {
    const told: unknown[] = [];
    const logTo = {
      info: (line: CallLine, message: string) => {
        told.push([line.model, message]);
        throw new Error("the disk is full");
      },
    };
    await linesOf({ logTo }, async (openai) => {
      await openai.chat.completions.create({ model: "echo", messages: [] });
    });
    expect(told).toEqual([["echo-2026", "chat echo"]]);
    expect(Telltale.exportCounts()).toMatchObject({ droppedQueueFull: 1 });
  });

  it("appends to a file", async () => {
    const file = join(directory, "calls.log");
    expect((await ended(start({ TELLTALE_LOG_TO: file, CALLS: "2" }))).stdout).toBe("");
    expect((await ended(start({ TELLTALE_LOG_TO: file, EXIT: "now" }))).code).toBe(0);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as CallLine).input_tokens)).toEqual([20, 20, 20]);
  });

  it.each([
    ["a socket, as Node gives it to its children", (): ChildProcess => start(LONG)],
    ["a pipe, as a shell makes it", (): ChildProcess => startInShell(LONG)],
  ])(
    "never stops a program whose reader does not read from %s",
    async (_, begin) => {
      const child = begin();
      const closed = new Promise((resolve) => child.on("close", resolve));
      child.stdout?.pause();
      let stderr = "";
      child.stderr?.on("data", (piece: Buffer) => (stderr += piece.toString()));
      await expect.poll(() => stderr, { timeout: 30_000 }).toBe("done");
      let stdout = "";
      child.stdout?.on("data", (piece: Buffer) => (stdout += piece.toString())).resume();
      await closed;
      const lines = stdout.trimEnd().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as CallLine).msg)).toEqual(
        Array.from({ length: 20 }, () => "chat echo"),
      );
    },
    60_000,
  );

  it("never ends a program whose reader is gone", async () => {
    const child = start({ CALLS: "5" });
    child.stdout?.destroy();
    const { code, stderr } = await ended(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "done" });
  });

  it("loads nothing that sends", async () => {
    const child = spawn(process.execPath, ["--conditions=development", "--input-type=module", "--eval", LOADED], {
      env: { PATH: process.env["PATH"], TELLTALE_MODE: "log" },
      stdio: ["ignore", "pipe", "inherit"],
      cwd: import.meta.dirname,
    });
    const { stdout } = await ended(child);
    const files = JSON.parse(stdout) as string[];
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => /batch-|protobuf-writer|outlet|spool|opentelemetry/.test(file))).toEqual([]);
  });
});

const LOADED = `
import { registerHooks } from "node:module";
const files = [];
registerHooks({ load: (url, context, next) => (url.startsWith("file:") && files.push(url), next(url, context)) });
const { Telltale } = await import("@telltale/sdk");
Telltale.initialize();
await Telltale.flush();
console.log(JSON.stringify(files));
`;
