import { type Cost, type CostLine, isWhollyKnown } from "@telltale/model";
import type { RepricedRow, Repricing } from "../api-types.ts";
import type { StoredPricedSpan } from "./read-priced-spans.ts";

/** Changes of price rows told for one day and model; the rest is counted in `changed`. */
const MOST_PRICES = 50;

function isSameLine(a: CostLine, b: CostLine): boolean {
  const isSamePrice = a.nanosPerMillion === b.nanosPerMillion && a.price === b.price && a.tier === b.tier;
  return isSamePrice && a.model === b.model && a.bucket === b.bucket && a.tokens === b.tokens;
}

/** Whether two costs say the same, down to the price rows. The release of the catalogue that had a row does not matter. */
export function isSameCost(old: Cost | undefined, now: Cost): boolean {
  if (!old || old.nanos !== now.nanos || old.reason !== now.reason || old.lines.length !== now.lines.length)
    return false;
  return old.lines.every((line, index) => isSameLine(line, now.lines[index]!));
}

/** The price rows of a cost: `openai/gpt-4o@2024-08-06 (batch)`, or why there is none; with why it is a lower bound. */
function pricesOf(cost: Cost | undefined): string {
  if (cost?.nanos === undefined) return cost?.reason ?? "none";
  const names = new Set(cost.lines.map(({ price, tier }) => (tier === undefined ? price : `${price} (${tier})`)));
  const told = [...names].join(" + ") || "none";
  return cost.reason === undefined ? told : `${told}, ${cost.reason}`;
}

interface Sums {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  calls: number;
  changed: number;
  old: bigint;
  now: bigint;
  unpricedBefore: number;
  unpricedAfter: number;
  /** Calls by from and to. */
  readonly prices: Map<string, { readonly from: string; readonly to: string; calls: number }>;
}

function emptySums(day: string, provider: string, model: string): Sums {
  const counts = { calls: 0, changed: 0, old: 0n, now: 0n, unpricedBefore: 0, unpricedAfter: 0 };
  return { day, provider, model, ...counts, prices: new Map() };
}

/** Sums up old and new costs by day and model. Only billed spans count; the others are counted as spans. */
export class CostDifferences {
  readonly #rows = new Map<string, Sums>();
  readonly #total = emptySums("", "", "all");
  #spans = 0;
  #changedSpans = 0;

  /** Counts a span and the cost that it has from now on. */
  add(stored: StoredPricedSpan, now: Cost | undefined, isChanged: boolean): void {
    this.#spans++;
    if (isChanged) this.#changedSpans++;
    if (!stored.isBilled) return;
    const { day, provider, model, cost: old } = stored;
    const key = JSON.stringify([day, provider, model]);
    let row = this.#rows.get(key);
    if (!row) this.#rows.set(key, (row = emptySums(day, provider, model)));
    for (const sums of [row, this.#total]) {
      sums.calls++;
      sums.old += old?.nanos ?? 0n;
      sums.now += now?.nanos ?? 0n;
      if (!isWhollyKnown(old)) sums.unpricedBefore++;
      if (!isWhollyKnown(now)) sums.unpricedAfter++;
      if (!isChanged) continue;
      sums.changed++;
      addPrices(sums, pricesOf(old), pricesOf(now));
    }
  }

  /** What was counted, by day, provider and model. */
  answer(): Pick<Repricing, "rows" | "total" | "spans" | "changedSpans"> {
    const order = ({ day, provider, model }: Sums): string => `${day}\n${provider}\n${model}`;
    const rows = [...this.#rows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return {
      rows: rows.map(rowOf),
      total: rowOf(this.#total),
      spans: this.#spans,
      changedSpans: this.#changedSpans,
    };
  }
}

function addPrices({ prices }: Sums, from: string, to: string): void {
  const key = JSON.stringify([from, to]);
  const known = prices.get(key);
  if (known) known.calls++;
  else if (prices.size < MOST_PRICES) prices.set(key, { from, to, calls: 1 });
}

function rowOf({ old, now, prices, ...counts }: Sums): RepricedRow {
  return {
    ...counts,
    oldNanos: old.toString(),
    newNanos: now.toString(),
    differenceNanos: (now - old).toString(),
    prices: [...prices.values()].sort((a, b) => b.calls - a.calls),
  };
}
