import { debug, messageOf } from "../diagnostics.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { encodeUnsent as encodeUnsentType } from "../sampling/encode-unsent.ts";
import type { LostSpans } from "../sampling/lost-spans.ts";
import { EVERYTHING, type Sampling } from "../sampling/read-sampling-options.ts";
import { omitContent } from "../sampling/span-content.ts";
import type { SamplerEvents, TraceSampler } from "../sampling/trace-sampler.ts";
import type { UnsentSums } from "../sampling/unsent-ledger.ts";
import type { BatchEncoder } from "./batch-encoder.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { lengthOf, type OtlpRequest } from "./otlp-request.ts";

/** Sums of what is not sent go out so often: a page of spend is not fresher. */
const REPORT_INTERVAL_MS = 10_000;
/** A server that does not take metrics is asked less and less; one that is away, not so much less. */
const LONGEST_INTERVAL_MS = 10 * 60_000;
const LONGEST_AWAY_MS = 60_000;

/** Spans without room that wait until what counts them is loaded, which takes some milliseconds. */
const MOST_LOST = 1000;

/**
 * Between the queue and the encoder, where not everything is sent. Loads the sampler with the first batch, or with the
 * first span that is lost; `sampling` is undefined where only those are counted.
 */
export class SamplingStage {
  readonly #sampling: Sampling | undefined;
  readonly #maxHeldBytes: number;
  readonly #events: SamplerEvents;
  #sampler: TraceSampler | undefined;
  #lost: LostSpans | undefined;
  #notCounted: { readonly span: SpanRecord; readonly nearby: readonly SpanRecord[] }[] = [];
  #loading: Promise<void> | undefined;
  #encodeUnsent: typeof encodeUnsentType | undefined;
  /** A report that may have arrived: it goes out again as it is, since the server counts it once. */
  #unsure: OtlpRequest | undefined;
  #nextReport = Date.now() + REPORT_INTERVAL_MS;
  #interval = REPORT_INTERVAL_MS;
  #isAway = false;

  constructor(sampling: Sampling | undefined, maxHeldBytes: number, events: SamplerEvents) {
    this.#sampling = sampling;
    this.#maxHeldBytes = maxHeldBytes;
    this.#events = events;
  }

  /** Milliseconds until there is something to do without a new span; undefined when there is nothing. */
  nextWorkIn(hurried: boolean): number | undefined {
    if (this.#notCounted.length > 0) return 0;
    if (this.#sampler === undefined) return undefined;
    const decision = this.#sampler.nextDecisionIn();
    const report = this.#isEmpty ? undefined : Math.max(0, this.#nextReport - Date.now());
    if (hurried && (decision !== undefined || (report !== undefined && this.#interval === REPORT_INTERVAL_MS)))
      return 0;
    return Math.min(decision ?? Number.POSITIVE_INFINITY, report ?? Number.POSITIVE_INFINITY);
  }

  /** Whether there are sums to tell, and a server that takes them as far as is known. */
  get hasSums(): boolean {
    return (!this.#isEmpty || this.#notCounted.length > 0) && this.#interval === REPORT_INTERVAL_MS;
  }

  /** Counts a span that there is no room for; calls below it may be among those that wait. */
  lose(span: SpanRecord, waiting: readonly SpanRecord[]): void {
    const nearby = waiting.filter(({ traceId }) => traceId === span.traceId);
    if (this.#lost !== undefined) return this.#lost.add(span, nearby);
    if (this.#notCounted.length < MOST_LOST) this.#notCounted.push({ span, nearby });
    void this.#ready();
    return undefined;
  }

  /** Whether a span repeats what lost ones were counted for: then it is lost too. */
  repeatsLost(span: SpanRecord): boolean {
    return this.#lost?.covers(span) ?? this.#notCounted.some((one) => one.span.parentSpanId === span.spanId);
  }

  /** Counts spans of a request that neither server nor disk took. */
  async loseAll(spans: readonly SpanRecord[]): Promise<void> {
    await this.#ready();
    this.#sampler?.ledger.add(spans, new Set(), "lost");
  }

  /** Of finished spans those that are to be sent now, of this batch and of earlier ones. */
  async sift(spans: readonly SpanRecord[], hurried: boolean): Promise<SpanRecord[]> {
    if (this.#sampling === undefined) return [...spans];
    try {
      await this.#ready();
      return (await this.#sampler?.pass(spans, hurried)) ?? this.#withoutSampler(spans);
    } catch (error) {
      debug(`Sampling failed, spans are sent without: ${messageOf(error)}`, { once: true });
      return this.#withoutSampler(spans);
    }
  }

  /** The same at once, for the very end of the process. */
  siftNow(spans: readonly SpanRecord[]): readonly SpanRecord[] {
    if (this.#sampling === undefined) return spans;
    return this.#sampler?.passNow(spans) ?? this.#withoutSampler(spans);
  }

  /** There was no time to load it, or it could not be: too much is sent rather than too little, but no content. */
  #withoutSampler(spans: readonly SpanRecord[]): SpanRecord[] {
    const { ratio, rules, contentRatio } = this.#sampling ?? EVERYTHING;
    const sent = ratio === 0 && rules.length === 0 ? [] : spans.filter(isSpan);
    this.#events.dropped(
      spans.length - sent.length,
      spans.filter((span) => !sent.includes(span)).reduce((sum, { heldBytes }) => sum + heldBytes, 0),
    );
    if (contentRatio < 1) for (const span of sent) omitContent(span);
    return sent;
  }

  /** A request of spans that held so much went out. */
  sent(heldBytes: number, request: OtlpRequest): void {
    this.#sampler?.sent(heldBytes, lengthOf(request));
  }

  /** Spans arrived: a server that was away for the last report is back, and is told at once. */
  arrived(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#interval = REPORT_INTERVAL_MS;
    this.#nextReport = Date.now();
  }

  /** Sends the sums of what was not sent, when it is time. */
  async report(encoder: BatchEncoder, dispatcher: Dispatcher, hurried: boolean): Promise<void> {
    if (this.#notCounted.length > 0) await this.#ready();
    if (this.#sampler === undefined) return;
    const now = Date.now();
    if (now < this.#nextReport && !(hurried && this.#interval === REPORT_INTERVAL_MS)) return;
    const isNew = this.#unsure === undefined;
    const taken = this.#unsure === undefined ? this.#take(encoder) : { request: this.#unsure, sums: [] };
    if (taken === undefined) return;
    const fate = await dispatcher.dispatch({ request: taken.request, halves: () => undefined });
    const isOver = fate === "arrived" || fate === "kept";
    // Lost for sure is only what was not sent before.
    const isLost = isNew && (fate === "lost" || fate === "refused");
    if (isLost) this.#sampler.ledger.putBack(taken.sums);
    else this.#sampler.sentMetrics(lengthOf(taken.request));
    this.#unsure = isOver || isLost ? undefined : taken.request;
    this.#isAway = !isOver && fate !== "refused";
    const longest = this.#isAway ? LONGEST_AWAY_MS : LONGEST_INTERVAL_MS;
    this.#interval = isOver ? REPORT_INTERVAL_MS : Math.min(longest, this.#interval * 2);
    this.#nextReport = now + this.#interval;
  }

  /** The reports for the very end of the process. */
  reportNow(encoder: BatchEncoder): readonly OtlpRequest[] {
    return [this.#unsure, this.#take(encoder)?.request].filter((request) => request !== undefined);
  }

  get #isEmpty(): boolean {
    return this.#unsure === undefined && this.#sampler?.ledger.isEmpty !== false;
  }

  #take(encoder: BatchEncoder): { readonly request: OtlpRequest; readonly sums: readonly UnsentSums[] } | undefined {
    const ledger = this.#sampler?.ledger;
    if (ledger === undefined || ledger.isEmpty || this.#encodeUnsent === undefined) return undefined;
    const sums = ledger.take();
    const { bytes, points } = this.#encodeUnsent(sums, newReport(), (attributes) => encoder.redacted(attributes));
    return { request: encoder.frame("metrics", [bytes], points), sums };
  }

  /** Loads what samples and counts, once. Never rejects. */
  #ready(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      debug(`Sampling could not be loaded: ${messageOf(error)}`, { once: true });
      this.#notCounted = [];
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const [{ TraceSampler: Sampler }, { encodeUnsent }, { LostSpans: Lost }, { loadPrices }] = await Promise.all([
      import("../sampling/trace-sampler.ts"),
      import("../sampling/encode-unsent.ts"),
      import("../sampling/lost-spans.ts"),
      import("../cost/cost-of-span.ts"),
    ]);
    await loadPrices();
    this.#encodeUnsent = encodeUnsent;
    this.#sampler = new Sampler(this.#sampling ?? EVERYTHING, this.#maxHeldBytes, this.#events);
    this.#lost = new Lost(this.#sampler.ledger);
    for (const { span, nearby } of this.#notCounted.splice(0)) this.#lost.add(span, nearby);
  }
}

/** 128 random bits: no other report of any process has them. */
function newReport(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** Completes a span; false when it turns out to be none. */
function isSpan(span: SpanRecord): boolean {
  try {
    if (span.unread?.complete() === false) return false;
    span.unread = undefined;
    return true;
  } catch {
    return false;
  }
}
