import * as z from "zod/mini";
import type { CostReason } from "./cost-reason.ts";
import type { UsageBucket, UsageUnit } from "./usage.ts";
import { USAGE_BUCKETS, USAGE_UNITS } from "./usage.ts";

/** What one line of a cost is for; `millisecond` is the time of a call on a machine that is paid by time. */
export const COST_BUCKETS: readonly CostBucket[] = [...USAGE_BUCKETS, ...USAGE_UNITS, "request", "millisecond"];

/** One kind of thing that costs. */
export type CostBucket = UsageBucket | UsageUnit | "request" | "millisecond";

/**
 * One line of a computed cost: `tokens × nanosPerMillion / 10⁶`, with the price row that
 * was used. Lines are exact; only their sum per usage line is rounded, half to even.
 */
export interface CostLine {
  readonly model: string;
  readonly bucket: CostBucket;
  /** How many, of tokens or of what else the bucket counts. */
  readonly tokens: number;
  /** Nano-units of the currency for one million of them; always whole. */
  readonly nanosPerMillion: bigint;
  /** Which price row, e.g. `openai/gpt-4o@2024-08-06`. */
  readonly price: string;
  readonly source: string;
  readonly tier?: string;
}

/**
 * What a span cost and why. `nanos` is absent when it is unknown (no price, no usage), and `reason` then says which;
 * unknown is never 0. `nanos` with a `reason` is a lower bound. `reported` is what the sender claimed.
 */
export interface Cost {
  readonly nanos?: bigint;
  readonly currency: string;
  readonly lines: readonly CostLine[];
  readonly reason?: CostReason;
  readonly reported?: { readonly nanos: bigint; readonly source: string };
}

/** Validates a line of cost. */
export const costLineSchema: z.ZodMiniType<CostLine> = z.object({
  model: z.string(),
  bucket: z.enum(COST_BUCKETS),
  tokens: z.number().check(z.int(), z.nonnegative()),
  nanosPerMillion: z.bigint(),
  price: z.string(),
  source: z.string(),
  tier: z.optional(z.string()),
});
