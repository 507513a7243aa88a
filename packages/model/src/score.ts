import * as z from "zod/mini";
import type { SpanId, TraceId } from "./ids.ts";
import { spanIdSchema, traceIdSchema } from "./id-schema.ts";

/**
 * A judgement of a span or a whole trace. `value` null means that judging failed or did not
 * apply, which is not 0; `explanation` then says why.
 */
export interface Score {
  readonly name: string;
  readonly value: number | null;
  readonly label?: string;
  readonly explanation?: string;
  readonly source: "code" | "llm" | "human" | "api";
  readonly traceId: TraceId;
  readonly spanId?: SpanId;
}

/** Validates a score. */
export const scoreSchema: z.ZodMiniType<Score> = z.object({
  name: z.string().check(z.minLength(1)),
  value: z.nullable(z.number()),
  label: z.optional(z.string()),
  explanation: z.optional(z.string()),
  source: z.enum(["code", "llm", "human", "api"]),
  traceId: traceIdSchema,
  spanId: z.optional(spanIdSchema),
});
