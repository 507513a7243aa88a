import { describe, expect, it } from "vitest";
import { formatBytes, formatCompact, formatTokens, plural } from "./count.ts";
import { formatDuration } from "./duration.ts";
import { exactCost, formatCost, formatShortCost, traceCost } from "./money.ts";
import { formatAgo } from "./time.ts";

describe("a duration", () => {
  it.each([
    [null, "running"],
    [0, "0 ms"],
    [0.004, "<0.01 ms"],
    [0.42, "0.42 ms"],
    [812.4, "812 ms"],
    [999.7, "1.00 s"],
    [1240, "1.24 s"],
    [59_940, "59.9 s"],
    [59_960, "1 m 00 s"],
    [125_000, "2 m 05 s"],
    [4_320_000, "1 h 12 m"],
  ])("of %s is %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe("an amount", () => {
  it.each([
    [null, "unknown"],
    ["0", "$0"],
    ["1", "<$0.000001"],
    ["97000", "$0.000097"],
    ["512000", "$0.00051"],
    ["2100000", "$0.0021"],
    ["12400000000", "$12.40"],
    ["1234567000000000", "$1,234,567"],
    ["-5000000000", "−$5.00"],
  ])("of %s nanos is %s", (nanos, text) => {
    expect(formatCost(nanos)).toBe(text);
  });

  it("is never rounded to 0", () => {
    for (let digits = 0; digits < 12; digits++) expect(formatCost(10n ** BigInt(digits))).not.toMatch(/^\$0(\.0*)?$/);
  });

  it("is short in a narrow place, and still not 0", () => {
    expect(["0", "8320", "99999", "100000", null].map(formatShortCost)).toEqual([
      "$0",
      "<$0.0001",
      "<$0.0001",
      "$0.0001",
      "unknown",
    ]);
  });

  it("is exact when it is asked for", () => {
    expect(exactCost("37500")).toBe("$0.000037500");
  });

  it.each([
    [{ costNanos: "2000000", unpricedCalls: 0, llmCalls: 1 }, "$0.0020", "known"],
    [{ costNanos: "2000000", unpricedCalls: 2, llmCalls: 3 }, "≥ $0.0020", "lower-bound"],
    [{ costNanos: null, unpricedCalls: 1, llmCalls: 1 }, "unknown", "unknown"],
    [{ costNanos: null, unpricedCalls: 0, llmCalls: 1 }, "unknown", "unknown"],
    [{ costNanos: null, unpricedCalls: 0, llmCalls: 0 }, "–", "none"],
  ])("of a trace %j is %s", (trace, text, state) => {
    expect(traceCost(trace)).toMatchObject({ text, state });
  });
});

describe("a count", () => {
  it.each([
    [999, "999"],
    [1000, "1k"],
    [12_480, "12.5k"],
    [999_499, "999k"],
    [999_500, "1M"],
    [3_400_000, "3.4M"],
    [2_000_000_000, "2B"],
  ])("of %i is %s in a narrow place", (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });

  it("of tokens of which nobody told is unknown and not 0", () => {
    expect([formatTokens(null), formatTokens(0)]).toEqual(["unknown", "0"]);
  });

  it("has its word in the right number", () => {
    expect([plural(1, "call"), plural(0, "call"), plural(2000, "call")]).toEqual(["1 call", "0 calls", "2,000 calls"]);
  });

  it("of bytes has a unit", () => {
    expect([formatBytes(12), formatBytes(20_100), formatBytes(20_100_000)]).toEqual(["12 B", "20.1 kB", "20.1 MB"]);
  });
});

describe("a time", () => {
  const now = Date.UTC(2026, 10, 24, 12);

  it.each([
    [0, "now"],
    [12_000, "12 s ago"],
    [180_000, "3 min ago"],
    [7_300_000, "2 h ago"],
    [4 * 86_400_000, "4 d ago"],
  ])("%i ms before is %s", (age, text) => {
    expect(formatAgo(now - age, now)).toBe(text);
  });

  it("that is long past, or ahead of this clock, is a date", () => {
    expect(formatAgo(now - 40 * 86_400_000, now)).toMatch(/^2026-10-1/);
    expect(formatAgo(now + 86_400_000, now)).toMatch(/^2026-11-25/);
  });
});
