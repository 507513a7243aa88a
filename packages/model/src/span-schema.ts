import * as z from "zod/mini";
import type { AttributeValue, Attributes } from "./attribute.ts";
import type { Cost } from "./cost.ts";
import { costLineSchema } from "./cost.ts";
import { COST_REASONS } from "./cost-reason.ts";
import { spanIdSchema, traceIdSchema } from "./id-schema.ts";
import { type Content, messageSchema, retrievedDocumentSchema } from "./message.ts";
import type { Span, SpanEvent, SpanLink } from "./span.ts";
import { spanKindSchema } from "./span-kind-schema.ts";
import { usageLineSchema } from "./usage-schema.ts";

const text = z.string();
const optionalText = z.optional(z.string());
const instant = z.bigint().check(z.nonnegative());

/** Validates one attribute value, however deep. */
export const attributeValueSchema: z.ZodMiniType<AttributeValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.bigint(),
    z.boolean(),
    z.null(),
    z.instanceof(Uint8Array),
    z.array(attributeValueSchema),
    z.map(z.string(), attributeValueSchema),
  ]),
);

/** Validates attributes: a Map, never a plain object. */
export const attributesSchema: z.ZodMiniType<Attributes> = z.map(z.string(), attributeValueSchema);

/** Validates what went in or came out. */
export const contentSchema: z.ZodMiniType<Content> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("messages"), messages: z.array(messageSchema) }),
  z.object({ type: z.literal("documents"), documents: z.array(retrievedDocumentSchema) }),
  z.object({ type: z.literal("json"), value: z.json() }),
  z.object({ type: z.literal("text"), text }),
  z.object({ type: z.literal("masked") }),
]);

/** Validates a cost and its lines. */
export const costSchema: z.ZodMiniType<Cost> = z.object({
  nanos: z.optional(z.bigint()),
  currency: text.check(z.regex(/^[A-Z]{3}$/)),
  lines: z.array(costLineSchema),
  reason: z.optional(z.enum(COST_REASONS)),
  reported: z.optional(z.object({ nanos: z.bigint(), source: text })),
});

const eventSchema: z.ZodMiniType<SpanEvent> = z.object({ name: text, time: instant, attributes: attributesSchema });

const linkSchema: z.ZodMiniType<SpanLink> = z.object({
  traceId: traceIdSchema,
  spanId: spanIdSchema,
  attributes: attributesSchema,
});

/** Validates a canonical span; strict, so that a misspelt field is an error. */
export const spanSchema: z.ZodMiniType<Span> = z.strictObject({
  traceId: traceIdSchema,
  spanId: spanIdSchema,
  parentSpanId: z.optional(spanIdSchema),
  project: text.check(z.minLength(1)),
  serviceName: text,
  name: text,
  kind: spanKindSchema,
  operation: optionalText,
  startTime: instant,
  endTime: z.optional(instant),
  status: z.enum(["unset", "ok", "error"]),
  errorType: optionalText,
  errorMessage: optionalText,
  provider: optionalText,
  requestModel: optionalText,
  responseModel: optionalText,
  responseId: optionalText,
  serviceTier: optionalText,
  usage: z.array(usageLineSchema),
  cost: z.optional(costSchema),
  input: z.optional(contentSchema),
  output: z.optional(contentSchema),
  finishReason: optionalText,
  timeToFirstToken: z.optional(z.bigint().check(z.nonnegative())),
  sessionId: optionalText,
  userId: optionalText,
  tags: z.array(text),
  agentName: optionalText,
  toolName: optionalText,
  toolCallId: optionalText,
  promptName: optionalText,
  promptVersion: optionalText,
  attributes: attributesSchema,
  resource: attributesSchema,
  scopeName: text,
  scopeVersion: text,
  events: z.array(eventSchema),
  links: z.array(linkSchema),
  dialect: text,
});
