import { costOfSpan } from "../cost/cost-of-span.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { isCall, textOf } from "./billed-call.ts";
import type { Sampling } from "./read-sampling-options.ts";
import type { SamplingRule, TraceView } from "./sampling-options.ts";

/** Why a trace is kept whatever the ratio says. */
export type KeepReason = "error" | "guard" | "flagged" | "slow" | "dear";

const GUARD = "telltale.guard";
const FLAG = "telltale.sampling.keep";
const NANOS_PER_DOLLAR = 1e9;

/** A trace that nothing is decided of yet. */
export class OpenTrace {
  readonly traceId: string;
  /** When its first span came, in ms of a clock that only goes forward. */
  readonly since: number;
  readonly spans: SpanRecord[] = [];
  /** What its spans hold. */
  bytes = 0;
  /** In nano-dollars, of calls with a known price. */
  nanos: bigint | undefined;
  #failed = false;
  #guarded = false;
  #flagged = false;

  constructor(traceId: string, since: number) {
    this.traceId = traceId;
    this.since = since;
  }

  add(span: SpanRecord): void {
    this.spans.push(span);
    this.bytes += span.heldBytes;
    const reason = reasonOf(span);
    if (reason === "error") this.#failed = true;
    if (reason === "guard") this.#guarded = true;
    if (reason === "flagged") this.#flagged = true;
    if (span.failed) this.#failed = true;
    const nanos = isCall(span) ? costOfSpan(span) : undefined;
    if (nanos !== undefined) this.nanos = (this.nanos ?? 0n) + nanos;
  }

  /** Why it is kept always, if it is. */
  reason({ keep }: Sampling): KeepReason | undefined {
    if (keep.errors && this.#failed) return "error";
    if (keep.guards && this.#guarded) return "guard";
    if (keep.flagged && this.#flagged) return "flagged";
    if (this.durationMs >= keep.slowerThanMs) return "slow";
    return this.nanos !== undefined && Number(this.nanos) >= keep.dearerThan * NANOS_PER_DOLLAR ? "dear" : undefined;
  }

  /** The span that the trace began with here: the outermost one seen. */
  get root(): SpanRecord | undefined {
    return this.spans.findLast(isLocalRoot) ?? this.spans.at(-1);
  }

  get durationMs(): number {
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (const { startTime, endTime } of this.spans) {
      first = Math.min(first, startTime);
      last = Math.max(last, endTime);
    }
    return Math.max(0, last - first);
  }

  /** What rules look at. */
  view(): TraceView {
    const { root } = this;
    return {
      traceId: this.traceId,
      name: root?.name ?? "",
      kind: root === undefined ? "" : kindOf(root),
      models: [...new Set(this.spans.map(modelOf))].filter((model) => model !== ""),
      spans: this.spans.length,
      durationMs: this.durationMs,
      cost: this.nanos === undefined ? undefined : Number(this.nanos) / NANOS_PER_DOLLAR,
      failed: this.#failed,
      attributes: root?.attributes ?? new Map(),
    };
  }

  /** The ratio of the first rule that fits. */
  ruleRatio(rules: readonly SamplingRule[]): number | undefined {
    if (rules.length === 0) return undefined;
    const view = this.view();
    return rules.find((rule) => this.#fits(rule, view))?.ratio;
  }

  #fits({ name, kind, model, when }: SamplingRule, view: TraceView): boolean {
    if (name !== undefined && !matches(name, view.name)) return false;
    if (kind !== undefined && !this.spans.some((span) => kindOf(span) === kind)) return false;
    if (model !== undefined && !view.models.some((each) => matches(model, each))) return false;
    try {
      return when === undefined || when(view) === true;
    } catch {
      return false;
    }
  }
}

/** Whether a span began this process's part of its trace. */
export function isLocalRoot(span: SpanRecord): boolean {
  return span.parentSpanId === undefined || span.remoteParent;
}

/** What this span alone says for keeping its trace. */
export function reasonOf(span: SpanRecord): "error" | "guard" | "flagged" | undefined {
  if (span.failed) return "error";
  if (span.attributes.get(FLAG) === true) return "flagged";
  for (const name of span.attributes.keys()) if (name.startsWith(GUARD)) return "guard";
  return span.events?.some(({ name }) => name.startsWith(GUARD)) === true ? "guard" : undefined;
}

/** As in `telltale.span.kind`. */
export function kindOf(span: SpanRecord): string {
  return textOf(span.attributes.get("telltale.span.kind"));
}

function modelOf({ attributes }: SpanRecord): string {
  return textOf(attributes.get("gen_ai.response.model")) || textOf(attributes.get("gen_ai.request.model"));
}

function matches(pattern: string | RegExp, text: string): boolean {
  if (typeof pattern !== "string") {
    pattern.lastIndex = 0;
    return pattern.test(text);
  }
  return pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
