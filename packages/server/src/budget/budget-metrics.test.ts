import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Reader, Row } from "../query.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { BudgetFile } from "./budget-file.ts";
import { BudgetMetrics } from "./budget-metrics.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-budget-metrics-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SPENT: Row = { cost_nanos_0: "12500000000", calls_0: "3", unpriced_calls_0: "0" };
const USER: Row = {
  key: "ada",
  cost_nanos_told: "7000000000",
  calls_told: "2",
  unpriced_calls_told: "0",
  keys: 9,
  over_count: 4,
};

it("shows each budget, asks the store once for many scrapes, and keeps what it knew when the store is away", async () => {
  const file = new BudgetFile(join(directory, "telltale.budgets.json"));
  file.put({ name: 'the "day"', amount: "25.00", period: "day" });
  file.put({ name: "users", amount: "5", period: "day", each: "user" });
  const asked: string[] = [];
  let isAway = true;
  const rows = (sql: string): Promise<Row[]> => {
    asked.push(sql);
    if (isAway) return Promise.reject(new Error("the engine is starting"));
    return Promise.resolve([sql.includes("GROUP BY") ? USER : SPENT]);
  };
  const reader: Reader = { rows, bytes: () => Promise.reject(new Error("asked")) };
  const metrics = new Metrics();
  const budgets = new BudgetMetrics(file, reader, metrics);
  await budgets.refresh();
  expect(metrics.text()).not.toContain("telltale_budget_spent_dollars{");
  isAway = false;
  asked.length = 0;
  await Promise.all([budgets.refresh(), budgets.refresh()]);
  await budgets.refresh();
  expect(asked).toHaveLength(2);
  const lines = metrics.text().split("\n");
  for (const line of [
    'telltale_budget_amount_dollars{budget="the \\"day\\""} 25',
    'telltale_budget_amount_dollars{budget="users"} 5',
    'telltale_budget_spent_dollars{budget="the \\"day\\""} 12.5',
    'telltale_budget_spent_dollars{budget="users"} 7',
    'telltale_budget_over{budget="the \\"day\\""} 0',
    'telltale_budget_over{budget="users"} 4',
  ])
    expect(lines).toContain(line);
});
