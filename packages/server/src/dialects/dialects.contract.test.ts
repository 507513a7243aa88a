import { messageSchema, spanKindSchema, usageLineSchema } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SpanFields } from "../dialect.ts";
import { hostileSpan, recordedSpans } from "../testing/hostile-span.ts";
import { dialects } from "./index.ts";

const recorded = recordedSpans();
const hostile = hostileSpan(recorded);

/** Vocabularies that no recording speaks; the tests beside them have what their senders' sources write. */
const UNRECORDED = new Set(["telltale", "posthog"]);

/** A deep copy in plain JSON, bigints and maps told apart, to see whether anything changed. */
function snapshot(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === "bigint") return `${each}n`;
    return each instanceof Map ? { map: [...each] } : each;
  });
}

/** What the schema has against a message. It gives up where JSON in it nests deeper than the stack. */
function problemOf(message: unknown): unknown {
  try {
    messageSchema.parse(message);
    return undefined;
  } catch (error) {
    return error instanceof RangeError ? undefined : error;
  }
}

/** What the fields of any span must be, whoever sent it. */
function expectValid(fields: SpanFields): void {
  if (fields.kind !== undefined) spanKindSchema.parse(fields.kind);
  for (const line of fields.usage ?? []) {
    usageLineSchema.parse(line);
    expect(Object.keys(line.buckets).length).toBeGreaterThan(0);
  }
  for (const content of [fields.input, fields.output]) {
    if (content?.type !== "messages") continue;
    expect(content.messages.length).toBeGreaterThan(0);
    for (const message of content.messages) expect(problemOf(message)).toBeUndefined();
  }
  for (const key of ["provider", "requestModel", "responseModel", "responseId", "finishReason", "toolName"] as const)
    expect(fields[key] === undefined || (typeof fields[key] === "string" && fields[key] !== "")).toBe(true);
}

describe("dialects", () => {
  it("have names of their own", () => {
    const names = dialects.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z-]*$/);
  });

  it.each(dialects.map((dialect) => [dialect.name, dialect] as const))("%s lives up to the contract", (_, dialect) => {
    expect(dialect.version).toBeGreaterThan(0);
    let claimed = 0;
    for (const { span, logs } of recorded) {
      const sureness = dialect.claims(span);
      expect([0, 1, 2, 3]).toContain(sureness);
      if (sureness === 0) continue;
      claimed++;
      const before = snapshot([span, logs]);
      const fields = dialect.read(span, logs);
      expectValid(fields);
      expect(snapshot(dialect.read(span, logs))).toBe(snapshot(fields));
      expect(snapshot([span, logs])).toBe(before);
    }
    if (!UNRECORDED.has(dialect.name)) expect(claimed).toBeGreaterThan(0);
  });

  it.each(dialects.map((dialect) => [dialect.name, dialect] as const))("%s takes any record", (_, dialect) => {
    const claimed = recorded.filter(({ span }) => dialect.claims(span) > 0);
    const own = claimed.length > 0 ? claimed : recorded;
    fc.assert(
      fc.property(hostileSpan(own), ({ span, logs }) => expectValid(dialect.read(span, logs))),
      { numRuns: 300 },
    );
  });

  it.each(dialects.map((dialect) => [dialect.name, dialect] as const))("%s takes anybody's record", (_, dialect) => {
    fc.assert(
      fc.property(hostile, ({ span, logs }) => {
        expect([0, 1, 2, 3]).toContain(dialect.claims(span));
        expectValid(dialect.read(span, logs));
      }),
      { numRuns: 200 },
    );
  });
});
