import type { Span } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTraces } from "../otlp/read-traces.ts";
import { writeJsonTraces, writeTraces } from "../otlp/write-traces.ts";
import { pipeline } from "../pipeline.ts";
import { anySpan } from "../testing/any-span.ts";
import { logsOf, readRecording, recordingNames } from "../testing/read-recording.ts";
import { translate } from "../translate.ts";
import { Origins, recordOfSpan } from "./record-of-span.ts";

const steps = pipeline();
const context = { project: "", receivedAt: 0n };
const ENCODINGS = ["protobuf", "json"] as const;

/** Spans out by OTLP and in again. */
function throughOtlp(spans: readonly Span[], encoding: (typeof ENCODINGS)[number]): readonly Span[] {
  const origins = new Origins();
  const records = spans.map((span) => recordOfSpan(span, origins));
  const body =
    encoding === "protobuf"
      ? writeTraces(records)
      : Buffer.from(`{"resourceSpans":[${writeJsonTraces(records).join(",")}]}`);
  const read = readTraces(body, encoding);
  expect(read.rejected.count).toBe(0);
  // Parts of one span, told one after another, have the same ids.
  const parts = Map.groupBy(read.spans, idOf);
  return spans.map((span) => {
    const record = parts.get(idOf(span))?.shift();
    if (!record) throw new Error(`span ${span.spanId} did not come back`);
    return translate(record, [], context);
  });
}

/** The formats of vendors have a map of their own class. */
function withPlainMaps(span: Span): Span {
  const events = span.events.map((event) => ({ ...event, attributes: new Map(event.attributes) }));
  return { ...span, resource: new Map(span.resource), events };
}

function idOf({ traceId, spanId }: Pick<Span, "traceId" | "spanId">): string {
  return `${traceId} ${spanId}`;
}

describe("what came in by any wire", () => {
  it.each(recordingNames())("%s goes out by OTLP and comes back the same canonical spans", (name) => {
    const recording = readRecording(name);
    const spans = recording.spans
      .map((span) => steps(translate(span, logsOf(recording, span), context)))
      .map(withPlainMaps);
    for (const encoding of ENCODINGS) {
      const again = throughOtlp(spans, encoding).map(steps);
      expect(again).toEqual(spans);
      expect(throughOtlp(again, encoding).map(steps)).toEqual(spans);
    }
  });
});

describe("a canonical span", () => {
  it("tells what it costs, and why that is not all of it", () => {
    const [recording] = recordingNames();
    const read = readRecording(recording ?? "");
    const [first] = read.spans.map((span) => translate(span, [], context));
    if (!first) throw new Error("no span");
    const told = (cost: Span["cost"]): unknown[] => {
      const { attributes } = recordOfSpan({ ...first, cost }, new Origins());
      return [attributes.get("telltale.cost.nanos"), attributes.get("telltale.cost.reason")];
    };
    expect(told({ nanos: 5n, currency: "USD", lines: [], reason: "partial-usage" })).toEqual([5, "partial-usage"]);
    expect(told({ nanos: 5n, currency: "USD", lines: [] })).toEqual([5, undefined]);
    expect(told({ currency: "USD", lines: [], reason: "no-price" })).toEqual([undefined, undefined]);
  });

  it.each(ENCODINGS)("comes back by %s whatever is in it", (encoding) => {
    fc.assert(
      fc.property(anySpan, (span) => {
        expect(throughOtlp([span], encoding)).toEqual([span]);
      }),
      { numRuns: 500 },
    );
  });
});
