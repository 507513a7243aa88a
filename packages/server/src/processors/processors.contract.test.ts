import type { Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { recordedSpans } from "../testing/hostile-span.ts";
import { translate } from "../translate.ts";
import { processors } from "./index.ts";

const spans: readonly Span[] = recordedSpans().map(({ span, logs }) =>
  translate(span, logs, { project: "", receivedAt: 0n }),
);

function snapshot(span: Span): string {
  return JSON.stringify(span, (_, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    return value instanceof Map ? [...value] : value;
  });
}

describe("processors", () => {
  it("are called by verbs of their own", () => {
    const names = processors.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  });

  it.each(processors.map((processor) => [processor.name, processor] as const))(
    "%s lives up to the contract",
    (_, processor) => {
      const first = processor.create();
      const second = processor.create();
      for (const span of spans) {
        const before = snapshot(span);
        const result = first(span);
        expect(snapshot(span)).toBe(before);
        expect(snapshot(second(span))).toBe(snapshot(result));
        expect(snapshot(first(result)), "a step taken twice").toBe(snapshot(result));
        expect([result.traceId, result.spanId]).toEqual([span.traceId, span.spanId]);
      }
    },
  );
});
