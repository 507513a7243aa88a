import { prices as books, type PricedModel, type PriceRow } from "@telltale/rules";
import type { Catalogue, CatalogueModel } from "../api-types.ts";

/** Models whose provider and name hold all words, with what they cost at a time; the first `limit` of them. */
export function catalogueModels(search: string, limit: number, now: Date): Catalogue {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = books.flatMap(({ provider, source, models }) =>
    models
      .filter(({ id }) => words.every((word) => `${provider} ${id}`.toLowerCase().includes(word)))
      .map((model) => modelOf(provider, model.source ?? source, model, now)),
  );
  return { models: found.slice(0, limit), total: found.length };
}

function modelOf(provider: string, source: string, { id, rows }: PricedModel, now: Date): CatalogueModel {
  const day = now.toISOString().slice(0, 10);
  const row = rows.findLast(({ from, hours }) => hours === undefined && (from ?? "") <= day) ?? rows[0];
  return {
    provider,
    model: id,
    since: row?.from ?? "",
    source,
    prices: row ? pricesOf(row) : [],
    largeAbove: row?.tiers?.[0]?.above ?? null,
    otherRows: Math.max(0, rows.length - 1),
  };
}

function pricesOf({ prices, units = {}, request }: PriceRow): CatalogueModel["prices"] {
  const told = [...Object.entries(prices), ...Object.entries(units), ["request", request] as const];
  return told.flatMap(([bucket, price]) => (price === undefined ? [] : [{ bucket, nanosPerMillion: String(price) }]));
}
