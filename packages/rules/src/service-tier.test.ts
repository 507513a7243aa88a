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

  it("has the factor of each model for OpenAI's and Gemini's priority", () => {
    // $ a million as developers.openai.com lists them: standard 0.15, 2.50, 2.00, 1.10, 1.25 and 5.00 of input.
    const listed = [
      ["gpt-4o-mini-2024-07-18", 0.25, 1],
      ["gpt-4o-2024-08-06", 4.25, 17],
      ["gpt-4.1", 3.5, 14],
      ["o4-mini", 2, 8],
      ["gpt-5", 2.5, 20],
      ["gpt-5.5", 12.5, 75],
    ] as const;
    for (const [responseModel, input, output] of listed) {
      const line: UsageLine = { buckets: { input: 1000, output: 100 } };
      const told = cost(line, { provider: "openai", responseModel, serviceTier: "priority" });
      expect([responseModel, told.nanos]).toEqual([responseModel, BigInt(input * 1_000_000 + output * 100_000)]);
      expect(told.lines[0]?.tier).toBe("priority");
    }
    const flash = { provider: "gcp.gemini", responseModel: "gemini-2.5-flash", serviceTier: "priority" };
    expect(cost({ buckets: { input: 1000 } }, flash).nanos).toBe(540_000n);
    const mini = { provider: "openai", responseModel: "gpt-5-nano", serviceTier: "priority" };
    expect(cost({ buckets: { input: 1 } }, mini).reason).toBe("no-price");
  });

  it("does not halve what Gemini's batches read from a cache, and halves it for the others", () => {
    const line: UsageLine = { buckets: { input: 1000, cache_read: 1000, output: 100 } };
    const pro = { provider: "gcp.gemini", responseModel: "gemini-2.5-pro" };
    for (const serviceTier of ["batch", "flex"])
      expect(cost(line, { ...pro, serviceTier }).nanos).toBe(625_000n + 125_000n + 500_000n);
    const claude = { provider: "anthropic", responseModel: "claude-sonnet-4-5", serviceTier: "batch" };
    expect(cost(line, claude).nanos).toBe(1_500_000n + 150_000n + 750_000n);
  });

  it("knows batches that cost as much, a fifth less, or what nobody tells", () => {
    const line: UsageLine = { buckets: { input: 1000 } };
    const old = { provider: "openai", responseModel: "gpt-3.5-turbo-1106", serviceTier: "batch" };
    expect(cost(line, old).nanos).toBe(1_000_000n);
    const grok = { provider: "x_ai", responseModel: "grok-4.3", serviceTier: "batch" };
    expect(cost(line, grok).nanos).toBe(1_000_000n);
    expect(cost(line, { ...grok, responseModel: "grok-4.6" }).reason).toBe("no-price");
    const tuned = { provider: "openai", responseModel: "ft:gpt-4o-2024-08-06:acme::1", serviceTier: "batch" };
    expect(cost(line, tuned).reason).toBe("no-price");
  });

  it("halves Together's batches for the models that it lists, and leaves the others at the standard rate", () => {
    const line: UsageLine = { buckets: { input: 1000 } };
    const batch = (responseModel: string): Cost =>
      cost(line, { provider: "together", responseModel, serviceTier: "batch" });
    const listed = batch("meta-llama/Llama-3.3-70B-Instruct-Turbo");
    expect([listed.nanos, listed.lines[0]?.tier]).toEqual([440_000n, "batch"]);
    const other = batch("meta-llama/Llama-3-8b-chat-hf");
    expect([other.nanos, other.lines[0]?.tier]).toEqual([200_000n, undefined]);
  });

  it("does not take Groq's discounts for a batch and for cached tokens both", () => {
    const groq = { provider: "groq", responseModel: "openai/gpt-oss-120b", serviceTier: "batch" };
    const line: UsageLine = { buckets: { input: 1000, cache_read: 1000 } };
    expect(cost(line, groq).nanos).toBe(75_000n + 75_000n);
  });

  it("halves the pages of Mistral's batches", () => {
    const ocr = { provider: "mistral_ai", responseModel: "mistral-ocr-2512" };
    const pages: UsageLine = { buckets: {}, units: { page: 10 } };
    const standard = cost(pages, ocr).nanos;
    expect(standard).toBe(20_000_000n);
    expect(cost(pages, { ...ocr, serviceTier: "batch" }).nanos).toBe(10_000_000n);
  });

  it("knows no price for a tier of a model that is not on record", () => {
    const line: UsageLine = { buckets: { input: 1 } };
    expect(cost(line, { ...opus, responseModel: "claude-sonnet-4-6", serviceTier: "fast" }).reason).toBe("no-price");
    expect(cost(line, { ...opus, responseModel: "claude-opus-4-8", serviceTier: "fast" }).nanos).toBe(10_000n);
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

  it("bills rerankers of Voyage, Jina and Cohere's fifth by token", () => {
    const line: UsageLine = { buckets: { input: 1000 } };
    for (const [provider, responseModel, nanos] of [
      ["voyageai", "rerank-2.5", 50_000n],
      ["voyage", "rerank-2.5-lite", 20_000n],
      ["voyage_ai", "rerank-lite-1", 20_000n],
      ["jina_ai", "jina-reranker-v2-base-multilingual", 50_000n],
      ["jina", "jina-reranker-m0", 50_000n],
      ["cohere", "rerank-v5.0-pro", 50_000n],
      ["cohere", "rerank-v5.0-fast", 20_000n],
    ] as const)
      expect([responseModel, cost(line, { provider, responseModel }).nanos]).toEqual([responseModel, nanos]);
    const search: UsageLine = { buckets: {}, units: { rerank_search: 1 } };
    expect(cost(search, { provider: "cohere", responseModel: "rerank-v4.0-pro" }).nanos).toBe(2_500_000n);
    expect(cost(search, { provider: "cohere", responseModel: "rerank-v4.0-fast" }).nanos).toBe(2_000_000n);
    expect(cost(search, { provider: "cohere", responseModel: "rerank-v5.0-pro" }).reason).toBe("no-price");
  });

  it("leaves the cost open where a search has no price", () => {
    const line: UsageLine = { buckets: { input: 1 }, units: { web_search: 1 } };
    expect(cost(line, { provider: "mistral", responseModel: "mistral-large-latest" })).toMatchObject({
      reason: "no-price",
    });
  });
});
