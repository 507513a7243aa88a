import type { AttributeMap } from "../attribute-value.ts";
import { field, numberField } from "../json/read-json.ts";
import { copyDouble } from "../reading/attributes.ts";

// The first name that the provider uses wins. Input counts include cached ones, output counts
// include reasoning, in OpenAI's usage as in the conventions.
const COUNTS: readonly (readonly [attribute: string, ...paths: string[]])[] = [
  ["gen_ai.usage.input_tokens", "prompt_tokens", "input_tokens"],
  ["gen_ai.usage.output_tokens", "completion_tokens", "output_tokens"],
  [
    "gen_ai.usage.cache_read.input_tokens",
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens",
  ],
  ["gen_ai.usage.cache_write.input_tokens", "prompt_tokens_details.cache_write_tokens"],
  [
    "gen_ai.usage.reasoning.output_tokens",
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
  ],
  ["gen_ai.usage.audio.input_tokens", "prompt_tokens_details.audio_tokens"],
  ["gen_ai.usage.audio.output_tokens", "completion_tokens_details.audio_tokens"],
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
  // OpenRouter tells what the call cost.
  copyDouble(attributes, "gen_ai.usage.cost", usage, "cost");
}

function countAt(usage: unknown, path: string): number | undefined {
  const [first = "", second] = path.split(".");
  const count = second === undefined ? numberField(usage, first) : numberField(field(usage, first), second);
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
