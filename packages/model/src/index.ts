export type { AttributeValue, Attributes } from "./attribute.ts";
export { type Cost, type CostLine, costLineSchema } from "./cost.ts";
export { type Finding, findingSchema } from "./finding.ts";
export { parseSpanId, parseTraceId, type SpanId, spanIdSchema, type TraceId, traceIdSchema } from "./ids.ts";
export {
  type Content,
  type Json,
  type Message,
  type MessagePart,
  messagePartSchema,
  messageSchema,
  type RetrievedDocument,
} from "./message.ts";
export { divideHalfEven, formatNanos, type Money, moneySchema, nanosFromDecimal, usd } from "./money.ts";
export { type Score, scoreSchema } from "./score.ts";
export {
  type Billing,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanKind,
  spanKindSchema,
  type SpanLink,
  type SpanStatus,
} from "./span.ts";
export {
  type Duration,
  durationBetween,
  formatInstant,
  fromMilliseconds,
  type Instant,
  NANOS_PER_MILLISECOND,
  toMilliseconds,
} from "./time.ts";
export {
  bucketTokens,
  inputTokens,
  isInputBucket,
  outputTokens,
  USAGE_BUCKETS,
  type UsageBucket,
  type UsageBuckets,
  type UsageLine,
  usageLineSchema,
} from "./usage.ts";
