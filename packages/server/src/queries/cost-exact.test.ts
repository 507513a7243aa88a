import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BatchApplier } from "../engine/apply-batch.ts";
import { decodeEntry, emptyBatch } from "../engine/decode-batch.ts";
import { insertRows } from "../engine/insert-batch.ts";
import { TraceCache } from "../engine/trace-cache.ts";
import { pipeline } from "../pipeline.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { costByHour } from "../schema/0009-cost-by-hour.ts";
import { filledIn } from "../schema/migrate.ts";
import { cost } from "./cost.ts";

const START = Date.UTC(2026, 10, 20, 10, 30);
const HOUR = 3_600_000;
let test: TestStore;
let batch = 0;
let runs = 0;

beforeAll(async () => {
  test = await openTestStore();
}, 60_000);

afterAll(() => test.close());

/** A call, told in one part or in two, by one layer or by two. */
interface Call {
  readonly model: string;
  readonly input: number;
  readonly cached: number;
  readonly output: number | null;
  readonly hour: number;
  readonly claimed: number | null;
  /** The start comes first, and the rest in a later batch. */
  readonly isSplit: boolean;
  /** A layer above tells the same answer, in a later batch. */
  readonly isTwice: boolean;
  /** Counted by the sender, and not told by the provider. */
  readonly isCounted: boolean;
}

const callOf: fc.Arbitrary<Call> = fc.record({
  model: fc.constantFrom("gpt-4o", "gpt-4o-mini", "nobody-knows"),
  input: fc.integer({ min: 0, max: 10 ** 6 }),
  cached: fc.constantFrom(0, 15),
  output: fc.option(fc.integer({ min: 0, max: 10 ** 5 })),
  hour: fc.integer({ min: 0, max: 3 }),
  claimed: fc.option(fc.integer({ min: 1, max: 1000 })),
  isSplit: fc.boolean(),
  isTwice: fc.boolean(),
  isCounted: fc.boolean(),
});

const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
const number = (key: string, value: number): object => ({ key, value: { intValue: String(value) } });

/** Spans of a call by the batch in which they are sent. */
function spansOf(call: Call, index: number): readonly [first: object[], later: object[]] {
  const traceId = (runs * 1000 + index + 1).toString(16).padStart(32, "0");
  const id = (place: number): string => ((runs * 1000 + index + 1) * 16 + place).toString(16).padStart(16, "0");
  const start = BigInt(START + call.hour * HOUR) * 1_000_000n;
  const end = { endTimeUnixNano: String(start + 5_000_000n) };
  const told = [
    text("gen_ai.operation.name", "chat"),
    text("gen_ai.provider.name", "openai"),
    text("gen_ai.response.model", call.model),
    text("gen_ai.response.id", `answer-${traceId}`),
  ];
  const usage = [
    number("gen_ai.usage.input_tokens", call.input + call.cached),
    ...(call.cached === 0 ? [] : [number("gen_ai.usage.cache_read.input_tokens", call.cached)]),
    ...(call.output === null ? [] : [number("gen_ai.usage.output_tokens", call.output)]),
    ...(call.claimed === null ? [] : [{ key: "gen_ai.usage.cost", value: { doubleValue: call.claimed / 1e6 } }]),
    ...(call.isCounted
      ? [text("openai.api.type", "chat_completions"), { key: "gen_ai.request.is_stream", value: { boolValue: true } }]
      : []),
  ];
  const span = { traceId, spanId: id(1), name: "chat", startTimeUnixNano: String(start) };
  const whole = { ...span, ...end, attributes: [...told, ...usage] };
  const above = { ...whole, spanId: id(0), name: "wrapper" };
  const first = call.isSplit ? { ...span, attributes: told } : whole;
  const later = [...(call.isSplit ? [whole] : []), ...(call.isTwice ? [above] : [])];
  return [
    [{ ...first, parentSpanId: id(0) }],
    later.map((one) => (one === above ? one : { ...one, parentSpanId: id(0) })),
  ];
}

/** Works a batch; `again` is one that was done before, of which only the sums are new. */
async function work(
  spans: readonly object[],
  project: string,
  applier: BatchApplier,
  again: boolean = false,
): Promise<void> {
  const body = Buffer.from(
    JSON.stringify({
      resourceSpans: [{ scopeSpans: [{ scope: { name: "@openlit/instrumentation-openai" }, spans }] }],
    }),
  );
  const receivedAt = BigInt(START + 24 * HOUR) * 1_000_000n;
  const decoded = emptyBatch();
  decodeEntry({ signal: "traces", encoding: "json", project, receivedAt, body }, pipeline(), decoded);
  const { inserts } = await applier.apply(decoded, again ? batch : ++batch);
  for (const insert of inserts)
    await insertRows(test.store, insert, again && insert.table === "cost_hours" ? `${batch} again` : String(batch));
}

async function newApplier(): Promise<BatchApplier> {
  const cache = new TraceCache(test.store);
  await cache.open();
  return new BatchApplier(test.store, cache, pipeline());
}

async function kept(): Promise<unknown[]> {
  const sums = ["calls", "amount", "input_tokens", "output_tokens", "unpriced_calls"];
  const keys = "project, hour, provider, model, kind, about, bucket, price, source, tier, each";
  return test.reader.rows(
    `SELECT ${keys}, ${sums.map((sum) => `toString(sum(cost_hours.${sum})) AS ${sum}`).join(", ")}
    FROM telltale_data.cost_hours GROUP BY ${keys} HAVING sum(cost_hours.calls) != 0 OR sum(cost_hours.amount) != 0 ORDER BY ALL`,
  );
}

it("kept by the hour equals what is summed up of the stored calls, whatever came late", async () => {
  const check = async (calls: readonly Call[], isRecalled: boolean): Promise<void> => {
    const project = `p${++runs}`;
    const spans = calls.map(spansOf);
    const applier = await newApplier();
    await work(
      spans.flatMap(([first]) => first),
      project,
      applier,
    );
    const later = spans.flatMap(([, spansLater]) => spansLater);
    // One whose engine is new reads back from the store what it must know.
    await work(later, project, isRecalled ? await newApplier() : applier);
    const told = await kept();
    const answer = await cost.run(cost.input.parse({ from: START - HOUR }), test.reader);
    for (const sql of costByHour.statements) await test.store.exec(filledIn(sql));
    expect(told).toEqual(await kept());
    // An upgrade: the latest batch is inserted again into a table that does not know it.
    for (const sql of costByHour.statements) await test.store.exec(filledIn(sql, { redone: batch }));
    await work(later, project, await newApplier(), true);
    expect(told).toEqual(await kept());
    expect(answer).toEqual(await cost.run(cost.input.parse({ from: START - HOUR }), test.reader));
  };
  await fc.assert(fc.asyncProperty(fc.array(callOf, { minLength: 1, maxLength: 8 }), fc.boolean(), check), {
    numRuns: 12,
  });
  const kinds = await test.reader.rows("SELECT DISTINCT kind FROM telltale_data.cost_hours ORDER BY kind");
  expect(kinds.map(({ kind }) => kind)).toEqual(["call", "line", "reported", "sender", "unknown"]);
}, 180_000);
