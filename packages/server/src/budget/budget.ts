import { type CallKey, isTraceKey, type TraceKey } from "../query/spend-sums.ts";

/** What a budget may be narrowed to, or be had for each value of. */
export const BUDGET_KEYS = ["project", "model", "provider", "service", "agent", "user", "session", "tag"] as const;

/** One of {@link BUDGET_KEYS}. */
export type BudgetKey = CallKey | TraceKey;

/** How long a budget lasts before it begins anew, in UTC; `all` never does. */
export const BUDGET_PERIODS = ["hour", "day", "week", "month", "all"] as const;

/** One of {@link BUDGET_PERIODS}. */
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** Per cent of the amount at which a budget says so, unless it names others. */
export const DEFAULT_THRESHOLDS: readonly number[] = [80, 100];

/** A budget as it is written in its file and sent by API. */
export interface BudgetForm {
  readonly name: string;
  /** US dollars as a decimal: `"25.00"`. */
  readonly amount: string | number;
  readonly period: BudgetPeriod;
  /** Only spend with all of these; all spend when absent. */
  readonly covers?: { readonly [key in BudgetKey]?: string | undefined } | undefined;
  /** The amount is for each value of this key. */
  readonly each?: BudgetKey | undefined;
  /** Whole per cents of the amount. */
  readonly thresholds?: readonly number[] | undefined;
}

/** A budget that was checked. */
export interface Budget {
  readonly name: string;
  readonly amountNanos: bigint;
  readonly period: BudgetPeriod;
  /** In the order of {@link BUDGET_KEYS}. */
  readonly covers: readonly (readonly [BudgetKey, string])[];
  readonly each: BudgetKey | undefined;
  /** Rising. */
  readonly thresholds: readonly number[];
}

/** The kept sums that answer a budget: by calls, or by whole traces when it names a key that only traces have. */
export function sumsOf({ covers, each }: Pick<Budget, "covers" | "each">): "calls" | "traces" {
  return [...covers.map(([key]) => key), each ?? "project"].some(isTraceKey) ? "traces" : "calls";
}
