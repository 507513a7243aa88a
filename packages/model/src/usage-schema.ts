import * as z from "zod/mini";
import { USAGE_BUCKETS, USAGE_UNITS, type UsageLine } from "./usage.ts";

const tokens = z.number().check(z.int(), z.nonnegative());

/** Validates one line of usage. */
export const usageLineSchema: z.ZodMiniType<UsageLine> = z.object({
  model: z.optional(z.string()),
  buckets: z.partialRecord(z.enum(USAGE_BUCKETS), tokens),
  units: z.optional(z.partialRecord(z.enum(USAGE_UNITS), tokens)),
  quality: z.optional(z.enum(["reported", "inferred", "estimated"])),
});
