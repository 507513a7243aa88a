import { USAGE_BUCKETS } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { prices } from "./index.ts";

const buckets = new Set<string>(USAGE_BUCKETS);

describe("price books", () => {
  it.each(prices.map((book) => [book.provider, book] as const))("%s has rows in whole nano-dollars", (_, book) => {
    expect(book.models.length).toBeGreaterThan(0);
    for (const { source } of book.models) expect(source ?? book.source).toMatch(/ \d+(\.\d+)+$| \d{4}-\d{2}$/);
    for (const model of book.models) {
      expect(() => new RegExp(model.match, "i")).not.toThrow();
      expect(model.rows.length).toBeGreaterThan(0);
      for (const row of model.rows) {
        for (const priced of [row.prices, ...(row.tiers ?? []).map((tier) => tier.prices)])
          for (const [bucket, price] of Object.entries(priced)) {
            expect(buckets.has(bucket), `${model.id} ${bucket}`).toBe(true);
            expect(Number.isSafeInteger(price) && price >= 0, `${model.id} ${bucket}`).toBe(true);
          }
        if (row.from !== undefined) expect(row.from).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }
    }
  });

  it("matches every model by its own name or by another the source gives", () => {
    for (const book of prices)
      for (const model of book.models) expect(model.match.length, `${book.provider} ${model.id}`).toBeGreaterThan(1);
  });
});
