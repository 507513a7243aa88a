import { describe, expect, it } from "vitest";
import { quickStartTexts } from "./quick-start-texts.ts";
import { testTrace } from "./test-trace.ts";

describe("the quick start", () => {
  it("names the address that the pages came from", () => {
    const texts = quickStartTexts("http://telltale.internal:9000");
    expect(texts.map(({ name }) => name)).toEqual(["sdk", "otlp", "curl"]);
    for (const { text } of texts) expect(text).toContain("http://telltale.internal:9000");
  });

  it("needs no setting at the usual address", () => {
    expect(quickStartTexts("http://127.0.0.1:4318")[0]?.text).not.toContain("endpoint");
  });
});

interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

function spansOf(trace: unknown): TestSpan[] {
  const { resourceSpans } = trace as { resourceSpans: { scopeSpans: { spans: TestSpan[] }[] }[] };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

describe("the test trace", () => {
  it("is one tree with proper ids and times that end now", () => {
    const now = 1_764_000_000_123;
    const spans = spansOf(testTrace(now));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    const [root, ...others] = spans;
    expect(root?.parentSpanId).toBe("");
    expect(root?.endTimeUnixNano).toBe("1764000000123000000");
    for (const span of others) expect(span.parentSpanId).toBe(root?.spanId);
    for (const span of spans) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(BigInt(span.startTimeUnixNano) < BigInt(span.endTimeUnixNano)).toBe(true);
    }
  });

  it("is another one each time", () => {
    expect(spansOf(testTrace(0))[0]?.traceId).not.toBe(spansOf(testTrace(0))[0]?.traceId);
  });
});
