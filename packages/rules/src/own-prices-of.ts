import { type CostBucket, divideHalfEven, type Instant } from "@telltale/model";
import { type CustomPrice, customPriceFor, type CustomPrices, inDollars } from "./custom-prices.ts";
import { providerNames } from "./find-model.ts";
import type { PriceRow } from "./price-book.ts";

/** What somebody's own entry makes of the price of a model. */
export interface OwnModelPrice {
  /** The entry's. */
  readonly name: string;
  /** Only in this tier; empty for the standard one. */
  readonly tier: string;
  /** Nano-dollars for a million. Empty where its currency has no rate. */
  readonly prices: readonly { readonly bucket: CostBucket; readonly nanosPerMillion: bigint }[];
}

/**
 * The own entries that go before the catalogue's row of a model at a time: the one that decides in the standard tier, and
 * those for a tier of their own. By the model's id; an entry for some of the names that it goes by is for these alone.
 */
export function ownPricesOf(
  custom: CustomPrices,
  { provider, model, row }: { readonly provider: string; readonly model: string; readonly row: PriceRow | undefined },
  time: Instant,
): OwnModelPrice[] {
  const tiers = new Set([undefined, ...custom.entries.map(({ tier }) => tier)]);
  const found: OwnModelPrice[] = [];
  for (const serviceTier of tiers) {
    const entry = providerNames(provider)
      .map((name) => customPriceFor(custom, { provider: name, models: [model], time, serviceTier }))
      .find((each) => each !== undefined);
    if (!entry || entry.tier !== serviceTier) continue;
    found.push({ name: entry.name, tier: serviceTier ?? "", prices: pricesOf(custom, entry, row, time) });
  }
  return found;
}

const NANOS = 1_000_000_000n;

function pricesOf(
  custom: CustomPrices,
  entry: CustomPrice,
  row: PriceRow | undefined,
  time: Instant,
): OwnModelPrice["prices"] {
  const { factor } = entry;
  if (factor !== undefined) {
    const told = { ...row?.prices, ...row?.units, request: row?.request };
    return listOf(told, (price) => divideHalfEven(BigInt(price) * factor, NANOS));
  }
  const own = inDollars(custom, entry, time);
  if (!own) return [];
  return listOf({ ...own.tokens, ...own.units, request: own.request, millisecond: own.millisecond }, BigInt);
}

function listOf(
  prices: { readonly [bucket in CostBucket]?: number | bigint | undefined },
  priced: (price: number | bigint) => bigint,
): OwnModelPrice["prices"] {
  return Object.entries(prices).flatMap(([bucket, price]) =>
    // The keys are those of the types above.
    price === undefined ? [] : [{ bucket: bucket as CostBucket, nanosPerMillion: priced(price) }],
  );
}
