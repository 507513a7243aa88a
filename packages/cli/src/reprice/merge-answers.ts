import type { RepricedRow, Repricing } from "@telltale/server/api-types";

const COUNTS = ["calls", "changed", "unpricedBefore", "unpricedAfter"] as const;
const SUMS = ["oldNanos", "newNanos", "differenceNanos"] as const;

function added(a: RepricedRow, b: RepricedRow): RepricedRow {
  const sum = { ...a };
  for (const name of COUNTS) sum[name] = a[name] + b[name];
  for (const name of SUMS) sum[name] = (BigInt(a[name]) + BigInt(b[name])).toString();
  const prices = new Map<string, RepricedRow["prices"][number]>();
  for (const price of [...a.prices, ...b.prices]) {
    const key = JSON.stringify([price.from, price.to]);
    prices.set(key, { ...price, calls: price.calls + (prices.get(key)?.calls ?? 0) });
  }
  sum.prices = [...prices.values()].sort((one, other) => other.calls - one.calls);
  return sum;
}

/** Two answers over different spans as one. */
export function mergeAnswers(a: Repricing, b: Repricing): Repricing {
  const rows = new Map<string, RepricedRow>();
  for (const row of [...a.rows, ...b.rows]) {
    const key = [row.day, row.provider, row.model].join("\n");
    const known = rows.get(key);
    rows.set(key, known ? added(known, row) : row);
  }
  return {
    applied: a.applied || b.applied,
    rows: [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row),
    total: added(a.total, b.total),
    spans: a.spans + b.spans,
    changedSpans: a.changedSpans + b.changedSpans,
    nextCursor: b.nextCursor,
  };
}
