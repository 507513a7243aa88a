import type { TokenCounts } from "@telltale/rules/cost";
import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, recordOf, textField } from "../json/read-json.ts";
import { addTokenCounts, countField, setModelTokens, setTokenCounts, sumOf } from "../reading/token-counts.ts";

/** More steps than this are not one answer's. */
const MOST_ITERATIONS = 1000;

/** What the server's own tools were asked, and is billed apart from tokens. */
const SERVER_TOOLS: readonly (readonly [field: string, attribute: string])[] = [
  ["web_search_requests", "telltale.usage.web_search.requests"],
  ["web_fetch_requests", "telltale.usage.web_fetch.requests"],
  ["code_execution_requests", "telltale.usage.code_execution.requests"],
];

/**
 * Writes the usage of a message. Anthropic counts cached tokens apart from `input_tokens`; the
 * conventions count them in. `iterations` has every step that is billed, of which an advisor's run on
 * another model, and neither those nor compactions are in the totals.
 */
export function setAnthropicUsage(attributes: AttributeMap, usage: unknown, model: string | undefined): void {
  if (recordOf(usage) === undefined) return;
  const whole = tokensOf(usage);
  const models = tokensByModel(usage, model);
  const steps = [...models.values()];
  const billed = steps.reduce(addTokenCounts, {});
  // The split of the output by kind stands in the totals only.
  setTokenCounts(attributes, steps.length === 0 ? whole : { ...billed, reasoning: whole.reasoning });
  if (models.size > 1 || (models.size === 1 && model !== undefined && !models.has(model))) {
    const reasoning = (name: string): Partial<TokenCounts> => (name === model ? { reasoning: whole.reasoning } : {});
    setModelTokens(
      attributes,
      [...models].map(([name, counts]) => ({ model: name, counts: { ...counts, ...reasoning(name) } })),
    );
  }
  for (const [name, attribute] of SERVER_TOOLS) {
    const count = countField(field(usage, "server_tool_use"), name);
    if (count !== undefined && count > 0) attributes.set(attribute, count);
  }
  // The fast mode has prices of its own, as a tier has.
  const tier = textField(usage, "speed") === "fast" ? "fast" : textField(usage, "service_tier");
  if (tier !== undefined) attributes.set("anthropic.response.service_tier", tier);
  // Kept to a region is dearer; "not_available" and "global" are not.
  const geography = textField(usage, "inference_geo");
  if (geography !== undefined && geography !== "not_available")
    attributes.set("anthropic.response.inference_geo", geography);
}

function tokensByModel(usage: unknown, model: string | undefined): Map<string, TokenCounts> {
  const models = new Map<string, TokenCounts>();
  for (const step of listField(usage, "iterations").slice(0, MOST_ITERATIONS)) {
    const name = textField(step, "model") ?? model ?? "";
    models.set(name, addTokenCounts(models.get(name) ?? {}, tokensOf(step)));
  }
  return models;
}

/** The tokens that one usage object tells. */
export function tokensOf(usage: unknown): TokenCounts {
  const cacheRead = countField(usage, "cache_read_input_tokens");
  const lifetimes = field(usage, "cache_creation");
  const hour = countField(lifetimes, "ephemeral_1h_input_tokens");
  const written =
    countField(usage, "cache_creation_input_tokens") ?? sumOf(hour, countField(lifetimes, "ephemeral_5m_input_tokens"));
  const fresh = countField(usage, "input_tokens");
  return {
    input: fresh === undefined ? undefined : sumOf(fresh, cacheRead, written),
    output: countField(usage, "output_tokens"),
    cacheRead,
    cacheWrite: written,
    cacheWriteHour: hour === 0 ? undefined : hour,
    reasoning: countField(field(usage, "output_tokens_details"), "thinking_tokens"),
  };
}
