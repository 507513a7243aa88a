import type { Cost, CostLine, Instant, SpanKind, UsageBucket, UsageLine } from "@telltale/model";
import { inputTokens, USAGE_BUCKETS, USAGE_UNITS } from "@telltale/model";
import {
  type CustomCall,
  customPriceFor,
  type CustomPrice,
  type CustomPrices,
  customUnitLines,
  inDollars,
  underContract,
} from "./custom-prices.ts";
import { findModel, type FoundModel } from "./find-model.ts";
import type { BucketPrices, PriceRow } from "./price-book.ts";
import { inTier, STANDARD_TIER, type TierRule, tierRule } from "./service-tier.ts";
import { nanosOfLines } from "./nanos-of-lines.ts";
import { hasUntoldSide } from "./untold-side.ts";

/** A call to price. */
export interface PricedCall {
  /** Embeddings and rerankings have no output that could be missing. */
  readonly kind?: SpanKind | undefined;
  /** `gen_ai.provider.name`. */
  readonly provider?: string | undefined;
  readonly requestModel?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly usage: readonly UsageLine[];
  /** When the call was made: prices change. */
  readonly time: Instant;
  readonly serviceTier?: string | undefined;
  /** How long it took, where a machine is paid by time. */
  readonly milliseconds?: number | undefined;
}

/** Runtimes of models on one's own machines: nobody bills their tokens. */
const LOCAL_PROVIDERS = new Set([
  "ollama",
  "vllm",
  "llama.cpp",
  "llama_cpp",
  "llamacpp",
  "llamafile",
  "lmstudio",
  "lm_studio",
  "localai",
  "mlx",
  "sglang",
  "tgi",
]);

/** Which price stands in where a row has none for a kind of token: a provider that names no discount gives none. */
const STAND_INS: { readonly [bucket in UsageBucket]?: readonly UsageBucket[] } = {
  cache_read: ["input"],
  cache_write: ["input"],
  cache_write_1h: ["cache_write", "input"],
  input_audio: ["input"],
  cache_read_audio: ["input_audio", "cache_read", "input"],
  input_image: ["input"],
  cache_read_image: ["input_image", "cache_read", "input"],
  input_video: ["input"],
  cache_read_video: ["input_video", "cache_read", "input"],
  reasoning: ["output"],
  output_audio: ["output"],
  output_image: ["output"],
  output_video: ["output"],
};

/** The row that held at a time: the last that had begun, and whose hours of the day it is. */
function rowAt(rows: readonly PriceRow[], time: Instant): PriceRow | undefined {
  const [only] = rows;
  if (rows.length === 1 && only && only.from === undefined && only.hours === undefined) return only;
  const told = new Date(Number(time / 1_000_000n)).toISOString();
  const day = told.slice(0, 10);
  const clock = told.slice(11, 16);
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index];
    if (row && (row.from === undefined || row.from <= day) && isWithin(row.hours, clock)) return row;
  }
  return undefined;
}

function isWithin(hours: readonly string[] | undefined, clock: string): boolean {
  const [start, end] = hours ?? [];
  if (start === undefined || end === undefined) return true;
  return start <= end ? clock >= start && clock < end : clock >= start || clock < end;
}

/** The prices for a call of this size, and the name of the size's tier. */
function pricesFor(row: PriceRow, inputTokens: number): { prices: BucketPrices; above?: number } {
  let prices = row.prices;
  let above: number | undefined;
  for (const tier of row.tiers ?? []) {
    if (inputTokens <= tier.above) break;
    prices = { ...prices, ...tier.prices };
    above = tier.above;
  }
  return above === undefined ? { prices } : { prices, above };
}

function priceOf(prices: BucketPrices, bucket: UsageBucket): number | undefined {
  const own = prices[bucket];
  if (own !== undefined) return own;
  for (const other of STAND_INS[bucket] ?? []) {
    const price = prices[other];
    if (price !== undefined) return price;
  }
  return undefined;
}

/** What all lines of one usage line say of their price, and how a tier changes it. */
interface LineMaker {
  readonly about: Omit<CostLine, "bucket" | "tokens" | "nanosPerMillion">;
  readonly rule: TierRule;
}

/** What one usage line costs, as far as it was told. */
interface PricedUsage {
  readonly lines: readonly CostLine[];
  /** Tokens that have a price were not told. */
  readonly isPartial: boolean;
}

/** The priced lines of one usage line; `undefined` where a price is missing. */
function linesOf(usage: UsageLine, found: FoundModel, call: PricedCall, name: string): PricedUsage | undefined {
  const { book, model } = found;
  const row = rowAt(model.rows, call.time);
  const rule = tierRule(book.provider, model.id, call.serviceTier);
  if (!row || !rule) return undefined;
  const { prices, above } = pricesFor(row, inputTokens([usage]) ?? 0);
  const tier = [rule.name, above === undefined ? undefined : `>${above} input tokens`].filter(Boolean).join(", ");
  const about = {
    model: name,
    price: `${book.provider}/${model.id}${row.from === undefined ? "" : `@${row.from}`}`,
    source: model.source ?? book.source,
    ...(tier === "" ? {} : { tier }),
  };
  const tokens = tokenLines(usage, prices, { about, rule });
  const units = unitLines(usage, row, { about, rule });
  if (!tokens || !units) return undefined;
  const lines = [...tokens, ...units];
  if (row.request !== undefined)
    lines.push({ ...about, bucket: "request", tokens: 1, nanosPerMillion: inTier(row.request, rule) });
  return { lines, isPartial: hasUntoldSide(usage, prices, call.kind) };
}

function tokenLines(usage: UsageLine, prices: BucketPrices, { about, rule }: LineMaker): CostLine[] | undefined {
  const lines: CostLine[] = [];
  for (const bucket of USAGE_BUCKETS) {
    const tokens = usage.buckets[bucket];
    if (tokens === undefined || tokens === 0) continue;
    const price = priceOf(prices, bucket);
    if (price === undefined) return undefined;
    lines.push({ ...about, bucket, tokens, nanosPerMillion: inTier(price, rule, bucket) });
  }
  return lines;
}

/** Searches, pages and seconds cost the same in almost every tier: discounts and surcharges are on tokens. */
function unitLines(usage: UsageLine, row: PriceRow, { about, rule }: LineMaker): CostLine[] | undefined {
  const lines: CostLine[] = [];
  for (const unit of USAGE_UNITS) {
    const count = usage.units?.[unit];
    if (count === undefined || count === 0) continue;
    const price = row.units?.[unit];
    if (price === undefined) return undefined;
    lines.push({
      ...about,
      bucket: unit,
      tokens: Math.max(count, row.least?.[unit] ?? 0),
      nanosPerMillion: rule.isForUnits ? inTier(price, rule) : BigInt(price),
    });
  }
  return lines;
}

/** The model a usage line is billed under, with its price: by the answer's name first. */
function modelFor(usage: UsageLine, call: PricedCall): { name: string; found: FoundModel } | undefined {
  const names = usage.model === undefined ? [call.responseModel, call.requestModel] : [usage.model];
  for (const name of names) {
    const found = name === undefined ? undefined : findModel(call.provider, name);
    if (name !== undefined && found) return { name, found };
  }
  return undefined;
}

function localLines(usage: UsageLine, model: string): PricedUsage {
  const lines: CostLine[] = [];
  for (const bucket of USAGE_BUCKETS) {
    const tokens = usage.buckets[bucket];
    if (!tokens) continue;
    lines.push({ model, bucket, tokens, nanosPerMillion: 0n, price: "local", source: "local" });
  }
  return { lines, isPartial: false };
}

/**
 * What a call cost in US dollars, exactly: each usage line's tokens times their prices, rounded
 * once per usage line, halves to even. `reason` says why there is no amount; a model on one's own
 * machine costs 0. When one part has no price, the sum is unknown and not lower; when the input or the output was not told,
 * nobody will ever know more, and the sum is the lower bound that `partial-usage` says it is.
 * `custom` are somebody's own prices, which go before the catalogue's.
 */
export function priceUsage(call: PricedCall, custom?: CustomPrices): Cost {
  const told = call.usage.filter((line) => Object.keys(line.buckets).length > 0 || line.units !== undefined);
  if (told.length === 0) return costWithoutUsage(call, custom);
  const anyName = call.responseModel ?? call.requestModel;
  const isLocal = call.provider !== undefined && LOCAL_PROVIDERS.has(call.provider.toLowerCase());
  const lines: CostLine[] = [];
  let nanos = 0n;
  let reason: Cost["reason"];
  let isPartial = false;
  for (const [index, usage] of told.entries()) {
    const name = usage.model ?? anyName;
    const entry = custom && customPriceFor(custom, customCall(usage, call));
    const catalogue = (): PricedUsage | undefined =>
      isLocal ? localLines(usage, name ?? "") : pricedLines(usage, call);
    const priced =
      custom && entry
        ? customLines({ usage, call, name: name ?? "", isFirst: index === 0 }, custom, entry, catalogue)
        : catalogue();
    if (!priced) {
      reason = name === undefined ? "no-model" : "no-price";
      continue;
    }
    lines.push(...priced.lines);
    isPartial ||= priced.isPartial;
    nanos += nanosOfLines(priced.lines);
  }
  if (reason !== undefined) return { currency: "USD", lines, reason };
  return { nanos, currency: "USD", lines, ...(isPartial ? { reason: "partial-usage" } : {}) };
}

function pricedLines(usage: UsageLine, call: PricedCall): PricedUsage | undefined {
  const model = modelFor(usage, call);
  return model && linesOf(usage, model.found, call, model.name);
}

function customCall(usage: UsageLine | undefined, call: PricedCall): CustomCall {
  const { provider, time, serviceTier } = call;
  const names = usage?.model === undefined ? [call.responseModel, call.requestModel] : [usage.model];
  return { provider, time, serviceTier, models: names.filter((name) => name !== undefined) };
}

/** One usage line of a call that an entry of somebody's own prices fits. */
interface CustomLine {
  readonly usage: UsageLine;
  readonly call: PricedCall;
  readonly name: string;
  /** The call and its time are billed with its first line. */
  readonly isFirst: boolean;
}

function customLines(
  { usage, call, name, isFirst }: CustomLine,
  custom: CustomPrices,
  entry: CustomPrice,
  catalogue: () => PricedUsage | undefined,
): PricedUsage | undefined {
  if (entry.factor !== undefined) {
    const priced = catalogue();
    // What is free stays free however much of it there was.
    const isPartial = priced?.isPartial === true && entry.factor !== 0n;
    return priced && { lines: underContract(priced.lines, entry), isPartial };
  }
  const prices = inDollars(custom, entry, call.time);
  if (!prices) return undefined;
  const about = { ...prices.about, model: name };
  // Who pays by the call or by time does not pay for tokens.
  const ofTokens = prices.tokens ?? { input: 0, output: 0 };
  const tokens = tokenLines(usage, ofTokens, { about, rule: STANDARD_TIER });
  const units = customUnitLines(usage, prices, name);
  if (!tokens || !units) return undefined;
  const lines = [...tokens, ...units];
  const isPartial = hasUntoldSide(usage, ofTokens, call.kind);
  const { request, millisecond } = prices;
  if (isFirst && request !== undefined)
    lines.push({ ...about, bucket: "request", tokens: 1, nanosPerMillion: request });
  if (!isFirst || millisecond === undefined) return { lines, isPartial };
  if (call.milliseconds === undefined) return undefined;
  lines.push({ ...about, bucket: "millisecond", tokens: call.milliseconds, nanosPerMillion: millisecond });
  return { lines, isPartial };
}

/** A call that told no tokens costs something only where somebody pays by the call or by time. */
function costWithoutUsage(call: PricedCall, custom: CustomPrices | undefined): Cost {
  const entry = custom && customPriceFor(custom, customCall(undefined, call));
  const byCall = entry?.request !== undefined || entry?.millisecond !== undefined;
  if (!custom || !entry || !byCall || entry.tokens || entry.units)
    return { currency: "USD", lines: [], reason: "no-usage" };
  const name = call.responseModel ?? call.requestModel ?? "";
  const priced = customLines({ usage: { buckets: {} }, call, name, isFirst: true }, custom, entry, () => undefined);
  if (!priced) return { currency: "USD", lines: [], reason: "no-price" };
  return { nanos: nanosOfLines(priced.lines), currency: "USD", lines: priced.lines };
}
