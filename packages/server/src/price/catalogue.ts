import {
  type CustomPrices,
  type OwnModelPrice,
  ownPricesOf,
  type PricedModel,
  type PriceRow,
  prices as books,
} from "@telltale/rules";
import type { Catalogue, CatalogueModel } from "../api-types.ts";

/** Which models, and how many of them at most. */
export interface CatalogueRequest {
  /** Words that the names of provider and model hold. */
  readonly search: string;
  readonly limit: number;
  /** Only models that one's own prices go before. */
  readonly own?: boolean;
}

/** Models of the catalogue with what they cost at a time, and which of one's own prices go before it. */
export function catalogueModels(
  { search, limit, own = false }: CatalogueRequest,
  now: Date,
  custom?: CustomPrices,
): Catalogue {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = books.flatMap(({ provider, source, models }) =>
    models
      .filter(({ id }) => words.every((word) => `${provider} ${id}`.toLowerCase().includes(word)))
      .map((model) => modelOf({ provider, source: model.source ?? source, model }, now, custom)),
  );
  const wanted = own ? found.filter((model) => model.own.length > 0) : found;
  return { models: wanted.slice(0, limit), total: wanted.length };
}

interface Listed {
  readonly provider: string;
  readonly source: string;
  readonly model: PricedModel;
}

function modelOf({ provider, source, model }: Listed, now: Date, custom: CustomPrices | undefined): CatalogueModel {
  const day = now.toISOString().slice(0, 10);
  const { id, rows } = model;
  const row = rows.findLast(({ from, hours }) => hours === undefined && (from ?? "") <= day) ?? rows[0];
  const time = BigInt(now.getTime()) * 1_000_000n;
  return {
    provider,
    model: id,
    since: row?.from ?? "",
    source,
    prices: row ? pricesOf(row) : [],
    largeAbove: row?.tiers?.[0]?.above ?? null,
    otherRows: Math.max(0, rows.length - 1),
    own: custom ? ownPricesOf(custom, { provider, model: id, row }, time).map(ownOf) : [],
  };
}

function pricesOf({ prices, units = {}, request }: PriceRow): CatalogueModel["prices"] {
  const told = [...Object.entries(prices), ...Object.entries(units), ["request", request] as const];
  return told.flatMap(([bucket, price]) => (price === undefined ? [] : [{ bucket, nanosPerMillion: String(price) }]));
}

function ownOf({ name, tier, prices }: OwnModelPrice): CatalogueModel["own"][number] {
  return {
    name,
    tier,
    prices: prices.map(({ bucket, nanosPerMillion }) => ({ bucket, nanosPerMillion: nanosPerMillion.toString() })),
  };
}
