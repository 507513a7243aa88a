import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Json } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { providerUsage } from "./provider-usage.ts";

/**
 * Real answers of providers with the usage expected of each. Not part of the repository:
 * TELLTALE_DATA_DIR names a folder with prices/usages.json.gz.
 */
const folder = process.env["TELLTALE_DATA_DIR"];
const file = folder === undefined ? undefined : join(folder, "prices/usages.json.gz");
const hasData = file !== undefined && existsSync(file);

interface Case {
  readonly model?: string;
  readonly body: { readonly usage?: Json; readonly usageMetadata?: Json };
  readonly extracted: readonly {
    readonly usage: Readonly<Record<string, number>>;
    readonly extractors: readonly { readonly provider_id: string; readonly api_flavor: string }[];
  }[];
}

/** The source also reads bodies as other providers' APIs would; the API that made a body knows best. */
function ownerOf({ usage, usageMetadata }: Case["body"]): string {
  const has = (name: string): boolean => typeof usage === "object" && usage !== null && name in usage;
  if (usageMetadata !== undefined) return "google default";
  if (has("inputTokens")) return "aws default";
  if (has("prompt_tokens")) return "openai chat";
  return has("input_tokens_details") ? "openai responses" : "anthropic default";
}

function expected(usage: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const at = (key: string): number => usage[key] ?? 0;
  const reads = at("cache_audio_read_tokens") + at("cache_image_read_tokens") + at("cache_video_read_tokens");
  const audio = at("input_audio_tokens") - at("cache_audio_read_tokens");
  const image = at("input_image_tokens") - at("cache_image_read_tokens");
  const video = at("input_video_tokens") - at("cache_video_read_tokens");
  const outputs = at("output_reasoning_tokens") + at("output_audio_tokens") + at("output_image_tokens");
  return {
    input: at("input_tokens") - at("cache_write_tokens") - at("cache_read_tokens") - audio - image - video,
    cache_read: at("cache_read_tokens") - reads,
    cache_read_audio: at("cache_audio_read_tokens"),
    cache_read_image: at("cache_image_read_tokens"),
    cache_read_video: at("cache_video_read_tokens"),
    cache_write: at("cache_write_tokens") - at("cache_write_1h_tokens"),
    cache_write_1h: at("cache_write_1h_tokens"),
    input_audio: audio,
    input_image: image,
    input_video: video,
    output: at("output_tokens") - outputs,
    reasoning: at("output_reasoning_tokens"),
    output_audio: at("output_audio_tokens"),
    output_image: at("output_image_tokens"),
  };
}

const told = (buckets: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(buckets)
      .filter(([, tokens]) => tokens !== 0)
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );

describe("usage of real answers", () => {
  it.runIf(hasData)("is that of the source (skipped unless TELLTALE_DATA_DIR has prices/usages.json.gz)", () => {
    const cases = JSON.parse(gunzipSync(readFileSync(file ?? "")).toString("utf8")) as readonly Case[];
    let compared = 0;
    const wrong: string[] = [];
    for (const { body, model, extracted } of cases) {
      const owner = extracted.find(({ extractors }) =>
        extractors.some(({ provider_id: provider, api_flavor: flavor }) => `${provider} ${flavor}` === ownerOf(body)),
      );
      if (!owner) continue;
      compared++;
      // An answer of several steps has a line for each; those of other models are no part of what is expected.
      const own = providerUsage(body.usage ?? body.usageMetadata, model).filter(
        (line) => line.model === undefined || line.model === model,
      );
      const sums: Record<string, number> = {};
      for (const { buckets } of own)
        for (const [bucket, tokens] of Object.entries(buckets)) sums[bucket] = (sums[bucket] ?? 0) + tokens;
      const [is, should] = [told(sums), told(expected(owner.usage))].map((one) => JSON.stringify(one));
      if (is !== should) wrong.push(`${JSON.stringify(body)}: ${is} and not ${should}`);
    }
    expect(wrong, `${compared} compared`).toEqual([]);
    expect(compared).toBeGreaterThan(600);
  });
});
