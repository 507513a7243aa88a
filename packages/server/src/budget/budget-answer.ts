import type { FileProblem } from "../disk/file-problem.ts";
import type { BudgetForm, BudgetKey, BudgetPeriod } from "./budget.ts";

/** Budgets as they are written. `GET /api/v1/budgets`. */
export interface BudgetList {
  budgets: BudgetForm[];
  /** What is wrong with the file: the budgets are then those of the last one that was right. */
  problems: FileProblem[];
}

/** How much of each budget is spent. `GET /api/v1/budgets/status`. */
export interface BudgetReport {
  /** In the order of the file. */
  budgets: BudgetStatus[];
  problems: FileProblem[];
}

/** `near` has reached a threshold, `over` has nothing left. */
export type BudgetState = "fine" | "near" | "over";

/** How much of one budget is spent. */
export interface BudgetStatus {
  name: string;
  amountNanos: string;
  period: BudgetPeriod;
  /** When the running period began and the next begins; null for `all`. */
  from: number | null;
  to: number | null;
  covers: { [key in BudgetKey]?: string };
  /** The amount is for each value of this key; null when it is for all together. */
  each: BudgetKey | null;
  thresholds: number[];
  /** Of the value that spent most. */
  state: BudgetState;
  /** One, without a name, for all together; with `each` those that spent most, the dearest first, as many as were asked for. */
  values: BudgetValue[];
  /** How many values there are, and in which state; of a budget for all together there is one. */
  valueCount: number;
  overCount: number;
  nearCount: number;
  /** With `each`: calls that name no value, which is in nobody's budget. Null when there are none. */
  unnamed: { spentNanos: string; calls: number; unpricedCalls: number } | null;
}

/** What was spent of one amount. */
export interface BudgetValue {
  /** Of the key `each`; empty for all together. */
  value: string;
  spentNanos: string;
  /** Negative by how much it is over. */
  leftNanos: string;
  /** Spent by amount, rounded down to a hundredth of a per cent. */
  share: number;
  state: BudgetState;
  /** The highest threshold that was reached, in per cent. */
  reached: number | null;
  calls: number;
  /** Calls whose cost nobody knows: with any, what was spent is a lower bound. */
  unpricedCalls: number;
}
