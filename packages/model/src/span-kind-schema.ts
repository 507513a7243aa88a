import * as z from "zod/mini";
import { SPAN_KINDS, type SpanKind } from "./span.ts";

/** Validates a kind. */
export const spanKindSchema: z.ZodMiniType<SpanKind> = z.enum(SPAN_KINDS);
