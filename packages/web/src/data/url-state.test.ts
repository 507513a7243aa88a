import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LAST_RANGES,
  rangeEnds,
  readTracesState,
  readTraceState,
  SORT_FIELDS,
  type TimeRange,
  type TracesState,
  writeTracesState,
  writeTraceState,
} from "./url-state.ts";

const range: fc.Arbitrary<TimeRange> = fc.oneof(
  fc.constant<TimeRange>({ type: "all" }),
  fc.constantFrom("15m" as const, "1h" as const, "24h" as const, "7d" as const, "30d" as const).map((name) => ({
    type: "last" as const,
    name,
  })),
  fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 1e9 }))
    .map(([from, length]) => ({ type: "between" as const, from, to: from + length })),
);

const state: fc.Arbitrary<TracesState> = fc.record({
  filter: fc.string(),
  range,
  sort: fc.constantFrom(...SORT_FIELDS),
  order: fc.constantFrom("asc", "desc"),
});

describe("the address of the traces page", () => {
  it("says everything: what is written is read back", () => {
    fc.assert(
      fc.property(state, (one) => {
        expect(readTracesState(writeTracesState(one))).toEqual(one);
      }),
    );
  });

  it("is empty for what is the rule", () => {
    expect(writeTracesState(readTracesState(""))).toBe("");
  });

  it("stays readable", () => {
    expect(writeTracesState({ ...readTracesState(""), filter: "model:gpt-4o", order: "asc" })).toBe(
      "?filter=model:gpt-4o&order=asc",
    );
  });

  it.each(["?sort=__proto__", "?range=constructor", "?from=5&to=1", "?from=x&to=9", "?order=up", "?%"])(
    "falls back where it makes no sense: %s",
    (search) => {
      expect(readTracesState(search)).toEqual(readTracesState(""));
    },
  );
});

describe("the address of a trace", () => {
  it("says span, view, tab, and whether the trace is alone", () => {
    const one = { span: "00f067aa0ba902b7", view: "waterfall", tab: "cost", alone: "yes" } as const;
    expect(readTraceState(writeTraceState(one))).toEqual(one);
    expect(writeTraceState({ span: null, view: null, tab: null, alone: null })).toBe("");
    expect(readTraceState("?alone=maybe").alone).toBeNull();
  });
});

describe("the ends of a range", () => {
  it("leave a relative range open, so that what is new stays in", () => {
    expect(rangeEnds({ type: "last", name: "1h" }, 10_000_000)).toEqual({ from: 10_000_000 - LAST_RANGES["1h"] });
    expect(rangeEnds({ type: "all" }, 5)).toEqual({});
    expect(rangeEnds({ type: "between", from: 1, to: 2 }, 5)).toEqual({ from: 1, to: 2 });
  });
});
