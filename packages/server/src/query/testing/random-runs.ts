import fc from "fast-check";
import { BatchApplier } from "../../engine/apply-batch.ts";
import { decodeEntry, emptyBatch } from "../../engine/decode-batch.ts";
import { insertRows } from "../../engine/insert-batch.ts";
import { TraceCache } from "../../engine/trace-cache.ts";
import type { JournalEntry } from "../../journal/journal.ts";
import { pipeline } from "../../pipeline.ts";
import type { TestStore } from "./open-test-store.ts";

/** When the runs of tests begin. */
export const RUN_START: number = Date.UTC(2026, 10, 20, 10, 30);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Models that runs call; nobody knows what the last one costs. */
export const RUN_MODELS = ["gpt-4o", "gpt-4o-mini", "nobody-knows"] as const;

/** A trace: a root that names user, session and tags, and calls below it that do not. */
export interface Run {
  readonly user: string;
  readonly session: string;
  readonly tags: readonly string[];
  readonly hour: number;
  readonly agent: string;
  readonly service: string;
  readonly calls: readonly {
    readonly model: (typeof RUN_MODELS)[number];
    readonly input: number;
    /** Null where nobody told it. */
    readonly output: number | null;
    readonly hour: number;
  }[];
  /** Whether the root comes behind its calls, in a batch of its own. */
  readonly isLate: boolean;
}

/** Any run. */
export const runOf: fc.Arbitrary<Run> = fc.record({
  user: fc.constantFrom("ada", "bob", ""),
  session: fc.constantFrom("s1", "s2", ""),
  tags: fc.uniqueArray(fc.constantFrom("beta", "eu", "night"), { maxLength: 3 }),
  hour: fc.integer({ min: 0, max: 30 }),
  agent: fc.constantFrom("helper", "planner"),
  service: fc.constantFrom("shop", "desk", ""),
  calls: fc.array(
    fc.record({
      model: fc.constantFrom(...RUN_MODELS),
      input: fc.integer({ min: 0, max: 10 ** 6 }),
      output: fc.option(fc.integer({ min: 0, max: 10 ** 5 })),
      hour: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 4 },
  ),
  isLate: fc.boolean(),
});

const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
const number = (key: string, value: number): object => ({ key, value: { intValue: String(value) } });

/** A span and the service that sends it. */
export interface Sent {
  readonly service: string;
  readonly span: object;
}

/** Who is asked for a model. */
export const providerOf = (model: string): string => (model === "nobody-knows" ? "acme" : "openai");

/** Spans of a run: its root, and its calls. No two numbers of a test's life may be the same. */
export function spansOf(run: Run, index: number): { root: Sent; calls: Sent[] } {
  const traceNumber = index + 1;
  const traceId = traceNumber.toString(16).padStart(32, "0");
  const id = (place: number): string => (traceNumber * 16 + place).toString(16).padStart(16, "0");
  const at = (hour: number): object => {
    const start = BigInt(RUN_START + hour * HOUR) * 1_000_000n;
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
  const calls = run.calls.map(({ model, input, output, hour }, place) =>
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
        number("gen_ai.usage.input_tokens", input),
        ...(output === null ? [] : [number("gen_ai.usage.output_tokens", output)]),
      ],
    }),
  );
  return { root: sent({ traceId, spanId: id(0), name: "run", ...at(run.hour), attributes: about }), calls };
}

/** An engine that stores batches as the server's does, and prices calls anew when it is told to. */
export class RunEngine {
  readonly #test: TestStore;
  readonly #cache: TraceCache;
  readonly #applier: BatchApplier;
  #batch = 0;

  constructor(test: TestStore) {
    this.#test = test;
    this.#cache = new TraceCache(test.store);
    this.#applier = new BatchApplier(test.store, this.#cache, pipeline());
  }

  /** Before the first batch. */
  open(): Promise<void> {
    return this.#cache.open();
  }

  /** One request, as one batch. */
  send(sent: readonly Sent[], project: string): Promise<void> {
    const resourceSpans = sent.map(({ service, span }) => ({
      resource: { attributes: service === "" ? [] : [text("service.name", service)] },
      scopeSpans: [{ spans: [span] }],
    }));
    const body = Buffer.from(JSON.stringify({ resourceSpans }));
    const receivedAt = BigInt(RUN_START + 3 * DAY) * 1_000_000n;
    return this.work({ signal: "traces", encoding: "json", project, receivedAt, body });
  }

  /** One entry of the journal, as one batch. */
  async work(entry: JournalEntry): Promise<void> {
    const decoded = emptyBatch();
    decodeEntry(entry, pipeline(), decoded);
    const number = ++this.#batch;
    const { inserts } = await this.#applier.apply(decoded, number);
    for (const insert of inserts) await insertRows(this.#test.store, insert, String(number));
  }
}

/** gpt-4o at $2.50 and gpt-4o-mini at $0.15 for a million: whole nano-dollars for each token. */
export const RUN_NANOS: ReadonlyMap<string, bigint> = new Map<string, bigint>([
  ["gpt-4o", 2500n],
  ["gpt-4o-mini", 150n],
]);
