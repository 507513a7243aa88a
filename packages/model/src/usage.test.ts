import { expect, it } from "vitest";
import { bucketTokens, inputTokens, outputTokens } from "./usage.ts";
import { usageLineSchema } from "./usage-schema.ts";

it("derives inclusive totals from disjoint buckets, over several models", () => {
  const lines = [
    { model: "a", buckets: { input: 18, cache_write: 128, cache_read: 512, output: 40, reasoning: 2 } },
    { model: "b", buckets: { input: 5, output: 1 } },
  ];
  expect(inputTokens(lines)).toBe(663);
  expect(outputTokens(lines)).toBe(43);
  expect(bucketTokens(lines, "cache_read")).toBe(512);
});

it("keeps unknown apart from zero", () => {
  expect(inputTokens([])).toBeUndefined();
  expect(outputTokens([{ buckets: { input: 3 } }])).toBeUndefined();
  expect(outputTokens([{ buckets: { output: 0 } }])).toBe(0);
});

it("refuses fractions, negatives and unknown buckets", () => {
  const valid = (buckets: object): boolean => usageLineSchema.safeParse({ buckets }).success;
  expect(valid({ input: 3 })).toBe(true);
  expect([{ input: 1.5 }, { input: -1 }, { inputs: 1 }].map(valid)).toEqual([false, false, false]);
});
