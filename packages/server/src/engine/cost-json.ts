import type { Cost } from "@telltale/model";

/** A cost as the JSON text of the `cost` column: bigint as decimal text, the rest as it is. */
export function costJson(cost: Cost): string {
  return JSON.stringify(cost, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
