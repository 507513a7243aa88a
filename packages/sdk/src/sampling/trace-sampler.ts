import { costOfSpan, loadPrices } from "../cost/cost-of-span.ts";
import { debug, messageOf } from "../diagnostics.ts";
import { turn } from "../platform/timers.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { isCall } from "./billed-call.ts";
import { Budget } from "./budget.ts";
import { RateLimit } from "./limit-rate.ts";
import { isLocalRoot, type KeepReason, OpenTrace, reasonOf } from "./open-trace.ts";
import {
  ALWAYS,
  isKept,
  type Probability,
  probabilityOf,
  probabilityOfThreshold,
  randomnessOf,
  secondRandomness,
} from "./probability.ts";
import { keepsEveryTrace, type Sampling } from "./read-sampling-options.ts";
import { omitContent } from "./span-content.ts";
import { readTraceState, withThreshold } from "./trace-state.ts";
import { UnsentLedger } from "./unsent-ledger.ts";

/** Decisions that are remembered for spans that come late. */
const MAX_DECISIONS = 10_000;
/** Text longer than this waits outside the JavaScript heap, where no collection moves it. */
const LONGEST_HELD_TEXT = 4 * 1024;
/** Read again when the cost is told. */
const USAGE = "telltale.usage.";
/** The program gets its turn after so long. */
const SLICE_MS = 4;
/** An encoded span beside what its record says that it holds. */
const ORDINARY_GROWTH = 1;

/** What was decided of a trace. */
interface Decision {
  kept: boolean;
  /** Undefined where only the caller knows it. */
  probability: Probability | undefined;
  reason: KeepReason | "ratio" | undefined;
  /** As the trace came in, and as its spans are sent. */
  readonly cameWith: string | undefined;
  traceState: string | undefined;
  /** Spans above calls that were counted as not sent. */
  readonly covered: Set<string>;
}

/** What the sampler tells the exporter. */
export interface SamplerEvents {
  /** These spans are not sent, and their memory is free. */
  dropped(count: number, heldBytes: number): void;
}

/**
 * Decides trace by trace what is sent: it holds the spans of a trace until the trace is over, too
 * old or too big, completes them on the way, and remembers the decision for those that come late.
 */
export class TraceSampler {
  readonly ledger: UnsentLedger = new UnsentLedger();
  readonly #sampling: Sampling;
  readonly #maxHeldBytes: number;
  readonly #events: SamplerEvents;
  readonly #rate: RateLimit | undefined;
  readonly #budget: Budget | undefined;
  readonly #open = new Map<string, OpenTrace>();
  readonly #decisions = new Map<string, Decision>();
  #heldBytes = 0;
  #growth = ORDINARY_GROWTH;

  constructor(sampling: Sampling, maxHeldBytes: number, events: SamplerEvents) {
    this.#sampling = sampling;
    this.#maxHeldBytes = maxHeldBytes;
    this.#events = events;
    this.#rate = sampling.tracesPerSecond === undefined ? undefined : new RateLimit(sampling.tracesPerSecond);
    this.#budget = sampling.budget === undefined ? undefined : new Budget(sampling.budget);
  }

  /** Milliseconds until a trace gets too old; undefined when none is held. */
  nextDecisionIn(now: number = performance.now()): number | undefined {
    const [oldest] = this.#open.values();
    return oldest === undefined ? undefined : Math.max(0, oldest.since + this.#sampling.maxTraceMs - now);
  }

  /** Takes finished spans; answers with those that are to be sent now, completed. With `all` no trace is held. */
  async pass(spans: readonly SpanRecord[], all: boolean): Promise<SpanRecord[]> {
    await loadPrices();
    const ready: SpanRecord[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (const span of spans) {
      this.#take(span, ready);
      if (performance.now() < sliceEnd) continue;
      await turn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    this.#decideOld(all, ready);
    return ready;
  }

  /** `pass` without pauses and with `all`, for the very end of the process. */
  passNow(spans: readonly SpanRecord[]): SpanRecord[] {
    const ready: SpanRecord[] = [];
    for (const span of spans) this.#take(span, ready);
    this.#decideOld(true, ready);
    return ready;
  }

  /** A request of spans that held so much came out as so many bytes. */
  sent(heldBytes: number, bytes: number): void {
    this.#budget?.spend(bytes - heldBytes * this.#growth);
    if (heldBytes > 0) this.#growth = this.#growth * 0.9 + (bytes / heldBytes) * 0.1;
  }

  /** Metrics cost something too. */
  sentMetrics(bytes: number): void {
    this.#budget?.spend(bytes);
  }

  #take(span: SpanRecord, ready: SpanRecord[]): void {
    if (!this.#complete(span)) return this.#events.dropped(1, span.heldBytes);
    const cost = this.#budget !== undefined && isCall(span) ? costOfSpan(span) : undefined;
    if (cost !== undefined) this.#budget?.earn(cost, performance.now());
    if (keepsEveryTrace(this.#sampling)) {
      this.#sampleContent(span);
      ready.push(span);
      return undefined;
    }
    const decision = this.#decisions.get(span.traceId);
    if (decision !== undefined) return this.#late(span, decision, ready);
    this.#hold(span, ready);
    return undefined;
  }

  #complete(span: SpanRecord): boolean {
    try {
      if (span.unread?.complete() === false) return false;
    } catch (error) {
      debug(`A span was left out: ${messageOf(error)}`);
      return false;
    }
    span.unread = undefined;
    for (const [name, value] of span.attributes) {
      if (typeof value !== "string" || value.length <= LONGEST_HELD_TEXT || name.startsWith(USAGE)) continue;
      span.attributes.set(name, Buffer.from(value));
    }
    return true;
  }

  #hold(span: SpanRecord, ready: SpanRecord[]): void {
    let trace = this.#open.get(span.traceId);
    if (trace === undefined) {
      trace = new OpenTrace(span.traceId, performance.now());
      this.#open.set(span.traceId, trace);
    }
    trace.add(span);
    this.#heldBytes += span.heldBytes;
    if (isLocalRoot(span) || trace.spans.length >= this.#sampling.maxTraceSpans) this.#decide(trace, ready);
    while (this.#heldBytes > this.#maxHeldBytes) {
      const [oldest] = this.#open.values();
      if (oldest === undefined) break;
      this.#decide(oldest, ready);
    }
  }

  #decideOld(all: boolean, ready: SpanRecord[]): void {
    const limit = performance.now() - this.#sampling.maxTraceMs;
    for (const trace of this.#open.values()) {
      if (all || trace.since <= limit) this.#decide(trace, ready);
    }
  }

  #decide(trace: OpenTrace, ready: SpanRecord[]): void {
    this.#open.delete(trace.traceId);
    this.#heldBytes -= trace.bytes;
    const decision = this.#decisionFor(trace);
    this.#remember(trace.traceId, decision);
    if (decision.kept) {
      this.#budget?.spend(trace.bytes * this.#growth);
      for (const span of trace.spans) this.#keep(span, decision, ready);
    } else this.#drop(trace.spans, decision);
  }

  #decisionFor(trace: OpenTrace): Decision {
    const now = performance.now();
    const bytes = trace.bytes * this.#growth;
    const reason = trace.reason(this.#sampling);
    if (reason !== undefined) {
      const kept = this.#budget?.affords(bytes, now) ?? true;
      return decide(trace, kept, ALWAYS, reason);
    }
    const probability = this.#probabilityFor(trace, bytes, now);
    const { rv, th } = readTraceState(trace.root?.traceState);
    if (probability === "parent") return decide(trace, true, probabilityOfThreshold(th), "ratio");
    const kept = isKept(randomnessOf(trace.traceId, rv), probability);
    this.#rate?.decided(kept, now);
    return decide(trace, kept, probability, "ratio");
  }

  #probabilityFor(trace: OpenTrace, bytes: number, now: number): Probability | undefined | "parent" {
    const { followParent, ratio, rules } = this.#sampling;
    const limits = [this.#rate?.ratio(now) ?? 1, this.#budget?.ratio(bytes, now) ?? 1];
    const sampled = followParent ? trace.root?.parentSampled : undefined;
    if (sampled === false) return undefined;
    if (sampled === true && limits.every((limit) => limit === 1)) return "parent";
    const asked = sampled === true ? 1 : (trace.ruleRatio(rules) ?? ratio);
    return probabilityOf(Math.min(asked, ...limits));
  }

  /** Late spans follow the decision; but from the first one that says so itself, the trace is kept. */
  #late(span: SpanRecord, decision: Decision, ready: SpanRecord[]): void {
    const reason = wanted(reasonOf(span), this.#sampling);
    if (reason !== undefined && decision.probability !== ALWAYS) {
      decision.kept = this.#budget?.affords(span.heldBytes * this.#growth, performance.now()) ?? true;
      decision.probability = ALWAYS;
      decision.reason = reason;
      decision.traceState = withThreshold(decision.cameWith, ALWAYS.th);
    }
    if (!decision.kept) return this.#drop([span], decision);
    this.#budget?.spend(span.heldBytes * this.#growth);
    return this.#keep(span, decision, ready);
  }

  #keep(span: SpanRecord, { probability, reason, traceState }: Decision, ready: SpanRecord[]): void {
    span.traceState = traceState;
    if (probability !== undefined) {
      span.attributes.set("telltale.sampling.probability", { double: probability.value });
    }
    if (reason !== undefined) span.attributes.set("telltale.sampling.reason", reason);
    this.#sampleContent(span);
    ready.push(span);
  }

  #sampleContent(span: SpanRecord): void {
    const { contentRatio } = this.#sampling;
    if (contentRatio < 1 && secondRandomness(span.traceId) >= contentRatio) omitContent(span);
  }

  #drop(spans: readonly SpanRecord[], { covered }: Decision): void {
    this.ledger.add(spans, covered);
    this.#events.dropped(
      spans.length,
      spans.reduce((sum, span) => sum + span.heldBytes, 0),
    );
  }

  #remember(traceId: string, decision: Decision): void {
    this.#decisions.set(traceId, decision);
    if (this.#decisions.size <= MAX_DECISIONS) return;
    for (const oldest of this.#decisions.keys()) {
      this.#decisions.delete(oldest);
      return;
    }
  }
}

function decide(
  trace: OpenTrace,
  kept: boolean,
  probability: Probability | undefined,
  reason: Decision["reason"],
): Decision {
  const cameWith = trace.spans.find(({ traceState }) => traceState !== undefined)?.traceState;
  const traceState = probability === undefined ? cameWith : withThreshold(cameWith, probability.th);
  return { kept, probability, reason, cameWith, traceState, covered: new Set() };
}

function wanted(reason: "error" | "guard" | "flagged" | undefined, { keep }: Sampling): KeepReason | undefined {
  if (reason === "error") return keep.errors ? reason : undefined;
  if (reason === "guard") return keep.guards ? reason : undefined;
  return keep.flagged ? reason : undefined;
}
