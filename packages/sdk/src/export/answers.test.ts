import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { exportCounts, flush, withSpan } from "../index.ts";
import { readSpans } from "../testing/read-spans.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";
import { partialSuccessOf, retryInfoOf } from "./read-answer.ts";

const { sink, start } = useSpanSink({ appName: "tests" });

function makeSpans(count: number, content = ""): void {
  for (let index = 0; index < count; index++) withSpan(`span ${index}`, () => content);
}

/** ExportTraceServiceResponse.partial_success: rejected_spans 2, error_message "no". */
const PARTIAL = Buffer.from([0x0a, 6, 0x08, 2, 0x12, 2, 0x6e, 0x6f]);

describe("an answer", () => {
  it("with partial success is never sent again, and what it left out is counted", async () => {
    sink.answers.push({ status: 200, body: PARTIAL, take: true });
    start();
    makeSpans(5);
    await flush();
    expect(sink.attempts).toBe(1);
    expect(exportCounts()).toMatchObject({ sent: 3, droppedRejected: 2, queued: 0 });
  });

  it("that names its time is asked again then, not before", async () => {
    sink.answers.push({ status: 429, headers: { "retry-after": "1" } });
    start();
    makeSpans(1);
    const begun = Date.now();
    await flush();
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1000);
    expect(exportCounts()).toMatchObject({ sent: 1 });
  });

  it.each([400, 401, 403, 404, 500, 501])("of status %s is the last one", async (status) => {
    sink.answers.push({ status });
    start();
    makeSpans(2);
    await flush();
    // Their sums go another way.
    expect(sink.attempts - sink.metrics.length).toBe(1);
    expect(exportCounts()).toMatchObject({ sent: 0, droppedRefused: 2 });
  });

  it.each([429, 502, 503, 504])("of status %s is followed by another attempt", async (status) => {
    sink.answers.push({ status });
    start();
    makeSpans(2);
    await flush();
    expect(sink.attempts).toBe(2);
    expect(exportCounts()).toMatchObject({ sent: 2, droppedRefused: 0 });
  });

  it("that a request is too large costs only the span that is", async () => {
    sink.rule = (body) => (body.length > 30_000 ? { status: 413 } : undefined);
    start();
    for (let index = 0; index < 40; index++) withSpan(`span ${index}`, () => "x".repeat(index === 17 ? 40_000 : 3000));
    await flush();
    expect(exportCounts()).toMatchObject({ sent: 39, droppedRefused: 1, queued: 0 });
    const expected = Array.from({ length: 40 }, (_, index) => `span ${index}`).filter((name) => name !== "span 17");
    expect(sink.spans.map(({ name }) => name)).toEqual(expected);
  });

  it("of any bytes is no reason to fail", () => {
    for (let index = 0; index < 500; index++) {
      const bytes = randomBytes(index % 40);
      expect(partialSuccessOf(bytes, false).rejected).toBeGreaterThanOrEqual(0);
      expect(partialSuccessOf(bytes, true)).toEqual({ rejected: 0, message: "" });
      retryInfoOf(bytes);
    }
    const told = '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"why"}}';
    expect(partialSuccessOf(Buffer.from(told), true)).toEqual({ rejected: 3, message: "why" });
  });
});

describe("a span that is too large", () => {
  it("is shortened, says so and costs its neighbours nothing", async () => {
    start({ maxSpanBytes: 100_000 });
    makeSpans(1);
    withSpan("large", { kind: "agent", input: "y".repeat(90_000), attributes: { small: "kept" } }, (span) => {
      span.setOutput("é".repeat(300_000));
    });
    makeSpans(1);
    await flush();
    expect(sink.spans.map(({ name }) => name)).toEqual(["span 0", "large", "span 0"]);
    const large = sink.spans[1]?.attributes ?? {};
    expect(large).toMatchObject({ small: "kept", "telltale.span.kind": "agent" });
    expect(large["telltale.shortened"]).toEqual(expect.arrayContaining(["gen_ai.output.messages"]));
    const [message] = JSON.parse(String(large["gen_ai.output.messages"])) as { parts: { content: string }[] }[];
    expect(message?.parts[0]?.content).toMatch(/^é+…\[\d+ bytes left out\]$/);
    expect(sink.requests[0]?.body.length).toBeLessThan(110_000);
    expect(exportCounts()).toMatchObject({ sent: 3, shortened: 1 });
  });

  it("by its name, its message or thousands of small things is still a span", async () => {
    start({ maxSpanBytes: 65_536 });
    const attributes = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`key ${index}`, "v".repeat(500)]),
    );
    withSpan("many", { attributes }, () => {});
    withSpan("n".repeat(200_000), () => {});
    expect(() => withSpan("failed", () => fail("m".repeat(200_000)))).toThrow("mmm");
    await flush();
    expect(sink.spans.map(({ name }) => name.slice(0, 6))).toEqual(["many", "nnnnnn", "failed"]);
    expect(sink.requests[0]?.body.length).toBeLessThan(4 * 65_536);
    expect(exportCounts()).toMatchObject({ sent: 3, shortened: 3 });
  });
});

function fail(message: string): never {
  throw new Error(message);
}

describe("limits of OpenTelemetry", () => {
  it("hold where the environment sets them, and what they leave out is counted in the span", async () => {
    Object.assign(process.env, { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "10", OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "4" });
    start();
    delete process.env["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"];
    delete process.env["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT"];
    withSpan("x", { kind: "task", attributes: { a: "0123456789ab", b: ["0123456789ab"], c: 1, d: 2, e: 3 } }, () => {});
    await flush();
    const [span] = readSpans(sink.requests[0]?.body ?? Buffer.alloc(0));
    expect(span?.attributes).toEqual({ "telltale.span.kind": "task", a: "0123456789", b: ["0123456789"], c: 1 });
    // Span.dropped_attributes_count = 10: a varint of 2.
    expect(sink.requests[0]?.body.includes(Buffer.from([0x50, 2]))).toBe(true);
  });
});
