import fc from "fast-check";
import { expect, it } from "vitest";
import { BUDGET_PERIODS } from "./budget.ts";
import { budgetTime } from "./budget-time.ts";

const spanOf = (...[period, now]: Parameters<typeof budgetTime>): string[] => {
  const time = budgetTime(period, now);
  return time ? [time.from, time.to].map((moment) => new Date(moment).toISOString().slice(0, 16)) : [];
};

it("is the hour, day, week from Monday or month in UTC", () => {
  const now = Date.UTC(2026, 10, 26, 14, 51, 30);
  expect(spanOf("hour", now)).toEqual(["2026-11-26T14:00", "2026-11-26T15:00"]);
  expect(spanOf("day", now)).toEqual(["2026-11-26T00:00", "2026-11-27T00:00"]);
  expect(spanOf("week", now)).toEqual(["2026-11-23T00:00", "2026-11-30T00:00"]);
  expect(spanOf("month", now)).toEqual(["2026-11-01T00:00", "2026-12-01T00:00"]);
  expect(spanOf("month", Date.UTC(2026, 11, 31, 23, 59))).toEqual(["2026-12-01T00:00", "2027-01-01T00:00"]);
  expect(spanOf("all", now)).toEqual([]);
});

it("holds its moment, begins with an hour, and ends where the next begins", () => {
  const moment = fc.integer({ min: Date.UTC(2000), max: Date.UTC(2100) });
  fc.assert(
    fc.property(moment, fc.constantFrom(...BUDGET_PERIODS), (now, period) => {
      const time = budgetTime(period, now);
      if (!time) return;
      expect(time.from).toBeLessThanOrEqual(now);
      expect(time.to).toBeGreaterThan(now);
      expect(time.from % 3_600_000).toBe(0);
      expect(budgetTime(period, time.from)).toEqual(time);
      expect(budgetTime(period, time.to)?.from).toBe(time.to);
    }),
  );
});
