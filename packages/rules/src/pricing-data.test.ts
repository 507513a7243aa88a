import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { CostBucket, UsageBucket, UsageBuckets, UsageUnits } from "@telltale/model";
import { isInputBucket, nanosFromDecimal, USAGE_BUCKETS } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { prices } from "./prices/index.ts";
import { priceUsage } from "./pricing.ts";

/**
 * Real answers of providers with the price expected of each, from the source of the prices. Not part of
 * the repository: TELLTALE_DATA_DIR names a folder with prices/usages.json.gz.
 */
const folder = process.env["TELLTALE_DATA_DIR"];
const file = folder === undefined ? undefined : join(folder, "prices/usages.json.gz");
/** The expectations were worked out with the prices of that time of the year, in the dear hours of the day. */
const MARCH = BigInt(Date.parse("2026-03-15T12:00:00Z")) * 1_000_000n;
/** What the expectations say otherwise than the version of the source that our prices are from. */
const CHANGED: ReadonlyMap<string, string> = new Map([
  ["google claude-sonnet-4-5-20250929 401468", "the tier above 200,000 tokens came later"],
  ["cerebras qwen-3-coder-480b 364", "it has no price there, which was once counted as free"],
]);

interface Case {
  readonly model?: string;
  readonly extracted: readonly {
    readonly usage: Readonly<Record<string, number>>;
    readonly extractors: readonly {
      readonly provider_id: string;
      readonly input_price?: string;
      readonly output_price?: string;
    }[];
  }[];
}

function bucketsOf(usage: Readonly<Record<string, number>>): UsageBuckets {
  const at = (key: string): number => usage[key] ?? 0;
  const written = at("cache_write_tokens");
  const audioRead = at("cache_audio_read_tokens");
  const read = at("cache_read_tokens") - audioRead - at("cache_image_read_tokens") - at("cache_video_read_tokens");
  const audio = at("input_audio_tokens") - audioRead;
  const imageRead = at("cache_image_read_tokens");
  const image = at("input_image_tokens") - imageRead;
  const videoRead = at("cache_video_read_tokens");
  const video = at("input_video_tokens") - videoRead;
  const outputs = at("output_reasoning_tokens") + at("output_audio_tokens") + at("output_image_tokens");
  return {
    input: at("input_tokens") - written - at("cache_read_tokens") - audio - image - video,
    cache_read: read,
    cache_read_audio: audioRead,
    cache_write: written - at("cache_write_1h_tokens"),
    cache_write_1h: at("cache_write_1h_tokens"),
    input_audio: audio,
    input_image: image,
    cache_read_image: imageRead,
    input_video: video,
    cache_read_video: videoRead,
    output: at("output_tokens") - outputs,
    reasoning: at("output_reasoning_tokens"),
    output_audio: at("output_audio_tokens"),
    output_image: at("output_image_tokens"),
  };
}

/** Searches are in the expected price only where the provider has a price of searches. */
function searches(usage: Readonly<Record<string, number>>): { units?: UsageUnits } {
  const count = usage["web_searches"] ?? 0;
  return count > 0 ? { units: { web_search: count } } : {};
}

const isTokens = (bucket: CostBucket): bucket is UsageBucket => USAGE_BUCKETS.some((one) => one === bucket);

function differences(cases: readonly Case[]): { compared: number; wrong: string[] } {
  const known = new Set(prices.map((book) => book.provider));
  const wrong: string[] = [];
  let compared = 0;
  for (const { model, extracted } of cases)
    for (const { usage, extractors } of extracted)
      for (const { provider_id: provider, input_price: input, output_price: output } of extractors) {
        if (!known.has(provider) || input === undefined || model === undefined) continue;
        if (CHANGED.has(`${provider} ${model} ${usage["input_tokens"]}`)) continue;
        compared++;
        const told = priceUsage({
          provider,
          responseModel: model,
          usage: [{ buckets: bucketsOf(usage), ...searches(usage) }],
          time: MARCH,
        });
        const exact = { input: 0n, output: 0n };
        for (const { bucket, tokens, nanosPerMillion } of told.lines) {
          // What the source expects is for tokens only.
          if (!isTokens(bucket)) continue;
          exact[isInputBucket(bucket) ? "input" : "output"] += BigInt(tokens) * nanosPerMillion;
        }
        const expected = (nanosFromDecimal(input) ?? 0n) + (nanosFromDecimal(output ?? "0") ?? 0n);
        const distance = (exact.input + exact.output) / 1_000_000n - expected;
        if (told.nanos === undefined || distance > 1n || distance < -1n)
          wrong.push(`${provider} ${model} ${JSON.stringify(usage)}: ${told.nanos ?? told.reason} and not ${expected}`);
      }
  return { compared, wrong };
}

const hasData = file !== undefined && existsSync(file);

describe("prices of real answers", () => {
  it.runIf(hasData)("are those of the source (skipped unless TELLTALE_DATA_DIR has prices/usages.json.gz)", () => {
    const cases = JSON.parse(gunzipSync(readFileSync(file ?? "")).toString("utf8")) as readonly Case[];
    const { compared, wrong } = differences(cases);
    expect(wrong, `${compared} compared`).toEqual([]);
    expect(compared).toBeGreaterThan(1_570);
  });
});
