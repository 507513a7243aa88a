import { formatNanos } from "@telltale/model";

/**
 * Nano-dollars for people: `$12.40`, `$0.0123`, `$0.00042`. Never rounded to 0: what is smaller than a
 * millionth is `<$0.000001`. `null` is "unknown".
 */
export function formatCost(nanos: string | bigint | null): string {
  if (nanos === null) return "unknown";
  const value = BigInt(nanos);
  if (value === 0n) return "$0";
  const sign = value < 0n ? "−" : "";
  const dollars = Math.abs(Number(value)) / 1e9;
  return `${sign}${positive(dollars)}`;
}

function positive(dollars: number): string {
  if (dollars >= 1000) return `$${Math.round(dollars).toLocaleString("en-US")}`;
  if (dollars >= 1) return `$${dollars.toFixed(2)}`;
  if (dollars >= 0.001) return `$${dollars.toFixed(4)}`;
  if (dollars < 0.000001) return "<$0.000001";
  // Two figures that mean something, without an exponent.
  return `$${dollars.toFixed(1 - Math.floor(Math.log10(dollars))).replace(/0+$/, "")}`;
}

/** The same for a narrow place: what is below a hundredth of a cent is only told as such. */
export function formatShortCost(nanos: string | bigint | null): string {
  if (nanos === null) return "unknown";
  const value = BigInt(nanos);
  return value > 0n && value < SMALL ? "<$0.0001" : formatCost(value);
}

const SMALL = 100_000n;

/** The words of an amount that may be a lower bound: `≥ $0.0123`. */
export function formatBound(cost: string, isLowerBound: boolean): string {
  return isLowerBound ? `≥ ${cost}` : cost;
}

/** The exact amount, without rounding: `$0.000037500`. */
export function exactCost(nanos: string | bigint): string {
  return `$${formatNanos(BigInt(nanos))}`;
}

/** What a sum of calls cost, with what is not known told: `≥ $0.0123` when the cost of some calls is not wholly known. */
export interface CostText {
  readonly text: string;
  readonly title: string;
  /** `none`: nothing was billed. */
  readonly state: "known" | "lower-bound" | "unknown" | "none";
}

/** The cost of a trace: known, a lower bound, unknown, or nothing to bill. */
export function traceCost(trace: {
  readonly costNanos: string | null;
  readonly unpricedCalls: number;
  readonly llmCalls: number;
}): CostText {
  const calls = trace.unpricedCalls === 1 ? "the cost of 1 call" : `the cost of ${trace.unpricedCalls} calls`;
  const unpriced = `${calls} is not wholly known`;
  if (trace.costNanos !== null && trace.unpricedCalls > 0)
    return {
      text: `≥ ${formatShortCost(trace.costNanos)}`,
      title: `At least ${exactCost(trace.costNanos)}: ${unpriced}`,
      state: "lower-bound",
    };
  if (trace.costNanos !== null)
    return { text: formatShortCost(trace.costNanos), title: exactCost(trace.costNanos), state: "known" };
  if (trace.unpricedCalls > 0 || trace.llmCalls > 0)
    return {
      text: "unknown",
      title: trace.unpricedCalls > 0 ? unpriced : "Nobody told the usage of its calls",
      state: "unknown",
    };
  return { text: "–", title: "No billed calls", state: "none" };
}
