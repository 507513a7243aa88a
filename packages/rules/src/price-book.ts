import type { UsageBucket, UsageUnit } from "@telltale/model";

/** Whole nano-dollars for a million tokens, by kind of token. */
export type BucketPrices = { readonly [bucket in UsageBucket]?: number };

/** Whole nano-dollars for a million of what is billed by number. */
export type UnitPrices = { readonly [unit in UsageUnit]?: number };

/** What a model cost from a day on. */
export interface PriceRow {
  /** First day in UTC, `2025-06-10`; absent: since ever. */
  readonly from?: string;
  /** Only between these times of the day in UTC, `["00:30", "16:30"]`; may go over midnight. */
  readonly hours?: readonly string[];
  readonly prices: BucketPrices;
  /** Nano-dollars for a million requests, where the provider bills requests too. */
  readonly request?: number;
  /** What is billed by number beside tokens. */
  readonly units?: UnitPrices;
  /** The fewest of a unit that a call is billed for, when it used any. */
  readonly least?: UnitPrices;
  /** Prices that replace the ones above for a call with more input tokens than `above`, lowest first. */
  readonly tiers?: readonly { readonly above: number; readonly prices: BucketPrices }[];
}

/** A model and the names it goes by. */
export interface PricedModel {
  readonly id: string;
  /** Where its prices are from, when not from where the book's are. */
  readonly source?: string;
  /** Regular expression for names in lower case. */
  readonly match: string;
  /** Later rows go before earlier ones where both hold. */
  readonly rows: readonly PriceRow[];
}

/** One provider's prices: the shape of `prices/<provider>.json`, written by `npm run prices`. */
export interface PriceBook {
  readonly provider: string;
  /** Where the prices are from, with its version. */
  readonly source: string;
  /** Regular expression for the models that are this provider's own, whoever is asked for them. */
  readonly match?: string;
  /** Regular expression for the names a provider goes by beside its id. */
  readonly names?: string;
  /** Providers whose models this one sells at their prices. */
  readonly alsoSells?: readonly string[];
  readonly models: readonly PricedModel[];
}
