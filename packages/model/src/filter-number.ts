import type { FilterFieldType } from "./filter-field.ts";

/** The types of fields that hold whole numbers of a base unit. */
export type FilterNumberType = Exclude<FilterFieldType, "text" | "choice">;

/** Base units in one written unit. Latency has no bare unit: 2 could be seconds or milliseconds. */
const UNITS: { readonly [type in FilterNumberType]: ReadonlyMap<string, bigint> } = {
  latency: new Map([
    ["ns", 1n],
    ["us", 1_000n],
    ["µs", 1_000n],
    ["ms", 1_000_000n],
    ["s", 1_000_000_000n],
    ["m", 60_000_000_000n],
    ["h", 3_600_000_000_000n],
  ]),
  cost: new Map([["", 1_000_000_000n]]),
  count: new Map([
    ["", 1n],
    ["k", 1_000n],
    ["m", 1_000_000n],
  ]),
};

const HINTS: { readonly [type in FilterNumberType]: string } = {
  latency: "write a number with its unit: 250ms, 2s, 1.5m, 1h",
  cost: "write US dollars with at most nine decimals: 0.01 or $2",
  count: "write a whole number: 1000, 10k, 1.5m",
};

/** A number as written, in the base unit of its field; or why not. Exact: no floating point. */
export function readFilterNumber(type: FilterNumberType, text: string): { value: number } | { hint: string } {
  const plain = type === "cost" && text.startsWith("$") ? text.slice(1) : text;
  const match = /^(\d{1,20})(?:\.(\d{1,20}))?([a-zµ]*)$/i.exec(plain);
  const unit = UNITS[type].get(match?.[3]!.toLowerCase() ?? "?");
  if (!match || unit === undefined) return { hint: HINTS[type] };
  const fraction = match[2] ?? "";
  const scaled = BigInt(match[1]! + fraction) * unit;
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) return { hint: HINTS[type] };
  const value = scaled / divisor;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? { value: Number(value) } : { hint: "the number is too large" };
}

/** The shortest exact text that {@link readFilterNumber} gives back. */
export function writeFilterNumber(type: FilterNumberType, value: number): string {
  if (type === "count") return String(value);
  if (type === "cost") return decimal(value, 9);
  if (value !== 0 && value % 60_000_000_000 === 0) return `${value / 60_000_000_000}m`;
  return value >= 1_000_000_000 ? `${decimal(value, 9)}s` : `${decimal(value, 6)}ms`;
}

function decimal(value: number, places: number): string {
  const digits = String(value).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return digits.slice(0, -places) + (fraction && `.${fraction}`);
}
