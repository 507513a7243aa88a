import { COST_BUCKETS, COST_REASONS, messageSchema, usageLineSchema } from "@telltale/model";
import * as z from "zod";
import type { ApiContent, SpanDetail } from "../api-types.ts";

const json = z.any().meta({ description: "Any JSON value" });
const attributes = z.record(z.string(), json);

const content: z.ZodType<ApiContent> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("messages"), messages: z.array(messageSchema) }),
  z.object({
    type: z.literal("documents"),
    documents: z.array(
      z.object({
        id: z.string().optional(),
        content: z.string().optional(),
        score: z.number().optional(),
        metadata: json.optional(),
      }),
    ),
  }),
  z.object({ type: z.literal("json"), value: json }),
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("masked") }),
]);

const cost = z.object({
  nanos: z.string().nullable(),
  currency: z.string(),
  lines: z.array(
    z.object({
      model: z.string(),
      bucket: z.enum(COST_BUCKETS),
      tokens: z.int(),
      nanosPerMillion: z.string(),
      price: z.string(),
      source: z.string(),
      tier: z.string().optional(),
    }),
  ),
  reason: z.enum(COST_REASONS).optional(),
  reported: z.object({ nanos: z.string(), source: z.string() }).optional(),
});

/** Describes everything about one span. */
export const spanDetailSchema: z.ZodType<SpanDetail> = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  project: z.string(),
  serviceName: z.string(),
  name: z.string(),
  kind: z.string(),
  operation: z.string(),
  startTime: z.number(),
  endTime: z.number().nullable(),
  status: z.enum(["unset", "ok", "error"]),
  errorType: z.string(),
  errorMessage: z.string(),
  provider: z.string(),
  requestModel: z.string(),
  responseModel: z.string(),
  responseId: z.string(),
  usage: z.array(usageLineSchema),
  cost: cost.nullable(),
  billing: z.enum(["billed", "aggregate", "shadow", "none"]),
  timeToFirstTokenMs: z.number().nullable(),
  finishReason: z.string(),
  sessionId: z.string(),
  userId: z.string(),
  tags: z.array(z.string()),
  agentName: z.string(),
  toolName: z.string(),
  toolCallId: z.string(),
  promptName: z.string(),
  promptVersion: z.string(),
  input: content.nullable(),
  output: content.nullable(),
  attributes,
  resource: attributes,
  scopeName: z.string(),
  scopeVersion: z.string(),
  events: z.array(z.object({ name: z.string(), time: z.number(), attributes })),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
  dialect: z.string(),
});
