import * as z from "zod/mini";
import type { SpanId, TraceId } from "./ids.ts";
import { spanIdSchema, traceIdSchema } from "./id-schema.ts";

/** Something a detector saw going wrong; `spanIds` are the evidence, in order. */
export interface Finding {
  readonly detector: string;
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
  readonly traceId: TraceId;
  readonly spanIds: readonly SpanId[];
}

/** Validates a finding. */
export const findingSchema: z.ZodMiniType<Finding> = z.object({
  detector: z.string().check(z.minLength(1)),
  severity: z.enum(["info", "warning", "error"]),
  message: z.string(),
  traceId: traceIdSchema,
  spanIds: z.array(spanIdSchema),
});
