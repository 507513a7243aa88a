import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billTrace } from "./billing.ts";
import type { SpanFacts } from "./span-facts.ts";
import { factsOfCall } from "./testing/facts-of-call.ts";

const MILLISECOND = 1_000_000n;

function span(
  spanId: string,
  parentSpanId: string,
  more: Partial<SpanFacts> & { tokens?: [number, number] } = {},
): SpanFacts {
  const { tokens, ...rest } = more;
  const counted = tokens && { inputTokens: tokens[0], outputTokens: tokens[1] };
  return factsOfCall(spanId, { parentSpanId, ...counted, ...rest });
}

function bill(...spans: SpanFacts[]): { [spanId: string]: string } {
  const decided = billTrace(new Map(spans.map((one) => [one.spanId, one])));
  return Object.fromEntries(spans.map((one) => [one.spanId, decided.get(one) ?? "none"]));
}

describe("billTrace", () => {
  it("counts the steps of an agent and not the sum on its root", () => {
    const bills = bill(
      span("root", "", { kind: "agent", tokens: [30, 12] }),
      span("step", "root", { kind: "workflow" }),
      span("a", "step", { tokens: [10, 5] }),
      span("b", "step", { tokens: [20, 7] }),
    );
    expect(bills).toEqual({ root: "aggregate", step: "none", a: "billed", b: "billed" });
  });

  it("takes a parent that repeats its only child's usage for the same call", () => {
    expect(bill(span("outer", "", { tokens: [10, 5] }), span("inner", "outer", { tokens: [10, 5] }))).toEqual({
      outer: "shadow",
      inner: "billed",
    });
  });

  it("matches two layers by the answer's id although they count the cache differently", () => {
    const bills = bill(
      span("outer", "", { tokens: [18, 5], responseId: "msg_1" }),
      span("inner", "outer", { tokens: [658, 5], responseId: "msg_1" }),
    );
    expect(bills).toEqual({ outer: "shadow", inner: "billed" });
  });

  it("bills both of two calls that a fake server gave one id, when they do not overlap", () => {
    const later = { startTime: 500n * MILLISECOND, endTime: 600n * MILLISECOND };
    const bills = bill(
      span("root", "", { kind: "agent" }),
      span("a", "root", { tokens: [10, 5], responseId: "chatcmpl-1" }),
      span("b", "root", { tokens: [10, 5], responseId: "chatcmpl-1", ...later }),
    );
    expect(bills).toEqual({ root: "none", a: "billed", b: "billed" });
  });

  it("bills concurrent calls of one library, although a fake server gave one id to all", () => {
    const call = (spanId: string): SpanFacts => span(spanId, "root", { tokens: [10, 5], responseId: "chatcmpl-1" });
    expect(bill(span("root", "", { kind: "agent" }), call("a"), call("b"))).toEqual({
      root: "none",
      a: "billed",
      b: "billed",
    });
  });

  it("bills one of two siblings that two libraries tell of one answer at the same time", () => {
    const bills = bill(
      span("a", "x", { tokens: [10, 5], responseId: "r" }),
      span("b", "x", { tokens: [10, 5], responseId: "r", scopeName: "other" }),
    );
    expect(Object.values(bills).toSorted()).toEqual(["billed", "shadow"]);
  });

  it("bills a model call and the different call that a tool inside it made", () => {
    const bills = bill(
      span("outer", "", { tokens: [5000, 300], responseId: "r1" }),
      span("tool", "outer", { kind: "tool" }),
      span("inner", "tool", { tokens: [100, 20], responseId: "r2" }),
    );
    expect(bills).toEqual({ outer: "billed", tool: "none", inner: "billed" });
  });

  it("does not bill a refused call, but does one whose tokens nobody told", () => {
    expect(bill(span("refused", "", { status: "error", answered: false }))).toEqual({ refused: "none" });
    expect(bill(span("stream", ""))).toEqual({ stream: "billed" });
    expect(bill(span("a", "", { status: "error", answered: false }), span("b", "", {}))).toEqual({
      a: "none",
      b: "billed",
    });
  });

  it("survives a cycle of parents", () => {
    const bills = bill(
      span("a", "b", { tokens: [1, 1] }),
      span("b", "a", { tokens: [2, 2] }),
      span("c", "c", { tokens: [3, 3] }),
    );
    expect(Object.keys(bills)).toHaveLength(3);
  });

  it("does not depend on the order of arrival, and a call in a chain of wrappers is billed once", () => {
    const wrappers = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(fc.array(wrappers, { minLength: 1, maxLength: 8 }), fc.integer(), (depths, seed) => {
        const spans: SpanFacts[] = [span("root", "", { kind: "workflow" })];
        depths.forEach((depth, call) => {
          const tokens: [number, number] = [100 + call, 10 + call];
          let parent = "root";
          for (let level = 0; level <= depth; level++) {
            const id = `call${call}-${level}`;
            spans.push(span(id, parent, { tokens, responseId: `r${call}` }));
            parent = id;
          }
        });
        const shuffled = spans.toSorted(
          (a, b) =>
            ((a.name.length * 31 + seed) % 7) - ((b.name.length * 31 + seed) % 7) || (a.spanId < b.spanId ? 1 : -1),
        );
        const bills = bill(...shuffled);
        expect(bills).toEqual(bill(...spans));
        expect(Object.values(bills).filter((state) => state === "billed")).toHaveLength(depths.length);
        depths.forEach((depth, call) => expect(bills[`call${call}-${depth}`]).toBe("billed"));
      }),
    );
  });

  it("bills a chain of 20,000 spans without overflowing", () => {
    const spans = Array.from({ length: 20_000 }, (_, index) =>
      span(`s${index}`, index === 0 ? "" : `s${index - 1}`, { kind: "span" }),
    );
    spans.push(
      span("leaf", "s19999", { tokens: [1, 1] }),
      span("leaf2", "s19999", { tokens: [1, 1], responseId: "x" }),
    );
    expect(bill(...spans)).toMatchObject({ leaf: "billed", leaf2: "billed" });
  });
});
