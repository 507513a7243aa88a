import { writeAssociation } from "../span/association.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { billedCall, isCall, textOf } from "./billed-call.ts";
import { kindOf } from "./open-trace.ts";

/** Series of one report at most; what has no place of its own is summed up in one, as OpenTelemetry does. */
const MAX_SERIES = 500;
const HOUR_MS = 3_600_000;

/** Why spans were not sent: left out on purpose, no room in memory, or neither server nor disk took them. */
export type UnsentReason = "sampling" | "queue-full" | "lost";

/** What distinguishes the sums. */
export interface UnsentKey {
  readonly reason: UnsentReason;
  readonly kind: string;
  /** `ok` or `error`. */
  readonly outcome: string;
  readonly provider: string;
  readonly model: string;
  readonly agent: string;
  /** True where the others had no more place. */
  readonly overflow: boolean;
}

/** Sums over spans that were not sent, of one key and one hour of their beginning. */
export interface UnsentSums extends UnsentKey {
  /** When the first and the last of the spans began, ms since 1970. */
  first: number;
  last: number;
  spans: number;
  calls: number;
  unpriced: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
  nanos: bigint;
}

const OVERFLOW = { kind: "", outcome: "", provider: "", model: "", agent: "", overflow: true };

/** Counts what is not sent, until the counts are. */
export class UnsentLedger {
  #sums = new Map<string, UnsentSums>();

  get isEmpty(): boolean {
    return this.#sums.size === 0;
  }

  /**
   * Counts spans of one trace. A call is billed where no call below it is: the layers above repeat
   * its usage. `covered` has the ids above calls that were counted, and belongs to the trace: what
   * comes later in it is judged by it too.
   */
  add(spans: readonly SpanRecord[], covered: Set<string>, reason: UnsentReason = "sampling"): void {
    this.cover(spans, covered);
    for (const span of spans) this.#addOne(span, isCall(span) && !covered.has(span.spanId), reason);
  }

  /** Marks what is above calls among these spans, which are told otherwise. */
  cover(spans: readonly SpanRecord[], covered: Set<string>): void {
    const parents = new Map(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
    for (const span of spans) if (isCall(span) || covered.has(span.spanId)) coverAbove(span, parents, covered);
  }

  /** Takes the sums out. */
  take(): UnsentSums[] {
    const taken = [...this.#sums.values()];
    this.#sums = new Map();
    return taken;
  }

  /** Puts sums back that did not arrive. */
  putBack(sums: readonly UnsentSums[]): void {
    for (const each of sums) {
      const into = this.#rowFor(each, each.first);
      into.first = Math.min(into.first, each.first);
      into.last = Math.max(into.last, each.last);
      for (const name of COUNTS) into[name] += each[name];
      into.nanos += each.nanos;
    }
  }

  #addOne(span: SpanRecord, billable: boolean, reason: UnsentReason): void {
    writeAssociation(span.attributes, span);
    const call = billable ? billedCall(span) : undefined;
    const row = this.#rowFor(
      {
        reason,
        kind: kindOf(span),
        outcome: span.failed ? "error" : "ok",
        provider: call?.provider ?? textOf(span.attributes.get("gen_ai.provider.name")),
        model: call?.model ?? "",
        agent: call?.agent ?? "",
        overflow: false,
      },
      span.startTime,
    );
    row.spans++;
    row.first = Math.min(row.first, span.startTime);
    row.last = Math.max(row.last, span.startTime);
    if (call === undefined) return;
    row.calls++;
    if (!call.isWhole) row.unpriced++;
    if (call.nanos !== undefined) row.nanos += call.nanos;
    for (const name of TOKENS) row[name] += call.tokens[name];
  }

  #rowFor(key: UnsentKey, time: number): UnsentSums {
    const { reason, kind, outcome, provider, model, agent, overflow } = key;
    const hour = Math.floor(time / HOUR_MS);
    const name = JSON.stringify([hour, reason, kind, outcome, provider, model, agent, overflow]);
    const known = this.#sums.get(name);
    if (known !== undefined) return known;
    if (this.#sums.size >= MAX_SERIES && !overflow) return this.#rowFor({ ...OVERFLOW, reason }, time);
    const own = { reason, kind, outcome, provider, model, agent, overflow };
    const sums: UnsentSums = { ...own, ...NOTHING, first: time, last: time };
    this.#sums.set(name, sums);
    return sums;
  }
}

const TOKENS = ["input", "output", "cacheRead", "cacheWrite", "reasoning"] as const;
const COUNTS = ["spans", "calls", "unpriced", ...TOKENS] as const;
const NOTHING = {
  spans: 0,
  calls: 0,
  unpriced: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  reasoning: 0,
  nanos: 0n,
};

/** Marks every span above this one, as far as they are known. */
function coverAbove(span: SpanRecord, parents: ReadonlyMap<string, string | undefined>, covered: Set<string>): void {
  for (let id = span.parentSpanId; id !== undefined && !covered.has(id); id = parents.get(id)) covered.add(id);
}
