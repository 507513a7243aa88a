import type { AttributeMap } from "../attribute-value.ts";
import { field } from "../json/read-json.ts";
import { countAt } from "../openai/usage.ts";

/**
 * Writes what Cohere told in `usage` (v2) or `meta` (v1, embed, rerank). Billed are `billed_units`;
 * `tokens` are what the model worked through, with the words that Cohere itself puts around a chat.
 */
export function setCohereUsage(attributes: AttributeMap, usage: unknown): void {
  const billed = field(usage, "billed_units");
  const tokens = field(usage, "tokens");
  const images = countAt(billed, "image_tokens") ?? 0;
  const input = countAt(billed, "input_tokens") ?? countAt(tokens, "input_tokens");
  const output = countAt(billed, "output_tokens") ?? countAt(tokens, "output_tokens");
  set(attributes, "gen_ai.usage.input_tokens", images > 0 ? (input ?? 0) + images : input);
  set(attributes, "gen_ai.usage.output_tokens", output);
  if (images > 0) attributes.set("gen_ai.usage.image.input_tokens", images);
  set(attributes, "telltale.usage.processed.input_tokens", countAt(tokens, "input_tokens"));
  set(attributes, "telltale.usage.processed.output_tokens", countAt(tokens, "output_tokens"));
  set(attributes, "telltale.usage.processed.cached_tokens", countAt(usage, "cached_tokens"));
  set(attributes, "telltale.usage.search_units", countAt(billed, "search_units"));
}

function set(attributes: AttributeMap, name: string, count: number | undefined): void {
  if (count !== undefined) attributes.set(name, count);
}
