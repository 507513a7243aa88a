import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPrices } from "../cost/cost-of-span.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { spanRecord } from "../testing/span-record.ts";
import { UnsentLedger, type UnsentSums } from "./unsent-ledger.ts";

function span(spanId: number, parent: number | undefined, kind: string, tokens: number, startTime = 0): SpanRecord {
  const attributes = {
    "telltale.span.kind": kind,
    "gen_ai.usage.input_tokens": tokens,
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": "gpt-4o-mini",
  };
  const parentSpanId = parent === undefined ? undefined : String(parent);
  return spanRecord(attributes, { spanId: String(spanId), parentSpanId, startTime });
}

function sums(rows: readonly UnsentSums[]): Record<"spans" | "calls" | "input" | "nanos", number> {
  const all = { spans: 0, calls: 0, input: 0, nanos: 0 };
  for (const row of rows) {
    all.spans += row.spans;
    all.calls += row.calls;
    all.input += row.input;
    all.nanos += Number(row.nanos);
  }
  return all;
}

describe("the ledger of what is not sent", () => {
  beforeAll(loadPrices);

  it("bills the innermost call of each branch once, in whatever pieces and order a trace comes", () => {
    const kinds = fc.constantFrom("llm", "agent", "span");
    const parts = fc.array(fc.record({ parent: fc.nat(), kind: kinds, tokens: fc.nat(1000) }), { maxLength: 20 });
    fc.assert(
      fc.property(parts, fc.nat(20), (nodes, cut) => {
        const spans = nodes.map((node, index) =>
          span(index, index === 0 ? undefined : node.parent % index, node.kind, node.tokens),
        );
        const above = new Set<string>();
        const byId = new Map(spans.map((each) => [each.spanId, each]));
        for (const each of spans.filter(({ attributes }) => attributes.get("telltale.span.kind") === "llm")) {
          for (let up = byId.get(each.parentSpanId ?? ""); up; up = byId.get(up.parentSpanId ?? ""))
            above.add(up.spanId);
        }
        const billed = nodes.filter((node, index) => node.kind === "llm" && !above.has(String(index)));
        const input = billed.reduce((sum, { tokens }) => sum + tokens, 0);
        // Children end before their parents: this is how they come.
        const ended = spans.toReversed();
        const ledger = new UnsentLedger();
        const covered = new Set<string>();
        ledger.add(ended.slice(0, cut), covered);
        ledger.add(ended.slice(cut), covered);
        expect(sums(ledger.take())).toEqual({ spans: spans.length, calls: billed.length, input, nanos: input * 150 });
        expect(ledger.isEmpty).toBe(true);
      }),
    );
  });

  it("counts a call of which only one side was told with what is known of it, and as not wholly known", () => {
    const part = span(1, undefined, "llm", 100);
    const whole = span(2, undefined, "llm", 100);
    whole.attributes.set("gen_ai.usage.output_tokens", 10);
    const unknown = span(3, undefined, "llm", 100);
    unknown.attributes.set("gen_ai.response.model", "nobody-knows");
    const ledger = new UnsentLedger();
    ledger.add([part, whole, unknown], new Set());
    const rows = ledger.take();
    expect(sums(rows)).toMatchObject({ calls: 3, nanos: 100 * 150 + 100 * 150 + 10 * 600 });
    expect(rows.map(({ model, calls, unpriced }) => [model, calls, unpriced])).toEqual([
      ["gpt-4o-mini", 2, 1],
      ["nobody-knows", 1, 1],
    ]);
  });

  it("keeps hours apart, and takes back what did not arrive", () => {
    const ledger = new UnsentLedger();
    ledger.add([span(1, undefined, "llm", 5, 1000), span(2, undefined, "llm", 7, 3_600_000)], new Set());
    const taken = ledger.take();
    expect(taken.map(({ first, last }) => [first, last])).toEqual([
      [1000, 1000],
      [3_600_000, 3_600_000],
    ]);
    ledger.add([span(3, undefined, "llm", 1, 2000)], new Set());
    ledger.putBack(taken);
    const rows = ledger.take();
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ first: 1000, last: 2000, calls: 2, input: 6 });
    expect(sums(rows)).toMatchObject({ spans: 3, calls: 3, input: 13 });
  });
});
