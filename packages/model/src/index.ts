export type { AttributeValue, Attributes } from "./attribute.ts";
export { type Cost, COST_BUCKETS, type CostBucket, type CostLine, costLineSchema } from "./cost.ts";
export { COST_REASONS, type CostReason, isWhollyKnown } from "./cost-reason.ts";
export {
  type AndFilter,
  type EverythingFilter,
  type Filter,
  type FilterCondition,
  type FilterOperator,
  filterSchema,
  type KnownFilter,
  type MatchFilter,
  type NotFilter,
  type NumberFilter,
  type OrFilter,
  type TextFilter,
} from "./filter.ts";
export type { FilterError } from "./filter-cursor.ts";
export {
  FILTER_FIELDS,
  type FilterField,
  filterFieldKey,
  type FilterFieldType,
  findFilterField,
  nearestFilterField,
} from "./filter-field.ts";
export { MAX_FILTER_LENGTH, parseFilter } from "./filter-parse.ts";
export { printFilter } from "./filter-print.ts";
export { type Finding, findingSchema } from "./finding.ts";
export { spanIdSchema, traceIdSchema } from "./id-schema.ts";
export { parseSpanId, parseTraceId, type SpanId, type TraceId } from "./ids.ts";
export {
  type Content,
  type Json,
  type Message,
  type MessagePart,
  messagePartSchema,
  messageSchema,
  type RetrievedDocument,
  retrievedDocumentSchema,
} from "./message.ts";
export { divideHalfEven, formatNanos, type Money, nanosFromDecimal, usd } from "./money.ts";
export { moneySchema } from "./money-schema.ts";
export { type Score, scoreSchema } from "./score.ts";
export {
  type Billing,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type SpanStatus,
} from "./span.ts";
export { spanKindSchema } from "./span-kind-schema.ts";
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
  USAGE_UNITS,
  type UsageUnit,
  type UsageUnits,
} from "./usage.ts";
export { usageLineSchema } from "./usage-schema.ts";
export { attributesSchema, attributeValueSchema, contentSchema, costSchema, spanSchema } from "./span-schema.ts";
