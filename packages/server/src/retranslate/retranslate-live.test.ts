import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryAnswer, Retranslation } from "../api-types.ts";
import { dialects } from "../dialects/index.ts";
import { type RunningServer, startServer } from "../start-server.ts";

/*
 * Spans of an older dialect are sent as another Telltale would send them on: with the fields that it had read, and the
 * sender's attributes beside them.
 */

const directory = mkdtempSync(join(tmpdir(), "telltale-retranslate-"));
const present = dialects.find(({ name }) => name === "openinference")?.version ?? 0;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory });
  await server.whenReady();
  await send();
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function post(path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

const CALLS = 600;
const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
const count = (key: string, intValue: number): object => ({ key, value: { intValue } });

/** Calls that an older version took for plain spans, and one trace that the present one read. */
async function send(): Promise<void> {
  const start = BigInt(Date.now() - 60_000) * 1_000_000n;
  const spans = Array.from({ length: CALLS }, (_, index) => ({
    traceId: (Math.floor(index / 10) + 1).toString(16).padStart(32, "0"),
    spanId: (index + 1).toString(16).padStart(16, "0"),
    name: "ChatOpenAI",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: [
      count("telltale.exported.version", 1),
      text("telltale.dialect", index < CALLS - 10 ? "openinference/0" : `openinference/${present}`),
      text("telltale.span.kind", "span"),
      { key: "telltale.exported.added", value: { arrayValue: { values: [{ stringValue: "telltale.span.kind" }] } } },
      text("openinference.span.kind", "LLM"),
      text("llm.provider", "openai"),
      text("llm.model_name", "gpt-4o"),
      count("llm.token_count.prompt", 1000),
      count("llm.token_count.completion", 100),
    ],
  }));
  expect((await post("/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] })).status).toBe(200);
  for (let tries = 0; tries < 300; tries++) {
    if ((await row("SELECT count() FROM spans"))[0] === String(CALLS)) return;
    await sleep(100);
  }
  throw new Error("the spans did not arrive");
}

async function row(sql: string): Promise<unknown[]> {
  const answer = (await (await post("/api/v1/query", { sql })).json()) as QueryAnswer;
  return (answer.rows[0] ?? []).map(String);
}

async function retranslated(request: object): Promise<Retranslation[]> {
  const answers: Retranslation[] = [];
  let cursor: string | null = null;
  do {
    const response = await post("/api/v1/retranslate", { ...request, ...(cursor === null ? {} : { cursor }) });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Retranslation;
    answers.push(answer);
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return answers;
}

const changedIn = (answers: readonly Retranslation[]): number =>
  answers.reduce((sum, { changedSpans }) => sum + changedSpans, 0);

describe("spans that an older version of a dialect read", () => {
  it("are told of with what differs, and stay as they are without apply", async () => {
    const answers = await retranslated({});
    expect(changedIn(answers)).toBe(CALLS - 10);
    expect(answers[0]?.dialects[0]).toMatchObject({ from: "openinference/0", to: `openinference/${present}` });
    expect(answers[0]?.fields.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["kind", "usage", "provider", "request_model"]),
    );
    expect(answers[0]?.samples.find(({ field }) => field === "kind")).toMatchObject({ before: "span", after: "llm" });
    expect(await row("SELECT count() FROM spans WHERE kind = 'llm'")).toEqual(["0"]);
    expect((await post("/api/v1/retranslate", { dialect: "mlflow" })).status).toBe(200);
    expect(changedIn(await retranslated({ dialect: "mlflow" }))).toBe(0);
  });

  it("are translated with apply, over an engine that is killed, and every total is the sum of its spans", async () => {
    const applying = retranslated({ apply: true });
    await sleep(50);
    const health = (await (await fetch(`${server.url}/api/v1/health`)).json()) as { details: { processId?: number } };
    if (health.details.processId !== undefined) process.kill(health.details.processId, "SIGKILL");
    const applied = await applying;
    expect(applied.every(({ applied: isApplied }) => isApplied)).toBe(true);
    expect(changedIn(await retranslated({}))).toBe(0);
    // gpt-4o: $2.50 in and $10 out per million tokens.
    const calls = CALLS - 10;
    const nanos = String(calls * (1000 * 2500 + 100 * 10_000));
    const sums = "toString(toInt64(sum(cost_usd) * 1000000000)), sum(input_tokens)";
    expect(await row(`SELECT ${sums}, count() FROM spans WHERE billed`)).toEqual([
      nanos,
      String(calls * 1000),
      String(calls),
    ]);
    expect(await row(`SELECT ${sums}, sum(llm_calls), sum(span_count) FROM traces`)).toEqual([
      nanos,
      String(calls * 1000),
      String(calls),
      String(CALLS),
    ]);
    const spend = (await (await fetch(`${server.url}/api/v1/spend?by=model`)).json()) as {
      series: { totalNanos: string; calls: (number | null)[] }[];
    };
    expect(spend.series.map(({ totalNanos }) => totalNanos)).toEqual([nanos]);
    expect(spend.series[0]!.calls.reduce<number>((sum, each) => sum + (each ?? 0), 0)).toBe(calls);
    expect(await row("SELECT groupUniqArray(dialect) FROM spans")).toEqual([`openinference/${present}`]);
  }, 60_000);

  it("of the present version are looked at only when all are asked for", async () => {
    expect(changedIn(await retranslated({ all: true }))).toBe(10);
    expect((await post("/api/v1/retranslate", { cursor: "none" })).status).toBe(400);
    expect((await post("/api/v1/retranslate", { nobody: 1 })).status).toBe(400);
  });
});
