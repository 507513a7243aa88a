import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { QueryAnswer, Repricing } from "../api-types.ts";
import { type RunningServer, startServer } from "../start-server.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-reprice-"));
const json = { "content-type": "application/json" };
const from = Date.now() - 7_200_000;
let server: RunningServer;
let sent = 0;

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory });
  await server.whenReady();
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function post(path: string, body: object, method = "POST"): Promise<Response> {
  return fetch(server.url + path, { method, headers: json, body: JSON.stringify(body) });
}

/** Calls of 1,000 tokens, five to a trace. */
async function send(count: number): Promise<void> {
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const spans = Array.from({ length: count }, () => {
    const index = sent++;
    const start = BigInt(Date.now()) * 1_000_000n;
    return {
      traceId: (Math.floor(index / 5) + 1).toString(16).padStart(32, "0"),
      spanId: (index + 1).toString(16).padStart(16, "0"),
      name: "chat",
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 5_000_000n),
      attributes: [
        text("gen_ai.operation.name", "chat"),
        text("gen_ai.provider.name", "acme"),
        text("gen_ai.response.model", "house-1"),
        { key: "gen_ai.usage.input_tokens", value: { intValue: "1000" } },
      ],
    };
  });
  expect((await post("/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] })).status).toBe(200);
}

async function row(sql: string): Promise<unknown[]> {
  const answer = (await (await post("/api/v1/query", { sql })).json()) as QueryAnswer;
  return (answer.rows[0] ?? []).map(String);
}

async function stored(): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const [count] = await row("SELECT count() FROM spans");
    if (count === String(sent)) return;
    await sleep(100);
  }
  throw new Error("the calls did not arrive");
}

async function repriced(apply: boolean): Promise<Repricing[]> {
  const answers: Repricing[] = [];
  let cursor: string | null = null;
  do {
    const response = await post("/api/v1/prices/reprice", { from, apply, ...(cursor === null ? {} : { cursor }) });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Repricing;
    answers.push(answer);
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return answers;
}

async function killEngine(): Promise<void> {
  const health = (await (await fetch(`${server.url}/api/v1/health`)).json()) as { details: { processId?: number } };
  if (health.details.processId !== undefined) process.kill(health.details.processId, "SIGKILL");
}

it("counts every call once, beside live telemetry and over an engine that is killed", async () => {
  for (let round = 0; round < 10; round++) await send(500);
  await stored();
  const prices = { prices: [{ name: "house", provider: "acme", tokens: { input: "2" } }] };
  expect((await post("/api/v1/prices", prices, "PUT")).status).toBe(200);
  await sleep(1100);
  let isApplying = true;
  const applying = repriced(true).finally(() => (isApplying = false));
  for (let round = 0; isApplying; round++) {
    await send(50);
    await sleep(150);
    if (round === 2 || round === 12) await killEngine();
  }
  const applied = await applying;
  expect(applied.reduce((sum, { changedSpans }) => sum + changedSpans, 0)).toBe(5000);
  await stored();
  expect((await repriced(false)).map(({ changedSpans }) => changedSpans)).toEqual([0]);
  const nanos = String(sent * 2_000_000);
  expect(await row("SELECT toString(toInt64(sum(cost_usd) * 1000000000)), count() FROM spans WHERE billed")).toEqual([
    nanos,
    String(sent),
  ]);
  expect(await row("SELECT toString(toInt64(sum(cost_usd) * 1000000000)), sum(llm_calls) FROM traces")).toEqual([
    nanos,
    String(sent),
  ]);
  const spend = (await (await fetch(`${server.url}/api/v1/spend?by=model`)).json()) as {
    series: { totalNanos: string; calls: (number | null)[]; unpricedCalls: number }[];
  };
  expect(spend.series).toMatchObject([{ totalNanos: nanos, unpricedCalls: 0 }]);
  expect(spend.series[0]!.calls.reduce<number>((sum, calls) => sum + (calls ?? 0), 0)).toBe(sent);
}, 120_000);
