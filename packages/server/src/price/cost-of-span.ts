import { type Cost, divideHalfEven, type Span } from "@telltale/model";
import { type CustomPrices, priceUsage } from "@telltale/rules";

/** What the price of a span depends on. */
export type PricedSpan = Pick<
  Span,
  "kind" | "usage" | "provider" | "requestModel" | "responseModel" | "serviceTier" | "startTime" | "endTime" | "cost"
>;

/** Kinds that a provider bills: without tokens, it is said why there is no cost. */
export const BILLED_KINDS: readonly Span["kind"][] = ["llm", "embedding", "rerank"];

/** What a span costs, what the sender reported kept beside it; `undefined` where there is nothing to bill. */
export function costOfSpan(span: PricedSpan, prices: CustomPrices | undefined): Cost | undefined {
  if (span.usage.length === 0 && !BILLED_KINDS.includes(span.kind)) return undefined;
  const milliseconds =
    span.endTime === undefined ? undefined : Number(divideHalfEven(span.endTime - span.startTime, 1_000_000n));
  const isTimed = milliseconds !== undefined && milliseconds >= 0;
  const computed = priceUsage({ ...span, time: span.startTime, ...(isTimed ? { milliseconds } : {}) }, prices);
  const reported = span.cost?.reported;
  return reported ? { ...computed, reported } : computed;
}
