import type { Span } from "@telltale/model";
import { priceUsage } from "@telltale/rules";
import type { Processor } from "../processor.ts";

/** Kinds that a provider bills: without tokens, it is said why there is no cost. */
const BILLED_KINDS = new Set(["llm", "embedding", "rerank"]);

/** Works out what the tokens of a span cost; what the sender reported stays beside it. */
export const price: Processor = { name: "price", create: () => priceSpan };

function priceSpan(span: Span): Span {
  if (span.usage.length === 0 && !BILLED_KINDS.has(span.kind)) return span;
  const computed = priceUsage({ ...span, time: span.startTime });
  const reported = span.cost?.reported;
  return { ...span, cost: reported ? { ...computed, reported } : computed };
}
