import { divideHalfEven } from "@telltale/model";

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
}

/** How one provider prices its tiers, against its standard one. */
interface ProviderTiers {
  /** Pattern of the models that have the tier; every one when absent. */
  readonly models?: RegExp;
  readonly times: bigint;
  readonly over: bigint;
}

const HALF: ProviderTiers = { times: 1n, over: 2n };

/** OpenAI's batch and flex, and the batches of the others, cost half. */
const TIERS: ReadonlyMap<string, ProviderTiers> = new Map([
  ["openai batch", HALF],
  ["openai flex", HALF],
  ["azure batch", HALF],
  ["anthropic batch", HALF],
  ["google batch", HALF],
  ["google flex", HALF],
  ["mistral batch", HALF],
  ["groq batch", HALF],
  ["together batch", HALF],
  ["fireworks batch", HALF],
  // Voyage: a third off (the comment on its prices in the source of the catalogue).
  ["voyageai batch", { times: 67n, over: 100n }],
  // Groq serves flex at the price of its standard tier.
  ["groq flex", { times: 1n, over: 1n }],
  // platform.claude.com/docs, fast mode, seen 2026-11: six times the rates of Opus 4.6, long contexts too.
  ["anthropic fast", { models: /^claude-opus-4-6/, times: 6n, over: 1n }],
  // platform.claude.com/docs, data residency, seen 2026-11: only models that have it answer `us`.
  ["anthropic us", { times: 11n, over: 10n }],
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
  for (const tier of told.toLowerCase().split(", ")) {
    const known = TIERS.get(`${provider} ${tier}`);
    const rule = known?.models?.test(model) === false ? undefined : known;
    if (!rule && UNPRICED.has(tier)) return undefined;
    if (!rule || rule.times === rule.over) continue;
    names.push(tier);
    times *= rule.times;
    over *= rule.over;
  }
  return names.length === 0 ? STANDARD_TIER : { name: names.join(", "), times, over };
}

/** A price in a tier, to a whole nano-unit for a million, halves to even. */
export function inTier(price: number, rule: TierRule): bigint {
  return divideHalfEven(BigInt(price) * rule.times, rule.over);
}
