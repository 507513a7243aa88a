import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningServer, startServer } from "@telltale/server";
import type { Retranslation } from "@telltale/server/api-types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf } from "../testing/call-of.ts";
import { exportTrace } from "./export-trace.ts";
import { retranslate } from "./retranslate.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-cli-traces-"));
const headers = { "content-type": "application/json" };
const TRACE = "a".repeat(32);
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory });
  await server.whenReady();
  const start = BigInt(Date.now()) * 1_000_000n;
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const span = {
    traceId: TRACE,
    spanId: "b".repeat(16),
    name: "chat gpt-4o",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: [text("gen_ai.operation.name", "chat"), text("gen_ai.request.model", "gpt-4o")],
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  await fetch(`${server.url}/v1/traces`, { method: "POST", headers, body });
  for (let tries = 0; tries < 100; tries++) {
    if ((await fetch(`${server.url}/api/v1/traces/${TRACE}`)).status === 200) return;
    await sleep(100);
  }
  throw new Error("the span did not arrive");
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("telltale export", () => {
  it("writes a request that a receiver of OTLP takes", async () => {
    const out = join(directory, "trace.json");
    expect(await exportTrace.run(callOf({ url: server.url, out }, [TRACE.toUpperCase()]))).toBe(0);
    const body = readFileSync(out, "utf8");
    expect(body).toContain('"gen_ai.request.model"');
    expect((await fetch(`${server.url}/v1/traces`, { method: "POST", headers, body })).status).toBe(200);
  });

  it("says what it takes", async () => {
    await expect(exportTrace.run(callOf({}, ["nothing"]))).rejects.toThrow("32 hex digits");
    await expect(exportTrace.run(callOf({ url: server.url }, ["c".repeat(32)]))).rejects.toThrow("no trace");
  });
});

describe("telltale retranslate", () => {
  it("says that nothing is old, and what differs where all are asked for", async () => {
    const old = callOf({ url: server.url });
    expect(await retranslate.run(old)).toBe(0);
    expect(old.terminal.noted.join("\n")).toContain("Every span was read by the present dialects.");
    const all = callOf({ url: server.url, all: true, format: "json" });
    expect(await retranslate.run(all)).toBe(0);
    const answer = JSON.parse(all.terminal.printed.join("\n")) as Retranslation;
    expect(answer).toMatchObject({ applied: false, spans: 1, changedSpans: 0 });
  });
});
