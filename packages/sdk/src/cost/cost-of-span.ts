import type { Cost, SpanKind, UsageLine } from "@telltale/model";
import type * as Rules from "@telltale/rules/cost";
import { debug, messageOf } from "../diagnostics.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Kinds that a provider bills; the spans around them repeat their usage. */
const BILLED_KINDS: readonly SpanKind[] = ["llm", "embedding", "rerank"];

let rules: typeof Rules | undefined;
let loading: Promise<void> | undefined;

/**
 * Loads the price rows, which no start-up pays for. Resolves when `costOfSpan` can answer, also
 * when they could not be loaded: then every cost is unknown. Never rejects; may be called often.
 */
export function loadPrices(): Promise<void> {
  loading ??= import("@telltale/rules/cost").then(
    (loaded) => {
      rules = loaded;
    },
    (error: unknown) => debug(`Costs are unknown, the prices could not be loaded: ${messageOf(error)}`),
  );
  return loading;
}

/**
 * What a finished call cost in nano-dollars, from its usage and by the same rules as on the
 * server. Undefined is unknown and never 0: no price, no usage, a span that nobody bills, a span
 * whose `complete` has not run, or prices that `loadPrices` has not brought yet. Never throws.
 */
export function costOfSpan(span: Pick<SpanRecord, "attributes" | "startTime">): bigint | undefined {
  return pricedSpan(span)?.nanos;
}

/** The same with what it is made of, and why it is unknown or a lower bound. */
export function pricedSpan(span: Pick<SpanRecord, "attributes" | "startTime">): Cost | undefined {
  const { attributes, startTime } = span;
  const usage = usageOfSpan(span);
  if (rules === undefined || usage === undefined) return undefined;
  return rules.priceUsage({
    kind: billedKind(attributes),
    provider: firstText(attributes, ["gen_ai.provider.name"]),
    requestModel: firstText(attributes, ["gen_ai.request.model"]),
    responseModel: firstText(attributes, ["gen_ai.response.model"]),
    serviceTier: rules.serviceTier((keys) => firstText(attributes, keys)),
    usage,
    time: BigInt(Math.round(startTime)) * 1_000_000n,
  });
}

function billedKind(attributes: SpanRecord["attributes"]): SpanKind | undefined {
  const told = attributes.get("telltale.span.kind");
  return BILLED_KINDS.find((kind) => kind === told);
}

/** What a finished call used, in disjoint kinds of token. Undefined where {@link costOfSpan} is for want of it. */
export function usageOfSpan({ attributes }: Pick<SpanRecord, "attributes">): readonly UsageLine[] | undefined {
  if (rules === undefined || billedKind(attributes) === undefined) return undefined;
  return (
    rules.usageOfModels(firstText(attributes, [rules.MODELS_USAGE])) ??
    rules.genAiUsage((keys) => firstCount(attributes, keys))
  );
}

function firstCount(attributes: SpanRecord["attributes"], keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  }
  return undefined;
}

function firstText(attributes: SpanRecord["attributes"], keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
