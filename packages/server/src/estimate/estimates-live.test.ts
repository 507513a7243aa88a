import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CostExplanation, QueryAnswer, Spend, TraceSkeleton } from "../api-types.ts";
import { type RunningServer, startServer } from "../start-server.ts";

/* Estimates by opt-in, through a running server: marked, apart from every total, and gone when the provider's number comes. */

const directory = mkdtempSync(join(tmpdir(), "telltale-estimates-"));
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ port: 0, host: "127.0.0.1", dataDirectory: directory, estimates: true });
  await server.whenReady();
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const request = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(server.url + path, request);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const cell = async (sql: string): Promise<unknown[]> =>
  ((await ask<QueryAnswer>("/api/v1/query", { sql })).rows[0] ?? []).map((value) => value && String(value));

const TRACE = "5".repeat(32);
const start = BigInt(Date.now() - 60_000) * 1_000_000n;

interface Told {
  readonly id: number;
  readonly input?: string;
  readonly output?: string;
  readonly tokens?: number;
  readonly ends?: boolean;
  /** Of a library that counts streams itself. */
  readonly scope?: string;
}

/** A call of a maker who publishes no tokenizer: its text is counted by bytes wherever this runs. */
async function send({ id, input, output, tokens, ends = true, scope }: Told): Promise<void> {
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const messages = (key: string, content: string | undefined): object[] =>
    content === undefined ? [] : [text(key, JSON.stringify([{ role: "user", parts: [{ type: "text", content }] }]))];
  const span = {
    traceId: TRACE,
    spanId: id.toString(16).padStart(16, "0"),
    name: "chat claude",
    startTimeUnixNano: String(start + BigInt(id) * 1_000_000_000n),
    ...(ends ? { endTimeUnixNano: String(start + BigInt(id) * 1_000_000_000n + 5_000_000n) } : {}),
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "anthropic"),
      text("gen_ai.response.model", "claude-sonnet-4-5"),
      ...messages("gen_ai.input.messages", input),
      ...messages("gen_ai.output.messages", output),
      ...(tokens === undefined ? [] : [{ key: "gen_ai.usage.input_tokens", value: { intValue: String(tokens) } }]),
      ...(scope === undefined ? [] : [{ key: "gen_ai.request.is_stream", value: { boolValue: true } }]),
    ],
  };
  const scoped = { ...(scope === undefined ? {} : { scope: { name: scope } }), spans: [span] };
  await ask("/v1/traces", { resourceSpans: [{ scopeSpans: [scoped] }] });
}

/** claude-sonnet-4-5: $3 in and $15 out for a million tokens; four bytes are counted as one. */
const IN = 3000;
const OUT = 15_000;

const until = async (sql: string, wanted: string): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if ((await cell(sql))[0] === wanted) return;
    await sleep(50);
  }
  expect((await cell(sql))[0]).toBe(wanted);
};

const costOf = (): Promise<CostExplanation> => ask(`/api/v1/cost?traceId=${TRACE}`);

describe("estimates by opt-in", () => {
  it("stand beside what is known, and in none of its sums", async () => {
    await send({ id: 1, input: "x".repeat(400), output: "y".repeat(40) });
    await send({ id: 2, tokens: 1000, input: "x".repeat(400) });
    await until("SELECT count() FROM spans", "2");
    const told = await costOf();
    expect(told).toMatchObject({
      totalNanos: String(1000 * IN),
      calls: 2,
      // The estimated one, and the one of which nobody told what came out.
      unpricedCalls: 2,
      unknown: [{ reason: "no-usage" }, { reason: "partial-usage" }],
      estimated: { calls: 1, inputTokens: 100, outputTokens: 10, nanos: String(100 * IN + 10 * OUT), unpricedCalls: 0 },
      estimatedBySender: null,
    });
    const { summary } = await ask<TraceSkeleton>(`/api/v1/traces/${TRACE}`);
    // Nobody told what came out: unknown, and not nothing.
    expect(summary).toMatchObject({ costNanos: String(1000 * IN), inputTokens: 1000, outputTokens: null });
    expect(await cell("SELECT input_tokens, output_tokens, total_tokens FROM traces")).toEqual(["1000", null, "1000"]);
    const spend = await ask<Spend>("/api/v1/spend?by=model");
    expect(spend.series).toMatchObject([{ totalNanos: String(1000 * IN), unpricedCalls: 2 }]);
    expect(spend.series[0]?.inputTokens.filter((tokens) => tokens !== null)).toEqual([1000]);
    expect(spend.series[0]?.outputTokens.filter((tokens) => tokens !== null)).toEqual([]);
    expect(spend.estimated).toEqual(told.estimated);
    expect(await ask(`/api/v1/cost?from=${Date.now() - 3_600_000 * 2}`)).toEqual(told);
    const columns = "cost_usd, input_tokens, estimated_input_tokens, estimated_output_tokens, estimated_cost_usd";
    expect(await cell(`SELECT ${columns} FROM spans ORDER BY start_time LIMIT 1`)).toEqual([
      null,
      null,
      "100",
      "10",
      "0.00045",
    ]);
    expect(await cell(`SELECT ${columns} FROM spans ORDER BY start_time DESC LIMIT 1`)).toEqual([
      "0.003",
      "1000",
      null,
      null,
      null,
    ]);
  }, 60_000);

  it("of a call that is told in parts are of both, and end with the provider's own number", async () => {
    await send({ id: 3, input: "x".repeat(4000), ends: false });
    await until("SELECT count() FROM spans", "3");
    expect((await costOf()).estimated).toMatchObject({ calls: 2, inputTokens: 1100, outputTokens: 10 });
    await send({ id: 3, output: "y".repeat(400) });
    await until("SELECT sum(estimated_output_tokens) FROM spans", "110");
    expect((await costOf()).estimated).toMatchObject({
      calls: 2,
      inputTokens: 1100,
      outputTokens: 110,
      nanos: String(1100 * IN + 110 * OUT),
    });
    await send({ id: 3, tokens: 7 });
    await until("SELECT sum(input_tokens) FROM spans", "1007");
    const told = await costOf();
    expect(told.totalNanos).toBe(String(1007 * IN));
    expect(told.estimated).toMatchObject({ calls: 1, inputTokens: 100, outputTokens: 10 });
    expect(await cell("SELECT sum(estimated_input_tokens) FROM spans")).toEqual(["100"]);
  }, 60_000);

  it("that the sender may have made are in the sums, and said to be", async () => {
    const before = await costOf();
    await send({ id: 4, tokens: 50, scope: "@openlit/instrumentation-anthropic-stream" });
    await until("SELECT sum(input_tokens) FROM spans", "1057");
    const told = await costOf();
    expect(BigInt(told.totalNanos) - BigInt(before.totalNanos)).toBe(BigInt(50 * IN));
    expect(told.estimatedBySender).toEqual({
      calls: 1,
      inputTokens: 50,
      outputTokens: 0,
      nanos: String(50 * IN),
      unpricedCalls: 1,
    });
    expect(told.estimated).toEqual(before.estimated);
  });
});
