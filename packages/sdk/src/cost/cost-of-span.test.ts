import { priceUsage } from "@telltale/rules";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { costOfSpan, loadPrices, pricedSpan } from "./cost-of-span.ts";

const STARTED = Date.UTC(2026, 8, 1);

function cost(attributes: Record<string, AttributeValue>, startTime = STARTED): bigint | undefined {
  const told: AttributeMap = new Map(Object.entries({ "telltale.span.kind": "llm", ...attributes }));
  return costOfSpan({ attributes: told, startTime });
}

const CALL = { "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o-mini-2024-07-18" };

describe("the cost of a span", () => {
  it("is unknown while the prices are not loaded", () => {
    expect(cost({ ...CALL, "gen_ai.usage.input_tokens": 10 })).toBeUndefined();
  });

  describe("with prices", () => {
    beforeAll(loadPrices);

    it("is exact, with cached tokens and reasoning at their own price", () => {
      expect(
        cost({
          ...CALL,
          "gen_ai.usage.input_tokens": 31,
          "gen_ai.usage.cache_read.input_tokens": 15,
          "gen_ai.usage.output_tokens": 23,
          "gen_ai.usage.reasoning.output_tokens": 7,
        }),
      ).toBe(16n * 150n + 15n * 75n + 23n * 600n);
    });

    it("is unknown, and not 0, without usage, without a price and for spans that nobody bills", () => {
      expect(cost(CALL)).toBeUndefined();
      expect(cost({ "gen_ai.request.model": "mine", "gen_ai.usage.input_tokens": 1 })).toBeUndefined();
      expect(cost({ ...CALL, "telltale.span.kind": "agent", "gen_ai.usage.input_tokens": 1 })).toBeUndefined();
      expect(cost({ ...CALL, "gen_ai.usage.input_tokens": -1 })).toBeUndefined();
    });

    it("says that it is a lower bound where one side was not told, but not of embeddings, which have one only", () => {
      const priced = (attributes: Record<string, AttributeValue>): [bigint | undefined, string | undefined] => {
        const told = pricedSpan({ attributes: new Map(Object.entries(attributes)), startTime: STARTED });
        return [told?.nanos, told?.reason];
      };
      const call = { ...CALL, "telltale.span.kind": "llm", "gen_ai.usage.output_tokens": 10 };
      expect(priced(call)).toEqual([6000n, "partial-usage"]);
      expect(priced({ ...call, "gen_ai.usage.input_tokens": 0 })).toEqual([6000n, undefined]);
      const embedding = {
        "telltale.span.kind": "embedding",
        "gen_ai.provider.name": "mistral_ai",
        "gen_ai.request.model": "mistral-embed",
        "gen_ai.usage.input_tokens": 10,
      };
      expect(priced(embedding)).toEqual([1000n, undefined]);
    });

    it("is 0 for a model on one's own machine", () => {
      expect(cost({ "gen_ai.provider.name": "ollama", "gen_ai.usage.input_tokens": 9 })).toBe(0n);
    });

    it("follows the tier and the day of the call", () => {
      const usage = { "gen_ai.usage.input_tokens": 2_000_000 };
      expect(cost({ ...CALL, ...usage, "openai.response.service_tier": "flex" })).toBe(150_000_000n);
      expect(cost({ ...CALL, ...usage, "openai.request.service_tier": "auto" })).toBe(300_000_000n);
      expect(cost({ ...CALL, ...usage, "openai.response.service_tier": "priority" })).toBe(500_000_000n);
    });

    it("never throws, and is what the price rules say of the disjoint parts", () => {
      const count = fc.integer({ min: 0, max: 100_000 });
      fc.assert(
        fc.property(count, count, count, (input, read, output) => {
          const nanos = cost({
            ...CALL,
            "gen_ai.usage.input_tokens": input + read,
            "gen_ai.usage.cache_read.input_tokens": read,
            "gen_ai.usage.output_tokens": output,
          });
          const usage = [{ buckets: { input, cache_read: read, output } }];
          const time = BigInt(STARTED) * 1_000_000n;
          return nanos === priceUsage({ provider: "openai", responseModel: "gpt-4o-mini", usage, time }).nanos;
        }),
      );
    });
  });
});
