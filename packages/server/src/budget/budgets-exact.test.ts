import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCustomPrices } from "../price/custom-prices-schema.ts";
import { reprice } from "../price/reprice.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { RUN_MODELS, RUN_START, type Run, RunEngine, runOf, spansOf } from "../query/testing/random-runs.ts";
import { type Budget, BUDGET_PERIODS, type BudgetForm, type BudgetKey, sumsOf } from "./budget.ts";
import type { BudgetStatus } from "./budget-answer.ts";
import { budgetOf, readBudgets } from "./budget-schema.ts";
import { budgetStatus } from "./budget-status.ts";
import { budgetTime } from "./budget-time.ts";

/* What budgets say of kept sums is what the billed spans themselves sum up to, by the last nano-dollar. */

const HOUR = 3_600_000;
let test: TestStore;
let engine: RunEngine;
let runs = 0;

beforeAll(async () => {
  test = await openTestStore();
  engine = new RunEngine(test);
  await engine.open();
}, 60_000);

afterAll(() => test.close());

const VALUES: { readonly [key in Exclude<BudgetKey, "project">]: readonly string[] } = {
  model: RUN_MODELS,
  provider: ["openai", "acme"],
  service: ["shop", "desk"],
  agent: ["helper", "planner"],
  user: ["ada", "bob"],
  session: ["s1", "s2"],
  tag: ["beta", "eu", "night"],
};

/** A billed span as it is stored, with the facts that only its trace's root tells. */
interface Call {
  readonly keys: { readonly [key in BudgetKey]: readonly string[] };
  /** When it began, and when its trace is filed. */
  readonly times: { readonly calls: number; readonly traces: number };
  readonly nanos: bigint | undefined;
  /** Whether that is all of it: what came out was told, too. */
  readonly isWhole: boolean;
}

async function callsOf(all: readonly Run[], project: string, first: number): Promise<readonly Call[]> {
  const rows = await test.reader.rows(
    `SELECT trace_id, toUnixTimestamp(start_time) AS began, provider, model, service_name, agent_name,
      toString(cost_nanos) AS nanos, output_tokens IS NOT NULL AS ended
    FROM (
      SELECT *, if(response_model = '', request_model, response_model) AS model FROM telltale_data.span_rows
      WHERE project = {project:String} AND billing = 'billed' AND row NOT IN (SELECT row FROM telltale_data.superseded)
    )`,
    { project },
  );
  return rows.map((row): Call => {
    const run = all[Number.parseInt(String(row["trace_id"]), 16) - 1 - first]!;
    // Filed by the first span to arrive, and never filed anew.
    const filed = run.hour + (run.isLate ? (run.calls[0]?.hour ?? 0) : 0);
    const texts = (column: string): string[] => [String(row[column])];
    return {
      keys: {
        project: [project],
        model: texts("model"),
        provider: texts("provider"),
        service: texts("service_name"),
        agent: texts("agent_name"),
        user: [run.user],
        session: [run.session],
        tag: run.tags.length === 0 ? [""] : run.tags,
      },
      times: { calls: Number(row["began"]) * 1000, traces: RUN_START + filed * HOUR },
      nanos: row["nanos"] === null ? undefined : BigInt(String(row["nanos"])),
      isWhole: row["nanos"] !== null && Number(row["ended"]) === 1,
    };
  });
}

/** Sums by value: nano-dollars, calls, calls whose cost is not wholly known. */
function sumUp(budget: Budget, calls: readonly Call[], now: number): Map<string, [string, number, number]> {
  const time = budgetTime(budget.period, now);
  const sums = new Map<string, { nanos: bigint; calls: number; unpriced: number }>();
  for (const call of calls) {
    const at = call.times[sumsOf(budget)];
    if (time && (at < time.from || at >= time.to)) continue;
    if (!budget.covers.every(([key, value]) => call.keys[key].includes(value))) continue;
    for (const value of budget.each ? call.keys[budget.each] : [""]) {
      const sum = sums.get(value) ?? { nanos: 0n, calls: 0, unpriced: 0 };
      sums.set(value, sum);
      sum.calls++;
      sum.nanos += call.nanos ?? 0n;
      if (!call.isWhole) sum.unpriced++;
    }
  }
  return new Map([...sums].map(([value, { nanos, calls: count, unpriced }]) => [value, [`${nanos}`, count, unpriced]]));
}

function toldBy({ values, unnamed, each }: BudgetStatus): Map<string, [string, number, number]> {
  const told = new Map<string, [string, number, number]>();
  for (const { value, spentNanos, calls, unpricedCalls } of values)
    if (each !== null || calls > 0) told.set(value, [spentNanos, calls, unpricedCalls]);
  if (unnamed) told.set("", [unnamed.spentNanos, unnamed.calls, unnamed.unpricedCalls]);
  return told;
}

/** Any budgets that can be had: of the keys of calls, or of those of whole traces. */
const budgetsOf: fc.Arbitrary<readonly object[]> = fc.array(
  fc
    .constantFrom(["model", "provider", "service", "agent"] as const, ["user", "session", "tag"] as const)
    .chain((keys) =>
      fc.record({
        amount: fc.integer({ min: 1, max: 5000 }).map((thousandths) => (thousandths / 1000).toFixed(3)),
        period: fc.constantFrom(...BUDGET_PERIODS),
        each: fc.constantFrom(undefined, ...keys),
        covers: fc.record(Object.fromEntries(keys.map((key) => [key, fc.constantFrom(...VALUES[key])])), {
          requiredKeys: [],
        }),
      }),
    ),
  { minLength: 1, maxLength: 8 },
);

function formsOf(any: readonly object[], project: string): BudgetForm[] {
  const forms = any.flatMap((form, index) => {
    const covers = { ...("covers" in form ? (form.covers as object) : {}), project };
    const read = readBudgets({ budgets: [{ ...form, name: `b${index}`, covers }] });
    return read.content ?? [];
  });
  // Some for each kind of sums and each key, so that no run goes without them.
  const fixed = (["hour", "day", "month"] as const).flatMap((period) =>
    (["model", "user", "session", "tag", undefined] as const).map((each) => ({
      name: `${period} ${each ?? ""}`.trim(),
      amount: "1",
      period,
      covers: { project },
      each,
    })),
  );
  return [...forms, ...fixed];
}

describe("budgets", () => {
  it("say what the billed spans sum up to, whatever came late, and when all is priced anew", async () => {
    const check = async (all: readonly Run[], any: readonly object[], later: number, factor: string): Promise<void> => {
      const project = `p${++runs}`;
      const first = runs * 1000;
      const spans = all.map((run, index) => spansOf(run, first + index));
      const budgets = formsOf(any, project).map(budgetOf);
      const now = RUN_START + (all[0]!.hour + later) * HOUR;
      const expectTruth = async (): Promise<bigint> => {
        const calls = await callsOf(all, project, first);
        const told = await budgetStatus(test.reader, budgets, { now, limit: 100 });
        expect(told.map(({ name }) => name)).toEqual(budgets.map(({ name }) => name));
        for (const [index, status] of told.entries())
          expect([budgets[index], toldBy(status)]).toEqual([budgets[index], sumUp(budgets[index]!, calls, now)]);
        return calls.reduce((sum, { nanos = 0n }) => sum + nanos, 0n);
      };
      await engine.send(
        spans.flatMap(({ root, calls }, index) => (all[index]!.isLate ? calls : [root, ...calls])),
        project,
      );
      await engine.send(
        spans.flatMap(({ root }, index) => (all[index]!.isLate ? [root] : [])),
        project,
      );
      const before = await expectTruth();
      await priceAnew(project, factor);
      const after = await expectTruth();
      if (before > 0n) expect(after).not.toBe(before);
    };
    const factors = fc.constantFrom("0.5", "2", "0.123");
    const hours = fc.integer({ min: -1, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(runOf, { minLength: 1, maxLength: 6 }), budgetsOf, hours, factors, check),
      { numRuns: 12 },
    );
  }, 120_000);
});

/** All calls of a project at a factor on the catalogue, as `telltale reprice --apply` does it. */
async function priceAnew(project: string, factor: string): Promise<void> {
  const read = readCustomPrices({ prices: [{ name: "contract", factor }] }, "test.json");
  const journal = {
    append: async (entry: Parameters<RunEngine["work"]>[0]) => {
      await engine.work(entry);
      return { segment: 1, offset: 1 };
    },
  };
  const request = { from: RUN_START - HOUR, project, apply: true, prices: read.content };
  await reprice(request, { reader: test.reader, journal, reached: () => Promise.resolve(true) });
}
