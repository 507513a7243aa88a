import type { SpanDetail } from "@telltale/server/api-types";
import { describe, expect, it } from "vitest";
import { callCost, spanFixture } from "../fixture/span-fixture.ts";
import { supportRun } from "../fixture/support-run.ts";
import { traceFixture } from "../fixture/trace-fixture.ts";
import { findSameCall } from "./same-call.ts";
import { spanFacts } from "./span-facts.ts";
import { buildTraceIndex } from "./trace-index.ts";
import { nextFailed, searchSpans } from "./trace-search.ts";
import { totalsByModel } from "./trace-totals.ts";

const traceId = "a".repeat(32);
const root = spanFixture({ traceId, spanId: "1".repeat(16), name: "run", kind: "agent", startTime: 0, endTime: 100 });
const call = spanFixture({
  ...root,
  spanId: "2".repeat(16),
  parentSpanId: root.spanId,
  name: "chat",
  kind: "llm",
  startTime: 10,
  endTime: 60,
  responseModel: "gpt-4o",
  billing: "billed",
  ...callCost("gpt-4o", 1000, 0, 100),
});

function partOf(cost: SpanDetail["cost"]): SpanDetail["cost"] {
  return cost && { ...cost, reason: "partial-usage" };
}

describe("totals by model", () => {
  it("add up exactly what the summary says", () => {
    const { skeleton, summary } = supportRun({ seed: 2, startTime: 0 });
    const totals = totalsByModel(skeleton);
    expect(totals.map(({ model }) => model)).toEqual(["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]);
    const sum = totals.reduce((nanos, total) => nanos + (total.costNanos ?? 0n), 0n);
    expect(String(sum)).toBe(summary.costNanos);
    expect(totals.reduce((count, total) => count + total.calls, 0)).toBe(summary.llmCalls);
  });

  it("leave out what is not billed, and count what has no price", () => {
    const shadow = { ...call, spanId: "3".repeat(16), billing: "shadow" as const };
    const local = { ...call, spanId: "4".repeat(16), ...callCost("llama", 10, 0, 5), responseModel: "llama" };
    const totals = totalsByModel(traceFixture([root, call, shadow, local]).skeleton);
    expect(totals).toEqual([
      { model: "gpt-4o", calls: 1, inputTokens: 1000, outputTokens: 100, costNanos: 3_500_000n, unpricedCalls: 0 },
      { model: "llama", calls: 1, inputTokens: 10, outputTokens: 5, costNanos: null, unpricedCalls: 1 },
    ]);
  });

  it("sum what is known of a call that was told in part, and count it as one that is not wholly known", () => {
    const told = callCost("gpt-4o", 1000, 0, 0);
    const part = { ...call, spanId: "3".repeat(16), usage: told.usage, cost: partOf(told.cost) };
    const { skeleton, summary } = traceFixture([root, call, part]);
    expect(totalsByModel(skeleton)).toMatchObject([{ calls: 2, costNanos: 6_000_000n, unpricedCalls: 1 }]);
    expect(summary.unpricedCalls).toBe(1);
    expect([0, 1, 2].map((span) => spanFacts(skeleton, span).isLowerBound)).toEqual([false, false, true]);
  });
});

describe("the same call", () => {
  it("of a shadow above is found below it, by its tokens", () => {
    const shadow = { ...call, spanId: "3".repeat(16), billing: "shadow" as const, startTime: 5, endTime: 70 };
    const inner = { ...call, parentSpanId: shadow.spanId };
    const other = { ...call, spanId: "5".repeat(16), ...callCost("gpt-4o", 7, 0, 1) };
    const index = buildTraceIndex(traceFixture([root, shadow, inner, other]).skeleton);
    expect(findSameCall(index, index.find(shadow.spanId) ?? -1)).toBe(index.find(inner.spanId));
  });

  it("is not made up", () => {
    const shadow = { ...call, spanId: "3".repeat(16), billing: "shadow" as const, ...callCost("gpt-4o", 9, 0, 9) };
    const index = buildTraceIndex(traceFixture([root, call, shadow]).skeleton);
    expect(findSameCall(index, index.find(shadow.spanId) ?? -1)).toBeUndefined();
  });
});

describe("search in a trace", () => {
  const { skeleton } = supportRun({ seed: 2, startTime: 0 });
  const index = buildTraceIndex(skeleton);

  it("looks at names, models, agents and shown text, in tree order", () => {
    expect(searchSpans(index, "ISSUE_refund").length).toBeGreaterThan(1);
    const places = searchSpans(index, "gpt-4o-mini").map((span) => index.place[span] ?? 0);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(searchSpans(index, "  ")).toEqual([]);
    expect(searchSpans(index, "no such words")).toEqual([]);
  });

  it("steps from failure to failure and round again", () => {
    const failed = [...index.failed].indexOf(1);
    expect(nextFailed(index, undefined)).toBe(failed);
    expect(nextFailed(index, failed)).toBe(failed);
    expect(nextFailed(buildTraceIndex(traceFixture([root]).skeleton), undefined)).toBeUndefined();
  });
});
