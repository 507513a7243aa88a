import type { Cost } from "@telltale/model";
import { expect, it } from "vitest";
import { CostDifferences, isSameCost } from "./cost-differences.ts";
import type { StoredPricedSpan } from "./read-priced-spans.ts";

const line = {
  model: "m",
  bucket: "output",
  tokens: 10,
  nanosPerMillion: 600_000_000n,
  price: "openai/m",
  source: "s",
} as const;
const stored: Cost = { nanos: 6000n, currency: "USD", lines: [line] };
const now: Cost = { ...stored, reason: "partial-usage" };
const call: StoredPricedSpan = {
  row: "1",
  project: "",
  traceId: "",
  spanId: "",
  day: "2026-11-20",
  provider: "openai",
  model: "m",
  isBilled: true,
  span: { kind: "llm", usage: [], startTime: 0n },
  cost: stored,
  basis: "",
};

it("tells a cost that was taken for all of it from the lower bound that it is", () => {
  expect(isSameCost(stored, now)).toBe(false);
  const differences = new CostDifferences();
  differences.add(call, now, true);
  expect(differences.answer()).toMatchObject({
    changedSpans: 1,
    total: {
      oldNanos: "6000",
      newNanos: "6000",
      differenceNanos: "0",
      unpricedBefore: 0,
      unpricedAfter: 1,
      prices: [{ from: "openai/m", to: "openai/m, partial-usage", calls: 1 }],
    },
  });
});
