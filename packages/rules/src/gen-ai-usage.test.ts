import { inputTokens, outputTokens } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { type FirstCount, genAiUsage, usageOfModels } from "./gen-ai-usage.ts";

const TOTALS = {
  "gen_ai.usage.input_tokens": 630,
  "gen_ai.usage.output_tokens": 25,
  "gen_ai.usage.cache_read.input_tokens": 512,
  "gen_ai.usage.cache_write.input_tokens": 100,
};

const from =
  (counts: Readonly<Record<string, number>>): FirstCount =>
  (keys) =>
    keys.map((key) => counts[key]).find((count) => count !== undefined);

describe("genAiUsage", () => {
  it("tells cache writes of an hour from those of five minutes", () => {
    expect(genAiUsage(from({ ...TOTALS, "telltale.usage.cache_write_1h.input_tokens": 60 }))).toEqual([
      {
        buckets: { input: 18, cache_read: 512, cache_write: 40, cache_write_1h: 60, output: 25 },
        quality: "reported",
      },
    ]);
  });
});

describe("genAiUsage of other generations", () => {
  const DETAILS = "gen_ai.usage.details.";

  it.each([
    ["Semantic Kernel", { "gen_ai.response.prompt_tokens": 600, "gen_ai.response.completion_tokens": 25 }],
    ["OpenTelemetry's first names", { "gen_ai.usage.prompt_tokens": 600, "gen_ai.usage.completion_tokens": 25 }],
  ])("reads the totals of %s", (_, counts) => {
    expect(genAiUsage(from(counts))).toEqual([{ buckets: { input: 600, output: 25 }, quality: "reported" }]);
  });

  it("reads the parts that Pydantic AI told before the conventions had names for them", () => {
    const parts = {
      [`${DETAILS}cache_read_tokens`]: 512,
      [`${DETAILS}cache_write_tokens`]: 60,
      [`${DETAILS}input_audio_tokens`]: 20,
      [`${DETAILS}output_audio_tokens`]: 5,
      [`${DETAILS}thoughts_tokens`]: 4,
    };
    const totals = { "gen_ai.usage.input_tokens": 630, "gen_ai.usage.output_tokens": 25 };
    expect(genAiUsage(from({ ...totals, ...parts }))?.[0]?.buckets).toEqual({
      input: 38,
      cache_read: 512,
      cache_write: 60,
      input_audio: 20,
      output: 16,
      output_audio: 5,
      reasoning: 4,
    });
  });

  it("sums cache writes that are told by lifetime only", () => {
    const counts = {
      "gen_ai.usage.input_tokens": 630,
      "gen_ai.usage.cached_input_tokens": 500,
      "gen_ai.usage.cache_creation.5m_input_tokens": 10,
      "gen_ai.usage.cache_creation.1h_input_tokens": 40,
    };
    const buckets = { input: 80, cache_read: 500, cache_write: 10, cache_write_1h: 40 };
    expect(genAiUsage(from(counts))?.[0]?.buckets).toEqual(buckets);
  });
});

describe("usageOfModels", () => {
  it("has a line for each model that a call is billed under", () => {
    const lines = usageOfModels(
      JSON.stringify([
        {
          model: "a",
          input_tokens: 630,
          "cache_read.input_tokens": 512,
          output_tokens: 20,
          "reasoning.output_tokens": 5,
        },
        {
          model: "b",
          input_tokens: 7,
          "cache_write.input_tokens": 4,
          "cache_write_1h.input_tokens": 4,
          output_tokens: 5,
        },
      ]),
    );
    expect(lines).toEqual([
      { model: "a", buckets: { input: 118, cache_read: 512, output: 15, reasoning: 5 }, quality: "reported" },
      { model: "b", buckets: { input: 3, cache_write: 0, cache_write_1h: 4, output: 5 }, quality: "reported" },
    ]);
    expect([inputTokens(lines ?? []), outputTokens(lines ?? [])]).toEqual([637, 25]);
  });

  it.each([
    undefined,
    "",
    "[]",
    "{",
    "[null]",
    '[{"model":1,"input_tokens":3}]',
    '[{"model":"a","input_tokens":"3"}]',
    '"x"',
  ])("has nothing to say of %s", (json) => {
    expect(usageOfModels(json)).toBeUndefined();
  });
});
