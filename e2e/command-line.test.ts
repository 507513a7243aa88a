import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");
const TRACE = "0af7651916cd43dd8448eb211c80319c";
/** A machine that does other things as well may take this long to store a span. */
const STORED_PATIENCE_MS = 20_000;

const directory = mkdtempSync(join(tmpdir(), "telltale-e2e-"));
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) {
    child.kill("SIGKILL");
    await once(child, "close");
  }
  running.clear();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
}

/** `telltale serve` as a person starts it: in a process group of its own, as from a shell. */
async function serve(...line: string[]): Promise<Served> {
  const parameters = [MAIN, "serve", "--port", "0", "--data", join(directory, "data"), ...line];
  const child = spawn(process.execPath, parameters, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  for await (const text of createInterface({ input: child.stdout })) {
    const url = /Look here\s+(http:\S+)/.exec(text)?.[1];
    if (url) {
      child.stdout.resume();
      return { child, url };
    }
  }
  throw new Error("serve ended before it listened");
}

/** Ctrl-C: the terminal tells every process of the group. */
async function pressControlC({ child }: Served): Promise<number | null> {
  const closed = once(child, "close");
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [code]: (number | null)[] = await closed;
  return code ?? null;
}

function telltale(...line: string[]): Promise<{ code: number; output: string; notes: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...line], (error, output, notes) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, output, notes });
    });
  });
}

async function send(url: string, spanId: string): Promise<void> {
  const now = `${Date.now()}000000`;
  const span = { traceId: TRACE, spanId, name: "=greet", kind: 1, startTimeUnixNano: now, endTimeUnixNano: now };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const response = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(200);
}

/** Asks until the answer has so many rows. */
async function spanIds(url: string, count: number): Promise<string[]> {
  const deadline = Date.now() + STORED_PATIENCE_MS;
  for (;;) {
    const sql = "SELECT span_id, name FROM spans ORDER BY span_id";
    const { code, output, notes } = await telltale("query", sql, "--format", "json", "--url", url);
    const rows = code === 0 ? (JSON.parse(output) as { span_id: string }[]) : [];
    if (rows.length >= count || Date.now() > deadline) {
      expect(notes).toBe("");
      return rows.map((row) => row.span_id);
    }
    await sleep(100);
  }
}

test("what was sent is there after Ctrl-C and a second start, once", async () => {
  const first = await serve("--no-demo");
  await send(first.url, "b7ad6b7169203331");
  expect(await spanIds(first.url, 1)).toEqual(["b7ad6b7169203331"]);
  await send(first.url, "c7ad6b7169203332");
  expect(await pressControlC(first)).toBe(0);

  const second = await serve("--no-demo");
  await send(second.url, "b7ad6b7169203331");
  await send(second.url, "d7ad6b7169203333");
  expect(await spanIds(second.url, 3)).toEqual(["b7ad6b7169203331", "c7ad6b7169203332", "d7ad6b7169203333"]);
  const csv = await telltale("query", "SELECT DISTINCT name FROM spans", "--format", "csv", "--url", second.url);
  expect(csv.output).toBe("name\n'=greet\n");
  expect(await pressControlC(second)).toBe(0);
});

test("the doctor is content with a server that has received something, and sees that one has stopped", async () => {
  const server = await serve("--no-demo");
  await send(server.url, "e7ad6b7169203334");
  const healthy = await telltale("doctor", "--url", server.url, "--data", join(directory, "data"));
  expect(healthy.output).toContain("Nothing is wrong.");
  expect(healthy.code).toBe(0);
  expect(await pressControlC(server)).toBe(0);
  expect((await telltale("doctor", "--url", server.url)).code).toBe(1);
});

test("a second server on the same data, or on the same port, says what to do", async () => {
  const server = await serve("--no-demo");
  const sameData = await telltale("serve", "--port", "0", "--data", join(directory, "data"));
  expect(sameData).toMatchObject({ code: 1 });
  expect(sameData.notes).toContain("another Telltale is running");
  const { port } = new URL(server.url);
  const samePort = await telltale("serve", "--port", port, "--data", join(directory, "other"), "--no-demo");
  expect(samePort).toMatchObject({ code: 1 });
  expect(samePort.notes).toContain(`Port ${port} of 127.0.0.1 is already in use`);
  expect(await pressControlC(server)).toBe(0);
});

test("SQL of a person that writes or reads files is refused, with a reason", async () => {
  const server = await serve("--no-demo");
  for (const sql of [
    "DROP TABLE telltale_data.span_rows",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "nonsense",
  ]) {
    const refused = await telltale("query", sql, "--url", server.url);
    expect(refused.code).toBe(1);
    expect(refused.notes.length).toBeGreaterThan(10);
    expect(refused.output).toBe("");
  }
  expect(await pressControlC(server)).toBe(0);
});
