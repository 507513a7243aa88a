import type { EstimatedShare } from "./repricing.ts";

/** What a sum of money is made of. Money and counts as decimal text. */
export interface CostExplanation {
  /** The sum of what is known of the billed calls. */
  totalNanos: string;
  calls: number;
  /** Billed calls whose cost is not wholly known: the sum is a lower bound. */
  unpricedCalls: number;
  /** What rounding each usage line to a nano-dollar added to the exact sum of the lines. */
  roundingNanos: string;
  lines: {
    model: string;
    bucket: string;
    /** Tokens, or what else the bucket counts. */
    count: string;
    calls: number;
    nanosPerMillion: string;
    nanos: string;
    /** The price row with its first day: `openai/o3@2025-06-10`. */
    price: string;
    source: string;
    /** Empty for the standard one. */
    tier: string;
  }[];
  /** Those calls, and why. Of `partial-usage` the lines have what was told; of the others they have nothing. */
  unknown: { model: string; reason: string; calls: number }[];
  /** Estimates that were made when the calls came in, by opt-in: in no sum. Null where there are none. */
  estimated: EstimatedShare | null;
  /** Calls whose tokens their sender had counted itself, and not the provider: they are in the sums. */
  estimatedBySender: EstimatedShare | null;
  /** What senders claimed that their calls cost, for comparison: in no sum. Null where none did. */
  reported: { calls: number; nanos: string } | null;
}
