import { isInputBucket, isWhollyKnown, USAGE_BUCKETS, type UsageBuckets } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CustomPrice } from "./custom-prices.ts";
import { type PricedCall, priceUsage } from "./pricing.ts";
import { prices } from "./prices/index.ts";

const NOVEMBER = BigInt(Date.UTC(2026, 10, 25)) * 1_000_000n;
const MINI: Omit<PricedCall, "usage" | "time"> = { provider: "openai", responseModel: "gpt-4o-mini" };

type Cost = ReturnType<typeof priceUsage>;

function cost(buckets: UsageBuckets, call: Omit<PricedCall, "usage" | "time"> = MINI, own?: CustomPrice): Cost {
  const custom = own && { entries: [own], rates: [] };
  return priceUsage({ usage: [{ buckets }], time: NOVEMBER, ...call }, custom);
}

const own = (entry: Omit<CustomPrice, "name" | "source">): CustomPrice => ({ name: "own", source: "file", ...entry });

describe("the cost of a call of which one side was not told", () => {
  it("is what the other side costs, and says that this is not all", () => {
    expect(cost({ output: 10 })).toMatchObject({
      nanos: 6000n,
      reason: "partial-usage",
      lines: [{ bucket: "output" }],
    });
    expect(cost({ input: 10 })).toMatchObject({ nanos: 1500n, reason: "partial-usage", lines: [{ bucket: "input" }] });
  });

  it("is all of it where the other side is told, were it 0 or by another kind of token", () => {
    for (const buckets of [
      { input: 10, output: 0 },
      { cache_read: 10, reasoning: 5 },
      { input: 0, output: 10 },
    ])
      expect(isWhollyKnown(cost(buckets))).toBe(true);
  });

  it("is not all where only searches were told, which cost beside tokens", () => {
    const usage = [{ buckets: {}, units: { web_search: 1 } }];
    expect(priceUsage({ ...MINI, usage, time: NOVEMBER })).toMatchObject({
      nanos: 10_000_000n,
      reason: "partial-usage",
    });
  });

  it("is all of it where the other side has no price, or costs nothing", () => {
    expect(cost({ input: 10 }, { provider: "openai", responseModel: "text-embedding-3-small" })).not.toHaveProperty(
      "reason",
    );
    expect(cost({ output: 10 }, { provider: "ollama", responseModel: "llama3.2" })).not.toHaveProperty("reason");
    const free = cost({ input: 10 }, { provider: "openai", responseModel: "omni-moderation-latest" });
    expect([free.nanos, isWhollyKnown(free)]).toEqual([0n, true]);
    const whisper = { usage: [{ buckets: {}, units: { audio_second: 3 } }], time: NOVEMBER };
    expect(isWhollyKnown(priceUsage({ ...whisper, provider: "openai", responseModel: "whisper-1" }))).toBe(true);
  });

  it("is all of it for embeddings and rerankings, which have no output, whatever a price list says", () => {
    const embed = { provider: "mistral", responseModel: "mistral-embed" };
    expect(cost({ input: 10 }, { ...embed, kind: "embedding" })).not.toHaveProperty("reason");
    expect(cost({ input: 10 }, { ...embed, kind: "rerank" })).not.toHaveProperty("reason");
    expect(cost({ input: 10 }, { ...embed, kind: "llm" }).reason).toBe("partial-usage");
    expect(cost({ output: 10 }, { ...embed, kind: "embedding" }).reason).toBe("partial-usage");
  });

  it("follows one's own prices", () => {
    const tokens = { input: 1_000_000, output: 2_000_000 };
    expect(cost({ input: 10 }, MINI, own({ tokens }))).toMatchObject({ nanos: 10n, reason: "partial-usage" });
    expect(cost({ input: 10 }, MINI, own({ tokens: { input: 1_000_000 } }))).not.toHaveProperty("reason");
    expect(cost({ input: 10 }, MINI, own({ request: 1_000_000_000 }))).not.toHaveProperty("reason");
    expect(cost({ input: 10 }, MINI, own({ factor: 500_000_000n }))).toMatchObject({
      nanos: 750n,
      reason: "partial-usage",
    });
    const free = cost({ input: 10 }, MINI, own({ factor: 0n }));
    expect([free.nanos, isWhollyKnown(free)]).toEqual([0n, true]);
  });

  it("is not all where one of several models was told in part, and unknown where another has no price", () => {
    const whole = { model: "gpt-4o", buckets: { input: 1, output: 1 } };
    const part = { model: "gpt-4o-mini", buckets: { output: 1 } };
    const told = (...usage: PricedCall["usage"]): Cost => priceUsage({ provider: "openai", usage, time: NOVEMBER });
    expect(told(whole, part)).toMatchObject({ nanos: 12_500n + 600n, reason: "partial-usage" });
    expect(isWhollyKnown(told(whole))).toBe(true);
    expect(told(part, { model: "nobody-knows", buckets: { output: 1 } })).toMatchObject({ reason: "no-price" });
  });

  const models = prices.flatMap((book) =>
    book.models.map(({ id }) => ({ provider: book.provider, responseModel: id })),
  );
  const sideOf = (isInput: boolean): fc.Arbitrary<UsageBuckets> =>
    fc.dictionary(
      fc.constantFrom(...USAGE_BUCKETS.filter((bucket) => isInputBucket(bucket) === isInput)),
      fc.integer({ min: 0, max: 10_000_000 }),
      { minKeys: 1 },
    );

  it("is never above what it is when both are told, of any model, and then it is all of it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...models), sideOf(true), sideOf(false), (model, input, output) => {
        const both = cost({ ...input, ...output }, model);
        if (both.nanos === undefined) return;
        expect(isWhollyKnown(both)).toBe(true);
        for (const side of [input, output]) {
          const part = cost(side, model);
          expect(part.nanos).toBeLessThanOrEqual(both.nanos);
          // What is said to be all of it is not less, whatever was not told.
          if (isWhollyKnown(part)) expect(part.nanos).toBe(both.nanos);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
