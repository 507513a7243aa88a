import type { Reader } from "../query.ts";
import { type Budget, sumsOf } from "./budget.ts";
import type { BudgetState, BudgetStatus, BudgetValue } from "./budget-answer.ts";
import { type BudgetTime, budgetTime } from "./budget-time.ts";
import { readSpent, readSpentByValue, type Spent } from "./read-spent.ts";

/** How much of each budget is spent at a moment, in the order given; of budgets for each value, `limit` values at most. */
export async function budgetStatus(
  reader: Reader,
  budgets: readonly Budget[],
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<BudgetStatus[]> {
  const told = new Map<Budget, BudgetStatus>();
  for (const group of groupsOf(budgets.filter(({ each }) => each === undefined))) {
    const time = timeOf(group, now);
    const spent = await readSpent(reader, group, time);
    for (const [index, budget] of group.entries()) {
      const value = spent[index];
      if (value) told.set(budget, statusOf(budget, time, [valueOf(budget, "", value)]));
    }
  }
  for (const budget of budgets.filter(({ each }) => each !== undefined)) {
    const time = budgetTime(budget.period, now);
    const spent = await readSpentByValue(reader, budget, time, { nearNanos: nearNanosOf(budget), limit });
    const values = spent.values.map(({ value, ...rest }) => valueOf(budget, value, rest));
    told.set(budget, {
      ...statusOf(budget, time, values),
      valueCount: spent.count,
      overCount: spent.over,
      nearCount: spent.near,
      unnamed: unnamedOf(spent.unnamed),
    });
  }
  return budgets.flatMap((budget) => told.get(budget) ?? []);
}

/** Budgets that one statement answers. */
function groupsOf(budgets: readonly Budget[]): Iterable<readonly Budget[]> {
  return Map.groupBy(budgets, (budget) => `${sumsOf(budget)} ${budget.period}`).values();
}

function timeOf([first]: readonly Budget[], now: number): BudgetTime | undefined {
  return first && budgetTime(first.period, now);
}

function statusOf(budget: Budget, time: BudgetTime | undefined, values: BudgetValue[]): BudgetStatus {
  const { name, amountNanos, period, covers, each, thresholds } = budget;
  const state = values[0]?.state ?? "fine";
  return {
    name,
    amountNanos: amountNanos.toString(),
    period,
    from: time?.from ?? null,
    to: time?.to ?? null,
    covers: Object.fromEntries(covers),
    each: each ?? null,
    thresholds: [...thresholds],
    state,
    values,
    valueCount: values.length,
    overCount: state === "over" ? 1 : 0,
    nearCount: state === "near" ? 1 : 0,
    unnamed: null,
  };
}

function valueOf(
  { amountNanos, thresholds }: Budget,
  value: string,
  { nanos, calls, unpricedCalls }: Spent,
): BudgetValue {
  const reached = thresholds.findLast((threshold) => nanos * 100n >= amountNanos * BigInt(threshold)) ?? null;
  return {
    value,
    spentNanos: nanos.toString(),
    leftNanos: (amountNanos - nanos).toString(),
    // Rounded down, so that it says 100 % only when all of it is spent.
    share: Number((nanos * 10_000n) / amountNanos) / 10_000,
    state: stateOf(nanos, amountNanos, reached),
    reached,
    calls,
    unpricedCalls,
  };
}

function stateOf(nanos: bigint, amountNanos: bigint, reached: number | null): BudgetState {
  if (nanos >= amountNanos) return "over";
  return reached === null ? "fine" : "near";
}

/** The least that makes a value `near`: a threshold that no whole nano-dollar meets is reached by the next one. */
function nearNanosOf({ amountNanos, thresholds }: Budget): bigint {
  const [lowest = 100] = thresholds;
  return lowest >= 100 ? amountNanos : (amountNanos * BigInt(lowest) + 99n) / 100n;
}

function unnamedOf(spent: Spent | undefined): BudgetStatus["unnamed"] {
  return spent ? { spentNanos: spent.nanos.toString(), calls: spent.calls, unpricedCalls: spent.unpricedCalls } : null;
}
