import { expect, it } from "vitest";
import { BUDGET, USERS } from "../fixture/budget-fixture.ts";
import { draftOf, EMPTY_DRAFT, formOf, ownProblems, problemsOf } from "./budget-draft.ts";

it("is sent as it was filled in, without what is empty", () => {
  const draft = { ...EMPTY_DRAFT, name: " the day ", amount: " $25.00", period: "day" as const, thresholds: " " };
  expect(formOf(draft)).toEqual({ name: "the day", amount: "25.00", period: "day" });
  const conditions = [
    { key: "project" as const, value: " shop " },
    { key: "tag" as const, value: "" },
  ];
  expect(formOf({ ...draft, each: "user", conditions, thresholds: "50%, 80 %,x" })).toEqual({
    name: "the day",
    amount: "25.00",
    period: "day",
    covers: { project: "shop", tag: "" },
    each: "user",
    thresholds: [50, 80, NaN],
  });
});

it("of a budget makes the same budget again", () => {
  expect(formOf(draftOf(USERS))).toEqual({
    name: "users",
    amount: "5.00",
    period: "day",
    covers: { project: "shop" },
    each: "user",
    thresholds: [50, 80, 100],
  });
  for (const [amountNanos, amount] of [
    ["1", "0.000000001"],
    ["12345000000", "12.345"],
    ["1000000000000", "1000.00"],
    ["500000000", "0.50"],
  ] as const)
    expect(draftOf({ ...BUDGET, amountNanos }).amount).toBe(amount);
});

it("knows names that are taken and keys that are there twice", () => {
  const one = { key: "tag" as const, value: "a" };
  const draft = { ...EMPTY_DRAFT, name: "users ", conditions: [one, { ...one, value: "b" }] };
  expect([...ownProblems(draft, ["users"])]).toEqual([
    ["name", "there is a budget of this name already"],
    ["covers.tag", "tag is there twice"],
  ]);
  expect(ownProblems({ ...draft, conditions: [one] }, ["others"]).size).toBe(0);
});

it("finds the field that the server complains of", () => {
  const told =
    "amount: expected dollars; covers.user: is empty: name a value; thresholds[1]: expected whole per cents; the budget: is none";
  expect([...problemsOf(told)]).toEqual([
    ["amount", "expected dollars"],
    ["covers.user", "is empty: name a value"],
    ["thresholds", "expected whole per cents"],
    ["", "the budget: is none"],
  ]);
  expect(problemsOf("the disk is full").get("")).toBe("the disk is full");
});
