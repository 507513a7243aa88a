import { keptCostIn } from "../kept-cost.ts";
import type { SpanFacts } from "../span-facts.ts";

/** Facts of a model call of which nobody told tokens or cost, and whatever else a test says of it. */
export function factsOfCall(spanId: string, more: Partial<SpanFacts> = {}): SpanFacts {
  return {
    spanId,
    parentSpanId: "",
    row: 0,
    fingerprint: 0,
    kind: "llm",
    name: spanId,
    serviceName: "",
    scopeName: "lib",
    status: "ok",
    startTime: 0n,
    endTime: 100_000_000n,
    responseId: "",
    provider: "openai",
    model: "gpt-4o",
    agentName: "",
    userId: "",
    hour: 0,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    costNanos: null,
    cost: keptCostIn("", ""),
    answered: true,
    billing: "none",
    ...more,
  };
}
