import { nanosFromDecimal, USAGE_BUCKETS, USAGE_UNITS } from "@telltale/model";
import type { BucketPrices, CurrencyRate, CustomPrice, CustomPrices } from "@telltale/rules";
import * as z from "zod";
import { type FileReading, fileProblems } from "../disk/file-problem.ts";

/** Entries and rates at most: each call is held against them in turn. */
const MOST_ENTRIES = 1000;
/** A double holds whole numbers up to here, in nano-units for a million. */
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

const name = z.string().min(1).max(200);
const day = z.iso.date();
/** A decimal, as text so that no digit is lost, or as a number. */
const amount = z.union([z.string(), z.number()]).refine((told) => (nanosFromDecimal(told) ?? -1n) >= 0n, {
  error: 'expected a decimal that is not negative, like "0.85"',
});
/** What is multiplied with a million has to stay exact. */
const unitAmount = amount.refine((told) => (nanosFromDecimal(told) ?? 0n) * 1_000_000n <= LARGEST, {
  error: "too large: at most 9 for one",
});
const tokenAmount = amount.refine((told) => (nanosFromDecimal(told) ?? 0n) <= LARGEST, {
  error: "too large: at most 9,000,000 for a million",
});
const currency = z.string().regex(/^[A-Z]{3}$/, "expected three capitals, like EUR");

/** An entry of the file as it is written. */
export interface PriceEntryForm {
  readonly name: string;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly tier?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly currency?: string | undefined;
  readonly tokens?: { readonly [bucket: string]: string | number | undefined } | undefined;
  readonly units?: { readonly [unit: string]: string | number | undefined } | undefined;
  readonly second?: string | number | undefined;
  readonly factor?: string | number | undefined;
}

const entrySchema: z.ZodType<PriceEntryForm> = z
  .strictObject({
    name,
    provider: name.optional(),
    model: name.optional(),
    tier: name.optional(),
    from: day.optional(),
    to: day.optional(),
    currency: currency.optional(),
    tokens: z.partialRecord(z.enum(USAGE_BUCKETS), tokenAmount).optional(),
    units: z.partialRecord(z.enum([...USAGE_UNITS, "request"]), unitAmount).optional(),
    second: unitAmount.optional(),
    factor: amount.optional(),
  })
  .superRefine((entry, context) => {
    const own = entry.tokens ?? entry.units ?? entry.second;
    if (own === undefined && entry.factor === undefined)
      context.addIssue({ code: "custom", message: "has no price: give tokens, units, second or factor" });
    if (own !== undefined && entry.factor !== undefined)
      context.addIssue({
        code: "custom",
        path: ["factor"],
        message: "a factor is on the catalogue's prices: make two entries",
      });
    if (entry.from !== undefined && entry.to !== undefined && entry.from >= entry.to)
      context.addIssue({ code: "custom", path: ["to"], message: "must be after from" });
  });

/** The form of a file of prices. */
export const priceFileSchema: z.ZodType<PriceFileForm> = z
  .strictObject({
    prices: z.array(entrySchema).max(MOST_ENTRIES),
    currencies: z
      .array(z.strictObject({ currency, from: day.optional(), dollars: amount }))
      .max(MOST_ENTRIES)
      .optional(),
  })
  .superRefine((file, context) => {
    const known = new Set(["USD", ...(file.currencies ?? []).map((rate) => rate.currency)]);
    for (const [index, entry] of file.prices.entries())
      if (entry.currency !== undefined && !known.has(entry.currency))
        context.addIssue({
          code: "custom",
          path: ["prices", index, "currency"],
          message: `there is no rate for ${entry.currency}: add it to currencies`,
        });
  });

/** A rate of exchange of the file as it is written. */
interface CurrencyForm {
  readonly currency: string;
  readonly from?: string | undefined;
  readonly dollars: string | number;
}

/** A file of prices as it is written. */
export interface PriceFileForm {
  readonly prices: readonly PriceEntryForm[];
  readonly currencies?: readonly CurrencyForm[] | undefined;
}

/** Reads a file of prices: the prices, or everything that is wrong with it. */
export function readCustomPrices(told: unknown, source: string): FileReading<CustomPrices> {
  const read = priceFileSchema.safeParse(told);
  if (!read.success) return { problems: fileProblems(read.error) };
  const { prices, currencies = [] } = read.data;
  const rates = currencies.map((rate): CurrencyRate => ({
    currency: rate.currency,
    ...(rate.from === undefined ? {} : { from: rate.from }),
    nanoDollars: nanosFromDecimal(rate.dollars) ?? 0n,
  }));
  rates.sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
  return { content: { entries: prices.map((entry) => entryOf(entry, source)), rates } };
}

function entryOf(entry: PriceEntryForm, source: string): CustomPrice {
  const { request, ...units } = entry.units ?? {};
  const { provider, model, tier, from, to, currency: money, factor, second } = entry;
  return {
    name: entry.name,
    source,
    ...(provider === undefined ? {} : { provider: provider.toLowerCase() }),
    ...(model === undefined ? {} : { model: model.toLowerCase() }),
    ...(tier === undefined ? {} : { tier: tier.toLowerCase() }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(money === undefined ? {} : { currency: money }),
    ...(entry.tokens === undefined ? {} : { tokens: amounts(entry.tokens, 1n) as BucketPrices }),
    ...(entry.units === undefined ? {} : { units: amounts(units, 1_000_000n) }),
    ...(request === undefined ? {} : { request: Number(nanosOf(request) * 1_000_000n) }),
    // A million milliseconds are a thousand seconds.
    ...(second === undefined ? {} : { millisecond: Number(nanosOf(second) * 1000n) }),
    ...(factor === undefined ? {} : { factor: nanosOf(factor) }),
  };
}

function nanosOf(told: string | number): bigint {
  return nanosFromDecimal(told) ?? 0n;
}

function amounts(told: Readonly<Record<string, string | number | undefined>>, times: bigint): Record<string, number> {
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, Number(nanosOf(value) * times)]],
    ),
  );
}
