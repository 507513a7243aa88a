import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { pricedSpan } from "../cost/cost-of-span.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** One model call in the log. A number that nobody told is absent, never 0. */
export interface CallLine {
  /** When it began, ISO 8601. */
  readonly time: string;
  /** `chat gpt-4o` */
  readonly msg: string;
  readonly kind: string;
  readonly provider?: string;
  /** The model that answered, else the one that was asked. */
  readonly model?: string;
  /** Cached ones included. */
  readonly input_tokens?: number;
  readonly cached_tokens?: number;
  /** Reasoning included. */
  readonly output_tokens?: number;
  readonly cost_usd?: number;
  /** True where only the input or only the output was told: it cost that much at least. */
  readonly cost_is_lower_bound?: boolean;
  readonly latency_ms: number;
  readonly first_token_ms?: number;
  /** `complete`, `cut`, `abandoned`, `aborted`, `timeout` or `failed`. */
  readonly outcome?: string;
  readonly status?: number;
  readonly error?: { readonly type: string; readonly message: string };
  /** Absent where the call is not part of anything larger. */
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly session?: string;
  readonly user?: string;
  readonly service?: string;
  /** Only where content is asked for. */
  readonly input?: unknown;
  readonly output?: unknown;
}

const CALLS: ReadonlySet<AttributeValue | undefined> = new Set(["llm", "embedding", "rerank"]);
const NANOS_PER_DOLLAR = 1e9;

/** The line of a completed span; undefined for anything but a model call. */
export function callLine(span: SpanRecord, service: string | undefined): CallLine | undefined {
  const { attributes } = span;
  const kind = attributes.get("telltale.span.kind");
  if (!CALLS.has(kind) || attributes.get("telltale.billing") === "shadow") return undefined;
  const { nanos, reason } = pricedSpan(span) ?? {};
  const seconds = attributes.get("gen_ai.response.time_to_first_chunk");
  const told = {
    time: new Date(span.startTime).toISOString(),
    msg: span.name,
    kind: String(kind),
    provider: attributes.get("gen_ai.provider.name"),
    model: attributes.get("gen_ai.response.model") ?? attributes.get("gen_ai.request.model"),
    input_tokens: attributes.get("gen_ai.usage.input_tokens"),
    cached_tokens: attributes.get("gen_ai.usage.cache_read.input_tokens"),
    output_tokens: attributes.get("gen_ai.usage.output_tokens"),
    cost_usd: nanos === undefined ? undefined : Number(nanos) / NANOS_PER_DOLLAR,
    cost_is_lower_bound: nanos === undefined || reason === undefined ? undefined : true,
    latency_ms: Math.round(Math.max(0, span.endTime - span.startTime)),
    first_token_ms: typeof seconds === "object" && "double" in seconds ? Math.round(seconds.double * 1000) : undefined,
    outcome:
      span.failed && attributes.get("telltale.outcome") === "complete" ? "failed" : attributes.get("telltale.outcome"),
    status: attributes.get("http.response.status_code"),
    error: span.failed
      ? { type: String(attributes.get("error.type") ?? "error"), message: span.statusMessage }
      : undefined,
    ...(span.parentSpanId === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }),
    session: attributes.get("session.id"),
    user: attributes.get("user.id"),
    service,
    input: contentOf(attributes, "gen_ai.input.messages"),
    output: contentOf(attributes, "gen_ai.output.messages"),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as unknown as CallLine;
}

function contentOf(attributes: AttributeMap, name: string): unknown {
  const value = attributes.get(name);
  if (value === undefined) return undefined;
  try {
    return JSON.parse(String(value)) as unknown;
  } catch {
    return String(value);
  }
}
