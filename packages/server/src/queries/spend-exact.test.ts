import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Spend } from "../api-types.ts";
import { BatchApplier } from "../engine/apply-batch.ts";
import { decodeEntry, emptyBatch } from "../engine/decode-batch.ts";
import { insertRows } from "../engine/insert-batch.ts";
import { TraceCache } from "../engine/trace-cache.ts";
import { pipeline } from "../pipeline.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { spend } from "./spend.ts";

const START = Date.UTC(2026, 10, 20, 10, 30);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MODELS = ["gpt-4o", "gpt-4o-mini", "nobody-knows"] as const;
let test: TestStore;
let cache: TraceCache;
let applier: BatchApplier;
let batch = 0;
let runs = 0;

beforeAll(async () => {
  test = await openTestStore();
  cache = new TraceCache(test.store);
  applier = new BatchApplier(test.store, cache, pipeline());
  await cache.open();
}, 60_000);

afterAll(() => test.close());

/** A trace: a root that names user, session and tags, and calls below it that do not. */
interface Run {
  readonly user: string;
  readonly session: string;
  readonly tags: readonly string[];
  readonly hour: number;
  readonly agent: string;
  readonly service: string;
  readonly calls: readonly { readonly model: (typeof MODELS)[number]; readonly input: number; readonly hour: number }[];
  /** Whether the root comes behind its calls, in a batch of its own. */
  readonly isLate: boolean;
}

const runOf: fc.Arbitrary<Run> = fc.record({
  user: fc.constantFrom("ada", "bob", ""),
  session: fc.constantFrom("s1", "s2", ""),
  tags: fc.uniqueArray(fc.constantFrom("beta", "eu", "night"), { maxLength: 3 }),
  hour: fc.integer({ min: 0, max: 30 }),
  agent: fc.constantFrom("helper", "planner"),
  service: fc.constantFrom("shop", "desk", ""),
  calls: fc.array(
    fc.record({
      model: fc.constantFrom(...MODELS),
      input: fc.integer({ min: 0, max: 10 ** 6 }),
      hour: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 4 },
  ),
  isLate: fc.boolean(),
});

const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });

/** A span and the service that sends it. */
interface Sent {
  readonly service: string;
  readonly span: object;
}

/** Who is asked for a model. */
const providerOf = (model: string): string => (model === "nobody-knows" ? "acme" : "openai");

/** Spans of a run: its root, and its calls. */
function spansOf(run: Run, index: number): { root: Sent; calls: Sent[] } {
  const traceId = (runs * 1000 + index + 1).toString(16).padStart(32, "0");
  const id = (place: number): string => ((runs * 1000 + index + 1) * 16 + place).toString(16).padStart(16, "0");
  const at = (hour: number): object => {
    const start = BigInt(START + hour * HOUR) * 1_000_000n;
    return { startTimeUnixNano: String(start), endTimeUnixNano: String(start + 1_000_000n) };
  };
  const tags = {
    key: "telltale.tags",
    value: { arrayValue: { values: run.tags.map((stringValue) => ({ stringValue })) } },
  };
  const about = [text("gen_ai.operation.name", "invoke_agent"), text("gen_ai.agent.name", run.agent), tags];
  if (run.user) about.push(text("user.id", run.user));
  if (run.session) about.push(text("session.id", run.session));
  const sent = (span: object): Sent => ({ service: run.service, span });
  const calls = run.calls.map(({ model, input, hour }, place) =>
    sent({
      traceId,
      spanId: id(place + 1),
      parentSpanId: id(0),
      name: `chat ${model}`,
      ...at(run.hour + hour),
      attributes: [
        text("gen_ai.operation.name", "chat"),
        text("gen_ai.provider.name", providerOf(model)),
        text("gen_ai.agent.name", run.agent),
        text("gen_ai.response.model", model),
        { key: "gen_ai.usage.input_tokens", value: { intValue: String(input) } },
      ],
    }),
  );
  return { root: sent({ traceId, spanId: id(0), name: "run", ...at(run.hour), attributes: about }), calls };
}

async function work(sent: readonly Sent[], project: string): Promise<void> {
  const resourceSpans = sent.map(({ service, span }) => ({
    resource: { attributes: service === "" ? [] : [text("service.name", service)] },
    scopeSpans: [{ spans: [span] }],
  }));
  const body = Buffer.from(JSON.stringify({ resourceSpans }));
  const receivedAt = BigInt(START + 3 * DAY) * 1_000_000n;
  const decoded = emptyBatch();
  decodeEntry({ signal: "traces", encoding: "json", project, receivedAt, body }, pipeline(), decoded);
  const number = ++batch;
  const { inserts } = await applier.apply(decoded, number);
  for (const insert of inserts) await insertRows(test.store, insert, String(number));
}

/** Sums by key and hour: calls, unpriced calls, input tokens, cost. */
type Sums = Map<string, { calls: number; unpriced: number; input: number; nanos: bigint }>;

function add(sums: Sums, key: string, hour: number, row: { input: number; nanos: bigint | undefined }): void {
  const place = `${key}@${hour}`;
  const sum = sums.get(place) ?? { calls: 0, unpriced: 0, input: 0, nanos: 0n };
  sum.calls++;
  sum.input += row.input;
  if (row.nanos === undefined) sum.unpriced++;
  else sum.nanos += row.nanos;
  sums.set(place, sum);
}

async function told(by: string, project: string): Promise<Sums> {
  const input = { by, project, interval: "hour", from: START - DAY, to: START + 3 * DAY, limit: 100 };
  const answer = spend.output.parse(await spend.run(spend.input.parse(input), test.reader)) as Spend;
  const sums: Sums = new Map();
  for (const series of answer.series) {
    let nanos = 0n;
    for (const [index, time] of answer.times.entries()) {
      const calls = series.calls[index];
      if (calls === null || calls === undefined) continue;
      const cost = BigInt(series.costNanos[index] ?? 0);
      nanos += cost;
      const hour = (time - Math.floor(START / HOUR) * HOUR) / HOUR;
      sums.set(`${series.key}@${hour}`, { calls, unpriced: 0, input: series.inputTokens[index] ?? 0, nanos: cost });
    }
    expect(series.totalNanos).toBe(nanos.toString());
  }
  return sums;
}

/** gpt-4o at $2.50 and gpt-4o-mini at $0.15 for a million: whole nano-dollars for each token. */
const NANOS = new Map<string, bigint>([
  ["gpt-4o", 2500n],
  ["gpt-4o-mini", 150n],
]);

it("by every key equals the sum of the calls themselves, whatever came late", async () => {
  const check = async (all: readonly Run[]): Promise<void> => {
    const project = `p${++runs}`;
    const spans = all.map(spansOf);
    await work(
      spans.flatMap(({ root, calls }, index) => (all[index]!.isLate ? calls : [root, ...calls])),
      project,
    );
    await work(
      spans.flatMap(({ root }, index) => (all[index]!.isLate ? [root] : [])),
      project,
    );
    const expected = {
      model: new Map(),
      provider: new Map(),
      service: new Map(),
      agent: new Map(),
      project: new Map(),
      user: new Map(),
      session: new Map(),
      tag: new Map(),
    } satisfies Record<string, Sums>;
    for (const run of all) {
      // Filed by the first span to arrive, and never filed anew.
      const filed = run.hour + (run.isLate ? (run.calls[0]?.hour ?? 0) : 0);
      for (const call of run.calls) {
        const price = NANOS.get(call.model);
        const row = { input: call.input, nanos: price === undefined ? undefined : price * BigInt(call.input) };
        const hour = run.hour + call.hour;
        add(expected.model, call.model, hour, row);
        add(expected.provider, providerOf(call.model), hour, row);
        add(expected.service, run.service, hour, row);
        add(expected.agent, run.agent, hour, row);
        add(expected.project, project, hour, row);
        add(expected.user, run.user, filed, row);
        add(expected.session, run.session, filed, row);
        for (const tag of run.tags.length === 0 ? [""] : run.tags) add(expected.tag, tag, filed, row);
      }
    }
    for (const [by, sums] of Object.entries(expected))
      expect([by, await told(by, project)]).toEqual([
        by,
        new Map([...sums].map(([key, sum]) => [key, { ...sum, unpriced: 0 }])),
      ]);
  };
  await fc.assert(fc.asyncProperty(fc.array(runOf, { minLength: 1, maxLength: 6 }), check), { numRuns: 12 });
}, 120_000);
