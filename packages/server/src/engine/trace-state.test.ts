import { expect, it } from "vitest";
import type { SpanFacts } from "./span-facts.ts";
import { factsOfCall } from "./testing/facts-of-call.ts";
import { newTraceState, traceRowOf } from "./trace-state.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

function billed(spanId: string, inputTokens: number | null, outputTokens: number | null): SpanFacts {
  return factsOfCall(spanId, { inputTokens, outputTokens, billing: "billed" });
}

function tokensOf(...spans: readonly SpanFacts[]): (number | null)[] {
  const trace = newTraceState("default", TRACE, 0);
  for (const span of spans) trace.spans.set(span.spanId, span);
  const { input_tokens: input, output_tokens: output } = traceRowOf(trace, 1);
  return [input, output];
}

it("sums the tokens that were told, and says nothing of those that nobody told", () => {
  expect(tokensOf(billed("a", null, null))).toEqual([null, null]);
  expect(tokensOf(billed("a", 5, null), billed("b", 7, null))).toEqual([12, null]);
  expect(tokensOf(billed("a", null, 3), billed("b", null, null))).toEqual([null, 3]);
  expect(tokensOf(billed("a", 5, 0), billed("b", null, 3))).toEqual([5, 3]);
});
