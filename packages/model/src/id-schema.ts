import * as z from "zod/mini";
import { parseSpanId, parseTraceId, type SpanId, type TraceId } from "./ids.ts";

/** Validates a trace id as text. */
export const traceIdSchema: z.ZodMiniType<TraceId> = z.custom<TraceId>(
  (value) => typeof value === "string" && parseTraceId(value) === value,
  "a trace id is 32 lower-case hex digits, not all zero",
);

/** Validates a span id as text. */
export const spanIdSchema: z.ZodMiniType<SpanId> = z.custom<SpanId>(
  (value) => typeof value === "string" && parseSpanId(value) === value,
  "a span id is 16 lower-case hex digits, not all zero",
);
