import { divideHalfEven, type UsageBucket } from "@telltale/model";

/** The tier that served a call, by the surest name first; `auto` in a request says nothing. */
export const SERVICE_TIERS: readonly string[] = [
  "openai.response.service_tier",
  "gen_ai.response.service_tier",
  "anthropic.response.service_tier",
  "gen_ai.openai.response.service_tier",
  "openai.request.service_tier",
  "anthropic.request.service_tier",
];

/** Where Anthropic says that a call was kept to a region, which has a surcharge. */
const GEOGRAPHIES: readonly string[] = ["anthropic.response.inference_geo", "anthropic.request.inference_geo"];

/**
 * What changes the price of a call, from the attributes that name it: `batch`, `fast, us`. A region
 * counts as a part of it, as it is priced like one. Undefined where nothing is told.
 */
export function serviceTier(firstText: (keys: readonly string[]) => string | undefined): string | undefined {
  const told = firstText(SERVICE_TIERS);
  const tier = told === "auto" ? undefined : told;
  if (firstText(GEOGRAPHIES)?.toLowerCase() !== "us") return tier;
  return tier === undefined || tier === "standard" ? "us" : `${tier}, us`;
}

/** By how much a tier changes a price: `price × times / over`. */
export interface TierRule {
  /** As the lines of the cost name it. */
  readonly name?: string;
  readonly times: bigint;
  readonly over: bigint;
  /** Tokens read from a cache cost what they cost in the standard tier. */
  readonly keepsCacheReads?: boolean;
  /** What is billed by number changes as well; else it costs the same in every tier. */
  readonly isForUnits?: boolean;
}

/** How one provider prices one of its tiers, against its standard one. */
interface ProviderTier {
  /** Pattern of the ids of the models that it is for; every one when absent. */
  readonly models?: RegExp;
  readonly times: bigint;
  readonly over: bigint;
  readonly keepsCacheReads?: boolean;
  readonly isForUnits?: boolean;
}

const HALF: ProviderTier = { times: 1n, over: 2n };
const SAME: ProviderTier = { times: 1n, over: 1n };

/** Gemini's batch and flex do not make cheaper what these read from a cache (ai.google.dev pricing by LiteLLM 1.110). */
const GEMINI_CACHED: ProviderTier = {
  ...HALF,
  models: /^gemini-(2\.5-(flash|flash-lite|pro)$|3-flash-preview|3\.1-pro-preview)/,
  keepsCacheReads: true,
};

/** Some models of a provider by their ids, and what a tier does to their price. */
function only(models: readonly string[], times: bigint, over: bigint): ProviderTier {
  const ids = models.map((model) => model.replaceAll(".", String.raw`\.`));
  return { models: new RegExp(`^(?:${ids.join("|")})$`), times, over };
}

/**
 * The first entry whose models fit holds. Each was seen in two places in 2026-11: what the provider says, and
 * LiteLLM 1.110's `model_prices_and_context_window.json`, which has a price in each tier for each model; where only one of
 * them tells, it is said.
 */
const TIERS: ReadonlyMap<string, readonly ProviderTier[]> = new Map([
  // developers.openai.com pricing. These three have prices of their own there, the first one the standard one.
  [
    "openai batch",
    [
      { ...SAME, models: /^gpt-3\.5-turbo-1106/ },
      { ...HALF, models: /^(?!ft:gpt-4(?:o|\.1)$)/ },
    ],
  ],
  ["openai flex", [HALF]],
  [
    "openai priority",
    [
      only(["gpt-4o-mini"], 5n, 3n),
      only(["gpt-4o"], 17n, 10n),
      only(["gpt-4.1", "gpt-4.1-mini", "gpt-4o-2024-05-13", "o3"], 7n, 4n),
      only(["gpt-5-mini"], 9n, 5n),
      only(["o4-mini"], 20n, 11n),
      only(["gpt-5.5"], 5n, 2n),
      only(["gpt-4.1-nano", "gpt-5", "gpt-5.1", "gpt-5.2", "gpt-5.3-codex", "gpt-5.4", "gpt-5.4-mini"], 2n, 1n),
      only(["gpt-5.6-(?:sol|terra|luna)", "gpt-6-(?:astra|sol|luna)"], 2n, 1n),
    ],
  ],
  // LiteLLM alone; Azure's own page renders its prices by script.
  ["azure batch", [HALF]],
  // platform.claude.com pricing: cache reads and writes too.
  ["anthropic batch", [HALF]],
  // ai.google.dev/gemini-api/docs/optimization: half, priority 75 to 100 % more; by LiteLLM 80 % for each of these.
  ["google batch", [GEMINI_CACHED, HALF]],
  ["google flex", [GEMINI_CACHED, HALF]],
  [
    "google priority",
    [
      {
        models: /^gemini-(?:2\.5-(?:flash|flash-image|flash-lite|pro)$|3-|3\.1-(?:flash-lite$|pro)|3\.[5-8]-flash$)/,
        times: 9n,
        over: 5n,
      },
    ],
  ],
  // docs.aws.amazon.com capacity-limits-cost-optimization: batch 50 % off. Flex and priority: LiteLLM, for Nova exactly.
  ["aws batch", [HALF]],
  ["aws flex", [{ ...HALF, models: /nova/ }]],
  ["aws priority", [{ models: /nova/, times: 7n, over: 4n }]],
  // "20 % to 50 %" says xAI; by LiteLLM 20 % for these.
  ["x-ai batch", [{ models: /^grok-4\.(?:20|3)/, times: 4n, over: 5n }]],
  // mistral.ai/pricing: half. LiteLLM has it for pages of OCR alone, plain and annotated: half as well.
  ["mistral batch", [{ ...HALF, isForUnits: true }]],
  // groq.com/pricing: half (25 % until 2025). Cached tokens cost half in any tier; nobody says that both add up.
  ["groq batch", [{ ...HALF, keepsCacheReads: true }]],
  // console.groq.com/docs/flex-processing: "pricing matches the on-demand tier".
  ["groq flex", [SAME]],
  // docs.together.ai/docs/inference/batch: "models not listed run at standard rates"; nothing in LiteLLM.
  [
    "together batch",
    [
      only(
        [
          "meta-llama/Llama-3.3-70B-Instruct-Turbo",
          "meta-llama/Llama-3-70b-chat-hf",
          "mistralai/Mixtral-8x7B-Instruct-v0.1",
          "Qwen/Qwen2.5-7B-Instruct-Turbo",
          "zai-org/GLM-4.5-Air-FP8",
        ],
        1n,
        2n,
      ),
      SAME,
    ],
  ],
  // fireworks.ai/blog/batch-api: 50 % lower.
  ["fireworks batch", [HALF]],
  // docs.voyageai.com/docs/pricing: 33 % off.
  ["voyageai batch", [{ times: 67n, over: 100n }]],
  // platform.claude.com fast mode: a factor over the full context; OpenRouter's `-fast` models have the same.
  [
    "anthropic fast",
    [
      { models: /^claude-opus-4-[67]/, times: 6n, over: 1n },
      { models: /^claude-opus-(?:4-8|5)/, times: 2n, over: 1n },
    ],
  ],
  // platform.claude.com data residency, and LiteLLM: only models that have it answer `us`.
  ["anthropic us", [{ times: 11n, over: 10n }]],
]);

/** Tiers whose price is known to differ and is not on record: the cost is then unknown. */
const UNPRICED = new Set(["priority", "fast", "scale", "reserved", "provisioned", "batch", "flex", "us"]);

/** The tier that changes nothing. */
export const STANDARD_TIER: TierRule = { times: 1n, over: 1n };

/** The rule of a tier that {@link serviceTier} named; `undefined` when its price is not on record. */
export function tierRule(provider: string, model: string, told: string | undefined): TierRule | undefined {
  if (told === undefined) return STANDARD_TIER;
  const names: string[] = [];
  let { times, over } = STANDARD_TIER;
  let keepsCacheReads = false;
  let isForUnits = false;
  for (const tier of told.toLowerCase().split(", ")) {
    const rule = TIERS.get(`${provider} ${tier}`)?.find(({ models }) => models?.test(model) !== false);
    if (!rule && UNPRICED.has(tier)) return undefined;
    if (!rule || rule.times === rule.over) continue;
    names.push(tier);
    times *= rule.times;
    over *= rule.over;
    keepsCacheReads ||= rule.keepsCacheReads === true;
    isForUnits ||= rule.isForUnits === true;
  }
  if (names.length === 0) return STANDARD_TIER;
  return { name: names.join(", "), times, over, keepsCacheReads, isForUnits };
}

/** A price in a tier, to a whole nano-unit for a million, halves to even. */
export function inTier(price: number, rule: TierRule, bucket?: UsageBucket): bigint {
  if (rule.keepsCacheReads && bucket?.startsWith("cache_read")) return BigInt(price);
  return divideHalfEven(BigInt(price) * rule.times, rule.over);
}
