import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { UsageLine } from "@telltale/model";
import { genAiUsage, MODELS_USAGE, usageOfModels } from "@telltale/rules";
import { describe, expect, it } from "vitest";
import { setAnthropicUsage } from "../anthropic/usage.ts";
import type { AttributeMap } from "../attribute-value.ts";
import { setConverseUsage } from "../bedrock/describe-converse.ts";
import { setGeminiUsage } from "../gemini/usage.ts";
import { field } from "../json/read-json.ts";

/**
 * Real answers of providers with the usage expected of each. Not part of the repository:
 * TELLTALE_DATA_DIR names a folder with prices/usages.json.gz.
 */
const folder = process.env["TELLTALE_DATA_DIR"];
const file = folder === undefined ? undefined : join(folder, "prices/usages.json.gz");
const hasData = file !== undefined && existsSync(file);

interface Case {
  readonly model?: string;
  readonly body: { readonly usage?: unknown; readonly usageMetadata?: unknown };
  readonly extracted: readonly {
    readonly usage: Readonly<Record<string, number>>;
    readonly extractors: readonly { readonly provider_id: string; readonly api_flavor: string }[];
  }[];
}

/** The source also reads bodies as other providers' APIs would; the one that made them knows best. */
const OWNERS = ["anthropic default", "google default", "aws default"];

/** What the server reads of what the SDK writes; the lines of other models are no part of what is expected. */
function linesOf(attributes: AttributeMap, model: string | undefined): UsageLine | undefined {
  const models = attributes.get(MODELS_USAGE);
  const lines =
    usageOfModels(typeof models === "string" ? models : undefined) ??
    genAiUsage((keys) => {
      const counts = keys.map((key) => attributes.get(key));
      return counts.find((count) => typeof count === "number");
    });
  return lines?.find((line) => line.model === undefined || line.model === model);
}

function read({ body, model }: Case): UsageLine | undefined {
  const attributes: AttributeMap = new Map();
  const { usage, usageMetadata } = body;
  if (usageMetadata !== undefined) setGeminiUsage(attributes, usageMetadata);
  else if (field(usage, "inputTokens") !== undefined) setConverseUsage(attributes, usage);
  else setAnthropicUsage(attributes, usage, model);
  return linesOf(attributes, model);
}

function expected(usage: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const at = (key: string): number => usage[key] ?? 0;
  const audioRead = at("cache_audio_read_tokens");
  const read = at("cache_read_tokens") - audioRead;
  const audio = at("input_audio_tokens") - audioRead;
  const image = at("input_image_tokens") - at("cache_image_read_tokens");
  const written = at("cache_write_tokens");
  const outputs = at("output_reasoning_tokens") + at("output_audio_tokens") + at("output_image_tokens");
  return {
    input: at("input_tokens") - written - read - audioRead - audio - image,
    cache_read: read,
    cache_read_audio: audioRead,
    cache_write: written - at("cache_write_1h_tokens"),
    cache_write_1h: at("cache_write_1h_tokens"),
    input_audio: audio,
    input_image: image,
    output: at("output_tokens") - outputs,
    reasoning: at("output_reasoning_tokens"),
    output_audio: at("output_audio_tokens"),
    output_image: at("output_image_tokens"),
  };
}

function isMine({ body }: Case): boolean {
  const { usage, usageMetadata } = body;
  const isAnthropic = field(usage, "cache_read_input_tokens") !== undefined;
  return usageMetadata !== undefined || isAnthropic || field(usage, "inputTokens") !== undefined;
}

const told = (buckets: Readonly<Record<string, number>>): unknown =>
  Object.fromEntries(Object.entries(buckets).filter(([, tokens]) => tokens !== 0));

describe("usage of real answers", () => {
  it.runIf(hasData)("is that of the source (skipped unless TELLTALE_DATA_DIR has prices/usages.json.gz)", () => {
    const all = JSON.parse(gunzipSync(readFileSync(file ?? "")).toString("utf8")) as readonly Case[];
    const mine = all.filter(isMine);
    const results = mine.flatMap((each) => {
      const own = each.extracted.find(({ extractors }) =>
        extractors.some(({ provider_id: provider, api_flavor: flavor }) => OWNERS.includes(`${provider} ${flavor}`)),
      );
      if (own === undefined) return [];
      const line = read(each);
      const about = JSON.stringify(each.body);
      return [{ about, ...line, buckets: told(line?.buckets ?? {}), expected: told(expected(own.usage)) }];
    });
    expect(results.length).toBeGreaterThan(350);
    expect(results.map(({ about, buckets }) => [about, buckets])).toEqual(
      results.map((result) => [result.about, result.expected]),
    );
    expect(new Set(results.map(({ quality }) => quality))).toEqual(new Set(["reported"]));
  });
});
