import type { UsageLine, UsageUnit, UsageUnits } from "@telltale/model";
import { type CountingConvention, type TokenCounts, usageLine } from "./usage-line.ts";

const USAGE = "gen_ai.usage.";
/** The conventions' names of all generations (§1.2), newest first, and those met in the wild. */
const INPUT = [...["input_tokens", "prompt_tokens"].map((key) => USAGE + key), "gen_ai.response.prompt_tokens"];
const OUTPUT = [
  ...["output_tokens", "completion_tokens"].map((key) => USAGE + key),
  "gen_ai.response.completion_tokens",
];
const CACHE_READ = [
  "cache_read.input_tokens",
  "cache_read_input_tokens",
  "cached_input_tokens",
  "prompt_tokens_details.cached_tokens",
  "details.cache_read_tokens",
  "details.cached_tokens",
  "details.cache_read_input_tokens",
  "details.cached_content_tokens",
].map((key) => USAGE + key);
const CACHE_WRITE = [
  "cache_write.input_tokens",
  "cache_creation.input_tokens",
  "cache_creation_input_tokens",
  "cache_write_input_tokens",
  "details.cache_write_tokens",
  "details.cache_creation_input_tokens",
].map((key) => USAGE + key);
const CACHE_WRITE_HOUR = [
  "telltale.usage.cache_write_1h.input_tokens",
  "gen_ai.usage.cache_write_1h.input_tokens",
  "gen_ai.usage.cache_creation.1h_input_tokens",
  "gen_ai.usage.cache_creation.1h.input_tokens",
  "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
];
const CACHE_WRITE_MINUTES = ["gen_ai.usage.cache_creation.5m_input_tokens"];
const REASONING = [
  "reasoning.output_tokens",
  "reasoning_tokens",
  "reasoning_output_tokens",
  "completion_tokens_details.reasoning_tokens",
  "details.reasoning_tokens",
  "details.thoughts_tokens",
].map((key) => USAGE + key);
const INPUT_AUDIO = ["audio.input_tokens", "audio_input_tokens", "details.input_audio_tokens"].map(
  (key) => USAGE + key,
);
const CACHE_READ_AUDIO = ["audio.cache_read.input_tokens", "details.cache_audio_read_tokens"].map((key) => USAGE + key);
const OUTPUT_AUDIO = ["audio.output_tokens", "audio_output_tokens", "details.output_audio_tokens"].map(
  (key) => USAGE + key,
);

/** What is billed by number: Anthropic's and OpenAI's web searches, OpenAI's file searches, Cohere's rerank searches, seconds of speech. */
const UNITS: ReadonlyMap<UsageUnit, readonly string[]> = new Map([
  [
    "web_search",
    [
      "telltale.usage.web_search.requests",
      "telltale.usage.server_tool_calls.web_search",
      "gen_ai.usage.details.web_search_requests",
    ],
  ],
  ["file_search", ["telltale.usage.server_tool_calls.file_search"]],
  ["rerank_search", ["telltale.usage.search_units"]],
  ["audio_second", ["telltale.usage.audio.input_seconds"]],
]);

function unitsOf(first: FirstCount): UsageUnits {
  const units: { [unit in UsageUnit]?: number } = {};
  for (const [unit, keys] of UNITS) {
    const count = first(keys);
    if (count !== undefined && count > 0) units[unit] = count;
  }
  return units;
}

/** Cache writes: all of them, or the sum where they are told by their two lifetimes only. */
function writtenOf(first: FirstCount): Pick<TokenCounts, "cacheWrite" | "cacheWriteHour"> {
  const hour = first(CACHE_WRITE_HOUR);
  const minutes = first(CACHE_WRITE_MINUTES);
  const byLifetime = minutes === undefined ? undefined : minutes + (hour ?? 0);
  return { cacheWrite: first(CACHE_WRITE) ?? byLifetime, cacheWriteHour: hour };
}

/** The first of a span's attributes of these names that is a whole number ≥ 0. */
export type FirstCount = (keys: readonly string[]) => number | undefined;

/**
 * Usage told by `gen_ai.usage.*`; nothing is read where neither input nor output nor anything else that is billed is told. The SDK
 * and the server both ask here, so that a call costs the same on both sides.
 */
export function genAiUsage(first: FirstCount, convention?: CountingConvention): readonly UsageLine[] | undefined {
  const input = first(INPUT);
  const output = first(OUTPUT);
  const units = unitsOf(first);
  if (input === undefined && output === undefined && Object.keys(units).length === 0) return undefined;
  const line = usageLine(
    {
      input,
      output,
      cacheRead: first(CACHE_READ),
      ...writtenOf(first),
      reasoning: first(REASONING),
      inputAudio: first(INPUT_AUDIO),
      cacheReadAudio: first(CACHE_READ_AUDIO),
      inputImage: first(["gen_ai.usage.image.input_tokens"]),
      cacheReadImage: first(["gen_ai.usage.image.cache_read.input_tokens"]),
      inputVideo: first(["gen_ai.usage.video.input_tokens"]),
      cacheReadVideo: first(["gen_ai.usage.video.cache_read.input_tokens"]),
      outputAudio: first(OUTPUT_AUDIO),
      outputImage: first(["gen_ai.usage.image.output_tokens"]),
      outputVideo: first(["gen_ai.usage.video.output_tokens"]),
    },
    convention,
    units,
  );
  return line && [line];
}

/** Where Telltale's SDK says what each model of a call is billed for; see {@link usageOfModels}. */
export const MODELS_USAGE = "telltale.usage.models";
/** More models than this are not one answer's. */
const MOST_MODELS = 100;

/**
 * Usage of a call that is billed under several models (conventions, rule 10), from JSON: a list of objects
 * with `model` and the names of `gen_ai.usage.*` without prefix. Undefined for anything else; what
 * stands under `gen_ai.usage.*` is then the sum.
 */
export function usageOfModels(json: string | undefined): readonly UsageLine[] | undefined {
  const models = json === undefined ? undefined : parse(json);
  if (!Array.isArray(models)) return undefined;
  const lines = (models as readonly unknown[]).slice(0, MOST_MODELS).flatMap((told) => lineOf(told) ?? []);
  return lines.length > 0 ? lines : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function lineOf(told: unknown): readonly UsageLine[] | undefined {
  if (typeof told !== "object" || told === null) return undefined;
  const counts = new Map<string, unknown>(Object.entries(told));
  const model = counts.get("model");
  if (typeof model !== "string") return undefined;
  const first: FirstCount = (keys) => {
    for (const key of keys) {
      const count = key.startsWith(USAGE) ? counts.get(key.slice(USAGE.length)) : undefined;
      if (typeof count === "number" && Number.isSafeInteger(count) && count >= 0) return count;
    }
    return undefined;
  };
  return genAiUsage(first, { model });
}
