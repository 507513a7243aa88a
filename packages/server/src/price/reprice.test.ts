import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CustomPrices } from "@telltale/rules";
import type { Repricing } from "../api-types.ts";
import { BatchApplier } from "../engine/apply-batch.ts";
import { decodeEntry, emptyBatch } from "../engine/decode-batch.ts";
import { insertRows } from "../engine/insert-batch.ts";
import { TraceCache } from "../engine/trace-cache.ts";
import type { JournalEntry } from "../journal/journal.ts";
import { cost } from "../queries/cost.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { costOfSpan } from "./cost-of-span.ts";
import { readCustomPrices } from "./custom-prices-schema.ts";
import { readPricedSpans } from "./read-priced-spans.ts";
import { reprice } from "./reprice.ts";

const START = Date.UTC(2026, 10, 20, 10, 30);
const DAY = 86_400_000;
let test: TestStore;
/** What the engine prices by while it takes telemetry. */
let prices: CustomPrices | undefined;
let cache: TraceCache;
let applier: BatchApplier;
let batch = 0;

function openEngine(): void {
  cache = new TraceCache(test.store);
  applier = new BatchApplier(test.store, cache, (span) => {
    const told = costOfSpan(span, prices);
    return told ? { ...span, cost: told } : span;
  });
}

beforeAll(async () => {
  test = await openTestStore();
  openEngine();
  await cache.open();
}, 60_000);

afterAll(() => test.close());

/** One batch of the engine, under its number: the same number again is what a restarted engine does. */
async function work(entries: readonly JournalEntry[], number: number): Promise<void> {
  const decoded = emptyBatch();
  for (const entry of entries) decodeEntry(entry, (span) => ({ ...span, cost: costOfSpan(span, prices) }), decoded);
  expect(decoded.undecodable).toBe(0);
  const { inserts } = await applier.apply(decoded, number);
  for (const insert of inserts) await insertRows(test.store, insert, String(number));
}

interface Call {
  readonly trace: number;
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly minute: number;
  /** An agent above it that repeats its usage. */
  readonly isRepeated: boolean;
}

const callOf: fc.Arbitrary<Call> = fc.record({
  trace: fc.integer({ min: 0, max: 3 }),
  model: fc.constantFrom("house-1", "house-2", "gpt-4o", "nobody-knows"),
  input: fc.integer({ min: 0, max: 2_000_000 }),
  output: fc.integer({ min: 0, max: 100_000 }),
  minute: fc.integer({ min: 0, max: 3000 }),
  isRepeated: fc.boolean(),
});

const amount = fc.integer({ min: 0, max: 10 ** 9 }).map((micros) => (micros / 1e6).toFixed(6));
const pricesOf = fc
  .record({ one: amount, two: amount, factor: amount, day: fc.constantFrom("2026-11-20", "2026-11-21", "2026-11-22") })
  .map(({ one, two, factor, day }) => ({
    prices: [
      { name: "later", model: "house-*", from: day, tokens: { input: two, output: one } },
      { name: "house", model: "house-1", tokens: { input: one, output: two } },
      { name: "contract", model: "gpt-*", factor },
    ],
  }));

function read(file: unknown): CustomPrices {
  const told = readCustomPrices(file, "test.json");
  if (told.problems) throw new Error(JSON.stringify(told.problems));
  return told.content;
}

let runs = 0;

function requestOf(calls: readonly Call[], project: string): JournalEntry {
  const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const number = (key: string, value: number): object => ({ key, value: { intValue: String(value) } });
  const spans = calls.flatMap((call, index) => {
    const id = (kind: string): string =>
      `${runs.toString(16).padStart(6, "0")}${kind}${index.toString(16).padStart(9, "0")}`;
    const start = BigInt(START + call.minute * 60_000) * 1_000_000n;
    const times = { startTimeUnixNano: String(start), endTimeUnixNano: String(start + 1_000_000n) };
    const traceId = runs.toString(16).padStart(16, "0") + call.trace.toString(16).padStart(16, "0");
    const usage = [number("gen_ai.usage.input_tokens", call.input), number("gen_ai.usage.output_tokens", call.output)];
    const about = [text("gen_ai.response.model", call.model), text("gen_ai.provider.name", "openai"), ...usage];
    const llm = {
      traceId,
      ...times,
      spanId: id("a"),
      name: "chat",
      attributes: [text("gen_ai.operation.name", "chat"), ...about],
    };
    const agent = {
      traceId,
      ...times,
      spanId: id("b"),
      name: "agent",
      attributes: [text("gen_ai.operation.name", "invoke_agent"), ...about],
    };
    return call.isRepeated ? [{ ...llm, parentSpanId: id("b") }, agent] : [llm];
  });
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  return { signal: "traces", encoding: "json", project, receivedAt: BigInt(START + DAY) * 1_000_000n, body };
}

async function one(sql: string, project: string): Promise<unknown> {
  const [row] = await test.reader.rows(sql, { project });
  return Object.values(row ?? {}).map(String);
}

const SUMS = "toString(sum(ifNull(cost_nanos, 0)))";
const CURRENT = "row NOT IN (SELECT row FROM telltale_data.superseded)";

/** Every figure that is derived from spans says what the spans themselves say; gives their sum. */
async function expectOneTruth(project: string): Promise<string> {
  const where = "project = {project:String}";
  const raw = await one(
    `SELECT ${SUMS}, toString(countIf(cost_nanos IS NULL)) FROM telltale_data.span_rows WHERE ${where} AND billing = 'billed' AND ${CURRENT}`,
    project,
  );
  const spend = `SELECT ${SUMS}, toString(sum(unpriced_calls)) FROM telltale_data.spend_hours WHERE ${where}`;
  expect(await one(spend, project)).toEqual(raw);
  const traces = `SELECT ${SUMS}, toString(sum(unpriced_calls)) FROM telltale_data.trace_summaries FINAL WHERE ${where}`;
  expect(await one(traces, project)).toEqual(raw);
  const view = `SELECT toString(toInt64(sum(ifNull(cost_usd, 0)) * 1000000000)), toString(countIf(cost_usd IS NULL)) FROM telltale_v1.spans WHERE ${where} AND billed`;
  expect(await one(view, project)).toEqual(raw);
  const twice = `SELECT count() - uniqExact(trace_id, span_id) FROM telltale_data.span_rows WHERE ${where} AND ${CURRENT}`;
  expect(await one(twice, project)).toEqual(["0"]);
  const told = await cost.run(cost.input.parse({ from: 0, project }), test.reader);
  expect("totalNanos" in told && [told.totalNanos, String(told.unpricedCalls)]).toEqual(raw);
  return (raw as string[])[0]!;
}

/** A journal whose engine works at once; dies before or behind the insert of the entry with this number. */
function ask(
  project: string,
  file: unknown,
  options: { apply?: boolean; cursor?: string; dies?: "before" | "behind" } = {},
): Promise<Repricing> {
  const journal = {
    async append(entry: JournalEntry) {
      const number = ++batch;
      if (options.dies === "before") throw new Error("killed");
      await work([entry], number);
      if (options.dies !== "behind") return { segment: 1, offset: number };
      openEngine();
      await cache.open();
      await work([entry], number);
      // As a restarted engine does: it forgets what it read for a batch that may have been stored already.
      openEngine();
      await cache.open();
      throw new Error("killed");
    },
  };
  const parts = { reader: test.reader, journal, reached: () => Promise.resolve(true) };
  const request = {
    from: START - DAY,
    project,
    apply: options.apply ?? false,
    prices: read(file),
    cursor: options.cursor,
  };
  return reprice(request, parts);
}

describe("pricing again", () => {
  it("gives every call the cost of the present prices, and all sums follow, whatever dies", async () => {
    const dies = fc.constantFrom(undefined, "before" as const, "behind" as const);
    const run = async (calls: readonly Call[], old: unknown, now: unknown, death: "before" | "behind" | undefined) => {
      const project = `p${++runs}`;
      prices = read(old);
      const half = Math.ceil(calls.length / 2);
      await work([requestOf(calls.slice(0, half), project)], ++batch);
      const before = await expectOneTruth(project);
      const tried = await ask(project, now);
      expect(tried).toMatchObject({ applied: false, nextCursor: null, total: { oldNanos: before } });
      expect(await expectOneTruth(project)).toBe(before);
      if (death && tried.changedSpans > 0) {
        await expect(ask(project, now, { apply: true, dies: death })).rejects.toThrow("killed");
        await expectOneTruth(project);
      }
      const applied = await ask(project, now, { apply: true });
      expect(applied.total.newNanos).toBe(tried.total.newNanos);
      expect(await expectOneTruth(project)).toBe(tried.total.newNanos);
      expect(await ask(project, now)).toMatchObject({ changedSpans: 0, total: { differenceNanos: "0" } });
      const { spans } = await readPricedSpans(test.reader, { from: 0, project }, undefined, 1000);
      for (const { span, cost: kept } of spans) expect(kept).toEqual(costOfSpan(span, read(now)));
      // Spans of the same traces that arrive later are counted beside them.
      runs--;
      prices = read(now);
      await work([requestOf(calls, `p${++runs}`)], ++batch);
      await expectOneTruth(project);
      expect(await ask(project, now)).toMatchObject({ changedSpans: 0 });
    };
    const calls = fc.array(callOf, { minLength: 1, maxLength: 8 });
    await fc.assert(fc.asyncProperty(calls, pricesOf, pricesOf, dies, run), { numRuns: 12 });
  }, 120_000);

  it("says by day and model what differs, with the price rows", async () => {
    const project = `p${++runs}`;
    prices = undefined;
    const call = { trace: 1, output: 0, isRepeated: true };
    const calls = [
      { ...call, model: "house-1", input: 1000, minute: 0 },
      { ...call, model: "gpt-4o", input: 1000, minute: 0 },
      { ...call, model: "gpt-4o", input: 3000, minute: 24 * 60 },
    ];
    await work([requestOf(calls, project)], ++batch);
    const file = {
      prices: [
        { name: "house", model: "house-1", tokens: { input: "2" } },
        { name: "half", factor: "0.5", from: "2026-11-21" },
      ],
    };
    const { rows, total, spans, changedSpans } = await ask(project, file);
    expect({ spans, changedSpans }).toEqual({ spans: 6, changedSpans: 4 });
    expect(rows).toMatchObject([
      {
        day: "2026-11-20",
        model: "gpt-4o",
        calls: 1,
        changed: 0,
        oldNanos: "2500000",
        newNanos: "2500000",
        prices: [],
      },
      {
        day: "2026-11-20",
        model: "house-1",
        calls: 1,
        changed: 1,
        oldNanos: "0",
        newNanos: "2000000",
        unpricedBefore: 1,
        unpricedAfter: 0,
        prices: [{ from: "no-price", to: "custom/house", calls: 1 }],
      },
      {
        day: "2026-11-21",
        model: "gpt-4o",
        calls: 1,
        changed: 1,
        oldNanos: "7500000",
        newNanos: "3750000",
        differenceNanos: "-3750000",
      },
    ]);
    expect(rows[2]!.prices[0]!.to).toMatch(/^openai\/gpt-4o.* \(half ×0\.5\)$/);
    expect(total).toMatchObject({ day: "", model: "all", calls: 3, changed: 2, differenceNanos: "-1750000" });
  });

  it("refuses a cursor that is none", async () => {
    await expect(ask("p", { prices: [] }, { cursor: "x" })).rejects.toMatchObject({ status: 400, code: "bad-cursor" });
  });
});
