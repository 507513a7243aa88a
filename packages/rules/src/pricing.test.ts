import type { Cost, UsageBuckets } from "@telltale/model";
import { USAGE_BUCKETS } from "@telltale/model";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prices } from "./prices/index.ts";
import { type PricedCall, priceUsage } from "./pricing.ts";

const NOVEMBER = BigInt(Date.parse("2026-11-24T12:00:00Z")) * 1_000_000n;

function cost(buckets: UsageBuckets, call: Partial<PricedCall>): Cost {
  return priceUsage({ usage: [{ buckets }], time: NOVEMBER, ...call });
}

function priceName(call: Partial<PricedCall>): string | undefined {
  return cost({ input: 1 }, call).lines[0]?.price;
}

describe("priceUsage", () => {
  it("prices every kind of token by its own row and tells each line", () => {
    const told = cost(
      { input: 16, cache_read: 15, output: 23 },
      { provider: "openai", requestModel: "gpt-4o-mini", responseModel: "gpt-4o-mini-2024-07-18" },
    );
    // 16 × $0.15 + 15 × $0.075 + 23 × $0.60, for a million each.
    expect(told.nanos).toBe(2400n + 1125n + 13_800n);
    expect(told.lines.map((line) => [line.bucket, line.tokens, line.nanosPerMillion])).toEqual([
      ["input", 16, 150_000_000n],
      ["cache_read", 15, 75_000_000n],
      ["output", 23, 600_000_000n],
    ]);
    expect(told.lines[0]).toMatchObject({ model: "gpt-4o-mini-2024-07-18", price: "openai/gpt-4o-mini" });
    expect(told.lines[0]?.source).toMatch(/^genai-prices \d/);
  });

  it("prices an Anthropic cache by its lifetime", () => {
    const told = cost(
      { input: 18, cache_read: 512, cache_write: 100, cache_write_1h: 28, output: 23 },
      { provider: "anthropic", responseModel: "claude-sonnet-4-5" },
    );
    expect(told.nanos).toBe(18n * 3000n + 512n * 300n + 100n * 3750n + 28n * 6000n + 23n * 15_000n);
  });

  it("rounds the sum of a usage line once, halves to even", () => {
    // $0.0375 for a million cached tokens: 37.5 nanos each.
    const call = { provider: "openai", responseModel: "gpt-4o-mini", serviceTier: "batch" };
    expect(cost({ cache_read: 1 }, call).nanos).toBe(38n);
    expect(cost({ cache_read: 3 }, call).nanos).toBe(112n);
    expect(cost({ cache_read: 1, input: 1 }, call).nanos).toBe(112n);
    expect(cost({ cache_read: 2 }, call).nanos).toBe(75n);
  });

  it("uses the row of the day of the call", () => {
    const call = { provider: "openai", responseModel: "o3" };
    const may = BigInt(Date.parse("2025-06-09T23:59:59Z")) * 1_000_000n;
    const june = BigInt(Date.parse("2025-06-10T00:00:00Z")) * 1_000_000n;
    expect(cost({ input: 1_000_000 }, { ...call, time: may }).nanos).toBe(10_000_000_000n);
    expect(cost({ input: 1_000_000 }, { ...call, time: june }).nanos).toBe(2_000_000_000n);
    expect(cost({ input: 1 }, { ...call, time: june }).lines[0]?.price).toBe("openai/o3@2025-06-10");
  });

  it("uses the row of the hour of the call", () => {
    const call = { provider: "deepseek", responseModel: "deepseek-chat" };
    const at = (clock: string) => BigInt(Date.parse(`2025-03-01T${clock}:00Z`)) * 1_000_000n;
    expect(cost({ input: 1_000_000 }, { ...call, time: at("12:00") }).nanos).toBe(270_000_000n);
    expect(cost({ input: 1_000_000 }, { ...call, time: at("20:00") }).nanos).toBe(135_000_000n);
  });

  it("uses the dearer tier for a long context, cached tokens counted in", () => {
    const call = { provider: "gcp.gemini", responseModel: "gemini-2.5-pro" };
    expect(cost({ input: 200_000 }, call).nanos).toBe(250_000_000n);
    const long = cost({ input: 100_001, cache_read: 100_000, output: 10 }, call);
    expect(long.nanos).toBe(100_001n * 2500n + 100_000n * 250n + 10n * 15_000n);
    expect(long.lines[0]?.tier).toBe(">200000 input tokens");
  });

  it("halves a batch, and knows no price for a tier that is not on record", () => {
    const call = { provider: "openai", responseModel: "gpt-4o-mini" };
    const batch = cost({ input: 1_000_000 }, { ...call, serviceTier: "batch" });
    expect(batch.nanos).toBe(75_000_000n);
    expect(batch.lines[0]?.tier).toBe("batch");
    expect(cost({ input: 1_000_000 }, { ...call, serviceTier: "default" }).nanos).toBe(150_000_000n);
    expect(cost({ input: 1 }, { ...call, serviceTier: "scale" })).toMatchObject({ reason: "no-price" });
  });

  it("takes the plain price for a kind of token that the row does not tell apart", () => {
    const told = cost(
      { input: 10, cache_read: 10, cache_write: 10, output: 5, reasoning: 5 },
      { provider: "openai", responseModel: "gpt-4-turbo" },
    );
    expect(told.nanos).toBe(30n * 10_000n + 10n * 30_000n);
  });

  it.each([
    ["openai", "gpt-4o-mini-2026-07-18", "openai/gpt-4o-mini"],
    ["openai", "ft:gpt-4o-mini-2024-07-18:acme::abc123", "openai/ft:gpt-4o-mini"],
    ["anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"],
    [undefined, "claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4-5"],
    [undefined, "openai/gpt-4o-mini", "openai/gpt-4o-mini"],
    [undefined, "text-embedding-3-small", "openai/text-embedding-3-small"],
    [undefined, "ft:gpt-4o-mini-2024-07-18:acme::abc123", "openai/ft:gpt-4o-mini"],
    [undefined, "embed-v4.0", "cohere/embed-v4.0"],
    ["gcp.vertex_ai", "models/gemini-2.5-pro", "google/gemini-2.5-pro"],
    ["gcp.vertex_ai", "publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"],
    ["azure.ai.openai", "gpt-4o-mini", "openai/gpt-4o-mini"],
    ["litellm", "gpt-4o-mini", "openai/gpt-4o-mini"],
  ])("finds the price of %s %s", (provider, model, row) => {
    expect(priceName({ provider, responseModel: model })).toBe(row);
  });

  it("finds Bedrock's own price of a model in a region", () => {
    const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    expect(priceName({ provider: "aws.bedrock", requestModel: model })).toMatch(/^aws\/.*claude-sonnet-4-5/);
  });

  it("asks for the requested model when the answer's name has no price", () => {
    const told = cost(
      { input: 10 },
      { provider: "openai", requestModel: "gpt-4o-mini", responseModel: "deployment-7" },
    );
    expect(told.lines[0]).toMatchObject({ model: "gpt-4o-mini", price: "openai/gpt-4o-mini" });
  });

  it("prices each of several models apart", () => {
    const told = priceUsage({
      provider: "anthropic",
      responseModel: "claude-sonnet-4-5",
      time: NOVEMBER,
      usage: [{ buckets: { output: 100 } }, { model: "claude-haiku-4-5", buckets: { output: 100 } }],
    });
    expect(told.nanos).toBe(100n * 15_000n + 100n * 5000n);
  });

  it("says why there is no amount, and never that it is 0", () => {
    expect(priceUsage({ usage: [], time: NOVEMBER })).toEqual({ currency: "USD", lines: [], reason: "no-usage" });
    expect(cost({ input: 1 }, {})).toMatchObject({ reason: "no-model" });
    expect(cost({ input: 1 }, { provider: "openai", responseModel: "llama3.2:3b" })).toMatchObject({
      reason: "no-price",
    });
    expect(cost({ input: 1 }, {}).nanos).toBeUndefined();
  });

  it("leaves the sum open when one of several models has no price", () => {
    const told = priceUsage({
      provider: "anthropic",
      time: NOVEMBER,
      usage: [
        { model: "claude-haiku-4-5", buckets: { output: 1 } },
        { model: "nobody-knows", buckets: { output: 1 } },
      ],
    });
    expect(told.nanos).toBeUndefined();
    expect(told.reason).toBe("no-price");
    expect(told.lines).toHaveLength(1);
  });

  it("prices models of one's own machine at 0", () => {
    const told = cost({ input: 15, output: 23 }, { provider: "ollama", responseModel: "llama3.2" });
    expect(told).toMatchObject({
      nanos: 0n,
      lines: [
        { source: "local", tokens: 15 },
        { source: "local", tokens: 23 },
      ],
    });
  });

  it("gives the exact sum of its lines, for any tokens of any model", () => {
    const models = prices.flatMap((book) => book.models.map((model) => [book.provider, model.id] as const));
    const buckets = fc.dictionary(fc.constantFrom(...USAGE_BUCKETS), fc.integer({ min: 0, max: 10_000_000 }));
    fc.assert(
      fc.property(fc.constantFrom(...models), buckets, ([provider, model], counts) => {
        const told = cost(counts, { provider, responseModel: model });
        if (told.nanos === undefined) return told.reason !== undefined;
        const exact = told.lines.reduce((sum, line) => sum + BigInt(line.tokens) * line.nanosPerMillion, 0n);
        const distance = told.nanos * 1_000_000n - exact;
        return distance <= 500_000n && distance >= -500_000n;
      }),
    );
  });

  it("answers for any name without throwing", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (provider, responseModel) => {
        const told = cost({ input: 1 }, { provider, responseModel });
        return told.nanos !== undefined || told.reason !== undefined;
      }),
    );
  });
});
