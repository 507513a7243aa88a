import {
  inputTokens,
  isInputBucket,
  outputTokens,
  type SpanKind,
  USAGE_BUCKETS,
  type UsageLine,
} from "@telltale/model";
import type { BucketPrices } from "./price-book.ts";

/** Whether a usage line tells no tokens of one side, input or output, that have a price: its cost is then a lower bound. */
export function hasUntoldSide(usage: UsageLine, prices: BucketPrices, kind: SpanKind | undefined): boolean {
  const { input, output } = usage.buckets;
  if (input !== undefined && output !== undefined) return false;
  if (inputTokens([usage]) === undefined && hasPrice(prices, true)) return true;
  // What an embedding or a reranking answers is no text of tokens, though some price lists have a price for it.
  if (kind === "embedding" || kind === "rerank") return false;
  return outputTokens([usage]) === undefined && hasPrice(prices, false);
}

function hasPrice(prices: BucketPrices, isInput: boolean): boolean {
  return USAGE_BUCKETS.some((bucket) => isInputBucket(bucket) === isInput && (prices[bucket] ?? 0) > 0);
}
