import type { Cost, UsageLine } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { type PricedCall, priceUsage } from "./pricing.ts";
import { serviceTier } from "./service-tier.ts";

const NOVEMBER = BigInt(Date.parse("2026-11-24T12:00:00Z")) * 1_000_000n;

function cost(line: UsageLine, call: Partial<PricedCall>): Cost {
  return priceUsage({ usage: [line], time: NOVEMBER, ...call });
}

function told(attributes: Readonly<Record<string, string>>): string | undefined {
  return serviceTier((keys) => keys.map((key) => attributes[key]).find((text) => text !== undefined));
}

describe("serviceTier", () => {
  it("reads the tier that served, and a region beside it", () => {
    expect(told({ "openai.response.service_tier": "flex", "openai.request.service_tier": "auto" })).toBe("flex");
    expect(told({ "openai.request.service_tier": "auto" })).toBeUndefined();
    expect(told({ "anthropic.response.service_tier": "standard", "anthropic.response.inference_geo": "us" })).toBe(
      "us",
    );
    expect(told({ "anthropic.response.service_tier": "fast", "anthropic.response.inference_geo": "us" })).toBe(
      "fast, us",
    );
    expect(told({ "anthropic.response.inference_geo": "global" })).toBeUndefined();
  });
});

describe("prices of tiers", () => {
  const opus = { provider: "anthropic", responseModel: "claude-opus-4-6" };

  it("multiplies for Anthropic's fast mode, for a call kept to the US, and for both", () => {
    const line: UsageLine = { buckets: { input: 1_000_000 / 10, output: 10 } };
    expect(cost(line, { ...opus, serviceTier: "fast" }).nanos).toBe(100_000n * 30_000n + 10n * 150_000n);
    expect(cost(line, { ...opus, serviceTier: "us" }).nanos).toBe(100_000n * 5500n + 10n * 27_500n);
    const both = cost(line, { ...opus, serviceTier: "fast, us" });
    expect(both.nanos).toBe(100_000n * 33_000n + 10n * 165_000n);
    expect(both.lines[0]?.tier).toBe("fast, us");
  });

  it("knows no price for a tier of a model that is not on record", () => {
    const line: UsageLine = { buckets: { input: 1 } };
    expect(cost(line, { ...opus, responseModel: "claude-opus-4-8", serviceTier: "fast" }).reason).toBe("no-price");
    expect(cost(line, { provider: "openai", responseModel: "gpt-4o", serviceTier: "us" }).reason).toBe("no-price");
  });
});

describe("what is billed by number", () => {
  it("bills Anthropic's web searches at $10 for a thousand, in every tier", () => {
    const line: UsageLine = { buckets: { input: 1000 }, units: { web_search: 3 } };
    const call = { provider: "anthropic", responseModel: "claude-sonnet-4-5" };
    expect(cost(line, call).nanos).toBe(3_000_000n + 30_000_000n);
    expect(cost(line, { ...call, serviceTier: "batch" }).nanos).toBe(1_500_000n + 30_000_000n);
  });

  it("bills a rerank by search, speech by the second and at least as the provider does", () => {
    const rerank = cost(
      { buckets: {}, units: { rerank_search: 2 } },
      { provider: "cohere", responseModel: "rerank-v3.5" },
    );
    expect(rerank.nanos).toBe(4_000_000n);
    expect(rerank.lines[0]?.source).toMatch(/^cohere\.com/);
    const speech = (seconds: number) =>
      cost({ buckets: {}, units: { audio_second: seconds } }, { provider: "groq", responseModel: "whisper-large-v3" });
    expect(speech(3600).nanos).toBe(111_000_000n);
    expect(speech(2).lines[0]?.tokens).toBe(10);
  });

  it("leaves the cost open where a search has no price", () => {
    const line: UsageLine = { buckets: { input: 1 }, units: { web_search: 1 } };
    expect(cost(line, { provider: "mistral", responseModel: "mistral-large-latest" })).toMatchObject({
      reason: "no-price",
    });
  });
});
