import type { TokenCounts } from "@telltale/rules/cost";
import type { AttributeMap } from "../attribute-value.ts";
import { field, numberField, recordOf } from "../json/read-json.ts";
import {
  addTokenCounts,
  countField,
  type ModelTokens,
  setModelTokens,
  setTokenCounts,
} from "../reading/token-counts.ts";

// The first name that the provider uses wins. Input counts include cached ones, output counts
// include reasoning, in OpenAI's usage as in the conventions.
const COUNTS: readonly (readonly [count: keyof TokenCounts, paths: readonly Path[]])[] = withPaths([
  ["input", "prompt_tokens", "input_tokens"],
  ["output", "completion_tokens", "output_tokens"],
  [
    "cacheRead",
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "num_cached_tokens",
    "cached_tokens",
  ],
  ["cacheWrite", "prompt_tokens_details.cache_write_tokens", "input_tokens_details.cache_write_tokens"],
  [
    "reasoning",
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "reasoning_tokens",
  ],
  ["inputAudio", ...inputPaths("audio")],
  ["inputImage", ...inputPaths("image")],
  ["outputAudio", ...outputPaths("audio")],
  ["outputImage", ...outputPaths("image")],
]);

/** One name, or two: of the object, and of the count in it. */
type Path = readonly [first: string, second?: string];

/** Taken apart once: usage is read for each call. */
function withPaths(counts: readonly (readonly [keyof TokenCounts, ...string[]])[]): [keyof TokenCounts, Path[]][] {
  return counts.map(([count, ...paths]) => [count, paths.map(pathOf)]);
}

function pathOf(path: string): Path {
  const [first = "", second] = path.split(".");
  return second === undefined ? [first] : [first, second];
}

function inputPaths(kind: string): string[] {
  return ["prompt_tokens_details", "input_tokens_details", "input_token_details"].map((at) => `${at}.${kind}_tokens`);
}

function outputPaths(kind: string): string[] {
  return ["completion_tokens_details", "output_tokens_details"].map((at) => `${at}.${kind}_tokens`);
}

const VIDEO: readonly Path[] = inputPaths("video").map(pathOf);

/** Writes the usage that the provider told; what it did not tell stays absent. */
export function setUsage(attributes: AttributeMap, usage: unknown): void {
  setTokenCounts(attributes, usageCounts(usage));
  // A kind that the conventions are about to name; it is billed as any input.
  const video = firstCount(usage, VIDEO);
  if (video !== undefined) attributes.set("gen_ai.usage.video.input_tokens", video);
  const cost = costOf(usage);
  if (cost !== undefined) attributes.set("gen_ai.usage.cost", { double: cost });
  setToolCalls(attributes, field(usage, "server_side_tool_usage_details"));
}

/** Writes the usage of a call that is billed under several models: of each, and their sum. */
export function setUsageOfModels(attributes: AttributeMap, models: readonly ModelTokens[]): void {
  const sum = models.map(({ counts }) => counts).reduce(addTokenCounts, {});
  setTokenCounts(attributes, sum);
  setModelTokens(attributes, models);
}

/** The counts in a usage object of OpenAI's API, as the provider told them. */
export function usageCounts(usage: unknown): TokenCounts {
  const counts: { -readonly [count in keyof TokenCounts]: TokenCounts[count] } = {};
  if (recordOf(usage) === undefined) return counts;
  for (const [name, paths] of COUNTS) counts[name] = firstCount(usage, paths);
  const { output, reasoning } = counts;
  if (output !== undefined && reasoning !== undefined && isApart(usage, output, reasoning)) {
    counts.output = output + reasoning;
  }
  return counts;
}

function firstCount(usage: unknown, paths: readonly Path[]): number | undefined {
  for (const [first, second] of paths) {
    const count = second === undefined ? countField(usage, first) : countField(field(usage, first), second);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** xAI and Perplexity count reasoning beside the output: the total, or the sizes, give it away. */
function isApart(usage: unknown, output: number, reasoning: number): boolean {
  if (reasoning === 0) return false;
  if (reasoning > output) return true;
  const input = countField(usage, "prompt_tokens") ?? countField(usage, "input_tokens");
  return input !== undefined && countField(usage, "total_tokens") === input + output + reasoning;
}

/** xAI bills in ticks, of which ten thousand million are a dollar (docs.x.ai, cost tracking). */
const TICKS_PER_DOLLAR = 1e10;

/**
 * What the provider says the call cost, in dollars: OpenRouter a number, which leaves out what went
 * to the user's own key; Perplexity an object; xAI ticks.
 */
function costOf(usage: unknown): number | undefined {
  const cost = numberField(usage, "cost") ?? numberField(field(usage, "cost"), "total_cost");
  if (cost === undefined) {
    const ticks = numberField(usage, "cost_in_usd_ticks");
    return ticks === undefined ? undefined : ticks / TICKS_PER_DOLLAR;
  }
  const upstream = numberField(field(usage, "cost_details"), "upstream_inference_cost");
  return field(usage, "is_byok") === true && upstream !== undefined ? cost + upstream : cost;
}

/** xAI counts the calls of its own tools: `web_search_calls`. */
function setToolCalls(attributes: AttributeMap, details: unknown): void {
  for (const name of Object.keys(recordOf(details) ?? {})) {
    const count = countField(details, name);
    if (/^[a-z_]{1,40}_calls$/.test(name) && count !== undefined && count > 0) {
      attributes.set(`telltale.usage.server_tool_calls.${name.slice(0, -"_calls".length)}`, count);
    }
  }
}
