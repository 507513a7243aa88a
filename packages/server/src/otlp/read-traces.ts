import { MAX_RECORDS } from "./limits.ts";
import { guessSignal, wrongSignal } from "./guess-signal.ts";
import { jsonSpansIn, scanJsonTraces } from "./json-traces.ts";
import { recordsIn, walkRequest } from "./protobuf-request.ts";
import { readSpan, scanSpan } from "./protobuf-span.ts";
import type { SpanRecord } from "./record.ts";
import { Rejections, TOO_MANY_RECORDS } from "./rejections.ts";
import type { Rejected, Scan } from "./rejections.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * Reads an `ExportTraceServiceRequest` span by span, so that a large request never stands in memory as a whole
 * and whoever reads it may do other work in between. A span that is broken or has no valid ids is refused
 * alone; a value that is broken is replaced by a marker. Nothing in a span refers to `body`.
 * Throws `OtlpDecodeError` when the request as a whole is not one; the spans before the damage were given then.
 */
export function* spansIn(body: Uint8Array, encoding: "protobuf" | "json"): Generator<SpanRecord, Rejected, void> {
  if (encoding === "json") return yield* jsonSpansIn(body);
  const reader = new WireReader(body);
  const rejected = new Rejections();
  let taken = 0;
  for (const { end, resource, scope } of recordsIn(reader, "traces")) {
    const span = taken < MAX_RECORDS ? readSpan(reader, end, resource, scope) : TOO_MANY_RECORDS;
    if (typeof span === "string") rejected.add(span);
    else {
      taken++;
      yield span;
    }
  }
  return rejected;
}

/** All spans of a request, for those who need them at once. */
export function readTraces(
  body: Uint8Array,
  encoding: "protobuf" | "json",
): { spans: SpanRecord[]; rejected: Rejected } {
  const spans: SpanRecord[] = [];
  const reading = spansIn(body, encoding);
  let step = reading.next();
  for (; !step.done; step = reading.next()) spans.push(step.value);
  return { spans, rejected: step.value };
}

/**
 * Checks framing and ids only and counts as `readTraces` would (protobuf: 0.3 µs per span).
 * Throws `OtlpDecodeError` for a request that is not one, also for one that holds another signal.
 */
export function scanTraces(body: Uint8Array, encoding: "protobuf" | "json"): Scan {
  if (encoding === "json") return scanJsonTraces(body);
  const reader = new WireReader(body);
  const rejected = new Rejections();
  let accepted = 0;
  let first: { start: number; end: number } | undefined;
  walkRequest(reader, "traces", (end) => {
    const start = reader.position;
    const problem = accepted < MAX_RECORDS ? scanSpan(reader, end) : TOO_MANY_RECORDS;
    if (problem === undefined) accepted++;
    else {
      rejected.add(problem);
      first ??= { start, end };
    }
  });
  if (accepted === 0 && first !== undefined) {
    const found = guessSignal(body, first.start, first.end);
    if (found !== undefined && found !== "traces") throw wrongSignal("traces", found);
  }
  return { accepted, rejected };
}
