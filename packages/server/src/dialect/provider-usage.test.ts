import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { providerUsage } from "./provider-usage.ts";

describe("providerUsage", () => {
  it.each([
    [
      "OpenAI's chat API",
      {
        prompt_tokens: 31,
        completion_tokens: 23,
        prompt_tokens_details: { cached_tokens: 15 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    ],
    [
      "OpenAI's responses API",
      {
        input_tokens: 31,
        output_tokens: 23,
        input_tokens_details: { cached_tokens: 15 },
        output_tokens_details: { reasoning_tokens: 3 },
      },
    ],
    [
      "LangChain",
      {
        input_tokens: 31,
        output_tokens: 23,
        input_token_details: { cache_read: 15 },
        output_token_details: { reasoning: 3 },
      },
    ],
    ["Gemini", { promptTokenCount: 31, candidatesTokenCount: 20, cachedContentTokenCount: 15, thoughtsTokenCount: 3 }],
  ])("reads the usage of %s", (_, usage) => {
    expect(providerUsage(usage)).toEqual([
      { buckets: { input: 16, cache_read: 15, output: 20, reasoning: 3 }, quality: "reported" },
    ]);
  });

  it.each([
    [
      "Anthropic",
      { input_tokens: 18, output_tokens: 23, cache_read_input_tokens: 512, cache_creation_input_tokens: 128 },
    ],
    ["Bedrock", { inputTokens: 18, outputTokens: 23, cacheReadInputTokens: 512, cacheWriteInputTokens: 128 }],
  ])("knows that %s counts cached tokens apart", (_, usage) => {
    expect(providerUsage(usage, "m")).toEqual([
      { model: "m", buckets: { input: 18, cache_read: 512, cache_write: 128, output: 23 }, quality: "reported" },
    ]);
  });

  it("sums LangChain's cache writes by lifetime, beside which it sets their sum to 0", () => {
    const details = {
      cache_read: 512,
      cache_creation: 0,
      ephemeral_5m_input_tokens: 10,
      ephemeral_1h_input_tokens: 40,
    };
    expect(providerUsage({ input_tokens: 600, output_tokens: 23, input_token_details: details })).toEqual([
      { buckets: { input: 38, cache_read: 512, cache_write: 10, cache_write_1h: 40, output: 23 }, quality: "reported" },
    ]);
  });

  it("reads digits in text", () => {
    const usage = { input_tokens: "31", output_tokens: "23", total_tokens: "54" };
    expect(providerUsage(usage)).toEqual([{ buckets: { input: 31, output: 23 }, quality: "reported" }]);
    expect(providerUsage({ input_tokens: "-1", output_tokens: "1e3" })).toEqual([]);
  });

  it("reads nothing out of anything else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => providerUsage(JSON.parse(JSON.stringify(value ?? null))).length >= 0),
    );
    expect(providerUsage(null)).toEqual([]);
    expect(providerUsage({ iterations: [] })).toEqual([]);
  });
});
