import type { AttributeMap } from "../attribute-value.ts";
import { field, numberField, recordOf } from "../json/read-json.ts";

const INPUT = "gen_ai.usage.input_tokens";
const OUTPUT = "gen_ai.usage.output_tokens";
const REASONING = "gen_ai.usage.reasoning.output_tokens";

// The first name that the provider uses wins. Input counts include cached ones, output counts
// include reasoning, in OpenAI's usage as in the conventions.
const COUNTS: readonly (readonly [attribute: string, ...paths: string[]])[] = [
  [INPUT, "prompt_tokens", "input_tokens"],
  [OUTPUT, "completion_tokens", "output_tokens"],
  [
    "gen_ai.usage.cache_read.input_tokens",
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
    "num_cached_tokens",
    "cached_tokens",
  ],
  [
    "gen_ai.usage.cache_write.input_tokens",
    "prompt_tokens_details.cache_write_tokens",
    "input_tokens_details.cache_write_tokens",
  ],
  [
    REASONING,
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "reasoning_tokens",
  ],
  ...["audio", "image", "video"].flatMap((kind): [string, ...string[]][] => [
    [
      `gen_ai.usage.${kind}.input_tokens`,
      `prompt_tokens_details.${kind}_tokens`,
      `input_tokens_details.${kind}_tokens`,
      `input_token_details.${kind}_tokens`,
    ],
    [
      `gen_ai.usage.${kind}.output_tokens`,
      `completion_tokens_details.${kind}_tokens`,
      `output_tokens_details.${kind}_tokens`,
    ],
  ]),
];

/** Writes the usage that the provider told; what it did not tell stays absent. */
export function setUsage(attributes: AttributeMap, usage: unknown): void {
  for (const [attribute, ...paths] of COUNTS) {
    for (const path of paths) {
      const count = countAt(usage, path);
      if (count === undefined) continue;
      attributes.set(attribute, count);
      break;
    }
  }
  const output = attributes.get(OUTPUT);
  const reasoning = attributes.get(REASONING);
  if (typeof output === "number" && typeof reasoning === "number" && isApart(usage, output, reasoning)) {
    attributes.set(OUTPUT, output + reasoning);
  }
  const cost = costOf(usage);
  if (cost !== undefined) attributes.set("gen_ai.usage.cost", { double: cost });
  setToolCalls(attributes, field(usage, "server_side_tool_usage_details"));
}

/** A count at a name, or at a name inside an object. */
export function countAt(usage: unknown, path: string): number | undefined {
  const [first = "", second] = path.split(".");
  const count = second === undefined ? numberField(usage, first) : numberField(field(usage, first), second);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** xAI and Perplexity count reasoning beside the output: the total, or the sizes, give it away. */
function isApart(usage: unknown, output: number, reasoning: number): boolean {
  if (reasoning === 0) return false;
  if (reasoning > output) return true;
  const input = countAt(usage, "prompt_tokens") ?? countAt(usage, "input_tokens");
  return input !== undefined && countAt(usage, "total_tokens") === input + output + reasoning;
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
    const count = countAt(details, name);
    if (/^[a-z_]{1,40}_calls$/.test(name) && count !== undefined && count > 0) {
      attributes.set(`telltale.usage.server_tool_calls.${name.slice(0, -"_calls".length)}`, count);
    }
  }
}
