import type { CostLine, Instant, UsageLine } from "@telltale/model";
import { divideHalfEven, USAGE_UNITS } from "@telltale/model";
import type { BucketPrices, UnitPrices } from "./price-book.ts";

/** A rate of exchange from a day on. */
export interface CurrencyRate {
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** First day in UTC; absent: since ever. */
  readonly from?: string;
  /** Nano-dollars for one unit of the currency. */
  readonly nanoDollars: bigint;
}

/** One entry of somebody's own prices. It has prices of its own, or a factor on the catalogue's. */
export interface CustomPrice {
  readonly name: string;
  /** Where it stands, e.g. `telltale.prices.json`. */
  readonly source: string;
  /** Globs in lower case, with `*`; absent: every one. */
  readonly provider?: string;
  readonly model?: string;
  /** The tier it is for, in lower case; absent: every one. */
  readonly tier?: string;
  /** First day and the day after the last, in UTC. */
  readonly from?: string;
  readonly to?: string;
  /** Of the prices below; dollars when absent. */
  readonly currency?: string;
  /** Nano-units for a million tokens. */
  readonly tokens?: BucketPrices;
  /** Nano-units for a million of what is billed by number. */
  readonly units?: UnitPrices;
  /** Nano-units for a million calls, and for a million milliseconds that a call took. */
  readonly request?: number;
  readonly millisecond?: number;
  /** Billionths of the catalogue's price: 850,000,000 is 15 % off. */
  readonly factor?: bigint;
}

/** Somebody's own prices: the first entry that fits a call decides. */
export interface CustomPrices {
  readonly entries: readonly CustomPrice[];
  readonly rates: readonly CurrencyRate[];
}

/** What an entry is chosen by. */
export interface CustomCall {
  readonly provider?: string | undefined;
  /** The names the model goes by: the answer's, and the one asked for. */
  readonly models: readonly string[];
  readonly time: Instant;
  readonly serviceTier?: string | undefined;
}

const ONE = 1_000_000_000n;

/** The first entry that fits a call. */
export function customPriceFor(custom: CustomPrices, call: CustomCall): CustomPrice | undefined {
  const day = dayOf(call.time);
  const provider = call.provider?.toLowerCase() ?? "";
  const models = call.models.map((name) => name.toLowerCase());
  const tier = call.serviceTier?.toLowerCase();
  return custom.entries.find(
    (entry) =>
      (entry.provider === undefined || fits(entry.provider, provider)) &&
      (entry.model === undefined || models.some((name) => fits(entry.model ?? "", name))) &&
      (entry.tier === undefined || entry.tier === tier) &&
      (entry.from === undefined || entry.from <= day) &&
      (entry.to === undefined || day < entry.to),
  );
}

function dayOf(time: Instant): string {
  return new Date(Number(time / 1_000_000n)).toISOString().slice(0, 10);
}

/** Whether a name is of a glob's form, in time that grows with their lengths' product at most. */
function fits(glob: string, name: string): boolean {
  const [first = "", ...rest] = glob.split("*");
  const last = rest.pop();
  if (last === undefined) return glob === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return name.endsWith(last) && name.length - last.length >= at;
}

/** Nano-dollars for one unit of an entry's currency on a day, with its words; `undefined` when no rate is told. */
function rateOf(custom: CustomPrices, entry: CustomPrice, time: Instant): { nanos: bigint; words: string } | undefined {
  const { currency } = entry;
  if (currency === undefined || currency === "USD") return { nanos: ONE, words: "" };
  const day = dayOf(time);
  const rate = custom.rates.findLast((one) => one.currency === currency && (one.from === undefined || one.from <= day));
  if (!rate) return undefined;
  const dollars = Number(rate.nanoDollars) / 1e9;
  return {
    nanos: rate.nanoDollars,
    words: `, ${currency} at $${dollars}${rate.from === undefined ? "" : ` of ${rate.from}`}`,
  };
}

/** An entry's prices on a day in nano-dollars, and how lines name them. */
export interface DollarPrices {
  readonly tokens: BucketPrices | undefined;
  readonly units: UnitPrices;
  readonly request: bigint | undefined;
  readonly millisecond: bigint | undefined;
  readonly about: { readonly price: string; readonly source: string };
}

/** An entry's prices in dollars, each rounded once, halves to even. `undefined` where its currency has no rate. */
export function inDollars(custom: CustomPrices, entry: CustomPrice, time: Instant): DollarPrices | undefined {
  const rate = rateOf(custom, entry, time);
  if (!rate) return undefined;
  const dollars = (price: number): bigint => divideHalfEven(BigInt(price) * rate.nanos, ONE);
  const all = <Prices extends BucketPrices | UnitPrices>(prices: Prices): Prices =>
    Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, Number(dollars(price))])) as Prices;
  const from = entry.from === undefined ? "" : `@${entry.from}`;
  return {
    tokens: entry.tokens && all(entry.tokens),
    units: entry.units ? all(entry.units) : {},
    request: entry.request === undefined ? undefined : dollars(entry.request),
    millisecond: entry.millisecond === undefined ? undefined : dollars(entry.millisecond),
    about: { price: `custom/${entry.name}${from}`, source: `${entry.source}${rate.words}` },
  };
}

/** Lines of the catalogue under a contract: each price times the factor, rounded once, halves to even. */
export function underContract(lines: readonly CostLine[], { name, source, factor = ONE }: CustomPrice): CostLine[] {
  const words = `${name} ×${Number(factor) / 1e9}`;
  return lines.map((line) => ({
    ...line,
    nanosPerMillion: divideHalfEven(line.nanosPerMillion * factor, ONE),
    source: `${line.source}, ${source}`,
    tier: line.tier === undefined ? words : `${line.tier}, ${words}`,
  }));
}

/** Lines of what is billed by number; `undefined` where one has no price. */
export function customUnitLines(
  usage: UsageLine,
  { units, about }: DollarPrices,
  model: string,
): CostLine[] | undefined {
  const lines: CostLine[] = [];
  for (const bucket of USAGE_UNITS) {
    const tokens = usage.units?.[bucket];
    if (tokens === undefined || tokens === 0) continue;
    const price = units[bucket];
    if (price === undefined) return undefined;
    lines.push({ ...about, model, bucket, tokens, nanosPerMillion: BigInt(price) });
  }
  return lines;
}
