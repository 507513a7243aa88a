import type { BudgetPeriod } from "./budget.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 1970 began on a Thursday; weeks begin on Mondays. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** When a period begins, and the next one; milliseconds since 1970. */
export interface BudgetTime {
  readonly from: number;
  readonly to: number;
}

/** The period, in UTC, that a moment lies in; `undefined` for `all`, which has neither beginning nor end. */
export function budgetTime(period: BudgetPeriod, now: number): BudgetTime | undefined {
  switch (period) {
    case "hour":
      return within(now, HOUR_MS, 0);
    case "day":
      return within(now, DAY_MS, 0);
    case "week":
      return within(now, 7 * DAY_MS, FIRST_MONDAY_MS);
    case "month": {
      const date = new Date(now);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
    }
    case "all":
      return undefined;
  }
}

function within(now: number, length: number, origin: number): BudgetTime {
  const from = Math.floor((now - origin) / length) * length + origin;
  return { from, to: from + length };
}
