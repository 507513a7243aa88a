import { priceUsage } from "@telltale/rules";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CostExplanation } from "../api-types.ts";
import { costJson } from "../engine/cost-json.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { costByHour } from "../schema/0009-cost-by-hour.ts";
import { filledIn } from "../schema/migrate.ts";
import { insertTrace, TEST_START, testTraceId } from "../query/testing/trace-rows.ts";
import { cost } from "./cost.ts";

const HOUR = 3_600_000;
let test: TestStore;

function call(model: string, input: number, columns: object = {}): { [column: string]: unknown } {
  const priced = priceUsage({
    provider: "openai",
    responseModel: model,
    usage: [{ buckets: { input, output: 3 } }],
    time: BigInt(TEST_START) * 1_000_000n,
    serviceTier: "batch",
  });
  const nanos = priced.nanos?.toString() ?? null;
  const about = { kind: "llm", provider: "openai", response_model: model, billing: "billed" };
  return { ...about, cost: costJson(priced), cost_nanos: nanos, ...columns };
}

beforeAll(async () => {
  test = await openTestStore();
  await insertTrace(test, {
    id: "1",
    spans: [
      { id: "1", columns: call("gpt-4o-mini", 101) },
      { id: "2", columns: call("gpt-4o-mini", 1000) },
      { id: "3", columns: call("o3", 7) },
      { id: "4", columns: call("nobody-knows", 5) },
      { id: "5", columns: call("gpt-4o-mini", 5, { billing: "shadow" }) },
    ],
  });
  await insertTrace(test, { id: "2", start: TEST_START - 5 * HOUR, spans: [{ id: "6", columns: call("o3", 9) }] });
});

afterAll(() => test.close());

/** Sums up what the tests put in by hand, as an upgrade does. */
async function keepSums(): Promise<void> {
  for (const sql of costByHour.statements) await test.store.exec(filledIn(sql));
}

async function ask(input: { [name: string]: unknown }): Promise<CostExplanation> {
  return cost.output.parse(await cost.run(cost.input.parse(input), test.reader));
}

describe("cost", () => {
  it("explains a trace: counts by price row, and what is unknown", async () => {
    const told = await ask({ traceId: testTraceId("1") });
    expect(told).toMatchObject({ calls: 4, unpricedCalls: 1 });
    expect(told.unknown).toEqual([{ model: "nobody-knows", reason: "no-price", calls: 1 }]);
    const mini = told.lines.find((line) => line.model === "gpt-4o-mini" && line.bucket === "input");
    expect(mini).toMatchObject({
      count: "1101",
      calls: 2,
      nanosPerMillion: "75000000",
      nanos: "82575",
      price: "openai/gpt-4o-mini",
      tier: "batch",
    });
    expect(told.lines.find((line) => line.model === "o3")?.price).toBe("openai/o3@2025-06-10");
  });

  it("has what is known of a call that was told in part in its lines, and why that is not all beside them", async () => {
    const time = BigInt(TEST_START) * 1_000_000n;
    const priced = priceUsage({ responseModel: "gpt-4o-mini", usage: [{ buckets: { output: 10 } }], time });
    const told = { cost: costJson(priced), cost_nanos: String(priced.nanos), usage: '[{"quality":"estimated"}]' };
    const columns = { ...call("gpt-4o-mini", 0), ...told, output_tokens: 10 };
    await insertTrace(test, { id: "4", start: TEST_START + 9 * HOUR, spans: [{ id: "8", columns }] });
    await keepSums();
    for (const asked of [{ traceId: testTraceId("4") }, { from: TEST_START + 9 * HOUR }])
      expect(await ask(asked)).toMatchObject({
        totalNanos: "6000",
        calls: 1,
        unpricedCalls: 1,
        lines: [{ bucket: "output", count: "10", nanos: "6000" }],
        unknown: [{ model: "gpt-4o-mini", reason: "partial-usage", calls: 1 }],
        estimatedBySender: { calls: 1, nanos: "6000", unpricedCalls: 1 },
      });
  });

  it("explains caches, several models of one answer, a batch and what the sender claimed", async () => {
    const priced = priceUsage({
      provider: "anthropic",
      responseModel: "claude-sonnet-4-5",
      usage: [
        { buckets: { input: 1000, cache_read: 20_000, cache_write: 400, cache_write_1h: 300, output: 50 } },
        { model: "claude-haiku-4-5", buckets: { input: 70, output: 9 }, units: { web_search: 2 } },
      ],
      time: BigInt(TEST_START) * 1_000_000n,
      serviceTier: "batch",
    });
    const about = { kind: "llm", provider: "anthropic", response_model: "claude-sonnet-4-5", billing: "billed" };
    const reported = { nanos: 20_000_000n, source: "gen_ai.usage.cost" };
    const columns = { ...about, cost: costJson({ ...priced, reported }), cost_nanos: String(priced.nanos) };
    await insertTrace(test, { id: "3", start: TEST_START + 5 * HOUR, spans: [{ id: "7", columns }] });
    const told = await ask({ traceId: testTraceId("3") });
    // $3, $0.30, $3.75, $6 and $15 a million, halved; $1 and $5, halved; $10 for a thousand searches, in full.
    const byHand = [
      ["claude-sonnet-4-5", "input", "1000", "1500000000", "1500000", "batch"],
      ["claude-sonnet-4-5", "cache_read", "20000", "150000000", "3000000", "batch"],
      ["claude-sonnet-4-5", "cache_write", "400", "1875000000", "750000", "batch"],
      ["claude-sonnet-4-5", "cache_write_1h", "300", "3000000000", "900000", "batch"],
      ["claude-sonnet-4-5", "output", "50", "7500000000", "375000", "batch"],
      ["claude-haiku-4-5", "input", "70", "500000000", "35000", "batch"],
      ["claude-haiku-4-5", "output", "9", "2500000000", "22500", "batch"],
      ["claude-haiku-4-5", "web_search", "2", "10000000000000", "20000000", "batch"],
    ];
    const lines = told.lines.map((line) => [
      line.model,
      line.bucket,
      line.count,
      line.nanosPerMillion,
      line.nanos,
      line.tier,
    ]);
    expect(new Set(lines.map(String))).toEqual(new Set(byHand.map(String)));
    expect(lines).toHaveLength(byHand.length);
    expect(told.lines.every(({ price, source }) => price.startsWith("anthropic/claude-") && source !== "")).toBe(true);
    expect(told).toMatchObject({
      totalNanos: String(byHand.reduce((sum, line) => sum + Number(line[4]), 0)),
      calls: 1,
      roundingNanos: "0",
      reported: { calls: 1, nanos: "20000000" },
      estimatedBySender: null,
    });
    expect((await ask({ traceId: testTraceId("1") })).reported).toBeNull();
  });

  it("tells the same of a time as of the one trace in it", async () => {
    await keepSums();
    for (const id of ["1", "2", "3"]) {
      const start = TEST_START + (id === "2" ? -5 : id === "3" ? 5 : 0) * HOUR;
      expect(await ask({ from: start, to: start + HOUR })).toEqual(await ask({ traceId: testTraceId(id) }));
    }
  });

  it("has lines whose sum is the total, but for the rounding that it tells", async () => {
    const told = await ask({ from: TEST_START - 5 * HOUR, to: TEST_START + HOUR });
    expect(told.calls).toBe(5);
    const exact = told.lines.reduce((sum, line) => sum + BigInt(line.count) * BigInt(line.nanosPerMillion), 0n);
    expect(exact).toBe((BigInt(told.totalNanos) - BigInt(told.roundingNanos)) * 1_000_000n);
  });

  it("is for the time, the project and the model asked for", async () => {
    const early = await ask({ from: TEST_START - 6 * HOUR, to: TEST_START - 4 * HOUR });
    expect(early).toMatchObject({ calls: 1, totalNanos: String(9 * 1000 + 3 * 4000) });
    expect((await ask({ from: 0, model: "o3" })).calls).toBe(2);
    expect((await ask({ from: 0, project: "other" })).lines).toEqual([]);
    await expect(ask({})).rejects.toThrow("neither traceId nor from");
  });
});
