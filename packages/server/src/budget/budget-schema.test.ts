import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUDGET_KEYS, sumsOf } from "./budget.ts";
import { budgetOf, MOST_BUDGETS, readBudgets } from "./budget-schema.ts";

const day = { name: "a", amount: "25.00", period: "day" };

function problems(...budgets: object[]): string[] {
  return (readBudgets({ budgets }).problems ?? []).map(({ where, problem }) => `${where}: ${problem}`);
}

describe("budgets", () => {
  it("are whole nano-dollars with their keys and thresholds in order", () => {
    const form = {
      name: "night shift",
      amount: "0.000000001",
      period: "hour",
      covers: { tag: "night", project: "shop" },
      each: "user",
      thresholds: [100, 50, 50],
    } as const;
    expect(budgetOf(form)).toEqual({
      name: "night shift",
      amountNanos: 1n,
      period: "hour",
      covers: [
        ["project", "shop"],
        ["tag", "night"],
      ],
      each: "user",
      thresholds: [50, 100],
    });
    expect(budgetOf({ ...form, amount: 25, thresholds: undefined })).toMatchObject({
      amountNanos: 25_000_000_000n,
      thresholds: [80, 100],
    });
  });

  it("say where they are wrong", () => {
    expect(problems(day)).toEqual([]);
    for (const amount of ["0", "-1", "much", "", "NaN", null, undefined, {}, 0])
      expect(problems({ ...day, amount })[0]).toMatch(/^budgets\[0\]\.amount: expected dollars as a decimal/);
    expect(problems({ ...day, amount: "1000000000.000000001" })[0]).toMatch(/^budgets\[0\]\.amount: too large/);
    expect(problems({ ...day, amount: "1e9" })).toEqual([]);
    expect(problems({ ...day, period: "year" })[0]).toMatch(/^budgets\[0\]\.period: /);
    expect(problems({ ...day, name: " a" })[0]).toMatch(/^budgets\[0\]\.name: begins or ends with a blank/);
    for (const name of ["a\nb", "a\u0000", "\ud800"])
      expect(problems({ ...day, name })[0]).toMatch(/^budgets\[0\]\.name: has a character that cannot be seen/);
    expect(problems({ ...day, covers: { user: "" } })[0]).toMatch(/^budgets\[0\]\.covers\.user: is empty/);
    expect(problems({ ...day, covers: { team: "x" } })[0]).toMatch(/^budgets\[0\]\.covers: .*team/);
    expect(problems({ ...day, thresholds: [0.5] })[0]).toMatch(
      /^budgets\[0\]\.thresholds\[0\]: expected whole per cents/,
    );
    expect(problems(day, { ...day, amount: "1" })).toEqual(["budgets[1].name: there are two of this name"]);
    expect(
      problems(...Array.from({ length: MOST_BUDGETS + 1 }, (_, index) => ({ ...day, name: String(index) }))),
    ).toEqual([`budgets: at most ${MOST_BUDGETS} budgets`]);
  });

  it("cannot narrow calls and whole traces at once, and say which keys go together", () => {
    expect(problems({ ...day, covers: { model: "m", user: "ada" } })).toEqual([
      "budgets[0].covers: model cannot be together with user: exact sums are kept of calls by project, model, provider, " +
        "service and agent, and of whole traces by project, user, session and tag. Make two budgets",
    ]);
    expect(problems({ ...day, covers: { agent: "helper" }, each: "tag" })[0]).toMatch(
      /^budgets\[0\]\.each: agent cannot be together with tag: /,
    );
    expect(problems({ ...day, covers: { user: "ada" }, each: "user" })[0]).toMatch(
      /^budgets\[0\]\.each: the budget covers one user only/,
    );
  });

  it("may have any keys of one kind beside the project", () => {
    const keys = fc.subarray([...BUDGET_KEYS]);
    const each = fc.option(fc.constantFrom(...BUDGET_KEYS), { nil: undefined });
    fc.assert(
      fc.property(keys, each, (narrowed, key) => {
        const covers = Object.fromEntries(narrowed.map((name) => [name, "x"]));
        const all = key === undefined ? narrowed : [...narrowed, key];
        const ofTraces = all.some((name) => name === "user" || name === "session" || name === "tag");
        const ofCalls = all.some((name) => ["model", "provider", "service", "agent"].includes(name));
        const isRight = !(ofTraces && ofCalls) && !(key !== undefined && narrowed.includes(key));
        const read = readBudgets({ budgets: [{ ...day, covers, each: key }] });
        expect(read.problems === undefined).toBe(isRight);
        if (!read.problems) expect(sumsOf(budgetOf(read.content[0]!))).toBe(ofTraces ? "traces" : "calls");
      }),
    );
  });

  it("are never misread: any JSON is budgets or told to be wrong", () => {
    fc.assert(fc.property(fc.jsonValue(), (told) => (readBudgets(told).problems ?? [0]).length > 0));
  });
});
