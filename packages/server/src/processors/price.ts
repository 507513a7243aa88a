import type { Span } from "@telltale/model";
import { costOfSpan } from "../price/cost-of-span.ts";
import { currentPrices } from "../price/current-prices.ts";
import type { Processor } from "../processor.ts";

/** Works out what the tokens of a span cost; what the sender reported stays beside it. */
export const price: Processor = { name: "price", create: () => priceSpan };

function priceSpan(span: Span): Span {
  const cost = costOfSpan(span, currentPrices());
  return cost ? { ...span, cost } : span;
}
