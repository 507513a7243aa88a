import type { Billing } from "@telltale/model";
import type { LogRecord } from "../otlp/record.ts";
import { billTrace } from "./billing.ts";
import { isWhollyPriced, type SpanFacts } from "./span-facts.ts";
import type { SpanBlock } from "./span-block.ts";
import type { TraceRow } from "./trace-row.ts";

/** A preview and how well it stands for the trace: the root's beats a model call's beats nothing. */
interface Preview {
  text: string;
  rank: number;
  time: bigint;
}

/** What the engine knows of one trace: its spans' facts and what its summary is made of. */
export interface TraceState {
  readonly project: string;
  readonly traceId: string;
  /** When the first span to arrive began, in seconds; the sort key of its summary, so it never changes. */
  readonly filedAt: number;
  readonly spans: Map<string, SpanFacts>;
  /** Content told in log records, by span; also for spans that have not come yet. */
  readonly logs: Map<string, LogRecord[]>;
  readonly tags: Set<string>;
  sessionId: string;
  userId: string;
  input: Preview;
  output: Preview;
}

/** A trace of which nothing is known yet. */
export function newTraceState(project: string, traceId: string, filedAt: number): TraceState {
  return {
    project,
    traceId,
    filedAt,
    spans: new Map(),
    logs: new Map(),
    tags: new Set(),
    sessionId: "",
    userId: "",
    input: { text: "", rank: 0, time: 0n },
    output: { text: "", rank: 0, time: 0n },
  };
}

/** Takes from a span and its row in the block what the summary shows of it. */
export function noteSpan(trace: TraceState, span: SpanFacts, block: SpanBlock, place: number): void {
  const isRoot = span.parentSpanId === "";
  if ((isRoot || !trace.sessionId) && block.has(place, "session_id")) trace.sessionId = block.text(place, "session_id");
  if (span.userId && (isRoot || !trace.userId)) trace.userId = span.userId;
  if (block.has(place, "tags"))
    for (const tag of JSON.parse(block.text(place, "tags")) as string[]) trace.tags.add(tag);
  const rank = isRoot ? 3 : span.kind === "llm" ? 2 : 1;
  const time = span.startTime;
  const { input, output } = trace;
  if (rank > input.rank || (rank === input.rank && time < input.time))
    if (block.has(place, "input_preview")) trace.input = { text: block.text(place, "input_preview"), rank, time };
  if (rank > output.rank || (rank === output.rank && time >= output.time))
    if (block.has(place, "output_preview")) trace.output = { text: block.text(place, "output_preview"), rank, time };
}

/** A span whose billing is not what was stored, with what it should be. */
export interface BillingChange {
  readonly facts: SpanFacts;
  readonly billing: Billing;
}

/** Decides the billing anew; answers what differs from the facts. Spans of `foreign` answers stay shadows. */
export function billingChanges(trace: TraceState, foreign: (facts: SpanFacts) => boolean): BillingChange[] {
  const decided = billTrace(trace.spans);
  const changes: BillingChange[] = [];
  for (const facts of trace.spans.values()) {
    let billing = decided.get(facts) ?? "none";
    if (billing === "billed" && foreign(facts)) billing = "shadow";
    if (billing !== facts.billing) changes.push({ facts, billing });
  }
  return changes;
}

/** Sums that the summary shows. */
interface Totals {
  calls: number;
  llmCalls: number;
  toolCalls: number;
  errors: number;
  unpriced: number;
  input: number | null;
  output: number | null;
  cost: bigint | null;
  readonly models: Set<string>;
  readonly agents: Set<string>;
}

function addBilled(totals: Totals, span: SpanFacts): void {
  totals.calls++;
  totals.input = addKnown(totals.input, span.inputTokens);
  totals.output = addKnown(totals.output, span.outputTokens);
  if (!isWhollyPriced(span)) totals.unpriced++;
  if (span.costNanos !== null) totals.cost = (totals.cost ?? 0n) + span.costNanos;
}

/** A sum of what was told; null while nobody told any. */
function addKnown(sum: number | null, told: number | null): number | null {
  return told === null ? sum : (sum ?? 0) + told;
}

function totalsOf(trace: TraceState): Totals {
  const totals: Totals = {
    calls: 0,
    llmCalls: 0,
    toolCalls: 0,
    errors: 0,
    unpriced: 0,
    input: null,
    output: null,
    cost: null,
    models: new Set(),
    agents: new Set(),
  };
  for (const span of trace.spans.values()) {
    if (span.kind === "llm" && (span.billing === "billed" || span.billing === "none")) totals.llmCalls++;
    if (span.kind === "tool") totals.toolCalls++;
    if (span.status === "error") totals.errors++;
    if (span.model && span.billing !== "aggregate") totals.models.add(span.model);
    if (span.agentName) totals.agents.add(span.agentName);
    if (span.billing === "billed") addBilled(totals, span);
  }
  return totals;
}

/** The topmost span: the earliest without a parent, else the earliest whose parent has not come. */
function topOf(trace: TraceState): SpanFacts | undefined {
  let top: SpanFacts | undefined;
  let topRank = -1;
  for (const span of trace.spans.values()) {
    const rank = span.parentSpanId === "" ? 2 : trace.spans.has(span.parentSpanId) ? 0 : 1;
    if (!top || rank > topRank || (rank === topRank && span.startTime < top.startTime)) {
      top = span;
      topRank = rank;
    }
  }
  return top;
}

/** The summary of a trace as it stands. */
export function traceRowOf(trace: TraceState, row: number): TraceRow {
  const totals = totalsOf(trace);
  const top = topOf(trace);
  let start = top?.startTime ?? 0n;
  let end = start;
  for (const span of trace.spans.values()) {
    if (span.startTime < start) start = span.startTime;
    if (span.endTime > end) end = span.endTime;
  }
  return {
    row,
    project: trace.project,
    filed_at: trace.filedAt,
    trace_id: trace.traceId,
    root_name: top?.name ?? "",
    root_kind: top?.kind ?? "",
    service_name: top?.serviceName ?? "",
    start_time: start,
    end_time: end,
    status: top?.status ?? "unset",
    span_count: trace.spans.size,
    calls: totals.calls,
    llm_calls: totals.llmCalls,
    tool_calls: totals.toolCalls,
    error_count: totals.errors,
    input_tokens: totals.input,
    output_tokens: totals.output,
    cost_nanos: totals.cost,
    unpriced_calls: totals.unpriced,
    models: JSON.stringify([...totals.models]),
    agents: JSON.stringify([...totals.agents]),
    tags: JSON.stringify([...trace.tags]),
    session_id: trace.sessionId,
    user_id: trace.userId,
    input_preview: trace.input.text,
    output_preview: trace.output.text,
  };
}
