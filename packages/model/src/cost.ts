import * as z from "zod/mini";
import type { UsageBucket } from "./usage.ts";
import { USAGE_BUCKETS } from "./usage.ts";

/**
 * One line of a computed cost: `tokens × nanosPerMillion / 10⁶`, with the price row that
 * was used. Lines are exact; only their sum per usage line is rounded, half to even.
 */
export interface CostLine {
  readonly model: string;
  readonly bucket: UsageBucket | "request";
  readonly tokens: number;
  /** Nano-units of the currency for one million tokens; always whole. */
  readonly nanosPerMillion: bigint;
  /** Which price row, e.g. `openai/gpt-4o@2024-08-06`. */
  readonly price: string;
  readonly source: string;
  readonly tier?: string;
}

/**
 * What a span cost and why. `nanos` is absent when it is unknown (no price, no usage), and
 * `reason` then says which; unknown is never 0. `reported` is what the sender claimed.
 */
export interface Cost {
  readonly nanos?: bigint;
  readonly currency: string;
  readonly lines: readonly CostLine[];
  readonly reason?: "no-usage" | "no-model" | "no-price";
  readonly reported?: { readonly nanos: bigint; readonly source: string };
}

/** Validates a line of cost. */
export const costLineSchema: z.ZodMiniType<CostLine> = z.object({
  model: z.string(),
  bucket: z.enum([...USAGE_BUCKETS, "request"]),
  tokens: z.number().check(z.int(), z.nonnegative()),
  nanosPerMillion: z.bigint(),
  price: z.string(),
  source: z.string(),
  tier: z.optional(z.string()),
});
