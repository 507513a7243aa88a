/**
 * Why what a call cost is not wholly known. `partial-usage`: nobody told its input tokens, or its output tokens, which
 * have a price; what was told is the least that it cost.
 */
export const COST_REASONS = ["no-usage", "no-model", "no-price", "partial-usage"] as const;

/** One of {@link COST_REASONS}. */
export type CostReason = (typeof COST_REASONS)[number];

interface KnownCost {
  readonly nanos?: bigint | undefined;
  readonly reason?: CostReason | undefined;
}

/** Whether all of what a span cost is known: an amount, and nothing that is missing from it. */
export function isWhollyKnown(cost: KnownCost | undefined): boolean {
  return cost?.nanos !== undefined && cost.reason === undefined;
}
