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

const INPUT_DETAILS = ["prompt_tokens_details", "input_tokens_details", "input_token_details"] as const;

// The first name that the provider uses wins. Input counts include cached ones, output counts
// include reasoning, in OpenAI's usage as in the conventions.
const MEMBERS = membersOf([
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
  ["inputVideo", ...inputPaths("video")],
]);

/** Video is a kind that the conventions are about to name; it is billed as any input. */
type Counts = TokenCounts & { readonly inputVideo?: number };

/** A count, and its place among the names for it: the first wins. */
interface Place {
  readonly count: keyof Counts;
  readonly rank: number;
}

/** What a member of a usage object tells: a count, or counts as its own members. */
interface Member {
  readonly itself: Place | undefined;
  readonly inside: ReadonlyMap<string, Place>;
}

/** By member: a usage object has three to eight of them, where it could have thirty. */
function membersOf(counts: readonly (readonly [keyof Counts, ...string[]])[]): ReadonlyMap<string, Member> {
  const members = new Map<string, { itself: Place | undefined; inside: Map<string, Place> }>();
  for (const [count, ...paths] of counts)
    for (const [rank, path] of paths.entries()) {
      const [first = "", second] = path.split(".");
      const member = members.get(first) ?? { itself: undefined, inside: new Map<string, Place>() };
      members.set(first, member);
      if (second === undefined) member.itself = { count, rank };
      else member.inside.set(second, { count, rank });
    }
  return members;
}

function inputPaths(kind: string): string[] {
  return INPUT_DETAILS.map((at) => `${at}.${kind}_tokens`);
}

function outputPaths(kind: string): string[] {
  return ["completion_tokens_details", "output_tokens_details"].map((at) => `${at}.${kind}_tokens`);
}

/** Writes the usage that the provider told; what it did not tell stays absent. */
export function setUsage(attributes: AttributeMap, usage: unknown): void {
  const counts = usageCounts(usage);
  setTokenCounts(attributes, counts);
  if (counts.inputVideo !== undefined) attributes.set("gen_ai.usage.video.input_tokens", counts.inputVideo);
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
export function usageCounts(usage: unknown): Counts {
  const told = new Told();
  for (const name of Object.keys(recordOf(usage) ?? {})) {
    const member = MEMBERS.get(name);
    if (member === undefined) continue;
    if (member.itself !== undefined) told.take(member.itself, usage, name);
    if (member.inside.size === 0) continue;
    const details = field(usage, name);
    for (const detail of Object.keys(recordOf(details) ?? {})) told.take(member.inside.get(detail), details, detail);
  }
  const { counts } = told;
  const { output, reasoning } = counts;
  if (output !== undefined && reasoning !== undefined && isApart(usage, output, reasoning)) {
    counts.output = output + reasoning;
  }
  return counts;
}

/** Counts as they are found, in whatever order. */
class Told {
  readonly counts: { -readonly [count in keyof Counts]: Counts[count] } = {};
  readonly #ranks: { -readonly [count in keyof Counts]?: number } = {};

  take(place: Place | undefined, from: unknown, name: string): void {
    if (place === undefined || place.rank > (this.#ranks[place.count] ?? Number.POSITIVE_INFINITY)) return;
    const count = countField(from, name);
    if (count === undefined) return;
    this.counts[place.count] = count;
    this.#ranks[place.count] = place.rank;
  }
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
