import { divideHalfEven, type Span } from "@telltale/model";
import { priceUsage } from "@telltale/rules";
import { currentPrices } from "../price/current-prices.ts";
import type { Processor } from "../processor.ts";

/** Kinds that a provider bills: without tokens, it is said why there is no cost. */
const BILLED_KINDS = new Set(["llm", "embedding", "rerank"]);

/** Works out what the tokens of a span cost; what the sender reported stays beside it. */
export const price: Processor = { name: "price", create: () => priceSpan };

function priceSpan(span: Span): Span {
  if (span.usage.length === 0 && !BILLED_KINDS.has(span.kind)) return span;
  const milliseconds =
    span.endTime === undefined ? undefined : Number(divideHalfEven(span.endTime - span.startTime, 1_000_000n));
  const isTimed = milliseconds !== undefined && milliseconds >= 0;
  const call = { ...span, time: span.startTime, ...(isTimed ? { milliseconds } : {}) };
  const computed = priceUsage(call, currentPrices());
  const reported = span.cost?.reported;
  return { ...span, cost: reported ? { ...computed, reported } : computed };
}
