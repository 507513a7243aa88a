import type { AttributeMap } from "../attribute-value.ts";
import { field } from "../json/read-json.ts";
import { countField } from "../reading/token-counts.ts";

/**
 * Writes what Cohere told in `usage` (v2) or `meta` (v1, embed, rerank). Billed are `billed_units`;
 * `tokens` are what the model worked through, with the words that Cohere itself puts around a chat.
 */
export function setCohereUsage(attributes: AttributeMap, usage: unknown): void {
  const billed = field(usage, "billed_units");
  const tokens = field(usage, "tokens");
  const images = countField(billed, "image_tokens") ?? 0;
  const input = countField(billed, "input_tokens") ?? countField(tokens, "input_tokens");
  const output = countField(billed, "output_tokens") ?? countField(tokens, "output_tokens");
  set(attributes, "gen_ai.usage.input_tokens", images > 0 ? (input ?? 0) + images : input);
  set(attributes, "gen_ai.usage.output_tokens", output);
  if (images > 0) attributes.set("gen_ai.usage.image.input_tokens", images);
  set(attributes, "telltale.usage.processed.input_tokens", countField(tokens, "input_tokens"));
  set(attributes, "telltale.usage.processed.output_tokens", countField(tokens, "output_tokens"));
  set(attributes, "telltale.usage.processed.cached_tokens", countField(usage, "cached_tokens"));
  set(attributes, "telltale.usage.search_units", countField(billed, "search_units"));
}

function set(attributes: AttributeMap, name: string, count: number | undefined): void {
  if (count !== undefined) attributes.set(name, count);
}
