import { currentTokenizers } from "../estimate/current-tokenizers.ts";
import { estimateSpan } from "../estimate/estimate-span.ts";
import { currentPrices } from "../price/current-prices.ts";
import type { Processor } from "../processor.ts";

/** Counts the text of calls of which nobody told the tokens; what comes of it is apart from usage and cost. Only by opt-in. */
export const estimate: Processor = {
  name: "estimate",
  create: () => (span) => estimateSpan(span, currentTokenizers(), currentPrices()),
};
