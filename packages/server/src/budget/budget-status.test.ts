import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import type { BudgetForm } from "./budget.ts";
import type { BudgetStatus } from "./budget-answer.ts";
import { budgetOf } from "./budget-schema.ts";
import { budgetStatus } from "./budget-status.ts";

const NOW = Date.UTC(2026, 10, 20, 10, 30);
const CENT = 10_000_000;
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  for (let user = 1; user <= 30; user++) await traceOf(`u${user}`, user * CENT, { calls: 2 });
  await traceOf("", 7 * CENT, { calls: 1, unpriced_calls: 1 });
  await spendOf("gpt-4o", "10", 100 * CENT);
  await spendOf("gpt-4o", "09", 50 * CENT);
  await spendOf("gpt-4o", "09", -50 * CENT, -1);
  await spendOf("house", "10", 0, 1, 1);
  for (const [name, value] of Object.entries({ calls: 3, cost: 5 * CENT, unpriced_calls: 2 }))
    await test.insert("metric_rows", {
      project: "p",
      hour: "2026-11-20 10:00:00",
      time: "2026-11-20 10:00:00",
      type: "sum",
      name: `telltale.unsent.${name}`,
      value,
    });
}, 60_000);

afterAll(() => test.close());

let row = 0;

async function traceOf(user: string, nanos: number, columns: object): Promise<void> {
  await test.insert("trace_summaries", {
    row: ++row,
    project: "p",
    filed_at: "2026-11-20 10:15:00",
    trace_id: String(row).padStart(32, "0"),
    user_id: user,
    cost_nanos: nanos,
    tags: ["day"],
    ...columns,
  });
}

async function spendOf(model: string, hour: string, nanos: number, calls = 1, unpriced = 0): Promise<void> {
  await test.insert("spend_hours", {
    project: "p",
    hour: `2026-11-20 ${hour}:00:00`,
    model,
    agent_name: "helper",
    cost_nanos: nanos,
    calls,
    unpriced_calls: unpriced,
  });
}

async function status(form: Omit<BudgetForm, "name">, limit = 10): Promise<BudgetStatus> {
  const [told] = await budgetStatus(test.reader, [budgetOf({ name: "b", ...form })], { now: NOW, limit });
  return told!;
}

describe("a budget for all together", () => {
  it("says what is spent and left, when it begins anew, and how sure that is", async () => {
    expect(await status({ amount: "1.50", period: "hour", covers: { project: "p" } })).toEqual({
      name: "b",
      amountNanos: "1500000000",
      period: "hour",
      from: Date.UTC(2026, 10, 20, 10),
      to: Date.UTC(2026, 10, 20, 11),
      covers: { project: "p" },
      each: null,
      thresholds: [80, 100],
      state: "fine",
      values: [
        {
          value: "",
          spentNanos: "1000000000",
          leftNanos: "500000000",
          share: 0.6666,
          state: "fine",
          reached: null,
          calls: 2,
          unpricedCalls: 1,
        },
      ],
      valueCount: 1,
      overCount: 0,
      nearCount: 0,
      unnamed: null,
    });
  });

  it.each([
    ["1.25", [80], { state: "near", values: [{ reached: 80, share: 0.8 }], nearCount: 1 }],
    ["1.250000001", [80], { state: "fine", values: [{ reached: null, share: 0.7999 }], nearCount: 0 }],
    ["1.000000001", [50, 90], { state: "near", values: [{ reached: 90, share: 0.9999, leftNanos: "1" }] }],
    ["1.00", [80], { state: "over", values: [{ reached: 80, share: 1, leftNanos: "0" }], overCount: 1, nearCount: 0 }],
    ["0.50", [100, 150, 250], { state: "over", values: [{ reached: 150, share: 2, leftNanos: "-500000000" }] }],
    ["1.25", [150], { state: "fine", values: [{ reached: null }] }],
  ])("of $%s with thresholds at %j", async (amount, thresholds, told) => {
    expect(await status({ amount, period: "all", covers: { model: "gpt-4o" }, thresholds })).toMatchObject(told);
  });

  it("that nothing was spent of is fine", async () => {
    const told = await status({ amount: "1", period: "day", covers: { user: "nobody" } });
    expect(told).toMatchObject({ state: "fine", values: [{ spentNanos: "0", calls: 0, share: 0 }], valueCount: 1 });
  });

  it("shares its statement with those of the same sums and period, and keeps the order", async () => {
    const forms: Omit<BudgetForm, "name">[] = [
      { amount: "1", period: "all", covers: { user: "u7" } },
      { amount: "1", period: "all", covers: { model: "house" } },
      { amount: "1", period: "all", each: "agent" },
      { amount: "1", period: "all", covers: { tag: "day", user: "u9" } },
      { amount: "1", period: "all" },
    ];
    const before = test.statements.length;
    const budgets = forms.map((form, index) => budgetOf({ name: `b${index}`, ...form }));
    const told = await budgetStatus(test.reader, budgets, { now: NOW, limit: 1 });
    expect(test.statements.length - before).toBe(3);
    expect(told.map(({ name, values }) => [name, values[0]?.value, Number(values[0]?.spentNanos) / CENT])).toEqual([
      ["b0", "", 7],
      ["b1", "", 0],
      ["b2", "helper", 100],
      ["b3", "", 9],
      ["b4", "", 100],
    ]);
    expect(test.statements.join("\n")).not.toContain("span_rows");
  });
});

describe("a budget for each value", () => {
  it("shows those that spent most, and counts the others and what names none", async () => {
    const told = await status({ amount: "0.20", period: "hour", each: "user", thresholds: [51] }, 3);
    expect(told.values.map(({ value, state, leftNanos }) => [value, state, Number(leftNanos) / CENT])).toEqual([
      ["u30", "over", -10],
      ["u29", "over", -9],
      ["u28", "over", -8],
    ]);
    // 51 % of 20 cents are 10.2: u11 is the first that reached it.
    expect(told).toMatchObject({ each: "user", state: "over", valueCount: 30, overCount: 11, nearCount: 9 });
    // Of the trace without a user, and of what a sampling SDK counted and did not send.
    expect(told.unnamed).toEqual({ spentNanos: String(12 * CENT), calls: 4, unpricedCalls: 3 });
  });

  it("leaves out what was not sent where it is narrowed to what only traces know", async () => {
    const told = await status({ amount: "1", period: "all", each: "user", covers: { tag: "day" } });
    expect(told.unnamed).toEqual({ spentNanos: String(7 * CENT), calls: 1, unpricedCalls: 1 });
  });

  it("is fine where nobody spent anything", async () => {
    const told = await status({ amount: "1", period: "hour", each: "session", covers: { project: "none" } });
    expect(told).toMatchObject({ state: "fine", values: [], valueCount: 0, overCount: 0, nearCount: 0, unnamed: null });
  });

  it("is not asked with what people wrote in the statement", async () => {
    const name = "'; DROP TABLE spans; --";
    await status({ amount: "1", period: "hour", each: "model", covers: { agent: name } });
    expect(test.statements.at(-1)).not.toContain(name);
  });
});
