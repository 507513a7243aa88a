import { createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportCounts, flush, shutdown, withSpan } from "../index.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";
import { retryAfter } from "./http-answer.ts";

const { sink, start } = useSpanSink({ appName: "tests" });

function makeSpans(count: number): void {
  for (let index = 0; index < count; index++) withSpan(`span ${index}`, () => {});
}

describe("sending", () => {
  it("goes in one request by the second, without anybody asking", async () => {
    start();
    makeSpans(20);
    expect(sink.requests).toHaveLength(0);
    await expect.poll(() => sink.requests.length, { timeout: 5000 }).toBe(1);
    expect(sink.spans.map(({ name }) => name)).toEqual(Array.from({ length: 20 }, (_, index) => `span ${index}`));
    expect(sink.requests[0]).toMatchObject({
      path: "/v1/traces",
      headers: { "content-type": "application/x-protobuf", "user-agent": expect.stringMatching(/^telltale/) as string },
    });
  });

  it("closes a request at 512 spans and keeps their order", async () => {
    start();
    makeSpans(1300);
    await flush();
    expect(sink.requests.map(({ spans }) => spans.length)).toEqual([512, 512, 276]);
    expect(sink.spans.map(({ name }) => name)).toEqual(Array.from({ length: 1300 }, (_, index) => `span ${index}`));
  });

  it("compresses when asked, and sends the headers it was given", async () => {
    start({ compression: "gzip", headers: { authorization: "Bearer x" } });
    makeSpans(3);
    await flush();
    expect(sink.requests[0]?.headers).toMatchObject({ "content-encoding": "gzip", authorization: "Bearer x" });
    expect(sink.spans).toHaveLength(3);
  });

  it("tries again when the server is busy, closes the connection or has an error of passage", async () => {
    sink.answers.push({ status: 429, headers: { "retry-after": "0" } }, { status: "drop" }, { status: 503 });
    start();
    makeSpans(5);
    await flush();
    expect(sink.spans).toHaveLength(5);
    expect(exportCounts()).toMatchObject({ sent: 5, queued: 0, droppedRefused: 0 });
  });

  it("does not repeat what was refused, and counts it", async () => {
    sink.answers.push({ status: 400 });
    start();
    makeSpans(2);
    await flush();
    makeSpans(1);
    await flush();
    expect(sink.spans).toHaveLength(1);
    expect(exportCounts()).toMatchObject({ sent: 1, droppedRefused: 2 });
  });

  it("drops new spans above its bytes, counts them and goes on afterwards", async () => {
    start({ maxQueueBytes: 50_000 });
    await flush();
    for (let index = 0; index < 10; index++) withSpan("big", () => "x".repeat(9000));
    expect(exportCounts()).toMatchObject({ queued: 5, droppedQueueFull: 5 });
    await flush();
    makeSpans(1);
    await flush();
    expect(exportCounts()).toMatchObject({ sent: 6, queued: 0, droppedQueueFull: 5 });
  });

  it("gives up a flush in its time when the server never answers", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    start({ endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}` });
    makeSpans(1);
    await flush(100);
    expect(exportCounts()).toMatchObject({ sent: 0, queued: 1 });
    await shutdown(100);
    silent.close();
  });

  it("takes odd names and values for what they are, and their neighbours as ever", async () => {
    start();
    makeSpans(1);
    const odd = { x: Symbol("none"), y: { z: 1 }, good: "yes" } as unknown as Record<string, string>;
    withSpan("odd", { attributes: odd }, () => {});
    withSpan(undefined as unknown as string, () => {});
    withSpan("\ud800 broken text", (span) => span.setAttribute("\ud800", "\udc00"));
    makeSpans(1);
    await flush();
    expect(sink.spans.map(({ name }) => name)).toEqual(["span 0", "odd", "undefined", "\ufffd broken text", "span 0"]);
    expect(sink.spans[1]?.attributes["good"]).toBe("yes");
    expect(sink.spans[1]?.attributes).not.toHaveProperty("x");
  });

  it("adds nothing after shutdown, and starts again", async () => {
    start();
    makeSpans(1);
    await shutdown();
    makeSpans(1);
    expect(exportCounts()).toBeUndefined();
    start();
    makeSpans(1);
    await flush();
    expect(sink.spans).toHaveLength(2);
  });
});

describe("what is sent", () => {
  it("holds any attribute that a program can set", async () => {
    // Some of the numbers have the form of a card's.
    start({ redact: false });
    const value = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.array(fc.string()),
    );
    const set = fc.dictionary(fc.string({ minLength: 1 }), value, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(set, fc.string(), async (attributes, name) => {
        sink.clear();
        withSpan(name, { attributes }, () => {});
        await flush();
        expect(sink.spans[0]?.name).toBe(name.toWellFormed());
        for (const [key, expected] of Object.entries(attributes)) {
          if (!key.isWellFormed()) continue;
          expect([key, sink.spans[0]?.attributes[key]]).toEqual([key, wellFormed(expected)]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps doubles and the time to the microsecond", async () => {
    start();
    const before = BigInt(Date.now()) * 1_000_000n;
    withSpan("x", (span) => span.setAttribute("half", 0.5));
    await flush();
    const [span] = sink.spans;
    expect(span?.attributes["half"]).toEqual({ double: 0.5 });
    expect(Number((span?.start ?? 0n) - before)).toBeLessThan(1e9);
    expect(Number((span?.start ?? 0n) - before)).toBeGreaterThan(-1e9);
    expect(span?.end).toBeGreaterThanOrEqual(span?.start ?? 0n);
  });
});

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  return Array.isArray(value) ? value.map(wellFormed) : value;
}

describe("Retry-After", () => {
  it.each([
    ["2", 2000],
    ["0", 0],
    ["-1", 0],
    ["Thu, 01 Jan 1970 00:00:10 GMT", 9000],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s is %s ms", (header, expected) => {
    expect(retryAfter(header, 1000)).toBe(expected);
  });
});
