import type { Attributes } from "./attribute.ts";
import type { Cost } from "./cost.ts";
import type { SpanId, TraceId } from "./ids.ts";
import type { Content } from "./message.ts";
import type { Duration, Instant } from "./time.ts";
import type { UsageLine } from "./usage.ts";

/** What a span stands for; `span` is anything that is not part of an LLM program's vocabulary. */
export const SPAN_KINDS = [
  "workflow",
  "agent",
  "llm",
  "embedding",
  "rerank",
  "retrieval",
  "tool",
  "mcp",
  "memory",
  "guardrail",
  "evaluation",
  "prompt",
  "handoff",
  "span",
] as const;

/** One of {@link SPAN_KINDS}. */
export type SpanKind = (typeof SPAN_KINDS)[number];

/** OpenTelemetry's span status. */
export type SpanStatus = "unset" | "ok" | "error";

/** Something that happened during a span. */
export interface SpanEvent {
  readonly name: string;
  readonly time: Instant;
  readonly attributes: Attributes;
}

/** A pointer to another span. */
export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly attributes: Attributes;
}

/** Where a span's usage stands in the totals; only `billed` counts. */
export type Billing = "billed" | "aggregate" | "shadow" | "none";

/**
 * The canonical span: every dialect is translated into this, once, and nothing behind the
 * translation knows a foreign attribute name. Absent means that nobody told.
 */
export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId?: SpanId;
  readonly project: string;
  readonly serviceName: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** `gen_ai.operation.name` or its nearest equal. */
  readonly operation?: string;
  readonly startTime: Instant;
  /** Absent while the span runs. */
  readonly endTime?: Instant;
  readonly status: SpanStatus;
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** As `gen_ai.provider.name` spells it: openai, anthropic, azure.ai.openai, … */
  readonly provider?: string;
  readonly requestModel?: string;
  readonly responseModel?: string;
  /** The provider's id of the answer; the surest sign that two spans tell of one call. */
  readonly responseId?: string;
  readonly serviceTier?: string;
  readonly usage: readonly UsageLine[];
  readonly cost?: Cost;
  readonly input?: Content;
  readonly output?: Content;
  readonly finishReason?: string;
  readonly timeToFirstToken?: Duration;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly tags: readonly string[];
  readonly agentName?: string;
  readonly toolName?: string;
  readonly toolCallId?: string;
  readonly promptName?: string;
  readonly promptVersion?: string;
  /** Everything the dialect did not turn into a field above, as sent. */
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  /** Which dialect translated it, and in which version: `openinference/1`. */
  readonly dialect: string;
}
