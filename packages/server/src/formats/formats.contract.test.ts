import type { Json } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject } from "../dialect/json-of.ts";
import { spanRowOf } from "../engine/span-row.ts";
import type { FormatRecord } from "../format.ts";
import { translate } from "../translate.ts";
import { formats } from "./index.ts";

const RECEIVED = 1_795_000_000_000_000_000n;

/** Words that some format looks for, so that random values reach its branches. */
const KEYS = [
  "id",
  "type",
  "body",
  "batch",
  "data",
  "post",
  "patch",
  "feedback",
  "object",
  "span_data",
  "trace_id",
  "traceId",
  "parent_id",
  "parent_run_id",
  "parentObservationId",
  "dotted_order",
  "run_type",
  "extra",
  "metadata",
  "usage",
  "start_time",
  "end_time",
  "startTime",
  "endTime",
  "timestamp",
  "started_at",
  "error",
  "events",
  "inputs",
  "outputs",
  "usageDetails",
  "__proto__",
  "constructor",
  "key",
  "name",
  "tags",
];
const WORDS = ["trace-create", "generation-update", "score-create", "llm", "agent", "trace", "2026-11-24T00:13:40Z"];

const anything: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    fc.constantFrom<Json>(null, true, -1, 1e300, 1795479221013, "", "\ud83d", "a\u0000b", ...WORDS),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 6 })
      .map((members) => JSON.parse(`{${members.map(([key, value]) => `"${key}":${JSON.stringify(value)}`).join()}}`)),
  ),
})).value;

function spansOf(records: Iterable<FormatRecord>): string[] {
  return [...records].map(({ span, log }) => (span ? `${span.traceId} ${span.spanId}` : `${log?.traceId}`));
}

describe.each(formats.map((format) => [format.name, format] as const))("the format %s", (_, format) => {
  it("reads anything without throwing into records that can be stored, always the same", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const body = isObject(value) ? value : { batch: [value], data: [value], post: [value], patch: [value] };
        const before = JSON.stringify(body);
        for (const { span } of format.read(body, RECEIVED)) {
          if (!span) continue;
          expect(span.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
          expect(span.spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
          const row = spanRowOf(translate(span, [], { project: "", receivedAt: RECEIVED }), RECEIVED);
          expect(JSON.stringify(row.attributes).isWellFormed()).toBe(true);
        }
        expect(spansOf(format.read(body, RECEIVED))).toEqual(spansOf(format.read(body, RECEIVED)));
        expect(JSON.stringify(body)).toBe(before);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
