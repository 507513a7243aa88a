import { parseFilter, printFilter } from "@telltale/model";
import { expect, it } from "vitest";
import { readTracesState } from "../data/url-state.ts";
import { BUDGET, budgetValue, USERS } from "../fixture/budget-fixture.ts";
import {
  BUDGET_KEYS,
  budgetWords,
  countWords,
  resetWords,
  spentWords,
  stateWords,
  tracesAddress,
} from "./budget-words.ts";

it("says what a budget is", () => {
  expect(budgetWords(BUDGET)).toBe("$25.00 a month");
  expect(budgetWords(USERS)).toBe("$5.00 a day for each user, only project shop");
  expect(budgetWords({ ...BUDGET, period: "all", covers: { agent: "a", model: "m" } })).toBe(
    "$25.00 in all, only model m, agent a",
  );
});

it("says when it begins anew, and nothing where it never does", () => {
  const to = Date.UTC(2026, 10, 27);
  const at = (hours: number): string | undefined => resetWords({ ...BUDGET, to }, to - hours * 3_600_000);
  expect([at(0.001), at(1.5), at(9.2), at(47), at(100)]).toEqual([
    "begins anew in 1 min",
    "begins anew in 90 min",
    "begins anew in 9 h",
    "begins anew in 47 h",
    "begins anew in 4 d",
  ]);
  expect(resetWords({ ...BUDGET, from: null, to: null }, to)).toBeUndefined();
});

it("counts values by state", () => {
  const counted = (valueCount: number, overCount: number, nearCount: number): string =>
    countWords({ ...USERS, valueCount, overCount, nearCount });
  expect(counted(120, 3, 5)).toBe("3 over, 5 near, of 120 users");
  expect(counted(1, 0, 1)).toBe("1 near, of 1 user");
  expect(counted(7, 0, 0)).toBe("all 7 users are fine");
  expect(counted(1, 0, 0)).toBe("the one so far is fine");
  expect(counted(0, 0, 0)).toBe("no user has spent anything yet");
});

it("says what is spent and left, never rounding up to all of it", () => {
  const words = (spent: bigint, unpricedCalls = 0): object =>
    spentWords(budgetValue("", spent, 5_000_000_000n, unpricedCalls), "5000000000");
  expect(words(4_999_999_999n)).toEqual({ spent: "$5.00 of $5.00", share: "99 %", left: "<$0.000001 left" });
  expect(words(5_000_000_000n)).toEqual({ spent: "$5.00 of $5.00", share: "100 %", left: "nothing left" });
  expect(words(6_200_000_000n, 1)).toEqual({ spent: "≥ $6.20 of $5.00", share: "124 %", left: "≥ $1.20 over" });
  expect(words(0n, 2)).toEqual({ spent: "≥ $0 of $5.00", share: "0.0 %", left: "≤ $5.00 left" });
  expect([stateWords("fine", 0), stateWords("fine", 2), stateWords("over", 2)]).toEqual([
    "Fine",
    "Fine as far as known",
    "Over",
  ]);
  expect(words(160_000_000n)).toMatchObject({ share: "3.2 %" });
});

it("leads to the traces behind it, whatever the values are called", () => {
  const address = tracesAddress(USERS, 'ada "the first" OR x:*');
  expect(address.startsWith("/?filter=")).toBe(true);
  const state = readTracesState(address.slice(1));
  expect(state).toMatchObject({ range: { type: "between", from: USERS.from, to: USERS.to }, sort: "costNanos" });
  const parsed = parseFilter(state.filter);
  expect("filter" in parsed && parsed.filter).toEqual({
    type: "and",
    filters: [
      { type: "match", field: "project", pattern: ["shop"] },
      { type: "match", field: "user", pattern: ['ada "the first" OR x:*'] },
    ],
  });
  expect(tracesAddress({ ...BUDGET, from: null, to: null }, "")).toBe("/?range=all&sort=costNanos");
  for (const key of BUDGET_KEYS) {
    const { filter } = readTracesState(tracesAddress({ ...BUDGET, covers: { [key]: "x y" } }, "").slice(1));
    const read = parseFilter(filter);
    expect(["filter" in read && printFilter(read.filter), key]).toEqual([filter, key]);
  }
});
