import type { CostLine, CostReason, Json, Message, RetrievedDocument, UsageLine } from "@telltale/model";
import type { EstimatedShare } from "./price/repricing.ts";
import type { JoinedTraces } from "./query/related-traces.ts";

/*
 * Types of every answer of /api/v1, for web and cli; no code. Times are milliseconds since 1970
 * with a fraction; money is integer nano-dollars as a decimal string (exact in any language) or
 * null when unknown; tokens are null when nobody told.
 */

/** A trace in a list. `GET /api/v1/traces`. */
export interface TraceSummary {
  traceId: string;
  project: string;
  rootName: string;
  rootKind: string;
  serviceName: string;
  startTime: number;
  durationMs: number;
  status: "unset" | "ok" | "error";
  spanCount: number;
  llmCalls: number;
  toolCalls: number;
  errorCount: number;
  inputTokens: number | null;
  outputTokens: number | null;
  costNanos: string | null;
  /** Billed calls whose cost is not wholly known: the cost is a lower bound. */
  unpricedCalls: number;
  models: string[];
  agents: string[];
  tags: string[];
  sessionId: string;
  userId: string;
  inputPreview: string;
  outputPreview: string;
}

/** `nextCursor` is null on the last page. */
export interface TraceList {
  traces: TraceSummary[];
  nextCursor: string | null;
}

/**
 * One trace without payloads: `GET /api/v1/traces/:traceId`. Columns are parallel arrays, in
 * order of start, then of arrival. `parent` is an index into them, -1 for a root, -2 for a span
 * whose parent has not arrived. Names and other repeated texts are indexes into `strings`.
 */
export interface TraceSkeleton {
  summary: TraceSummary;
  /** Milliseconds since 1970; `start` below is relative to it. */
  origin: number;
  strings: string[];
  spanId: string[];
  parent: number[];
  name: number[];
  kind: number[];
  serviceName: number[];
  /** Milliseconds after `origin`. */
  start: number[];
  /** Milliseconds; null while the span runs. */
  duration: (number | null)[];
  status: number[];
  model: number[];
  agentName: number[];
  toolName: number[];
  inputTokens: (number | null)[];
  outputTokens: (number | null)[];
  costNanos: (string | null)[];
  /** 1 where `costNanos` is a lower bound, for part of the usage was not told; else 0. */
  isLowerBound: number[];
  billing: number[];
  inputPreview: number[];
  outputPreview: number[];
  /** How many spans the trace has; more than `spanId.length` when only the first were sent. */
  total: number;
  /** The traces that it was asked to be joined with; null where none was. Then all columns are of all of them. */
  joined: JoinedTraces | null;
}

/** Content of a span as the page shows it. */
export type ApiContent =
  | { type: "messages"; messages: Message[] }
  | { type: "documents"; documents: RetrievedDocument[] }
  | { type: "json"; value: Json }
  | { type: "text"; text: string }
  | { type: "masked" };

/** A line of cost; bigint as decimal text. */
export type ApiCostLine = Omit<CostLine, "nanosPerMillion"> & { nanosPerMillion: string };

/** Everything about one span: `GET /api/v1/traces/:traceId/spans/:spanId`. */
export interface SpanDetail {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  project: string;
  serviceName: string;
  name: string;
  kind: string;
  operation: string;
  startTime: number;
  endTime: number | null;
  status: "unset" | "ok" | "error";
  errorType: string;
  errorMessage: string;
  provider: string;
  requestModel: string;
  responseModel: string;
  responseId: string;
  usage: UsageLine[];
  cost: {
    nanos: string | null;
    currency: string;
    lines: ApiCostLine[];
    /** With an amount: why that is a lower bound. */
    reason?: CostReason;
    reported?: { nanos: string; source: string };
  } | null;
  billing: "billed" | "aggregate" | "shadow" | "none";
  timeToFirstTokenMs: number | null;
  finishReason: string;
  sessionId: string;
  userId: string;
  tags: string[];
  agentName: string;
  toolName: string;
  toolCallId: string;
  promptName: string;
  promptVersion: string;
  input: ApiContent | null;
  output: ApiContent | null;
  attributes: { [key: string]: Json };
  resource: { [key: string]: Json };
  scopeName: string;
  scopeVersion: string;
  events: { name: string; time: number; attributes: { [key: string]: Json } }[];
  links: { traceId: string; spanId: string }[];
  dialect: string;
}

/** Most frequent values per field among the traces that pass the filter: `GET /api/v1/facets`. */
export interface Facets {
  /** E.g. status, service, model, agent, tool, kind, user, session, tag. */
  facets: { field: string; values: { value: string; count: number }[]; more: boolean }[];
  /** Traces that pass the filter. */
  total: number;
}

/** Spend over time: `GET /api/v1/spend?by=model&interval=day`. A missing bucket is a gap, not 0. */
export interface Spend {
  by: string;
  interval: "hour" | "day";
  /** Milliseconds since 1970, the start of each bucket. */
  times: number[];
  /** The dearest first. */
  series: SpendSeries[];
  /** All series that are not listed, summed up; null when every one is. */
  other: SpendSeries | null;
  /** How many series there are, listed or not. */
  seriesTotal: number;
  /** The part of the sums that has no spans here: SDKs that sample counted it and told so. Null when there is none. */
  unsent: { calls: number; costNanos: string } | null;
  /** What calls of which nobody told the tokens would come to, estimated; in no sum. Null where nothing is estimated. */
  estimated: EstimatedShare | null;
}

/** One line of {@link Spend}; arrays run parallel to `times`. */
export interface SpendSeries {
  key: string;
  costNanos: (string | null)[];
  calls: (number | null)[];
  inputTokens: (number | null)[];
  outputTokens: (number | null)[];
  /** Calls in the whole range whose cost is not wholly known: the total is a lower bound. */
  unpricedCalls: number;
  totalNanos: string;
}

/** Answer of `POST /api/v1/query`. */
export interface QueryAnswer {
  columns: string[];
  /** ClickHouse type of each column. */
  types: string[];
  rows: Json[][];
  /** True when the row limit cut the answer. */
  truncated: boolean;
  elapsedMs: number;
}

/**
 * An event of `GET /api/v1/live` (server-sent events): `event: trace`, `id:` a rising number to
 * send back as `Last-Event-ID`, `data:` this. A trace comes again whenever it grows.
 */
export interface LiveTrace {
  trace: TraceSummary;
}

/** Every error of the API. */
export interface ApiError {
  error: { code: string; message: string; hint?: string };
}

/** What an invoice or the telemetry says of a day and a model; null where it does not tell. */
export interface ReconciledSide {
  /** All input, cached tokens counted in. */
  inputTokens: number | null;
  outputTokens: number | null;
  calls: number | null;
  costNanos: string | null;
}

/** One day and model of both sides. `difference` is telemetry less invoice. */
export interface ReconciledRow {
  /** In UTC; empty in the total. */
  day: string;
  /** Without its date; empty where the export does not tell models apart. */
  model: string;
  invoice: ReconciledSide;
  telemetry: ReconciledSide;
  difference: ReconciledSide;
}

/** A provider's export beside the telemetry of the same days. */
export interface Reconciliation {
  provider: "openai" | "anthropic";
  rows: ReconciledRow[];
  /** Of all rows; its model is `all`. */
  total: ReconciledRow;
  /** Calls of the telemetry whose cost is not wholly known: its money is a lower bound. */
  unpricedCalls: number;
}

/** `GET /api/v1/traces/:traceId/otlp`: an OTLP/JSON request, to post to any receiver. */
export interface OtlpTrace {
  resourceSpans: unknown[];
}

/** `GET /api/v1/traces/:traceId/scores`. */
export interface TraceScores {
  /** In the order they were given. */
  scores: TraceScore[];
}

/** A judgement of a span or of the whole trace. */
export interface TraceScore {
  name: string;
  /** Null where judging failed, or the judgement is a word only. */
  value: number | null;
  label: string;
  explanation: string;
  source: "code" | "llm" | "human" | "api";
  /** Null for the whole trace. */
  spanId: string | null;
  /** When it was given; of a span's own, its end. */
  time: number;
}

export type { BudgetForm, BudgetKey, BudgetPeriod } from "./budget/budget.ts";
export type { BudgetList, BudgetReport, BudgetState, BudgetStatus, BudgetValue } from "./budget/budget-answer.ts";
export type { CostExplanation } from "./price/cost-explanation.ts";
export type { JoinedTraces, RelatedTrace, RelatedTraces, RunTotals, TraceTie } from "./query/related-traces.ts";
export type { RetranslatedDialect, RetranslatedSample, Retranslation } from "./retranslate/retranslation.ts";
export type {
  Catalogue,
  CatalogueModel,
  CostEstimate,
  EstimatedShare,
  RepricedPrice,
  RepricedRow,
  Repricing,
} from "./price/repricing.ts";
